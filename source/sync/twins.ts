import {pushAll} from '../base/push-all.js';
import {defined, instantOf} from '../catalog/values.js';
import type {Item} from '../catalog/types.js';
import {sharedNames, type Elsewhere} from './knowledge.js';
import type {LibraryWork} from './library-work.js';
import {likeness} from './likeness.js';
import {fetchAllDetails, sectionKeyOf} from './listing.js';
import type {Wanted} from './row-comparison.js';
import type {Newcomer, Stage} from './stage.js';

type TwinsOptions = {
	stage: Stage;
	/**
	Ids of items that are known to be lost, or to be still there. Those that are asked after are added.
	*/
	settled: Set<string>;
	lose: (item: Item) => Promise<void>;
};

/**
Finds the stored items that newcomers may be although no listing says that they are gone: those of other libraries, and those of the same library that were not read in this run.
*/
export const createTwins = ({plex, knowledge, normalize, library, plan, now, signal}: LibraryWork, {stage, settled, lose}: TwinsOptions) => {
	// Whether every item of the library is compared in this run.
	let isWhole = plan.ratingKeys === undefined;
	let elsewhere: Elsewhere | undefined;
	const openElsewhere = () => {
		elsewhere ??= knowledge.elsewhere({
			serverId: library.serverId,
			libraryId: library.id,
			isWithOwn: !isWhole,
			...(library.sync === undefined && {lookedAtBefore: instantOf(now)}),
		});
		return elsewhere;
	};

	const doubtful = createDoubtful(stage.item);
	const unread = new Map<string, Item>();

	const twinsOf = async (item: Item) => new Set([...await openElsewhere().twinsOf(item), ...await doubtful.twinsOf(item)]);

	/**
	The parents of the row may have other ids in the catalogue, so they count as the same.
	*/
	const isOther = (item: Item, row: unknown) => {
		const fresh = normalize(row, {serverId: library.serverId, libraryId: item.libraryId, now});
		const {showId, seasonId} = item;
		return fresh.ok && likeness(item, {...fresh.value.item, ...defined({showId, seasonId})}) === 'other';
	};

	return {
		byKey: async (ratingKey: string): Promise<string | undefined> => openElsewhere().byKey(ratingKey),
		/**
		Nobody knows whether the items of the library with these ids are still there under their keys.
		*/
		doubt: doubtful.add,
		/**
		Only what has moved was listed. Must be called before the first `meet`.
		*/
		seeOnlyPart(): void {
			isWhole = false;
		},
		/**
		The twins of which the server could not say what their keys stand for, by id.
		*/
		unread: unread as ReadonlyMap<string, Item>,
		/**
		Whether this may be an item of the same library of which nobody has read yet what its key stands for.
		*/
		async isSuspect({fresh}: Newcomer): Promise<boolean> {
			const twins = await doubtful.twinsOf(fresh.item);
			return !isWhole || twins.length > 0;
		},
		/**
		Asks after the twins of newcomers. Those whose key the server does not know any more, or whose key belongs to something else, are lost. `isRead` says whether the row of a ratingKey was read in this run. Call it once for each newcomer.

		@returns the rows of this library whose key belongs to something else; they must be staged as well
		@throws AppError when the server as a whole fails
		*/
		async meet(newcomers: readonly Newcomer[], isRead: (ratingKey: string) => boolean): Promise<Wanted[]> {
			const twins = new Map<string, Item>();
			for (const {fresh} of newcomers) {
				for (const id of await twinsOf(fresh.item)) {
					const item = settled.has(id) ? undefined : await stage.item(id);
					if (item?.ratingKey !== undefined && !(item.libraryId === library.id && isRead(item.ratingKey))) {
						twins.set(item.ratingKey, item);
					}
				}
			}

			const others: Wanted[] = [];
			const {rows, lost} = await fetchAllDetails(plex, twins.keys().toArray(), signal);
			for (const [ratingKey, item] of twins) {
				const row = rows.get(ratingKey);
				settled.add(item.id);
				if (lost.has(ratingKey)) {
					// If we cannot tell, it is still there.
					unread.set(item.id, item);
				} else if (row === undefined) {
					await lose(item);
				} else if (isOther(item, row)) {
					const isOwn = item.libraryId === library.id && [undefined, library.key].includes(sectionKeyOf(row));
					if (isOwn) {
						others.push({
							ratingKey, title: item.title, fingerprints: undefined, itemType: undefined, row,
						});
					} else {
						await lose(item);
					}
				}
			}

			return others;
		},
	};
};

/**
Finds the stored items of the same library that share a name with an item, among those that may be something else by now.
*/
const createDoubtful = (itemOf: (id: string) => Promise<Item | undefined>) => {
	const byName = new Map<string, string[]>();
	const waiting: string[] = [];

	const readAll = async () => {
		for (const id of waiting.splice(0)) {
			const item = await itemOf(id);
			for (const name of item === undefined ? [] : sharedNames(item)) {
				byName.set(name, [...byName.get(name) ?? [], id]);
			}
		}
	};

	return {
		add(ids: readonly string[]): void {
			pushAll(waiting, ids);
		},
		async twinsOf(item: Item): Promise<string[]> {
			await readAll();
			return sharedNames(item).flatMap(name => byName.get(name) ?? []);
		},
	};
};
