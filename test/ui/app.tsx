import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {CatalogHeader} from '../../source/catalog/types.js';
import type {ItemSummary} from '../../source/query/types.js';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import type {UiServices} from '../../source/ui/services.js';
import {displayWidth} from '../../source/base/text/width.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const header = {
	...emptyHeader, libraries: [library('movies', 'movie', {
		counts: {
			movie: 3, show: 0, season: 0, episode: 0,
		},
	})],
};

const three: ItemSummary[] = [
	movie(1, {
		title: 'Alien', sortKey: 'a', year: 1979, durationMs: 7_020_000,
	}),
	movie(2, {
		title: '東京物語', sortKey: 'b', year: 1953, isWatched: true,
	}),
	movie(3, {
		title: 'Casablanca', sortKey: 'c', year: 1942, isTrashed: true, rating: undefined,
	}),
];

const rows = [
	row('movies', {
		title: 'Movies', isChosen: true, serverCount: 4, catalogCount: 3, lastImport: {
			expected: 3, imported: 3, unchanged: 0, failed: 0, skipped: 0, finishedAt: '2026-01-12T12:00:00Z', complete: true,
		},
	}),
	row('music', {title: 'Music', type: 'artist', disabledReason: 'Music is not imported.'}),
];

const setUp = (change: Parameters<typeof fakeServices>[0] = {}) => fakeServices({
	items: three, libraries: async () => rows, initial: {connection, catalog: header}, ...change,
});

const browse = async (fake: ReturnType<typeof setUp>, size: Parameters<typeof openApp>[1] = {}) => {
	const app = await openApp(fake.services, size);
	await app.until(frame => frame.includes('[x] Movies') || size.rows === 5);
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	await setImmediate();
	return app;
};

test('Libraries at 80x24 shows what is on the server, what is here, and why music cannot be ticked', async t => {
	const app = await openApp(setUp({
		items: [
			movie(1, {
				title: 'Alien', resolution: '4k', hdr: 'HDR10', addedAt: '2026-01-10T12:00:00Z',
			}),
			movie(2, {title: 'Brazil', addedAt: '2026-01-14T12:00:00Z'}),
			movie(3, {title: 'Casablanca', resolution: '4k', addedAt: '2025-01-14T12:00:00Z'}),
		],
	}).services);
	await app.until(frame => frame.includes('Music') && frame.includes('Brazil'));
	t.deepEqual(app.lines().filter(line => line !== ''), [
		'reelcat Attic',
		'1 Movies 3                                             ● connected  3 items  6 h',
		'╭─ › [x] Movies ─────────────── Movies ╮╭─   Music ───────────────────── Music ╮',
		'│ 3 movies (server 4)                  ││ Music is not imported.               │',
		'│ 4K   █████████████▍░░░░░░ 66 %       ││                                      │',
		'│ HDR  ██████▋░░░░░░░░░░░░░ 33 %       ││                                      │',
		'│ New  Brazil, 1 day ago               ││                                      │',
		'╰─ synced 3 days ago ───────────── 6 h ╯╰──────────────────────────────────────╯',
		'Enter import  l browse  Space tick  a all  R sync  q quit  ? all',
	]);
	t.is(app.lines().length, 24);
	app.close();
});

test('where there is no room for cards, the libraries are rows, in a panel or without borders', async t => {
	const app = await openApp(setUp().services, {columns: 76});
	await app.until(frame => frame.includes('Music'));
	t.deepEqual(app.lines().filter(line => !/^│ +│$/v.test(line)), [
		'reelcat Attic',
		'╭─ Libraries ───────────────────────────────────────────────────────── 1/2 ╮',
		'│      Library              Type        Server  Catalogue  Last import     │',
		'│› [x] Movies               Movies           4          3  3 days ago      │',
		'│      Music                Music is not imported.                         │',
		'╰──────────────────────────────────────────────────────────────────────────╯',
		'Enter import  l browse  Space tick  a all  R sync  q quit  ? all',
	]);
	await app.resize({columns: 58, rows: 24});
	t.deepEqual(app.lines().filter(line => line !== ''), [
		'reelcat Attic',
		'      Library                Type        Server  Catalogue',
		'› [x] Movies                 Movies           4          3',
		'      Music                  Music is not imported.',
		'Enter import  l browse  ? all',
	]);
	t.is(app.lines().length, 24);
	app.close();
});

test('a list at 80x24', async t => {
	const app = await browse(setUp());
	t.deepEqual(app.lines().filter(line => !/^│ +│$/v.test(line)), [
		'reelcat Attic › Movies',
		'1 Movies 3                                             ● connected  3 items  6 h',
		'╭─ Movies ──────────────────────────────────────────────────────────────── 1/3 ╮',
		'│    Title↑                       Year  Length  Video  HDR  Size  Rating  Sound│',
		'│› ● Alien                        1979  1h 57m  1080p                7.5       │',
		'│  ✓ 東京物語                     1953  1h 52m  1080p                7.5       │',
		'│    (trash) Casablanca           1942  1h 52m  1080p                          │',
		'╰─────────────────────────────────────────────────────────────── 3 movies, 6 h ╯',
		'Enter open  / filter  s sort  R sync  f facets  q close  ? all',
	]);
	app.close();
});

