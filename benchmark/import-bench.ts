/**
Measures how much longer a whole import takes than a bare script that fetches the same, how many requests it needs, how much it writes, and what it leaves.

Usage: npm run bench:import [-- --movies 2000 --shows 100 --rounds 5 --slow]
With `--slow`, each answer takes 8 ms, each row of a list 1 ms more and each row with details 2 ms more.
*/
import {spawn} from 'node:child_process';
import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {startBusyDemo, startDemo} from './demo-process.js';
import {judge, median} from './judge.js';

const {values} = parseArgs({
	options: {
		movies: {type: 'string', default: '2000'},
		shows: {type: 'string', default: '100'},
		rounds: {type: 'string', default: '5'},
		slow: {type: 'boolean', default: false},
	},
});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const bare = fileURLToPath(new URL('bare-import.ts', import.meta.url));
const counter = new URL('written-bytes.mjs', import.meta.url).href;
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
const busy = values.slow ? await startBusyDemo(values.movies, values.shows) : undefined;
const server = busy ?? await startDemo(['--movies', values.movies, '--shows', values.shows]);

const timed = async (args: readonly string[], env: Record<string, string>) => {
	const startedMs = performance.now();
	const child = spawn(process.execPath, args, {env: {PATH: process.env['PATH']!, ...env}, stdio: ['ignore', 'pipe', 'ignore']});
	const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
	if (exitCode !== 0) {
		throw new Error(`${args.join(' ')} ended with ${exitCode}: ${output}`);
	}

	return {ms: performance.now() - startedMs, output};
};

type Imported = {requests: number; libraries: Array<{expected: number; imported: number}>};

const importWith = async (home: string) => timed(['--import', counter, cli, 'import', '--all', '--json'], {
	HOME: path.join(folder, home), PLEX_URL: server.url, PLEX_TOKEN: server.token, WRITTEN_BYTES: path.join(folder, 'written'),
});

/**
The bytes that the last import wrote and left, as multiples of its document.
*/
const sizesOf = async (home: string) => {
	const data = path.join(folder, home, '.local/share/reelcat');
	const entries = await readdir(data, {recursive: true, withFileTypes: true});
	const sizes = await Promise.all(entries.filter(entry => entry.isFile()).map(async entry => stat(path.join(entry.parentPath, entry.name))));
	const document = await stat(path.join(data, 'catalog.json'));
	const written = await readFile(path.join(folder, 'written'), 'utf8').catch(() => 'NaN');
	return {left: sizes.reduce((sum, {size}) => sum + size, 0) / document.size, written: Number(written) / document.size};
};

if (busy !== undefined) {
	// Every answer has been made once before it becomes slow.
	await timed([bare, server.url, server.token, path.join(folder, 'warm.ndjson')], {});
	await importWith('warm');
	busy.beSlow({
		requestMs: 8, requestLockMs: 0, listRowMs: 1, listRowLockMs: 0, detailRowMs: 2, detailRowLockMs: 0,
	});
}

const bareMs: number[] = [];
const reelcatMs: number[] = [];
let last: Imported = {requests: 0, libraries: []};
for (let round = 0; round < Number(values.rounds); round++) {
	const bareRun = await timed([bare, server.url, server.token, path.join(folder, `${round}.ndjson`)], {});
	bareMs.push(bareRun.ms);
	const {ms, output} = await importWith(String(round));
	reelcatMs.push(ms);
	last = JSON.parse(output) as Imported;
}

server.stop();
const {written, left} = await sizesOf(String(Number(values.rounds) - 1));
await rm(folder, {recursive: true});

const items = last.libraries.reduce((sum, {expected}) => sum + expected, 0);
const pages = last.libraries.reduce((sum, {expected}) => sum + Math.ceil(expected / 500) + 3, 0);
process.stdout.write(`${items} items, ${values.rounds} rounds: bare ${Math.round(median(bareMs))} ms, reelcat ${Math.round(median(reelcatMs))} ms\n`);
judge([
	{what: 'time of an import ÷ time of the bare script (medians)', is: median(reelcatMs) / median(bareMs), limit: values.slow ? 1.1 : 1.6},
	{what: 'requests of a first import', is: last.requests, limit: (items / 50) + pages + 20},
	// Only Linux says how many bytes were written.
	...Number.isNaN(written) ? [] : [{what: 'bytes written ÷ size of the document', is: written, limit: 2.5}],
	{what: 'size of the data folder ÷ size of the document', is: left, limit: 1.6},
]);
