import type {Run} from '../catalog/types.js';
import type {ListedRun} from '../history/runs.js';
import {clean} from '../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
	plural,
} from '../base/text/format.js';
import {changesLine} from '../history/changes-line.js';
import {fullEquation, hasEnded, statusWord} from './run-words.js';

/**
All that is known of one run: the lines of `reelcat runs RUN`.
*/
export const runText = (run: ListedRun): string[] => [
	`Run ${clean(run.id)}: ${run.command}, ${statusWord[run.status]}`,
	`Began ${formatInstant(run.startedAt)}${hasEnded(run) ? `, took ${formatDurationMs(run.durationMs)}, ${plural(run.requests, 'request')}, ${formatBytes(run.receivedBytes)}` : ''}`,
	...run.status === 'interrupted' ? ['It never said that it ended: the process was killed or the machine went down. What it had committed is kept; the next run goes on from there.'] : [],
	...hasEnded(run) ? [fullEquation(run.totals)] : [],
	...run.log === undefined ? [] : [`Log: ${clean(run.log)} ("reelcat runs ${clean(run.id)} --log" prints it)`],
	...run.libraries.flatMap(library => ['', ...libraryLines(library, hasEnded(run))]),
	...problemLines(run),
];

const libraryLines = (library: Run['libraries'][number], isKnown: boolean): string[] => {
	const {title, mode, changes, held, notes, durationMs, complete} = library;
	const name = clean(title).trim();
	if (!isKnown) {
		return [name];
	}

	return [
		`${name}${complete ? '' : ', incomplete'}`,
		`  ${fullEquation(library)}, in ${formatDurationMs(durationMs)} (${mode})`,
		...Object.keys(changes).length === 0 ? [] : [`  ${changesLine(changes)}`],
		...held === 0 ? [] : [`  ${plural(held, 'removal')} held`],
		...notes.map(note => `  ${clean(note)}`),
	];
};

const problemLines = ({problems, problemCount, libraries}: ListedRun): string[] => problemCount === 0
	? []
	: [
		'',
		plural(problemCount, 'problem'),
		...problems.map(({libraryId, ratingKey, title, code, message, hint}) => {
			const place = [
				clean(libraries.find(({id}) => id === libraryId)?.title ?? libraryId).trim(),
				title,
				...ratingKey === undefined ? [] : [`ratingKey ${ratingKey}`],
			].filter(part => part !== undefined).join(', ');
			return clean(`  ${place}: ${message} (${code}) ${hint}`);
		}),
		...problemCount > problems.length ? [`  And ${formatCount(problemCount - problems.length)} more, which only the log has.`] : [],
	];
