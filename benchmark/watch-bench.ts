/**
Measures the time from a change on the server, which sends a notification at once, to the commit in the catalogue, at 10 changes a second in a large library. Then it measures what an idle daemon costs. Server, daemon (the binary itself) and observer are separate processes; the observer follows the catalogue like any reader.

Usage: npm run bench:watch [-- --items 50000 --changes 300 --perSecond 10 --idleSeconds 60]
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {openCatalog} from '../source/store/open-catalog.js';
import {judge, median, percentile} from './judge.js';

const {values} = parseArgs({
	options: {
		items: {type: 'string', default: '50000'},
		changes: {type: 'string', default: '300'},
		perSecond: {type: 'string', default: '10'},
		idleSeconds: {type: 'string', default: '60'},
	},
});
const changes = Number(values.changes);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
const children = new Set<ReturnType<typeof spawn>>();
process.once('exit', () => {
	for (const child of children) {
		child.kill('SIGKILL');
	}
});

const demo = spawn(process.execPath, ['--import=tsx', fileURLToPath(new URL('changing-demo.ts', import.meta.url)), values.items, '0'], {stdio: ['pipe', 'pipe', 'inherit']});
children.add(demo);
const lines = createInterface({input: demo.stdout});
const told: Array<Record<string, unknown>> = [];
lines.on('line', line => {
	told.push(JSON.parse(line) as Record<string, unknown>);
});

const until = async (what: string, isTrue: () => boolean, seconds: number) => {
	const endMs = performance.now() + (seconds * 1000);
	while (!isTrue()) {
		if (performance.now() > endMs) {
			throw new Error(`Never happened: ${what}.`);
		}

		await sleep(20);
	}
};

await until('the server starts', () => told.length > 0, 60);
const {url, token} = told[0] as {url: string; token: string};
const env = {
	PATH: process.env['PATH']!, HOME: home, PLEX_URL: url, PLEX_TOKEN: token, REELCAT_NO_DISCOVERY: '1',
};
const imported = spawn(process.execPath, [cli, 'import', '--all', '--json'], {env, stdio: 'ignore'});
await once(imported, 'exit');

const daemon = spawn(process.execPath, [cli, '--watch', '--no-api'], {env, stdio: ['ignore', 'pipe', 'inherit']});
children.add(daemon);
let log = '';
daemon.stdout.on('data', (chunk: Uint8Array) => {
	log += new TextDecoder().decode(chunk);
});
await until('the daemon listens', () => log.includes('reports its changes'), 60);

const store = await openCatalog({folder: path.join(home, '.local/share/reelcat'), access: 'read', pollMs: 5});
await store.load();
const committedAtMs = new Map<string, number>();
const observe = async (upserted: readonly string[], atMs: number) => {
	for (const record of await store.getMany(upserted, {kind: 'item'})) {
		if (record.kind === 'item' && !committedAtMs.has(record.title)) {
			committedAtMs.set(record.title, atMs);
		}
	}
};

store.subscribe(({upserted}) => {
	void observe(upserted, Date.now());
});
// The comparison at the start is over.
await sleep(10_000);

const requests = async () => {
	const before = told.length;
	demo.stdin.write('requests\n');
	await until('the requests are told', () => told.slice(before).some(line => 'requests' in line), 10);
	return told.slice(before).find(line => 'requests' in line)!['requests'] as number;
};

const startRequests = await requests();
const first = told.length;
demo.stdin.write(`change ${changes} ${values.perSecond}\n`);
const made = () => told.slice(first).filter((line): line is {title: string; atMs: number} => 'title' in line);
// An item may change again before it is read; then its later title counts for both changes.
await until('every change is made', () => made().length === changes, (changes / Number(values.perSecond)) + 30);
await until('the last change is there', () => committedAtMs.has(made().at(-1)!.title), 30);
await sleep(3000);
const latencies = made().flatMap(({title, atMs}) => committedAtMs.has(title) ? [committedAtMs.get(title)! - atMs] : []);
const missed = changes - latencies.length;
const duringRequests = await requests() - startRequests;

// A sync that a hint has requested may still be running.
await sleep(5000);
const usage = async () => {
	const stat = await readFile(`/proc/${daemon.pid}/stat`, 'utf8');
	const [utime, stime] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number) as [number, number];
	const io = await readFile(`/proc/${daemon.pid}/io`, 'utf8');
	return {cpuMs: (utime + stime) * 10, writtenBytes: Number(/^write_bytes: (?<bytes>\d+)/mv.exec(io)?.groups?.['bytes']), requests: await requests()};
};

const idleMs = Number(values.idleSeconds) * 1000;
const before = await usage();
await sleep(idleMs);
const after = await usage();
const cpuPercent = 100 * (after.cpuMs - before.cpuMs) / idleMs;
const residentMb = Number(/^VmRSS:\s+(?<kb>\d+)/mv.exec(await readFile(`/proc/${daemon.pid}/status`, 'utf8'))?.groups?.['kb']) / 1024;

const startMs = performance.now();
daemon.kill('SIGTERM');
await once(daemon, 'exit');
const endMs = performance.now() - startMs;
await store.close();
demo.kill();
await rm(home, {recursive: true});

console.log(`${values.items} movies, ${changes} changes, ${values.perSecond} a second; ${duringRequests} requests; the daemon has ${Math.round(residentMb)} MB`);
console.log(`${missed} titles were overtaken by a later change of the same item`);
judge([
	{what: 'notification to commit, p50, ms', is: median(latencies), limit: 2000},
	{what: 'notification to commit, p95, ms', is: percentile(latencies, 0.95), limit: 2000},
	{what: 'notification to commit, p99, ms', is: percentile(latencies, 0.99), limit: 2000},
	{what: 'idle: requests', is: after.requests - before.requests, limit: 0},
	{what: 'idle: processor, %', is: cpuPercent, limit: 0.5},
	{what: 'idle: bytes written to disk', is: after.writtenBytes - before.writtenBytes, limit: 0},
	{what: 'SIGTERM to the end, ms', is: endMs, limit: 10_000},
]);
