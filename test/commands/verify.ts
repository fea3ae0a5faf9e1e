import test from 'ava';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {summariseHistory} from '../../source/history/summarise-history.js';
import {AppError} from '../../source/base/errors.js';
import {readHistory} from '../../source/history/load-changes.js';
import {verifyJsonSchema} from '../../source/reports/verify/verify-report.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {
	added,
	baseline,
	changed,
	mediaFile,
	removed,
	restored,
} from '../helpers/events.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {
	alien,
	brazil,
	commit,
	pastStore,
	tombstone,
} from './_past.js';

test('verify says what it has proved and ends with 0', async t => {
	const {exitCode, stdout} = await runCommand(await pastStore(), ['verify']);
	t.is(exitCode, 0);
	t.is(stdout, '9 records, 6 history events, 1 tombstone: all in order.\n');
});

const problems = async (store: CatalogStore) => {
	const {exitCode, stdout} = await runCommand(store, ['verify', '--json']);
	const json = verifyJsonSchema.parse(JSON.parse(stdout));
	return {exitCode, ok: json.ok, problems: json.problems};
};

const at = '2024-06-01T10:00:00Z';
const later = (event: HistoryEvent): HistoryEvent => ({...event, at});

const faults: Array<{name: string; spoil: (store: CatalogStore) => Promise<void>; expected: RegExp[]}> = [
	{
		name: 'a field that is not what the newest event says',
		spoil: async store => commit(store, {put: [{...alien, viewState: {viewCount: 7}}]}),
		expected: [/^alien: viewState is not what the history says/v],
	},
	{
		name: 'a file that is not what the newest event says',
		spoil: async store => commit(store, {put: [mediaFile('f4k', '/films/alien-4k.mkv', 1)]}),
		expected: [/^alien: its file f4k is not what/v],
	},
	{
		name: 'an item that is gone without an event',
		spoil: async store => commit(store, {remove: ['cube']}),
		expected: [/^cube: the history says that it is there/v],
	},
	{
		name: 'an item that is there although it was removed',
		spoil: async store => commit(store, {put: [brazil], remove: ['xbrazil']}),
		expected: [/^brazil: the history says that it was removed, but the catalogue has it/v, /^brazil: .*no tombstone/v],
	},
	{
		name: 'an item that is there and has a tombstone',
		spoil: async store => commit(store, {put: [tombstone(alien, {at})]}),
		expected: [/^alien: it is in the catalogue and has a tombstone/v, /^alien: it has a tombstone, but the history says that it is there/v],
	},
	{
		name: 'a tombstone that is not what was removed',
		spoil: async store => commit(store, {put: [tombstone({...brazil, title: 'Brasil'}, {at: '2024-05-05T10:00:00Z'})]}),
		expected: [/^brazil: its tombstone is not what/v],
	},
	{
		name: 'a tombstone from before the removal',
		spoil: async store => commit(store, {put: [tombstone(brazil, {at: '2024-05-04T10:00:00Z'})]}),
		expected: [/^brazil: its tombstone is not what/v],
	},
	{
		name: 'an event that cannot have happened',
		spoil: async store => commit(store, {events: [later(removed(brazil)), later(added('alien'))]}),
		expected: [/^History event 7 .*brazil was changed or removed although it was already gone/v, /^History event 8 .*alien was added although it was already there/v, /^brazil: its tombstone is not what/v],
	},
	{
		name: 'an event without the shape of one',
		spoil: async store => commit(store, {events: [Object.assign(baseline('films', at), {items: -1})]}),
		expected: [/^History event 7 \(baseline, 2024-06-01T10:00:00Z\): items /v],
	},
	{
		name: 'missing items that nobody can accept',
		spoil: async store => commit(store, {put: [makeItem('cube', {title: 'Cube', missingSince: at})]}),
		expected: [/^Films: 1 items are marked as missing, but the library holds no removals/v],
	},
	{
		name: 'a reference to nothing',
		spoil: async store => commit(store, {put: [makeItem('m9', {genres: ['tnone']})]}),
		expected: [/^m9: tag tnone is not a tag/v],
	},
];

