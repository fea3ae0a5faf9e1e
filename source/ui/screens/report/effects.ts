import type {ReportQuestion} from '../../../reports/registry.js';
import {failureOf} from '../../parts/failure.js';
import type {EffectContext} from '../../screen-module.js';
import {
	isReport,
	reportFailed,
	reportLoaded,
	reportOpened,
	reportScreen,
} from './reduce.js';

const ask = async ({services, dispatch}: EffectContext, key: number, question: ReportQuestion) => {
	try {
		dispatch(reportLoaded({key, rows: await services.report(question)}));
	} catch (error) {
		dispatch(reportFailed({key, failure: failureOf(error)}));
	}
};

export const openReport = async (context: EffectContext, question: ReportQuestion, crumb: string): Promise<void> => {
	context.dispatch(reportOpened({question, crumb}));
	await ask(context, reportScreen(context.get())?.key ?? -1, question);
};

export const refreshReports = async (context: EffectContext): Promise<void> => {
	await Promise.all(context.get().stack.filter(screen => isReport(screen)).map(async ({key, question}) => ask(context, key, question)));
};
