import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {isQueryError} from '../../source/query/language/query-error.js';
import {runCommand} from '../helpers/run-command.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem, makeLibrary, records} from '../query/_items.js';
import {commit} from './_past.js';

const store = async () => {
	const made = createMemoryStore();
	await made.load();
	const films = [
		makeItem('a1', {
			title: 'Alien', year: 1979, genres: ['tg'], directors: ['pd'], versions: [{
				id: 'm', resolution: '4k', videoCodec: 'h264', audioCodec: 'dca', audioChannels: 8, bitrateKbps: 24_400, parts: [{fileId: 'file1'}],
				audio: [{languageCode: 'deu', language: 'Deutsch'}],
			}],
		}),
		makeItem('a2', {title: 'Aliens', year: 1986, addedAt: '2024-05-01T12:00:00Z'}),
		makeItem('a3', {
			title: 'The Alien Ship', year: 1990, genres: ['tg'], summary: 'About a "ship", and more',
		}),
	];
	await commit(made, {libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')], put: [...records.values(), ...films], events: []});
	return made;
};

const lines = async (...args: string[]) => {
	const {stdout} = await runCommand(await store(), ['ls', ...args]);
	return stdout.trimEnd().split('\n');
};

test('words find what they did, the best match first, and more than titles', async t => {
	t.deepEqual(await lines('alien', '--columns', 'title'), ['Title', 'Alien', 'Aliens', 'The Alien Ship']);
	t.deepEqual(await lines('murnau', '--columns', 'title,director'), ['Title  Directors', 'Alien  Murnau']);
	t.deepEqual(await lines('horror', '"alien ship"', '--columns', 'title'), ['Title', 'The Alien Ship']);
});

test('columns, order and format are as asked for', async t => {
	t.deepEqual(await lines('alien', '--sort', '-year', '--columns', 'title,res,size', '--format', 'csv'), ['title,res,size', 'The Alien Ship,,', 'Aliens,,', 'Alien,4k,20512000000']);
	const media = ['title:=alien', '--columns', 'codec,audioCodec,channels,bitrate'];
	t.deepEqual((await lines(...media))[1]!.trim().split(/\s{2,}/v), ['H.264', 'DTS', '7.1', '24.4 Mbps']);
	t.is((await lines(...media, '--format', 'csv'))[1], 'h264,dca,8,24400');
	t.deepEqual(await lines('genre:horror', '--columns', 'title,genre,path', '--format', 'ndjson'), [
		'{"title":"Alien","genre":["Horror"],"path":["/films/n1.mkv"]}', '{"title":"The Alien Ship","genre":["Horror"],"path":[]}',
	]);
	t.deepEqual(await lines('title:=alien', '--columns', 'audio', '--format', 'ndjson'), ['{"audio":["Deutsch"]}']);
	t.deepEqual(await lines('title:ship', '--columns', 'title,summary', '--format', 'tsv'), ['title\tsummary', 'The Alien Ship\t"About a ""ship"", and more"']);
	t.deepEqual(JSON.parse((await lines('year:1986', '--columns', 'title,added', '--format', 'json')).join('')), {schema: 1, items: [{title: 'Aliens', added: '2024-05-01T12:00:00Z'}]});
	t.deepEqual(await lines('alien', 'limit:2', '--limit', '1', '--columns', 'title'), ['Title', 'Alien']);
	t.deepEqual((await lines('alien', '--preset', 'space'))[1]!.split(/\s{2,}/v), ['Alien', '1979', '20.5 GB', '4K', 'H.264', '1', '0']);
});

test('totals stand below a table, and a list without matches says so', async t => {
	t.is((await runCommand(await store(), ['ls', 'alien'])).stderr, '3 items, 20.5 GB\n');
	const nothing = await runCommand(await store(), ['ls', 'year:1800']);
	t.deepEqual(nothing, {exitCode: 0, stdout: '', stderr: 'Nothing matches.\n'});
	t.is((await runCommand(await store(), ['ls', 'alien', 'unwatched', 'year<1980'])).stderr, 'Nothing matches; did you mean alien watched:no year:<1980?\n');
	t.is((await runCommand(await store(), ['ls', 'alien', '--json'])).stderr, '');
});

test('an empty catalogue says how it is filled, and where a demo library is that somebody has imported', async t => {
	const folder = await temporaryFolder(t);
	const said = async () => (await runCommand(folder, ['ls'])).stderr;
	t.is(await said(), 'The catalogue is empty. Import something first: reelcat import\n');
	await mkdir(path.join(folder, 'demo'));
	t.is(await said(), 'The catalogue is empty. Import something first: reelcat import (the demo library is listed by "reelcat ls --demo")\n');
});

test('--library and --type narrow a query', async t => {
	t.deepEqual(await lines('alien', '--library', 'Shows', '--columns', 'title'), ['']);
	t.deepEqual(await lines('sort:title', '--type', 'season', '--columns', 'title,show'), ['Title     Show', 'Season 1  The Show', 'Season 3  The Show', 'Specials  The Show']);
});

test('export writes what a query finds, in the order of an export or of the query', async t => {
	const titles = async (...args: string[]) => {
		const {stdout} = await runCommand(await store(), ['export', ...args]);
		return stdout.trimEnd().split('\n').map(line => (JSON.parse(line) as {title: string}).title);
	};

	t.deepEqual(await titles('alien -horror'), ['Aliens']);
	t.deepEqual(await titles('alien sort:-year limit:2'), ['The Alien Ship', 'Aliens']);
	t.deepEqual(await titles('type:movie', 'alien'), ['Alien', 'The Alien Ship', 'Aliens']);
});

test('a wrong query, column or preset is a usage error', async t => {
	const error: unknown = await t.throwsAsync(runCommand(await store(), ['ls', 'gener:horror']), {code: 'usage', message: 'There is no field gener; did you mean genre?'});
	t.deepEqual(isQueryError(error) ? error.span : undefined, {start: 0, end: 5});
	await t.throwsAsync(runCommand(await store(), ['ls', '--columns', 'titel']), {code: 'usage', message: /no column "titel"/v});
	const nowhereNear = await t.throwsAsync(runCommand(await store(), ['ls', '--columns', '__proto__']), {code: 'usage'});
	t.like(nowhereNear, {hint: 'docs/fields.md lists the fields.'});
	await t.throwsAsync(runCommand(await store(), ['ls', '--preset', 'spaces']), {code: 'usage', message: /no preset "spaces"/v});
	await t.throwsAsync(runCommand(await store(), ['ls', 'a sort:year', '--sort', 'title']), {code: 'usage', message: /second time/v});
});
