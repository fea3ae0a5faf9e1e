import test from 'ava';
import fc from 'fast-check';
import type {Item} from '../../source/catalog/types.js';
import {fillIndex} from '../../source/app/index-loader.js';
import {pastMatcher} from '../../source/history/past-matches.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {isQueryError} from '../../source/query/language/query-error.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {
	changed,
	mediaFile,
	removed,
	version,
} from '../helpers/events.js';
import {loadReport} from '../../source/reports/registry.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary, records} from '../query/_items.js';
import {commit, pastStore, tombstone} from './_past.js';

const rows = async (store: CatalogStore, ...args: string[]) => {
	const {stdout} = await runCommand(store, ['diff', '--since', '2024-04-01', '--json', ...args]);
	const {libraries} = JSON.parse(stdout) as {libraries: Array<{changes: Array<{kind: string; title: string}>}>};
	return libraries.flatMap(({changes}) => changes.map(({kind, title}) => `${kind} ${title}`));
};

test('diff with a query tells the changes of what it finds, and what is gone is taken as it was', async t => {
	const store = await pastStore();
	t.deepEqual(await rows(store, 'res:4k'), ['upgraded Alien', 'watched Alien']);
	t.deepEqual(await rows(store, 'brazil year:1985'), ['removed Brazil']);
	t.deepEqual(await rows(store, 'res:1080p'), ['removed Brazil']);
	t.deepEqual(await rows(store, 'year:>1980 -cube'), ['removed Brazil']);
	t.deepEqual(await rows(store, '--kind', 'removed,added', 'year:>1980'), ['added Cube', 'removed Brazil']);
	t.deepEqual(await rows(store, 'path:brazil'), ['removed Brazil']);
	t.deepEqual(await rows(store, 'imdb:tt0088846'), ['removed Brazil']);
	t.deepEqual(await rows(store, 'size:>5GB'), ['upgraded Alien', 'removed Brazil', 'watched Alien']);
	t.deepEqual(await rows(store, 'zardoz'), []);
	t.deepEqual(await rows(store, 'sort:title limit:1 res:4k'), ['upgraded Alien', 'watched Alien']);
});

test('with --until the items are taken as they were then', async t => {
	const store = await pastStore();
	t.deepEqual(await rows(store, '--until', '2024-05-04', 'watched:no'), ['added Cube', 'upgraded Alien']);
	t.deepEqual(await rows(store, 'watched:no'), ['added Cube', 'removed Brazil']);
	t.deepEqual(await rows(store, '--until', '2024-05-03', 'res:1080p'), []);
	t.deepEqual(await rows(store, '--until', '2024-05-04', 'path:alien-4k'), ['upgraded Alien']);
	t.deepEqual(await rows(store, '--until', '2024-05-03', 'path:alien-4k'), []);
});

test('a wrong query of diff and lost is an error at its place', async t => {
	for (const command of ['diff', 'lost']) {
		const error: unknown = await t.throwsAsync(runCommand(await pastStore(), [command, 'alien', 'gener:x']), {code: 'usage'});
		t.deepEqual(isQueryError(error) ? error.span : undefined, {start: 6, end: 11}, `of ${command}`);
	}
});

const episode = (number: number, fields: Partial<Item> = {}) => makeItem(`e${number}`, {
	type: 'episode', libraryId: 'shows', showId: 'show', seasonId: 'season', seasonNumber: 1, episodeNumber: number, title: `Part ${number}`, versions: [version(number === 1 ? '4k' : '1080', `fe${number}`)], ...fields,
});
const show = makeItem('show', {
	type: 'show', libraryId: 'shows', title: 'Dark', genres: ['tg'],
});
const season = makeItem('season', {
	type: 'season', libraryId: 'shows', showId: 'show', seasonNumber: 1, title: 'Season 1',
});

const bury = (...items: Item[]) => items.map(item => tombstone(item, {
	at: '2024-05-06T10:00:00Z', files: item.versions.map(({parts}) => mediaFile(parts[0]!.fileId, `/tv/${item.id}.mkv`, 1_000_000_000)),
}));

const lost = async (store: CatalogStore, ...args: string[]) => {
	const {stdout} = await runCommand(store, ['lost', '--json', ...args]);
	return (JSON.parse(stdout) as {items: Array<{title: string; episodes: number}>}).items.map(({title, episodes}) => `${title} ${episodes}`);
};

test('lost with a query lists what it finds among what is gone, with what was lost below it', async t => {
	const store = await pastStore();
	await commit(store, {put: [...records.values(), ...bury(show, season, episode(1), episode(2))]});
	t.deepEqual(await lost(store), ['Dark 2', 'Brazil 0']);
	t.deepEqual(await lost(store, 'brazil'), ['Brazil 0']);
	t.deepEqual(await lost(store, 'genre:horror'), ['Dark 2']);
	t.deepEqual(await lost(store, 'show:dark res:4k'), ['Part 1 0']);
	t.deepEqual(await lost(store, 'type:show any(res:4k)'), ['Dark 2']);
	t.deepEqual(await lost(store, 'type:show all(res:4k)'), []);
	t.deepEqual(await lost(store, 'path:e2'), ['Part 2 0']);
	t.deepEqual(await lost(store, 'alien'), []);
	t.deepEqual(await lost(store, '--since', '2024-05-06', 'type:movie OR type:season'), ['Season 1 2']);
});

