import test from 'ava';
import type {Item} from '../../source/catalog/types.js';
import {heldReport} from '../../source/reports/held/held-report.js';
import {lostJsonSchema} from '../../source/reports/lost/lost-report.js';
import {formatDate} from '../../source/base/text/format.js';
import {mediaFile, version} from '../helpers/events.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {commit, pastStore, tombstone} from './_past.js';

const unaligned = (text: string) => text.trimEnd().split('\n').map(line => line.replaceAll(/(?<=\S) {2,}/gv, ' | '));

const episode = (number: number, fields: Partial<Item> = {}) => makeItem(`e${number}`, {
	type: 'episode', libraryId: 'shows', showId: 'show', seasonId: 'season', seasonNumber: 1, episodeNumber: number, title: `Part ${number}`, versions: [version('1080', `fe${number}`)], ...fields,
});
const show = makeItem('show', {
	type: 'show', libraryId: 'shows', title: 'Dark', year: 2017,
});
const season = makeItem('season', {
	type: 'season', libraryId: 'shows', showId: 'show', seasonNumber: 1, title: 'Season 1',
});

const bury = (...items: Item[]) => items.map(item => tombstone(item, {
	at: '2024-05-06T10:00:00Z', files: item.versions.map(({parts}) => mediaFile(parts[0]!.fileId, `/tv/${item.id}.mkv`, 1_000_000_000)),
}));

test('what is lost is a list that one can act on', async t => {
	const {exitCode, stdout} = await runCommand(await pastStore(), ['lost']);
	t.is(exitCode, 0);
	t.deepEqual(unaligned(stdout), [
		'When | Type | Title | Year | Quality | Files | Size | Why | Ids | File | Id',
		`${formatDate('2024-05-05T10:00:00Z')} | movie | Brazil | 1985 | 1080p | 1 | 8.0 GB | gone from the server | tt0088846 tmdb:68 | /films/brazil.mkv | brazil`,
		'1 item, 1 file, 8.0 GB',
	]);
});

test('a show that went with all its episodes is one line with counts, unless episodes are asked for', async t => {
	const store = await pastStore();
	await commit(store, {put: bury(show, season, episode(1), episode(2), episode(10))});
	const lost = async (...args: string[]) => unaligned((await runCommand(store, ['lost', '--library', 'shows', ...args])).stdout);
	const [, line, total] = await lost();
	t.regex(line!, /show \| Dark \| 2017 \| 1 season, 3 episodes \| 3 \| 3\.0 GB \| gone/v);
	t.is(total, '1 item with 1 season, 3 episodes, 3 files, 3.0 GB');
	t.deepEqual((await lost('--type', 'episode')).slice(1, -1).map(text => text.split(' | ', 3)[2]), ['Dark S01E01 Part 1', 'Dark S01E02 Part 2', 'Dark S01E10 Part 10']);
});

test('episodes of a show that is still there are named with it, and a season counts its own', async t => {
	const store = await pastStore();
	await commit(store, {put: [show, ...bury(season, episode(1), episode(2, {seasonId: 'other'}))]});
	const lines = unaligned((await runCommand(store, ['lost', '--library', 'shows'])).stdout);
	t.deepEqual(lines.slice(1, -1).map(text => text.split(' | ').slice(1, 3)), [['season', 'Dark S01 Season 1'], ['episode', 'Dark S01E02 Part 2']]);
	t.is(lines.at(-1), '2 items with 1 episode, 2 files, 2.0 GB');
});

test('losses are asked for by time, and none is said in words', async t => {
	const store = await pastStore();
	t.is((await runCommand(store, ['lost', '--since', '2024-05-05T10:00:01Z'])).stdout, 'Nothing was lost.\n');
	t.regex((await runCommand(store, ['lost', '--since', '2024-05-05T10:00:00Z'])).stdout, /Brazil/v);
	t.is((await runCommand(store, ['lost', '--held'])).stdout, 'Nothing is missing.\n');
	await t.throwsAsync(runCommand(store, ['lost', '--format', 'xml']), {code: 'usage'});
});

test('what is missing and held is listed from the catalogue, with its files', async t => {
	const store = await pastStore();
	await commit(store, {put: [makeItem('cube', {title: 'Cube', versions: [version('720', 'fc')], missingSince: '2024-05-06T10:00:00Z'})]});
	const {stdout} = await runCommand(store, ['lost', '--held', '--json']);
	const json = lostJsonSchema.parse(JSON.parse(stdout));
	t.like(json, {
		held: true, items: [{
			itemId: 'cube', reason: 'held', at: '2024-05-06T10:00:00Z', files: [{path: '/films/cube.mkv', sizeBytes: 2_000_000_000}],
		}],
	});
	t.deepEqual(json.totals, {
		items: 1, seasons: 0, episodes: 0, files: 1, sizeBytes: 2_000_000_000,
	});
});

