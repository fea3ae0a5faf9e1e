import {fold} from '../../../query/fold.js';
import type {ReportName, ReportQuestion} from '../../../reports/registry.js';
import type {ReportRow} from '../../../reports/report-row.js';
import {message} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {emptyFiltered, type Filtered} from '../../parts/filter.js';
import {moveTo, replaceIds} from '../../parts/list.js';
import {
	changeScreens,
	push,
	replaceTop,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';

export type ReportScreen = Filtered & {
	name: ReportName;
	hasPane: false;
	question: ReportQuestion;
	rows: readonly ReportRow[] | undefined;
	kind: string | undefined;
};

/**
Periods of the Changes screen, in days.
*/
const periods: readonly number[] = [1, 7, 30, 365];

export const periodName = (days: number): string => days === 1 ? 'Changes of a day' : `Changes of ${days} days`;

export const isReport = (screen: Screen): screen is ReportScreen => 'question' in screen;

export const reportScreen = (state: UiState): ReportScreen | undefined => {
	const top = topScreen(state);
	return isReport(top) ? top : undefined;
};

export const selectedRow = (state: UiState): ReportRow | undefined => {
	const screen = reportScreen(state);
	return screen && rowsById(screen.rows ?? []).get(screen.list.selectedId ?? '');
};

const isPeriod = (screen: Screen | undefined) => screen !== undefined && isReport(screen) && 'days' in screen.question;

export const reportOpened = message((state, {question, crumb}: {question: ReportQuestion; crumb: string}) => {
	const screen: ReportScreen = {
		name: question.name,
		hasPane: false,
		...emptyFiltered(state),
		question,
		crumb,
		rows: undefined,
		kind: undefined,
	};
	const next = {...state, nextKey: state.nextKey + 1};
	return isPeriod(topScreen(state)) && 'days' in question ? replaceTop(next, screen) : push(next, screen);
});

const update = (state: UiState, key: number, change: (screen: ReportScreen) => ReportScreen): UiState =>
	changeScreens(state, isReport, screen => screen.key === key ? change(screen) : screen);

export const reportLoaded = message((state, {key, rows}: {key: number; rows: readonly ReportRow[]}) =>
	update(state, key, screen => relist({...screen, rows, failure: undefined})));

export const reportFailed = message((state, {key, failure}: {key: number; failure: ShownFailure}) =>
	update(state, key, screen => ({...screen, failure})));

/**
Changes the report on top, and lists its rows again when its filter has changed.
*/
export const changeReport = (state: UiState, change: (screen: ReportScreen) => ReportScreen): UiState => {
	const top = reportScreen(state);
	return top === undefined
		? state
		: update(state, top.key, screen => {
			const next = change(screen);
			return next.filter === screen.filter && next.kind === screen.kind ? next : relist(next);
		});
};

const maps = new WeakMap<readonly ReportRow[], Map<string, ReportRow>>();

/**
Kept as long as the rows, because every frame asks for the rows that it shows.
*/
export const rowsById = (rows: readonly ReportRow[]): ReadonlyMap<string, ReportRow> => {
	const known = maps.get(rows) ?? new Map(rows.map(row => [row.id, row]));
	maps.set(rows, known);
	return known;
};

/**
Lists the rows that match the filter and the kind. When either is set, headings are left out, because their counts would include hidden rows.
*/
const relist = (screen: ReportScreen): ReportScreen => {
	const {rows = [], kind, filter} = screen;
	const words = fold(filter.text.trim()).split(' ').filter(word => word !== '');
	const isMatch = (row: ReportRow) => (kind === undefined || row.kind === kind) && words.every(word => foldedOf(row).includes(word));
	const isAll = kind === undefined && words.length === 0;
	const ids = (isAll ? rows : rows.filter(row => row.isHeading !== true && isMatch(row))).map(({id}) => id);
	const list = replaceIds(screen.list, ids);
	// Where the selected row no longer matches, the first match is selected.
	return {...screen, list: screen.list.selectedId === undefined || list.selectedId === screen.list.selectedId ? list : moveTo(list, 0)};
};

/**
Headings are rows of the list, but nothing can be done with them.
*/
export const markableIn = ({rows = []}: ReportScreen): ((id: string) => boolean) => {
	const byId = rowsById(rows);
	return id => byId.get(id)?.isHeading !== true;
};

const folded = new WeakMap<ReportRow, string>();

const foldedOf = (row: ReportRow) => {
	const known = folded.get(row) ?? fold(row.cells.join(' '));
	folded.set(row, known);
	return known;
};

export const kindsOf = ({rows = []}: ReportScreen): readonly string[] => {
	const known = kinds.get(rows) ?? [...new Set(rows.map(({kind}) => kind).filter(kind => kind !== undefined))];
	kinds.set(rows, known);
	return known;
};

// Kept because the hints of every frame ask for them.
const kinds = new WeakMap<readonly ReportRow[], readonly string[]>();

export const nextKind = (state: UiState): UiState => changeReport(state, screen => {
	const choices = [undefined, ...kindsOf(screen)];
	return {...screen, kind: choices[(choices.indexOf(screen.kind) + 1) % choices.length]};
});

export const isNarrowed = ({filter, kind}: ReportScreen): boolean => filter.text !== '' || kind !== undefined;

export const otherPeriod = (state: UiState, step: 1 | -1): number => {
	const question = reportScreen(state)?.question;
	const at = question !== undefined && 'days' in question ? periods.indexOf(question.days) : 1;
	return periods[Math.max(0, Math.min(periods.length - 1, at + step))]!;
};
