import {isDeepStrictEqual} from 'node:util';
import fc from 'fast-check';
import {stateBefore} from '../../source/history/replay.js';
import type {DemoFault} from '../../source/demo/knobs/faults.js';
import type {DemoLibrary} from '../../source/demo/library/library.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {checkHistory} from '../../source/store/check-history.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {ImportResult} from '../../source/sync/events.js';
import {acceptRemovals} from '../../source/sync/accept.js';
import {importLibraries, syncLibraries, touchLibraries} from '../../source/sync/sync.js';
import type {Knowledge} from '../../source/sync/knowledge.js';
import {joinCatalog, type Joined} from '../../source/app/join-catalog.js';
import type {Session} from '../../source/app/session.js';
import {AppError} from '../../source/base/errors.js';
import {createLivingKnowledge} from '../../source/sync/living-knowledge.js';
import {
	contentOf,
	expectSame,
	expectWhole,
	withoutOwnNotes,
	historyOf,
} from './catalog-content.js';
import {visible} from './histories.js';
import {createFates} from './sync-fates.js';

const fateNames = ['swapMovies', 'swapShows', 'remake', 'newIdentity', 'split', 'merge', 'share', 'trash', 'guest', 'breakRow'] as const;
const actions = ['add', 'edit', 'delete', 'rekey', 'move', 'replace', 'watch', 'unwatch', 'rename', 'rematch', 'deleteShow', 'deleteEpisode', 'unlist', 'unplug', 'replug', ...fateNames] as const;

export type ModelStep = {
	action: typeof actions[number];
	/**
	Picks the item that the action happens to.
	*/
	pick: number;
	/**
	What goes wrong in the next sync, if anything; a clean sync follows.
	*/
	fault: DemoFault | undefined;
	/**
	What follows is an import, not a sync.
	*/
	isImported: boolean;
	/**
	No clean sync follows; the next thing happens before anybody could read everything.
	*/
	isHasty: boolean;
};

const faults = fc.oneof(
	{weight: 4, arbitrary: fc.constant(undefined)},
	{
		weight: 1,
		arbitrary: fc.tuple(fc.nat({max: 12}), fc.constantFrom('cut', 'truncatedJson', 'html200', 'reset'))
			.map(([after, kind]): DemoFault => ({kind, after, times: 1})),
	},
	{
		weight: 1, arbitrary: fc.nat({max: 12}).map((after): DemoFault => ({
			kind: 'status', status: 503, after, times: 2,
		})),
	},
	{weight: 1, arbitrary: fc.constant<DemoFault>({kind: 'shortPages', rows: 7})},
	{weight: 1, arbitrary: fc.constant<DemoFault>({kind: 'wrongTotal', delta: 2})},
	{
		weight: 2, arbitrary: fc.uniqueArray(fc.integer({min: 1_000_001, max: 1_000_060}), {minLength: 1, maxLength: 4})
			.map((keys): DemoFault => ({kind: 'brokenRows', ratingKeys: keys.map(String)})),
	},
);

export const modelSteps = (maxLength: number): fc.Arbitrary<ModelStep[]> => fc.array(fc.record({
	action: fc.constantFrom(...actions), pick: fc.nat({max: 10_000}), fault: faults, isImported: fc.boolean(), isHasty: fc.boolean(),
}), {minLength: 1, maxLength});

const sectionTitles = new Set(['Films', 'Series', 'Classics']);

export type ModelOptions = {
	isTouched?: boolean;
	/**
	The store that the steps are played on, which is empty and which the caller closes; one in memory by default.
	*/
	openStore?: () => Promise<CatalogStore>;
};

