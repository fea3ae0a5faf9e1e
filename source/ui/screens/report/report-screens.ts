import {clean} from '../../../base/text/clean.js';
import type {CatalogIndex} from '../../../query/types.js';
import type {ReportName, ReportQuestion} from '../../../reports/report-row.js';
import type {KeyBinding} from '../../screen-module.js';
import {topScreen, type UiState} from '../../ui-state.js';
import {browseScreen} from '../browse/reduce.js';
import {isDetail} from '../detail/effects.js';
import {selectedJob} from '../watch/reduce.js';
import {periodName, reportScreen, selectedRow} from './reduce.js';

export type ReportColumn = {
	heading: string;
	/**
	Cells, or a share of what the others leave.
	*/
	width: number | {share: number};
	align?: 'right';
	/**
	Left out where the terminal is narrower.
	*/
	minColumns?: number;
};

type Asked = {question: ReportQuestion; crumb: string};

/**
What differs between the reports.
*/
export type ReportShape = {
	name: ReportName;
	/**
	What the header calls it, where nothing more is known.
	*/
	crumb: string;
	helpTitle: string;
	spokenName: string;
	/**
	Ends the sentence `… is not available` for a key that does nothing here.
	*/
	place: string;
	columns: readonly ReportColumn[];
	/**
	Its rows are of several kinds, which can be shown one at a time.
	*/
	hasKinds?: true;
	/**
	Ids of keys that its footer shows besides those of every report.
	*/
	hints?: readonly string[];
	/**
	The key that opens it, and the question that it then answers.
	*/
	opener?: Pick<KeyBinding, 'keys' | 'label' | 'help' | 'on' | 'disabledReason'> & {
		ask: (state: UiState, index: Pick<CatalogIndex, 'get'>) => Asked | undefined;
	};
};

/**
The run that the screen is about, if any.
*/
const shownRunId = (state: UiState): string | undefined => {
	const target = selectedRow(state)?.opens;
	if (target?.name === 'run') {
		return target.runId;
	}

	const question = reportScreen(state)?.question;
	if (question?.name === 'run') {
		return question.runId;
	}

	const {name} = topScreen(state);
	return name === 'watch' ? selectedJob(state)?.runId : (name === 'import' ? state.job.result?.runId : undefined);
};

const noRunReasons = new Map([
	['watch', 'Only a job that was begun has a log; Tab leads to the jobs.'],
	['import', 'The log can be opened when the run has ended.'],
]);

const noRun = (state: UiState) =>
	shownRunId(state) === undefined ? noRunReasons.get(topScreen(state).name) ?? 'There is no run here.' : undefined;

/**
The item that the screen is about, if any.
*/
const shownItemId = (state: UiState): string | undefined => {
	const top = topScreen(state);
	if (reportScreen(state) !== undefined) {
		const target = selectedRow(state)?.opens;
		return target?.name === 'detail' ? target.itemId : undefined;
	}

	return isDetail(top) ? top.id : browseScreen(state)?.list.selectedId;
};

/**
In the order in which their keys are shown.
*/
export const reportShapes: readonly ReportShape[] = [
	{
		name: 'changes',
		crumb: 'Changes',
		helpTitle: 'Keys of the changes',
		spokenName: 'changes',
		place: 'among the changes',
		columns: [
			{heading: 'What', width: 10},
			{heading: 'When', width: 16, minColumns: 80},
			{heading: 'Title', width: {share: 2}},
			{heading: 'Before → after', width: {share: 3}},
		],
		hasKinds: true,
		hints: ['kind', 'longer', 'shorter'],
		opener: {
			keys: ['C'],
			label: 'changes',
			help: 'What has changed on the server; after a sync and for a run, what it found',
			on: ['place'],
			ask(state) {
				const runId = shownRunId(state);
				return runId === undefined
					? {question: {name: 'changes', days: 7}, crumb: periodName(7)}
					: {question: {name: 'changes', runId}, crumb: state.job.result?.runId === runId ? 'Changes of this sync' : 'Changes of this run'};
			},
		},
	},
	{
		name: 'runs',
		crumb: 'Runs',
		helpTitle: 'Runs',
		spokenName: 'runs',
		place: 'among the runs',
		columns: [
			{heading: 'When', width: 16},
			{heading: 'Command', width: 7, minColumns: 60},
			{heading: 'Result', width: 11},
			{
				heading: 'Took', width: 9, align: 'right', minColumns: 80,
			},
			{heading: 'Changes', width: {share: 1}},
			{
				heading: 'Problems', width: 8, align: 'right', minColumns: 60,
			},
		],
		hasKinds: true,
		hints: ['kind', 'log'],
		opener: {
			keys: ['H'],
			label: 'runs',
			help: 'Every import and sync, with its changes, problems and log',
			on: ['place'],
			ask: () => ({question: {name: 'runs'}, crumb: 'Runs'}),
		},
	},
	{
		name: 'run',
		crumb: 'Run',
		helpTitle: 'Run',
		spokenName: 'run',
		place: 'for a run',
		columns: [{heading: 'Run', width: {share: 1}}],
		hints: ['log'],
	},
	{
		name: 'log',
		crumb: 'Log',
		helpTitle: 'Log',
		spokenName: 'log',
		place: 'in a log',
		columns: [{heading: 'Log', width: {share: 1}}],
		opener: {
			keys: ['L'],
			label: 'log',
			help: 'The log of the run',
			on: ['runs', 'run', 'import', 'watch'],
			disabledReason: noRun,
			ask(state) {
				const runId = shownRunId(state);
				return runId === undefined ? undefined : {question: {name: 'log', runId}, crumb: 'Log'};
			},
		},
	},
	{
		name: 'held',
		crumb: 'Held',
		helpTitle: 'Missing and held',
		spokenName: 'held',
		place: 'for what is held',
		columns: [
			{heading: 'Type', width: 7},
			{heading: 'Title', width: {share: 1}},
			{
				heading: 'Year', width: 4, align: 'right', minColumns: 60,
			},
			{heading: 'Quality', width: 8, minColumns: 80},
			{heading: 'Size', width: 9, align: 'right'},
			{heading: 'Gone since', width: 16, minColumns: 80},
		],
		hasKinds: true,
		hints: ['timeline', 'accept-removals'],
		opener: {
			keys: ['M'],
			label: 'missing',
			help: 'What is gone from the server and held, until you accept it',
			on: ['place'],
			ask: () => ({question: {name: 'held'}, crumb: 'Held'}),
		},
	},
	{
		name: 'timeline',
		crumb: 'Timeline',
		helpTitle: 'Keys of a timeline',
		spokenName: 'timeline',
		place: 'in a timeline',
		columns: [
			{heading: 'When', width: 16},
			{heading: 'What', width: 10},
			{heading: 'Before → after', width: {share: 1}},
		],
		hasKinds: true,
		opener: {
			keys: ['t'],
			label: 'timeline',
			help: 'All that happened to this item',
			on: ['browse', 'detail', 'held'],
			disabledReason: state => shownItemId(state) === undefined ? 'There is no item here.' : undefined,
			ask(state, index) {
				const itemId = shownItemId(state);
				return itemId === undefined ? undefined : {question: {name: 'timeline', itemId}, crumb: clean(index.get(itemId)?.title ?? 'Timeline')};
			},
		},
	},
];
