import {Buffer} from 'node:buffer';
import {workerData, type MessagePort} from 'node:worker_threads';
import {expose, transfer} from 'comlink';
import type {CatalogHeader, CatalogRecord, Item} from '../catalog/types.js';
import {createDelimitedMaker} from './delimited.js';
import {createLineMaker, type EncodedLines} from './line-maker.js';
import {createPageMaker} from './page/page-records.js';
import type {RelatedStore} from './related-records.js';
import type {
	BatchMaker,
	ThreadJob,
	Told,
	ToldOfBatch,
} from './thread-job.js';

type GetLines = (ids: readonly string[]) => Promise<EncodedLines>;

const createMaker = (job: ThreadJob, store: RelatedStore, header: CatalogHeader): BatchMaker => {
	if (job.kind === 'lines') {
		const make = createLineMaker(store, header);
		return {make: async (items, {neighbours}, spare) => make(items, neighbours, spare)};
	}

	return job.kind === 'delimited' ? createDelimitedMaker(job, store, header) : createPageMaker(job, store, header);
};

/**
What the thread of an export does: it makes something of items out of their records. `threaded-export.ts` reads these and asks for it.
*/
const createExportThread = () => {
	let maker: BatchMaker;
	return {
		begin(job: ThreadJob, header: CatalogHeader, getLines: GetLines) {
			maker = createMaker(job, {getMany: async ids => ids.length === 0 ? [] : parsed(await getLines(ids))}, header);
		},
		async make(items: EncodedLines, told: ToldOfBatch, spare: EncodedLines | undefined): Promise<EncodedLines> {
			const made = await maker.make(parsed(items) as Item[], toldFrom(told), spare);
			return transfer(made, [made.buffer]);
		},
		end(): EncodedLines | undefined {
			const made = maker.end?.();
			return made && transfer(made, [made.buffer]);
		},
	};
};

export type ExportThread = ReturnType<typeof createExportThread>;

const toldFrom = ({ids, about, titles}: ToldOfBatch): Told => ({
	ids,
	neighbours: {
		gaps: ({id}) => about.get(id)?.gaps ?? [],
		sharedWith: ({id}, fileId) => about.get(id)?.shared.get(fileId) ?? [],
	},
	titleOf: id => titles.get(id),
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

expose(createExportThread(), workerData as MessagePort);
