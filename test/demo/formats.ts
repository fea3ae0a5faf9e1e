import test from 'ava';
import fc from 'fast-check';
import {toXml} from '../../source/demo/xml.js';
import {expectEqual} from '../helpers/expect-equal.js';
import {withDemo} from './_demo.js';
import {expectedXml, readXml} from './_xml.js';

const page = 'X-Plex-Container-Start=0&X-Plex-Container-Size=300';

const routes: readonly string[] = [
	'/',
	'/identity',
	'/library',
	'/library/sections',
	'/library/sections/',
	'/library/sections/all',
	'/library/sections/1',
	'/library/sections/1?includeDetails=1',
	'/library/sections/1/genre',
	'/library/sections/1/collection',
	`/library/sections/1/all?type=1&includeGuids=1&includeMeta=1&${page}`,
	`/library/sections/1/all?type=18&${page}`,
	`/library/sections/1/collections?${page}`,
	`/library/sections/2/all?type=2&${page}`,
	`/library/sections/2/all?type=3&${page}`,
	`/library/sections/2/all?type=4&${page}`,
	`/library/sections/4/allLeaves?${page}`,
	`/library/sections/5/all?${page}`,
	`/library/sections/6/all?${page}`,
	`/library/sections/7/albums?${page}`,
	`/library/sections/1/recentlyAdded?${page}`,
	`/library/sections/2/onDeck?${page}`,
	`/library/all?type=1&title=the&${page}`,
	'/library/metadata/2000000/children',
	'/library/metadata/2000000/allLeaves',
	'/library/metadata/2000000/grandchildren',
	'/library/metadata/2100001/children',
	'/library/metadata/501000,3000002?includeChapters=1&includeMarkers=1',
	'/library/metadata/1000006,2000000,2100001,3000002,1000000?includeChapters=1&includeMarkers=1&includeExtras=1',
	'/library/collections/400000',
	'/library/collections/400000/children',
	'/library/collections/501000',
	'/library/collections/501000/items',
	'/library/metadata/501000',
	'/library/metadata/501000/children',
	'/playlists',
	'/playlists?playlistType=video&smart=1',
	'/playlists/390000',
	'/playlists/390000/items',
	'/playlists/390002/items',
	'/hubs',
	'/hubs/sections/2',
	'/hubs/continueWatching',
	'/hubs/search?query=general',
	`/hubs/home/recentlyAdded?type=1&${page}`,
	'/library/onDeck',
	'/library/recentlyAdded',
	`/library/recentlyAdded?${page}`,
	'/status/sessions',
	`/status/sessions/history/all?sort=viewedAt:desc&${page}`,
	'/activities',
	'/servers',
	'/accounts',
	'/devices',
	'/clients',
	'/:/prefs',
];

test('each route answers the same rows in XML as in JSON', async t => {
	const {server, ask, read} = await withDemo(t);
	server.setSessions([{ratingKey: '1000006', state: 'playing'}, {ratingKey: '3000002', state: 'paused'}]);
	for (const path of routes) {
		const json = await ask(path);
		t.is(json.status, 200, path);
		t.is(json.headers.get('content-type'), 'application/json', path);
		const xml = await ask(path, {Accept: 'application/xml'});
		t.is(xml.status, 200, path);
		t.is(xml.headers.get('content-type'), 'text/xml;charset=utf-8', path);
		const text = (await json.text()).replaceAll(/"contentChangedAt":(?<digits>\d+)/gv, '"contentChangedAt":"$<digits>"');
		const {MediaContainer: container} = JSON.parse(text) as {MediaContainer: Record<string, unknown>};
		expectEqual(t, readXml(await xml.text()), expectedXml(container), path);
	}

	t.true((await read('/status/sessions')).Metadata!.length === 2);
});

test('every row of the library can be read in XML, the odd ones as well', async t => {
	const {ask, read} = await withDemo(t, {brokenRows: true, requiresSize: false});
	for (const [section, type] of [['1', 1], ['2', 2], ['2', 3], ['2', 4], ['3', 1], ['4', 2], ['4', 4], ['5', 1]] as const) {
		const path = `/library/sections/${section}/all?type=${type}&sort=id&includeGuids=1`;
		const container = await read(path);
		const xml = await ask(path, {Accept: ''});
		expectEqual(t, readXml(await xml.text()), expectedXml(container), path);
	}
});

