import {Buffer} from 'node:buffer';
import {workerData, type MessagePort} from 'node:worker_threads';
import {expose, transfer} from 'comlink';
import type {CatalogHeader, CatalogRecord, Item} from '../catalog/types.js';
import type {Neighbours} from '../query/related.js';
import {createLineMaker, type EncodedLines} from './line-maker.js';

/**
What the index tells of some of the items of a batch, by their ids.
*/
export type ToldNeighbours = ReadonlyMap<string, {gaps: number[]; shared: ReadonlyMap<string, readonly string[]>}>;

type GetLines = (ids: readonly string[]) => Promise<EncodedLines>;

/**
What the thread of an export does: it makes the lines of items out of their records. `threaded-lines.ts` reads these and asks for the lines.
*/
const createLineThread = () => {
	let make: ReturnType<typeof createLineMaker>;
	return {
		begin(header: CatalogHeader, getLines: GetLines) {
			make = createLineMaker({getMany: async ids => ids.length === 0 ? [] : parsed(await getLines(ids))}, header);
		},
		async make(items: EncodedLines, told: ToldNeighbours, spare: EncodedLines | undefined): Promise<EncodedLines> {
			const lines = await make(parsed(items) as Item[], neighboursFrom(told), spare);
			return transfer(lines, [lines.buffer]);
		},
	};
};

export type LineThread = ReturnType<typeof createLineThread>;

const neighboursFrom = (told: ToldNeighbours): Neighbours => ({
	gaps: ({id}) => told.get(id)?.gaps ?? [],
	sharedWith: ({id}, fileId) => told.get(id)?.shared.get(fileId) ?? [],
});

const lineFeed = 10;

const parsed = (bytes: EncodedLines): CatalogRecord[] => {
	const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const records: CatalogRecord[] = [];
	for (let start = 0, end = lines.indexOf(lineFeed); end !== -1; start = end + 1, end = lines.indexOf(lineFeed, start)) {
		records.push(JSON.parse(lines.toString('utf8', start, end)) as CatalogRecord);
	}

	return records;
};

expose(createLineThread(), workerData as MessagePort);
