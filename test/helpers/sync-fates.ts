import type {DemoLibrary} from '../../source/demo/library/library.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import type {DemoServer} from '../../source/demo/server.js';

type World = {
	server: DemoServer;
	library: DemoLibrary;
	changeRow: (ratingKey: string, change: (row: PlexRow) => void) => void;
	pickRow: (sectionKey: string, type: number, pick: number) => PlexRow | undefined;
	copyTo: (sectionKey: string, type: number, row: PlexRow) => string;
	nextNumber: () => number;
};

/**
What happens to who is who: keys that change hands, libraries and servers that are made anew.
*/
export const createFates = ({server, library, changeRow, pickRow, copyTo, nextNumber}: World) => {
	let classicsKey = '3';
	const swapped = new Set<string>();
	let latestSwap: string | undefined;

	/**
	Both keys get the content of the other one, as after a restored database.
	*/
	const swapRows = (left: PlexRow, right: PlexRow) => {
		latestSwap = right.ratingKey;
		for (const [to, from] of [[left, right], [right, left]] as const) {
			const content = structuredClone(from);
			changeRow(to.ratingKey, row => {
				const {ratingKey, key, librarySectionID, librarySectionKey, librarySectionTitle} = row;
				for (const name of Object.keys(row)) {
					Reflect.deleteProperty(row, name);
				}

				Object.assign(row, structuredClone(content), {
					ratingKey, key, librarySectionID, librarySectionKey, librarySectionTitle,
				});
			});
		}
	};

	const pickTwo = (sectionKey: string, type: number, pick: number): [PlexRow, PlexRow] | undefined => {
		const [left, right] = [pickRow(sectionKey, type, pick), pickRow(sectionKey, type, pick + 7)];
		return left === undefined || right === undefined || left.ratingKey === right.ratingKey ? undefined : [left, right];
	};

	/**
	Several rows may play one file, and then they would not be told apart by it.
	*/
	const playsAlone = (row: PlexRow) => {
		const files = new Set(filesOf(row));
		const total = library.total('1', 1);
		const rows = library.page('1', 1, {start: 0, size: total}) as PlexRow[];
		return files.size > 0 && rows.filter(other => filesOf(other).some(file => files.has(file))).length === 1;
	};

	const deeds = {
		swapMovies(pick: number) {
			const two = pickTwo('1', 1, pick);
			if (two?.every(row => playsAlone(row)) === true) {
				swapRows(...two);
			}
		},
		/**
		The episodes keep their keys and files, and find their show under its new key.
		*/
		swapShows(pick: number) {
			const two = pickTwo('2', 2, pick);
			if (two === undefined || two.some(({ratingKey}) => swapped.has(ratingKey))) {
				return;
			}

			swapRows(...two);
			for (const [from, to] of [two, two.toReversed()] as Array<[PlexRow, PlexRow]>) {
				swapped.add(from.ratingKey);
				const {seasons, episodes} = library.children(from.ratingKey);
				for (const season of seasons) {
					changeRow(season, row => {
						row.parentRatingKey = to.ratingKey;
						row.parentKey = `/library/metadata/${to.ratingKey}`;
					});
				}

				for (const episode of episodes) {
					changeRow(episode, row => {
						row.grandparentRatingKey = to.ratingKey;
						row.grandparentKey = `/library/metadata/${to.ratingKey}`;
					});
				}
			}
		},
		remake() {
			const number = nextNumber();
			const key = String(number);
			library.remakeSection(classicsKey, {key, uuid: `made-anew-${number}`, firstKey: number * 100});
			classicsKey = key;
		},
		newIdentity() {
			server.setMachineIdentifier(`server-${nextNumber()}`);
		},
		split(pick: number) {
			const row = pickRow('1', 1, pick);
			const [first, ...others] = row?.Media ?? [];
			if (row === undefined || first === undefined || others.length === 0) {
				return;
			}

			library.removeItem(row.ratingKey);
			copyTo('1', 1, {...row, Media: [first]});
			copyTo('1', 1, {...row, Media: others});
		},
		merge(pick: number) {
			const two = pickTwo('1', 1, pick);
			if (two === undefined) {
				return;
			}

			const [kept, gone] = two;
			const more = structuredClone(gone.Media ?? []);
			library.removeItem(gone.ratingKey);
			changeRow(kept.ratingKey, row => {
				row.Media = [...row.Media ?? [], ...structuredClone(more)];
			});
		},
		/**
		The film is in two libraries with one folder.
		*/
		share(pick: number) {
			const row = pickRow('1', 1, pick);
			if (row !== undefined) {
				copyTo(classicsKey, 1, row);
			}
		},
		trash(pick: number) {
			const row = pickRow('1', 1, pick);
			if (row === undefined) {
				return;
			}

			const isBack = row.deletedAt !== undefined;
			changeRow(row.ratingKey, changed => {
				if (isBack) {
					delete changed.deletedAt;
				} else {
					changed.deletedAt = 1_750_000_000;
				}
			});
		},
	};
	return {
		deeds,
		isFate: (action: string): action is keyof typeof deeds => Object.hasOwn(deeds, action),
		classicsKey: () => classicsKey,
		/**
		One of the two keys that were swapped since the last call, if any were.
		*/
		takeSwap(): string | undefined {
			const taken = latestSwap;
			latestSwap = undefined;
			return taken;
		},
		isSwapped: (ratingKey: string) => swapped.has(ratingKey),
	};
};

const filesOf = ({Media}: PlexRow) => (Media ?? []).flatMap(({Part}) => (Part ?? []).map(({file}) => file));
