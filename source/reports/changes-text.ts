import {
	countChanges,
	type ChangedField,
	type ChangeGroup,
	type ChangeRow,
	type TimelineRow,
} from '../history/changes.js';
import type {HistoryNote} from '../history/history-notes.js';
import {clean} from '../base/text/clean.js';
import {formatCount, formatInstant, plural} from '../base/text/format.js';
import {truncate} from '../base/text/width.js';
import {changesLine, kindWord} from '../history/changes-line.js';
import {tableLines, type TableColumn, type TableOptions} from './table.js';

/**
The changes of one library, and what must be said besides.
*/
export type LibraryChanges = {
	id: string;
	title: string;
	groups: readonly ChangeGroup[];
	notes: readonly HistoryNote[];
};

/**
Library by library, by title; those with nothing to tell are left out.
*/
export const byLibrary = (groups: readonly ChangeGroup[], notes: readonly HistoryNote[], titleOf: (id: string) => string | undefined): LibraryChanges[] => {
	const ids = new Set([...groups, ...notes].map(({libraryId}) => libraryId));
	return Array.from(ids, id => ({
		id,
		title: titleOf(id) ?? id,
		groups: groups.filter(({libraryId}) => libraryId === id),
		notes: notes.filter(({libraryId}) => libraryId === id),
	})).toSorted((left, right) => left.title.localeCompare(right.title, 'en'));
};

/**
The lines of `reelcat diff`.
*/
export const changesText = (libraries: readonly LibraryChanges[], {limit, ...options}: TableOptions & {limit: number}): string[] => {
	const lines: string[] = [];
	for (const {title, groups, notes} of libraries) {
		lines.push(
			...(lines.length === 0 ? [] : ['']),
			`${clean(title.trim())}: ${changesLine(countChanges(groups))}`,
			...notes.map(note => `  ${noteWords(note)}`),
			...(groups.length === 0 ? [] : tableLines(columns, groups.flatMap(group => groupRows(group, limit)), options)),
		);
	}

	return lines;
};

const columns: readonly TableColumn[] = [
	{heading: 'What'},
	{heading: 'When'},
	{heading: 'Title', isFlexible: true},
	{heading: 'Before → after', isFlexible: true},
	{heading: 'Id'},
];

const groupRows = ({kind, rows}: ChangeGroup, limit: number): string[][] => {
	const shown = rows.slice(0, limit).map(row => [kindWord(kind), formatInstant(row.at), row.title, changeWords(row, kind), row.itemId]);
	return rows.length > limit ? [...shown, [kindWord(kind), '', `and ${formatCount(rows.length - limit)} more (--limit)`]] : shown;
};

/**
The lines of `reelcat diff ITEM`.
*/
export const timelineText = (rows: readonly TimelineRow[], options: TableOptions = {}): string[] => tableLines([
	{heading: 'When'},
	{heading: 'What'},
	{heading: 'Before → after', isFlexible: true},
	{heading: 'Run'},
], rows.map(row => [formatInstant(row.at), kindWord(row.kind), changeWords(row, row.kind), row.runId]), options);

/**
A sentence.
*/
export const noteWords = ({kind, at = '', from = '', to = '', items = 0}: HistoryNote): string => {
	switch (kind) {
		case 'unknown-before': {
			return `Nothing is known before ${formatInstant(at)}, its first import.`;
		}

		case 'gap': {
			return `Nobody looked between ${formatInstant(from)} and ${formatInstant(to)}: what happened there is known by its result only.`;
		}

		case 'held': {
			return `At ${formatInstant(at)} the removal of ${plural(items, 'item')} was held back. "reelcat lost --held" lists what still waits.`;
		}

		case 'unknown': {
			return 'Nothing is known of its past: its history has not begun yet.';
		}
	}
};

const longest = 60;
// Of what came or went, only one side is there.
const oneSided = new Set(['added', 'removed', 'restored']);
// What moves along with something that says more.
const secondary = new Set(['last watched', 'rated']);

/**
What a change was, in so many words; cleaned.
*/
export const changeWords = ({fields, reason}: ChangeRow, kind: ChangeGroup['kind']): string => {
	const telling = fields.filter(({name}) => !secondary.has(name) && !(name === 'folder' && oneSided.has(kind)));
	const words = (telling.length === 0 ? fields : telling).map(field => fieldWords(field, oneSided.has(kind))).join('; ');
	return [words, ...(reason === undefined ? [] : [`(${reason})`])].filter(part => part !== '').join(' ');
};

const fieldWords = ({name, before, after}: ChangedField, isOneSided: boolean) => isOneSided && (before === undefined || after === undefined)
	? short(before ?? after)
	: `${name} ${short(before)} → ${short(after)}`;

const short = (text = '–') => truncate(clean(text), longest);
