import {layoutOf} from '../../layout.js';
import type {UiState} from '../../ui-state.js';

export type ImportLayout = {
	/**
	Lines of the bars, or of the summary.
	*/
	topRows: number;
	requestRows: number;
	problemRows: number;
	/**
	The summary fits as a table with rules.
	*/
	isTable: boolean;
};

/**
How the import screen shares its rows: the libraries first, then the requests in flight, and the problems get the rest.
*/
export const importLayout = (state: UiState): ImportLayout => {
	const {bodyRows} = layoutOf(state);
	// A sync names those that needed nothing in its result only.
	const libraries = Math.max(1, (state.job.result ?? state.job.progress).libraries.length);
	const hasProblems = state.job.problems.ids.length > 0;
	// A heading, and three rows to scroll in; the summary itself says when there were none.
	const kept = hasProblems ? 4 : (state.job.result === undefined ? 1 : 0);
	if (state.job.result !== undefined) {
		const tableRows = (2 * (libraries + (libraries > 1 ? 1 : 0))) + 3;
		const isTable = state.size.columns >= 80 && tableRows + 3 <= bodyRows - kept;
		const wanted = 3 + (isTable ? tableRows : libraries + 1);
		const topRows = Math.min(wanted, Math.max(2, bodyRows - kept));
		return {
			topRows, requestRows: 0, problemRows: Math.max(1, bodyRows - topRows - 1), isTable,
		};
	}

	if (state.job.failure !== undefined) {
		const topRows = Math.max(2, hasProblems ? Math.min(8, bodyRows - kept) : bodyRows - 2);
		return {
			topRows, requestRows: 0, problemRows: Math.max(1, bodyRows - topRows - 1), isTable: false,
		};
	}

	const topRows = Math.min(libraries + 1, Math.max(2, Math.floor(bodyRows / 2)));
	const requestRows = bodyRows >= 18 ? 5 : 1;
	return {
		topRows, requestRows, problemRows: Math.max(1, bodyRows - topRows - requestRows - 1), isTable: false,
	};
};

export const problemRows = (state: UiState): number => importLayout(state).problemRows;
