import test from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {withDemo} from './_demo.js';

test('identity needs no token, everything else does', async t => {
	const {server, ask} = await withDemo(t);
	const identity = await ask('/identity', {'X-Plex-Token': 'wrong'});
	t.is(identity.status, 200);
	t.like(await identity.json(), {MediaContainer: {machineIdentifier: server.machineIdentifier, claimed: true}});

	for (const path of ['/', '/library/sections', '/library/metadata/1000000', '/library/metadata/1000000/thumb/1', '/activities']) {
		const response = await ask(path, {'X-Plex-Token': 'wrong'});
		t.is(response.status, 401);
		t.is(response.headers.get('content-type'), 'text/html');
		t.regex(await response.text(), /401 Unauthorized/v);
	}
});

test('the token may be in the query', async t => {
	const {server} = await withDemo(t);
	const response = await fetch(`${server.url}/library/sections?X-Plex-Token=${server.token}`);
	t.is(response.status, 200);
	t.deepEqual(server.requests.latest(), ['/library/sections'], 'and is not written down');
});

test('a client that does not ask for JSON gets XML', async t => {
	const {ask} = await withDemo(t);
	const response = await ask('/identity', {Accept: '*/*'});
	t.regex(response.headers.get('content-type')!, /xml/v);
	t.regex(await response.text(), /<MediaContainer size="0" claimed="1"/v);
});

test('an unknown path is a 404 page and another method a 405', async t => {
	const {server, ask} = await withDemo(t);
	const response = await ask('/library/nothing');
	t.is(response.status, 404);
	t.regex(await response.text(), /<h1>404 Not Found/v);
	t.is((await fetch(server.url, {method: 'PUT'})).status, 405);
});

test('a list without a container size is refused, unless the server is an old one', async t => {
	const {ask} = await withDemo(t);
	const refused = await ask('/library/sections/1/all?type=1');
	t.is(refused.status, 400);
	t.is((await ask('/library/sections/1/all?type=1&X-Plex-Container-Size=many')).status, 400);

	const old = await withDemo(t, {requiresSize: false});
	const container = await old.read('/library/sections/1/all?type=1');
	t.is(container.size, old.server.library.total('1', 1));
	t.false('totalSize' in container);
	t.false('offset' in container);
});

test('a page tells its size, offset and total, in the body and in headers', async t => {
	const {server, ask, page} = await withDemo(t);
	const total = server.library.total('1', 1);
	const container = await page('1', 1, {start: 10, size: 7});
	t.like(container, {
		size: 7, offset: 10, totalSize: total, librarySectionID: 1, librarySectionTitle: 'Films',
	});
	t.is(container.Metadata!.length, 7);

	const response = await ask('/library/sections/1/all?type=1&X-Plex-Container-Start=10&X-Plex-Container-Size=7');
	t.is(response.headers.get('x-plex-container-start'), '10');
	t.is(response.headers.get('x-plex-container-total-size'), String(total));
	t.truthy(response.headers.get('date'));
});

test('size 0 counts, a start beyond the end is empty, and nobody gets more than 1,000 rows', async t => {
	const {page, read} = await withDemo(t, {movies: 1500});
	const counted = await page('1', 1, {start: 0, size: 0});
	t.is(counted.size, 0);
	t.true(counted.totalSize! > 1400);
	t.false('Metadata' in counted);

	const beyond = await page('1', 1, {start: 5000, size: 10});
	t.is(beyond.size, 0);
	t.false('Metadata' in beyond);

	t.is((await page('1', 1, {start: 0, size: 5000})).size, 1000);
	t.false('Metadata' in await read('/library/sections/6/all?type=1&X-Plex-Container-Size=10'), 'nor has an empty section rows');
});

test('rows come in the order of their ids only when asked for', async t => {
	const {read} = await withDemo(t);
	const keys = async (sort: string) => (await read(`/library/sections/1/all?type=1${sort}&X-Plex-Container-Size=200`)).Metadata!.map(({ratingKey}) => Number(ratingKey));
	const byId = await keys('&sort=id');
	t.deepEqual(byId, byId.toSorted((a, b) => a - b));
	const unsorted = await keys('');
	t.notDeepEqual(unsorted, byId);
	t.deepEqual(unsorted.toSorted((a, b) => a - b), byId);
	t.deepEqual(await keys('&sort=id:desc'), byId.toReversed());
});

