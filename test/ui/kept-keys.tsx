import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {LibraryRow} from '../../source/sync/library-record.js';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import type {UiServices} from '../../source/ui/services.js';
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

const two = [row('films', {title: 'Films'}), row('shows', {title: 'Shows', type: 'show'})];

/**
An app whose server answers when the test wants it to. The catalogue has Films only, or nothing.
*/
const waiting = async ({hasFilms = false} = {}) => {
	const {promise, resolve, reject} = Promise.withResolvers<LibraryRow[]>();
	const catalog = {
		...emptyHeader, libraries: hasFilms
			? [library('films', 'movie', {
				title: 'Films', counts: {
					movie: 3, show: 0, season: 0, episode: 0,
				},
			})]
			: [],
	};
	const fake = fakeServices({libraries: async () => promise, initial: {connection, catalog}});
	const app = await openApp(fake.services);
	await app.until(frame => frame.includes('Asking Attic for its libraries'));
	return {
		...app,
		calls: fake.calls,
		async answer(rows = two) {
			resolve(rows);
			await setImmediate();
		},
		async refuse() {
			reject(new AppError('timeout', 'The server did not answer in time.'));
			await setImmediate();
		},
	};
};

test('keys that are pressed before the list of libraries is there are done when it comes', async t => {
	const app = await waiting();
	await app.press('j', 'k', '1', 'j', 'g', 'g', 'G', ' ');
	t.is(app.lines().at(-2)?.trim(), 'Waiting for the list of libraries, then: j k 1 j gg G Space');
	await app.answer();
	await app.until(frame => frame.includes('› [x] Shows'));
	t.true(app.frame().includes('  [ ] Films'));
	t.deepEqual(app.calls, ['choose shows']);
	app.close();
});

test('a and Enter before the list is there import all that the server has, not only what the catalogue has', async t => {
	const app = await waiting({hasFilms: true});
	await app.press('a', keys.enter);
	t.false(app.frame().includes('[x]'));
	await app.answer();
	await app.until(() => app.calls.length === 2);
	t.deepEqual(app.calls, ['choose films,shows', 'import films,shows']);
	app.close();
});

test('what the catalogue has can be browsed before the list is there', async t => {
	const app = await waiting({hasFilms: true});
	await app.press('l');
	await app.until(frame => frame.includes('Attic › Films'));
	await app.answer();
	t.true(app.frame().includes('Attic › Films'));
	app.close();
});

test('Esc takes back what waits, and a server that fails does so too', async t => {
	const app = await waiting();
	await app.press('a', keys.enter, keys.escape);
	t.false(app.frame().includes('Waiting for'));
	await app.answer();
	await app.until(frame => frame.includes('[ ] Films'));
	t.deepEqual(app.calls, []);
	app.close();
	const other = await waiting();
	await other.press('a', keys.enter);
	await other.refuse();
	await other.until(frame => frame.includes('did not answer in time'));
	t.is(other.store.get().kept, undefined);
	t.deepEqual(other.calls, []);
	other.close();
});

/**
An app with six films whose lists and reports are answered when the test wants it, and perhaps also the libraries of its server.
*/
const slow = async ({libraries = async () => [row('films', {title: 'Films'})], report}: Partial<Pick<UiServices, 'libraries' | 'report'>> = {}) => {
	const films = library('films', 'movie', {
		title: 'Films', counts: {
			movie: 6, show: 0, season: 0, episode: 0,
		},
	});
	const {services} = fakeServices({
		items: Array.from({length: 6}, (_, number) => movie(number, {libraryId: 'films'})),
		libraries,
		initial: {connection, catalog: {...emptyHeader, libraries: [films]}},
	});
	const {promise, resolve} = Promise.withResolvers<undefined>();
	const index = {
		...services.index,
		async glance(...asked: Parameters<typeof services.index.glance>) {
			await promise;
			return services.index.glance(...asked);
		},
	};
	const app = await openApp({
		...services, index, async report(...asked) {
			await promise;
			return (report ?? services.report)(...asked);
		},
	});
	await app.until(frame => frame.includes('Films'));
	return {
		...app,
		waits: (keysInWords: string) => app.lines().at(-2)?.includes(`Waiting for the rows, then: ${keysInWords}`),
		answer() {
			resolve(undefined);
		},
	};
};

