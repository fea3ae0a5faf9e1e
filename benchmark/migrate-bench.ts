import {spawnSync} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {NewHistoryEvent} from '../source/catalog/history.js';
import type {CatalogPlace} from '../source/store/copy/copy-ends.js';
import type {CopyPhase} from '../source/store/copy/copy-catalog.js';
import {migrateCatalog} from '../source/store/copy/migrate-catalog.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {readStoreAddress} from '../source/store/postgres/address.js';
import {startPostgres} from '../test/helpers/postgres-server.js';
import {syntheticLibraries, syntheticRecords, syntheticServer} from './store-synthetic.js';

/**
Measures `reelcat store migrate` on an invented catalogue with an event for each item, into a PostgreSQL on this machine that does not sync its disk, and back: `tsx benchmark/migrate-bench.ts [items = 250000]`.

Each part runs in its own process, so that its memory is measured alone. The processor time is that of reelcat; PostgreSQL has its own.
*/
const [first = '250000', ...places] = process.argv.slice(2);

const build = async (folder: string, count: number) => {
	const store = await openCatalog({folder});
	await store.load();
	for (const records of syntheticRecords(count)) {
		const transaction = await store.begin();
		await transaction.putServer(syntheticServer);
		for (const library of syntheticLibraries) {
			await transaction.putLibrary(library);
		}

		await transaction.upsert(records);
		await transaction.record(records.filter(record => record.kind === 'item').map((item): NewHistoryEvent => ({
			kind: 'added', at: '2024-03-01T10:00:00Z', runId: 'run', libraryId: item.libraryId, itemId: item.id, type: item.type, title: item.title,
		})));
		await transaction.commit();
	}

	await store.close();
};

const place = (text: string): CatalogPlace => text.startsWith('postgres://') ? {folder: path.join(tmpdir(), 'reelcat-migrate-bench'), login: {address: readStoreAddress(text)}} : {folder: text, login: undefined};

const report = (name: string, value: number, unit: string) => {
	console.log(`  ${name.padEnd(44)} ${value.toFixed(value < 10 ? 1 : 0).padStart(9)} ${unit}`);
};

const migrate = async (from: string, to: string) => {
	const startMs = performance.now();
	const ended = new Map<CopyPhase, number>();
	const {copied, problems} = await migrateCatalog({
		from: place(from),
		to: place(to),
		isDry: false,
		signal: new AbortController().signal,
		onProgress({phase}) {
			if (phase !== 'ending') {
				ended.set(phase, performance.now());
			}
		},
		say() {/* only the figures count */},
	});
	let beforeMs = startMs;
	for (const [phase, endMs] of ended) {
		report(phase, (endMs - beforeMs) / 1000, 's');
		beforeMs = endMs;
	}

	const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
	report('made a catalogue and checked', (performance.now() - beforeMs) / 1000, 's');
	report('all', (performance.now() - startMs) / 1000, 's');
	report('processor time', (userCPUTime + systemCPUTime) / 1e6, 's');
	report('peak memory', maxRSS / 1024, 'MB');
	report('records and events', copied!.records + copied!.events, '');
	process.exitCode = problems.length === 0 ? 0 : 1;
};

if (first === 'build') {
	await build(places[0]!, Number(places[1]));
} else if (first === 'migrate') {
	await migrate(places[0]!, places[1]!);
} else {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
	const server = await startPostgres();
	const run = (...words: string[]) => {
		const {status} = spawnSync(process.execPath, ['--import=tsx', fileURLToPath(import.meta.url), ...words], {stdio: 'inherit'});
		process.exitCode = status === 0 ? process.exitCode ?? 0 : 1;
	};

	try {
		const [before, after, database] = [path.join(folder, 'before'), path.join(folder, 'after'), server.address().text];
		console.log(`${Number(first)} items, Node ${process.version}`);
		run('build', before, first);
		console.log('document to PostgreSQL');
		run('migrate', before, database);
		console.log('PostgreSQL to document');
		run('migrate', database, after);
	} finally {
		await server.close();
		await rm(folder, {recursive: true});
	}
}
