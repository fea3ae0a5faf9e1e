import * as z from 'zod';
import {once} from '../base/once.js';
import {headerSchema} from '../catalog/schema.js';

const count = z.int().nonnegative();

const chainEnd = {
	events: count,
	sum: z.string().meta({description: 'Digest of all lines of the file and of everything before it'}),
};

const monthProofSchema = once(() => z.object({
	month: z.string(),
	...chainEnd,
	bytes: count,
	summary: z.object(chainEnd).optional().meta({description: 'The same of the summary that replaces the file, or soon will'}),
}));

const historyProofSchema = once(() => z.object({
	revision: count.meta({description: 'Up to which the files are proved; later events are in the journal as well'}),
	since: z.iso.datetime().optional().meta({description: 'From when lines have checksums; absent if all have'}),
	months: z.array(monthProofSchema()),
}).meta({description: 'What the files of the history hold'}));

/**
The first line of the document.
*/
export const documentHeaderSchema = once(() => headerSchema().extend({
	history: historyProofSchema().optional(),
}));
