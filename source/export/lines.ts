import {availableParallelism} from 'node:os';
import {neighboursIn} from '../query/related.js';
import {createLineMaker, type EncodedLines} from './line-maker.js';
import {readItems, type IdLists, type RowSource} from './rows.js';

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
export async function * quickestLines(ids: IdLists, source: LineSource, total: number): AsyncGenerator<Uint8Array> {
	const {index, store: {getLines, header}} = source;
	if (getLines === undefined || typeof index === 'function' || total < fewItems || availableParallelism() === 1) {
		yield * exportLines(ids, source);
		return;
	}

	const {threadedLines} = await import('./threaded-lines.js');
	yield * threadedLines(ids, {...source, store: {getLines, header}, index});
}
