import type {Item} from '../catalog/types.js';
import type {Neighbours} from '../query/related.js';
import type {RowLevel} from './levels.js';
import type {EncodedLines} from './line-maker.js';

/**
What the thread makes of the items: their export records as lines, rows with a delimiter, or what a page says of them.
*/
export type ThreadJob = DelimitedJob | PageJob | {kind: 'lines'};

/**
`columns` are those that were asked for.
*/
export type DelimitedJob = {kind: 'delimited'; columns: readonly string[] | undefined; level: RowLevel; delimiter: string; separator: string; isExcel: boolean};

export type PageJob = {kind: 'page'; hasPaths: boolean};

/**
What the index tells of a batch: `about` of some of its items, by their ids, and the titles of those that share a file with them.
*/
export type ToldOfBatch = {
	ids: readonly string[];
	about: ReadonlyMap<string, {gaps: number[]; shared: ReadonlyMap<string, readonly string[]>}>;
	titles: ReadonlyMap<string, string>;
};

export type Told = {ids: readonly string[]; neighbours: Neighbours; titleOf: (id: string) => string | undefined};

/**
Makes something of one batch of items after the other, and at the end of all of them.
*/
export type BatchMaker = {
	make: (items: readonly Item[], told: Told, spare: EncodedLines | undefined) => Promise<EncodedLines>;
	end?: () => EncodedLines;
};
