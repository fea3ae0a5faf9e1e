import type {ListedRun} from '../history/runs.js';
import {clean} from '../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
} from '../base/text/format.js';
import {changesLine} from '../history/changes-line.js';
import {hasEnded, shortEquation, statusWord} from './run-words.js';
import {tableLines, type TableOptions} from './table.js';

/**
The lines of `reelcat runs`. Of an id as much as tells it from the others.
*/
export const runsTable = (runs: readonly ListedRun[], {idLength, ...options}: TableOptions & {idLength: number}): string[] => tableLines([
	{heading: 'Run'},
	{heading: 'When'},
	{heading: 'Command'},
	{heading: 'Result'},
	{heading: 'Libraries', isFlexible: true},
	{heading: 'Items', isFlexible: true},
	{heading: 'Changes', isFlexible: true},
	{heading: 'Took', align: 'right'},
	{heading: 'Requests', align: 'right'},
	{heading: 'Received', align: 'right'},
	{heading: 'Errors', align: 'right'},
], runs.map(run => [
	run.id.slice(0, idLength),
	formatInstant(run.startedAt),
	run.command,
	statusWord[run.status],
	run.libraries.map(({title}) => clean(title).trim()).join(', '),
	...hasEnded(run)
		? [
			shortEquation(run.totals),
			Object.keys(run.changes).length === 0 ? '' : changesLine(run.changes),
			formatDurationMs(run.durationMs),
			formatCount(run.requests),
			formatBytes(run.receivedBytes),
			formatCount(run.problemCount),
		]
		: [],
]), options);

/**
How much of an id a person needs; at least 8 characters.
*/
export const idLengthOf = (runs: ReadonlyArray<Pick<ListedRun, 'id'>>): number => {
	const longest = Math.max(8, ...runs.map(({id}) => id.length));
	for (let length = 8; length < longest; length++) {
		if (new Set(runs.map(({id}) => id.slice(0, length))).size === runs.length) {
			return length;
		}
	}

	return longest;
};
