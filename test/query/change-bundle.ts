import {once, EventEmitter} from 'node:events';
import test from 'ava';
import {createChangeBundle} from '../../source/query/change-bundle.js';
import type {Change} from '../../source/catalog/catalog-store.js';

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
