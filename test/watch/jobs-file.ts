import {
	chmod,
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {emptyQueue} from '../../source/watch/jobs/queue.js';
import {openQueueFile} from '../../source/watch/jobs/queue-file.js';
import {createQueueScript} from '../helpers/job-queue.js';
import {createFaults} from '../helpers/store-faults.js';
import {temporaryFolder} from '../helpers/store-records.js';

const now = () => new Date('2026-03-01T12:00:00Z');

const withJobs = (count: number) => {
	const s = createQueueScript();
	for (let index = 0; index < count; index++) {
		s.add(`library ${index}`);
	}

	return s.queue();
};

test('a queue survives a restart, running jobs and wishes to cancel them too', async t => {
	const folder = await temporaryFolder(t);
	const s = createQueueScript();
	s.succeed(s.add('films'));
	const running = s.add('series', 'full', 'request');
	s.begin(running);
	s.act(running, 'cancel');
	const waiting = s.add('music');
	s.begin(waiting);
	s.fail(waiting);
	s.act(s.add('photos'), 'cancel');

	const file = openQueueFile({folder});
	t.deepEqual(await file.load(), emptyQueue);
	await file.save(s.queue());
	await file.close();
	t.deepEqual(await openQueueFile({folder}).load(), s.queue());
});

test('the file is JSON with a job per line, which only its owner reads and no terminal obeys', async t => {
	const folder = await temporaryFolder(t);
	const s = createQueueScript();
	s.add('films \u{9B}2J\u{202E}');
	s.add('series');
	await openQueueFile({folder}).save(s.queue());
	const name = path.join(folder, 'jobs.json');
	const text = await readFile(name, 'utf8');
	t.deepEqual(text.split('\n').map(line => line.slice(0, 10)), ['{"schema":', '{"id":"1",', '{"id":"2",', '],"history', ']}', '']);
	t.deepEqual(JSON.parse(text), {
		schema: 1, cancelling: [], pausing: [], jobs: s.queue().jobs, history: [],
	});
	t.true(text.includes(String.raw`films \u009b2J\u202e`));
	t.is((await stat(name)).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
});

test('touches are not kept, and of the ended jobs the newest fifty', async t => {
	const folder = await temporaryFolder(t);
	const s = createQueueScript();
	for (let index = 0; index < 60; index++) {
		const id = s.add('films', index % 10 === 0 ? 'touch' : 'incremental');
		s.begin(id);
		s.succeed(id);
	}

	s.add('films', 'touch', 'notification');
	s.add('series');
	await openQueueFile({folder}).save(s.queue());
	const {jobs, history} = await openQueueFile({folder}).load();
	t.deepEqual(jobs.map(({library}) => library.id), ['series']);
	t.deepEqual(history, s.queue().history.filter(({mode}) => mode !== 'touch').slice(0, 50));
	t.is(history.length, 50);
});

test('what is on the disk already is not written again', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const file = openQueueFile({folder, fs: faults.fs});
	await file.save(withJobs(2));
	const calls = faults.calls();
	await file.save(withJobs(2));
	t.is(faults.calls(), calls);

	const again = openQueueFile({folder, fs: faults.fs});
	const queue = await again.load();
	const callsOnceRead = faults.calls();
	await again.save(queue);
	t.is(faults.calls(), callsOnceRead);
	await again.save(withJobs(3));
	t.true(faults.calls() > callsOnceRead);
});

test('of queues that come while one is written only the last is', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const file = openQueueFile({folder, fs: faults.fs});
	await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(async count => file.save(withJobs(count))));
	t.is(faults.names.filter(name => name === 'rename').length, 2);
	t.is((await openQueueFile({folder}).load()).jobs.length, 9);
});

test('a queue that is saved in the same turn as one that is on the disk is not forgotten', async t => {
	const folder = await temporaryFolder(t);
	const file = openQueueFile({folder});
	await file.save(withJobs(1));
	await Promise.all([file.save(withJobs(1)), file.save(withJobs(2)), file.save(withJobs(1)), file.save(withJobs(3))]);
	t.is((await openQueueFile({folder}).load()).jobs.length, 3);
});

test('closing waits for what is written, and ends it', async t => {
	const folder = await temporaryFolder(t);
	const file = openQueueFile({folder});
	const saved = file.save(withJobs(2));
	await file.close();
	t.is((await openQueueFile({folder}).load()).jobs.length, 2);
	await saved;
	await t.throwsAsync(file.save(withJobs(3)), {instanceOf: AppError, code: 'cancelled'});
});

