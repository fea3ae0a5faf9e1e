import {Buffer} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {createReadStream} from 'node:fs';
import {
	mkdtemp,
	open,
	readFile,
	rm,
	stat,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {fillIndex, keepForNextStart} from '../source/app/index-loader.js';
import {createCatalogIndex} from '../source/query/catalog-index.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {judge, median} from './judge.js';
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
	await index.list({libraryId: 'series', type: 'episode', text: words});
	index.count({});
	const [showId] = await index.list({libraryId: 'series', type: 'show'});
	index.children(showId!);
	process.stdout.write(String((used() - before) / count));
	await store.close();
};

type Measured = {wallMs: number; processorMs: number; peakMegabytes: number};

// Written when the process ends.
const hook = `data:text/javascript,${encodeURIComponent(`
	import {writeFileSync} from 'node:fs';
	process.on('exit', () => {
		writeFileSync(process.env.REELCAT_PROBE_FILE, String(process.resourceUsage().maxRSS));
	});
`)}`;

/**
One process from start to end. The shell tells the processor time of its children.
*/
const measure = async (folder: string, command: readonly string[]): Promise<Measured> => {
	const probeFile = path.join(folder, 'probe');
	const start = performance.now();
	const {stdout, stderr, status} = spawnSync('sh', ['-c', '"$@" > /dev/null; test $? -le 1 || exit 2; times', 'sh', ...command], {
		encoding: 'utf8',
		env: {
			...process.env, HOME: folder, REELCAT_DATA_DIR: folder, REELCAT_PROBE_FILE: probeFile,
		},
	});
	const wallMs = performance.now() - start;
	if (status !== 0) {
		throw new Error(`${command.join(' ')}: ${stderr}`);
	}

	const times = stdout.trim().split('\n').at(-1)!.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/gv);
	const processorMs = times.reduce((sum, {groups}) => sum + (Number(groups!['minutes']) * 60_000) + (Number(groups!['seconds']) * 1000), 0);
	const peak = await readFile(probeFile, 'utf8').catch(() => '0');
	await rm(probeFile, {force: true});
	return {wallMs, processorMs, peakMegabytes: Number(peak) / 1024};
};

const reelcat = (...words_: string[]) => [process.execPath, '--import', hook, cli, ...words_];

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
	const lines = new Map<string, readonly string[]>([
		['bare node', [process.execPath, '--import', hook, '-e', '0']],
		['reelcat --version', reelcat('--version')],
		['reelcat ls TEXT', reelcat('ls', words)],
		['reelcat show ID', reelcat('show', 'i0000000000001000')],
		[`${scanner} -i TEXT over the export`, [scanner, '-i', words, exported]],
	]);
	const measured = new Map<string, Measured[]>();
	// In turns, so that all see the same machine.
	for (let round = 0; round < rounds; round++) {
		for (const [name, line] of lines) {
			measured.set(name, [...measured.get(name) ?? [], await measure(folder, line)]);
		}
	}

	const medians = new Map(Array.from(measured, ([name, all]) => [name, {
		wallMs: median(all.map(({wallMs}) => wallMs)),
		processorMs: median(all.map(({processorMs}) => processorMs)),
		peakMegabytes: median(all.map(({peakMegabytes}) => peakMegabytes)),
	}]));
	for (const [name, {wallMs, processorMs, peakMegabytes}] of medians) {
		const [wall, processor, peak] = [wallMs, processorMs, peakMegabytes].map(value => value.toFixed(0).padStart(6));
		console.log(`${name.padEnd(32)} ${wall} ms wall ${processor} ms processor ${peakMegabytes === 0 ? '' : `${peak} MB`}`);
	}

	const {stdout} = spawnSync(process.execPath, ['--expose-gc', '--import=tsx', self, 'hold', folder, String(items)], {encoding: 'utf8'});
	const list = medians.get('reelcat ls TEXT')!;
	const show = medians.get('reelcat show ID')!;
	judge([
		{what: 'ls TEXT: wall, ms', is: list.wallMs, limit: 400},
		{what: 'ls TEXT: memory, MB', is: list.peakMegabytes, limit: 200},
		{what: `ls TEXT ÷ ${scanner} over the export, wall`, is: list.wallMs / medians.get(`${scanner} -i TEXT over the export`)!.wallMs, limit: 1},
		{what: 'show ID: wall, ms', is: show.wallMs, limit: 200},
		{what: 'show ID: memory, MB', is: show.peakMegabytes, limit: 120},
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
		spawnSync(process.execPath, ['--import=tsx', self, 'build', folder, first], {stdio: 'inherit'});
		await compare(folder, Number(first), Number(second));
	} finally {
		await rm(folder, {recursive: true});
	}
}