const detailOnly = new Set(['Producer', 'Label', 'Rating', 'Field', 'Location', 'Guid', 'librarySectionID', 'librarySectionTitle', 'librarySectionKey', 'Chapter', 'Marker']);

test('lists are cut as Plex cuts them; details are whole', async t => {
	const {page, details} = await withDemo(t);
	const {Metadata: rows} = await page('1', 1, {start: 0, size: 200});
	t.true(rows!.some(row => row.Genre?.length === 2));
	for (const row of rows!) {
		for (const [field, most] of Object.entries({
			Genre: 2, Country: 2, Writer: 2, Director: 3, Role: 3, Collection: 2,
		}) as Array<['Genre' | 'Country' | 'Writer' | 'Director' | 'Role' | 'Collection', number]>) {
			t.true((row[field] ?? []).length <= most);
		}

		for (const tag of [...row.Genre ?? [], ...row.Director ?? [], ...row.Role ?? []]) {
			t.deepEqual(Object.keys(tag), ['tag']);
		}

		t.deepEqual(Object.keys(row).filter(field => detailOnly.has(field)), []);

		t.false(row.Media?.some(({Part}) => Part?.some(part => 'Stream' in part)) ?? false);
	}

	const [full] = await details(rows!.at(-1)!.ratingKey);
	t.is(full!.librarySectionID, 1);
	t.true(full!.Role!.length >= 10);
	t.true(full!.Role!.every(({id, tag, filter}) => typeof id === 'number' && tag.length > 0 && filter === `actor=${id}`));
	t.true(full!.Producer!.length > 0);
	t.is(full!.Rating!.length, 4);
	t.is(full!.Media![0]!.Part![0]!.Stream![0]!.streamType, 1);
});

test('external ids are in lists only with includeGuids', async t => {
	const {page} = await withDemo(t);
	const {Metadata: rows} = await page('1', 1, {start: 0, size: 1, query: '&includeGuids=1'});
	t.true(rows![0]!.Guid!.length >= 2);
});

test('details leave out what does not exist, in no promised order, and are 404 when nothing does', async t => {
	const {ask, details} = await withDemo(t);
	const rows = await details('1000003', '4242', '1000001', '1000002', '1000003');
	t.deepEqual(rows.map(({ratingKey}) => ratingKey).toSorted((a, b) => Number(a) - Number(b)), ['1000001', '1000002', '1000003']);
	t.is((await ask('/library/metadata/4242,4243')).status, 404);
	t.is((await ask('/library/metadata/__proto__')).status, 404);
});

test('chapters and markers come when asked for', async t => {
	const {read, server} = await withDemo(t);
	const key = String(Number(server.library.oddities('trashed').at(-1)));
	const plain = await read(`/library/metadata/${key}`);
	t.false('Chapter' in plain.Metadata![0]!);
	const asked = await read(`/library/metadata/${key}?includeChapters=1&includeMarkers=1`);
	t.true(asked.Metadata![0]!.Chapter!.length > 0);
	t.is(asked.Metadata![0]!.Marker!.length, 2);
});

test('sections keep a 64-bit counter that JavaScript would round', async t => {
	const {ask} = await withDemo(t);
	const text = await (await ask('/library/sections/all')).text();
	t.true(text.includes('"contentChangedAt":8457612157633039800,'));
	const {MediaContainer: {Directory: sections}} = JSON.parse(text) as {MediaContainer: {Directory: Array<{key: string; type: string; agent: string}>}};
	t.deepEqual(sections.map(({type}) => type), ['movie', 'show', 'movie', 'show', 'movie', 'movie', 'artist', 'photo']);
	t.true(sections.some(({agent}) => agent === 'tv.plex.agents.none'));
});

test('big bodies are compressed for those who can read that', async t => {
	const {server} = await withDemo(t);
	const path = '/library/sections/1/all?type=1&X-Plex-Container-Size=50';
	const headers = {Accept: 'application/json', 'X-Plex-Token': server.token};
	const packed = await fetch(server.url + path, {headers: {...headers, 'Accept-Encoding': 'gzip'}});
	t.is(packed.headers.get('content-encoding'), 'gzip');
	const plain = await fetch(server.url + path, {headers: {...headers, 'Accept-Encoding': 'identity'}});
	t.is(plain.headers.get('content-encoding'), null);
	t.deepEqual(await packed.json(), await plain.json());
	t.true(Number(packed.headers.get('content-length')) * 3 < Number(plain.headers.get('content-length')));
});

