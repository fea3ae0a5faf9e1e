import {MessageChannel, Worker} from 'node:worker_threads';
import {proxy, transfer, wrap} from 'comlink';
import {nextTurn} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {neighboursIn} from '../query/related.js';
import type {CatalogIndex} from '../query/types.js';
import type {ExportThread} from './export-thread.js';
import type {EncodedLines} from './line-maker.js';
import {blockSize} from './page/page-data.js';
import type {IdLists} from './rows.js';
import type {ThreadJob, ToldOfBatch} from './thread-job.js';

export type ThreadedSource = {
	store: Required<Pick<CatalogStore, 'getLines' | 'header'>>;
	index: CatalogIndex;
	/**
	Called before each item; it may throw to end the export.
	*/
	onItem: () => void;
	/**
	Called with each batch in the moment in which its records are read.
	*/
	onBatch?: ((ids: readonly string[]) => void) | undefined;
};

// A batch of a page is a block of its details.
const itemsPerBatch = (job: ThreadJob) => job.kind === 'page' ? blockSize : 50;
// So that the thread never waits for its next batch.
const batchesAhead = 3;
// With the usual 48 MB, most of the memory would be for what has just been thrown away.
const resourceLimits = {maxYoungGenerationSizeMb: 16};

const ofLines: ThreadJob = {kind: 'lines'};

/**
What a thread of its own makes of items, batch by batch, and at the end of all. That takes most of the time of an export. This thread reads what the other one needs.
*/
export async function * threadedExport(lists: IdLists, source: ThreadedSource, job: ThreadJob = ofLines): AsyncGenerator<Uint8Array> {
	const thread = openThread(source.store, job);
	const made: Array<Promise<EncodedLines>> = [];
	// The memory of what was written goes back to the thread. It would hardly ever be collected here, because this thread makes little garbage of its own.
	const spare: EncodedLines[] = [];
	async function * finished() {
		const lines = await made.shift()!;
		yield lines;
		// The blocks of a page are kept.
		if (job.kind !== 'page') {
			spare.push(lines);
		}
	}

	try {
		for await (const ids of presentBatches(lists, source, itemsPerBatch(job))) {
			source.onBatch?.(ids);
			const lines = thread.make({items: await source.store.getLines(ids), told: toldOf(ids, source.index)}, spare.pop());
			// An error is thrown where these lines are waited for, which may be later.
			lines.catch(() => undefined);
			made.push(lines);
			if (made.length > batchesAhead) {
				yield * finished();
			}

			await nextTurn();
		}

		while (made.length > 0) {
			yield * finished();
		}

		const last = await thread.end();
		if (last !== undefined) {
			yield last;
		}
	} finally {
		await thread.close();
	}
}

type Batch = {items: EncodedLines; told: ToldOfBatch};

/**
Batches of one size, except the last. Items may be removed while an export goes on.
*/
async function * presentBatches(lists: IdLists, {index, onItem}: ThreadedSource, size: number): AsyncGenerator<readonly string[]> {
	const isThere = (id: string) => index.value(id, 'type') !== undefined;
	let batch: string[] = [];
	for await (const list of lists) {
		batch = batch.filter(id => isThere(id));
		for (const id of list) {
			if (batch.length === size) {
				yield batch;
				batch = [];
			}

			onItem();
			batch.push(...isThere(id) ? [id] : []);
		}
	}

	if (batch.length > 0) {
		yield batch;
	}
}

const toldOf = (ids: readonly string[], index: CatalogIndex): ToldOfBatch => {
	const neighbours = neighboursIn(index);
	const about = new Map(ids
		.map(id => [id, {
			gaps: neighbours.gaps({id, type: index.value(id, 'type')!, seasonNumber: index.value(id, 'seasonNumber')}),
			shared: index.isSharing(id) === false ? noSharers : new Map(index.value(id, 'fileIds')!.map(fileId => [fileId, neighbours.sharedWith({id}, fileId)] as const)),
		}] as const)
		.filter(([, {gaps, shared}]) => gaps.length + shared.size > 0));
	const sharers = about.values().flatMap(({shared}) => shared.values()).flatMap(others => others.values());
	return {ids, about, titles: new Map(sharers.map(id => [id, index.value(id, 'title')!] as const))};
};

const noSharers: ReadonlyMap<string, readonly string[]> = new Map();

const openThread = ({getLines, header}: ThreadedSource['store'], job: ThreadJob) => {
	const {port1: ours, port2: its} = new MessageChannel();
	const worker = new Worker(new URL('export-thread.js', import.meta.url), {workerData: its, transferList: [its], resourceLimits});
	// A thread that has ended, or whose answer cannot be read, answers nothing more.
	const {promise: broken, reject} = Promise.withResolvers<never>();
	broken.catch(() => undefined);
	worker.once('error', reject);
	worker.once('messageerror', reject);
	ours.once('messageerror', reject);
	worker.once('exit', code => {
		reject(new Error(`The thread of the export ended with ${code}.`));
	});
	const thread = wrap<ExportThread>(ours);
	const begun = thread.begin(job, header(), proxy(async (ids: readonly string[]) => {
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
		end: async () => Promise.race([thread.end(), broken]),
		close: async () => worker.terminate(),
	};
};
