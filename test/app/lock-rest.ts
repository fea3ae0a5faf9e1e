import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createLockRest} from '../../source/app/lock-rest.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';

type Load = () => Promise<void>;

/**
A store of which only opening, loading and closing matter.
*/
const storeWith = (mode: 'reader' | 'writer', load: Load, token = '') => {
	const state = {isLoaded: false, isClosed: false};
	const store = {
		mode,
		notice: undefined,
		header: () => ({revision: 1}),
		commitToken: () => token,
		async load() {
			await load();
			state.isLoaded = true;
		},
		async close() {
			state.isClosed = true;
		},
	};
	return {state, store: store as unknown as OpenedCatalog};
};

const world = (loads: readonly Load[], tokens: readonly string[] = [], firstMode: 'reader' | 'writer' = 'writer') => {
	const waiting = [...loads];
	const opened = [storeWith(firstMode, async () => {/* it was loaded at the start */})];
	let current = opened[0]!.store;
	opened[0]!.state.isLoaded = true;
	const unloaded: number[] = [];
	let readings = 0;
	const rest = createLockRest({
		async open(options) {
			const next = storeWith(options?.access === 'read' ? 'reader' : 'writer', waiting.shift()!, tokens[opened.length - 1]);
			opened.push(next);
			return next.store;
		},
		isFixed: false,
		onTurn() {/* nobody is told */},
		store: () => current,
		setStore(next) {
			current = next;
			const index = opened.findIndex(({store}) => store === next);
			if (!opened[index]!.state.isLoaded) {
				unloaded.push(index);
			}
		},
		async leave() {/* nothing is followed */},
		follow() {/* nothing is followed */},
		async keepIndex() {/* nothing is kept */},
		async readIndexAgain() {
			readings++;
		},
	});
	return {
		rest,
		put(next: OpenedCatalog) {
			current = next;
		},
		opened,
		unloaded,
		readings: () => readings,
		current: () => opened.findIndex(({store}) => store === current),
	};
};

const now: Load = async () => {/* there is nothing to read */};

test('who reads at any time finds a store that is loaded, also while the lock changes hands', async t => {
	const {rest, unloaded, readings, current} = world([now, now, now, now], ['one', 'one', 'one', 'other']);
	rest.busy()({isQuick: true});
	await setImmediate();
	const {release} = await rest.hold();
	t.is(current(), 2);
	release({isQuick: true});
	await setImmediate();
	t.is(current(), 3);
	t.is(readings(), 0);
	// In a database that was set back, another commit has the same revision.
	await rest.hold();
	t.is(readings(), 1);
	t.deepEqual(unloaded, []);
});

test('a writer that cannot be loaded is closed, and what was read before is read on', async t => {
	const {rest, opened, unloaded, current} = world([
		now,
		async () => {
			throw new AppError('damaged', 'The document is damaged.');
		},
		now,
	]);
	rest.busy()({isQuick: true});
	await setImmediate();
	await t.throwsAsync(rest.hold(), {message: 'The document is damaged.'});
	t.true(opened[2]!.state.isClosed);
	t.is(current(), 3);
	t.deepEqual(unloaded, []);
});

test('whether another process writes is told of the catalogue that is open', async t => {
	const {rest, put} = world([], [], 'reader');
	t.is(rest.readOnlyReason(), 'Another reelcat writes to this catalogue; this one only reads.');
	await rest.exchange(async () => {
		put(storeWith('writer', now).store);
	});
	t.is(rest.readOnlyReason(), undefined);
});
