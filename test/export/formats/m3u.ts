import {Buffer} from 'node:buffer';
import {spawn, spawnSync} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import type {CatalogRecord} from '../../../source/catalog/types.js';
import {fileAddress} from '../../../source/export/formats/m3u.js';
import {makeItem} from '../../query/_items.js';
import {
	exported,
	exportFolder,
	exportRun,
	exportToFile,
	hostileStore,
	hostileTitles,
	mixedStore,
	obeyed,
	storeWith,
} from '../_exports.js';

test('a playlist has each file once, with its length and a title, and skips what cannot be played', async t => {
	const {stdout, stderr} = await exportRun(await mixedStore(), ['--format', 'm3u']);
	t.is(stdout, [
		'#EXTM3U',
		'#EXTINF:-1,Twin',
		'file:///films/n1.mkv',
		'#EXTINF:-1,The Show – S01E03 Episode 3',
		'file:///shows/The%20Show/S01E03-E04.mkv',
		'',
	].join('\n').replace('#EXTINF:-1,Twin', '#EXTINF:2940,Twin'));
	t.is(stderr, '1 item left out: gone from the server, in its trash, without a file that the server finds, or with a path that this user may not see.\n');
});

test('the parts of an item come one after the other, each with its own length', async t => {
	const store = await storeWith([
		makeItem('m1', {
			title: 'Alien - Director\'s Cut', year: 1979, durationMs: 6_000_000, versions: [{id: 'v', durationMs: 6_000_000, parts: [{fileId: 'a', durationMs: 2_999_600}, {fileId: 'b'}]}],
		}),
		{
			id: 'a', kind: 'file', serverId: 'server', path: String.raw`C:\Films\Alien\cd1.mkv`,
		},
		{
			id: 'b', kind: 'file', serverId: 'server', path: String.raw`\\nas\films\Alien (1979)\cd2.mkv`,
		},
	]);
	t.is(await exported(store, '--format', 'm3u'), [
		'#EXTM3U',
		'#EXTINF:3000,Alien – Director\'s Cut (1979) – part 1 of 2',
		'file:///C:/Films/Alien/cd1.mkv',
		'#EXTINF:-1,Alien – Director\'s Cut (1979) – part 2 of 2',
		'file://nas/films/Alien%20(1979)/cd2.mkv',
		'',
	].join('\n'));
});

test('of an item with several versions the best one that can be played is taken, and none of an item that is gone', async t => {
	const version = (id: string, resolution: string, isUnavailable = false) => ({id, resolution, parts: [{fileId: id, ...isUnavailable && {unavailable: true}}]});
	const store = await storeWith([
		makeItem('m1', {title: 'Lost in 4K', versions: [version('a', '4k', true), version('b', '720'), version('c', '1080')]}),
		makeItem('m2', {title: 'Hidden in 4K', versions: [version('hidden', '4k'), version('d', '1080')]}),
		makeItem('m3', {title: 'Gone', missingSince: '2024-01-02T03:04:05Z', versions: [version('e', '1080')]}),
		makeItem('m4', {title: 'Thrown away', trashedAt: '2024-01-02T03:04:05Z', versions: [version('e', '1080')]}),
		makeItem('m5', {title: 'Nothing to play', versions: [{id: 'f', parts: []}]}),
		...['a', 'b', 'c', 'd', 'e'].map(id => ({
			id, kind: 'file', serverId: 'server', path: `/films/${id}.mkv`,
		} as const)),
		{id: 'hidden', kind: 'file', serverId: 'server'},
	]);
	const {stdout, stderr} = await exportRun(store, ['--format', 'm3u']);
	t.is(stdout, '#EXTM3U\n#EXTINF:-1,Hidden in 4K\nfile:///films/d.mkv\n#EXTINF:-1,Lost in 4K\nfile:///films/c.mkv\n');
	t.regex(stderr, /^3 items left out: /v);
});