test('keys that are pressed before the rows of a list are there are done when they come', async t => {
	const app = await slow();
	await app.press('l', '4', 'j', ' ', 'y');
	t.true(app.waits('4 j Space y'), app.frame());
	app.answer();
	await app.until(frame => frame.includes('Copy'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('6/6'));
	t.regex(app.frame(), /1 marked/v);
	app.close();
});

test('steps between posters wait for the rows as well', async t => {
	const app = await slow();
	await app.press('l', 'v', 'l', 'l', 'h');
	t.true(app.waits('l l h'), app.frame());
	app.answer();
	await app.until(frame => frame.includes('2/6'));
	app.close();
});

test('one kind of change and a folded library wait for the rows of the report', async t => {
	const app = await slow();
	await app.press('C', 'f', 'z');
	t.true(app.waits('f z'), app.frame());
	app.answer();
	await app.until(frame => frame.includes('only added') && frame.includes('There is nothing to fold here.'));
	app.close();
	const other = await slow({
		report: async () => [
			{
				id: 'films', cells: ['Films: 1 added'], isHeading: true, isFoldable: true,
			},
			{id: 'alien', cells: ['added', '2026-05-01 10:00', 'Alien', '4K'], kind: 'added'},
		],
	});
	await other.press('C', 'j', 'z');
	t.true(other.waits('j z'), other.frame());
	other.answer();
	await other.until(frame => frame.includes('▸ Films: 1 added'));
	t.false(other.frame().includes('Alien'));
	other.close();
});

test('what is pressed behind a key that waits is done after it, in order', async t => {
	const app = await slow();
	await app.press('l', 'j', 's');
	t.true(app.waits('j s'), app.frame());
	t.false(app.frame().includes('Sort by'));
	app.answer();
	await app.until(frame => frame.includes('Sort by') && frame.includes('2/6'));
	app.close();
});

test('a filter that is typed behind a key that waits is typed after it, whatever its letters do elsewhere', async t => {
	const app = await slow();
	await app.press('l', 'j', '/', ...'q 1gx');
	t.true(app.waits('j / q Space 1 gx'), app.frame());
	app.answer();
	await app.until(frame => frame.includes('/q 1gx'));
	app.close();
});

test('a count and the beginning of a sequence that are typed behind a key that waits go on to the next key', async t => {
	const app = await slow();
	await app.press('l', 'j', '2');
	app.answer();
	await app.until(frame => frame.includes('2/6'));
	await app.press('j');
	await app.until(frame => frame.includes('4/6'));
	app.close();
	const other = await slow();
	await other.press('l', '3', 'j', 'g');
	other.answer();
	await other.until(frame => frame.includes('4/6'));
	await other.press('g');
	await other.until(frame => /\D[14]\/6/v.test(frame) && other.store.get().prefix === '');
	t.true(other.frame().includes('1/6'));
	other.close();
});

test('Esc takes back what waits in a list, and only then leaves it', async t => {
	const app = await slow();
	await app.press('l', 'j', keys.escape);
	t.false(app.frame().includes('Waiting for'));
	t.true(app.frame().includes('Attic › Films'), app.frame());
	await app.press(keys.escape);
	await app.until(frame => !frame.includes('Attic › Films'));
	app.close();
});

test('keys that wait for a list are still there when the libraries of the server come', async t => {
	const {promise, resolve} = Promise.withResolvers<LibraryRow[]>();
	const app = await slow({libraries: async () => promise});
	await app.press('l', '3', 'j');
	t.true(app.waits('3 j'), app.frame());
	resolve([row('films', {title: 'Films'})]);
	await app.until(() => app.store.get().libraries.status === 'ready');
	app.answer();
	await app.until(frame => frame.includes('4/6'));
	app.close();
});

test('g and another key wait together, and so does the other key alone', async t => {
	for (const open of ['l', 'C']) {
		const app = await slow();
		await app.press(open, 'g', 'j');
		t.true(app.waits('gj'), app.frame());
		app.answer();
		await app.until(() => app.store.get().kept === undefined);
		t.deepEqual(app.failures, []);
		t.false(app.frame().includes('Waiting'));
		await app.until(frame => /2\/\d/v.test(frame));
		app.close();
	}
});

test('keys that wait for a list may leave it, or show it in another way', async t => {
	const left = ['q', 'v', '\u{1B}j'];
	const seen = [
		(frame: string) => !frame.includes('Attic › Films'),
		(frame: string) => frame.includes('2/6') && !frame.includes('Title'),
		(frame: string) => !frame.includes('Attic › Films'),
	];
	for (const [at, key] of left.entries()) {
		const app = await slow();
		await app.press('l', 'j', key);
		app.answer();
		await app.until(seen[at]!);
		t.is(app.store.get().kept, undefined);
		t.deepEqual(app.failures, []);
		app.close();
	}
});

test('a filter that waits is kept letter by letter, whatever is a count or begins a sequence elsewhere', async t => {
	for (const text of ['mpg4', '123456789x', 'gg0']) {
		const app = await slow();
		await app.press('l', 'j', '/', ...text);
		app.answer();
		await app.until(() => browseScreen(app.store.get())?.isFiltering === true);
		t.is(browseScreen(app.store.get())!.filter.text, text);
		app.close();
	}
});

test('what works at any time, and the wheel, leave what waits; Ctrl-C does not', async t => {
	const app = await slow();
	await app.press('l', '3', 'j', '\u{C}', '\u{1A}');
	t.true(app.waits('3 j'), app.frame());
	app.controller.point({
		kind: 'wheel-down', button: undefined, column: 3, row: 8,
	});
	await app.press('\u{14}');
	t.deepEqual(app.store.get().kept?.keys, ['3', 'j']);
	t.deepEqual(app.asked, ['repaint', 'suspend']);
	app.answer();
	await app.until(frame => frame.includes('4/6'));
	app.close();
	const other = await slow();
	await other.press('l', 'j', '\u{3}');
	t.is(other.store.get().kept, undefined);
	other.close();
});

test('a text that is pasted behind keys that wait is pasted after them', async t => {
	const app = await slow();
	await app.press('l', 'j', '/', 'a');
	app.controller.paste('5 jq');
	await app.press('z');
	t.true(app.waits('j / a (pasted text) z'), app.frame());
	app.answer();
	await app.until(() => browseScreen(app.store.get())?.isFiltering === true);
	t.is(browseScreen(app.store.get())!.filter.text, 'a5 jqz');
	app.close();
});