for (const {name, spoil, expected} of faults) {
	test(`verify finds ${name}, and ends with 1`, async t => {
		const store = await pastStore();
		await spoil(store);
		const found = await problems(store);
		t.is(found.exitCode, 1);
		t.false(found.ok);
		t.is(found.problems.length, expected.length, found.problems.join('\n'));
		for (const [index, pattern] of expected.entries()) {
			t.regex(found.problems[index]!, pattern);
		}
	});
}

test('a revision that goes back is found', async t => {
	const store = await pastStore();
	const spoiled: CatalogStore = {
		...store,
		async * history() {
			for await (const batch of store.history()) {
				yield batch.toReversed();
			}
		},
	};
	const found = await problems(spoiled);
	t.true(found.problems.some(problem => problem.includes('is older than')), found.problems.join('\n'));
});

test('a history that cannot be read is a problem, not the end of the check', async t => {
	const store = await pastStore();
	const unreadable: CatalogStore = {
		...store,
		async * history() {
			yield [baseline('films', at)];
			throw new AppError('damaged', 'A line is cut short.');
		},
	};
	const found = await problems(unreadable);
	t.is(found.exitCode, 1);
	t.is(found.problems[0], 'The history cannot be read beyond event 1. A line is cut short.');
});

test('a history that was summed up is in order, also where an item came and went again, or a file changed often', async t => {
	const store = await pastStore();
	const finalCut = {...brazil, title: 'Brazil (final cut)'};
	const file = (sizeBytes: number) => mediaFile('f4k', '/films/alien-4k.mkv', sizeBytes);
	const grown = (itemId: string, [from, to]: [number, number], day: number) =>
		changed('replaced', itemId, [{files: [file(from)]}, {files: [file(to)]}], {at: `2024-05-0${day}T10:00:00Z`});
	await commit(store, {put: [finalCut], remove: ['xbrazil'], events: [restored('brazil', {at: '2024-05-06T10:00:00Z'})]});
	await commit(store, {
		put: [tombstone(finalCut, {at: '2024-05-07T10:00:00Z'}), file(4)],
		remove: ['brazil'],
		events: [
			removed(finalCut, [], {at: '2024-05-07T10:00:00Z'}),
			grown('alien', [40_000_000_000, 2], 8),
			grown('other', [2, 3], 8),
			grown('alien', [3, 4], 9),
		],
	});
	await commit(store, {put: [makeItem('other', {versions: alien.versions})]});
	t.deepEqual((await problems(store)).problems, []);
	const summedUp = summariseHistory(await readHistory(store));
	t.true(summedUp.length < 10);
	const summarised: CatalogStore = {
		...store,
		async * history() {
			yield summedUp;
		},
	};
	t.deepEqual((await problems(summarised)).problems, []);
});

test('held removals, and remarks of our own, are in order', async t => {
	const store = await pastStore();
	await commit(store, {
		libraries: [{
			...makeLibrary('films', 'Films'),
			sync: {
				stamps: {}, lookedAt: at, sweptAt: at, fullAt: at, auditedDay: 0, held: {since: at, items: 1, reason: 'share'},
			},
		}],
		put: [{
			...alien, missingSince: at, fingerprints: {slim: 'new'},
		}],
		events: [later(changed('refreshed', 'alien', [{updatedAt: null}, {updatedAt: null, fingerprints: {slim: 'old'}}]))],
	});
	t.like(await problems(store), {exitCode: 0, problems: []});
});

test('a catalogue that changes all the time is not judged', async t => {
	const store = await pastStore();
	let count = 0;
	const restless: CatalogStore = {
		...store,
		async check() {
			count++;
			await commit(store, {put: [makeItem(`new${count}`)]});
			return store.check();
		},
	};
	await t.throwsAsync(runCommand(restless, ['verify']), {code: 'locked'});
	t.is(count, 3);
});