const twoLibraries: CatalogHeader = {
	...header,
	libraries: [
		{
			...header.libraries[0]!, lastImport: {
				...rows[0]!.lastImport!, runId: 'run-1', durationMs: 1, complete: false,
			},
		},
		library('shows', 'show', {title: 'Series', counts: {...header.libraries[0]!.counts, show: 1200, movie: 0}}),
	],
};

test('the header has a tab for each library, how many items there are, and when all of them were synced', async t => {
	const app = await openApp(setUp({initial: {connection, catalog: twoLibraries}}).services, {columns: 120, rows: 40});
	await app.until(frame => frame.includes('[x] Movies'));
	t.regex(app.lines()[1]!, /^1 Movies 3 {2}2 Series 1,200 .*● connected {2}1,203 items {2}synced 3 days ago, incomplete {2}6 h$/v);
	t.regex(app.lines()[0]!, /^reelcat \S+ *$/v);
	// What has no room beside the tabs stands above them.
	await app.resize({columns: 80, rows: 24});
	t.regex(app.lines()[0]!, /^reelcat .* synced 3 days ago, incomplete {2}6 h$/v);
	t.regex(app.lines()[1]!, /● connected {2}1,203 items$/v);
	await app.resize({columns: 40, rows: 10});
	t.false(app.lines()[1]?.includes('1 Movies'));
	app.close();
});

test('a tab without room for its count is not begun, a number stands for it, and the open library has its tab', async t => {
	const [first] = twoLibraries.libraries;
	const titled = (title: string) => ({...first!, id: title, title});
	const libraries = [first!, ...['Documentaries and More', 'Recorded Theatre', 'Cartoons for Children', 'Lectures and Talks', 'Home Videos of Holidays'].map(title => titled(title))];
	const app = await openApp(setUp({initial: {connection, catalog: {...twoLibraries, libraries}}}).services, {tabMs: 0});
	await app.until(frame => frame.includes('[x] Movies'));
	t.regex(app.lines()[1]!, /^1 Movies 3 {2}2 Documentari… 3 {2}3 Recorded Th… 3 {2}\+3 +● connected/v);
	await app.press('6');
	await app.until(() => app.lines()[1]!.startsWith('4 Cartoons fo… 3  5 Lectures an… 3  6 Home Videos… 3  +3 '));
	app.close();
});

test('a digit opens the library of its tab from everywhere, and before another key it is a count', async t => {
	const app = await openApp(setUp({initial: {connection, catalog: twoLibraries}}).services, {tabMs: 0});
	await app.until(frame => frame.includes('[x] Movies'));
	await app.press('1');
	await app.until(frame => frame.includes('› ● Alien'));
	await app.press('2j');
	await app.until(frame => /› +\(trash\) Casablanca/v.test(frame));
	await app.press('2');
	await app.until(() => browseScreen(app.store.get())?.query.libraryId === 'shows');
	t.is(app.store.get().stack.length, 2);
	await app.press('7');
	await t.notThrowsAsync(app.until(frame => frame.includes('! There is no library 7.')));
	app.close();
});

test('a message stands above the keys, which stay; where there is no room for both it takes their place', async t => {
	const app = await browse(setUp());
	await app.press('%');
	t.true(app.lines().at(-1)?.startsWith('Enter open'));
	await app.resize({columns: 40, rows: 10});
	t.is(app.lines().at(-1)?.trim(), '! % does nothing here; ? shows the keys.');
	app.close();
});

test('a list at 40x10 has two columns, the way to the keys, and nothing is cut off', async t => {
	const app = await browse(setUp(), {columns: 40, rows: 10});
	t.deepEqual(app.lines().filter(line => line !== ''), [
		'reelcat Attic › Movies               1/3',
		'    Title↑                          Year',
		'› ● Alien                           1979',
		'  ✓ 東京物語                        1953',
		'    (trash) Casablanca              1942',
		'Enter open  / filter  ? all',
	]);
	t.is(app.lines().length, 10);
	app.close();
});

test('at 120x40 the detail stands beside the list, and p takes it away', async t => {
	const app = await browse(setUp(), {columns: 120, rows: 40});
	await app.until(frame => frame.includes('││'));
	t.true(app.lines().every(line => displayWidth(line) <= 120));
	t.is(app.lines().length, 40);
	await app.press('p');
	t.false(app.frame().includes('││'));
	app.close();
});

test('beside a list without rows the pane shows no detail, since it would be that of an item elsewhere', async t => {
	const app = await browse(setUp(), {columns: 120, rows: 40});
	await app.until(frame => frame.includes('╭─ Overview'));
	await app.press('/', 'x', 'x');
	await app.until(frame => frame.includes('Nothing matches the filter.'));
	t.false(app.frame().includes('Overview'));
	await app.press(' ', '4', 'k');
	await app.until(frame => frame.includes('Nothing matches the filter; did you mean xx res:4k?'));
	await app.press(keys.tab);
	await app.until(frame => frame.includes('/xx res:4k') && frame.includes('Nothing matches the filter.'));
	await app.press(keys.escape);
	await t.notThrowsAsync(app.until(frame => frame.includes('╭─ Overview')));
	app.close();
});

