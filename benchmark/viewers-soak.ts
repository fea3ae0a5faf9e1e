/**
Viewers page and search in one catalogue in PostgreSQL while the daemon takes changes of its server, each in a process of its own. Each change must reach each viewer, and nothing may fail.

Usage: npm run soak:viewers [-- MINUTES (default 10) VIEWERS (default 8) CHANGES_PER_SECOND (default 10)]
*/
import {spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {PlexRow} from '../source/demo/library/row.js';
import {startDemoServer} from '../source/demo/server.js';
import {watchHere} from '../test/helpers/daemon-process.js';
import {startPostgres} from '../test/helpers/postgres-server.js';
import {runReelcat} from '../test/helpers/run-reelcat.js';
import {judge, median, percentile} from './judge.js';

const [minutes, viewers, perSecond] = [10, 8, 10].map((usual, index) => Number(process.argv[index + 2] ?? usual)) as [number, number, number];
const prefix = 'Change';
const lateMs = 60_000;
const database = await startPostgres({settings: {shared_buffers: '128MB', max_connections: '100'}});
const plex = await startDemoServer({movies: 4000, shows: 20});
const {text: store} = database.address();
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-viewers-'));
const env = {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store};

type Viewed = {pageMs: number[]; searchMs: number[]; errors: string[]};
type Told = Partial<Viewed> & {titles?: string[]; isReady?: boolean};

const startViewer = async () => {
	const child = spawn(process.execPath, ['--import=tsx', fileURLToPath(new URL('viewer.ts', import.meta.url)), prefix], {
		env: {PATH: process.env['PATH'], HOME: await mkdtemp(path.join(folder, 'viewer-')), REELCAT_STORE: store}, stdio: ['pipe', 'pipe', 'inherit'],
	});
	const seenAtMs = new Map<string, number>();
	const ready = Promise.withResolvers<void>();
	const ended = Promise.withResolvers<Viewed>();
	createInterface({input: child.stdout}).on('line', line => {
		const {titles = [], isReady, pageMs = [], searchMs = [], errors} = JSON.parse(line) as Told;
		for (const title of titles) {
			// A viewer tells an item again when only something else of it has changed.
			seenAtMs.set(title, seenAtMs.get(title) ?? performance.now());
		}

		if (isReady === true) {
			ready.resolve();
		}

		if (errors !== undefined) {
			ended.resolve({pageMs, searchMs, errors});
		}
	});
	child.once('exit', code => {
		const failure = new Error(`A viewer ended with ${code}.`);
		ready.reject(failure);
		ended.reject(failure);
	});
	ended.promise.catch(() => undefined);
	return {
		child,
		seenAtMs,
		ready: ready.promise,
		async end() {
			child.stdin.write('end\n');
			return ended.promise;
		},
	};
};

const rowsOf = (sectionKey: string) => plex.library.page(sectionKey, 1, {start: 0, size: plex.library.total(sectionKey, 1)}) as PlexRow[];

/**
Changes one film after the other, so that no film changes again before everybody has seen it. Each change is told at once, as Plex does.
*/
const makeChanges = async (): Promise<Map<string, number>> => {
	const madeAtMs = new Map<string, number>();
	const keys = rowsOf('1').map(({ratingKey}) => ratingKey);
	const beganMs = performance.now();
	const all = Math.round(minutes * 60 * perSecond);
	for (let number = 1; number <= all; number++) {
		await delay(Math.max(0, beganMs + (number * 1000 / perSecond) - performance.now()));
		const title = `${prefix} ${number}`;
		plex.library.changeItem(keys[number % keys.length]!, row => {
			row.title = title;
			row.updatedAt = Math.floor(Date.now() / 1000);
		});
		madeAtMs.set(title, performance.now());
		if (number % (60 * perSecond) === 0) {
			console.log(`${number} of ${all} changes made`);
		}
	}

	return madeAtMs;
};

const opened: Array<Awaited<ReturnType<typeof startViewer>>> = [];
let daemon: ReturnType<typeof watchHere> | undefined;
try {
	const imported = await runReelcat(folder, ['import', '--all'], {env});
	if (imported.exitCode !== 0) {
		throw new Error(imported.stderr);
	}

	daemon = watchHere(folder, {env});
	await daemon.says(/Watching/v);
	for (let number = 0; number < viewers; number++) {
		opened.push(await startViewer());
	}

	await Promise.all(opened.map(async ({ready}) => ready));
	const madeAtMs = await makeChanges();
	const titles = madeAtMs.keys().toArray();
	const lastMs = performance.now();
	const missing = () => opened.reduce((sum, {seenAtMs}) => sum + titles.filter(title => !seenAtMs.has(title)).length, 0);
	while (missing() > 0 && performance.now() - lastMs < lateMs) {
		await delay(100);
	}

	const viewed = await Promise.all(opened.map(async ({end}) => end()));
	const errors = viewed.flatMap(one => one.errors);
	const pageMs = viewed.flatMap(one => one.pageMs);
	const searchMs = viewed.flatMap(one => one.searchMs);
	const waitMs = opened.flatMap(({seenAtMs}) => titles.map(title => (seenAtMs.get(title) ?? Infinity) - madeAtMs.get(title)!));
	console.log(`${viewers} viewers, ${titles.length} changes at ${perSecond} a second, ${pageMs.length} pages and ${searchMs.length} searches`);
	console.log(`pages: median ${median(pageMs).toFixed(1)} ms, p95 ${percentile(pageMs, 0.95).toFixed(1)} ms, slowest ${Math.max(...pageMs).toFixed(0)} ms`);
	console.log(`searches: median ${median(searchMs).toFixed(1)} ms, p95 ${percentile(searchMs, 0.95).toFixed(1)} ms, slowest ${Math.max(...searchMs).toFixed(0)} ms`);
	console.log(`from a change to a viewer: median ${(median(waitMs) / 1000).toFixed(1)} s, p95 ${(percentile(waitMs, 0.95) / 1000).toFixed(1)} s`);
	for (const error of new Set(errors)) {
		console.log(`error: ${error}`);
	}

	judge([
		{what: 'a page, p95, ms', is: percentile(pageMs, 0.95), limit: 500},
		{what: 'a search, p95, ms', is: percentile(searchMs, 0.95), limit: 500},
		{what: 'changes that did not reach a viewer', is: missing(), limit: 0},
		{what: 'errors', is: errors.length, limit: 0},
	]);
} finally {
	daemon?.child.kill('SIGKILL');
	for (const {child} of opened) {
		child.kill('SIGKILL');
	}

	await plex.close();
	await database.close();
	await rm(folder, {recursive: true, force: true});
}
