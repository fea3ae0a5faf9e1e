import test from 'ava';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {createSlices} from '../../source/query/slices.js';
import {playedBy, sumPlayed} from '../../source/query/totals.js';
import {makeItem} from './_items.js';

const episode = (id: string, fileId: string) => makeItem(id, {
	type: 'episode', showId: 'show', seasonId: 'season', durationMs: 1_800_000, versions: [{id: `v${id}`, parts: [{fileId}]}],
});

const index = createCatalogIndex();
index.put([
	makeItem('show', {type: 'show', durationMs: 1_800_000}),
	makeItem('season', {type: 'season', showId: 'show'}),
	episode('e1', 'a'),
	episode('e2', 'a'),
	episode('e3', 'b'),
	makeItem('film', {durationMs: 7_200_000, versions: [{id: 'v', parts: [{fileId: 'c'}]}]}),
	makeItem('lone', {}),
], fileId => ({a: 1000, b: 500, c: 9000})[fileId]);

const totalsOf = async (ids: readonly string[]) => sumPlayed(playedBy(ids, index), index, createSlices());

test('films count, and of shows and seasons their episodes; two episodes in one file take its size once', async t => {
	t.deepEqual(await totalsOf(['film', 'lone']), {durationMs: 7_200_000, sizeBytes: 9000});
	t.deepEqual(await totalsOf(['show']), {durationMs: 5_400_000, sizeBytes: 1500});
	t.deepEqual(await totalsOf(['season', 'unknown']), {durationMs: 5_400_000, sizeBytes: 1500});
	t.deepEqual(await totalsOf([]), {durationMs: 0, sizeBytes: 0});
});

test('a file that items share counts once, however many come before and between them', async t => {
	const many = createCatalogIndex();
	const shared = new Set([0, 4000, 4500, 4501, 9000, 9999]);
	const fileOf = (number: number) => shared.has(number) ? `shared ${Math.floor(number / 4500)}` : `f${number}`;
	many.put(Array.from({length: 10_000}, (_, number) => episode(`e${number}`, fileOf(number))), () => 10);
	t.is((await sumPlayed(many.summaries(), many, createSlices())).sizeBytes, 10 * (10_000 - 3));
});

test('the whole catalogue has each film and episode once', async t => {
	t.deepEqual(await sumPlayed(index.views(), index, createSlices()), {durationMs: 12_600_000, sizeBytes: 10_500});
});

test('a view has the fields of the item that was asked for last, as its summary has', t => {
	const first = index.view('film')!;
	t.like(first, {id: 'film', type: 'movie', durationMs: 7_200_000});
	t.is(index.view('e1'), first);
	const summary = index.get('e1')!;
	t.deepEqual(Object.keys(summary).map(name => first[name as keyof typeof summary]), Object.values(summary));

	const late = index.late('e1')!;
	t.not(index.late('film'), late);
	t.deepEqual(Object.keys(summary).map(name => late[name as keyof typeof summary]), Object.values(summary));
	t.is(index.late('unknown'), undefined);

	t.is(index.view('unknown'), undefined);
	t.deepEqual(index.views().map(({id}) => id).toArray(), index.summaries().map(({id}) => id).toArray());
});

test('a sum is given up where nobody waits for it any more', async t => {
	const many = createCatalogIndex();
	many.put(Array.from({length: 300}, (_, number) => makeItem(`m${number}`, {})));
	const abort = new AbortController();
	abort.abort(new Error('nobody waits'));
	await t.throwsAsync(sumPlayed(many.summaries(), many, createSlices(abort.signal, 0)), {message: 'nobody waits'});
});
