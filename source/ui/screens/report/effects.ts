import type {ReportQuestion} from '../../../reports/report-row.js';
import {clean} from '../../../base/text/clean.js';
import {browseScreen, topScreen} from '../../stack.js';
import {failureOf} from '../../effects/failure.js';
import type {ServerOptions} from '../connect/effects.js';
import {isReport, periodName} from './reduce.js';

/**
Reports, asked for when their screen is opened, and again when something happened.
*/
export const createReports = ({services, get, dispatch}: ServerOptions) => {
	const ask = async (key: number, question: ReportQuestion) => {
		try {
			dispatch({type: 'report-loaded', key, rows: await services.report(question)});
		} catch (error) {
			dispatch({type: 'report-failed', key, failure: failureOf(error)});
		}
	};

	const open = async (question: ReportQuestion, crumb = crumbs[question.name]) => {
		dispatch({type: 'report-opened', question, crumb});
		const top = topScreen(get());
		await ask(isReport(top) ? top.key : -1, question);
	};

	return {
		open,
		openChanges: async (days: number) => open({name: 'changes', days}, periodName(days)),
		async openTimeline(itemId?: string, title?: string) {
			const top = topScreen(get());
			const id = itemId ?? (top.name === 'detail' ? top.id : browseScreen(get())?.list.selectedId);
			if (id !== undefined) {
				await open({name: 'timeline', itemId: id}, clean(title ?? services.index.get(id)?.title ?? 'Timeline'));
			}
		},
		/**
		Those on the stack may be of before what has just happened.
		*/
		async refresh() {
			await Promise.all(get().stack.filter(screen => isReport(screen)).map(async ({key, question}) => ask(key, question)));
		},
	};
};

const crumbs: Readonly<Record<ReportQuestion['name'], string>> = {
	changes: 'Changes', timeline: 'Timeline', runs: 'Runs', run: 'Run', log: 'Log', held: 'Held',
};
