import {readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {keepForNextStart} from '../../source/app/index-loader.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {runCommand} from '../helpers/run-command.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {pastStore} from './_past.js';

const questions = [
	['diff', '--since', '2024-04-01', '--until', '2024-12-01'],
	['diff', '--since', '2024-05-04', '--until', '2024-12-01', '--json'],
	['diff', '--since', 'latest'],
	['diff', 'alien'],
	['diff', 'brazil', '--json'],
	['lost'],
	['lost', '--format', 'csv'],
	['lost', '--held', '--json'],
	['ls', '--at', '2024-05-02T10:00Z'],
	['ls', '--at', '2024-05-04T10:00Z', '--json'],
	['ls', '--at', '2024-04-01'],
	['verify'],
];

test('the past is told the same from a catalogue on disk, opened anew, as from memory', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	await store.close();
	const inMemory = await pastStore();
	for (const argv of questions) {
		t.deepEqual(await runCommand(folder, argv), await runCommand(inMemory, argv), argv.join(' '));
	}
});

test('verify proves nothing where there is no catalogue', async t => {
	const folder = await temporaryFolder(t);
	for (const place of [folder, path.join(folder, 'not-mounted')]) {
		const {exitCode, stdout} = await runCommand(place, ['verify']);
		t.is(exitCode, 1);
		t.regex(stdout, /^There is no catalogue here: .+\n0 records, 0 history events, 0 tombstones: 1 problem\.\n$/v);
	}
});

test('the past is told while another process holds the catalogue', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	const {exitCode, stdout} = await runCommand(folder, ['diff', '--since', '2024-05-04', '--kind', 'removed']);
	t.is(exitCode, 0);
	t.regex(stdout, /Films: 1 removed/v);
	t.is((await runCommand(folder, ['verify'])).exitCode, 0);
	await store.close();
});

test('a line of the history that cannot be read is found wherever it is, with file and number', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	await store.close();
	const [name] = await readdir(path.join(folder, 'history'));
	const file = path.join(folder, 'history', name!);
	const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
	t.is(lines.length, 6);
	for (const broken of lines.keys()) {
		await writeFile(file, `${lines.map((line, index) => index === broken ? `X${line.slice(1)}` : line).join('\n')}\n`);
		const {exitCode, stdout} = await runCommand(folder, ['verify']);
		t.is(exitCode, 1);
		t.is(stdout.split('\n', 1)[0], `${file}: line ${broken + 1} is not an event.`);
	}
});

test('a line that is being written is no damage, one that nobody writes any more is', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	await store.close();
	const history = path.join(folder, 'history');
	const torn = `${await readFile(path.join(history, '2024-05.ndjson'), 'utf8')}{"at":"2024`;
	await writeFile(path.join(history, '2024-05.ndjson'), torn);
	t.is((await runCommand(folder, ['verify'])).exitCode, 0);
	await writeFile(path.join(history, '2024-06.ndjson'), '');
	const {exitCode, stdout} = await runCommand(folder, ['verify']);
	t.is(exitCode, 1);
	t.regex(stdout, /2024-05\.ndjson: its last line is cut short/v);
});

test('one item is shown, and a list printed, from what was kept, without reading all records', async t => {
	const folder = await temporaryFolder(t);
	const options = {folder, restBytes: 0};
	const written = await openCatalog(options);
	await written.load();
	const transaction = await written.begin();
	await transaction.putServer({id: 'server', name: 'Attic'});
	await transaction.putLibrary(makeLibrary('films', 'Films'));
	await transaction.upsert([makeItem('i7', {title: 'The Lamplighter'}), makeItem('i8', {title: 'The Ferry'})]);
	await transaction.commit();
	await written.close();
	await keepForNextStart(folder, written);
	const reader = await openCatalog({...options, access: 'read'});
	t.teardown(reader.close);
	for (const argv of [['show', 'i7'], ['ls', 'lamplighter']]) {
		const store = {
			...reader,
			async load() {
				t.fail(`${argv.join(' ')} loads all records.`);
			},
		};
		const {exitCode, stdout} = await runCommand(store, argv);
		t.is(exitCode, 0);
		t.regex(stdout, /The Lamplighter/v);
	}
});