test('a show lists its seasons behind a pseudo row, and its episodes', async t => {
	const {server, read} = await withDemo(t);
	const [show] = server.library.oddities('specials');
	const seasons = await read(`/library/metadata/${show}/children`);
	t.is(seasons.Directory![0]!['title'], 'All episodes');
	t.deepEqual(seasons.Metadata!.map(({index}) => index), [0, 1, 2, 4]);
	t.false('Directory' in await read(`/library/metadata/${show}/children?excludeAllLeaves=1`));
	const episodes = await read(`/library/metadata/${show}/allLeaves?X-Plex-Container-Start=1&X-Plex-Container-Size=4`);
	t.is(episodes.totalSize, 20);
	t.is(episodes.Metadata!.length, 4);
	const ofSeason = await read(`/library/metadata/${seasons.Metadata![1]!.ratingKey}/children`);
	t.deepEqual(ofSeason.Metadata!.map(({index}) => index), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('posters, backgrounds and logos are PNG images that need the token', async t => {
	const {ask, details} = await withDemo(t);
	const [movie] = await details('1000000');
	const paths = [movie!.thumb!, movie!.art!, ...movie!.Image!.map(({url}) => url), `/photo/:/transcode?url=${encodeURIComponent(movie!.thumb!)}&width=30&height=45`];
	for (const path of paths) {
		const response = await ask(path);
		t.is(response.status, 200, path);
		t.is(response.headers.get('content-type'), 'image/png');
		t.is((await ask(path, {'X-Plex-Token': ''})).status, 401);
	}

	const scaled = new DataView(await (await ask(paths.at(-1)!)).arrayBuffer());
	t.deepEqual([scaled.getUint32(16), scaled.getUint32(20)], [30, 45]);
	t.is((await ask('/library/metadata/4242/thumb/1')).status, 404);
	t.is((await ask('/library/metadata/1000000/__proto__/1')).status, 404);
});

test('a list can leave out heavy fields, and a server may not care', async t => {
	const slim = '&excludeElements=Genre,Role&excludeFields=summary,thumb';
	const heedful = await withDemo(t);
	const [row] = (await heedful.page('1', 1, {start: 0, size: 1, query: slim})).Metadata!;
	const names = Object.keys(row!);
	t.false(['Genre', 'Role', 'summary', 'thumb'].some(name => names.includes(name)));
	t.true(names.includes('Media'));
	const heedless = await withDemo(t, {honoursSlim: false});
	const [full] = (await heedless.page('1', 1, {start: 0, size: 1, query: slim})).Metadata!;
	t.true('summary' in full!);
});

test('a list can be limited to what has moved, and a server may not care', async t => {
	const {server, page} = await withDemo(t, {movies: 0, shows: 0});
	const [{ratingKey: key}] = server.library.page('1', 1, {start: 3, size: 1}) as [PlexRow];
	const since = '&updatedAt%3E%3E=1790000000';
	t.is((await page('1', 1, {start: 0, size: 9, query: since})).totalSize, 0);
	server.library.changeItem(key, row => {
		row.updatedAt = 1_790_000_001;
	});
	const moved = await page('1', 1, {start: 0, size: 9, query: since});
	t.is(moved.totalSize, 1);
	t.is(moved.Metadata![0]!.ratingKey, key);
	t.is((await page('1', 1, {start: 0, size: 9, query: '&updatedAt%3E=1790000001'})).totalSize, 1);
	t.is((await page('1', 1, {start: 0, size: 9, query: '&updatedAt%3E%3E=1790000001'})).totalSize, 0);
	// All but the one that was never stamped.
	t.is((await page('1', 1, {start: 0, size: 9, query: '&updatedAt%3E%3E=1'})).totalSize, (await page('1', 1, {start: 0, size: 0})).totalSize! - 1);
	const heedless = await withDemo(t, {honoursFilters: false, movies: 0, shows: 0});
	t.true((await heedless.page('1', 1, {start: 0, size: 9, query: since})).totalSize! > 10);
});

test('a disk that is taken away takes what lies on it along, and brings it back as it was', async t => {
	const {server, page} = await withDemo(t, {movies: 40, shows: 0});
	const before = await page('1', 1, {start: 0, size: 1000});
	server.library.unplug('1', '/srv/films/');
	const less = await page('1', 1, {start: 0, size: 1000});
	t.true(less.totalSize! < before.totalSize!);
	server.library.replug('1', '/srv/films/');
	t.deepEqual((await page('1', 1, {start: 0, size: 1000})).Metadata, before.Metadata);
});