test('whichever call fails, the file is the old queue or the new one, and the next save brings the new one', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	let failures = 0;
	let hasFired = true;
	for (let call = 1; hasFired && call < 50; call++) {
		const file = openQueueFile({folder, fs: faults.fs});
		await file.save(withJobs(1));
		faults.failAt(call, call % 2 === 0 ? 'ENOSPC' : 'EIO');
		const [result] = await Promise.allSettled([file.save(withJobs(2))]);
		hasFired = faults.hasFired();
		faults.failAt(Infinity);
		const error: unknown = result.status === 'rejected' ? result.reason : undefined;
		failures += error === undefined ? 0 : 1;
		t.true(error === undefined || (error instanceof AppError && ['disk-full', 'not-writable'].includes(error.code)));
		const {jobs} = await openQueueFile({folder}).load();
		t.true(jobs.length === 2 || (jobs.length === 1 && error !== undefined));
		await file.save(withJobs(2));
		t.is((await openQueueFile({folder}).load()).jobs.length, 2);
	}

	t.false(hasFired);
	t.true(failures > 3);
	t.deepEqual((await readdir(folder)).filter(name => !name.endsWith('.tmp')), ['jobs.json']);
});

test('the failure of a queue that was overtaken is none', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const file = openQueueFile({folder, fs: faults.fs});
	faults.failAt(1, 'ENOSPC');
	await t.notThrowsAsync(Promise.all([file.save(withJobs(1)), file.save(withJobs(2))]));
	t.is((await openQueueFile({folder}).load()).jobs.length, 2);
});

test('a file that cannot be understood is set aside with a sentence, and the queue begins empty', async t => {
	const good = JSON.stringify({
		id: '1', library: {id: 'films', title: 'Films'}, mode: 'full', state: 'queued', trigger: 'schedule', createdAt: '2026-03-01T12:00:00.000Z', attempts: 0,
	});
	const document = (jobs: string, history = '') => `{"schema":1,"cancelling":[],"jobs":[${jobs}],"history":[${history}]}`;
	for (const [content, reason] of [
		['', 'it is not JSON'],
		[document(good).slice(0, -20), 'it is not JSON'],
		['\0'.repeat(500), 'it is not JSON'],
		['null', 'Invalid input'],
		['{"schema":1}', 'cancelling: '],
		[document(good.replace('queued', 'flying')), 'jobs.0.state: '],
		[document(good.replace('2026-03-01', 'some day')), 'jobs.0.createdAt: '],
		[document(good.replace('"attempts":0', '"attempts":-1')), 'jobs.0.attempts: '],
		[document(good.replace('queued', 'done')), 'jobs.0: '],
		[document('', good), 'history.0: '],
		[document(`${good},${good}`), 'an id stands there twice'],
		[`"${'x'.repeat(2 ** 24)}"`, 'it is not JSON'],
	] as const) {
		const folder = await temporaryFolder(t);
		const name = path.join(folder, 'jobs.json');
		await writeFile(name, content);
		const notes: string[] = [];
		const file = openQueueFile({
			folder, now, note(text) {
				notes.push(text);
			},
		});
		t.deepEqual(await file.load(), emptyQueue);
		t.is(notes.length, 1);
		t.true(notes[0]!.startsWith(`The jobs in ${name} cannot be read (${reason}`), notes[0]);
		t.true(notes[0]!.endsWith(`It was set aside as ${name}.corrupt-20260301T120000Z; the queue starts empty, and the schedule adds what is due.`));
		t.is(await readFile(`${name}.corrupt-20260301T120000Z`, 'utf8'), content);
		await file.save(emptyQueue);
		t.deepEqual(await openQueueFile({folder}).load(), emptyQueue);
	}
});

test('the file of a newer version is refused and stays', async t => {
	const folder = await temporaryFolder(t);
	const name = path.join(folder, 'jobs.json');
	await writeFile(name, '{"schema":2,"work":[]}');
	await t.throwsAsync(openQueueFile({folder}).load(), {instanceOf: AppError, code: 'newer', message: /written by a newer reelcat \(format 2;/v});
	t.is(await readFile(name, 'utf8'), '{"schema":2,"work":[]}');
	t.deepEqual(await readdir(folder), ['jobs.json']);
});

test('a file that the disk does not give stays, and is told of', async t => {
	const folder = await temporaryFolder(t);
	const name = path.join(folder, 'jobs.json');
	await openQueueFile({folder}).save(withJobs(1));
	const faults = createFaults();
	faults.failWhen(method => method === 'readFile' ? 'EIO' : undefined);
	await t.throwsAsync(openQueueFile({folder, fs: faults.fs}).load(), {instanceOf: AppError, code: 'not-writable', message: `${name} could not be read (EIO).`});
	t.is((await openQueueFile({folder}).load()).jobs.length, 1);
});

test('what a later version knows more of a job does not make its file unreadable', async t => {
	const folder = await temporaryFolder(t);
	const s = createQueueScript();
	const id = s.add('films');
	s.begin(id);
	s.fail(id);
	await openQueueFile({folder}).save(s.queue());
	const name = path.join(folder, 'jobs.json');
	const text = await readFile(name, 'utf8');
	await writeFile(name, text.replace('"unreachable"', '"on-fire"').replace('"attempts"', '"colour":"red","attempts"'));
	await chmod(name, 0o600);
	const {jobs} = await openQueueFile({folder}).load();
	t.is(jobs[0]?.fault?.code as string, 'on-fire');
	t.false('colour' in jobs[0]!);
});
