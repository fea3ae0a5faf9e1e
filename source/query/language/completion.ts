import {fold} from '../fold.js';
import type {ValueCount} from '../types.js';
import {askedFields, findAskedField, type AskedField} from './asked-fields.js';
import {printedValue, writtenCounts} from './value-terms.js';

/**
What can be completed in a query: the text from `start` to `end`, in UTF-16 units, is the beginning of the name of a field, of one of its values, or of the name of a saved query.
*/
export type CompletionPlace = {start: number; end: number; typed: string} & ({kind: 'field' | 'sortField' | 'presence' | 'saved'} | {kind: 'value'; field: AskedField});

/**
A way to go on, with what people should know of it. `text` takes the place of what is typed.
*/
export type Completion = {text: string; note: string};

const settings = ['sort', 'limit'] as const;

/**
Behind the last blank or parenthesis that is not within quotes.
*/
const startOfTerm = (before: string): number => {
	let start = 0;
	let isQuoted = false;
	for (const {0: letter, index} of before.matchAll(/[\s"\(\)]/gv)) {
		if (letter === '"') {
			isQuoted = !isQuoted;
		} else if (!isQuoted) {
			start = index + 1;
		}
	}

	return start;
};

/**
Where the text behind the last of these signs begins.
*/
const behindLast = (text: string, signs: RegExp): number => (text.matchAll(signs).toArray().at(-1)?.index ?? -1) + 1;

/**
The place that the caret is at the end of; undefined where nothing can be completed.
*/
export const completionPlace = (query: string, caret: number): CompletionPlace | undefined => {
	const before = query.slice(0, caret);
	const term = startOfTerm(before);
	const start = before[term] === '-' ? term + 1 : term;
	const typed = before.slice(start);
	const name = /^(?<name>[A-Za-z]+):/v.exec(typed)?.groups?.['name'];
	if (name === undefined) {
		if (typed.startsWith('@')) {
			return {
				kind: 'saved', start: start + 1, end: caret, typed: typed.slice(1),
			};
		}

		const isName = /^[A-Za-z]*$/v.test(typed);
		return isName
			? {
				kind: 'field', start, end: caret, typed,
			}
			: undefined;
	}

	if (['has', 'missing', 'sort'].includes(name)) {
		const from = start + behindLast(typed, /[^A-Za-z]/gv);
		return {
			kind: name === 'sort' ? 'sortField' : 'presence', start: from, end: caret, typed: query.slice(from, caret),
		};
	}

	const field = findAskedField(name);
	if (field === undefined) {
		return undefined;
	}

	// A quotation mark that is open belongs to what is typed.
	const open = typed.split('"').length % 2 === 0 ? typed.lastIndexOf('"') : -1;
	const from = start + (open === -1 ? behindLast(typed, /[",:<=>]/gv) : open);
	return {
		kind: 'value', field, start: from, end: caret, typed: query.slice(from, caret).replace('"', ''),
	};
};

const isBeginning = (typed: string, text: string) => fold(text).startsWith(fold(typed));

/**
The names of fields that begin as what is typed: of each field the shortest that does.
*/
const fieldNames = (typed: string): Array<{name: string; field: AskedField}> => askedFields.flatMap(field => {
	const name = field.names.find(one => isBeginning(typed, one));
	return name === undefined ? [] : [{name, field}];
});

/**
How the query may go on at this place. `counts` are the values that the field has now, and `saved` the names of the saved queries.
*/
export const completionsAt = (place: CompletionPlace, {counts = [], saved = []}: {counts?: readonly ValueCount[]; saved?: readonly string[]}): Completion[] => {
	const {typed} = place;
	switch (place.kind) {
		case 'saved': {
			return saved.filter(name => isBeginning(typed, name)).map(name => ({text: name, note: ''}));
		}

		case 'field': {
			return [
				...fieldNames(typed).map(({name, field}) => ({text: `${name}:`, note: field.label})),
				...['has', 'missing', ...settings].filter(name => isBeginning(typed, name)).map(name => ({text: `${name}:`, note: ''})),
			];
		}

		case 'sortField': {
			return fieldNames(typed).filter(({field}) => field.source === 'column' || field.source === 'computed').map(({name, field}) => ({text: name, note: field.label}));
		}

		case 'presence': {
			return fieldNames(typed).map(({name, field}) => ({text: name, note: field.label}));
		}

		case 'value': {
			const {field} = place;
			const known = counts.length > 0 || field.values === undefined ? counts : field.values.map(value => ({value, count: 0}));
			return writtenCounts(field, known).entries()
				.filter(([text]) => text.split(/\s+/v).some((_, index, words) => isBeginning(typed, words.slice(index).join(' '))))
				.map(([text, count]) => ({text: printedValue(text), note: count === 0 ? '' : String(count)}))
				.toArray();
		}
	}
};
