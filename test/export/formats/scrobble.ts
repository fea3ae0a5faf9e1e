import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {cleanLines} from '../../../source/base/text/clean.js';
import type {CatalogRecord} from '../../../source/catalog/types.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {commit} from '../../commands/_past.js';
import {
	exported,
	exportFolder,
	exportRun,
	hostileStore,
	hostileTitles,
	obeyed,
	readDelimited,
	storeWith,
} from '../_exports.js';

const seen: CatalogRecord[] = [
	makeItem('m1', {
		title: 'Metropolis', year: 1927, ids: {imdb: ['tt0017136'], tmdb: ['19'], tvdb: []}, directors: ['p1', 'p2'], viewState: {
			viewCount: 2, lastViewedAt: '2024-04-05T23:30:00Z', userRating: 9, lastRatedAt: '2024-04-06T08:00:00Z',
		},
	}),
	makeItem('m2', {
		title: 'Nosferatu', year: 1922, ids: {imdb: ['nonsense'], tmdb: ['653'], tvdb: []}, viewState: {viewCount: 1},
	}),
	makeItem('m3', {title: 'Only rated', year: 1930, viewState: {userRating: 0.4}}),
	makeItem('m4', {title: 'Never seen', ids: {imdb: ['tt0000004'], tmdb: [], tvdb: []}}),
	makeItem('s1', {
		type: 'show', libraryId: 'shows', title: 'Harbour Lights', ids: {imdb: ['tt0000010'], tmdb: [], tvdb: []}, viewState: {viewCount: 3, lastViewedAt: '2024-01-01T00:00:00Z', userRating: 7.6},
	}),
	makeItem('e1', {
		type: 'episode', libraryId: 'shows', showId: 's1', seasonNumber: 1, episodeNumber: 1, title: 'One', ids: {imdb: [], tmdb: [], tvdb: ['91512']}, viewState: {viewCount: 1, lastViewedAt: '2024-01-01T00:00:00Z'},
	}),
	{id: 'p1', kind: 'person', name: 'Fritz Lang'},
	{id: 'p2', kind: 'person', name: 'Thea, "T." von Harbou'},
];

test('Letterboxd gets the films that were watched or rated, each with a day, a rating and whether it was seen before', async t => {
	t.is(await exported(await storeWith(seen), '--format', 'letterboxd'), [
		'tmdbID,imdbID,Title,Year,Directors,Rating10,WatchedDate,Rewatch',
		'19,tt0017136,Metropolis,1927,"Fritz Lang, Thea, ""T."" von Harbou",9,2024-04-05,true',
		'653,,Nosferatu,1922,,,,',
		',,Only rated,1930,,1,,',
		'',
	].join('\n'));
});

test('Trakt gets what was watched or rated and has an id; a show is rated, never watched', async t => {
	const {stdout, stderr} = await exportRun(await storeWith(seen), ['--format', 'trakt']);
	t.is(stdout, [
		'imdb_id,tmdb_id,tvdb_id,type,watched_at,rating,rated_at',
		'tt0017136,,,movie,2024-04-05T23:30:00Z,9,2024-04-06T08:00:00Z',
		',653,,movie,unknown,,',
		'tt0000010,,,show,,8,',
		',,91512,episode,2024-01-01T00:00:00Z,,',
		'',
	].join('\n'));
	t.is(stderr, '1 item left out, because Trakt finds items only by their ids and the server gives none.\n');
});

