import type {CatalogIndex} from '../../../query/types.js';
import type {ReportName, ReportQuestion} from '../../../reports/registry.js';
import type {KeyBinding} from '../../screen-module.js';
import {crumbFor, topScreen, type UiState} from '../../ui-state.js';
import {browseScreen} from '../browse/reduce.js';
import {isDetail} from '../detail/effects.js';
import {selectedJob} from '../watch/reduce.js';
import {periodName, reportScreen, selectedRow} from './reduce.js';

type Asked = {question: ReportQuestion; crumb: string};

/**
How a report is opened. Without `ask` its question is its name alone; without `on` its key works on screens of the group `place`.
*/
export type Opening = Partial<Pick<KeyBinding, 'on' | 'disabledReason' | 'needsRows'>> & {
	ask?: (state: UiState, index: Pick<CatalogIndex, 'get'>) => Asked | undefined;
	hints?: readonly string[];
};

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
	['watch', 'Only a job that has started has a log; press Tab for the jobs.'],
	['import', 'The log can be opened when the run has ended.'],
]);

const noRun = (state: UiState) =>
	shownRunId(state) === undefined ? noRunReasons.get(topScreen(state).name) ?? 'There is no run here.' : undefined;

const shownItemId = (state: UiState): string | undefined => {
	const top = topScreen(state);
	if (reportScreen(state) !== undefined) {
		const target = selectedRow(state)?.opens;
		return target?.name === 'detail' ? target.itemId : undefined;
	}

	return isDetail(top) ? top.id : browseScreen(state)?.list.selectedId;
};

/**
The reports whose question or keys depend on the screen under them, in the order in which their keys are shown. All others follow.
*/
export const openings = new Map<ReportName, Opening>([
	['changes', {
		hints: ['longer', 'shorter'],
		ask(state) {
			const runId = shownRunId(state);
			return runId === undefined
				? {question: {name: 'changes', days: 7}, crumb: periodName(7)}
				: {question: {name: 'changes', runId}, crumb: state.job.result?.runId === runId ? 'Changes of this sync' : 'Changes of this run'};
		},
	}],
	['runs', {hints: ['log']}],
	['run', {hints: ['log']}],
	['log', {
		on: ['runs', 'run', 'import', 'watch'],
		needsRows: 'first',
		disabledReason: noRun,
		ask(state) {
			const runId = shownRunId(state);
			return runId === undefined ? undefined : {question: {name: 'log', runId}, crumb: 'Log'};
		},
	}],
	['held', {hints: ['timeline', 'accept-removals']}],
	['timeline', {
		on: ['browse', 'wall', 'detail', 'held'],
		needsRows: 'first',
		disabledReason: state => shownItemId(state) === undefined ? 'There is no item here.' : undefined,
		ask(state, index) {
			const itemId = shownItemId(state);
			return itemId === undefined ? undefined : {question: {name: 'timeline', itemId}, crumb: crumbFor(state, index.get(itemId)?.title ?? 'Timeline', 'Timeline')};
		},
	}],
]);
