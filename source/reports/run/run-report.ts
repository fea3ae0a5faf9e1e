import type {ImportTotals, Run} from '../../catalog/types.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
	plural,
} from '../../base/text/format.js';
import {changesLine} from '../../history/changes-line.js';
import type {ListedRun, RunStatus} from '../../history/runs.js';
import type {CatalogSources, ScreenReport} from '../report.js';
import {headingRow, type ReportRow} from '../report-row.js';
import {runsJson} from '../runs/runs-json.js';

/**
All that is known of one run. It belongs to the command `runs`.
*/
export const runReport: ScreenReport<{runId: string}, ListedRun> = {
	load: async ({runId}, sources) => findRun(runId, sources),
	text: run => runLines(run),
	json: run => runsJson([run]),
	screen: {
		crumb: 'Run',
		keysTitle: 'Run',
		place: 'for a run',
		columns: [{heading: 'Run', cell: (text: string) => text, screen: {width: {share: 1}}}],
		rows: run => [
			{id: 'changes', cells: ['Changes of this run'], opens: {name: 'changes', runId: run.id}},
			...run.log === undefined ? [] : [{id: 'log', cells: ['Log of this run'], opens: {name: 'log' as const, runId: run.id}}],
			headingRow('blank', ''),
			...runLines(run).map((text, index): ReportRow => ({
				id: String(index), cells: [text], ...text !== '' && {opens: {name: 'text', title: 'Line', text}},
			})),
		],
	},
};

/**
@throws AppError 'not-found'
*/
export const findRun = async (runId: string, sources: Pick<CatalogSources, 'runs'>): Promise<ListedRun> => {
	const runs = await sources.runs();
	const run = runs.find(({id}) => id === runId);
	if (run === undefined) {
		throw new AppError('not-found', 'This run is not remembered any more.', {hint: 'The newest 500 runs are. Their changes stay in the history: press C.'});
	}

	return run;
};

export const equationTerms = ['imported', 'unchanged', 'failed', 'skipped'] as const;

export const fullEquation = (totals: ImportTotals): string =>
	`${formatCount(totals.expected)} expected = ${equationTerms.map(term => `${formatCount(totals[term])} ${term}`).join(' + ')}`;

export const hasEnded = ({status}: {status: RunStatus}): boolean => status !== 'running' && status !== 'interrupted';

export const statusWord: Readonly<Record<RunStatus, string>> = {
	running: 'running',
	done: 'done',
	partly: 'partly done',
	failed: 'failed',
	cancelled: 'cancelled',
	interrupted: 'interrupted',
};

const runLines = (run: ListedRun): string[] => [
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