test('at 80x24 p puts the detail below the list', async t => {
	const app = await browse(setUp());
	await app.press('p');
	await app.until(frame => frame.includes('╭─ Overview'));
	t.is(app.lines().length, 24);
	app.close();
});

test('a terminal of 20x5 says what is needed and what there is, and q works', async t => {
	const app = await openApp(setUp().services, {columns: 20, rows: 5});
	t.is(app.frame(), 'Terminal too small\nNeeded 40x10\nActual 20x5\nq quits\n');
	await app.press('j', keys.enter, 'q');
	t.deepEqual(app.exits, [0]);
	t.deepEqual(app.failures, []);
	app.close();
});

test('every size from 5x3 up draws no more than fits, on every screen', async t => {
	const app = await browse(setUp());
	for (const key of ['', '?', 's', keys.enter]) {
		if (key !== '') {
			await app.press(key);
		}

		for (const [columns, screenRows] of [[5, 3], [40, 10], [47, 11], [79, 23], [119, 16], [120, 40], [200, 60]] as const) {
			await app.resize({columns, rows: screenRows});
			t.true(app.lines().length <= screenRows, `${columns}x${screenRows} after ${key}:\n${app.frame()}`);
			t.true(app.lines().every(line => displayWidth(line) <= columns), `${columns}x${screenRows} after ${key}:\n${app.frame()}`);
		}

		await app.resize({columns: 80, rows: 24});
		if (key !== '') {
			await app.press(keys.escape);
		}
	}

	t.deepEqual(app.failures, []);
	app.close();
});

test('no title moves a column: wide, joined, right to left, hostile', async t => {
	const titles = ['東京物語', '👨‍👩‍👧 Family', 'العربية', '\u{1B}[2J\u{1B}]0;owned\u{7}Clear', 'Tab\tand\r\nbreak', 'e\u{301}te\u{301}', '\u{202E}desrever', 'x'.repeat(10_000)];
	const fake = setUp({items: titles.map((title, number) => movie(number, {title, sortKey: String(number), year: 2001}))});
	const app = await browse(fake);
	const shown = app.lines().filter(line => line.includes('2001'));
	t.is(shown.length, titles.length);
	for (const line of shown) {
		const before = line.slice(0, line.indexOf('2001'));
		t.is(displayWidth(before), 34, line);
		t.notRegex(line, /[\p{Control}\u{202E}]|owned/v);
	}

	app.close();
});

test('without UTF-8 the screen is plain ASCII and as wide', async t => {
	const app = await browse(setUp(), {isAscii: true, columns: 120});
	await app.until(frame => frame.includes('|'));
	t.regex(app.frame(), /^[\n\u{20}-\u{7E}]*$/v);
	t.true(app.frame().includes('????????'));
	app.close();
});

test('a frame of 250,000 rows reads no more rows than it shows', async t => {
	const ids = Array.from({length: 250_000}, (_, number) => `m${number}`);
	let reads = 0;
	const one = movie(1);
	const fake = setUp();
	const read = (id: string) => {
		reads++;
		return {...one, id};
	};

	const services: UiServices = {
		...fake.services,
		index: {
			...fake.services.index, glance: async () => ids, get: read, view: read,
		},
	};
	const app = await openApp(services);
	await app.press('l');
	await app.until(frame => frame.includes('1/250,000') && frame.includes('250,000 movies, 466,667 h'), 30_000);
	for (const key of ['j', 'G', 'k', keys.ctrlU, 'g', 'g', keys.pageDown]) {
		reads = 0;
		await app.press(key);
		t.true(reads <= 2 * 22, `${reads} rows were read for ${key}`);
	}

	app.close();
});

