import {Buffer} from 'node:buffer';
import type {CatalogHeader, Item} from '../catalog/types.js';
import {relatedResolver, type Neighbours} from '../query/related.js';
import {exportLine} from './record.js';
import {createRelatedRecords, type RelatedStore} from './related-records.js';

export type EncodedLines = Uint8Array<ArrayBuffer>;

type MakeLines = (items: readonly Item[], neighbours: Neighbours, spare: EncodedLines | undefined) => Promise<EncodedLines>;

/**
Makes the lines of one batch of items after the other. It may be called again before it has answered. `spare` is memory that it gave earlier and that nobody needs any more.
*/
export const createLineMaker = (store: RelatedStore, header: Pick<CatalogHeader, 'servers' | 'libraries'>): MakeLines => {
	const relatedRecords = createRelatedRecords(store);
	return async (items, neighbours, spare) => {
		const {texts, related} = await relatedRecords.read(items);
		return encoded(items.map((item, place) => exportLine(item, relatedResolver(item, related, {header, neighbours}), texts[place]!)), spare);
	};
};

/**
Encodes each line by itself, since one wide letter would make all of a joined text wide, which takes several times as long.
*/
export const encoded = (lines: readonly string[], spare: EncodedLines | undefined): EncodedLines => {
	// A character takes three bytes at most.
	const mostBytes = lines.reduce((sum, line) => sum + (line.length * 3), 0);
	const memory = spare !== undefined && spare.buffer.byteLength >= mostBytes ? spare.buffer : Buffer.allocUnsafeSlow(mostBytes).buffer;
	const bytes = Buffer.from(memory);
	let used = 0;
	for (const line of lines) {
		used += bytes.write(line, used);
	}

	return bytes.subarray(0, used);
};
