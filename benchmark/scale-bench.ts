/**
Measures a large catalogue, from the first import to the cursor in the app: memory, stalls, time to open, cost of a cursor move.

Usage: npm run bench:scale [-- --items 250000]
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {sitDown} from '../test/helpers/terminal.js';
import {startDemo} from './demo-process.js';
import {judge, median, percentile} from './judge.js';

const {values} = parseArgs({options: {items: {type: 'string', default: '250000'}}});
const wanted = Number(values.items);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
await mkdir(home, {recursive: true});

// A tenth are movies; a show has about a hundred episodes.
const server = await startDemo(['--movies', String(Math.round(wanted / 10)), '--shows', String(Math.round(wanted * 0.9 / 100))]);
const connection = {PLEX_URL: server.url, PLEX_TOKEN: server.token};

type Probed = {peakRssBytes: number; longestStallMs: number};
const probeFile = path.join(home, 'probe.json');
const readProbe = async () => JSON.parse(await readFile(probeFile, 'utf8')) as Probed;

const startedMs = performance.now();
const child = spawn(process.execPath, ['--import', probe, cli, 'import', '--all', '--json'], {
	env: {
		PATH: process.env['PATH']!, HOME: home, REELCAT_PROBE_FILE: probeFile, ...connection,
	},
	stdio: ['ignore', 'pipe', 'ignore'],
});
const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
const importMs = performance.now() - startedMs;
if (exitCode !== 0) {
	throw new Error(`The import ended with ${exitCode}: ${output.slice(0, 2000)}`);
}

const {libraries} = JSON.parse(output) as {libraries: Array<{title: string; expected: number}>};
const items = libraries.reduce((sum, {expected}) => sum + expected, 0);
const imported = await readProbe();
process.stdout.write(`${items} items imported in ${(importMs / 1000).toFixed(1)} s\n`);

const openedMs = performance.now();
const person = sitDown(home, {
	columns: 80,
	rows: 24,
	env: {REELCAT_PROBE_FILE: probeFile, ...connection},
	shell: `exec '${process.execPath}' --import '${probe}' '${cli}'`,
});
await person.sees(libraries[0]!.title, 30_000);
const headerMs = performance.now() - openedMs;
process.kill(person.pid, 'SIGUSR2');
await person.sees(screen => !/[Ll]oading/v.test(screen), 30_000);
const loadedMs = performance.now() - openedMs;

person.type('l');
await person.sees(/\b1\/[\d,]+/v);
const moveBytes: number[] = [];
const step = async (key: string, position: number) => {
	const moved = performance.now();
	person.type(key);
	await person.sees(new RegExp(String.raw`\b${position}/`, 'v'));
	const tookMs = performance.now() - moved;
	moveBytes.push(person.takeBytes());
	return tookMs;
};

/**
Moves beyond the edge of the screen and back, so that about half of the moves scroll the list.
*/
const walk = async () => {
	const tookMs: number[] = [];
	for (let position = 2; position <= 40; position++) {
		tookMs.push(await step('j', position));
	}

	for (let position = 39; position >= 1; position--) {
		tookMs.push(await step('k', position));
	}

	return tookMs;
};

person.takeBytes();
// In the first second the index is still being read, and the code was never run before.
const firstMs = await walk();
process.stdout.write(`cursor move as soon as the list is there: median ${median(firstMs).toFixed(1)} ms, p95 ${percentile(firstMs, 0.95).toFixed(1)} ms\n`);
await person.rests();
person.takeBytes();
const moveMs = await walk();

person.type('G');
await person.sees(screen => /\b(?<count>\d[\d,]*)\/\k<count>\b/v.test(screen));
person.type('/');
person.type('night');
await person.sees('/night');
person.type('\u{1B}');
await person.sees(screen => !screen.includes('/night'));
person.type('Q');
await person.exit;
const browsed = await readProbe();
server.stop();
await rm(home, {recursive: true});

judge([
	{what: 'peak memory of the import, MB', is: imported.peakRssBytes / 1e6, limit: 1500},
	{what: 'start to libraries and counts, ms', is: headerMs, limit: 300},
	{what: 'start to everything, ms', is: loadedMs, limit: 3000},
	{what: 'longest stall while a screen is up, ms', is: browsed.longestStallMs, limit: items > 60_000 ? 200 : 50},
	{what: 'cursor move at 80×24 (median), ms', is: median(moveMs), limit: 16},
	{what: 'cursor move at 80×24 (p95), ms', is: percentile(moveMs, 0.95), limit: 16},
	{what: 'cursor move at 80×24, also where it scrolls (most), bytes', is: Math.max(...moveBytes), limit: 500},
]);
