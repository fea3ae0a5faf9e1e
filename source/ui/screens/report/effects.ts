import {isQueryError} from '../../../query/language/query-error.js';
import type {ReportQuestion} from '../../../reports/registry.js';
import {failureOf} from '../../parts/failure.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';
import {
	askedText,
	isReport,
	queryRefused,
	reportFailed,
	reportLoaded,
	reportOpened,
	reportScreen,
	type ReportScreen,
} from './reduce.js';

const withQuery = (question: ReportQuestion, query: string): ReportQuestion =>
	query !== '' && question.name === 'changes' ? {...question, query} : question;

const answeredBy = (state: UiState, key: number) => state.stack.filter(screen => isReport(screen)).find(screen => screen.key === key)?.answeredText;

const ask = async ({services, get, dispatch}: EffectContext, {key, question}: Pick<ReportScreen, 'key' | 'question'>, {query = '', signal}: {query?: string; signal?: AbortSignal} = {}) => {
	try {
		const rows = await services.report(withQuery(question, query), signal === undefined ? {} : {signal});
		// Who typed on since has another answer by now.
		const isWanted = signal === undefined ? answeredBy(get(), key) === query : !signal.aborted;
		if (isWanted) {
			dispatch(reportLoaded({key, rows, query}));
		}
	} catch (error) {
		if (signal?.aborted === true) {
			return;
		}

		dispatch(isQueryError(error)
			? queryRefused({key, span: error.span, text: error.message})
			: reportFailed({key, failure: failureOf(error)}));
	}
};

export const openReport = async (context: EffectContext, question: ReportQuestion, crumb: string): Promise<void> => {
	context.dispatch(reportOpened({question, crumb}));
	const {key = -1, answeredText = ''} = reportScreen(context.get()) ?? {};
	await ask(context, {key, question}, {query: answeredText});
};

/**
Asks all open reports again, each with the query that its rows answer.
*/
export const refreshReports = async (context: EffectContext): Promise<void> => {
	await Promise.all(context.get().stack.filter(screen => isReport(screen)).map(async screen => ask(context, screen, {query: screen.answeredText})));
};

type Asking = {key: number; text: string; abort: AbortController};

const askings = perApp(() => ({last: undefined as Asking | undefined, end: Promise.resolve()}));

/**
Asks for what the filter of the open report says, where that is a query. An old question is aborted, and the new one waits for its end: one report at a time is read, however fast a person types.
*/
export const followReport = (context: EffectContext): void => {
	const {get, guard} = context;
	const asking = askings(context);
	const screen = reportScreen(get());
	if (screen?.rows === undefined) {
		return;
	}

	const text = askedText(screen);
	const {last} = asking;
	if (last?.key === screen.key ? last.text === text : text === screen.answeredText) {
		return;
	}

	last?.abort.abort();
	const current = {key: screen.key, text, abort: new AbortController()};
	asking.last = current;
	const {end} = asking;
	asking.end = guard(async () => {
		await end;
		if (!current.abort.signal.aborted) {
			await ask(context, screen, {query: text, signal: current.abort.signal});
		}
	});
};

export const startReports = (context: EffectContext) => (): void => {
	askings(context).last?.abort.abort();
};
