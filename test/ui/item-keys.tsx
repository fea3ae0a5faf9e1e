import test, {type ExecutionContext} from 'ava';
import {webAddressOf} from '../../source/catalog/web-address.js';
import {idLines} from '../../source/ui/screens/copy/texts.js';
import {catalogChanged} from '../../source/ui/screens/libraries/reduce.js';
import {mostCopiedBytes} from '../../source/ui/output/clipboard.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	item,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const header = {
	...emptyHeader,
	servers: [{id: 'server', machineIdentifier: 'abc 1', name: 'Attic'}],
	libraries: [library('movies', 'movie')],
};

type Fake = Parameters<typeof fakeServices>[0];

const openList = async (t: ExecutionContext, fake: Fake = {}, options: Parameters<typeof openApp>[1] = {}) => {
	const {services, calls} = fakeServices({
		initial: {connection, catalog: header}, libraries: async () => [row('movies', {title: 'Movies', catalogCount: 4})], items: [1, 2, 3, 4].map(number => movie(number, {ratingKey: `${number}00`})), ...fake,
	});
	const app = await openApp(services, options);
	t.teardown(app.close);
	await app.until(frame => frame.includes('[ ] Movies'));
	await app.press('l');
	await app.until(frame => frame.includes('1/4'));
	return {...app, calls, index: services.index};
};

test('marks stand at their rows, their number and size before the position, and Esc takes them away before anything else', async t => {
	const app = await openList(t);
	await app.press(' ', ' ');
	await app.until(frame => frame.includes('2 marked, 2.0 GB  3/4'));
	t.regex(app.frame(), /^│ \*● Movie 1/mv);
	t.regex(app.frame(), /^│› ● Movie 3/mv);
	await app.press('/', '4', keys.enter);
	await app.until(frame => frame.includes('2 marked, 2.0 GB  1/1 (4)'));
	await app.press(keys.escape);
	await app.until(frame => !frame.includes('marked') && frame.includes('1/1 (4)'));
	await app.press(keys.escape);
	await app.until(frame => /\d\/4/v.test(frame));
	await app.press('g', 'g', 'V', 'j', 'j');
	await app.until(frame => frame.includes('3 marked  3/4'));
	await app.press('V', '*');
	await app.until(frame => frame.includes('1 marked, 1.0 GB'));
	await app.press('q');
	await app.until(frame => !frame.includes('Movie 1'));
});

test('what goes from the catalogue while it is marked is not marked any more', async t => {
	const app = await openList(t);
	await app.press(' ', ' ');
	await app.until(frame => frame.includes('2 marked, 2.0 GB'));
	app.index.remove(['m1']);
	app.controller.tell(catalogChanged(header));
	await app.until(frame => frame.includes('1 marked, 1.0 GB'));
	t.false(app.frame().includes('2 marked'));
});

