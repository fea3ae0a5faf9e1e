import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {CatalogStore} from '../../../source/catalog/catalog-store.js';
import type {CatalogRecord, Item, Library} from '../../../source/catalog/types.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {
	exportFolder,
	exportRun,
	hostileStore,
	hostileTitles,
	mixedStore,
	storeWith,
	twoServers,
} from '../_exports.js';

const tree = async (t: ExecutionContext, store: CatalogStore, ...args: string[]) => {
	const folder = path.join(await exportFolder(t), 'out');
	const {stderr} = await exportRun(store, ['--format', 'nfo', '-o', folder, ...args]);
	const names = (await readdir(folder, {recursive: true, withFileTypes: true})).filter(entry => entry.isFile()).map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
	return {
		names: names.toSorted(), stderr: stderr.replaceAll(folder, 'DIR'), read: async (name: string) => readFile(path.join(folder, name), 'utf8'),
	};
};

const storeOf = async (libraries: readonly Library[], put: readonly CatalogRecord[]) => storeWith(put, libraries);

const file = (id: string, at: string): CatalogRecord => ({
	id, kind: 'file', serverId: 'server', path: at,
});

const films = (...locations: string[]): Library => ({...makeLibrary('films', 'Films'), locations});
const shows = (...locations: string[]): Library => ({...makeLibrary('shows', 'Shows', 'show'), locations});

const versionOf = (...fileIds: string[]) => ({id: fileIds.join(''), parts: fileIds.map(fileId => ({fileId}))});

const inShow = (id: string, fields: Partial<Item>) => makeItem(id, {libraryId: 'shows', showId: 'show1', ...fields});

test('folders of libraries with one title on several servers tell the server', async t => {
	const {names} = await tree(t, await twoServers());
	t.deepEqual(names, ['Films@Attic/m/a.nfo', 'Films@Barn/m/a.nfo']);
});

test('each library has a folder, and each of its locations, in which the files lie as the media do', async t => {
	const store = await storeOf([films('/srv/films', '/srv/films-4k'), shows(String.raw`D:\TV`)], [
		makeItem('m1', {title: 'Orsa', versions: [versionOf('a'), {...versionOf('b'), resolution: '4k'}, {...versionOf('c'), optimized: true}]}),
		makeItem('m2', {title: 'Elsewhere', versions: [versionOf('d')]}),
		file('a', '/srv/films/Orsa (2016)/Orsa - 1080p.mkv'),
		file('b', '/srv/films-4k/Orsa (2016)/Orsa - 2160p.mkv'),
		file('c', '/srv/films/Plex Versions/Orsa.mp4'),
		file('d', '/mnt/Elsewhere.mkv'),
		makeItem('show1', {
			libraryId: 'shows', type: 'show', title: 'The Show', folders: [String.raw`D:\TV\The Show`],
		}),
		inShow('season11', {type: 'season', title: 'The Beginning', seasonNumber: 1}),
		inShow('e1', {
			type: 'episode', seasonId: 'season11', title: 'One', seasonNumber: 1, episodeNumber: 1, versions: [versionOf('e')],
		}),
		file('e', String.raw`D:\TV\The Show\Season 01\The Show - S01E01.mkv`),
	]);
	const {names, read, stderr} = await tree(t, store);
	t.deepEqual(names, [
		'Films/films-4k/Orsa (2016)/Orsa - 2160p.nfo',
		'Films/films/Orsa (2016)/Orsa - 1080p.nfo',
		'Films/mnt/Elsewhere.nfo',
		'Shows/The Show/Season 01/The Show - S01E01.nfo',
		'Shows/The Show/tvshow.nfo',
	]);
	t.regex(await read('Shows/The Show/tvshow.nfo'), /<title>The Show<\/title>\n\t<namedseason number="1">The Beginning<\/namedseason>/v);
	t.regex(await read('Shows/The Show/Season 01/The Show - S01E01.nfo'), /<episodedetails>\n\t<title>One<\/title>\n\t<showtitle>The Show<\/showtitle>/v);
	t.is(stderr, 'DIR: 5 files written.\nFrom 5 items.\n');
});

