import {MessageChannel, Worker} from 'node:worker_threads';
import {proxy, transfer, wrap} from 'comlink';
import {nextTurn} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {neighboursIn} from '../query/related.js';
import type {CatalogIndex} from '../query/types.js';
import type {LineThread, ToldNeighbours} from './line-thread.js';
import type {EncodedLines} from './line-maker.js';
import {batchesOf, type IdLists} from './rows.js';

export type ThreadedSource = {
	store: Required<Pick<CatalogStore, 'getLines' | 'header'>>;
	index: CatalogIndex;
	/**
	Called before each item; it may throw to end the export.
	*/
	onItem: () => void;
};

const itemsPerBatch = 50;
// So that the thread never waits for its next batch.
const batchesAhead = 3;
// With the usual 48 MB, most of the memory would be for what has just been thrown away.
const resourceLimits = {maxYoungGenerationSizeMb: 16};

/**
The same as `exportLines`, while a thread of its own makes the lines, which takes most of the time. This thread reads what the other one needs.
*/
export async function * threadedLines(ids: IdLists, source: ThreadedSource): AsyncGenerator<Uint8Array> {
	const thread = openThread(source.store);
	const made: Array<Promise<EncodedLines>> = [];
	// The memory of what was written goes back to the thread. It would hardly ever be collected here, because this thread makes little garbage of its own.
	const spare: EncodedLines[] = [];
	async function * finished() {
		const lines = await made.shift()!;
		yield lines;
		spare.push(lines);
	}

	try {
		for await (const batch of batchesOf(ids, itemsPerBatch)) {
			await nextTurn();
			for (const _ of batch) {
				source.onItem();
			}

			const lines = thread.make(await readBatch(batch, source), spare.pop());
			// An error is thrown where these lines are waited for, which may be later.
			lines.catch(() => undefined);
			made.push(lines);
			if (made.length > batchesAhead) {
				yield * finished();
			}
		}

		while (made.length > 0) {
			yield * finished();
		}
	} finally {
		await thread.close();
	}
}

type Batch = {items: EncodedLines; told: ToldNeighbours};

const readBatch = async (batch: readonly string[], {store, index}: ThreadedSource): Promise<Batch> => {
	const ids = batch.filter(id => index.value(id, 'type') !== undefined);
	return {items: await store.getLines(ids), told: toldOf(ids, index)};
};

const toldOf = (ids: readonly string[], index: CatalogIndex): ToldNeighbours => {
	const neighbours = neighboursIn(index);
	return new Map(ids
		.map(id => [id, {
			gaps: neighbours.gaps({id, type: index.value(id, 'type')!, seasonNumber: index.value(id, 'seasonNumber')}),
			shared: index.isSharing(id) === false ? noSharers : new Map(index.value(id, 'fileIds')!.map(fileId => [fileId, neighbours.sharedWith({id}, fileId)] as const)),
		}] as const)
		.filter(([, {gaps, shared}]) => gaps.length + shared.size > 0));
};

const noSharers: ReadonlyMap<string, readonly string[]> = new Map();

const openThread = ({getLines, header}: ThreadedSource['store']) => {
	const {port1: ours, port2: its} = new MessageChannel();
	const worker = new Worker(new URL('line-thread.js', import.meta.url), {workerData: its, transferList: [its], resourceLimits});
	// A thread that has ended, or whose answer cannot be read, answers nothing more.
	const {promise: broken, reject} = Promise.withResolvers<never>();
	broken.catch(() => undefined);
	worker.once('error', reject);
	worker.once('messageerror', reject);
	ours.once('messageerror', reject);
	worker.once('exit', code => {
		reject(new Error(`The thread that makes the lines of the export ended with ${code}.`));
	});
	const thread = wrap<LineThread>(ours);
	const begun = thread.begin(header(), proxy(async (ids: readonly string[]) => {
		try {
			const lines = await getLines(ids);
			return transfer(lines, [lines.buffer]);
		} catch (error) {
			// On its way through the thread it would lose its code.
			reject(error);
			throw error;
		}
	}));
	return {
		async make({items, told}: Batch, spare: EncodedLines | undefined): Promise<EncodedLines> {
			const lines = thread.make(transfer(items, [items.buffer]), told, spare && transfer(spare, [spare.buffer]));
			const [, made] = await Promise.race([Promise.all([begun, lines]), broken]);
			return made;
		},
		close: async () => worker.terminate(),
	};
};