test('a hostile title is one line, and the address of its file leads to it', async t => {
	const text = await exported(await hostileStore(), '--format', 'm3u');
	const lines = text.trimEnd().split('\n').slice(1);
	t.is(lines.length, hostileTitles.length * 2);
	t.notRegex(text, obeyed);
	t.false(text.startsWith('\u{FEFF}'));
	for (const [index, title] of hostileTitles.entries()) {
		const [info, address] = lines.slice(index * 2, (index * 2) + 2) as [string, string];
		t.regex(info, /^#EXTINF:\d+,[^ ].* \(\d{4}\)$/v);
		t.regex(address, /^file:\/\/\/[\w!%'\(\)*\-.\/~]+$/v);
		t.is(decodeURIComponent(address.slice('file://'.length)), `/films/${title}/${title}.mkv`.toWellFormed());
	}
});

test('with --paths a playlist has paths, and addresses only where a path would be no line of it', async t => {
	const paths = ['/films/100% #1?.mkv', String.raw`C:\Films\Orsa, 2.mkv`, '/films/a\nb.mkv', '#films/a.mkv', '/films/\u{1B}[2J.mkv', '/films/a.mkv '];
	const store = await storeWith(paths.flatMap((file, index): CatalogRecord[] => [
		makeItem(`m${index}`, {title: `Film ${index}`, versions: [{id: `v${index}`, parts: [{fileId: `f${index}`}]}]}),
		{
			id: `f${index}`, kind: 'file', serverId: 'server', path: file,
		},
	]));
	const lines = (await exported(store, '--format', 'm3u', '--paths')).trimEnd().split('\n').slice(1);
	t.deepEqual(lines.filter((_, index) => index % 2 === 1), [
		paths[0], paths[1], 'file:///films/a%0Ab.mkv', 'file:///%23films/a.mkv', 'file:///films/%1B%5B2J.mkv', 'file:///films/a.mkv%20',
	]);
});

test('the address of any path leads back to it', t => {
	const name = fc.string({unit: 'binary', minLength: 1}).map(text => text.toWellFormed().replaceAll(/[\0\/]/gv, '_')).filter(text => text !== '.' && text !== '..');
	fc.assert(fc.property(fc.array(name, {minLength: 1}).map(names => `/${names.join('/')}`), filePath => {
		t.is(fileURLToPath(fileAddress(filePath), {windows: false}), filePath);
	}));
});

// Titles that players take apart or decode, and what they must show.
const oddTitles = new Map([
	['Good Morning, Vietnam', 'Good Morning‚ Vietnam (1980)'],
	['One,two,', 'One‚two‚ (1981)'],
	[', Leading', '‚ Leading (1982)'],
	['Artist - Title', 'Artist – Title (1983)'],
	['A - - B -', 'A – – B – (1984)'],
	['100% #1? &c', '100% #1? &c (1985)'],
	['%41 two  blanks', '%41 two  blanks (1986)'],
	['"Quoted, twice"', '"Quoted‚ twice" (1987)'],
	['日本語, 題名', '日本語‚ 題名 (1988)'],
	['#EXTINF:5,x', '#EXTINF:5‚x (1989)'],
	[String.raw`back\slash`, String.raw`back\slash (1990)`],
]);

/**
A playlist of films whose files have the names of the films.
*/
const oddPlaylist = async (t: ExecutionContext) => {
	const folder = await exportFolder(t);
	const store = await storeWith(oddTitles.keys().flatMap((title, index): CatalogRecord[] => [
		makeItem(`m${index}`, {
			title, titleSort: String(index).padStart(2, '0'), year: 1980 + index, durationMs: 60_000 * (index + 1), versions: [{id: `v${index}`, parts: [{fileId: `f${index}`}]}],
		}),
		{
			id: `f${index}`, kind: 'file', serverId: 'server', path: path.join(folder, `${title}.mkv`),
		},
	]).toArray());
	const {file} = await exportToFile(t, store, {name: 'odd.m3u'});
	return {
		file, folder, paths: oddTitles.keys().map(title => path.join(folder, `${title}.mkv`)).toArray(), shown: oddTitles.values().toArray(),
	};
};

test('a title has neither a comma nor a hyphen between blanks, before which VLC would cut it', async t => {
	const {file, shown} = await oddPlaylist(t);
	const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line.startsWith('#EXTINF:'));
	t.deepEqual(lines.map(line => line.replace(/^#EXTINF:\d+,/v, '')), shown);
});

const hasMpv = spawnSync('mpv', ['--version']).status === 0;
// VLC refuses to run as root.
const hasVlc = spawnSync('vlc', ['--intf', 'dummy', '--version']).status === 0;

/**
A sound of 10 ms that is silent.
*/
const silence = () => {
	const bytes = Buffer.alloc(204, 128);
	bytes.write('RIFF');
	bytes.writeUInt32LE(196, 4);
	bytes.write('WAVEfmt ', 8);
	bytes.writeUInt32LE(16, 16);
	bytes.writeUInt16LE(1, 20);
	bytes.writeUInt16LE(1, 22);
	bytes.writeUInt32LE(16_000, 24);
	bytes.writeUInt32LE(16_000, 28);
	bytes.writeUInt16LE(1, 32);
	bytes.writeUInt16LE(8, 34);
	bytes.write('data', 36);
	bytes.writeUInt32LE(160, 40);
	return bytes;
};

(hasMpv ? test : test.skip)('mpv plays every file of an odd name, and shows the titles', async t => {
	const {file, paths, shown} = await oddPlaylist(t);
	await Promise.all(paths.map(async name => writeFile(name, silence())));
	const {stdout} = spawnSync('mpv', ['--no-config', '--vo=null', '--ao=null', '--term-playing-msg=playing ${playlist-pos} ${=playlist}', file], {encoding: 'utf8'}); // eslint-disable-line no-template-curly-in-string -- mpv puts the values there
	const playing = stdout.matchAll(/playing (?<place>\d+) (?<list>\[\{.*\}\])/gv).map(({groups}) => groups as {place: string; list: string}).toArray();
	t.deepEqual(playing.map(({place}) => Number(place)), paths.map((_, index) => index));
	const list = JSON.parse(playing[0]!.list) as Array<{filename: string; title: string}>;
	t.deepEqual(list.map(({title}) => title), shown);
	t.deepEqual(list.map(({filename}) => filename), paths);
});

(hasVlc ? test : test.skip)('VLC shows the titles and lengths', async t => {
	const {file, folder, shown} = await oddPlaylist(t);
	await mkdir(path.join(folder, 'home'));
	const vlc = spawn('vlc', ['-I', 'rc', '--no-color', '--no-video', '--aout=adummy', '--start-paused', file], {
		env: {...process.env, HOME: path.join(folder, 'home')}, stdio: ['pipe', 'pipe', 'ignore'],
	});
	t.teardown(() => vlc.kill());
	let printed = '';
	vlc.stdout.setEncoding('utf8').on('data', (text: string) => {
		printed += text;
	});
	const entries = () => {
		const [list = ''] = printed.split('+----[ Playlist - playlist ]').slice(1).filter(text => text.includes('+----[ End')).slice(-1);
		return list.matchAll(/^\| {2}[ *]\d+ - (?<title>.*) \((?<length>\d\d:\d\d:\d\d)\)/gmv).map(({groups}) => [groups!['title'], groups!['length']]).toArray();
	};

	// VLC does not tell when it has read the playlist.
	for (let turn = 0; turn < 100 && entries().length < shown.length; turn++) {
		vlc.stdin.write('playlist\n');
		await delay(100);
	}

	// The files are not there, so the lengths are those of the playlist.
	t.deepEqual(entries(), shown.map((title, index) => [title, `00:${String(index + 1).padStart(2, '0')}:00`]));
});
