import * as z from 'zod';
import {changeKinds} from '../catalog/history-schema.js';
import {syncModes} from '../catalog/schema.js';
import type {ImportResult} from '../sync/events.js';
import {importJson, importJsonSchema, libraryOfResult} from './import-json.js';

const count = z.int().nonnegative();

const syncedLibrary = libraryOfResult.extend({
	mode: z.enum(syncModes).meta({description: 'skip: nothing has changed; touch: single items that the server spoke of; look: only what moved; sweep: all rows; full: all full rows; import: for the first time'}),
	changes: z.partialRecord(z.enum(changeKinds), count).meta({description: 'Number of changes by kind'}),
	held: count.meta({description: 'Removals that wait for "reelcat accept"'}),
	notes: z.array(z.string()).meta({description: 'Why something was left undone, in sentences'}),
});

/**
What `sync --json` ends with. Names are fixed: what is added comes as a new field, anything else raises `schema`.
*/
export const syncJsonSchema = importJsonSchema.extend({
	runId: z.string(),
	isDryRun: z.boolean(),
	libraries: z.array(syncedLibrary).meta({description: 'expected = imported + unchanged + failed + skipped, for each'}),
}).meta({
	title: 'reelcat sync result',
	description: 'The one object that `reelcat sync --json` writes to stdout.',
});

export type SyncJson = z.infer<typeof syncJsonSchema>;

export const syncJson = (result: ImportResult, {isDryRun}: {isDryRun: boolean}): SyncJson => {
	const common = importJson(result);
	return {
		...common,
		runId: result.runId,
		isDryRun,
		libraries: common.libraries.map((library, index) => {
			const {mode = 'import', changes = {}, held = 0, notes = []} = result.libraries[index]!.sync ?? {};
			return {
				...library, mode, changes, held, notes,
			};
		}),
	};
};
