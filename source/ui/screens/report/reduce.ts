import {fold} from '../../../query/fold.js';
import type {QuerySpan} from '../../../query/language/syntax.js';
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
	/**
	Ids of the headings whose rows are hidden.
	*/
	folded: ReadonlySet<string>;
	/**
	The query that the rows answer, on a screen whose filter is one; empty for none.
	*/
	answeredText: string;
};

/**
Whether the filter of this report is a query, which is asked of the catalogue. Elsewhere its words are looked for in the rows.
*/
export const isAsking = ({name}: Pick<ReportScreen, 'name'>): boolean => name === 'changes';

/**
The query of a filter; empty for none.
*/
export const askedText = (screen: ReportScreen): string => isAsking(screen) ? screen.filter.text.trim() : '';

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
		folded: new Set(),
		answeredText: '',
	};
	const next = {...state, nextKey: state.nextKey + 1};
	const top = reportScreen(state);
	if (top === undefined || !isPeriod(topScreen(state)) || !('days' in question)) {
		return push(next, screen);
	}

	// Another period of the same question.
	const {filter, folded, answeredText} = top;
	return replaceTop(next, {...screen, folded, ...filter.text.trim() === answeredText && {filter, answeredText}});
});

const update = (state: UiState, key: number, change: (screen: ReportScreen) => ReportScreen): UiState =>
	changeScreens(state, isReport, screen => screen.key === key ? change(screen) : screen);

export const reportLoaded = message((state, {key, rows, query}: {key: number; rows: readonly ReportRow[]; query: string}) =>
	update(state, key, screen => {
		const next = relist({
			...screen, rows, failure: undefined, answeredText: query, filterFault: query === askedText(screen) ? undefined : screen.filterFault,
		});
		// Where the selected row is not found any more, the first change that was found is selected.
		return query === '' || next.list.selectedId === screen.list.selectedId ? next : {...next, list: moveTo(next.list, Math.max(0, [...next.list.ids].findIndex(id => markableIn(next)(id))))};
	}));

/**
The query cannot be understood: the rows stay, and its wrong part is shown.
*/
export const queryRefused = message((state, {key, span, text}: {key: number; span: QuerySpan; text: string}) =>
	update({...state, message: {text, tone: 'warn'}}, key, screen => ({...screen, filterFault: span})));

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
			return next.filter === screen.filter && next.kind === screen.kind && next.folded === screen.folded ? next : relist(next);
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

const searchedWords = (screen: ReportScreen): string[] => isAsking(screen) ? [] : fold(screen.filter.text.trim()).split(' ').filter(word => word !== '');

/**
Headings are left out where words or a kind hide rows, which their counts would include. The counts under a query are those of what it finds.
*/
export const hasHeadings = (screen: ReportScreen): boolean => screen.kind === undefined && searchedWords(screen).length === 0;

/**
Lists the rows that match the filter and the kind.
*/
const relist = (screen: ReportScreen): ReportScreen => {
	const {kind} = screen;
	const words = searchedWords(screen);
	const isMatch = (row: ReportRow) => (kind === undefined || row.kind === kind) && words.every(word => foldedOf(row).includes(word));
	const ids = (hasHeadings(screen) ? unfolded(screen) : listedRows(screen).filter(row => row.isHeading !== true && isMatch(row))).map(({id}) => id);
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

const listedRows = (screen: ReportScreen): readonly ReportRow[] => (screen.rows ?? []).slice(rowsAbove(screen).length);

/**
The first rows, which stand above the list. There may be tens of thousands after them, and every frame asks.
*/
export const rowsAbove = ({rows = []}: ReportScreen): readonly ReportRow[] => {
	const first = rows.findIndex(({amounts}) => amounts === undefined);
	return first === -1 ? rows : rows.slice(0, first);
};

const unfolded = (screen: ReportScreen): readonly ReportRow[] => {
	let isHidden = false;
	return listedRows(screen).filter(({id, isFoldable}) => {
		if (isFoldable === true) {
			isHidden = screen.folded.has(id);
			return true;
		}

		return !isHidden;
	});
};

/**
The heading to which the selected row belongs.
*/
export const selectedHeading = (state: UiState): ReportRow | undefined => {
	const screen = reportScreen(state);
	const rows = screen?.rows ?? [];
	const at = rows.findIndex(({id}) => id === screen?.list.selectedId);
	return rows.slice(0, at + 1).findLast(({isFoldable}) => isFoldable === true);
};

/**
Hides or shows the rows of the heading to which the selected row belongs. The cursor goes to the heading.
*/
export const toggleFold = (state: UiState): UiState => {
	const heading = selectedHeading(state);
	return heading === undefined
		? state
		: changeReport(state, screen => {
			const at = screen.list.ids.indexOf(heading.id);
			const others = [...screen.folded].filter(id => id !== heading.id);
			return {...screen, folded: new Set(screen.folded.has(heading.id) ? others : [...others, heading.id]), list: at === -1 ? screen.list : moveTo(screen.list, at)};
		});
};

const foldedTexts = new WeakMap<ReportRow, string>();

const foldedOf = (row: ReportRow) => {
	const known = foldedTexts.get(row) ?? fold(row.cells.join(' '));
	foldedTexts.set(row, known);
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
