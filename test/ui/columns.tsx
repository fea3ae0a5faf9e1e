import test from 'ava';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import {topScreen} from '../../source/ui/ui-state.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';

const counts = {
	movie: 2, show: 0, season: 0, episode: 0,
};

const browse = async ({columns = 80, rows = 24, hiddenColumns}: {columns?: number; rows?: number; hiddenColumns?: readonly string[]} = {}) => {
	const kept: Array<readonly string[]> = [];
	const {services} = fakeServices({
		items: [movie(1, {sizeBytes: 20_512_000_000, sound: 'DD+ 5.1'}), movie(2, {sizeBytes: 700_000_000})],
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie', {counts})]}, hiddenColumns},
		keepColumns(hidden) {
			kept.push(hidden);
		},
	});
	const app = await openApp(services, {columns, rows});
	await app.until(frame => frame.includes('Movies'));
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	return {...app, kept, heading: () => app.lines().find(line => line.includes('Title'))!};
};

test('a list has the size of each item, and the totals of all of them in its border and in the header', async t => {
	const app = await browse({columns: 100});
	await app.until(frame => /^╰─+ 2 movies, 4 h, 21\.2 GB ╯$/mv.test(frame));
	await app.until(() => /2 items {2}4 h {2}21\.2 GB$/v.test(app.lines()[1]!));
	t.regex(app.frame(), /Movie 1 .* 20\.5 GB /v);
	t.regex(app.frame(), /Movie 2 .* 700\.0 MB /v);
	await app.press('s');
	t.true(app.frame().includes('Size'));
	app.close();
});

test('c chooses the columns: one that is hidden makes room for others, at once, and the choice is kept', async t => {
	const app = await browse();
	t.true(app.heading().includes('Rating'));
	t.false(app.heading().includes('Sound'));
	await app.press('c');
	t.is(topScreen(app.store.get()).name, 'columns');
	t.regex(app.frame(), /\[x\] Sound +no room now/v);
	const at = app.lines().filter(line => /\[[ x]\]/v.test(line)).findIndex(line => line.includes('Size'));
	await app.press('j'.repeat(at), ' ');
	t.deepEqual(app.kept, [['sizeBytes']]);
	t.regex(app.frame(), /› \[ \] Size/v);
	t.regex(app.frame(), /\[x\] Sound +│/v);
	await app.press('\u{1B}');
	await app.until(() => app.heading().includes('Sound'));
	t.false(app.heading().includes('Size'));
	await app.press('c', 'j'.repeat(at), ' ');
	t.deepEqual(app.kept.at(-1), []);
	app.close();
});

test('columns that were hidden stay hidden, and what the list is sorted by is then said in its title', async t => {
	const app = await browse({columns: 120, rows: 14, hiddenColumns: ['year', 'hdr']});
	t.notRegex(app.heading(), /Year|HDR/v);
	t.regex(app.heading(), /Length .*Size/v);
	await app.press('s', 'j', '\r');
	t.like(browseScreen(app.store.get())!.query, {sort: 'year'});
	await app.until(frame => frame.includes('Movies  by year'));
	app.close();
});
