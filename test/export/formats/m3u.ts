import {fileURLToPath} from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import {fileAddress} from '../../../source/export/formats/m3u.js';
import {makeItem} from '../../query/_items.js';
import {
	exported,
	exportRun,
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
		'#EXTINF:3000,Alien – Director\'s Cut (1979), part 1 of 2',
		'file:///C:/Films/Alien/cd1.mkv',
		'#EXTINF:-1,Alien – Director\'s Cut (1979), part 2 of 2',
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

test('the address of any path leads back to it', t => {
	const name = fc.string({unit: 'binary', minLength: 1}).map(text => text.toWellFormed().replaceAll(/[\0\/]/gv, '_')).filter(text => text !== '.' && text !== '..');
	fc.assert(fc.property(fc.array(name, {minLength: 1}).map(names => `/${names.join('/')}`), path => {
		t.is(fileURLToPath(fileAddress(path), {windows: false}), path);
	}));
});
