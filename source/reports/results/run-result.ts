import * as z from 'zod';
import {changeKinds} from '../../catalog/kinds.js';
import {heldWords} from '../../catalog/library.js';
import {heldReasons, importTotalsSchema, syncModes} from '../../catalog/schema.js';
import {defined} from '../../catalog/values.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	plural,
} from '../../base/text/format.js';
import {plainPaint, type Paint} from '../../base/text/style.js';
import {changesLine} from '../../history/changes-line.js';
import type {ImportResult, LibraryResult, SyncedLibrary} from '../../sync/events.js';
import {headlineOf} from '../../sync/outcome.js';
import {countSchema, jsonSchema, pickFields} from '../printers/data.js';
import {nameOf, remarkLines} from './text-progress.js';

const optionalText = z.string().optional();

const libraryOfResult = importTotalsSchema().extend({
	id: z.string().meta({description: 'The uuid of the section'}),
	title: z.string(),
	durationMs: countSchema,
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

export const importJsonSchema = jsonSchema('import', {
	ok: z.boolean(),
	libraries: z.array(libraryOfResult).meta({description: 'expected = imported + unchanged + failed + skipped, for each'}),
	errors: z.array(errorOfResult),
	requests: countSchema,
	bytes: countSchema,
}, 'reelcat import result');

export const importJson = ({ok, libraries, errors, requests, bytes}: ImportResult): z.infer<typeof importJsonSchema> => ({
	schema: 1,
	ok,
	libraries: libraries.map(({id, title, expected, imported, unchanged, failed, skipped, durationMs}) => ({
		id, title, expected, imported, unchanged, failed, skipped, durationMs,
	})),
	errors: errors.map(error => defined(pickFields(errorOfResult, {...error, library: error.library.id}))),
	requests,
	bytes,
});

const syncedLibrary = libraryOfResult.extend({
	mode: z.enum(syncModes).meta({description: 'skip: nothing has changed; touch: single items that the server spoke of; look: only what moved; sweep: all rows; full: all full rows; import: for the first time'}),
	changes: z.partialRecord(z.enum(changeKinds), countSchema).meta({description: 'Number of changes by kind'}),
	held: countSchema.meta({description: 'Removals that wait for "reelcat accept"'}),
	heldReason: z.enum(heldReasons).optional().meta({description: 'Of what too much is gone at once'}),
	notes: z.array(z.string()).meta({description: 'Why something was left undone, in sentences'}),
	isMadeAnew: z.boolean().optional().meta({description: 'The library was deleted on the server and made anew, and its items were recognised'}),
});

/**
Additions are new fields; any other change raises `schema`.
*/
export const syncJsonSchema = importJsonSchema.extend({
	runId: z.string(),
	isDryRun: z.boolean(),
	libraries: z.array(syncedLibrary).meta({description: 'expected = imported + unchanged + failed + skipped, for each'}),
}).meta({
	title: 'reelcat sync result',
	description: 'The one object that `reelcat sync --json` writes to stdout.',
});

export const syncJson = (result: ImportResult, {isDryRun}: {isDryRun: boolean}): z.infer<typeof syncJsonSchema> => {
	const common = importJson(result);
	return {
		...common,
		runId: result.runId,
		isDryRun,
		libraries: common.libraries.map((library, index) => {
			const {mode = 'import', changes = {}, held = 0, heldReason, notes = [], isMadeAnew} = result.libraries[index]!.sync ?? {};
			return defined({
				...library, mode, changes, held, heldReason, notes, isMadeAnew,
			});
		}),
	};
};

/**
Tells what a sync found: a line for each library that was not told yet, then the cost.
*/
export const syncLines = (result: ImportResult, {isDryRun, paint = plainPaint, toldIds}: {isDryRun: boolean; paint?: Paint; toldIds?: ReadonlySet<string>}): string[] => [
	...result.libraries.flatMap(library => toldIds?.has(library.id) === true ? [] : syncedLibraryLines(library, paint)),
	[
		headlineOf(result, {command: 'sync', isDryRun}).text,
		`${formatDurationMs(result.durationMs)}, ${plural(result.requests, 'request')}, ${formatBytes(result.bytes)}.`,
	].join('; '),
];

/**
Tells what a sync found in one library.
*/
export const syncedLibraryLines = ({title, sync, imported, failed, complete, expected}: LibraryResult, paint: Paint): string[] => {
	const name = paint('strong', nameOf(title));
	const incomplete = complete ? '' : paint('warn', ', incomplete');
	const hasChanges = Object.values(sync?.changes ?? {}).some(count => count > 0);
	const problems = failed > 0 ? paint('bad', `, ${formatCount(failed)} failed`) : '';
	if (sync === undefined) {
		return [`${name}: ${formatCount(imported)} of ${formatCount(expected)} imported${problems}${incomplete}.`];
	}

	const changes = complete || hasChanges ? changesLine(sync.changes) : 'nothing was stored';
	return [
		`${name}: ${sync.mode === 'skip' ? 'nothing has changed' : changes}${problems}${incomplete}.`,
		...remarkLines(sync),
		...(sync.held > 0 ? [paint('warn', `  ${heldLine(sync)}`)] : []),
	];
};

const heldLine = ({held, heldReason}: SyncedLibrary) => [
	`${plural(held, 'item is', 'items are')} gone from the server and held.`,
	...heldReason === undefined ? [] : [heldWords[heldReason]],
	'"reelcat lost --held" lists them, "reelcat accept" removes them.',
].join(' ');
