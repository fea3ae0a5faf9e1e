import type {Relatives, RowFilter} from './filter.js';
import {compareSorted, type SortTerm} from './row-order.js';
import type {PlexRow} from './row.js';

export type Selection = {
	filter?: RowFilter | undefined;
	/**
	As it stands in the query. Ids decide when it is absent.
	*/
	sort?: {text: string; terms: readonly SortTerm[]} | undefined;
};

type SelectionSources = {
	/**
	Rows as they were built, by key, without what was changed, added or removed since.
	*/
	untouched: (sectionKey: string, type: number) => Iterable<readonly [key: number, row: PlexRow]>;
	/**
	Rows that are to be read again, as they are now.
	*/
	touched: (sectionKey: string, type: number) => ReadonlyArray<readonly [key: number, row: PlexRow]>;
	isListed: (key: number) => boolean;
	isTouched: (key: number) => boolean;
	relatives: Relatives;
};

type Match = {key: number; values: ReadonlyArray<string | number>};

const mostKept = 200;

/**
Lists keys that satisfy a filter, in an order. Rows that nobody changed are read only once for each question, because a big library is slow to read.
*/
export const createSelections = ({untouched, touched, isListed, isTouched, relatives}: SelectionSources) => {
	const found = new Map<string, readonly Match[]>();
	const answers = new Map<string, readonly number[]>();

	const matchOf = ({filter, sort}: Selection, key: number, row: PlexRow): Match | undefined => filter?.holds(row, relatives) === false
		? undefined
		: {key, values: sort?.terms.map(({valueOf}) => valueOf(row, relatives)) ?? []};

	const matchesAmong = (selection: Selection, rows: Iterable<readonly [key: number, row: PlexRow]>): Match[] => {
		const matches: Match[] = [];
		for (const [key, row] of rows) {
			const match = matchOf(selection, key, row);
			if (match !== undefined) {
				matches.push(match);
			}
		}

		return matches;
	};

	return {
		/**
		Anything may have changed.
		*/
		forget() {
			answers.clear();
		},
		keys(sectionKey: string, type: number, selection: Selection): readonly number[] {
			const {filter, sort} = selection;
			const name = `${sectionKey}/${type}?${filter?.text ?? ''}#${sort?.text ?? ''}`;
			const answer = answers.get(name);
			if (answer !== undefined) {
				return answer;
			}

			const isWide = filter?.isWide === true || sort?.terms.some(term => term.isWide) === true;
			// What depends on other rows may change with them.
			const base = (isWide ? undefined : found.get(name)) ?? matchesAmong(selection, untouched(sectionKey, type));
			const now = [...base.filter(({key}) => isListed(key) && !isTouched(key)), ...matchesAmong(selection, touched(sectionKey, type))].toSorted((a, b) => a.key - b.key);
			const keys = (sort === undefined ? now : now.toSorted((a, b) => compareSorted(sort.terms, a.values, b.values))).map(({key}) => key);
			if (answers.size >= mostKept) {
				answers.clear();
				found.clear();
			}

			found.set(name, base);
			answers.set(name, keys);
			return keys;
		},
	};
};
