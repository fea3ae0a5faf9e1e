/**
Measures how much longer a whole import takes than a bare script that fetches the same, and how many requests it needs.

Usage: npm run bench:import [-- --movies 2000 --shows 100 --rounds 5]
*/
import {spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {startDemo} from './demo-process.js';
import {judge, median} from './judge.js';

const {values} = parseArgs({
	options: {
		movies: {type: 'string', default: '2000'},
		shows: {type: 'string', default: '100'},
		rounds: {type: 'string', default: '5'},
	},
});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const bare = fileURLToPath(new URL('bare-import.ts', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
const server = await startDemo(['--movies', values.movies, '--shows', values.shows]);

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

const bareMs: number[] = [];
const reelcatMs: number[] = [];
let last: Imported = {requests: 0, libraries: []};
for (let round = 0; round < Number(values.rounds); round++) {
	const home = path.join(folder, String(round));
	const bareRun = await timed([bare, server.url, server.token, path.join(folder, `${round}.ndjson`)], {});
	bareMs.push(bareRun.ms);
	const {ms, output} = await timed([cli, 'import', '--all', '--json'], {HOME: home, PLEX_URL: server.url, PLEX_TOKEN: server.token});
	reelcatMs.push(ms);
	last = JSON.parse(output) as Imported;
}

server.stop();
await rm(folder, {recursive: true});

const items = last.libraries.reduce((sum, {expected}) => sum + expected, 0);
const pages = last.libraries.reduce((sum, {expected}) => sum + Math.ceil(expected / 500) + 3, 0);
process.stdout.write(`${items} items, ${values.rounds} rounds: bare ${Math.round(median(bareMs))} ms, reelcat ${Math.round(median(reelcatMs))} ms\n`);
judge([
	{what: 'time of an import ÷ time of the bare script (medians)', is: median(reelcatMs) / median(bareMs), limit: 1.6},
	{what: 'requests of a first import', is: last.requests, limit: (items / 50) + pages + 20},
]);
