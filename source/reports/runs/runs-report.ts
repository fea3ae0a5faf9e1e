import {totalsTerms} from '../../catalog/library.js';
import type {ImportTotals} from '../../catalog/types.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
} from '../../base/text/format.js';
import {changesLine} from '../../history/changes-line.js';
import type {ListedRun, RunStatus} from '../../history/runs.js';
import {logReport} from '../log/log-report.js';
import {
	reportTable,
	screenCells,
	shortIdLength,
	type ReportColumn,
} from '../printers/table.js';
import {runTones} from '../printers/tones.js';
import {defaultLimit} from '../flags.js';
import {ask, type ScreenReport, type ReportCommand} from '../report.js';
import {sentenceRow, type ReportRow} from '../report-row.js';
import {
	hasEnded,
	pickRun,
	runReport,
	runsJson,
	runsJsonSchema,
	statusWord,
} from '../run/run-report.js';

type Runs = {all: ListedRun[]; listed: ListedRun[]};

type RunsQuestion = {limit?: number; libraryIds?: readonly string[] | undefined};

type Row = ListedRun & {shortId: string};

/**
The cell of a run that has ended. For other runs it is empty, since numbers that are not known are not 0.
*/
const ofEnded = (cell: (run: ListedRun) => string) => (run: ListedRun) => hasEnded(run) ? cell(run) : '';

const duration = ofEnded(run => formatDurationMs(run.durationMs));

const serverColumn: ReportColumn<Row> = {heading: 'Server', isFlexible: true, cell: ({place}) => place};

const columns: ReadonlyArray<ReportColumn<Row>> = [
	{heading: 'Run', cell: run => run.shortId},
	{heading: 'When', cell: run => formatInstant(run.startedAt), screen: {width: 16}},
	{heading: 'Command', cell: run => run.command, screen: {width: 7, minColumns: 60}},
	{
		heading: 'Result', cell: run => statusWord(run.status), tone: run => runTones[run.status], screen: {width: 11},
	},
	{
		heading: 'Took', align: 'right', isOnlyOnScreen: true, cell: duration, screen: {width: 9, minColumns: 80},
	},
	serverColumn,
	{heading: 'Libraries', isFlexible: true, cell: run => run.libraries.map(({title}) => clean(title).trim()).join(', ')},
	{
		heading: 'Items', isFlexible: true, minColumns: 120, cell: ofEnded(run => shortEquation(run.totals)),
	},
	{
		heading: 'Changes',
		isFlexible: true,
		cell: ofEnded(run => hasChanges(run) ? changesLine(run.changes) : ''),
		screen: {
			width: {share: 1},
			cell: run => [run.place ?? '', hasEnded(run) ? foundWords(run) : ''].filter(text => text !== '').join(': '),
		},
	},
	{
		heading: 'Errors', align: 'right', cell: ofEnded(run => formatCount(run.problemCount)), tone: run => run.problemCount === 0 ? 'dim' : 'bad',
	},
	{heading: 'Took', align: 'right', cell: duration},
	{
		heading: 'Requests', align: 'right', minColumns: 120, cell: ofEnded(run => formatCount(run.requests)),
	},
	{
		heading: 'Received', align: 'right', minColumns: 100, cell: ofEnded(run => formatBytes(run.receivedBytes)),
	},
	{
		heading: 'Problems',
		align: 'right',
		isOnlyOnScreen: true,
		cell: run => run.problemCount === 0 ? '' : formatCount(run.problemCount),
		screen: {width: 8, minColumns: 60},
	},
];

/**
Leaves out the terms that are 0.

@example
```
shortEquation({expected: 188, imported: 12, unchanged: 176, failed: 0, skipped: 0}); //=> '188 = 12 imported + 176 unchanged'
```
*/
const shortEquation = (totals: ImportTotals): string => {
	const parts = totalsTerms.filter(term => totals[term] > 0).map(term => `${formatCount(totals[term])} ${term}`);
	return parts.length === 0 ? formatCount(totals.expected) : `${formatCount(totals.expected)} = ${parts.join(' + ')}`;
};

const foundWords = (run: ListedRun) => !hasChanges(run) && run.totals.imported > 0 ? `${formatCount(run.totals.imported)} imported` : changesLine(run.changes);

const hasChanges = ({changes}: ListedRun) => Object.keys(changes).length > 0;

const rowsOf = ({all, listed}: Runs): Row[] => {
	const length = shortIdLength(all);
	return listed.map(run => ({...run, shortId: run.id.slice(0, length)}));
};

const statusTone: Readonly<Partial<Record<RunStatus, ReportRow['tone']>>> = {
	partly: 'warn', failed: 'bad', cancelled: 'dim', interrupted: 'warn',
};

const noRuns = 'No run has been recorded yet.';
const noRunsOfServer = 'No run of this server is remembered.';

/**
Those that had one of these libraries.
*/
const runsOf = (runs: readonly ListedRun[], libraryIds: readonly string[] | undefined): readonly ListedRun[] => libraryIds === undefined
	? runs
	: runs.filter(({libraries}) => libraries.some(({id}) => libraryIds.includes(id)));

/**
The runs that the catalogue remembers, newest first.
*/
export const runsReport: ScreenReport<RunsQuestion, Runs> = {
	schema: runsJsonSchema,
	async load({limit = Infinity, libraryIds}, sources) {
		const all = await sources.runs();
		return {all, listed: runsOf(all, libraryIds).slice(0, limit)};
	},
	text: (runs, options) => runs.listed.length === 0 ? [] : reportTable(runs.all.every(({place}) => place === undefined) ? columns.filter(column => column !== serverColumn) : columns, rowsOf(runs), options),
	remark: ({all, listed}) => listed.length > 0 ? undefined : (all.length === 0 ? noRuns : noRunsOfServer),
	json: ({listed}) => runsJson(listed),
	screen: {
		crumb: 'Runs',
		keysTitle: 'Runs',
		place: 'among the runs',
		key: {keys: ['H'], label: 'runs', help: 'Every import and sync, with its changes, problems and log'},
		kinds: 'shown',
		columns,
		rows: runs => runs.listed.length === 0
			? [sentenceRow(noRuns)]
			: rowsOf(runs).map((run): ReportRow => {
				const tone = statusTone[run.status];
				return {
					id: run.id, cells: screenCells(columns, run), ...tone !== undefined && {tone}, kind: run.command, opens: {name: 'run', runId: run.id},
				};
			}),
	},
};

export const answerRuns: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const [name, ...others] = input;
	const isLog = flags.boolean('log') === true;
	if (others.length > 0 || (isLog && name === undefined)) {
		throw new AppError('usage', isLog ? 'Name the run whose log is wanted.' : 'Name one run, or none.', {hint: 'For instance: reelcat runs latest --log'});
	}

	const libraryIds = await sources.pickLibraryIds(undefined);
	if (name === undefined) {
		return ask(runsReport, {limit: flags.number('limit') ?? defaultLimit, libraryIds}, sources);
	}

	const runs = runsOf(await sources.runs(), libraryIds);

	const {id: runId, log} = pickRun(runs, name, () => new AppError('not-found', name === 'latest' ? (libraryIds === undefined ? 'No run is remembered yet.' : noRunsOfServer) : `There is no run "${clean(name)}".`, {hint: '"reelcat runs" lists the newest ones.'}));
	if (!isLog) {
		return ask(runReport, {runId}, sources);
	}

	if (log === undefined) {
		throw new AppError('not-found', `The run ${runId} has no log.`, {hint: 'Accepting removals is not logged; "reelcat diff" shows what was removed.'});
	}

	return ask(logReport, {runId}, sources);
};