test('the filter works as you type, and Esc clears it', async t => {
	const app = await browse(setUp());
	await app.press('/', 'a', 'l', 'i');
	await app.until(frame => frame.includes('1/1 (3)'));
	t.true(app.lines()[0]?.startsWith('/ali'));
	t.false(app.frame().includes('Casablanca'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Casablanca'));
	t.true(app.frame().includes('1/3'));
	app.close();
});

test('a filter that matches nothing says so', async t => {
	const app = await browse(setUp());
	await app.press('/', 'z', 'z');
	await t.notThrowsAsync(app.until(frame => frame.includes('Nothing matches the filter.')));
	app.close();
});

test('shows open to seasons, and those to episodes, with what is missing', async t => {
	const fake = setUp({
		items: [
			movie(1, {
				id: 'show', type: 'show', libraryId: 'shows', title: 'Serial', leafCount: 3,
			}),
			movie(2, {
				id: 'season', type: 'season', libraryId: 'shows', showId: 'show', title: 'Season 1', seasonNumber: 1,
			}),
			movie(3, {
				id: 'e1', type: 'episode', libraryId: 'shows', showId: 'show', seasonId: 'season', title: 'Pilot', seasonNumber: 1, episodeNumber: 1,
			}),
			movie(4, {
				id: 'e3', type: 'episode', libraryId: 'shows', showId: 'show', seasonId: 'season', title: 'Third', seasonNumber: 1, episodeNumber: 3,
			}),
		],
		libraries: async () => [row('shows', {title: 'Shows', type: 'show'})],
		initial: {connection},
	});
	const {detail} = fake.services;
	fake.services.detail = async id => {
		const found = await detail(id);
		return found && {...found, item: {...found.item, type: id === 'season' ? 'season' : found.item.type}, gaps: id === 'season' ? [2] : []};
	};

	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('[ ] Shows'));
	await app.press('l');
	await app.until(frame => frame.includes('Serial'));
	await app.press('l');
	await app.until(frame => frame.includes('Season 1'));
	await app.press(keys.right);
	await app.until(frame => frame.includes('S01E03'));
	t.true(app.lines()[0]?.includes('Attic › Shows › Serial › Season 1  ! missing 2'));
	t.true(app.lines()[2]?.startsWith('╭─ Season 1  ! missing 2 ─'));
	await app.press('h');
	await app.press('p');
	await app.until(frame => frame.includes('│Season 1   ●·●'));
	await app.press(keys.left, keys.escape);
	t.is(app.store.get().stack.length, 1);
	app.close();
});

test('connecting keeps the form, says what is wrong, and can be tried again', async t => {
	const tried: unknown[] = [];
	const fake = setUp({
		initial: {},
		async connect(target) {
			tried.push(target);
			if (tried.length === 1) {
				throw new AppError('unauthorized', 'The server does not accept this token.', {hint: 'Copy the token once more.'});
			}

			return connection;
		},
	});
	const app = await openApp(fake.services);
	await app.press('j', keys.enter, 'h', 't', 't', 'p', ':', '/', '/', 'q', keys.enter, 's', 'e', 'c', keys.enter);
	await app.until(frame => frame.includes('does not accept this token'));
	t.true(app.frame().includes('Copy the token once more.'));
	t.true(app.frame().includes('http://q'));
	t.true(app.frame().includes('•••'));
	t.false(app.frame().includes('sec'));
	await app.press('r', keys.enter);
	await app.until(frame => frame.includes('[x] Movies'));
	t.deepEqual(tried, [
		{kind: 'server', url: 'http://q', token: 'sec'},
		{kind: 'server', url: 'http://q', token: 'secr'},
	]);
	app.close();
});

test('a wait for a server is left with Esc, and its answer is dropped', async t => {
	const {promise, resolve} = Promise.withResolvers<typeof connection>();
	let signal: AbortSignal | undefined;
	const fake = setUp({
		initial: {},
		async connect(_target, options) {
			signal = options?.signal;
			return promise;
		},
	});
	const app = await openApp(fake.services);
	await app.press('j', 'j', keys.enter);
	await app.until(frame => frame.includes('Connecting to Demo server'));
	await app.press(keys.escape);
	t.true(signal?.aborted);
	resolve(connection);
	await setImmediate();
	t.true(app.frame().includes('Connecting was cancelled.'));
	t.is(app.store.get().connection, undefined);
	app.close();
});

test('a catalogue that cannot be read says why, and r tries again', async t => {
	let loads = 0;
	const fake = setUp({
		async load() {
			loads++;
			if (loads === 1) {
				throw new AppError('damaged', 'The catalogue is damaged.', {hint: 'Restore the backup.'});
			}
		},
	});
	const app = await openApp(fake.services);
	await app.press('l');
	await app.until(frame => frame.includes('The catalogue is damaged.'));
	t.true(app.frame().includes('Restore the backup.'));
	await app.press('r');
	await app.until(frame => frame.includes('Alien'));
	app.close();
});

test('while the catalogue loads there is a number, and what is known is there', async t => {
	const fake = setUp({
		async load(onProgress) {
			onProgress(0.4);
			return new Promise<undefined>(() => {}); // eslint-disable-line @typescript-eslint/no-empty-function
		},
	});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('loading 40 %'));
	t.true(app.frame().includes('Movies'));
	await app.press('l');
	t.true(app.frame().includes('Loading catalogue … 40 %'));
	app.close();
});

