import test from 'ava';
import {createLibrary} from '../../source/demo/library/library.js';
import {startDemoServer} from '../../source/demo/server.js';
import {listAll, withDemo} from './_demo.js';

const listed: ReadonlyArray<readonly [sectionKey: string, type: number]> = [
	['1', 1], ['2', 2], ['2', 3], ['2', 4], ['3', 1], ['4', 2], ['4', 3], ['4', 4], ['5', 1], ['6', 1], ['7', 8], ['7', 9], ['8', 14],
];

test('pages add up to the total, and no id occurs twice on the server', async t => {
	const {server, page} = await withDemo(t);
	const keys = new Set<string>();
	let rowCount = 0;
	for (const [sectionKey, type] of listed) {
		const {rows, total} = await listAll(page, sectionKey, type);
		t.is(rows.length, total, `section ${sectionKey}, type ${type}`);
		t.is(total, server.library.total(sectionKey, type));
		rowCount += rows.length;
		for (const {ratingKey} of rows) {
			keys.add(ratingKey);
		}
	}

	t.is(keys.size, rowCount);
	t.true(rowCount > 1500);
});

test('media, part and stream ids are distinct as well', async t => {
	const {page, details} = await withDemo(t, {movies: 120, shows: 0});
	const {rows} = await listAll(page, '1', 1);
	const full = await details(...rows.map(({ratingKey}) => ratingKey));
	const media = full.flatMap(({Media = []}) => Media);
	const parts = media.flatMap(({Part = []}) => Part);
	const streams = parts.flatMap(({Stream = []}) => Stream);
	t.is(full.length, rows.length);
	t.is(new Set(media.map(({id}) => id)).size, media.length);
	// One film was merged by hand and lists the same part twice.
	t.is(new Set(parts.map(({id}) => id)).size, parts.length - 1);
	t.true(streams.length > 300);
});

test('the size switch counts movies and shows of all sections', async t => {
	const {server} = await withDemo(t, {movies: 20_000, shows: 2000});
	const {library} = server;
	const movies = library.total('1', 1) + library.total('3', 1) + library.total('5', 1);
	// Two of the shows are in no list.
	const shows = library.total('2', 2) + library.total('4', 2) + 2;
	const seasons = library.total('2', 3) + library.total('4', 3);
	const episodes = library.total('2', 4) + library.total('4', 4);
	t.is(movies, 20_000);
	t.is(shows, 2000);
	t.true(seasons / shows > 4.5 && seasons / shows < 6, `${seasons} seasons`);
	t.true(episodes / shows > 95 && episodes / shows < 120, `${episodes} episodes`);
	t.is(library.row('3100000')?.type, 'episode');
});

test('an item is the same at every size of library', async t => {
	const small = await withDemo(t, {movies: 200, shows: 20});
	const big = await withDemo(t, {movies: 5000, shows: 300});
	t.deepEqual(await small.details('1000100', '2000009', '3000250'), await big.details('1000100', '2000009', '3000250'));
});

test('an impossible size is a usage error', async t => {
	await t.throwsAsync(startDemoServer({movies: -1}), {code: 'usage'});
	await t.throwsAsync(startDemoServer({shows: 1.5}), {code: 'usage'});
});

test('two servers with one seed say the same, to the byte; another seed says something else', async t => {
	const [first, second, other] = [await withDemo(t), await withDemo(t), await withDemo(t, {seed: 7})];
	t.is(first.server.machineIdentifier, second.server.machineIdentifier);
	t.not(first.server.token, second.server.token);
	const paths = ['/library/sections', '/library/sections/1/all?type=1&X-Plex-Container-Size=300', '/library/metadata/1000060,2000001,3000005?includeChapters=1', '/library/metadata/1000060/thumb/1'];
	const textsOf = async ({ask}: typeof first) => Promise.all(paths.map(async path => {
		const response = await ask(path);
		return response.text();
	}));
	const texts = await textsOf(first);
	t.deepEqual(await textsOf(second), texts);
	const others = await textsOf(other);
	t.deepEqual(texts.map((text, index) => text === others[index]), [false, false, false, true], 'but for the picture, which goes by the id alone');
});

test('payloads have the weight of real ones', async t => {
	const {ask, page} = await withDemo(t);
	const {Metadata: rows} = await page('1', 1, {start: 90, size: 50, query: '&includeGuids=1'});
	const listBytes = JSON.stringify(rows).length / rows!.length;
	const detail = await (await ask(`/library/metadata/${rows!.map(({ratingKey}) => ratingKey).join(',')}`)).text();
	const detailBytes = detail.length / rows!.length;
	t.true(listBytes > 1500 && listBytes < 3500, `${listBytes} in lists`);
	t.true(detailBytes > 4000 && detailBytes < 9000, `${detailBytes} in details`);
});

test('a removed show takes its seasons and episodes with it', async t => {
	const {server, page, ask} = await withDemo(t);
	const {library} = server;
	const [show] = library.oddities('specials');
	const {seasons, episodes} = library.children(show!);
	const before = {seasons: library.total('2', 3), episodes: library.total('2', 4)};
	library.removeItem(show!);
	t.is(library.total('2', 3), before.seasons - seasons.length);
	t.is(library.total('2', 4), before.episodes - episodes.length);
	t.is((await ask(`/library/metadata/${episodes[0]}`)).status, 404);
	const {rows, total} = await listAll(page, '2', 4);
	t.is(rows.length, total);
	t.false(rows.some(row => row.grandparentRatingKey === show));
});

test('items can be changed, added, broken and repaired, and the section says that it changed', async t => {
	const {server, ask, page, details} = await withDemo(t);
	const {library} = server;
	const counter = library.sections()[0]!.contentChangedAt;
	library.changeItem('1000001', row => {
		row.title = 'Renamed';
	});
	library.addItem('1', 1, {
		ratingKey: '999000123', key: '/library/metadata/999000123', type: 'movie', title: 'A Late Arrival',
	});
	t.is(BigInt(library.sections()[0]!.contentChangedAt), BigInt(counter) + 2n);
	t.is((await details('1000001'))[0]!.title, 'Renamed');
	const {rows} = await listAll(page, '1', 1);
	t.is(rows[1]!.title, 'Renamed');
	t.is(rows.at(-1)!.title, 'A Late Arrival');
	t.is((await details('999000123'))[0]!.librarySectionID, 1);

	library.breakItem('1000002');
	t.is((await ask('/library/metadata/1000001,1000002')).status, 500);
	t.is((await ask('/library/metadata/1000001')).status, 200);
	library.repairItem('1000002');
	t.is((await ask('/library/metadata/1000001,1000002')).status, 200);
});

test('a removed section is gone with all that it held', async t => {
	const {server, ask, read} = await withDemo(t);
	server.library.removeSection('3');
	const {Directory: sections} = await read('/library/sections');
	t.false(sections!.some(section => section['key'] === '3'));
	t.is((await ask('/library/sections/3/all?type=1&X-Plex-Container-Size=1')).status, 404);
	t.is((await ask('/library/metadata/10000')).status, 404);
});

test('a page deep in a big library costs no more than the first one', t => {
	const library = createLibrary({
		seed: 1, movies: 50_000, shows: 0, brokenRows: false,
	});
	const timeOf = (start: number) => {
		const startedMs = performance.now();
		library.page('1', 1, {start, size: 100});
		return performance.now() - startedMs;
	};

	// The best of many, since other work on the machine only ever adds.
	const best = (start: number) => Math.min(...Array.from({length: 12}, () => timeOf(start)));
	best(1000);
	const ratio = best(49_000) / best(1000);
	t.true(ratio < 5, String(ratio));
});
