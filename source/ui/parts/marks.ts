import {formatBytes, formatCount} from '../../base/text/format.js';
import type {Glyphs} from '../theme.js';
import {moveTo, type ListState} from './list.js';

/**
The rows that are marked, so that something can be done with all of them. Marks are ids, and stay when the rows change or are hidden by a filter.
*/
export type Marks = {
	ids: ReadonlySet<string>;
	/**
	The row where a range began, which goes to the cursor until it is kept or dropped.
	*/
	from: string | undefined;
	/**
	Of all files of what is marked; undefined until it is known.
	*/
	sizeBytes: number | undefined;
};

/**
A list whose rows can be marked. Some rows cannot be, such as headings.
*/
export type Markable = {list: ListState; marks: Marks};

type CanMark = (id: string) => boolean;

export const noMarks: Marks = {ids: new Set(), from: undefined, sizeBytes: undefined};

const marked = (ids: ReadonlySet<string>): Marks => ids.size === 0 ? noMarks : {...noMarks, ids};

const rangeOf = ({list: {ids, cursor}, marks: {from}}: Markable): readonly [first: number, last: number] | undefined => {
	const at = from === undefined ? -1 : ids.indexOf(from);
	return at === -1 ? undefined : [Math.min(at, cursor), Math.max(at, cursor)];
};

/**
Ids of what is marked, in the order of the list; what is not in the list comes last.
*/
export const markedIds = (screen: Markable, canMark: CanMark = () => true): readonly string[] => {
	const {list, marks} = screen;
	if (!hasMarks(screen)) {
		return [];
	}

	const [first, last] = rangeOf(screen) ?? [0, -1];
	const shown = [...list.ids].filter((id, index) => marks.ids.has(id) || (index >= first && index <= last && canMark(id)));
	return [...new Set([...shown, ...marks.ids])];
};

export const hasMarks = ({marks}: Pick<Markable, 'marks'>): boolean => marks.ids.size > 0 || marks.from !== undefined;

/**
Ends a range: its rows are marked.
*/
export const keepRange = <Screen extends Markable>(screen: Screen, canMark?: CanMark): Screen =>
	screen.marks.from === undefined ? screen : {...screen, marks: marked(new Set(markedIds(screen, canMark)))};

/**
Begins a range at the cursor, or ends the one that has begun.
*/
export const toggleRange = <Screen extends Markable>(screen: Screen, canMark?: CanMark): Screen => screen.marks.from === undefined
	? {...screen, marks: {...screen.marks, from: screen.list.selectedId}}
	: keepRange(screen, canMark);

const toggled = (marks: ReadonlySet<string>, some: Iterable<string>, canMark: CanMark): ReadonlySet<string> => {
	const ids = new Set(marks);
	for (const id of some) {
		if (canMark(id) && !ids.delete(id)) {
			ids.add(id);
		}
	}

	return ids;
};

/**
Marks the row under the cursor, or takes its mark away, and goes down; `count` does it for as many rows. While a range is open it only keeps the range.
*/
export const toggleMark = <Screen extends Markable>(screen: Screen, count = 1, canMark: CanMark = () => true): Screen => {
	const {list, marks} = screen;
	return marks.from === undefined
		? {...screen, list: moveTo(list, list.cursor + count), marks: marked(toggled(marks.ids, list.ids.slice(list.cursor, list.cursor + count), canMark))}
		: keepRange(screen, canMark);
};

/**
Marks every row that is in the list and was not marked, and no other.
*/
export const invertMarks = <Screen extends Markable>(screen: Screen, canMark: CanMark = () => true): Screen => {
	const kept = keepRange(screen, canMark);
	return {...kept, marks: marked(toggled(kept.marks.ids, kept.list.ids, canMark))};
};

/**
One step back: drops the range that has begun, else all marks.
*/
export const dropMarks = <Screen extends Markable>(screen: Screen): Screen => ({
	...screen, marks: screen.marks.from === undefined ? noMarks : {...screen.marks, from: undefined},
});

/**
Without the marks of what has gone from the catalogue.
*/
export const presentMarks = (marks: Marks, isThere: (id: string) => boolean): Marks => {
	const ids = [...marks.ids].filter(id => isThere(id));
	const isFromThere = marks.from === undefined || isThere(marks.from);
	return isFromThere && ids.length === marks.ids.size ? marks : {...marked(new Set(ids)), from: isFromThere ? marks.from : undefined};
};

/**
Tells of each row, by its index, whether it is marked.
*/
export const markTest = (screen: Markable, canMark: CanMark = () => true): ((index: number) => boolean) => {
	const {list: {ids}, marks} = screen;
	const [first, last] = rangeOf(screen) ?? [0, -1];
	return index => {
		const id = ids.at(index);
		return id !== undefined && (marks.ids.has(id) || (index >= first && index <= last && canMark(id)));
	};
};

/**
The number of marks and their size; empty when there are none.
*/
export const marksText = (screen: Markable, canMark?: CanMark): string => {
	if (!hasMarks(screen)) {
		return '';
	}

	const {sizeBytes, from} = screen.marks;
	const count = from === undefined ? screen.marks.ids.size : markedIds(screen, canMark).length;
	return [`${formatCount(count)} marked`, ...sizeBytes === undefined || from !== undefined ? [] : [formatBytes(sizeBytes)]].join(', ');
};

/**
What stands before a row: whether the cursor is there, and whether it is marked.
*/
export const rowStart = (isSelected: boolean, isMarked: boolean, {pointer, marked: mark}: Pick<Glyphs, 'pointer' | 'marked'>): string =>
	`${isSelected ? pointer : ' '}${isMarked ? mark : ' '}`;

/**
The position in a list, with the marks before it.
*/
export const withMarks = (screen: Markable, position: string, canMark?: CanMark): string =>
	[marksText(screen, canMark), position].filter(text => text !== '').join('  ');
