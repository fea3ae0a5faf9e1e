import {spawnSync} from 'node:child_process';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {writeFilms} from '../helpers/films-on-disk.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';
import {cleanEnv, cliFile} from '../helpers/terminal.js';
import {makeItem} from '../query/_items.js';

/**
Makes every write to a file take a while, so that there is time for a signal in between.
*/
const slowWrites = `data:text/javascript,${encodeURIComponent(`
	import {open} from 'node:fs/promises';
	const handle = await open(process.execPath);
	const prototype = Object.getPrototypeOf(handle);
	const {write} = prototype;
	prototype.write = async function (...args) {
		await new Promise(resolve => setTimeout(resolve, 150));
		return write.apply(this, args);
	};
	await handle.close();
`)}`;

/**
Makes a database take some milliseconds for each item, and tells in a file that it has begun.
*/
const slowDatabase = `data:text/javascript,${encodeURIComponent(`
	import {writeFileSync} from 'node:fs';
	process.removeAllListeners('warning');
	const {StatementSync} = await import('node:sqlite');
	const {run} = StatementSync.prototype;
	StatementSync.prototype.run = function (...values) {
		if (values.length > 30) {
			writeFileSync('begun', '');
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
		}

		return run.apply(this, values);
	};
`)}`;

const writesBegun = async (folder: string) => {
	for (;;) {
		const name = (await readdir(folder)).find(entry => entry.endsWith('.tmp'));
		if (name !== undefined && (await readFile(path.join(folder, name))).length > 0) {
			return;
		}

		await sleep(20);
	}
};

test('Ctrl-C leaves the file that was there and nothing beside it; what a kill leaves the next export removes', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const file = path.join(home, 'all.ndjson');
	const folder = async () => (await readdir(home)).filter(name => name.includes('all.ndjson'));
	await writeFile(file, 'before');
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
		const {child, finished} = startReelcat(home, ['export', '--demo', '-o', file], {env: {NODE_OPTIONS: `--import=${slowWrites}`}});
		await writesBegun(home);
		child.kill(signal);
		const {exitCode, stderr} = await finished;
		t.is(exitCode, {SIGINT: 130, SIGTERM: 143, SIGKILL: undefined}[signal], `It says: ${stderr}`);
		t.is(await readFile(file, 'utf8'), 'before', `It was ${signal}.`);
		t.is((await folder()).length, signal === 'SIGKILL' ? 2 : 1, `It was ${signal}.`);
		t.false(stderr.includes('bug'), `It says: ${stderr}`);
	}

	const {exitCode, stderr} = await runReelcat(home, ['export', '--demo', '-o', 'all.ndjson']);
	t.is(exitCode, 0, `It says: ${stderr}`);
	t.deepEqual(await folder(), ['all.ndjson']);
	t.is(await readFile(file, 'utf8'), (await runReelcat(home, ['export', '--demo'])).stdout);
});

test('Ctrl-C ends an export whose format works without waiting for anything', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const {child, finished} = startReelcat(home, ['export', '--demo', '-o', 'all.sqlite'], {env: {NODE_OPTIONS: `--import=${slowDatabase}`}});
	while (!(await readdir(home)).includes('begun')) {
		await sleep(20);
	}

	child.kill('SIGINT');
	const {exitCode, stderr} = await finished;
	t.is(exitCode, 130, `It says: ${stderr}`);
	t.deepEqual((await readdir(home)).filter(name => name.includes('all.sqlite')), []);
});

test('Ctrl-C leaves nothing of a new folder; what a kill leaves the next export removes', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const args = ['export', '--demo', '--format', 'nfo', '-o', path.join(home, 'kodi')];
	const names = async () => (await readdir(home)).filter(name => name.includes('kodi'));
	const filesBegun = async () => {
		for (;;) {
			const [folder] = await names();
			const files = folder === undefined ? [] : (await readdir(path.join(home, folder), {recursive: true})).filter(name => name.endsWith('.nfo'));
			if (files.length > 1) {
				return;
			}

			await sleep(20);
		}
	};

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
		const {child, finished} = startReelcat(home, args, {env: {NODE_OPTIONS: `--import=${slowWrites}`}});
		await filesBegun();
		child.kill(signal);
		const {exitCode, stderr} = await finished;
		t.is(exitCode, {SIGINT: 130, SIGTERM: 143, SIGKILL: undefined}[signal], `It says: ${stderr}`);
		const left = await names();
		t.is(left.length, signal === 'SIGKILL' ? 1 : 0, `It was ${signal}.`);
		t.false(left.includes('kodi'), `It was ${signal}.`);
		t.false(stderr.includes('bug'), `It says: ${stderr}`);
	}

	const {exitCode, stderr} = await runReelcat(home, args);
	t.is(exitCode, 0, `It says: ${stderr}`);
	t.regex(stderr, /kodi: 1,559 files written\.\nFrom 1,632 items\.$/mv);
	t.deepEqual(await names(), ['kodi']);
});

