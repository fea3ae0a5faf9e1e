import {availableParallelism} from 'node:os';
import {neighboursIn} from '../query/related.js';
import type {ItemRow} from '../query/item-columns.js';
import {createLineMaker, type EncodedLines} from './line-maker.js';
import {readItems, type IdLists, type RowSource} from './rows.js';
import type {ThreadJob} from './thread-job.js';

type LineSource = Omit<RowSource, 'names'>;

/**
The export records of items, each as a line of JSON, in batches of whole lines as UTF-8. The memory of a batch is used again for the next one.
*/
export async function * exportLines(ids: IdLists, source: LineSource): AsyncGenerator<Uint8Array> {
	const make = createLineMaker(source.store, source.store.header());
	let lines: EncodedLines | undefined;
	for await (const {items, index} of readItems(ids, source)) {
		lines = await make(items, neighboursIn(index), lines);
		yield lines;
	}
}

// For fewer items, a thread saves little more time than its start takes.
const fewItems = 4000;

/**
The same, with a thread of its own where that is quicker.
*/
export const quickestLines = (ids: IdLists, source: LineSource, total: number): AsyncGenerator<Uint8Array> =>
	inThread(ids, source, {total, job: {kind: 'lines'}}) ?? exportLines(ids, source);

type Threading = {total: number; job: ThreadJob; onRow?: ((row: Pick<ItemRow, 'item' | 'titleOf'>) => void) | undefined};

/**
What a thread of its own makes of items; undefined where that is not quicker.
*/
export const inThread = (ids: IdLists, source: LineSource, {total, job, onRow}: Threading): AsyncGenerator<Uint8Array> | undefined => {
	const {index, store: {getLines, header}, onItem} = source;
	if (getLines === undefined || typeof index === 'function' || total < fewItems || availableParallelism() === 1) {
		return undefined;
	}

	return (async function * () {
		const {threadedExport} = await import('./threaded-export.js');
		const titleOf = (id: string) => index.value(id, 'title');
		const onBatch = onRow && ((batch: readonly string[]) => {
			for (const id of batch) {
				onRow({item: index.get(id)!, titleOf});
			}
		});
		yield * threadedExport(ids, {
			store: {getLines, header}, index, onItem, onBatch,
		}, job);
	})();
};
