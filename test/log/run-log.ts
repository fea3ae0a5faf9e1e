import {
	mkdir,
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createRunLog, type RunLogOptions} from '../../source/log/run-log.js';
import {nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';
import type {SyncEvent} from '../../source/sync/events.js';
import {temporaryFolder} from '../helpers/store-records.js';

const canary = 'canary-Token_9f8e7d6c';

const setUp = async (t: ExecutionContext, options: Partial<RunLogOptions> = {}) => {
	const folder = path.join(await temporaryFolder(t), 'state', 'logs');
	const faults: string[] = [];
	const mirrored: string[] = [];
	let second = 0;
	const log = createRunLog({
		folder,
		runId: 'r0123456789abcdef',
		startedAt: new Date('2026-11-23T02:15:00Z'),
		secrets: () => [canary],
		mirror(line) {
			mirrored.push(line);
		},
		onFault(sentence) {
			faults.push(sentence);
		},
		now: () => new Date(Date.UTC(2026, 10, 23, 2, 15, second++)),
		...options,
	});
	const lines = async () => {
		const text = await readFile(log.file, 'utf8');
		return text.trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
	};

	return {
		folder, log, faults, mirrored, lines, files: async () => readdir(folder).catch(() => []),
	};
};

const request = (requestId: number): SyncEvent => ({
	type: 'request-finished', requestId, label: '/library/sections', ok: true, code: undefined, status: 200, durationMs: 12, bytes: 3400,
});

const started = (count = 1): SyncEvent => ({
	type: 'run-started', runId: 'r0123456789abcdef', startedAt: '2026-11-23T02:15:00Z', libraries: Array.from({length: count}, (_, number) => ({id: `l${number}`, title: `Library ${number}`, libraryType: 'movie'})),
});

test('a run that had nothing to do leaves neither file nor folder', async t => {
	const {log, files, faults} = await setUp(t);
	log.info('reelcat');
	log.onEvent(request(1));
	log.onEvent(started(0));
	log.error(new AppError('unreachable', 'It did not begin.'), {isReason: false});
	await log.close();
	t.deepEqual(await files(), []);
	t.deepEqual(faults, []);
});

test('what came before the first line that is worth it is in the log, in order', async t => {
	const {log, lines} = await setUp(t);
	log.info('reelcat', {version: '1.0.0'});
	log.onEvent(request(1));
	log.onEvent(started());
	log.onEvent(request(2));
	await log.close();
	const written = await lines();
	t.deepEqual(written.map(({msg}) => msg), ['reelcat', 'GET /library/sections: 200, 12 ms, 3.4 kB', 'Begin with Library 0', 'GET /library/sections: 200, 12 ms, 3.4 kB']);
	t.deepEqual(written[0], {
		level: 'info', time: '2026-11-23T02:15:00.000Z', version: '1.0.0', msg: 'reelcat',
	});
	t.is(written.at(-1)!['time'], '2026-11-23T02:15:03.000Z');
});

test('whoever wants it keeps a log of a run that had nothing to do', async t => {
	const {log, lines} = await setUp(t);
	log.onEvent(request(1));
	await log.close({keep: true});
	t.is((await lines()).length, 1);
});

test('a warning or an error by itself is worth a log', async t => {
	for (const write of ['warn', 'error'] as const) {
		const {log, lines} = await setUp(t);
		log[write]('Something happened.');
		await log.close();
		t.like(await lines(), [{level: write, msg: 'Something happened.'}]);
	}
});

test('only its owner can read the log and its folder', async t => {
	const {log, folder} = await setUp(t);
	log.onEvent(started());
	await log.close();
	const [file, directory] = [await stat(log.file), await stat(folder)];
	t.is(file.mode % 0o1000, 0o600);
	t.is(directory.mode % 0o1000, 0o700);
});

test('pages and commits are written at the level debug only', async t => {
	for (const [level, count] of [['info', 1], ['debug', 3]] as const) {
		const {log, lines, mirrored} = await setUp(t, {level});
		log.onEvent(started());
		log.onEvent({
			type: 'rows-listed', libraryId: 'l0', itemType: 'movie', rows: 5,
		});
		log.onEvent({
			type: 'items-committed', libraryId: 'l0', imported: 5, unchanged: 0, lastTitle: 'Alien', revision: 2,
		});
		await log.close();
		t.is((await lines()).length, count);
		t.is(mirrored.length, count);
	}
});

test('a log that has become too large ends with a line that says so', async t => {
	const {log, lines, faults} = await setUp(t, {maxBytes: 2000});
	log.onEvent(started());
	for (let id = 0; id < 5000; id++) {
		log.onEvent(request(id));
	}

	await log.close();
	const written = await lines();
	t.regex(written.at(-1)!['msg'] as string, /cut here/v);
	t.is(written.filter(({msg}) => (msg as string).includes('cut')).length, 1);
	t.true((await stat(log.file)).size < 2300);
	t.deepEqual(faults, []);
});

test('old logs make room for a new one, and what else lies there stays', async t => {
	const {log, folder, files} = await setUp(t, {limits: {count: 3, totalBytes: 10_000}});
	await mkdir(folder, {recursive: true});
	const older = ['20260101T000000Z-r1.log', '20260102T000000Z-r2.log', '20260103T000000Z-r3.log'];
	await Promise.all([...older, 'notes.txt'].map(async name => writeFile(path.join(folder, name), 'old\n')));
	log.onEvent(started());
	await log.close();
	const left = await files();
	t.deepEqual(left.toSorted((one, other) => one.localeCompare(other)), ['20260102T000000Z-r2.log', '20260103T000000Z-r3.log', '20261123T021500Z-r0123456.log', 'notes.txt']);
});

const failing = (code: string, change: (fail: () => never) => Partial<FileSystem>): FileSystem => ({
	...nodeFileSystem,
	...change(() => {
		throw Object.assign(new Error(`${code}: ${canary}`), {code});
	}),
});

const brokenDisks: Record<string, FileSystem> = {
	'its folder cannot be made': failing('EROFS', fail => ({mkdir: async () => fail()})),
	'it cannot be opened': failing('EACCES', fail => ({open: async () => fail()})),
	'the folder cannot be listed': failing('EIO', fail => ({readdir: async () => fail()})),
	'the disk is full': failing('ENOSPC', fail => ({
		async open(...values) {
			const handle = await nodeFileSystem.open(...values);
			handle.write = async () => fail();
			return handle;
		},
	})),
	'it cannot be closed': failing('EIO', fail => ({
		async open(...values) {
			const handle = await nodeFileSystem.open(...values);
			const close = handle.close.bind(handle);
			handle.close = async () => {
				await close();
				fail();
			};

			return handle;
		},
	})),
};

for (const [what, fs] of Object.entries(brokenDisks)) {
	test(`when ${what} the run goes on, and is told once`, async t => {
		const {log, faults} = await setUp(t, {fs});
		log.onEvent(started());
		log.onEvent(request(1));
		await log.close();
		log.onEvent(request(2));
		await log.close();
		t.is(faults.length, 1);
		t.regex(faults[0]!, /^No log is kept of this run.*\((?:EROFS|EACCES|EIO|ENOSPC)\)\.$/v);
		t.false(faults.join('').includes(canary));
	});
}

/**
As the HTTP library throws them: with the request, its headers and its address.
*/
const leakyError = () => Object.assign(new Error(`GET http://192.168.1.20:32400/?X-Plex-Token=${canary} failed`, {cause: new Error(canary)}), {
	code: 'ECONNRESET',
	options: {headers: {'x-plex-token': canary}},
	request: {url: `http://nas/?X-Plex-Token=${canary}`},
});

test('what is still said while the log is closed is no fault of the disk', async t => {
	const late = failing('EIO', () => ({
		async open(...values) {
			const handle = await nodeFileSystem.open(...values);
			const close = handle.close.bind(handle);
			handle.close = async () => {
				await close();
				log.onEvent(request(1));
				await setImmediate();
			};

			return handle;
		},
	}));
	const {log, faults, lines} = await setUp(t, {fs: late});
	log.onEvent(started());
	await log.close();
	t.deepEqual(faults, []);
	t.is((await lines()).length, 1);
});

test('no token reaches a log or its mirror, at any level and in no kind of error', async t => {
	const {log, mirrored, faults} = await setUp(t, {level: 'debug'});
	const errors = [
		leakyError(),
		new AppError('unreachable', `No luck with ${canary}.`, {hint: `Try ${canary}.`, cause: leakyError()}),
		new AggregateError([leakyError()], canary),
		canary,
		{token: canary},
		undefined,
	];
	for (const error of errors) {
		log.error(error);
		log.info(`at ${canary}`, {error, err: error, nested: {deeper: [canary, encodeURIComponent(canary)]}});
		log.warn(`X-Plex-Token=${canary}`, {headers: {'X-Plex-Token': canary}});
	}

	const label = `/x?X-Plex-Token=${canary}`;
	const problem = {
		library: {id: canary, title: canary}, ratingKey: canary, title: canary, stage: 'detail', code: 'timeout', message: canary, hint: canary,
	} as const;
	const events: SyncEvent[] = [
		started(),
		{type: 'request-started', requestId: 1, label},
		{
			type: 'request-retried', requestId: 1, label, attempt: 1, waitMs: 1, code: canary,
		},
		{
			type: 'request-finished', requestId: 1, label, ok: false, code: canary, durationMs: 1, bytes: 1,
		},
		{type: 'problem', problem, failed: 1},
		{
			type: 'library-planned', libraryId: canary, mode: 'look', reason: canary,
		},
		{
			type: 'items-skipped', libraryId: canary, count: 1, reason: canary,
		},
		{
			type: 'run-finished', result: {
				runId: canary, ok: false, cancelled: false, libraries: [], errors: [problem], requests: 1, bytes: 1, durationMs: 1,
			},
		},
	];
	for (const event of events) {
		log.onEvent(event);
	}

	await log.close();
	const bytes = await readFile(log.file, 'latin1');
	t.false(bytes.includes(canary));
	t.false(mirrored.join('\n').includes(canary));
	t.false((bytes + mirrored.join('\n')).includes('192.168.1.20'));
	t.regex(bytes, /\[token\]/v);
	t.is(mirrored.length, (errors.length * 3) + events.length);
	t.is(bytes.trimEnd().split('\n').length, mirrored.length);
	t.deepEqual(faults, []);
});

test('of an error nothing but code, message and hint is written', async t => {
	const {log, lines} = await setUp(t);
	log.error(new AppError('timeout', 'It took too long.', {hint: 'Wait.', cause: leakyError()}));
	log.error(leakyError());
	log.info('with an error', {err: leakyError()});
	await log.close();
	const [own, foreign, field] = await lines();
	t.deepEqual(own!['fault'], {code: 'timeout', message: 'It took too long.', hint: 'Wait.'});
	t.deepEqual(Object.keys(foreign!['fault'] as Record<string, unknown>), ['code', 'message']);
	t.deepEqual(Object.keys(field!['err'] as Record<string, unknown>), ['code', 'message']);
});

test('text of a server is one line in the log, and nothing to a terminal', async t => {
	const {log, mirrored} = await setUp(t);
	log.warn('Alien\n{"level":"error"}\u{1B}[2J\u{9B}2J\u{202E}');
	await log.close();
	const text = await readFile(log.file, 'utf8');
	t.is(text.trimEnd().split('\n').length, 1);
	t.notRegex(text.trimEnd(), /[\p{Control}\u{202A}-\u{202E}]/v);
	t.is((JSON.parse(text) as {msg: string}).msg, 'Alien\n{"level":"error"}\u{1B}[2J\u{9B}2J\u{202E}');
	t.notRegex(mirrored.join(''), /[\p{Control}\u{202A}-\u{202E}]/v);
});
