import {execFileSync} from 'node:child_process';
import {
	cp,
	mkdtemp,
	readdir,
	readFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {cliFile} from '../helpers/terminal.js';

const dist = path.dirname(cliFile);

type Manifest = {
	dependencies?: Record<string, string>;
	optionalDependencies: Record<string, string>;
	devDependencies: Record<string, string>;
	files: string[];
};

type Lock = {packages: Record<string, {dev?: boolean; optional?: boolean; devOptional?: boolean; integrity?: string; os?: string[]}>};

const readJson = async <Value>(file: string) => JSON.parse(await readFile(file, 'utf8')) as Value;

test('a package whose code is in the bundle is named in the notices, with its licence', async t => {
	const bundled = new Set<string>();
	for (const file of await readdir(dist)) {
		// esbuild writes above each module from where it comes.
		const text = file.endsWith('.js') ? await readFile(path.join(dist, file), 'utf8') : '';
		for (const {groups} of text.matchAll(/^\/\/ (?<folder>.*node_modules\/(?:@[^\s\/]+\/)?[^\s\/]+)\//gmv)) {
			bundled.add(groups!['folder']!);
		}
	}

	const notices = await readFile(path.join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
	const parts = new Map(notices.split(/^-{78}\n\n/mv).slice(1).map(part => [part.split('\n', 1)[0]!, part]));
	t.true(bundled.size > 100);
	for (const folder of bundled) {
		const {name, version} = await readJson<{name: string; version: string}>(path.join(folder, 'package.json'));
		const part = parts.get(`${name} ${version}`);
		t.regex(part ?? '', /copyright|\(c\)/iv, `${name} ${version}`);
		t.true((part ?? '').length > 500, `${name} ${version} has no licence text`);
	}

	// What a package itself holds of others has a licence, too.
	t.true(notices.includes('Lodash copyright notice'));
	const names = parts.keys().toArray();
	t.deepEqual(names, names.toSorted());
	t.false((await readdir(dist)).includes('metafile.json'));
});

test('an installation fetches only what the bundle does not hold', async t => {
	const {dependencies, optionalDependencies, devDependencies, files} = await readJson<Manifest>('package.json');
	t.deepEqual(dependencies ?? {}, {});
	t.deepEqual(Object.keys(optionalDependencies), ['@napi-rs/keyring', 'node-notifier', 'sharp']);
	t.deepEqual(files, ['dist']);
	// Others may follow a range, but on the insides of these we rely, or nobody maintains them.
	t.is(devDependencies['ink'], '8.0.0');
	t.is(devDependencies['ink-table'], 'npm:@tqman/ink-table@0.0.0-development');
	const {packages} = await readJson<Lock>('package-lock.json');
	const fetched = Object.entries(packages).filter(([folder, {dev}]) => folder !== '' && !dev);
	t.deepEqual(fetched.filter(([, {optional, devOptional}]) => !optional && !devOptional), []);
	// Of those for one system only, as they name it, each system fetches its own.
	const everywhere = fetched.filter(([, {os}]) => os === undefined);
	t.true(everywhere.length < 20, `${everywhere.length} packages`);
});

test('no file of the program has a character beyond ASCII, which would make V8 keep all of it in twice the memory', async t => {
	const files = (await readdir(dist)).filter(file => file.endsWith('.js'));
	t.true(files.length > 100);
	for (const file of files) {
		t.notRegex(await readFile(path.join(dist, file), 'utf8'), /[\u{80}-\u{10FFFF}]/v, file);
	}
});

test('the bundle runs where there is no other package', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-package-'));
	await cp(dist, path.join(folder, 'dist'), {recursive: true});
	await cp('package.json', path.join(folder, 'package.json'));
	const files = (await readdir(dist)).filter(file => file.endsWith('.js') && file !== 'cli.js' && file !== 'export-thread.js');
	const script = `
		import {Worker} from 'node:worker_threads';
		const missing = [];
		for (const file of ${JSON.stringify(files)}) {
			await import(${JSON.stringify(`${folder}/dist/`)} + file).catch(error => missing.push(error.message));
		}
		const {port1, port2} = new MessageChannel();
		const thread = new Worker(${JSON.stringify(`${folder}/dist/export-thread.js`)}, {workerData: port2, transferList: [port2], execArgv: []});
		thread.once('error', error => missing.push(error.message));
		port1.close();
		await new Promise(resolve => thread.once('exit', resolve));
		console.log(JSON.stringify(missing));
	`;
	const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {cwd: folder, encoding: 'utf8'});
	// Ink loads these tools only for its own developers, and only where they are installed.
	const [tools, ...others] = JSON.parse(stdout) as string[];
	t.regex(tools ?? '', /'react-devtools-core'/v);
	t.deepEqual(others, []);
	const env = {
		...process.env, HOME: folder, REELCAT_DATA_DIR: folder, REELCAT_CONFIG_DIR: folder, REELCAT_STATE_DIR: folder,
	};
	const version = execFileSync(process.execPath, ['dist/cli.js', '--version'], {cwd: folder, env, encoding: 'utf8'});
	t.is(version.trim(), (await readJson<{version: string}>('package.json')).version);
});