test('whatever a row holds, its XML is well-formed and says the same', t => {
	const name = fc.constantFrom('title', 'summary', 'Media', 'Part', 'Metadata', 'index', 'guid', 'Guid');
	const nasty = fc.constantFrom('\n', '\r', '\t', '"', '&', '<', '>', '\'', ' ', ';', '#', '\u{0}', '\u{1B}', '\u{FFFE}', '\u{D800}', 'é', '👩‍🚀');
	const scalar = fc.oneof(fc.string({unit: 'binary'}), fc.string({unit: nasty}), fc.integer(), fc.boolean());
	const {row} = fc.letrec<{row: Record<string, unknown>}>(tie => ({
		row: fc.dictionary(name, fc.oneof({maxDepth: 3}, scalar, fc.array(tie('row'), {maxLength: 3}), tie('row')), {noNullPrototype: true}),
	}));
	fc.assert(fc.property(row, container => {
		t.deepEqual(readXml(toXml(container)), expectedXml(container));
	}));
});

test('a client says what it prefers in the header, or else in the query', async t => {
	const {server} = await withDemo(t, {movies: 0, shows: 0});
	const kindOf = async (accept: string | undefined, query = '') => {
		const response = await fetch(`${server.url}/identity${query}`, {headers: accept === undefined ? {} : {Accept: accept}});
		return response.headers.get('content-type')!.includes('json') ? 'json' : 'xml';
	};

	t.is(await kindOf(undefined), 'xml');
	t.is(await kindOf('*/*'), 'xml');
	t.is(await kindOf('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'), 'xml');
	t.is(await kindOf('application/json, text/plain, */*'), 'json');
	t.is(await kindOf('application/xml, application/json'), 'xml');
	t.is(await kindOf('*/*', '?Accept=application/json'), 'json');
	t.is(await kindOf('application/xml', '?Accept=application/json'), 'xml');
});

test('a path may end in a slash', async t => {
	const {read} = await withDemo(t, {movies: 0, shows: 0});
	const paths: readonly string[] = ['/library', '/library/sections', '/library/sections/1', '/playlists', '/hubs', '/library/collections/400000/children', '/library/metadata/2000000/children'];
	for (const path of paths) {
		t.deepEqual(await read(`${path}/`), await read(path), path);
	}
});

test('every list can be read page by page, with sizes in the header or in the query', async t => {
	const {ask, read} = await withDemo(t);
	const paths: readonly string[] = [
		'/library/sections/1/all',
		'/library/sections/1/all?type=18',
		'/library/sections/1/all?genre=Drama',
		'/library/sections/1/collections',
		'/library/all?type=2',
		'/library/collections/400000/children',
		'/library/metadata/2000000/allLeaves',
		'/library/metadata/2000000/children',
		'/playlists',
		'/playlists/390000/items',
		'/library/recentlyAdded',
		'/library/onDeck',
		'/hubs/home/recentlyAdded?type=1',
		'/status/sessions/history/all',
	];
	for (const path of paths) {
		const inQuery = await read(`${path}${path.includes('?') ? '&' : '?'}X-Plex-Container-Start=1&X-Plex-Container-Size=2`);
		const response = await ask(path, {'X-Plex-Container-Start': '1', 'X-Plex-Container-Size': '2'});
		const {MediaContainer: inHeader} = await response.json() as {MediaContainer: typeof inQuery};
		t.deepEqual(inHeader, inQuery, path);
		const {size, offset, totalSize, Metadata: rows = []} = inQuery;
		t.is(rows.length, size, path);
		t.is(size, Math.min(2, totalSize! - 1), path);
		t.is(offset, 1, path);
		t.is(response.headers.get('x-plex-container-total-size'), String(totalSize), path);
		const all = await read(path, {'X-Plex-Container-Start': '0', 'X-Plex-Container-Size': '1000'});
		t.is(all.Metadata!.length, Math.min(1000, all.totalSize!), path);
		t.deepEqual(all.Metadata!.slice(1, 3), rows, path);
		t.is((await ask(path, {'X-Plex-Container-Size': 'some'})).status, 400, path);
	}
});
