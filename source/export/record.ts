import * as z from 'zod';
import {once} from '../base/once.js';
import {escapeObeyed} from '../base/text/json.js';
import {addExported, exportedText} from '../catalog/fields/exported.js';
import type {DetailResolver} from '../catalog/fields/field.js';
import {exportedItemShape, itemFieldList} from '../catalog/fields/item-fields.js';
import type {RelatedTexts} from '../catalog/fields/related-texts.js';
import type {Item} from '../catalog/types.js';
import {detailResolver} from '../query/related.js';
import type {ItemDetail} from '../query/types.js';

/**
The public form of an item, the same for every format. Names and order are fixed: additions are new optional fields, any other change raises `schema`. Schema 2 only added fields to schema 1, so a reader of schema 1 goes on.
*/
export const exportRecordSchema = once(() => z.object({
	schema: z.literal(2).meta({description: 'The version of this format; 2 has everything that 1 had, under the same names', examples: [2]}),
	...exportedItemShape(),
}).meta({
	title: 'reelcat export record',
	description: 'One line of `reelcat export --format ndjson`: a movie, show, season or episode. Instants are ISO 8601 in UTC. A field with nothing to say is left out; arrays may be empty.',
}));

type ExportRecord = z.infer<ReturnType<typeof exportRecordSchema>>;

/**
Its fields are in the order of the schema, since an export promises the same bytes for the same catalogue.
*/
export const exportRecord = (detail: ItemDetail): ExportRecord => {
	const record = {schema: 2};
	addExported(record, {fields: itemFieldList, source: detail.item, detail: detailResolver(detail)});
	return record as ExportRecord;
};

/**
The same record as a line of JSON. To write it from the fields takes a fraction of the time of making objects of them first.
*/
export const exportLine = (item: Item, detail: DetailResolver, texts: RelatedTexts): string =>
	`${escapeObeyed(`{"schema":2${exportedText({fields: itemFieldList, source: item, detail}, texts)}}`)}\n`;
