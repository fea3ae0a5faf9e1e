/**
Measures what a sync costs, compared with what has changed: requests, bytes read, bytes written, time.

Usage: npm run bench:sync [-- --items 50000] [-- --growth]

With --growth it measures the same at 5,000, 50,000 and 250,000 items, to see whether the cost per item grows.
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	mkdtemp,
	readdir,
	rm,
	stat,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {startDemoServer, type DemoServer} from '../source/demo/server.js';
import {judge, median, type Verdict} from './judge.js';

const {values} = parseArgs({options: {items: {type: 'string', default: '50000'}, growth: {type: 'boolean', default: false}}});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

type Synced = {libraries: Array<{title: string; expected: number; changes: Record<string, number>}>};
type Cost = {
	ms: number;
	requests: number;
	listed: number;
	receivedBytes: number;
	writtenBytes: number;
	isWritten: boolean;
	result: Synced;
};

const run = async (home: string, server: Pick<DemoServer, 'url' | 'token'>, args: readonly string[], expectedExit = 0): Promise<{ms: number; output: string}> => {
	const startedMs = performance.now();
	const child = spawn(process.execPath, [cli, ...args], {
		env: {
			PATH: process.env['PATH']!, HOME: home, PLEX_URL: server.url, PLEX_TOKEN: server.token,
		},
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
	if (exitCode !== expectedExit) {
		throw new Error(`reelcat ${args.join(' ')} ended with ${exitCode}: ${output.slice(0, 2000)}`);
	}

	return {ms: performance.now() - startedMs, output};
};

/**
Size and time of every file below a folder.
*/
const filesBelow = async (folder: string): Promise<Map<string, string>> => {
	const files = new Map<string, string>();
	const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
	for (const entry of entries) {
		if (!entry.isFile()) {
			continue;
		}

		const file = path.join(entry.parentPath, entry.name);
		const {size, mtimeMs} = await stat(file);
		files.set(file, `${size} ${mtimeMs}`);
	}

	return files;
};

const sync = async (home: string, server: DemoServer, args: readonly string[] = []): Promise<Cost> => {
	const before = await filesBelow(home);
	server.requests.reset();
	const {ms, output} = await run(home, server, ['sync', '--json', ...args]);
	const requests = server.requests.total();
	const listed = sum(Object.entries(server.requests.counts()).filter(([name]) => name.endsWith('/all')).map(([, count]) => count));
	const result = JSON.parse(output) as Synced & {bytes: number};
	const after = await filesBelow(home);
	const changed = [...after].filter(([file, stamp]) => before.get(file) !== stamp);
	const sizeOf = (files: ReadonlyMap<string, string>, file: string) => Number(/^\d+/v.exec(files.get(file) ?? '0')?.[0]);
	return {
		ms,
		requests,
		listed,
		receivedBytes: result.bytes,
		writtenBytes: sum(changed.map(([file]) => writtenTo(file, sizeOf(before, file), sizeOf(after, file)))),
		isWritten: changed.length > 0 || after.size !== before.size,
		result,
	};
};

const sum = (numbers: Iterable<number>) => {
	let total = 0;
	for (const number of numbers) {
		total += number;
	}

	return total;
};

/**
A replaced file counts with its whole size, a grown file with its growth.
*/
const writtenTo = (file: string, before: number, after: number) =>
	after > before && /\.(?:journal|ndjson|log)$/v.test(file) ? after - before : after;

const measure = async (wanted: number) => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
	const server = await startDemoServer({movies: Math.round(wanted / 10), shows: Math.round(wanted * 0.9 / 100)});
	try {
		const first = await sync(home, server);
		const items = sum(first.result.libraries.map(({expected}) => expected));
		const startMs: number[] = [];
		const idle: Cost[] = [];
		for (let round = 0; round < 5; round++) {
			// Everything is loaded and opened, then the server does not answer.
			const alone = await run(home, {url: 'http://127.0.0.1:9', token: 'none'}, ['sync', '--json'], 5);
			startMs.push(alone.ms);
			idle.push(await sync(home, server));
		}

		const films = server.library.sections()[0]!;
		const row = server.library.page(films.key, 1, {start: 40, size: 1})[0] as {ratingKey: string};
		server.library.changeItem(row.ratingKey, movie => {
			movie.title = 'Another Name';
			movie.updatedAt = (movie.updatedAt ?? 0) + 60;
		});
		const one = await sync(home, server);
		const found = sum(one.result.libraries.flatMap(({changes}) => Object.values(changes)));
		if (found !== 1) {
			throw new Error(`One item was edited, but the sync found ${found} changes.`);
		}

		const full = await sync(home, server, ['--full']);
		return {
			items, first, idle, startMs: median(startMs), one, full,
		};
	} finally {
		await server.close();
		await rm(home, {recursive: true});
	}
};

const verdicts = ({items, first, idle, startMs, one, full}: Awaited<ReturnType<typeof measure>>): Verdict[] => {
	process.stdout.write(`${items} items: first ${Math.round(first.ms)} ms, ${first.requests} requests, ${(first.receivedBytes / 1e6).toFixed(1)} MB; one changed ${Math.round(one.ms)} ms, ${one.requests} requests, ${(one.receivedBytes / 1e6).toFixed(1)} MB read, ${(one.writtenBytes / 1e3).toFixed(1)} kB written; full ${Math.round(full.ms)} ms\n`);
	return [
		{what: 'nothing changed: requests', is: Math.max(...idle.map(({requests}) => requests)), limit: 3},
		{what: 'nothing changed: files written', is: idle.filter(({isWritten}) => isWritten).length, limit: 0},
		{what: 'nothing changed: time beyond that of a sync without a server (medians), ms', is: Math.max(0, median(idle.map(({ms}) => ms)) - startMs), limit: 100},
		{what: 'one item changed: requests beyond the listing', is: one.requests - one.listed, limit: 10},
		{what: 'one item changed: bytes read ÷ bytes of a first import', is: one.receivedBytes / first.receivedBytes, limit: 0.05},
		{what: 'one item changed: bytes written ÷ bytes of a first import', is: one.writtenBytes / first.writtenBytes, limit: 0.001},
		{what: 'full sync without changes: time ÷ time of the first import', is: full.ms / first.ms, limit: 0.5},
	];
};

if (values.growth) {
	const perItem: Array<{first: number; one: number; full: number}> = [];
	for (const size of [5000, 50_000, 250_000]) {
		const {items, first, one, full, startMs} = await measure(size);
		perItem.push({first: (first.ms - startMs) / items, one: (one.ms - startMs) / items, full: (full.ms - startMs) / items});
		process.stdout.write(`${items} items: first ${Math.round(first.ms)} ms, one changed ${Math.round(one.ms)} ms, full ${Math.round(full.ms)} ms\n`);
	}

	const [small, , large] = perItem;
	judge([
		{what: 'first import: time per item at 250,000 ÷ at 5,000', is: large!.first / small!.first, limit: 1.5},
		{what: 'one item changed: time per item at 250,000 ÷ at 5,000', is: large!.one / small!.one, limit: 1.5},
		{what: 'full sync: time per item at 250,000 ÷ at 5,000', is: large!.full / small!.full, limit: 1.5},
	]);
} else {
	judge(verdicts(await measure(Number(values.items))));
}
