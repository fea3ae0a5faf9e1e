import * as z from 'zod';
import {importTotalsSchema, runSchema} from '../../catalog/schema.js';
import type {ListedRun} from '../../history/runs.js';

const count = z.int().nonnegative();

const runOfJson = runSchema.omit({kind: true}).extend({
	status: z.enum([...runSchema.shape.status.options, 'interrupted']).meta({description: 'interrupted: it never said that it ended'}),
	totals: importTotalsSchema.meta({description: 'Over all its libraries: expected = imported + unchanged + failed + skipped'}),
	changes: z.record(z.string(), count).meta({description: 'Number of changes by kind, over all its libraries'}),
	held: count.meta({description: 'Removals that wait for "reelcat accept"'}),
});

/**
What `runs --json` writes. Additions come as new fields; any other change raises `schema`.
*/
export const runsJsonSchema = z.object({
	schema: z.literal(1),
	runs: z.array(runOfJson).meta({description: 'Newest first; with RUN only that one'}),
}).meta({
	title: 'reelcat runs result',
	description: 'The one object that `reelcat runs --json` writes to stdout.',
});

export type RunsJson = z.infer<typeof runsJsonSchema>;

export const runsJson = (runs: readonly ListedRun[]): RunsJson => ({
	schema: 1,
	runs: runs.map(({kind: _, ...run}) => run),
});