test('a spreadsheet gets one line per item, and no formula', async t => {
	const store = await pastStore();
	await commit(store, {put: bury(makeItem('evil', {title: '=HYPERLINK("http://x","y")\u{1B}[2J', year: 2020}))});
	const {stdout, stderr} = await runCommand(store, ['lost', '--format', 'csv']);
	const [heading, evil, brazil, ...others] = stdout.trimEnd().split('\n');
	t.is(heading, 'removedAt,type,show,seasonNumber,episodeNumber,title,year,resolution,hdr,seasons,episodes,files,sizeBytes,reason,imdb,tmdb,tvdb,library,paths,id');
	t.is(evil, '2024-05-06T10:00:00Z,movie,,,,"\'=HYPERLINK(""http://x"",""y"")",2020,,,0,0,0,0,gone,,,,Films,,evil');
	t.is(brazil, '2024-05-05T10:00:00Z,movie,,,,Brazil,1985,1080,,0,0,1,8000000000,gone,tt0088846,68,,Films,/films/brazil.mkv,brazil');
	t.deepEqual(others, []);
	t.is(stderr, '2 items, 1 file, 8.0 GB\n');
});

test('a file that another item plays is not lost: it is told apart, with where it is now, and counted nowhere', async t => {
	const store = await pastStore();
	const file = mediaFile('fh', '/films/heron.mkv', 3_000_000_000);
	const heron = makeItem('heron', {title: 'Heron', versions: [version('1080', 'fh')]});
	await commit(store, {
		put: [file, tombstone(heron, {at: '2024-05-06T10:00:00Z', files: [file]}), makeItem('merged', {title: 'Heron', versions: [version('4k', 'f4k'), version('1080', 'fh')]})],
	});
	const {stdout} = await runCommand(store, ['lost']);
	t.deepEqual(unaligned(stdout).slice(2), ['1 item, 1 file, 8.0 GB', 'Heron is gone, but its file is played by Heron (Films) now.']);
	const json = lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--json'])).stdout));
	t.deepEqual(json.items.map(({itemId}) => itemId), ['brazil']);
	t.is(json.totals.sizeBytes, 8_000_000_000);
	t.like(json.elsewhere, [{
		itemId: 'heron', files: [{path: '/films/heron.mkv'}], players: [{
			itemId: 'merged', title: 'Heron', libraryId: 'films', library: 'Films',
		}],
	}]);
	const csv = (await runCommand(store, ['lost', '--format', 'csv'])).stdout;
	t.false(csv.includes('heron'));
});

test('what is unavailable is listed with when and why, and a file that another item plays is told apart', async t => {
	const store = await pastStore();
	const file = (id: string) => mediaFile(id, `/films/${id}.mkv`, 1_000_000_000);
	const broken = (id: string, ...fileIds: string[]) => ({...version('1080', id), parts: fileIds.map(fileId => ({fileId, unavailable: true}))});
	await commit(store, {
		put: [
			...['fa', 'fb', 'fc1', 'fd'].map(id => file(id)),
			makeItem('a', {title: 'Trashed', trashedAt: '2024-05-07T10:00:00Z', versions: [version('1080', 'fa')]}),
			makeItem('b', {title: 'Without file', versions: [broken('b', 'fb'), version('720', 'fc1')]}),
			makeItem('d', {title: 'Shared', trashedAt: '2024-05-06T10:00:00Z', versions: [version('1080', 'fd')]}),
			makeItem('e', {title: 'Player', versions: [version('1080', 'fd')]}),
		],
	});
	const {stdout} = await runCommand(store, ['lost', '--trash']);
	t.deepEqual(unaligned(stdout).slice(1).map(line => line.trim()), [
		`${formatDate('2024-05-07T10:00:00Z')} | movie | Trashed | 1080p | 1 | 1.0 GB | in the trash | /films/fa.mkv | a`,
		'movie | Without file | 1080p | 1 | 1.0 GB | file not found | /films/fb.mkv | b',
		'2 items, 2 files, 2.0 GB',
		'Shared is in the trash, but its file is played by Player (Films) now.',
	]);
	const json = lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--trash', '--json'])).stdout));
	t.like(json, {trash: true, held: false, items: [{itemId: 'a', reason: 'trash', at: '2024-05-07T10:00:00Z'}, {itemId: 'b', reason: 'no-file'}]});
	t.deepEqual(json.elsewhere.map(({itemId}) => itemId), ['d']);
	t.is((await runCommand(await pastStore(), ['lost', '--trash'])).stdout, 'Nothing is unavailable.\n');
	await t.throwsAsync(runCommand(store, ['lost', '--trash', '--held']), {code: 'usage'});

	const listed = unaligned((await runCommand(store, ['ls', '--trash'])).stdout);
	t.deepEqual(listed.slice(1).map(line => / (?<state>trash|no file) /v.exec(`${line.replaceAll('|', ' ')} `)?.groups?.['state']), ['trash', 'trash', 'no file']);
	t.is((await runCommand(store, ['ls', ':trash', 'without'])).stdout.trim().split('\n').length, 2);
	t.deepEqual((JSON.parse((await runCommand(store, ['ls', '--json'])).stdout) as {items: Array<Record<string, unknown>>}).items
		.map(({title, isTrashed, isWithoutFile}) => [title, isTrashed, isWithoutFile])
		.filter(([, ...marks]) => marks.includes(true)), [['Shared', true, false], ['Trashed', true, false], ['Without file', false, true]]);
});

