import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {spawnSync} from 'node:child_process';
import {setImmediate} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {openCatalog} from '../source/store/open-catalog.js';
import {
	syntheticItem,
	syntheticLibraries,
	syntheticRecords,
	syntheticServer,
} from './store-synthetic.js';

/**
Measures the store on an invented catalogue: `tsx benchmark/store-bench.ts [items = 250000]`. It ends with 1 when a limit is exceeded.

Each part runs in its own process, so that its memory is measured alone.
*/
const [first = '250000', second, third] = process.argv.slice(2);
const megabyte = 2 ** 20;

const timed = async <Value>(work: () => Promise<Value>): Promise<{value: Value; ms: number}> => {
	const start = performance.now();
	const value = await work();
	return {value, ms: performance.now() - start};
};

/**
The longest time that `work` blocked the event loop.
*/
const watched = async <Value>(work: () => Promise<Value>) => {
	const delay = monitorEventLoopDelay({resolution: 1});
	delay.enable();
	const result = await timed(work);
	delay.disable();
	return {...result, blockMs: delay.max / 1e6};
};

let isGood = true;
const report = (name: string, value: number, unit: string, limit?: number) => {
	const isMet = limit === undefined || value <= limit;
	isGood &&= isMet;
	const verdict = limit === undefined ? ' '.repeat(4) : (isMet ? 'PASS' : 'FAIL');
	console.log(`${verdict}  ${name.padEnd(46)} ${value.toFixed(value < 10 ? 2 : 0).padStart(9)} ${unit}${limit === undefined ? '' : `  (limit ${limit})`}`);
};

const peakMegabytes = () => process.resourceUsage().maxRSS / 1024;

const build = async (folder: string, count: number) => {
	const store = await openCatalog({folder});
	await store.load();
	const {ms, blockMs} = await watched(async () => {
		for (const records of syntheticRecords(count)) {
			const transaction = await store.begin();
			await transaction.putServer(syntheticServer);
			for (const library of syntheticLibraries) {
				await transaction.putLibrary(library);
			}

			await transaction.upsert(records);
			await transaction.commit();
			await setImmediate();
		}

		await store.close();
	});
	report('first import into the store, in commits of 1,000', ms, 'ms');
	report('  longest block of the event loop', blockMs, 'ms', count > 50_000 ? 200 : 50);
	report('  peak memory', peakMegabytes(), 'MB', 1500);
};

const use = async (folder: string, count: number) => {
	const {size} = await stat(path.join(folder, 'catalog.json'));
	report('size of the document', size / megabyte, 'MB');
	const {value: store, ms: openMs} = await timed(async () => openCatalog({folder}));
	report('open to the header', openMs, 'ms', 100);
	const load = await watched(async () => store.load());
	report('load', load.ms, 'ms', Math.max(500, count * 0.012));
	report('  longest block of the event loop', load.blockMs, 'ms', count > 50_000 ? 200 : 50);
	report('  peak memory', peakMegabytes(), 'MB', 1500);

	const commits: number[] = [];
	let written = 0;
	for (let index = 0; index < 51; index++) {
		const record = {...syntheticItem(index * 3, 'movie', 20), id: `i${(index * 3).toString(16).padStart(16, '0')}`, title: `changed ${index}`};
		const transaction = await store.begin();
		await transaction.upsert([record]);
		const {value: {writtenBytes}, ms} = await timed(async () => transaction.commit());
		commits.push(ms);
		written = Math.max(written, writtenBytes);
	}

	report('commit of one changed item, median', commits.toSorted((a, b) => a - b)[25]!, 'ms', 5);
	report('  bytes written', written, 'B', 8192);
	const page = await timed(async () => store.page({kind: 'item', libraryId: 'films', limit: 500}));
	report('page of 500 items', page.ms, 'ms', 50);
	const check = await watched(async () => store.check());
	report('check', check.ms, 'ms');
	report('  problems', check.value.problems.length, '', 0);
	report('  longest block of the event loop', check.blockMs, 'ms', 200);
	const close = await watched(async () => store.close());
	report('rewrite of the whole document', close.ms, 'ms', Math.max(500, count * 0.012));
	report('  longest block of the event loop', close.blockMs, 'ms', count > 50_000 ? 200 : 50);
	report('  peak memory', peakMegabytes(), 'MB', 1500);
};

if (first === 'build') {
	await build(second!, Number(third));
} else if (first === 'use') {
	await use(second!, Number(third));
} else {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
	console.log(`${Number(first)} items, Node ${process.version}, in ${folder}`);
	for (const part of ['build', 'use']) {
		const {status} = spawnSync(process.execPath, ['--import=tsx', fileURLToPath(import.meta.url), part, folder, first], {stdio: 'inherit'});
		isGood &&= status === 0;
	}

	await rm(folder, {recursive: true});
}

process.exitCode = isGood ? 0 : 1;
