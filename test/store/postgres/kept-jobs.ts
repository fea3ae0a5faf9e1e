import test, {type ExecutionContext} from 'ava';
import type {StoreAddress} from '../../../source/store/postgres/address.js';
import type {PostgresOptions} from '../../../source/store/postgres/postgres-catalog.js';
import {emptyQueue, type Queue} from '../../../source/watch/jobs/queue.js';
import {openQueueFile} from '../../../source/watch/jobs/queue-file.js';
import {createQueueScript} from '../../helpers/job-queue.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {item, put, temporaryFolder} from '../../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const open = async (t: ExecutionContext, address: StoreAddress, options: Partial<PostgresOptions> = {}) => openDatabase(t, address, {writesFor: async () => ['srv'], ...options});

const withJob = (library: string): Queue => {
	const script = createQueueScript();
	script.add(library, 'full', 'request');
	return script.queue();
};

test.serial('whoever takes over on another machine finds the jobs of the one before, each server its own', async t => {
	const address = server.address();
	const first = await open(t, address);
	await put(first, item('i1'));
	const queue = withJob('films');
	await openQueueFile({folder: await temporaryFolder(t), place: first.keptJobs!('srv')}).save(queue);
	await server.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = \'advisory\'');

	const next = await open(t, address);
	t.is(next.mode, 'writer');
	const folder = await temporaryFolder(t);
	t.deepEqual(await openQueueFile({folder, place: next.keptJobs!('srv')}).load(), queue);
	t.deepEqual(await openQueueFile({folder, place: next.keptJobs!('other')}).load(), emptyQueue);

	// The one before has no right to write any more.
	await t.throwsAsync(openQueueFile({folder, place: first.keptJobs!('srv')}).save(withJob('series')), {code: 'locked'});
	const reader = await open(t, address, {access: 'read'});
	await t.throwsAsync(openQueueFile({folder, place: reader.keptJobs!('srv')}).save(withJob('series')), {code: 'locked'});
	t.deepEqual(await openQueueFile({folder, place: reader.keptJobs!('srv')}).load(), queue);
});

test.serial('a queue that was left in the folder is gone on with, until there is one in the database', async t => {
	const store = await open(t, server.address());
	const folder = await temporaryFolder(t);
	const place = store.keptJobs!('srv');
	await openQueueFile({folder}).save(withJob('films'));
	t.deepEqual(await openQueueFile({folder, place}).load(), withJob('films'));
	await openQueueFile({folder, place}).save(withJob('series'));
	t.deepEqual(await openQueueFile({folder, place}).load(), withJob('series'));
	t.deepEqual(await openQueueFile({folder}).load(), withJob('films'));
});

test.serial('jobs that cannot be read are set aside, which is told', async t => {
	const address = server.address();
	const store = await open(t, address);
	await server.query(`INSERT INTO ${address.schema}.jobs VALUES ('srv', '{"schema":1,"jobs":"none"}')`);
	const notes: string[] = [];
	const file = openQueueFile({
		folder: await temporaryFolder(t),
		place: store.keptJobs!('srv'),
		note(text) {
			notes.push(text);
		},
	});
	t.deepEqual(await file.load(), emptyQueue);
	t.regex(notes.join('\n'), /^The jobs in the table of jobs cannot be read .* It was set aside as srv of 20/v);
	await file.save(withJob('films'));
	const kept = await server.query<{queue: string}>(`SELECT queue FROM ${address.schema}.jobs ORDER BY server_id`);
	t.is(kept.length, 2);
	t.is(kept[1]!.queue, '{"schema":1,"jobs":"none"}');
});