test('with --artwork, the pictures that Kodi takes lie beside the files', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const folder = path.join(home, 'kodi');
	const {exitCode, stderr} = await runReelcat(home, ['export', '--demo', '--format', 'nfo', '--artwork', '-o', folder, 'show:"Harbour of Glass" OR title:"Harbour of Glass" OR title:"Safety Last"']);
	t.is(exitCode, 0, `It says: ${stderr}`);
	const names = new Set((await readdir(folder, {recursive: true})).map(name => name.replaceAll(path.sep, '/')));
	for (const name of [
		'Films/films/Safety Last! (1923)/Safety Last! (1923)-poster.png',
		'Films/films/Safety Last! (1923)/Safety Last! (1923)-fanart.png',
		'Series/Harbour of Glass/poster.png',
		'Series/Harbour of Glass/fanart.png',
		'Series/Harbour of Glass/season01-poster.png',
		'Series/Harbour of Glass/Season 01/Harbour of Glass - S01E01-E02-thumb.png',
	]) {
		t.true(names.has(name), `There is no ${name}.`);
		const beginning = (await readFile(path.join(folder, name))).subarray(1, 4).toString();
		t.is(beginning, 'PNG');
	}
});

test('at a terminal, a file has a line of progress that goes away, and bytes that are no text are refused', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({args: ['export', '--demo', '-o', path.join(home, 'all.csv')], columns: 100});
	t.is((await person.exit).exitCode, 0);
	// The emulator may still be reading.
	await person.sees(/^From 1,632 items\.$/mv);
	t.regex(person.written(), /of 1,632 items/v);
	const lines = person.history().map(row => row.join('').trimEnd()).filter(line => line !== '');
	t.regex(lines.at(-1)!, /^From 1,632 items\.$/v);
	t.deepEqual(lines.filter(line => line.includes('of 1,632 items')), []);
	const playlist = sit({args: ['export', '--demo', '-o', path.join(home, 'all.m3u')], columns: 120});
	t.is((await playlist.exit).exitCode, 0);
	t.regex(await playlist.sees(/^From 1,632 items\.$/mv), /^\d+ items left out: gone from the server, in its trash/mv);
	for (const format of ['xlsx', 'sqlite', 'parquet']) {
		const wrong = sit({args: ['export', '--demo', '--format', format], columns: 100});
		t.is((await wrong.exit).exitCode, 2, `It is ${format}.`);
		t.regex(wrong.written(), new RegExp(String.raw`${format} is not for a terminal\.[\s\S]*Name a file: -o library\.${format}`, 'v'));
	}
});

test('a reader that has read enough is no failure, and a pipe takes bytes, for which some formats need a folder', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const shell = (script: string) => spawnSync('/bin/sh', ['-c', script, 'sh', process.execPath, cliFile], {env: cleanEnv(home), cwd: home, encoding: 'utf8'});
	t.is(shell('{ "$@" export --demo --format csv; echo $? >code; } | head -1').stdout.split(',', 1)[0], '"id"');
	t.is(await readFile(path.join(home, 'code'), 'utf8'), '0\n');
	const {exitCode, stderr} = await runReelcat(home, ['export', '--demo', '--format', 'sqlite'], {env: {TMPDIR: path.join(home, 'nowhere')}});
	t.is(exitCode, 8);
	t.regex(stderr, /^reelcat: .*nowhere could not be written \(ENOENT\)\.\n {2}Choose another folder for temporary files with TMPDIR/v);
	t.is((await runReelcat(home, ['export', '--demo', '--format', 'xlsx'])).stderr, '');
	for (const [format, beginning] of [['xlsx', 'PK'], ['sqlite', 'SQLite format 3'], ['parquet', 'PAR1']] as const) {
		t.is(shell(`"$@" export --demo --format ${format} | head -c ${beginning.length}`).stdout, beginning);
	}
});

test('a large catalogue is exported with a thread of its own, whole and in order', withHousehold, async (t, {home}) => {
	const count = 4500;
	await writeFilms(home, Array.from({length: count}, (_, number) => makeItem(`i${number}`, {title: `Ferry ${String(number).padStart(4, '0')}`})));
	const env = {REELCAT_DATA_DIR: home};
	const {exitCode, stdout, stderr} = await runReelcat(home, ['export', '--format', 'ndjson'], {env});
	t.is(exitCode, 0);
	t.is(stderr, '');
	const lines = stdout.trimEnd().split('\n');
	t.deepEqual(lines.map(line => (JSON.parse(line) as {id: string}).id), Array.from({length: count}, (_, number) => `i${number}`));
	const asOneArray = await runReelcat(home, ['export', '--format', 'json'], {env});
	t.is(asOneArray.stdout, `[\n${lines.join(',\n')}\n]\n`);
	const few = await runReelcat(home, ['export', 'title:ferry limit:3', '--format', 'ndjson'], {env});
	t.is(few.stdout, lines.slice(0, 3).map(line => `${line}\n`).join(''));
	const read = spawnSync('/bin/sh', ['-c', '{ "$@" export --format ndjson; echo $? >code; } | head -1', 'sh', process.execPath, cliFile], {env: cleanEnv(home, env), cwd: home, encoding: 'utf8'});
	t.is(read.stdout, `${lines[0]!}\n`);
	t.is(await readFile(path.join(home, 'code'), 'utf8'), '0\n');
});
