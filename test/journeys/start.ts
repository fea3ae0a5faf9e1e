import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runReelcat} from '../helpers/run-reelcat.js';
import {createHome, sitDown} from '../helpers/terminal.js';

/**
Writes, when the process ends, which files and which modules of Node.js it has loaded.
*/
const recorder = `data:text/javascript,${encodeURIComponent(`
	import {writeFileSync} from 'node:fs';
	import {registerHooks} from 'node:module';
	const files = [];
	registerHooks({load(url, context, next) {
		files.push(url);
		return next(url, context);
	}});
	process.on('exit', () => {
		writeFileSync(process.env.LOADED_FILE, JSON.stringify({files, own: process.moduleLoadList}));
	});
`)}`;

/**
The packages whose code a command has loaded, and the modules of Node.js.
*/
const loadedBy = async (home: string, args: readonly string[], env: Record<string, string> = {}) => {
	const file = path.join(home, 'loaded.json');
	const finished = await runReelcat(home, args, {env: {NODE_OPTIONS: `--import=${recorder}`, LOADED_FILE: file, ...env}});
	const {files, own} = JSON.parse(await readFile(file, 'utf8')) as {files: string[]; own: string[]};
	const packages = new Set<string>();
	for (const url of files) {
		if (!url.startsWith('file:')) {
			continue;
		}

		// esbuild writes above each module from where it comes.
		const text = await readFile(fileURLToPath(url), 'utf8');
		for (const {groups} of text.matchAll(/^\/\/ .*node_modules\/(?<name>(?:@[^\s\/]+\/)?[^\s\/]+)\//gmv)) {
			packages.add(groups!['name']!);
		}
	}

	return {
		...finished, packages: [...packages], own: own.filter(name => name.startsWith('NativeModule ')).map(name => name.slice('NativeModule '.length)), files,
	};
};

const heavyOwn = new Set(['http', 'https', 'http2', 'tls', 'dgram', 'child_process', 'sqlite', 'readline', 'worker_threads']);
// To find and read a file takes as long as to run what most of them hold.
const mostFiles = 40;
// For did-you-mean, and for the moments of a command line.
const light = new Set(['leven', 'date-fns']);
const foreign = new Set(['ink', 'react', 'react-reconciler', 'yoga-layout', 'got', 'keyv', 'fastify', 'pino', 'ws', 'p-queue', 'prom-client', 'nodemailer', 'eventsource-parser', 'croner', 'uqr', 'csv-stringify', 'sixel', 'exceljs', 'archiver', 'hyparquet-writer', 'hyparquet', 'conf', 'ajv', 'semver']);

test('what tells of reelcat itself loads no package but those for names and dates, and no part of the work', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	for (const args of [['--version'], ['--help'], ['sync', '--help'], ['improt'], ['ls', '--nonsense']]) {
		const {packages, own, files, stdout, stderr} = await loadedBy(home, args);
		t.not(stdout + stderr, '', args.join(' '));
		t.true(files.length > 1, args.join(' '));
		t.deepEqual(packages.filter(name => !light.has(name)), [], args.join(' '));
		t.deepEqual(own.filter(name => name === 'crypto' || name === 'zlib' || heavyOwn.has(name)), [], args.join(' '));
	}
});

test('the version alone loads no package at all', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	const {packages, exitCode} = await loadedBy(home, ['--version']);
	t.is(exitCode, 0);
	t.deepEqual(packages, []);
});

test('an import loads neither what listens to a server nor the fetch of Node.js, which `node:http` would bring', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	const {url, token, close} = await startDemoServer({movies: 3, shows: 0});
	t.teardown(close);
	const {exitCode, packages, own} = await loadedBy(home, ['import', '--all'], {PLEX_URL: url, PLEX_TOKEN: token});
	t.is(exitCode, 0);
	t.true(packages.includes('got') && own.includes('http'));
	t.deepEqual(packages.filter(name => ['ws', 'eventsource-parser', 'fastify', 'ink'].includes(name)), []);
	t.deepEqual(own.filter(name => name.startsWith('internal/deps/undici')), []);
});

test('the doctor, which shows lines only, loads nothing of the app', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	const folder = path.join(home, '.config/reelcat/demo');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'settings.json'), JSON.stringify({keys: {quit: 'Q', tick: 'x'}}));
	const {exitCode, packages, stdout} = await loadedBy(home, ['doctor', '--demo']);
	t.regex(stdout, /settings\.json gives keys to 2 actions/v);
	t.is(exitCode, 0);
	t.true(packages.includes('got'));
	t.deepEqual(packages.filter(name => ['ink', 'react', 'yoga-layout', 'fastify', 'pino'].includes(name)), []);
});

test('the app loads no fetch of Node.js, which Yoga would take to read its own code, nor the web crypto that an import of `node:crypto` would bring', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	const file = path.join(home, 'loaded.json');
	const person = sitDown(home, {env: {NODE_OPTIONS: `--import=${recorder}`, LOADED_FILE: file}});
	await person.sees('Sign in with Plex');
	person.type('q');
	await person.exit;
	const {own} = JSON.parse(await readFile(file, 'utf8')) as {own: string[]};
	t.true(own.includes('NativeModule internal/url'));
	t.deepEqual(own.filter(name => /NativeModule internal\/(?:deps\/undici|crypto\/webcrypto)/v.test(name)), []);
});

test('what reads the catalogue loads nothing of the app, of the daemon, of logs, of a server or of what changes settings', async t => {
	const {home, remove} = await createHome();
	t.teardown(remove);
	await importDemo(home);
	const list = await loadedBy(home, ['ls', '--demo', '--json', '--limit', '1']);
	const {items} = JSON.parse(list.stdout) as {items: Array<{id: string}>};
	const show = await loadedBy(home, ['show', '--demo', items[0]!.id]);
	const find = await loadedBy(home, ['ls', '--demo', 'the']);
	const lines = await loadedBy(home, ['export', '--demo', 'limit:1']);
	for (const [name, {exitCode, packages, own, files}] of Object.entries({
		list, show, find, lines,
	})) {
		t.is(exitCode, 0, name);
		// So the names are those that the build writes.
		t.true(packages.includes('zod'), name);
		t.deepEqual(packages.filter(loaded => foreign.has(loaded)), [], name);
		t.deepEqual(own.filter(loaded => heavyOwn.has(loaded)), [], name);
		t.true(files.length <= mostFiles, `${name} loads ${files.length} files`);
	}
});
