/**
Measures how the costs of whole processes grow with the catalogue: a first import, a sync that finds one changed movie, `ls TEXT`, `show ID`, and the memory of app and daemon. For each it fits the exponent of processor time and of the most memory; 1 means that it grows as the number of items does. The server and this script are one process, reelcat is another.

Usage: npm run bench:growth [-- --items 3000,12000,55000]. More items take much longer.
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {startDemoServer} from '../source/demo/server.js';
import {cliFile, sitDown} from '../test/helpers/terminal.js';
import {judge} from './judge.js';

const {values} = parseArgs({options: {items: {type: 'string', default: '3000,12000,55000'}}});

type Cost = {processorMs: number; megabytes: number};

// Written when the process ends.
const hook = `data:text/javascript,${encodeURIComponent(`
	import {writeFileSync} from 'node:fs';
	process.on('exit', () => {
		const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
		writeFileSync(process.env.REELCAT_PROBE_FILE, JSON.stringify({processorMs: (userCPUTime + systemCPUTime) / 1000, megabytes: maxRSS / 1024}));
	});
`)}`;

const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));

/**
Costs of one catalogue by what was done.
*/
const measure = async (wanted: number): Promise<{items: number; costs: Map<string, Cost>}> => {
	const probeFile = path.join(home, 'probe.json');
	// A tenth are movies; a show has about a hundred episodes.
	const server = await startDemoServer({movies: Math.round(wanted / 10), shows: Math.round(wanted * 0.9 / 100)});
	const env = {
		PLEX_URL: server.url, PLEX_TOKEN: server.token, REELCAT_DATA_DIR: path.join(home, String(wanted)), REELCAT_PROBE_FILE: probeFile, NODE_OPTIONS: `--import=${hook}`,
	};
	const costs = new Map<string, Cost>();
	const keep = async (what: string) => {
		costs.set(what, JSON.parse(await readFile(probeFile, 'utf8')) as Cost);
	};

	const start = (args: readonly string[]) => spawn(process.execPath, [cliFile, ...args], {
		env: {...env, PATH: process.env['PATH']!, HOME: home}, stdio: ['ignore', 'pipe', 'ignore'],
	});
	const run = async (what: string, args: readonly string[]) => {
		const child = start(args);
		const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
		if (child.exitCode !== 0) {
			throw new Error(`reelcat ${args.join(' ')} ended with ${child.exitCode}: ${output.slice(0, 500)}`);
		}

		await keep(what);
		return output;
	};

	try {
		const {libraries} = JSON.parse(await run('first import', ['import', '--all', '--json'])) as {libraries: Array<{expected: number}>};
		const [row] = server.library.page('1', 1, {start: 1, size: 1}) as Array<{ratingKey: string}>;
		server.library.changeItem(row!.ratingKey, changed => {
			changed.title = 'The Changed Lantern';
			changed.updatedAt = Math.floor(Date.now() / 1000);
		});
		await run('sync, one movie changed', ['sync', '--json']);
		const {items} = JSON.parse(await run('ls TEXT', ['ls', 'changed lantern', '--json'])) as {items: Array<{id: string}>};
		await run('show ID', ['show', items[0]!.id, '--json']);

		const person = sitDown(home, {env});
		await person.sees(/\d of \d|last sync|synced/v, 60_000);
		person.type('l');
		await person.sees(/1\/[\d,]+/v, 60_000);
		person.type('Q');
		await person.exit;
		await keep('app');

		const daemon = start(['--watch', '--no-api', '--json']);
		daemon.stdout.resume();
		// It compares all libraries first.
		await sleep(5000 + (wanted / 5));
		daemon.kill('SIGTERM');
		await once(daemon, 'close');
		await keep('daemon');
		return {items: libraries.reduce((sum, {expected}) => sum + expected, 0), costs};
	} finally {
		await server.close();
	}
};

/**
The exponent of the power law that fits best, by least squares of the logarithms.
*/
const exponent = (points: ReadonlyArray<readonly [items: number, cost: number]>): number => {
	const logs = points.map(([items, cost]) => [Math.log(items), Math.log(cost)] as const);
	const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
	const [x, y] = [mean(0), mean(1)];
	return logs.reduce((sum, [left, right]) => sum + ((left - x) * (right - y)), 0) / logs.reduce((sum, [left]) => sum + ((left - x) ** 2), 0);
};

// The first processes fill the compile cache.
await measure(100);
const sizes: Array<Awaited<ReturnType<typeof measure>>> = [];
for (const wanted of values.items.split(',')) {
	const size = await measure(Number(wanted));
	sizes.push(size);
	for (const [what, {processorMs, megabytes}] of size.costs) {
		console.log(`${String(size.items).padStart(8)} items  ${what.padEnd(24)} ${processorMs.toFixed(0).padStart(7)} ms of processor ${megabytes.toFixed(0).padStart(6)} MB`);
	}
}

await rm(home, {recursive: true});

const [first, last] = [sizes[0]!, sizes.at(-1)!];
const slope = (what: string) => 1024 * (last.costs.get(what)!.megabytes - first.costs.get(what)!.megabytes) / (last.items - first.items);
judge([
	...first.costs.keys().flatMap(what => (['processorMs', 'megabytes'] as const).map(unit => ({
		what: `exponent of ${what}, ${unit === 'megabytes' ? 'memory' : 'processor'}`,
		is: exponent(sizes.map(({items, costs}) => [items, costs.get(what)![unit]])),
		limit: 1.1,
	}))),
	...['app', 'daemon'].map(what => ({what: `memory of the ${what} for each item more, KB`, is: slope(what), limit: 1})),
]);