test('the episodes of a shared file are in one file, in their order, whatever the order of the export is', async t => {
	const episode = (id: string, number: number) => inShow(id, {
		type: 'episode', title: `Number ${number}`, seasonNumber: 1, episodeNumber: number, versions: [versionOf('a')],
	});
	const store = await storeOf([shows('/tv')], [
		makeItem('show1', {
			libraryId: 'shows', type: 'show', title: 'The Show', folders: ['/tv/S'],
		}),
		episode('e2', 2),
		episode('e10', 10),
		episode('e1', 1),
		file('a', '/tv/S/S01E01-E10.mkv'),
	]);
	for (const query of ['', 'sort:-title', 'sort:title']) {
		const {names, read} = await tree(t, store, query);
		t.deepEqual(names, ['Shows/S/S01E01-E10.nfo', 'Shows/S/tvshow.nfo']);
		const text = await read('Shows/S/S01E01-E10.nfo');
		t.deepEqual(text.matchAll(/<title>(?<title>[^<]*)/gv).map(({groups}) => groups!['title']).toArray(), ['Number 1', 'Number 2', 'Number 10'], `The query is "${query}".`);
	}

	const {read, stderr} = await tree(t, store, 'title:"Number 2"');
	t.is((await read('Shows/S/S01E01-E10.nfo')).match(/<episodedetails>/gv)?.length, 1);
	t.regex(stderr, /^1 show is not in the query, so there is no tvshow\.nfo, without which Kodi takes no episodes\.$/mv);
});

test('a show without a known folder has its file in the first folder that has an episode', async t => {
	const store = await storeOf([shows('/tv')], [
		makeItem('show1', {libraryId: 'shows', type: 'show', title: 'The Show'}),
		inShow('e1', {
			type: 'episode', title: 'One', seasonNumber: 1, episodeNumber: 1, versions: [versionOf('a')],
		}),
		file('a', '/tv/The Show/Season 1/S01E01.mkv'),
	]);
	t.deepEqual((await tree(t, store)).names, ['Shows/The Show/Season 1/S01E01.nfo', 'Shows/The Show/tvshow.nfo']);
});

test('a show has its file in each of its folders, and above episodes that lie elsewhere', async t => {
	const episode = (number: number) => inShow(`e${number}`, {
		type: 'episode', title: `Number ${number}`, seasonNumber: 1, episodeNumber: number, versions: [versionOf(`f${number}`)],
	});
	const store = await storeOf([shows('/tv', '/more')], [
		makeItem('show1', {
			libraryId: 'shows', type: 'show', title: 'The Show', folders: ['/tv/drama/The Show', '/more/The Show'],
		}),
		episode(1),
		episode(2),
		episode(3),
		file('f1', '/tv/drama/The Show/Season 1/S01E01.mkv'),
		file('f2', '/tv/The Show again/Season 1/S01E02.mkv'),
		file('f3', '/tv/S01E03.mkv'),
	]);
	t.deepEqual((await tree(t, store)).names, [
		'Shows/more/The Show/tvshow.nfo',
		'Shows/tv/S01E03.nfo',
		'Shows/tv/The Show again/Season 1/S01E02.nfo',
		'Shows/tv/The Show again/tvshow.nfo',
		'Shows/tv/drama/The Show/Season 1/S01E01.nfo',
		'Shows/tv/drama/The Show/tvshow.nfo',
	]);
});

test('two films of one file are both kept, and it is said; versions that differ in the extension have one file', async t => {
	const store = await storeOf([films('/films')], [
		makeItem('m1', {title: 'First', titleSort: '1', versions: [versionOf('a')]}),
		makeItem('m2', {title: 'Second', titleSort: '2', versions: [versionOf('a')]}),
		makeItem('m3', {title: 'Third', titleSort: '3', versions: [versionOf('b'), versionOf('c')]}),
		file('a', '/films/Both.mkv'),
		file('b', '/films/Third.mkv'),
		file('c', '/films/Third.mp4'),
	]);
	const {names, read, stderr} = await tree(t, store);
	t.deepEqual(names, ['Films/Both (2).nfo', 'Films/Both.nfo', 'Films/Third.nfo']);
	t.regex(await read('Films/Both.nfo'), /<title>First</v);
	t.regex(await read('Films/Both (2).nfo'), /<title>Second</v);
	t.regex(stderr, /^1 file has a name of which Kodi takes no notice, .*, for instance Films\/Both \(2\)\.nfo\.$/mv);
});

