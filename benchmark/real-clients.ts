/**
Lets other programs read the demo server as if it were Plex, and compares what they find with what reelcat imports: `npm run check:clients`. `@ctrl/plex` is installed for this alone, in a temporary folder. python-plexapi is asked if `PYTHON` (default: python3) has it, Tautulli if `TAUTULLI` is its folder.
*/
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {startDemo} from './demo-process.js';

const ctrlPlex = '@ctrl/plex@3.12.1';

const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return -- Its own `promisify` is used.

/**
What a client tells of the demo server. It leaves out what it does not read.
*/
type Seen = {
	server: string;
	/**
	By library: films, or shows, seasons and episodes together.
	*/
	rows: Record<string, number>;
	film: {title: string; year: number; guid: string};
	collections?: Record<string, number>;
	members?: Record<string, string[]>;
	seasons: number;
};

type Imported = {libraries: Array<{title: string; expected: number}>};

const fileOf = (name: string) => fileURLToPath(new URL(`real-clients/${name}`, import.meta.url));

const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-clients-'));
const demo = await startDemo([]);
const {url, token} = demo;

const readSeen = async (program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Seen> => {
	const {stdout} = await run(program, [...args, url, token], {env: {...process.env, ...env}, maxBuffer: 10_000_000});
	// Tautulli writes lines of its log first.
	return JSON.parse(stdout.trim().split('\n').at(-1)!) as Seen;
};

const withCtrlPlex = async (): Promise<Seen> => {
	await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ctrlPlex], {shell: process.platform === 'win32'});
	const script = path.join(folder, 'ctrl-plex.mjs');
	await copyFile(fileOf('ctrl-plex.mjs'), script);
	return readSeen(process.execPath, [script]);
};

const python = process.env['PYTHON'] ?? 'python3';

const canRun = async (...args: readonly string[]) => {
	try {
		await run(python, args);
		return true;
	} catch {
		return false;
	}
};

const withPythonPlexapi = async () => await canRun('-c', 'import plexapi') ? readSeen(python, [fileOf('python-plexapi.py')]) : undefined;

const withTautulli = async () => process.env['TAUTULLI'] === undefined ? undefined : readSeen(python, [fileOf('tautulli.py')]);

const importDemo = async (): Promise<Map<string, number>> => {
	const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
	const {stdout} = await run(process.execPath, [cli, 'import', '--json'], {
		env: {
			PATH: process.env['PATH'], HOME: folder, PLEX_URL: url, PLEX_TOKEN: token, REELCAT_NO_DISCOVERY: '1',
		},
		maxBuffer: 10_000_000,
	});
	const {libraries} = JSON.parse(stdout) as Imported;
	return new Map(libraries.map(({title, expected}) => [title, expected]));
};

const check = ({server, rows, film, collections, members, seasons}: Seen, imported: ReadonlyMap<string, number>) => {
	assert.equal(server, 'Demo Theatre');
	for (const [title, expected] of imported) {
		assert.equal(rows[title], expected, `rows of ${title}`);
	}

	assert.equal(film.title, 'The General');
	assert.equal(film.year, 1926);
	assert.match(film.guid, /^plex:\/\/movie\/[\da-f]{24}$/v);
	assert.equal(seasons, 4);
	for (const [title, titles] of Object.entries(members ?? {})) {
		assert.ok(titles.length > 0, title);
		assert.equal(titles.length, collections?.[title], title);
	}

	assert.equal(Object.keys(members ?? {}).length, members === undefined ? 0 : 2, 'an ordinary collection and a smart one');
};

try {
	const imported = await importDemo();
	for (const [name, look, hint] of [
		[ctrlPlex, withCtrlPlex, ''],
		['python-plexapi', withPythonPlexapi, 'PYTHON names a Python that has it.'],
		['Tautulli', withTautulli, 'TAUTULLI names its folder.'],
	] as const) {
		const seen = await look();
		if (seen === undefined) {
			process.stdout.write(`SKIP  ${name} is not here. ${hint}\n`);
			continue;
		}

		check(seen, imported);
		process.stdout.write(`PASS  ${name} finds what reelcat imports: ${[...imported].map(([title, count]) => `${title.trim()} ${count}`).join(', ')}\n`);
	}
} finally {
	demo.stop();
	await rm(folder, {recursive: true, force: true});
}
