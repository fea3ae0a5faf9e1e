import * as z from 'zod';
import {defined} from '../../catalog/values.js';
import {importTotalsSchema} from '../../catalog/schema.js';
import type {ImportResult} from '../../sync/events.js';

const optionalText = z.string().optional();

export const libraryOfResult = importTotalsSchema.extend({
	id: z.string().meta({description: 'The uuid of the section'}),
	title: z.string(),
	durationMs: z.int().nonnegative(),
});

const errorOfResult = z.object({
	library: z.string().meta({description: 'Id of the library'}),
	ratingKey: optionalText.meta({description: 'Absent when the fault is that of the library, or the item has none'}),
	title: optionalText,
	stage: z.enum(['list', 'detail', 'normalize', 'save']),
	code: z.string(),
	message: z.string(),
	hint: z.string(),
});

/**
What `import --json` ends with. Additions come as new fields; any other change raises `schema`.
*/
export const importJsonSchema = z.object({
	schema: z.literal(1),
	ok: z.boolean(),
	libraries: z.array(libraryOfResult).meta({description: 'expected = imported + unchanged + failed + skipped, for each'}),
	errors: z.array(errorOfResult),
	requests: z.int().nonnegative(),
	bytes: z.int().nonnegative(),
}).meta({
	title: 'reelcat import result',
	description: 'The one object that `reelcat import --json` writes to stdout.',
});

export type ImportJson = z.infer<typeof importJsonSchema>;

export const importJson = ({ok, libraries, errors, requests, bytes}: ImportResult): ImportJson => ({
	schema: 1,
	ok,
	libraries: libraries.map(({id, title, expected, imported, unchanged, failed, skipped, durationMs}) => ({
		id,
		title,
		expected,
		imported,
		unchanged,
		failed,
		skipped,
		durationMs,
	})),
	errors: errors.map(({library: {id: library}, ratingKey, title, stage, code, message, hint}) => defined({
		library, ratingKey, title, stage, code, message, hint,
	})),
	requests,
	bytes,
});
