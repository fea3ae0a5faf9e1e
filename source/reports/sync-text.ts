import type {ImportResult, LibraryResult} from '../sync/events.js';
import {clean} from '../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	plural,
} from '../base/text/format.js';
import {truncate} from '../base/text/width.js';
import {changesLine} from '../history/changes-line.js';

/**
What a sync found, a line for each library.
*/
export const syncLines = (result: ImportResult, {isDryRun}: {isDryRun: boolean}): string[] => [
	...result.libraries.flatMap(library => libraryLines(library)),
	[
		isDryRun ? 'Nothing was changed, this was a dry run' : (result.cancelled ? 'Cancelled; nothing is lost' : 'In step'),
		`${formatDurationMs(result.durationMs)}, ${plural(result.requests, 'request')}, ${formatBytes(result.bytes)}.`,
	].join('; '),
];

const libraryLines = ({title, sync, imported, failed, complete, expected}: LibraryResult): string[] => {
	const name = truncate(clean(title).trim(), 60);
	const problems = failed > 0 ? `, ${formatCount(failed)} failed` : '';
	if (sync === undefined) {
		return [`${name}: ${formatCount(imported)} of ${formatCount(expected)} imported${problems}${complete ? '' : ', incomplete'}.`];
	}

	return [
		`${name}: ${sync.mode === 'skip' ? 'nothing has changed' : changesLine(sync.changes)}${problems}${complete ? '' : ', incomplete'}.`,
		...(sync.held > 0 ? [`  ${formatCount(sync.held)} items are gone from the server and held. "reelcat lost --held" lists them, "reelcat accept" removes them.`] : []),
		...sync.notes.map(note => `  ${clean(note)}`),
	];
};
