import * as z from 'zod';
import {totalsEquation} from '../../catalog/library.js';
import {importTotalsSchema, runSchema} from '../../catalog/schema.js';
import type {Run} from '../../catalog/types.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
	plural,
} from '../../base/text/format.js';
import {plainPaint, type Paint} from '../../base/text/style.js';
import {changesLine} from '../../history/changes-line.js';
import {matchRuns, type ListedRun, type RunStatus} from '../../history/runs.js';
import {countSchema, jsonSchema} from '../printers/data.js';
import {serverFieldsOfReport} from '../printers/server-column.js';
import {runTones} from '../printers/tones.js';
import type {CatalogSources, ScreenReport} from '../report.js';
import {headingRow, type ReportRow} from '../report-row.js';

const runOfJson = runSchema().omit({kind: true}).extend({
	status: z.enum([...runSchema().shape.status.options, 'interrupted']).meta({description: 'interrupted: it never said that it ended'}),
	totals: importTotalsSchema().meta({description: 'Over all its libraries: expected = imported + unchanged + failed + skipped'}),
	changes: z.record(z.string(), countSchema).meta({description: 'Number of changes by kind, over all its libraries'}),
	held: countSchema.meta({description: 'Removals that wait for "reelcat accept"'}),
	...serverFieldsOfReport,
});

export const runsJsonSchema = jsonSchema('runs', {
	runs: z.array(runOfJson).meta({description: 'Newest first; with RUN only that one'}),
}, 'reelcat runs result');

export type RunsJson = z.infer<typeof runsJsonSchema>;

export const runsJson = (runs: readonly ListedRun[]): RunsJson => ({
	schema: 1,
	runs: runs.map(({kind: _, place: __, ...run}) => run),
});

/**
Everything about one run. On the command line it is `runs RUN`, see `runsReport`.
*/
export const runReport: ScreenReport<{runId: string}, ListedRun> = {
	load: async ({runId}, sources) => findRun(runId, sources),
	text: (run, {paint}) => runLines(run, paint),
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
		throw new AppError('not-found', 'This run is not remembered any more.', {hint: 'reelcat remembers the newest 500 runs. The changes of older ones stay in the history: press C.'});
	}

	return run;
};

/**
Picks a run by the beginning of its id, or the `latest` one.

@throws AppError 'usage' if there are several, the error that `missing` makes if there is none
*/
export const pickRun = (runs: readonly ListedRun[], name: string, missing: () => AppError): ListedRun => {
	const [run, ...others] = matchRuns(runs, name);
	if (run === undefined) {
		throw missing();
	}

	if (others.length > 0) {
		throw new AppError('usage', `${others.length + 1} runs have an id that begins with "${clean(name)}".`, {hint: `Give more of the id: ${[run, ...others].slice(0, 5).map(({id}) => id).join(', ')}.`});
	}

	return run;
};

export const hasEnded = ({status}: {status: RunStatus}): boolean => status !== 'running' && status !== 'interrupted';

export const statusWord = (status: RunStatus): string => status === 'partly' ? 'partly done' : status;

const runLines = (run: ListedRun, paint = plainPaint): string[] => [
	`${paint('strong', `Run ${clean(run.id)}`)}: ${run.command}, ${paint(runTones[run.status], statusWord(run.status))}`,
	`Began ${formatInstant(run.startedAt)}${hasEnded(run) ? `, took ${formatDurationMs(run.durationMs)}, ${plural(run.requests, 'request')}, ${formatBytes(run.receivedBytes)}` : ''}`,
	...run.status === 'interrupted' ? ['This run was interrupted: the process was killed or the machine went down. What was committed is kept, and the next run continues from there.'] : [],
	...hasEnded(run) ? [totalsEquation(run.totals)] : [],
	...run.place === undefined ? [] : [`Server: ${run.place}`],
	...run.log === undefined ? [] : [`Log: ${clean(run.log)}`, `  "reelcat runs ${clean(run.id)} --log" prints it.`],
	...run.libraries.flatMap(library => ['', ...libraryLines(library, hasEnded(run), paint)]),
	...problemLines(run, paint),
];

const libraryLines = (library: Run['libraries'][number], isKnown: boolean, paint: Paint): string[] => {
	const {title, mode, changes, held, notes, durationMs, complete} = library;
	const name = paint('strong', clean(title).trim());
	if (!isKnown) {
		return [name];
	}

	return [
		`${name}: ${mode}, in ${formatDurationMs(durationMs)}${complete ? '' : paint('warn', ', incomplete')}`,
		`  ${totalsEquation(library)}`,
		...Object.keys(changes).length === 0 ? [] : [`  ${changesLine(changes)}`],
		...held === 0 ? [] : [paint('warn', `  ${plural(held, 'removal')} held`)],
		...notes.map(note => `  ${clean(note)}`),
	];
};

const problemLines = ({problems, problemCount, libraries}: ListedRun, paint: Paint): string[] => problemCount === 0
	? []
	: [
		'',
		paint('bad', plural(problemCount, 'problem')),
		...problems.map(({libraryId, ratingKey, title, code, message, hint}) => {
			const place = [
				clean(libraries.find(({id}) => id === libraryId)?.title ?? libraryId).trim(),
				title,
				...ratingKey === undefined ? [] : [`ratingKey ${ratingKey}`],
			].filter(part => part !== undefined).join(', ');
			return clean(`  ${place}: ${message} (${code}) ${hint}`);
		}),
		...problemCount > problems.length ? [`  And ${formatCount(problemCount - problems.length)} more; see the log.`] : [],
	];
