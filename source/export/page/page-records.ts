import {Buffer} from 'node:buffer';
import {deflateRawSync} from 'node:zlib';
import {createLibraryNames} from '../../catalog/library-names.js';
import type {CatalogHeader} from '../../catalog/types.js';
import type {EncodedLines} from '../line-maker.js';
import {allReferences, type RelatedStore} from '../related-records.js';
import {createRowMaker} from '../rows.js';
import type {BatchMaker, PageJob} from '../thread-job.js';
import {embeddedJson} from './catalog-page.js';
import {createPageLists} from './page-columns.js';
import {createPageDetails} from './page-details.js';

/**
What a thread does for a page: it makes the details of each batch, compressed, and at the end the lists of all items as JSON.
*/
export const createPageMaker = ({hasPaths}: PageJob, store: RelatedStore, header: CatalogHeader): BatchMaker => {
	const readRows = createRowMaker(store, {header, names: createLibraryNames(header)}, {level: 'item', referencesOf: allReferences});
	const lists = createPageLists();
	return {
		async make(items, told) {
			const rowsOf = await readRows(items, told);
			const records = new Map(items.map(item => [item.id, item]));
			const details = createPageDetails({hasPaths});
			for (const id of told.ids) {
				const record = records.get(id);
				const row = record && rowsOf(record)[0];
				lists.add(row?.detail);
				details.add(row);
			}

			const json = embeddedJson(details.data());
			return ownBytes(deflateRawSync(json, {level: 1}));
		},
		end() {
			const json = JSON.stringify(lists.data());
			return ownBytes(Buffer.from(json));
		},
	};
};

const ownBytes = (bytes: Uint8Array): EncodedLines => Uint8Array.from(bytes);