test('of an item that loses some of its files only these are counted', async t => {
	const store = await pastStore();
	const [kept, lost] = [mediaFile('fk', '/films/kept.mkv', 5_000_000_000), mediaFile('fl', '/films/lost.mkv', 2_000_000_000)];
	await commit(store, {
		put: [
			kept,
			tombstone(makeItem('heron', {title: 'Heron', versions: [version('4k', 'fk'), version('1080', 'fl')]}), {at: '2024-05-06T10:00:00Z', files: [kept, lost]}),
			makeItem('other', {versions: [version('4k', 'fk')]}),
		],
	});
	const json = lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--since', '2024-05-06', '--json'])).stdout));
	t.like(json.items, [{itemId: 'heron', files: [{path: '/films/lost.mkv'}]}]);
	t.deepEqual(json.totals, {
		items: 1, seasons: 0, episodes: 0, files: 1, sizeBytes: 2_000_000_000,
	});
	t.deepEqual(json.elsewhere, []);
});

test('a show is lost with its lost episodes only, and not at all if another one plays all of them', async t => {
	const store = await pastStore();
	const again = (number: number) => makeItem(`a${number}`, {
		...episode(number), id: `a${number}`, libraryId: 'films', showId: 'again', seasonId: undefined,
	});
	const files = [1, 2].map(number => mediaFile(`fe${number}`, `/tv/e${number}.mkv`, 1_000_000_000));
	await commit(store, {put: [...bury(show, season, episode(1), episode(2)), ...files, makeItem('again', {type: 'show', title: 'Dark again'}), again(1)]});
	const lost = async () => lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--library', 'shows', '--json'])).stdout));
	const some = await lost();
	t.like(some.items, [{itemId: 'show', episodes: 1, files: [{sizeBytes: 1_000_000_000}]}]);
	t.like(some.elsewhere, [{itemId: 'e1', players: [{title: 'Dark again'}]}]);
	await commit(store, {put: [again(2)]});
	const none = await lost();
	t.deepEqual(none.items, []);
	t.is(none.totals.files, 0);
	t.like(none.elsewhere, [{
		itemId: 'show', seasons: 1, episodes: 2, players: [{itemId: 'again', title: 'Dark again', libraryId: 'films'}],
	}]);
	t.is((await runCommand(store, ['lost', '--library', 'shows'])).stdout, 'Nothing was lost.\nDark is gone, but its files are played by Dark again (Films) now.\n');
});

test('what is held tells files that are played elsewhere apart, and an item that is held plays nothing', async t => {
	const store = await pastStore();
	const since = '2024-05-06T10:00:00Z';
	const file = mediaFile('fh', '/films/heron.mkv', 3_000_000_000);
	const held = (id: string) => makeItem(id, {title: 'Heron', versions: [version('1080', 'fh')], missingSince: since});
	await commit(store, {
		libraries: [{
			...makeLibrary('films', 'Films'),
			sync: {
				stamps: {}, lookedAt: since, sweptAt: since, fullAt: since, auditedDay: 0, held: {since, items: 2, reason: 'share'},
			},
		}],
		put: [file, held('h1'), held('h2')],
	});
	const {stdout} = await runCommand(store, ['lost', '--held']);
	t.deepEqual(unaligned(stdout).slice(3), ['2 items, 1 file, 3.0 GB', 'Films: More than a fifth of the library is gone at once.']);
	await commit(store, {
		put: [makeItem('merged', {
			type: 'movie', libraryId: 'shows', title: 'Heron', versions: [version('1080', 'fh')],
		})],
	});
	const json = lostJsonSchema.parse(JSON.parse((await runCommand(store, ['lost', '--held', '--json'])).stdout));
	t.deepEqual(json.items, []);
	t.deepEqual(json.elsewhere.map(({itemId}) => itemId), ['h1', 'h2']);
	t.deepEqual(json.heldLibraries, [{libraryId: 'films', library: 'Films', reason: 'share'}]);
	t.regex((await runCommand(store, ['lost', '--held'])).stdout, /^No file is missing\.\nHeron is gone, but its file is played by Heron \(Shows\) now\.$/mv);

	const {load, screen} = heldReport;
	const rows = await screen.rows(await load({}, {
		store: async () => store, runs: async () => [], logFolder: '', matcher: async () => async () => new Set(), now: () => new Date(),
	}));
	t.deepEqual(rows.map(({cells}) => cells), [
		['Films: 2 items, 0 files, 0 B. More than a fifth of the library is gone at once.'],
		['Heron is gone, but its file is played by Heron (Shows) now.'],
		['Heron is gone, but its file is played by Heron (Shows) now.'],
	]);
});
