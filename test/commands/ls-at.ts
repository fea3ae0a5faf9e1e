import test from 'ava';
import fc from 'fast-check';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {summarize} from '../../source/query/summary.js';
import {rewindIndex} from '../../source/history/rewind-index.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {baseline} from '../helpers/events.js';
import {live, steps} from '../helpers/histories.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {commit, pastStore} from './_past.js';

const titles = async (...args: string[]) => {
	const {stdout, stderr} = await runCommand(await pastStore(), ['ls', ...args, '--json']);
	return {titles: (JSON.parse(stdout) as {items: Array<{title: string; resolution: string}>}).items.map(({title, resolution}) => `${title} ${resolution}`), stderr};
};

test('ls --at lists what was there then, as it was', async t => {
	t.deepEqual((await titles()).titles, ['Alien 4k', 'Cube 720']);
	t.deepEqual((await titles('--at', '2024-05-04T10:00Z')).titles, ['Alien 4k', 'Brazil 1080', 'Cube 720']);
	t.deepEqual((await titles('--at', '2024-05-02T10:00Z')).titles, ['Alien 1080', 'Brazil 1080']);
	t.deepEqual((await titles('--at', '2024-05-02T10:00Z', 'bra')).titles, ['Brazil 1080']);
});

test('ls --at shows and asks for what only the records have as it was then', async t => {
	const paths = async (...args: string[]) => {
		const {stdout} = await runCommand(await pastStore(), ['ls', '--columns', 'title,path,imdb', '--format', 'ndjson', ...args]);
		return stdout.trim().split('\n').map(line => JSON.parse(line) as unknown);
	};

	const brazil = {title: 'Brazil', path: ['/films/brazil.mkv'], imdb: ['tt0088846']};
	t.deepEqual(await paths('--at', '2024-05-02T10:00Z'), [{title: 'Alien', path: ['/films/alien.mkv'], imdb: []}, brazil]);
	t.deepEqual(await paths('--at', '2024-05-04T10:00Z', 'path:/4k/ OR imdb:tt0088846'), [{title: 'Alien', path: ['/films/alien-4k.mkv'], imdb: []}, brazil]);
});

test('a library whose history does not go back that far is left out by name', async t => {
	const after = await titles('--at', '2024-05-02T10:00Z');
	t.regex(after.stderr, /^Shows is left out: nothing is known of it at/v);
	t.notRegex(after.stderr, /Films/v);
	const before = await titles('--at', '2024-04-30T10:00Z');
	t.deepEqual(before.titles, []);
	t.regex(before.stderr, /Films is left out[\s\S]*Shows is left out/v);
});

test('a moment that is none, or still to come, is refused', async t => {
	const store = await pastStore();
	await t.throwsAsync(runCommand(store, ['ls', '--at', 'soon']), {code: 'usage', message: /--at does not understand "soon"/v});
	await t.throwsAsync(runCommand(store, ['ls', '--at', '9999-01-01']), {code: 'usage'});
});

test('a file that an item has left, and one that it shares, have the size of that moment', async t => {
	const file = (id: string, sizeBytes: number) => ({
		id, kind: 'file' as const, serverId: 'server', path: `/${id}.mkv`, sizeBytes,
	});
	const playing = (id: string, fileId: string) => makeItem(id, {libraryId: 'lib0', versions: [{id: 'm', parts: [{fileId}]}]});
	const event = (itemId: string, second: number, before: Record<string, unknown>, after: Record<string, unknown>): HistoryEvent => ({
		at: `2026-01-01T00:00:0${second}Z`, revision: second, runId: 'run', libraryId: 'lib0', itemId, type: 'movie', title: itemId, kind: 'replaced', before, after,
	});
	const store = createMemoryStore();
	await store.load();
	const items = [playing('left', 'now'), playing('one', 'shared'), playing('two', 'shared')];
	const files = [file('now', 9), file('then', 5), file('shared', 7)];
	await commit(store, {
		libraries: [makeLibrary('lib0', 'Films')], put: [...items, ...files], events: [
			baseline('lib0', '2025-12-31T00:00:00Z'),
			event('left', 1, {versions: playing('left', 'then').versions, files: []}, {versions: items[0]!.versions, files: [files[0]]}),
			event('one', 2, {files: [file('shared', 3)]}, {files: [files[2]]}),
		],
	});
	const index = createCatalogIndex();
	index.put(items, id => files.find(one => one.id === id)?.sizeBytes);
	const {records} = await rewindIndex(index, store, '2026-01-01T00:00:00Z');
	t.deepEqual(['left', 'one', 'two'].map(id => index.get(id)?.sizeBytes), [5, 3, 3]);
	// As of any store, in the order in which they are asked for, and only of the kind.
	t.deepEqual((await records.getMany(['one', 'then', 'two', 'left'], {kind: 'item'})).map(({id}) => id), ['one', 'two', 'left']);
});

test('the index goes back to any moment of any history', async t => {
	await fc.assert(fc.asyncProperty(steps, fc.nat({max: 40}), async (all, second) => {
		// Baselines of its own begin the history, so that every moment is known.
		const {state, history, states} = live(all.filter(({action}) => action !== 'baseline'));
		const store = createMemoryStore();
		await store.load();
		const began = ['lib0', 'lib1'].map(id => baseline(id, '2025-12-31T00:00:00Z'));
		await commit(store, {libraries: [makeLibrary('lib0', 'Even'), makeLibrary('lib1', 'Odd')], put: [...state.items.values(), ...state.files.values()], events: [...began, ...history]});
		const index = createCatalogIndex();
		index.put(state.items.values().toArray(), id => state.files.get(id)?.sizeBytes);
		const instant = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
		const {unknownIds, records} = await rewindIndex(index, store, instant);
		t.deepEqual(unknownIds, []);
		const then = states[history.filter(({at}) => at < instant).length]!;
		const byId = (left: {id: string}, right: {id: string}) => left.id < right.id ? -1 : 1;
		t.deepEqual(index.summaries().toArray().toSorted(byId), then.items.values().map(item => summarize(item, id => then.files.get(id)?.sizeBytes)).toArray().toSorted(byId));
		const asked = then.items.keys().toArray().toReversed();
		t.deepEqual(await records.getMany(asked, {kind: 'item'}), asked.map(id => then.items.get(id)!), 'the records are those of that moment');
	}), {numRuns: 300});
});