/**
Plays the steps on a server, one after the other, and syncs after each. With `isTouched`, the items that the server would report are touched first, and the knowledge of the catalogue is kept from run to run.

@throws when the catalogue differs from a fresh import, or its history does not lead back to every earlier state.
*/
export const playModel = async (steps: readonly ModelStep[], {isTouched = false, openStore = async () => createMemoryStore()}: ModelOptions = {}): Promise<void> => {
	const server = await startDemoServer({movies: 0, shows: 0});
	const world = createWorld(server);
	try {
		const store = await openStore();
		await store.load();
		const knowledge = isTouched ? createLivingKnowledge(store) : undefined;
		const states: Array<{at: string; seen: string}> = [];
		const remember = async () => {
			const {items, files} = await contentOf(store);
			states.push({at: world.now(), seen: visible({items, files})});
		};

		await world.sync(store, knowledge);
		await remember();
		let before = await placesOf(store);
		for (const [index, step] of steps.entries()) {
			world.act(step);
			if (step.action === 'guest') {
				await world.lookAsGuest(store, knowledge);
				await expectWhole(store);
				expectKept(before, await placesOf(store));
				await remember();
			}

			if (knowledge !== undefined) {
				await world.touch(store, knowledge);
				await expectWhole(store);
				await remember();
			}

			if (step.fault !== undefined || step.action === 'breakRow') {
				server.setFaults(world.faultsOf(step));
				await world.sync(store, knowledge, step).catch((error: unknown) => {
					if (!(error instanceof Error && error.name === 'AppError')) {
						throw error;
					}
				});
				server.setFaults([]);
				world.repair();
				await expectWhole(store);
				await remember();
				if (step.isHasty && index < steps.length - 1) {
					continue;
				}
			}

			const result = await world.sync(store, knowledge, step);
			if (!result.ok) {
				throw new Error(`A sync without faults had problems: ${JSON.stringify(result.errors)}`);
			}

			await acceptRemovals(store, store.header().libraries, {now: () => new Date(world.now())});
			await expectWhole(store);
			await expectSame(store, await world.fresh(store));
			const after = await placesOf(store);
			expectKept(before, after);
			before = after;
			await remember();
		}

		await expectReplay(store, states);
		const {problems} = await checkHistory(store);
		if (problems.length > 0) {
			throw new Error(`The history is not in order: ${problems.slice(0, 3).join(' ')}`);
		}
	} finally {
		world.close();
		await server.close();
	}
};

/**
The id of each item by what it is, where that is unique: guid, edition, place and files.
*/
const placesOf = async (store: CatalogStore): Promise<Map<string, string>> => {
	const {items, files} = await contentOf(store);
	const places = new Map<string, string>();
	const twice = new Set<string>();
	for (const {id, type, guid, editionTitle, showId, seasonNumber, episodeNumber, libraryId, versions} of items.values()) {
		const paths = versions.flatMap(({parts}) => parts.map(({fileId}) => files.get(fileId)?.path ?? '')).toSorted((left, right) => left.localeCompare(right));
		const place = JSON.stringify([libraryId, type, guid, items.get(showId ?? '')?.guid, editionTitle, seasonNumber, episodeNumber, paths]);
		if (places.has(place)) {
			twice.add(place);
		}

		places.set(place, id);
	}

	for (const place of twice) {
		places.delete(place);
	}

	return places;
};

/**
@throws when something that is still there got another id
*/
const expectKept = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>) => {
	for (const [place, id] of before) {
		const today = now.get(place) ?? id;
		if (today !== id) {
			throw new Error(`${place} was ${id} and is ${today}.`);
		}
	}
};

/**
Undoing the history must lead from the current catalogue to the catalogue at every earlier moment.
*/
const expectReplay = async (store: CatalogStore, states: ReadonlyArray<{at: string; seen: string}>) => {
	const events = await historyOf(store);

	const {items, files} = await contentOf(store);
	for (const [index, {at, seen}] of states.entries()) {
		const after = states[index + 1]?.at;
		if (after === undefined) {
			continue;
		}

		const then = stateBefore(items.values(), files.values(), events.toReversed(), after);
		const shown = visible({...then, items: new Map(then.items.values().map(item => [item.id, withoutOwnNotes(item)]))});

		if (shown !== seen) {
			throw new Error(`The history does not lead back to ${at}: ${firstDifference(JSON.parse(shown) as unknown[], JSON.parse(seen) as unknown[])}`);
		}
	}
};

const firstDifference = (is: readonly unknown[], should: readonly unknown[]) => {
	const wrong = is.findIndex((item, index) => !isDeepStrictEqual(item, should[index]));
	return `${is.length} items instead of ${should.length};\n${JSON.stringify(is[wrong])}\n${JSON.stringify(should[wrong])}`;
};

const partsOf = ({Media}: PlexRow) => Media?.flatMap(({Part}) => Part ?? []) ?? [];

