import {once, EventEmitter} from 'node:events';
import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {besideFresh, createChangeBundle} from '../../source/query/change-bundle.js';
import {AppError} from '../../source/base/errors.js';
import type {CatalogStore, Change} from '../../source/catalog/catalog-store.js';
import type {CatalogRecord} from '../../source/catalog/types.js';
import {file, item} from '../helpers/store-records.js';

test('changes of a burst are applied together, in order', async t => {
	const applied = new EventEmitter();
	const bundle = createChangeBundle(async change => {
		applied.emit('change', change);
	}, {intervalMs: 1});
	const told = once(applied, 'change') as Promise<[Change]>;
	bundle.add({revision: 1, upserted: ['a'], removed: []});
	bundle.add({revision: 2, upserted: ['b'], removed: ['a']});
	const [change] = await told;
	t.deepEqual(change, {revision: 2, upserted: ['a', 'b'], removed: ['a']});
});

const withIds = (...records: CatalogRecord[]) => new Map(records.map(record => [record.id, record]));

test('the records of a burst are those that the last change had, and what it had without its record is read', async t => {
	let told: ReadonlyMap<string, CatalogRecord> | undefined;
	const bundle = createChangeBundle(async (_, fresh) => {
		told = fresh;
	});
	bundle.add({revision: 1, upserted: ['a', 'b', 'c', 'd'], removed: []}, withIds(item('a'), item('b'), item('c'), item('d')));
	bundle.add({revision: 2, upserted: ['b', 'c'], removed: ['d']}, withIds(item('b', {title: 'Anew'})));
	await bundle.flush();
	t.deepEqual(told, withIds(item('a'), item('b', {title: 'Anew'})));
	bundle.add({revision: 3, upserted: ['e'], removed: []});
	await bundle.flush();
	t.deepEqual(told, new Map());
});

test('what did not come with a change is read, in the order that is asked for', async t => {
	const asked: Array<readonly string[]> = [];
	const stored = withIds(item('b'), file('g'), item('x'));
	const getMany: CatalogStore['getMany'] = async (ids, {kind} = {}) => {
		asked.push(ids);
		return ids.map(id => stored.get(id)).filter(record => record !== undefined && (kind === undefined || record.kind === kind)) as CatalogRecord[];
	};

	const {getMany: read} = besideFresh({getMany}, withIds(item('a'), file('f')));
	t.deepEqual((await read(['b', 'a', 'none', 'f', 'g'])).map(({id}) => id), ['b', 'a', 'f', 'g']);
	t.deepEqual((await read(['g', 'f', 'a'], {kind: 'file'})).map(({id}) => id), ['g', 'f']);
	t.deepEqual((await read(['f', 'a'])).map(({id}) => id), ['f', 'a']);
	t.deepEqual(asked, [['b', 'none', 'g'], ['g']]);
});

test('a commit may change more items than a call can have arguments', async t => {
	const ids = Array.from({length: 200_000}, (_, number) => `i${number}`);
	let applied: Change | undefined;
	const bundle = createChangeBundle(async change => {
		applied = change;
	});
	bundle.add({revision: 1, upserted: ids, removed: []});
	bundle.add({revision: 2, upserted: [], removed: ids});
	await bundle.flush();
	t.deepEqual(applied, {revision: 2, upserted: ids, removed: ids});
});

test('a bundle is applied after the one before has ended', async t => {
	const log: string[] = [];
	const applied = new EventEmitter();
	const gate = new EventEmitter();
	const bundle = createChangeBundle(async ({revision}) => {
		log.push(`start ${revision}`);
		applied.emit('start');
		if (revision === 1) {
			await once(gate, 'open');
		}

		log.push(`end ${revision}`);
		applied.emit('end');
	}, {intervalMs: 1});

	let started = once(applied, 'start');
	bundle.add({revision: 1, upserted: [], removed: []});
	await started;
	started = once(applied, 'start');
	bundle.add({revision: 2, upserted: [], removed: []});
	const ended = once(applied, 'end');
	gate.emit('open');
	await ended;
	await started;
	t.deepEqual(log.slice(0, 3), ['start 1', 'end 1', 'start 2']);
});

test('a change that could not be applied, as while a database is away, is applied later with what came since', async t => {
	const tries: Change[] = [];
	const applied = Promise.withResolvers<ReadonlyMap<string, CatalogRecord>>();
	const added = Promise.withResolvers<void>();
	const bundle = createChangeBundle(async (change, fresh) => {
		tries.push(change);
		await added.promise;
		if (tries.length <= 2) {
			throw new AppError('not-writable', 'The connection to the database broke off.');
		}

		applied.resolve(fresh);
	}, {intervalMs: 5});
	bundle.add({revision: 1, upserted: ['a', 'b'], removed: []}, withIds(item('a'), item('b')));
	const flushed = bundle.flush();
	await setImmediate();
	bundle.add({revision: 2, upserted: ['b', 'c'], removed: ['d']}, withIds(item('b'), item('c')));
	added.resolve();
	await t.throwsAsync(flushed, {code: 'not-writable'});
	// Records that came with a change may be older than what the store has by then.
	t.deepEqual(await applied.promise, withIds());
	await bundle.flush();
	t.is(tries.length, 3);
	t.deepEqual(tries.map(({revision, removed}) => [revision, removed]), [[1, []], [2, ['d']], [2, ['d']]]);
	t.deepEqual([...new Set(tries[2]!.upserted)].toSorted(), ['a', 'b', 'c']);
	bundle.stop();
});