test('y copies what is under the cursor or all that is marked, and says what, since a terminal does not answer', async t => {
	const app = await openList(t);
	await app.press('y');
	await app.until(frame => frame.includes('› t  Title'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Sent to the clipboard: the title of "Movie 1". A terminal does not answer'));
	t.deepEqual(app.copied, ['Movie 1']);
	await app.press('*', 'y');
	await app.until(frame => frame.includes('Copy of 4 items'));
	await app.press('a');
	await app.until(frame => frame.includes('the addresses of 4 items'));
	t.is(app.copied[1]!.split('\n').length, 4);
	t.true(app.copied[1]!.startsWith('https://app.plex.tv/desktop/#!/server/abc%201/details?key=%2Flibrary%2Fmetadata%2F100\n'));
	await app.press('y', 'r');
	await app.until(frame => frame.includes('the records of 4 items'));
	t.is(app.copied[2], '{"id":"m1"}\n{"id":"m2"}\n{"id":"m3"}\n{"id":"m4"}');
	await app.press('y', 'p');
	await app.until(frame => frame.includes('Nothing to copy: the catalogue does not know the paths of 4 items.'));
	await app.press('y', 'w');
	await app.until(frame => frame.includes('There is no row, as text to copy here.'));
	t.is(app.copied.length, 3);
});

test('what goes to the clipboard is cleaned, and too much is not sent', async t => {
	const hostile = [movie(1, {title: 'Alien\u{1B}]52;c;eA==\u{7}s\nrm -rf ~\u{202E}', ratingKey: '1'}), ...[2, 3, 4].map(number => movie(number))];
	const app = await openList(t, {items: hostile});
	await app.press('y', 't');
	await app.until(frame => frame.includes('Sent'));
	t.deepEqual(app.copied, ['Aliens rm -rf ~']);
	const long = await openList(t, {items: [movie(1, {title: 'ö'.repeat((mostCopiedBytes / 2) + 1)}), ...[2, 3, 4].map(number => movie(number))]});
	await long.press('y', 't');
	await long.until(frame => frame.includes('Too much for a clipboard'));
	t.deepEqual(long.copied, []);
});

test('in tmux it is said what must be set; where there is no clipboard the text is shown', async t => {
	const inTmux = await openList(t, {}, {clipboard: 'tmux'});
	await inTmux.press('y', 't');
	await inTmux.until(frame => frame.includes('"set-clipboard on" or'));
	t.deepEqual(inTmux.copied, ['Movie 1']);
	const without = await openList(t, {}, {clipboard: 'none'});
	await without.press('y', 'i');
	await without.until(frame => frame.includes('To copy by hand') && frame.includes('reelcat m1') && frame.includes('no clipboard that a program can reach'));
});

test('e writes the records of what is marked and says where; o opens Plex Web; P plays; both take one item only', async t => {
	const app = await openList(t);
	await app.press(' ', ' ', 'e');
	await app.until(frame => frame.includes('Written, 2 records as NDJSON: /home/me/reelcat.ndjson'));
	await app.press('o');
	await app.until(frame => frame.includes('Only one item can be opened at a time'));
	await app.press(keys.escape, 'o');
	await app.until(frame => frame.includes('Opened in Plex Web: "Movie 3".'));
	await app.press('P');
	await app.until(frame => frame.includes('Starting mpv for "Movie 3".'));
	t.deepEqual(app.calls, ['export m1,m2', 'open https://app.plex.tv/desktop/#!/server/abc%201/details?key=%2Flibrary%2Fmetadata%2F300', 'play m3']);
});

test('where no browser can be opened, the address is shown and copied', async t => {
	const {services} = fakeServices();
	const app = await openList(t, {itemTools: {...services.itemTools, openAddress: async () => 'There is no desktop here'}});
	await app.press('o');
	const address = 'https://app.plex.tv/desktop/#!/server/abc%201/details?key=%2Flibrary%2Fmetadata%2F100';
	await app.until(frame => frame.includes('There is no desktop here; the address was sent to the clipboard:') && frame.replaceAll(/[\s│╯]/gv, '').includes(address));
	t.deepEqual(app.copied, [address]);
});

test('in a report the rows and their items are copied, and headings have no mark', async t => {
	const app = await openList(t);
	await app.press('C');
	await app.until(frame => frame.includes('Café Linnéa'));
	await app.press('*');
	await app.until(frame => frame.includes('3 marked'));
	t.regex(app.frame(), /^│› Movies: 1 added/mv);
	await app.press('y', 'w');
	await app.until(frame => frame.includes('Sent to the clipboard: 3 rows.'));
	t.is(app.copied[0]!.split('\n', 1)[0], 'added  2026-05-01 10:00  Café Linnéa  4K');
	await app.press('y', 't');
	await app.until(frame => frame.includes('the titles of 3 items'));
	t.is(app.copied[1], 'Movie 1\nMovie 2');
});

test('ids come one a line with their names; an item that the server does not list has no page in Plex Web', t => {
	t.deepEqual(idLines(item('i1', {
		ratingKey: '5', guid: 'plex://movie/1', ids: {
			imdb: ['tt1'], tmdb: ['2', '3'], tvdb: [], other: [{source: 'anidb', id: '9\u{1B}[m'}],
		},
	})), [
		'reelcat i1', 'ratingKey 5', 'guid plex://movie/1', 'imdb tt1', 'tmdb 2', 'tmdb 3', 'anidb 9',
	]);
	t.is(webAddressOf(header, {ratingKey: undefined, libraryId: 'movies'}), undefined);
	t.is(webAddressOf(header, {ratingKey: '1', libraryId: 'other'}), undefined);
});