test('what Kodi will not take for a film or an episode of its own is said', async t => {
	const names = ['Bat.mkv', 'Cat.mkv', 'Cat/Cat.mkv', 'Free Sample (2012).mkv', 'Free Samples.mkv', 'Proof/Proof.mkv', 'Proof.mkv'];
	const store = await storeOf([films('/films'), shows('/tv')], [
		...names.flatMap((name, index) => [makeItem(`m${index}`, {title: name, versions: [versionOf(name)]}), file(name, `/films/${name}`)]),
		makeItem('show1', {
			type: 'show', libraryId: 'shows', title: 'The Sample Show', folders: ['/tv/The Sample Show'],
		}),
		inShow('season11', {type: 'season', title: 'One', seasonNumber: 1}),
		inShow('e1', {
			type: 'episode', seasonId: 'season11', seasonNumber: 1, episodeNumber: 1, versions: [versionOf('f1')],
		}),
		file('f1', '/tv/The Sample Show/S01E01-trailer.mkv'),
		...['S01E02_1080p', 'S01E03-E04', 'S01E05.720p'].flatMap((name, index) => [inShow(`of ${name}`, {
			type: 'episode', seasonId: 'season11', seasonNumber: 1, episodeNumber: [2, 3, 5][index], versions: [versionOf(name)],
		}), file(name, `/tv/Night/${name}.mkv`)]),
		inShow('e4', {
			type: 'episode', seasonId: 'season11', seasonNumber: 1, episodeNumber: 4, versions: [versionOf('S01E03-E04')],
		}),
	]);
	const {stderr} = await tree(t, store);
	t.regex(stderr, /^3 files of which Kodi takes no notice, .*, for instance Free Sample \(2012\)\.mkv\.$/mv);
	t.regex(stderr, /^1 film that Kodi takes for a part of another one, .*, for instance Cat\.mkv\. In a folder of its own each is a film\.$/mv);
	t.regex(stderr, /^1 file in which Kodi finds one more episode, .*, for instance Night\/S01E02_1080p\.mkv\. Only another name of the file helps\.$/mv);
});

test('what cannot be played is left out and counted', async t => {
	const {names, stderr} = await tree(t, await mixedStore());
	t.deepEqual(names, ['Films/films/n1.nfo', 'Shows/shows/The Show/S01E03-E04.nfo', 'Shows/shows/tvshow.nfo']);
	t.regex(stderr, /^6 items left out: gone from the server or in its trash, without a file that the server finds, or with a path that this user may not see\.$/mv);
});

test('a film that is gone from the server is left out, as one in its trash is', async t => {
	const film = (id: string, fields: Partial<Item>) => [makeItem(id, {versions: [versionOf(`${id}-file`)], ...fields}), file(`${id}-file`, `/films/${id}.mkv`)];
	const {names, stderr} = await tree(t, await storeOf([films('/films')], [
		...film('here', {}), ...film('gone', {missingSince: '2026-01-01T00:00:00Z'}), ...film('trashed', {trashedAt: '2026-01-01T00:00:00Z'}),
	]));
	t.deepEqual(names, ['Films/here.nfo']);
	t.regex(stderr, /^2 items left out: gone from the server/mv);
});

test('a hostile title or path leads nowhere and loses nothing', async t => {
	const {names, read, stderr} = await tree(t, await hostileStore());
	t.is(names.length, hostileTitles.length);
	const texts = await Promise.all(names.map(async name => read(name)));
	t.is(new Set(texts).size, hostileTitles.length);
	for (const [index, text] of texts.entries()) {
		t.true(names[index]!.startsWith('Films/films/'));
		t.notRegex(names[index]!, /\p{Control}/v);
		t.notRegex(text, /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/v);
		t.regex(text, /^<movie>$/mv);
	}

	t.notRegex(stderr, /[\p{Control}--\n]/v);
});