test('a server that cannot be reached leaves the catalogue to browse', async t => {
	const fake = setUp({
		async libraries() {
			throw new AppError('unreachable', 'The server does not answer.', {hint: 'Is it switched on?'});
		},
	});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('The server does not answer.'));
	await app.press('l');
	await app.until(frame => frame.includes('Alien'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('what must be known before all else stands on every screen, and a reader cannot import', async t => {
	const app = await browse(setUp({initial: {connection, catalog: header, readOnlyReason: 'Another reelcat (pid 7) writes; this one only reads.'}}));
	t.true(app.lines()[2]?.includes('Another reelcat (pid 7) writes'));
	t.true(app.lines()[0]?.includes('read-only'));
	await app.press('I');
	t.true(app.lines().at(-2)?.includes('this one only reads'));
	t.is(app.lines().length, 24);
	app.close();
});

test('a reader that may write by now says no more that it only reads, and imports', async t => {
	let reason: string | undefined = 'Another reelcat (pid 7) writes; this one only reads.';
	const fake = setUp({initial: {connection, catalog: header, readOnlyReason: reason}, readOnlyReason: () => reason});
	const app = await browse(fake);
	t.true(app.frame().includes('(pid 7)'));
	reason = undefined;
	fake.changeCatalog();
	await app.until(frame => !frame.includes('(pid 7)') && !frame.includes('read-only'));
	await app.press('I');
	t.false(app.frame().includes('only reads'));
	app.close();
});

test('what is no AppError is a bug, and ends the app instead of looking like bad luck', async t => {
	const bug = new TypeError('x is not a function');
	const app = await openApp(setUp({
		async libraries() {
			throw bug;
		},
	}).services);
	await app.until(() => app.failures.length > 0);
	t.deepEqual(app.failures, [bug]);
	app.close();
});

test('F1 and ? open the keys of the screen', async t => {
	const app = await browse(setUp());
	await app.press(keys.f1);
	t.true(app.frame().includes('Keys of the list'));
	await app.press('?');
	t.false(app.frame().includes('Keys of the list'));
	app.close();
});

test('the detail shows every field that the view-model has, cleaned and wrapped, and J scrolls it', async t => {
	const summary = `\u{1B}[31m${'word '.repeat(400)}end of the summary`;
	const fake = setUp();
	const {detail} = fake.services;
	fake.services.detail = async id => {
		const found = await detail(id);
		return found && {...found, item: {...found.item, summary, tagline: 'In space no one can hear you scream.'}};
	};

	const app = await browse(fake);
	await app.press(keys.enter);
	await app.until(frame => frame.includes('In space no one can hear you scream.'));
	t.false(app.frame().includes('end of the summary'));
	t.false(app.frame().includes('\u{1B}'));
	t.true(app.lines().every(line => displayWidth(line) <= 80));
	await app.press('G');
	t.true(app.frame().includes('end of the summary'));
	await app.press('K', 'K', 'K', 'K', 'K', 'K', 'K', 'K', 'K', 'K');
	t.true(app.frame().includes('word'));
	app.close();
});

test('the detail begins with what people look for, and ] and [ go through its tabs', async t => {
	const fake = setUp();
	const {detail} = fake.services;
	fake.services.detail = async id => {
		const found = await detail(id);
		return found && {
			...found,
			item: {
				...found.item,
				ratings: [{source: 'imdb', kind: 'audience', value: 7.5}],
				versions: [{
					id: 'v1', resolution: '4k', videoCodec: 'hevc', hdr: 'HDR10', audioCodec: 'truehd', audioChannels: 8, subtitles: [{language: 'English'}], parts: [{fileId: 'f1'}],
				}],
			},
			files: new Map([['f1', {
				id: 'f1', kind: 'file', serverId: 'server', path: '/films/alien.mkv', sizeBytes: 20_500_000_000,
			}]]),
		};
	};

	const app = await browse(fake);
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Picture'));
	t.deepEqual(app.lines().slice(2, 9).map(line => line.replace(/[ ─│╮▐]+$/v, '')), [
		'╭─ Overview  Files and streams  History  Ids',
		'│Picture    4K · HEVC  HDR10',
		'│Sound      TrueHD 7.1',
		'│Subtitles  English',
		'│Size       20.5 GB',
		'│Rating     ███████▌░░ 7.5',
		'│File       /films/alien.mkv',
	]);
	await app.press(']');
	t.true(app.lines()[3]?.startsWith('│Version'));
	await app.press('[', '[');
	t.true(app.lines()[3]?.startsWith('│Ids'));
	app.close();
});

test('what a list is sorted by stands in its border where no column shows it', async t => {
	const app = await browse(setUp());
	await app.press('s', 'j', 'j', keys.enter);
	await app.until(frame => frame.includes('╭─ Movies  by date added ↓ ─'));
	await app.press('S');
	await t.notThrowsAsync(app.until(frame => frame.includes('by date added ↑')));
	app.close();
});

test('the help, the sort menu and the question before quitting lie over the screen, which stays in sight', async t => {
	const app = await browse(setUp());
	await app.press('s');
	t.regex(app.frame(), /╭─ Sort by ─+╮/v);
	t.true(app.frame().includes('Alien'));
	await app.press(keys.escape, '?');
	t.regex(app.lines()[2]!, /^╭─ ╭─ Keys .*1-\d+ of \d+ lines ╮/v);
	await app.resize({columns: 40, rows: 10});
	t.true(app.lines()[1]?.startsWith('Keys'));
	app.close();
});

test('the keys of the help are in two columns where there is room, and can be searched', async t => {
	const app = await browse(setUp(), {columns: 120, rows: 40});
	await app.press('?');
	t.regex(app.frame(), /Keys of the list +Moving/v);
	t.true(app.frame().includes('Everywhere'));
	await app.press('/', 'r', 'e', 'v', 'e', 'r', 's', 'e');
	t.true(app.frame().includes('╭─ Keys  /reverse ─'));
	t.true(app.frame().includes('Reverse the order'));
	t.false(app.frame().includes('Filter as you type'));
	await app.press('q', 'q');
	t.true(app.frame().includes('No key does that here.'));
	await app.press(keys.escape);
	t.true(app.frame().includes('Filter as you type'));
	app.close();
});

test('T shows each theme at once, Enter keeps it and Esc brings back the one before', async t => {
	const kept: string[] = [];
	const fake = setUp({
		initial: {connection, catalog: header, theme: 'warm'}, async chooseTheme(name) {
			kept.push(name);
		},
	});
	const app = await browse(fake);
	t.is(app.store.get().themeName, 'warm');
	await app.press('T', 'k', 'k');
	t.is(app.store.get().themeName, 'light');
	t.true(app.frame().includes('╭─ Theme ─'));
	t.true(app.frame().includes('› Light'));
	t.true(app.frame().includes('Colours are off here, so all themes look alike.'));
	await app.press(keys.escape);
	t.is(app.store.get().themeName, 'warm');
	await app.press('T', 'g', 'g', keys.enter);
	t.is(app.store.get().themeName, 'terminal');
	t.deepEqual(kept, ['terminal']);
	t.is(app.store.get().stack.length, 2);
	app.close();
});

test('a failure of something small is said, and does not end the app', async t => {
	const app = await openApp(setUp({
		async chooseLibraries() {
			throw new AppError('not-writable', 'The settings cannot be written.', {hint: 'Make the folder writable.'});
		},
	}).services);
	await app.until(frame => frame.includes('[x] Movies'));
	await app.press(' ');
	await app.until(frame => frame.includes('✗ The settings cannot be written. Make the folder writable.'));
	t.deepEqual(app.failures, []);
	t.is(app.lines().length, 24);
	app.close();
});

test('a long notice is wrapped, not cut, and Esc hides it', async t => {
	const notice = 'The catalogue was damaged, was moved aside to catalog.json.damaged-1 and a new one was begun.';
	const app = await openApp(setUp({initial: {connection, catalog: header, notice}}).services);
	await app.until(frame => frame.includes('begun.'));
	t.is(app.lines().length, 24);
	await app.press(keys.escape);
	t.false(app.frame().includes('begun.'));
	app.close();
	const small = await openApp(setUp({initial: {connection, catalog: header, notice: `${notice} ${notice}`}}).services, {columns: 40, rows: 10});
	await small.until(frame => frame.includes('(Esc hides this.)'));
	small.close();
});

test('a notice that comes up while the catalogue is read, or later, is shown; one that was hidden stays hidden', async t => {
	const fake = setUp({
		async load() {
			fake.notify('The end of the journal was cut off and set aside.');
		},
	});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('! The end of the journal was cut off and set aside.'));
	await app.press(keys.escape);
	t.false(app.frame().includes('set aside'));
	fake.changeCatalog(header);
	t.false(app.frame().includes('set aside'));
	fake.notify('Another process has moved the catalogue.');
	fake.changeCatalog(header);
	await app.until(frame => frame.includes('! Another process has moved the catalogue.'));
	app.close();
});

test('a notice is shown also when the catalogue cannot be read', async t => {
	const fake = setUp({
		async load() {
			fake.notify('The journal was set aside.');
			throw new AppError('damaged', 'The catalogue is damaged.');
		},
	});
	const app = await openApp(fake.services);
	await t.notThrowsAsync(app.until(frame => frame.includes('! The journal was set aside.')));
	app.close();
});

test('on a narrow terminal the filter and the end of the way stay in sight', async t => {
	const app = await browse(setUp({initial: {connection: {...connection, serverName: 'A server with a very long name'}, catalog: header}}), {columns: 40, rows: 10});
	t.true(app.lines()[0]?.startsWith('… › Movies '));
	await app.press('/', 'a', 'l', 'i', keys.enter);
	await app.until(frame => frame.includes('1/1 (3)'));
	t.regex(app.lines()[0]!, /Movies {2}\/ali +1\/1 \(3\)$/v);
	app.close();
});

test('a long filter of wide characters shows its end, where the caret is', async t => {
	const app = await browse(setUp(), {columns: 40, rows: 10});
	await app.press('/', ...'東京物語東京物語東京物語東京物語晩春');
	await app.until(frame => frame.includes('0/0 (3)'));
	t.regex(app.lines()[0]!, /^\/[京東物語]+晩春 +0\/0 \(3\)$/v);
	t.is(displayWidth(app.lines()[0]!), 40);
	app.close();
});

test('a library that went from the server can be browsed, but neither ticked nor imported', async t => {
	const fake = setUp({libraries: async () => [row('shows', {title: 'Shows', type: 'show'})]});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('Shows'));
	await app.until(frame => /› Movies.*\n.*No longer on the server/v.test(frame));
	for (const key of [' ', 'I']) {
		await app.press(key);
		t.true(app.lines().at(-2)?.trim().startsWith('! No longer on the server; l browses'));
	}

	await app.press('l');
	await app.until(frame => frame.includes('Alien'));
	t.deepEqual(fake.calls, []);
	app.close();
});

test('the reason why a library cannot be ticked stands in full below the list or in its card', async t => {
	const reason = 'Music cannot be imported: reelcat keeps movies and shows only, and neither songs nor albums.';
	const app = await openApp(setUp({libraries: async () => [row('music', {title: 'Music', type: 'artist', disabledReason: reason})], initial: {connection}}).services, {columns: 76});
	await app.until(frame => frame.replaceAll(/[\s│]+/gv, ' ').includes(reason));
	t.is(app.lines().length, 24);
	await app.resize({columns: 80, rows: 24});
	t.is(app.frame().replaceAll(/[\s│]+/gv, ' ').split(reason).length, 2);
	app.close();
});

test('a key that nothing knows says where the keys are, and Esc takes back a count before it leaves', async t => {
	const app = await browse(setUp());
	await app.press('%');
	t.regex(app.lines().at(-2)!, / ! % does nothing here; \? shows the keys\. ─╯$/v);
	await app.press('5');
	t.true(app.lines().at(-1)?.startsWith('5 '));
	await app.press(keys.escape);
	t.true(app.lines()[0]?.includes('Movies'));
	await app.press('j');
	t.true(app.lines()[2]?.endsWith(' 2/3 ╮'));
	app.close();
});

test('F1 shows the keys while text is typed, and the text stays', async t => {
	const app = await browse(setUp());
	await app.press('/', 'a', keys.f1);
	t.true(app.frame().includes('While filtering'));
	await app.press(keys.escape, 'l');
	t.true(app.lines()[0]?.startsWith('/al'));
	app.close();
});

test('function keys other than F1 do nothing and say nothing', async t => {
	const app = await browse(setUp());
	const before = app.frame();
	await app.press('\u{1B}[15~', '\u{1B}OQ', '\u{1B}[24~', '\u{1B}[2~');
	t.is(app.frame(), before);
	app.close();
});

test('in a filter Alt and Ctrl keys move and erase by words; where nothing needs Alt, Esc and a key in one piece are two keys', async t => {
	const app = await browse(setUp());
	await app.press('/', 'a lien', '\u{1B}b', 'X');
	t.true(app.lines()[0]?.startsWith('/a Xlien'));
	await app.press('\u{1B}[1;5D', '\u{1B}[1;5D', 'Y', '\u{1B}f', '\u{B}');
	t.is(app.lines()[0]?.trimEnd(), '/Ya');
	t.false(app.lines()[0]?.includes('lien'));
	await app.press('\u{17}', 'al', keys.enter, '\u{1B}q');
	t.false(app.lines()[0]?.includes('/al'));
	t.false(app.lines()[0]?.includes('Movies'));
	app.close();
});

test('n and N go to the next and the previous match, and around the ends', async t => {
	const app = await browse(setUp());
	const reach = async (place: string) => {
		await t.notThrowsAsync(app.until(frame => frame.includes(place)));
	};

	await app.press('n');
	t.regex(app.lines().at(-2)!, /no matches to go to/v);
	await app.press('/', 'a');
	await reach('1/2 (3)');
	await app.press(keys.enter, 'n');
	await reach('2/2 (3)');
	await app.press('n');
	await reach('1/2 (3)');
	await app.press('N');
	await reach('2/2 (3)');
	await app.press('3', 'n');
	await reach('1/2 (3)');
	app.close();
});

test('Ctrl-R brings back the filters that were kept, newest first', async t => {
	const app = await browse(setUp());
	await app.press('/', '\u{12}');
	t.regex(app.lines().at(-2)!, /No filter was kept yet/v);
	await app.press('cas', keys.enter, '/', keys.ctrlU, 'alien', keys.enter, '/', keys.ctrlU, 'gone', keys.escape, '/');
	for (const text of ['alien', 'cas', 'alien']) {
		await app.press('\u{12}');
		t.is(app.lines()[0]?.trimEnd(), `/${text}`);
	}

	app.close();
});

test('Enter on the address goes to the token even when one was typed, as the footer says; on the token it connects', async t => {
	const asked: unknown[] = [];
	const app = await openApp(setUp({
		initial: {},
		async connect(target) {
			asked.push(target);
			return connection;
		},
	}).services);
	await app.press('j', keys.enter, 'attic:32400', keys.tab, 'secret');
	t.true(app.lines().at(-1)?.startsWith('Enter connect  '));
	await app.press(keys.tab);
	t.true(app.lines().at(-1)?.startsWith('Enter next  '));
	await app.press(keys.enter);
	t.deepEqual(asked, []);
	t.true(app.lines().at(-1)?.startsWith('Enter connect  '));
	await app.press(keys.enter);
	await app.until(() => asked.length === 1);
	t.deepEqual(asked, [{kind: 'server', url: 'attic:32400', token: 'secret'}]);
	app.close();
});

test('Enter on an empty address says what is missing and stays there', async t => {
	const app = await openApp(setUp({initial: {}}).services);
	await app.press('j', keys.enter, keys.enter);
	t.regex(app.lines().at(-1)!, /Type the address of the server first/v);
	await app.press('q');
	t.regex(app.frame(), /Address +q/v);
	app.close();
});

test('a server name with escape sequences does not reach the terminal', async t => {
	const app = await openApp(setUp({
		libraries: async () => new Promise<never>(() => {}), // eslint-disable-line @typescript-eslint/no-empty-function
		initial: {connection: {...connection, serverName: '\u{1B}[2JAttic\u{202E}'}},
	}).services);
	await app.until(frame => frame.includes('Asking Attic for its libraries'));
	t.notRegex(app.frame().replaceAll('\n', ''), /[\p{Control}\u{202E}]/v);
	app.close();
});

test('while the answer to a cleared filter is awaited, nothing wrong is said about the library', async t => {
	const fake = setUp();
	const {glance} = fake.services.index;
	const answer = Promise.withResolvers<undefined>();
	let isSlow = false;
	fake.services.index.glance = async (query, options) => {
		if (isSlow) {
			await answer.promise;
		}

		return glance(query, options);
	};

	const app = await browse(fake);
	await app.press('/', 'z');
	await app.until(frame => frame.includes('Nothing matches the filter.'));
	isSlow = true;
	await app.press(keys.escape);
	t.false(app.frame().includes('No movies are in the catalogue'));
	answer.resolve(undefined);
	await app.until(frame => frame.includes('Alien'));
	app.close();
});

test('keys that are quicker than the answers go to the newest question, and late answers to none', async t => {
	const fake = setUp();
	const {glance} = fake.services.index;
	const answers: Array<() => void> = [];
	let isSlow = false;
	fake.services.index.glance = async (query, options) => {
		if (isSlow) {
			const {promise, resolve} = Promise.withResolvers<undefined>();
			answers.push(() => {
				resolve(undefined);
			});
			await promise;
		}

		return glance(query, options);
	};

	const app = await browse(fake);
	isSlow = true;
	await app.press('/', 'a', 'l', 'i');
	t.is(answers.length, 3);
	for (const tell of answers.toReversed()) {
		tell();
	}

	await app.until(frame => frame.includes('1/1 (3)'));
	await setImmediate();
	t.true(app.frame().includes('Alien'));
	t.false(app.frame().includes('Casablanca'));
	app.close();
});

test('at 40x10 a failure to connect is there with what to do', async t => {
	const app = await openApp(setUp({
		initial: {formUrl: 'http://attic', hasToken: false},
		async connect() {
			throw new AppError('unreachable', 'attic refuses the connection: nothing listens on that port.', {
				hint: 'Check that Plex Media Server is running and that the port is right (usually 32400).',
			});
		},
	}).services, {columns: 40, rows: 10});
	await app.press(keys.enter, keys.enter, keys.enter);
	await app.until(frame => frame.includes('refuses the connection'));
	t.true(app.frame().includes('(usually 32400).'), app.frame());
	app.close();
});

test('of an address that was copied from a browser only the server stays in the form, and it is said what was left out', async t => {
	const asked: unknown[] = [];
	const app = await openApp(setUp({
		initial: {formUrl: 'http://attic:32400/library?X-Plex-Token=s3cr3t', hasToken: true},
		readAddress: () => ({url: 'http://attic:32400', leftOut: 'Only http://attic:32400 is used.'}),
		async connect(target) {
			asked.push(target);
			throw new AppError('unreachable', 'attic refuses the connection.');
		},
	}).services);
	await app.press(keys.enter, keys.enter);
	await app.until(frame => frame.includes('refuses the connection'));
	t.deepEqual(asked, [{kind: 'server', url: 'http://attic:32400', token: undefined}]);
	t.true(app.frame().includes('Only http://attic:32400 is used.'), app.frame());
	t.false(app.frame().includes('s3cr3t'));
	app.close();
});

test('a library of which the catalogue has more than the server is marked, and selected it says why', async t => {
	const app = await openApp(setUp({
		async libraries() {
			return [{...rows[0]!, serverCount: 2, surplus: 'The catalogue has 1 more than the server: a sync shows what became of the rest.'}];
		},
		initial: {connection},
	}).services);
	await app.until(frame => frame.includes('The catalogue has 1 more than the server: a sync shows'));
	t.regex(app.frame(), /3 movies \(server 2\)/v);
	t.regex(app.frame(), /─ ! 3 days ago ─/v);
	app.close();
});

test('where the libraries leave no room, a server that does not answer is said in the last lines', async t => {
	let asked = 0;
	const app = await openApp(setUp({
		async libraries() {
			asked++;
			if (asked > 1) {
				throw new AppError('unreachable', 'The server does not answer.', {hint: 'Is it switched on?'});
			}

			return Array.from({length: 8}, (_, number) => row(`l${number}`));
		},
		initial: {connection},
	}).services, {columns: 40, rows: 10});
	await app.until(frame => frame.includes('l5'));
	await app.press('r');
	await app.until(frame => frame.includes('The server does not answer.'));
	t.regex(app.frame(), /Is it\s+switched on\?/v);
	t.is(app.lines().length, 10);
	app.close();
});

test('to connect is a dialog in the middle where there is room, and has no borders where there is not', async t => {
	const app = await openApp(fakeServices().services, {columns: 120, rows: 40});
	await app.until(frame => frame.includes('Demo server'));
	const lines = app.lines();
	const top = lines.findIndex(line => line.includes('─ Connect ─'));
	t.regex(lines[top]!, /^ {14}╭─ Connect ─+╮$/v);
	const choices = lines.filter(line => /Sign in with Plex|Plex server address|Demo server/v.test(line));
	t.is(choices.length, 3);
	t.true(choices.every(line => /^ {14}│.{90}│$/v.test(line)));
	await app.resize({columns: 40, rows: 10});
	t.notRegex(app.frame(), /[│╭]/v);
	t.regex(app.frame(), /› Sign in with Plex/v);
	app.close();
});
