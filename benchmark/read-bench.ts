import {Buffer} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {createReadStream} from 'node:fs';
import {
	mkdtemp,
	open,
	rm,
	stat,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {fillIndex, keepForNextStart} from '../source/app/index-loader.js';
import {createCatalogIndex} from '../source/query/catalog-index.js';
import {compileQuery} from '../source/query/language/compile.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {judge} from './judge.js';
import {measureInTurns, peakMegabytes, printMeasured} from './measure-process.js';
import {syntheticLibraries, syntheticRecords, syntheticServer} from './store-synthetic.js';

/**
Measures how quickly the commands read an invented catalogue, in whole processes, against a program that searches its export: `npm run bench:read [-- items = 250000 [rounds = 5]]`. It ends with 1 when a limit is exceeded.

On a busy machine look at the processor time: the wall time says how long others had the processor.
*/
const [first = '250000', second = '5', third] = process.argv.slice(2);
const megabyte = 2 ** 20;
const self = fileURLToPath(import.meta.url);
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const words = 'harbour 2500';
// They take seconds each.
const mostBulkRounds = 3;

const build = async (folder: string, count: number) => {
	const store = await openCatalog({folder});
	await store.load();
	for (const records of syntheticRecords(count, 5000)) {
		const transaction = await store.begin();
		await transaction.putServer(syntheticServer);
		for (const library of syntheticLibraries) {
			await transaction.putLibrary(library);
		}

		await transaction.upsert(records);
		await transaction.commit();
	}

	await store.close();
	await keepForNextStart(folder, store);
};

/**
What a process that has catalogue and index keeps for each item, beside what it had before.
*/
const hold = async (folder: string, count: number) => {
	const used = () => {
		globalThis.gc!();
		const {heapUsed, external} = process.memoryUsage();
		return heapUsed + external;
	};

	const before = used();
	const store = await openCatalog({folder, access: 'read'});
	const index = createCatalogIndex();
	await store.load();
	await fillIndex(store, index);
	await index.list({libraryId: 'series', type: 'episode'});
	await index.list({libraryId: 'series', type: 'episode', plan: await compileQuery(words, {now: new Date(), libraries: [], servers: []})});
	index.count({});
	const [showId] = await index.list({libraryId: 'series', type: 'show'});
	index.children(showId!);
	process.stdout.write(String((used() - before) / count));
	await store.close();
};

const exportTo = async (file: string, folder: string) => {
	const handle = await open(file, 'w');
	const start = performance.now();
	const {status} = spawnSync(process.execPath, [cli, 'export', '--format', 'ndjson'], {
		stdio: ['ignore', handle.fd, 'inherit'], env: {...process.env, HOME: folder, REELCAT_DATA_DIR: folder},
	});
	await handle.close();
	if (status !== 0) {
		throw new Error('The export failed.');
	}

	return performance.now() - start;
};

/**
Lines of the export that have the words, counted here so that the benchmark itself can be believed.
*/
const countLines = async (file: string): Promise<number> => {
	let lines = 0;
	for await (const chunk of createReadStream(file)) {
		lines += Buffer.from(chunk as Uint8Array).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
	}

	return lines;
};

const hasRipgrep = () => spawnSync('rg', ['--version']).status === 0;

const compare = async (folder: string, items: number, rounds: number) => {
	const exported = path.join(folder, 'export.ndjson');
	const exportMs = await exportTo(exported, folder);
	const {size} = await stat(exported);
	console.log(`export: ${(size / megabyte).toFixed(0)} MB, ${await countLines(exported)} lines, ${(size / megabyte / exportMs * 1000).toFixed(0)} MB/s`);
	const scanner = hasRipgrep() ? 'rg' : 'grep';
	const overExport = `${scanner} -i TEXT over the export`;
	const own = new Map<string, readonly string[]>([
		['bare node', ['-e', '0']],
		['reelcat --version', [cli, '--version']],
		['reelcat ls TEXT', [cli, 'ls', words]],
		['reelcat show ID', [cli, 'show', 'i0000000000001000']],
	]);
	const commands = new Map([...own].map(([name, args]): [string, readonly string[]] => [name, [process.execPath, ...args]]));
	const measured = measureInTurns(folder, new Map([...commands, [overExport, [scanner, '-i', words, exported]]]), {rounds});
	const peaks = new Map<string, number>();
	for (const [name, args] of own) {
		peaks.set(name, await peakMegabytes(folder, args));
	}

	const bulk = new Map<string, readonly string[]>([
		['reelcat export --format ndjson', [cli, 'export', '--format', 'ndjson']],
		['reelcat export --format csv', [cli, 'export', '--format', 'csv']],
		['reelcat export --format html', [cli, 'export', '--format', 'html']],
		['reelcat verify', [cli, 'verify']],
		['reelcat backup', [cli, 'backup']],
	]);
	for (const [name, one] of measureInTurns(folder, new Map([...bulk].map(([name, args]) => [name, [process.execPath, ...args]])), {rounds: Math.min(rounds, mostBulkRounds)})) {
		measured.set(name, one);
		peaks.set(name, await peakMegabytes(folder, bulk.get(name)!));
	}

	printMeasured(measured, peaks);
	const {stdout, stderr, status} = spawnSync(process.execPath, ['--expose-gc', '--import=tsx', self, 'hold', folder, String(items)], {encoding: 'utf8'});
	if (status !== 0) {
		throw new Error(`What a process holds was not measured: ${stderr}`);
	}

	const ratio = (name: string, to: string) => measured.get(name)!.wallMs / measured.get(to)!.wallMs;
	judge([
		{what: 'ls TEXT: wall, ms', is: measured.get('reelcat ls TEXT')!.wallMs, limit: 400},
		{what: 'ls TEXT: memory, MB', is: peaks.get('reelcat ls TEXT')!, limit: 200},
		{what: `ls TEXT ÷ ${scanner} over the export, wall`, is: ratio('reelcat ls TEXT', overExport), limit: 1},
		{what: 'show ID: wall, ms', is: measured.get('reelcat show ID')!.wallMs, limit: 200},
		{what: 'show ID: memory, MB', is: peaks.get('reelcat show ID')!, limit: 120},
		{what: `show ID ÷ ${scanner} over the export, wall`, is: ratio('reelcat show ID', overExport), limit: 1},
		{what: 'show ID ÷ bare node, wall', is: ratio('reelcat show ID', 'bare node'), limit: 10},
		{what: 'export: wall, ms for a MB', is: measured.get('reelcat export --format ndjson')!.wallMs / (size / megabyte), limit: 1000 / 70},
		{what: 'export: processor, ms for a MB', is: measured.get('reelcat export --format ndjson')!.processorMs / (size / megabyte), limit: 30},
		{what: 'export: memory, MB', is: peaks.get('reelcat export --format ndjson')!, limit: 250},
		{what: 'verify: processor, ms', is: measured.get('reelcat verify')!.processorMs, limit: 5000},
		{what: 'verify: memory, MB', is: peaks.get('reelcat verify')!, limit: 250},
		{what: 'backup: wall, ms', is: measured.get('reelcat backup')!.wallMs, limit: 3000},
		{what: 'backup: memory, MB', is: peaks.get('reelcat backup')!, limit: 150},
		{what: 'memory per item with records, lists and filter, bytes', is: Number(stdout), limit: 1000},
	]);
};

if (first === 'build') {
	await build(second, Number(third));
} else if (first === 'hold') {
	await hold(second, Number(third));
} else {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
	try {
		console.log(`${Number(first)} items, Node ${process.version}`);
		const {status, signal} = spawnSync(process.execPath, ['--import=tsx', self, 'build', folder, first], {stdio: 'inherit'});
		if (status !== 0) {
			throw new Error(`The catalogue was not built: ${status ?? signal}`);
		}

		await compare(folder, Number(first), Number(second));
	} finally {
		await rm(folder, {recursive: true});
	}
}
