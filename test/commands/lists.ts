import test from 'ava';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {loadReport} from '../../source/reports/registry.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {runCommand} from '../helpers/run-command.js';
import {collection, playlist} from '../helpers/store-records.js';
import {makeItem, makeLibrary, showItems} from '../query/_items.js';
import {commit} from './_past.js';

const listsStore = async () => {
	const store = createMemoryStore();
	await store.load();
	const here = {serverId: 'server', libraryId: 'films'};
	await commit(store, {
		libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')],
		put: [
			makeItem('m1', {title: 'Nosferatu', year: 1922}),
			makeItem('m2', {title: 'Cube', year: 1997}),
			...showItems(),
			collection('c10', ['m2', 'm1'], {
				...here, title: 'Old \u{1B}[31mHouses', order: 'custom', summary: 'Both of them.',
			}),
			collection('c11', ['m1'], {
				...here, title: 'Unseen', smart: true, filter: '/library/sections/1/all?unwatched=1', unknownItems: 2,
			}),
			collection('c12', ['show1'], {serverId: 'server', libraryId: 'shows', title: 'Unseen'}),
			{...playlist('q20', ['m1', 'episode11', 'm1']), serverId: 'server', title: 'Twice'},
		],
	});
	return store;
};

const json = async (...args: string[]) => JSON.parse((await runCommand(await listsStore(), [...args, '--json'])).stdout) as Record<'collections' | 'playlists', Array<Record<string, unknown>>>;

test('collections lists those of all libraries, smart ones with their filter, and one library alone', async t => {
	const {collections} = await json('collections');
	t.deepEqual(collections.map(({id, title, library, smart, items}) => [id, title, library, smart, items]), [
		['c10', 'Old \u{1B}[31mHouses', 'Films', false, ['m2', 'm1']],
		['c11', 'Unseen', 'Films', true, ['m1']],
		['c12', 'Unseen', 'Shows', false, ['show1']],
	]);
	t.like(collections[1], {
		ratingKey: '11', filter: '/library/sections/1/all?unwatched=1', unknownItems: 2, serverId: 'server', server: 'Attic',
	});
	t.deepEqual((await json('collections', '--library', 'Shows')).collections.map(({id}) => id), ['c12']);
	const {stdout} = await runCommand(await listsStore(), ['collections']);
	t.deepEqual(stdout.split('\n', 1)[0]!.split(/\s+/v), ['Title', 'Items', 'Kind', 'Library', 'Filter', 'Id']);
	t.false(stdout.includes('\u{1B}'));
});

test('with a name the members are listed in their order, an episode with its show, and one twice if it is in twice', async t => {
	const {stdout} = await runCommand(await listsStore(), ['collections', 'old', '\u{1B}[31mhouses']);
	t.regex(stdout, /^Old .*Houses \(Films\): 2 items\nBoth of them\.\nType +Year +Title +Id\nmovie +1997 +Cube +m2\nmovie +1922 +Nosferatu +m1\n$/v);
	const both = await runCommand(await listsStore(), ['collections', 'unse']);
	t.regex(both.stdout, /Unseen \(Films\): 1 item\nFilter: \/library\/sections\/1\/all\?unwatched=1\n2 members of it are not in the catalogue\.\n[\s\S]*\n\nUnseen \(Shows\): 1 item/v);
	t.deepEqual((await json('collections', 'c12')).collections.map(({id}) => id), ['c12']);
	t.deepEqual((await json('collections', '10')).collections.map(({id}) => id), ['c10']);
	const twice = await runCommand(await listsStore(), ['playlists', 'twice']);
	t.regex(twice.stdout, /Twice: 3 items\n[\s\S]*Nosferatu[\s\S]*– S01E01 Episode 1[\s\S]*Nosferatu/v);
	t.deepEqual((await json('playlists')).playlists.map(({items}) => items), [['m1', 'episode11', 'm1']]);
});

test('playlists of one title on several servers tell their server on the screen', async t => {
	const store = await listsStore();
	await commit(store, {put: [{...playlist('q21', ['m2']), serverId: 'barn', title: 'Twice'}]});
	const rows = await loadReport({name: 'playlists'}, {
		store, index: createCatalogIndex(), queryWorld: () => ({now: new Date(), libraries: [], servers: []}), signal: AbortSignal.any([]), logFolder: '', runningSince: undefined, now: () => new Date(),
	});
	t.deepEqual(rows.map(({cells}) => cells[0]), ['Twice (barn)', 'Twice (Attic)']);
});

test('a name of none is refused with what to do, and a catalogue without any says so', async t => {
	await t.throwsAsync(runCommand(await listsStore(), ['playlists', 'nope']), {code: 'not-found', message: 'There is no playlist "nope" in the catalogue.'});
	const store = createMemoryStore();
	await store.load();
	const {stdout} = await runCommand(store, ['playlists']);
	t.is(stdout, 'The catalogue has no playlists. An import or sync reads them.\n');
});