test('a show that is still there is judged by the episodes that it has', async t => {
	const store = await pastStore();
	const gone = episode(1);
	await commit(store, {
		put: [show, season, episode(2), ...bury(gone)],
		events: [
			removed(gone, [], {at: '2024-05-06T10:00:00Z', runId: 'run3'}),
			changed('edited', 'show', [{title: 'Darc'}, {title: 'Dark'}], {
				at: '2024-05-06T10:00:00Z', runId: 'run3', title: 'Dark', type: 'show', libraryId: 'shows',
			}),
		],
	});
	t.deepEqual(await rows(store, 'type:show all(res:1080p)'), ['edited Dark']);
	t.deepEqual(await rows(store, 'type:show any(res:4k)'), []);
	t.deepEqual(await rows(store, 'type:episode res:4k'), ['removed Part 1']);
});

test('the changes of the app answer a query as diff does, and their index stays as it is', async t => {
	const store = await pastStore();
	const gone = episode(1);
	const aline = makeItem('m7', {title: 'Aline'});
	await commit(store, {
		put: [show, season, episode(2), ...bury(gone, aline)],
		events: [gone, aline].map(item => removed(item, [], {at: '2024-05-06T10:00:00Z', runId: 'run3'})),
	});
	const index = createCatalogIndex();
	await fillIndex({...store, kept: () => undefined}, index);
	const before = index.size();
	const now = new Date('2024-05-07T00:00:00Z');
	const told = async (query: string) => {
		const shown = await loadReport({name: 'changes', days: 30, query}, {
			store, index, queryWorld: () => ({now, libraries: store.header().libraries, servers: store.header().servers}), signal: new AbortController().signal, logFolder: '', runningSince: undefined, now: () => now,
		});
		return shown.filter(({isHeading}) => isHeading !== true).map(({kind, cells}) => `${kind} ${cells[2]}`.trim());
	};

	for (const query of ['res:4k', 'brazil year:1985', 'show:dark', 'show:dark res:4k', 'path:brazil', 'imdb:tt0088846', 'dark', 'type:episode', 'dark -type:show', 'library:films', 'alien type:movie', 'NOT alien', 'aline', 'alin', 'brazli', 'dakr part', 'type:show any(part)']) {
		t.deepEqual((await told(query)).toSorted(), (await rows(store, query)).toSorted(), `for ${query}`);
	}

	t.deepEqual(await told('show:dark'), ['removed Part 1']);
	// One that is there has the word, so no slip is forgiven in it.
	t.deepEqual(await told('alien type:movie'), ['upgraded Alien', 'watched Alien']);
	t.deepEqual(await told('brazli'), ['removed Brazil']);
	t.is(index.size(), before);
	t.deepEqual((await loadReport({name: 'changes', days: 30, query: 'zardoz'}, {
		store, index, queryWorld: () => ({now, libraries: [], servers: []}), signal: new AbortController().signal, logFolder: '', runningSince: undefined, now: () => now,
	})).slice(1, 2).map(({cells}) => cells[0]), ['No changes match this query.']);
});

test('a query and its negation part what is there and what is gone', async t => {
	await fc.assert(fc.asyncProperty(fc.array(fc.record({year: fc.integer({min: 1900, max: 1910}), isGone: fc.boolean()}), {maxLength: 20}), fc.integer({min: 1899, max: 1911}), async (films, year) => {
		const items = films.map((film, number) => ({...film, item: makeItem(`m${number}`, {title: `Film ${number}`, year: film.year})}));
		const store = createMemoryStore();
		await store.load();
		await commit(store, {libraries: [makeLibrary('films', 'Films')], put: items.filter(({isGone}) => !isGone).map(({item}) => item)});
		const found = async (query: string) => {
			const index = createCatalogIndex();
			index.put(items.filter(({isGone}) => !isGone).map(({item}) => item));
			const matcher = await pastMatcher(query, {
				index: async () => index, store: async () => store, queryWorld: async () => ({now: new Date(), libraries: [], servers: []}), signal: new AbortController().signal,
			});
			const ids = await matcher(items.filter(({isGone}) => isGone).map(({item}) => ({item, files: []})));
			// An index that others use has nothing that is gone.
			t.true(items.every(({item: {id}, isGone}) => (index.get(id) === undefined) === isGone));
			return ids;
		};

		const [yes, no] = [await found(`year:>${year}`), await found(`-year:>${year}`)];
		t.deepEqual([...yes].toSorted(), items.filter(({item}) => item.year! > year).map(({item}) => item.id).toSorted());
		t.deepEqual([...yes, ...no].toSorted(), items.map(({item}) => item.id).toSorted());
	}), {numRuns: 50});
});