const createWorld = (server: DemoServer) => {
	const spoken = new Set<string>();
	const library = listenTo(server.library, key => {
		spoken.add(key);
	});
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'model', version: '1.0.0', retry: {limit: 0}, timeouts: {responseMs: 2000, readMs: 2000},
	});
	let nowMs = Date.parse('2026-01-01T00:00:00Z');
	let nextKey = 700_000;
	const changes = createChanges(library);
	const broken: string[] = [];
	const ignored = new AbortController().signal;

	/**
	The server as the catalogue knows it. Its old self is never there any more.
	*/
	const join = async (store: CatalogStore, viewer: string) => joinCatalog({
		async identify() {
			throw new AppError('unreachable', 'Nobody is there.');
		},
		usableCredentials: async () => ({server: () => undefined}) as unknown as Awaited<ReturnType<Session['credentials']>>,
	}, {
		plex, server: {...await plex.identity(), name: 'Demo'}, isDemo: true, viewer, openPush: () => ({close() {/* nothing is open */}}), async play() {/* nobody watches */}, close() {/* the world closes it */},
	}, {
		catalog: {header: store.header, writer: store, async load() {/* loaded */}}, signal: ignored, say() {/* nobody listens */},
	});

	const targets = async (joined: Joined) => {
		const sections = await joined.plex.sections();
		return sections.filter(({title}) => sectionTitles.has(title.trim()));
	};

	const pickRow = (sectionKey: string, type: number, pick: number): PlexRow | undefined => {
		const total = library.total(sectionKey, type);
		const [row] = total === 0 ? [] : library.page(sectionKey, type, {start: pick % total, size: 1}) as PlexRow[];
		return row === undefined ? undefined : library.row(row.ratingKey);
	};

	const movieRows = () => ['1', fates.classicsKey()].flatMap(section => {
		const rows = library.page(section, 1, {start: 0, size: library.total(section, 1)}) as PlexRow[];
		return rows.map(({ratingKey}): [string, PlexRow] => [ratingKey, library.row(ratingKey)!]);
	});

	const copyTo = (sectionKey: string, type: number, row: PlexRow) => {
		const key = String(nextKey++);
		library.addItem(sectionKey, type, {...structuredClone(row), ratingKey: key, key: `/library/metadata/${key}`});
		return key;
	};

	const fates = createFates({
		server, library, changeRow: changes.add, pickRow, copyTo, nextNumber: () => nextKey++,
	});

	const sync = async (store: CatalogStore, knowledge: Knowledge | undefined, {isImported = false, viewer = 'owner'}: {isImported?: boolean | undefined; viewer?: string}): Promise<ImportResult> => {
		// There is a moment between any two syncs at which the history can be read.
		nowMs += 60_000;
		const joined = await join(store, viewer);
		const sections = await targets(joined);
		const options = {
			plex: joined.plex,
			server: joined.server,
			viewer,
			store,
			normalize,
			report() {/* nobody listens */},
			signal: ignored,
			now: () => new Date(nowMs),
			...knowledge !== undefined && {knowledge},
		};
		return isImported
			? importLibraries({...options, targets: sections.map(section => ({section}))})
			: syncLibraries({
				...options, sections, isEverything: false, async load() {/* loaded */},
			});
	};

	return {
		now: () => new Date(nowMs).toISOString().replace('.000Z', 'Z'),
		close() {
			plex.close();
		},
		sync: async (store: CatalogStore, knowledge: Knowledge | undefined, step?: ModelStep) => sync(store, knowledge, {isImported: step?.isImported}),
		/**
		Another user looks, who does not see some films. Nothing may go.
		*/
		async lookAsGuest(store: CatalogStore, knowledge: Knowledge | undefined) {
			await sync(store, knowledge, {viewer: 'guest'});
			library.unhide();
		},
		/**
		Where rows are broken, one of two that were swapped is, too: then it takes a second look to tell who is who.
		*/
		faultsOf({fault}: ModelStep): DemoFault[] {
			const half = fates.takeSwap();
			return half !== undefined && fault?.kind === 'brokenRows' ? [{...fault, ratingKeys: [...fault.ratingKeys, half]}] : [fault].filter(one => one !== undefined);
		},
		repair() {
			for (const ratingKey of broken.splice(0)) {
				library.repairItem(ratingKey);
			}
		},
		async touch(store: CatalogStore, knowledge: Knowledge) {
			nowMs += 60_000;
			const ratingKeys = [...spoken];
			spoken.clear();
			const joined = await join(store, 'owner');
			await touchLibraries({
				plex: joined.plex,
				server: joined.server,
				viewer: 'owner',
				store,
				normalize,
				knowledge,
				// This is the hardest case: the server does not say in which library the item was.
				touched: store.header().libraries.map(({id}) => ({libraryId: id, ratingKeys})),
				report() {/* nobody listens */},
				signal: ignored,
				now: () => new Date(nowMs),
			});
		},
		/**
		A first import, with the ids that the catalogue has for server and libraries.
		*/
		async fresh(known: CatalogStore): Promise<CatalogStore> {
			const store = createMemoryStore();
			await store.load();
			const joined = await join(known, 'owner');
			const sections = await targets(joined);
			await importLibraries({
				plex: joined.plex,
				server: joined.server,
				viewer: 'owner',
				store,
				normalize,
				targets: sections.map(section => ({section})),
				report() {/* nobody listens */},
				signal: ignored,
			});
			return store;
		},
		act({action, pick}: ModelStep) {
			const movie = pickRow('1', 1, pick);
			if (action === 'deleteShow' || action === 'deleteEpisode') {
				const row = pickRow('2', action === 'deleteShow' ? 2 : 4, pick);
				if (row !== undefined && !fates.isSwapped(row.ratingKey)) {
					library.removeItem(row.ratingKey);
				}

				return;
			}

			if (fates.isFate(action)) {
				fates.deeds[action](pick);
				return;
			}

			if (action === 'unplug' || action === 'replug') {
				library[action]('1', '/srv/films/');
				return;
			}

			if (movie === undefined) {
				return;
			}

			const {ratingKey} = movie;
			const updatedAt = 1_750_000_000 + nextKey++;

			const deeds: Record<Exclude<ModelStep['action'], keyof typeof fates.deeds | 'deleteShow' | 'deleteEpisode' | 'unplug' | 'replug'>, () => void> = {
				add() {
					const [media] = movie.Media ?? [];
					const part = media?.Part?.[0];
					const number = nextKey;
					copyTo('1', 1, {
						...movie,
						title: `Newcomer ${number}`,
						guid: `plex://movie/new${number}`,
						Guid: [{id: `imdb://tt${number}`}],
						...(media && part && {Media: [{...media, id: number * 10, Part: [{...part, id: number * 10, file: `/srv/films/new-${number}.mkv`}]}]}),
					});
				},
				edit() {
					const number = nextKey++;
					changes.add(ratingKey, row => {
						row.title += ` ${number}`;
						row.updatedAt = updatedAt;
					});
				},
				delete() {
					library.removeItem(ratingKey);
				},
				rekey() {
					library.removeItem(ratingKey);
					copyTo('1', 1, movie);
				},
				move() {
					library.removeItem(ratingKey);
					copyTo(fates.classicsKey(), 1, movie);
				},
				replace() {
					const number = nextKey++;
					const files = new Set(partsOf(movie).map(({file}) => file));
					// Two items may share a file, so replace it for both.
					for (const [key, row] of movieRows()) {
						if (partsOf(row).some(({file}) => files.has(file))) {
							changes.add(key, replaced => {
								for (const part of partsOf(replaced)) {
									if (!files.has(part.file)) {
										continue;
									}

									part.id += number;
									part.size = number * 1000;
								}
							});
						}
					}
				},
				watch() {
					const count = nextKey++ % 7;
					changes.add(ratingKey, row => {
						row.viewCount = count + 1;
						row.lastViewedAt = 1_750_000_000 + count;
					});
				},
				unwatch() {
					changes.add(ratingKey, row => {
						delete row.viewCount;
						delete row.lastViewedAt;
					});
				},
				rename() {
					const number = nextKey++;
					changes.add(ratingKey, row => {
						const part = row.Media?.[0]?.Part?.[0];
						if (part !== undefined) {
							part.file = `/srv/films/renamed-${number}.mkv`;
						}
					});
				},
				rematch() {
					const number = nextKey++;
					changes.add(ratingKey, row => {
						row.guid = `plex://movie/other${number}`;
						row.Guid = [{id: `imdb://tt8${number}`}];
						row.updatedAt = updatedAt;
					});
				},
				guest() {
					library.hide([ratingKey]);
				},
				breakRow() {
					broken.push(ratingKey);
					library.breakItem(ratingKey);
					changes.add(ratingKey, row => {
						row.updatedAt = updatedAt;
					});
				},
				unlist() {
					// Only the change stamp of the section differs.
					library.changeSection('1', {contentChangedAt: String(nextKey++)});
				},
			};
			deeds[action]();
		},
	};
};

const listenTo = (library: DemoLibrary, speak: (ratingKey: string) => void): DemoLibrary => ({
	...library,
	addItem(sectionKey, type, row) {
		library.addItem(sectionKey, type, row);
		speak(row.ratingKey);
	},
	changeItem(ratingKey, change, options) {
		library.changeItem(ratingKey, change, options);
		speak(ratingKey);
	},
	removeItem(ratingKey) {
		library.removeItem(ratingKey);
		speak(ratingKey);
	},
});

/**
Applies the changes of a row one after the other, because the library itself keeps only the last one.
*/
const createChanges = (library: DemoLibrary) => {
	const byRow = new Map<string, Array<(row: PlexRow) => void>>();
	return {
		add(ratingKey: string, change: (row: PlexRow) => void) {
			const all = [...byRow.get(ratingKey) ?? [], change];
			byRow.set(ratingKey, all);
			library.changeItem(ratingKey, row => {
				for (const one of all) {
					one(row);
				}
			});
		},
	};
};
