/**
How much longer a second, foreground client waits for small requests while reelcat imports, against an idle server; with the governor, and for comparison with a fixed number of requests at a time. The server is the demo server with `plausibleLatency`.

Usage: npm run bench:politeness [-- --movies 2000 --shows 100]
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
import {startForeground, type Felt} from './foreground.js';
import {judge} from './judge.js';

const {values} = parseArgs({
	options: {
		movies: {type: 'string', default: '2000'},
		shows: {type: 'string', default: '60'},
		idleSeconds: {type: 'string', default: '15'},
	},
});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));

const child = spawn(process.execPath, ['--import=tsx', fileURLToPath(new URL('busy-demo.ts', import.meta.url)), values.movies, values.shows], {stdio: ['pipe', 'pipe', 'inherit']});
process.once('exit', () => {
	child.kill();
});
const [line] = await once(child.stdout, 'data') as [Uint8Array];
const server = JSON.parse(new TextDecoder().decode(line)) as {url: string; token: string};

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

// Every answer has been made once, then the model is turned on.
await reelcat('warm', ['import', '--all']);
await reelcat('warm', ['sync', '--full']);
child.stdin.write('model\n');

const foreground = await startForeground(server);
const idles: Felt[] = [];
const feelIdle = async () => {
	foreground.take();
	await sleep(Number(values.idleSeconds) * 1000);
	idles.push(foreground.take());
};

type Row = {what: string; felt: Felt; seconds?: number; idle: number};
const rows: Row[] = [];
const feel = async (what: string, home: string, args: readonly string[]) => {
	await feelIdle();
	const {p95: idle} = idles.at(-1)!;
	const {seconds, items} = await reelcat(home, args);
	rows.push({
		what: `${what}, ${items} items`, felt: foreground.take(), seconds, idle,
	});
};

// The code of both is warm only after some hundred requests.
await sleep(3000);
await feel('import', 'governor', ['import', '--all']);
await feel('full sync', 'governor', ['sync', '--full']);
await feel('import with --concurrency 1', 'one', ['import', '--all', '--concurrency', '1']);
await feel('import with --concurrency 4', 'four', ['import', '--all', '--concurrency', '4']);
await feel('import with --concurrency 8', 'eight', ['import', '--all', '--concurrency', '8']);
foreground.stop();
child.kill();
await rm(folder, {recursive: true});

const words = ({p50, p95, requests}: Felt) => `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (${requests} requests)`;
for (const idle of idles) {
	process.stdout.write(`idle: ${words(idle)}\n`);
}

for (const {what, felt, seconds, idle} of rows) {
	process.stdout.write(`${what}: ${words(felt)}, ${(felt.p95 / idle).toFixed(2)} of idle, took ${seconds!.toFixed(1)} s\n`);
}

judge(rows.slice(0, 2).map(({what, felt, idle}) => ({what: `p95 of the foreground client during a ${what} ÷ p95 before it`, is: felt.p95 / idle, limit: 1.3})));