test('Trakt gets the ids by which its importer finds what Plex has, and no season that it would take for a film', async t => {
	// Plex gives most of them an id at each provider.
	const ids = {imdb: ['tt11'], tmdb: ['12'], tvdb: ['13']};
	const viewState = {viewCount: 1, lastViewedAt: '2024-01-01T00:00:00Z', userRating: 7};
	const below = (type: 'season' | 'episode', number: number, of: typeof ids) => makeItem(`${type}${number}`, {
		type, libraryId: 'shows', showId: 's1', seasonNumber: number, ids: of, viewState, ...type === 'episode' && {episodeNumber: number},
	});
	const show = (id: string, of: typeof ids) => makeItem(id, {
		type: 'show', libraryId: 'shows', ids: of, viewState,
	});
	const {stdout, stderr} = await exportRun(await storeWith([
		makeItem('m1', {ids, viewState}),
		show('s1', ids),
		show('s2', {...ids, imdb: []}),
		below('season', 1, ids),
		below('season', 2, {...ids, tvdb: []}),
		below('episode', 1, ids),
		below('episode', 2, {...ids, tvdb: []}),
	]), ['--format', 'trakt']);
	t.deepEqual(stdout.split('\n').slice(1, -1).map(line => line.split(',').slice(0, 4).join(',')).toSorted(), [
		',,13,episode', ',,13,season', ',,13,show', 'tt11,,,episode', 'tt11,,,movie', 'tt11,,,show',
	]);
	t.regex(stderr, /^1 item left out/v);
});

test('a film that two libraries have is imported once', async t => {
	const store = await storeWith(seen);
	await commit(store, {libraries: [makeLibrary('more', 'More')], put: [makeItem('m9', {...seen[0] as Record<string, unknown>, id: 'm9', libraryId: 'more'})]});
	const {stdout, stderr} = await exportRun(store, ['--format', 'letterboxd']);
	t.is(stdout.match(/Metropolis/gv)!.length, 1);
	t.is(stderr, '1 film left out, because another library has the same one with the same day.\n');
	t.is((await exported(store, '--format', 'trakt')).match(/tt0017136/gv)!.length, 1);
});

test('hostile titles stay in their cells, and none gets an apostrophe that the service would search for', async t => {
	const text = await exported(await hostileStore(), '--format', 'letterboxd');
	const rows = readDelimited(text).slice(1);
	t.deepEqual(rows.map(row => row[3]!.text), hostileTitles.map((_, index) => String(1920 + index)));
	t.deepEqual(rows.map(row => row[2]!.text), hostileTitles.map(title => cleanLines(title).trim()));
	t.true(rows.every(row => row.length === 8));
	t.notRegex(text, obeyed);
});

test('what is more than Letterboxd takes comes in several files, each with the heading', async t => {
	const films = Array.from({length: 2200}, (_, index) => makeItem(`m${index}`, {
		title: `Film ${String(index).padStart(4, '0')} ${'long '.repeat(150)}`, viewState: {viewCount: 1},
	}));
	const store = await storeWith(films);
	const folder = await exportFolder(t);
	const {stderr} = await exportRun(store, ['--format', 'letterboxd', '-o', path.join(folder, 'films.csv')]);
	t.deepEqual((await readdir(folder)).toSorted(), ['films-2.csv', 'films.csv']);
	t.regex(stderr, /films\.csv: .*\n.*films-2\.csv: .*\nFrom 2,200 items\.\n$/v);
	const texts = await Promise.all(['films.csv', 'films-2.csv'].map(async name => readFile(path.join(folder, name), 'utf8')));
	t.true((await stat(path.join(folder, 'films.csv'))).size <= 1_000_000);
	const whole = await exportRun(store, ['--format', 'letterboxd']);
	const [head, ...rows] = whole.stdout.split(/(?<=\n)/v);
	t.true(texts.every(text => text.startsWith(head!)));
	t.is(texts.map(text => text.slice(head!.length)).join(''), rows.join(''));
	t.regex(whole.stderr, /more than the 1\.0 MB that letterboxd takes at once/v);
	// It is about the bytes: 525,000 characters are more than 1,000,000 bytes here.
	const wide = await storeWith(films.slice(0, 700).map((film, index) => ({...film, title: `${index} ${'é'.repeat(750)}`})));
	t.regex((await exportRun(wide, ['--format', 'letterboxd'])).stderr, /more than the 1\.0 MB/v);
	const again = await exportRun(store, ['--format', 'letterboxd', '-o', path.join(folder, 'films.csv'), 'limit:3']);
	t.regex(again.stderr, /films-2\.csv is of an earlier export and no part of this one/v);
});
