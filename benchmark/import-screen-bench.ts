/**
Runs a first import in the app while a person watches. It measures stalls, memory, and how soon a key shows its effect while rows stream in.

Usage: npm run bench:import-screen [-- --items 50000]

REELCAT_BENCH_NODE_OPTIONS holds options for node, for instance `--cpu-prof`.
*/
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {sitDown} from '../test/helpers/terminal.js';
import {startDemo} from './demo-process.js';
import {judge, median, percentile} from './judge.js';

const {values} = parseArgs({options: {items: {type: 'string', default: '50000'}}});
const wanted = Number(values.items);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
const probeFile = path.join(home, 'probe.json');
const escape = '\u{1B}';

// A tenth are movies; a show has about a hundred episodes.
const movies = Math.round(wanted / 10);
const server = await startDemo(['--movies', String(movies), '--shows', String(Math.round(wanted * 0.9 / 100))]);
const person = sitDown(home, {
	columns: 120,
	rows: 40,
	env: {REELCAT_PROBE_FILE: probeFile, PLEX_URL: server.url, PLEX_TOKEN: server.token},
	shell: `exec '${process.execPath}' ${process.env['REELCAT_BENCH_NODE_OPTIONS'] ?? ''} --import '${probe}' '${cli}'`,
});

const isImporting = () => /importing \d+ %/v.test(person.screen());
const percent = () => Number(/importing (?<percent>\d+) %/v.exec(person.screen())?.groups!['percent'] ?? 100);
// The header does not change while the detail beside the list is being read. The list has a border where there is room.
const selected = (screen: string) => {
	const lines = screen.split('\n').map(line => line.replace(/^│/v, ''));
	const row = lines.findIndex(line => line.startsWith('› '));
	return row === -1 ? '' : `${row} ${lines[row]!.split(/[│▐]/v, 1)[0]!}`;
};

const keyMs: number[] = [];
/**
Rows that arrive above the cursor change its number, so a move is recognised by the marked row.
*/
const press = async (key: string, isSeen: (screen: string) => boolean) => {
	const pressedMs = performance.now();
	person.type(key);
	await person.sees(isSeen);
	keyMs.push(performance.now() - pressedMs);
};

// Before the first import all libraries are ticked.
await person.sees(/\[x\] [\s\S]+\[x\] /v, 30_000);
// bench:scale judges the time of the start.
const startedAt = Date.now();
const startedMs = performance.now();
person.type('\r');
await person.sees(isImporting, 30_000);

const watchBarsUntil = async (isEnough: () => boolean) => {
	while (!isEnough() && isImporting()) {
		await press('?', screen => screen.includes('Keys of the import'));
		person.type(escape);
		await person.sees(screen => !screen.includes('Keys of the import'));
		await sleep(100);
	}
};

const position = () => {
	const {at = '0', listed = '0'} = / (?<at>\d[\d,]*)\/(?<listed>\d[\d,]*)/v.exec(person.screen())?.groups ?? {};
	return {at: Number(at.replaceAll(',', '')), listed: Number(listed.replaceAll(',', ''))};
};

let isDown = true;
/**
Moves up and down over a few screens.
*/
const browseUntil = async (isEnough: () => boolean) => {
	while (!isEnough() && isImporting()) {
		const {at, listed} = position();
		isDown = isDown ? at < Math.min(listed, 120) : at <= 1;
		if (listed > 1) {
			const before = selected(person.screen());
			await press(isDown ? 'j' : 'k', screen => selected(screen) !== before);
		}

		await sleep(100);
	}
};

// The percentage covers the libraries that have been counted, at first only the movies.
await watchBarsUntil(() => percent() >= 30);
person.type(escape);
await person.sees(screen => / \d[\d,]*\/\d/v.test(screen) && selected(screen) !== '', 30_000);
await browseUntil(() => position().listed >= movies * 0.9);
// Switch to the other library, whose episodes are most of the catalogue.
person.type(escape);
await person.sees(/\[x\] [\s\S]+\[x\] /v);
person.type('j');
await person.sees(/› \[x\] Series/v);
person.type('l');
await person.sees(screen => screen.includes('› Series') && / \d[\d,]*\/\d/v.test(screen), 30_000);
await browseUntil(() => percent() >= 40);
person.type('w');
await person.sees('› Import');
await watchBarsUntil(() => percent() >= 60);
person.type(escape);
await person.sees(screen => !screen.includes('› Import') && selected(screen) !== '');
await browseUntil(() => false);
person.type('w');
const summary = await person.sees('Imported without errors', 60_000);
const importMs = performance.now() - startedMs;
const items = Number(/(?<expected>[\d,]+) expected/v.exec(summary)!.groups!['expected']!.replaceAll(',', ''));
// The last rows may still be on their way into the list below.
await sleep(3000);
const leftAt = Date.now();
person.type('Q');
await person.exit;
server.stop();

const {peakRssBytes, stalls} = JSON.parse(await readFile(probeFile, 'utf8')) as {
	peakRssBytes: number;
	stalls: Array<[atMs: number, stallMs: number, turns: {cpuMs: number; ownMs: number}]>;
};
await rm(home, {recursive: true});
const watched = stalls.filter(([atMs]) => atMs > startedAt && atMs <= leftAt);
const stallsMs = watched.map(([, stallMs]) => stallMs);
const mostCpuMs = Math.max(...watched.map(({2: {cpuMs}}) => cpuMs));
const mostOwnMs = Math.max(...watched.map(({2: {ownMs}}) => ownMs));
const ms = (value: number) => `${value.toFixed(1)} ms`;
process.stdout.write([
	`${items} items imported in ${(importMs / 1000).toFixed(1)} s with a screen up; peak memory ${Math.round(peakRssBytes / 1e6)} MB`,
	`stalls of ${stallsMs.length} tenths of a second: median ${ms(median(stallsMs))}, p95 ${ms(percentile(stallsMs, 0.95))}, longest ${ms(Math.max(...stallsMs))}`,
	`the longest turn: ${ms(mostCpuMs)} by processor time of its thread, ${ms(mostOwnMs)} without waiting for a core`,
	`a key to its frame, ${keyMs.length} keys: median ${ms(median(keyMs))}, p95 ${ms(percentile(keyMs, 0.95))}, most ${ms(Math.max(...keyMs))}`,
	'',
].join('\n'));
const limit = items > 60_000 ? 200 : 50;
judge([
	{what: 'longest turn by processor time, ms', is: mostCpuMs, limit},
	{what: 'longest stall while the import is on the screen or behind it, ms', is: Math.max(...stallsMs), limit},
]);
