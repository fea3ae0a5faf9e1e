/**
Measures how much longer a second, foreground client waits for small requests while reelcat imports than on an idle server; with the governor, and for comparison with a fixed number of requests at a time. The server is the demo server with `plausibleLatency`.

Usage: npm run bench:politeness [-- --movies 2000 --shows 60]
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {plausibleLatency} from '../source/demo/knobs/latency-model.js';
import {startBusyDemo} from './demo-process.js';
import {startForeground} from './foreground.js';
import {judge, median, percentile} from './judge.js';

const {values} = parseArgs({
	options: {
		movies: {type: 'string', default: '2000'},
		shows: {type: 'string', default: '60'},
		idleSeconds: {type: 'string', default: '10'},
	},
});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));

const server = await startBusyDemo(values.movies, values.shows);

const reelcat = async (home: string, args: readonly string[]) => {
	const startedMs = performance.now();
	const work = spawn(process.execPath, [cli, ...args, '--json'], {
		env: {
			PATH: process.env['PATH']!, HOME: path.join(folder, home), PLEX_URL: server.url, PLEX_TOKEN: server.token,
		},
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [output, [exitCode]] = await Promise.all([text(work.stdout), once(work, 'close') as Promise<[number]>]);
	if (exitCode !== 0) {
		throw new Error(`reelcat ${args.join(' ')} ended with ${exitCode}: ${output.slice(0, 2000)}`);
	}

	const {libraries} = JSON.parse(output) as {libraries: Array<{expected: number}>};
	return {seconds: (performance.now() - startedMs) / 1000, items: libraries.reduce((sum, {expected}) => sum + expected, 0)};
};

// Turn the model on after every answer has been made once.
await reelcat('warm', ['import', '--all']);
await reelcat('warm', ['sync', '--full']);
server.beSlow(plausibleLatency);

const foreground = await startForeground(server);
const idles: number[][] = [];
const runs: Array<{what: string; felt: number[][]; seconds: number}> = [];
const feelIdle = async () => {
	foreground.take();
	await sleep(Number(values.idleSeconds) * 1000);
	idles.push(foreground.take());
};

const feel = async (what: string, home: string, args: readonly string[], rounds = 1) => {
	const felt: number[][] = [];
	let last = {seconds: 0, items: 0};
	for (let round = 0; round < rounds; round++) {
		await feelIdle();
		last = await reelcat(home, args);
		felt.push(foreground.take());
	}

	runs.push({what: `${what}, ${last.items} items`, felt, seconds: last.seconds});
};

// The code of both is warm only after a few hundred requests.
await sleep(10_000);
await feel('import', 'governor', ['import', '--all']);
await feel('full sync', 'governor', ['sync', '--full'], 3);
await feel('import with --concurrency 1', 'one', ['import', '--all', '--concurrency', '1']);
await feel('import with --concurrency 4', 'four', ['import', '--all', '--concurrency', '4']);
await feel('import with --concurrency 8', 'eight', ['import', '--all', '--concurrency', '8']);
await feelIdle();
foreground.stop();
server.stop();
await rm(folder, {recursive: true});

// Take medians over the rounds, because other work on the machine disturbs single rounds.
const share = (rounds: readonly number[][], of: number) => median(rounds.map(felt => percentile(felt, of)));
const words = (rounds: readonly number[][]) => `p50 ${share(rounds, 0.5).toFixed(1)} ms, p95 ${share(rounds, 0.95).toFixed(1)} ms of ${rounds.flat().length} requests`;
const ratio = (rounds: readonly number[][]) => share(rounds, 0.95) / share(idles, 0.95);
process.stdout.write(`idle: ${words(idles)}\n`);
for (const {what, felt, seconds} of runs) {
	process.stdout.write(`${what}: ${words(felt)}, ${ratio(felt).toFixed(2)} of idle; took ${seconds.toFixed(1)} s\n`);
}

judge(runs.slice(0, 2).map(({what, felt}) => ({what: `p95 of the foreground client: ${what} ÷ idle`, is: ratio(felt), limit: 1.3})));
