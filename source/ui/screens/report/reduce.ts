import {fold} from '../../../query/fold.js';
import type {ReportQuestion, ReportRow} from '../../../reports/report-row.js';
import type {ActionId} from '../../keymap.js';
import {pressInFilter} from '../../parts/filter.js';
import {emptyList, moveTo, replaceIds} from '../../parts/list.js';
import type {MessageOf} from '../../messages.js';
import {push, topScreen} from '../../stack.js';
import {insertText, textField} from '../../parts/text-field.js';
import type {ReportScreen, Screen, UiState} from '../../ui-state.js';

/**
Periods of the Changes screen, in days.
*/
export const periods: readonly number[] = [1, 7, 30, 365];

export const periodName = (days: number): string => days === 1 ? 'Changes of a day' : `Changes of ${days} days`;

export const isReport = (screen: Screen): screen is ReportScreen => 'question' in screen;

/**
Another period takes the place of the one before.
*/
export const openReport = (state: UiState, {question, crumb}: MessageOf<'report-opened'>): UiState => {
	const screen: ReportScreen = {
		name: question.name,
		key: state.nextKey,
		question,
		crumb,
		rows: undefined,
		failure: undefined,
		filter: textField(),
		isFiltering: false,
		kind: undefined,
		list: emptyList,
	};
	const next = {...state, nextKey: state.nextKey + 1};
	return isPeriod(topScreen(state)) && 'days' in question ? {...next, stack: [...state.stack.slice(0, -1), screen]} : push(next, screen);
};

const isPeriod = (screen: Screen) => isReport(screen) && 'days' in screen.question;

export const reduceReport = (state: UiState, message: MessageOf<'report-loaded' | 'report-failed'>): UiState => update(state, message.key, screen =>
	message.type === 'report-loaded'
		? relist({...screen, rows: message.rows, failure: undefined})
		: {...screen, failure: message.failure});

const update = (state: UiState, key: number, change: (screen: ReportScreen) => ReportScreen): UiState => ({
	...state,
	stack: state.stack.map(screen => isReport(screen) && screen.key === key ? change(screen) : screen),
});

const changeTop = (state: UiState, change: (screen: ReportScreen) => ReportScreen): UiState => {
	const top = topScreen(state);
	return isReport(top) ? update(state, top.key, change) : state;
};

/**
The row that the cursor is on.
*/
export const selectedRow = ({rows = [], list: {selectedId}}: ReportScreen): ReportRow | undefined =>
	rowsById(rows).get(selectedId ?? '');

const maps = new WeakMap<readonly ReportRow[], Map<string, ReportRow>>();

/**
Every frame asks for the rows that it shows.
*/
export const rowsById = (rows: readonly ReportRow[]): ReadonlyMap<string, ReportRow> => {
	const known = maps.get(rows) ?? new Map(rows.map(row => [row.id, row]));
	maps.set(rows, known);
	return known;
};

/**
The rows that the filter and the kind leave. Headings go with the first of them: they would count what is not shown.
*/
const relist = (screen: ReportScreen): ReportScreen => {
	const {rows = [], kind, filter} = screen;
	const words = fold(filter.text.trim()).split(' ').filter(word => word !== '');
	const isMatch = (row: ReportRow) => (kind === undefined || row.kind === kind) && words.every(word => foldedOf(row).includes(word));
	const isAll = kind === undefined && words.length === 0;
	const ids = (isAll ? rows : rows.filter(row => row.isHeading !== true && isMatch(row))).map(({id}) => id);
	const list = replaceIds(screen.list, ids);
	// What no longer matches gives way to the first match.
	return {...screen, list: screen.list.selectedId === undefined || list.selectedId === screen.list.selectedId ? list : moveTo(list, 0)};
};

const folded = new WeakMap<ReportRow, string>();

const foldedOf = (row: ReportRow) => {
	const known = folded.get(row) ?? fold(row.cells.join(' '));
	folded.set(row, known);
	return known;
};

/**
The kinds that there are, in the order of the rows.
*/
export const kindsOf = ({rows = []}: ReportScreen): readonly string[] => {
	const known = kinds.get(rows) ?? [...new Set(rows.map(({kind}) => kind).filter(kind => kind !== undefined))];
	kinds.set(rows, known);
	return known;
};

// The hints of every frame ask for them.
const kinds = new WeakMap<readonly ReportRow[], readonly string[]>();

/**
All kinds, then each by itself, then all again.
*/
export const nextKind = (state: UiState): UiState => changeTop(state, screen => {
	const choices = [undefined, ...kindsOf(screen)];
	const kind = choices[(choices.indexOf(screen.kind) + 1) % choices.length];
	return relist({...screen, kind});
});

/**
Keys while the filter is typed.
*/
export const reduceReportFilter = (state: UiState, id: ActionId): UiState => changeTop(state, screen => {
	const next = pressInFilter(screen, id);
	return next.filter === screen.filter ? next : relist(next);
});

export const typeInReport = (state: UiState, text: string): UiState =>
	changeTop(state, screen => relist({...screen, filter: insertText(screen.filter, text)}));

export const startReportFilter = (state: UiState): UiState => changeTop(state, screen => ({...screen, isFiltering: true}));

/**
All rows again.
*/
export const clearReport = (state: UiState): UiState => changeTop(state, screen => relist({...screen, filter: textField(), kind: undefined}));

export const isNarrowed = (screen: ReportScreen): boolean => screen.filter.text !== '' || screen.kind !== undefined;

/**
The period before or after the one on the screen.
*/
export const otherPeriod = (state: UiState, step: 1 | -1): number => {
	const top = topScreen(state);
	const question: ReportQuestion | undefined = isReport(top) ? top.question : undefined;
	const at = question !== undefined && 'days' in question ? periods.indexOf(question.days) : 1;
	return periods[Math.max(0, Math.min(periods.length - 1, at + step))]!;
};
