import type {Cursor} from './cursor.js';
import {
	comparisons,
	type FieldTerm,
	type QueryValue,
	type QuerySpan,
} from './syntax.js';

type Setting = {kind: 'setting'; name: 'sort' | 'limit'; value: string; span: QuerySpan};

// A colon before a blank ends a word, as in the title "Mission: Impossible".
const fieldName = /(?<name>[A-Za-z]+):(?=[^\s\)])/vy;
const bareValue = /(?:(?!\.\.)[^\s"\(\),])+/vy;
const settingValue = /[^\s\)]+/vy;
// Without a regular expression that is closed, the slash begins a path.
const regex = /\/(?<source>(?:\\.|[^\n\/\\])+)\/(?<flags>[dgimsuvy]{0,3})(?=[\s\),]|$)/vy;

/**
Reads a field with what is asked of it; undefined if there is none at the cursor.

@throws {QueryError}
*/
export const readFieldTerm = (cursor: Cursor): FieldTerm | Setting | undefined => {
	const start = cursor.place();
	const name = cursor.match(fieldName)?.groups?.['name'];
	if (name === undefined) {
		return undefined;
	}

	const nameSpan = {start, end: start + name.length};
	cursor.skip(name.length + 1);
	if (name === 'sort' || name === 'limit') {
		const value = cursor.match(settingValue)![0];
		cursor.skip(value.length);
		return {
			kind: 'setting', name, value, span: {start, end: cursor.place()},
		};
	}

	if (name === 'has' || name === 'missing') {
		return readPresence(cursor, {kind: name, start});
	}

	const test = readTest(cursor);
	expectEnd(cursor, name);
	return {
		kind: 'field', name, nameSpan, test, span: {start, end: cursor.place()},
	};
};

const readPresence = (cursor: Cursor, {kind, start}: {kind: 'has' | 'missing'; start: number}): FieldTerm => {
	const {text, span} = cursor.takeUntilBlank();
	if (!/^[A-Za-z]+$/v.test(text)) {
		throw cursor.error(`The name of a field follows ${kind}:.`, span, {expected: `a field, for instance ${kind}:tmdb`});
	}

	return {
		kind: 'field', name: text, nameSpan: span, test: {kind}, span: {start, end: span.end},
	};
};

const readTest = (cursor: Cursor): FieldTerm['test'] => {
	const comparison = comparisons.find(sign => cursor.isAt(sign));
	if (comparison !== undefined) {
		cursor.skip(comparison.length);
		return {kind: 'compare', comparison, value: readPlainValue(cursor)};
	}

	if (cursor.isAtWord('*')) {
		cursor.skip(1);
		return {kind: 'has'};
	}

	// A range that is open at one end is a comparison.
	if (cursor.isAt('..')) {
		cursor.skip(2);
		return {kind: 'compare', comparison: '<=', value: readPlainValue(cursor)};
	}

	const first = readValue(cursor);
	if (cursor.isAt('..')) {
		cursor.skip(2);
		return cursor.isBlankFree(0) || first.form !== 'text' ? {kind: 'range', from: first, to: readPlainValue(cursor)} : {kind: 'compare', comparison: '>=', value: first};
	}

	const values = [first];
	while (cursor.isAt(',')) {
		cursor.skip(1);
		values.push(readValue(cursor));
	}

	return {kind: 'is', values};
};

// What follows would be taken for a word of its own, and nothing found without a reason.
const expectEnd = (cursor: Cursor, name: string): void => {
	if (cursor.isAtEnd() || !cursor.isBlankFree(0)) {
		return;
	}

	const isJoined = cursor.isAt(',') || cursor.isAt('..');
	const {span} = cursor.takeUntilBlank();
	throw isJoined
		? cursor.error('A comparison or a range stands alone; OR joins several.', span, {expected: `a blank, for instance (${name}:… OR ${name}:…)`})
		: cursor.error('A blank is missing here.', span, {expected: 'a blank'});
};

// Only an amount can be compared.
const readPlainValue = (cursor: Cursor): QueryValue => {
	const start = cursor.place();
	return cursor.isAt('"') ? {form: 'text', ...cursor.takeQuoted()} : {form: 'text', ...takeBare(cursor, start)};
};

const readValue = (cursor: Cursor): QueryValue => {
	const start = cursor.place();
	if (cursor.isAt('=')) {
		cursor.skip(1);
		const {text, span} = cursor.isAt('"') ? cursor.takeQuoted() : takeBare(cursor, start);
		return {form: 'exact', text, span: {start, end: span.end}};
	}

	if (cursor.isAt('"')) {
		return {form: 'text', ...cursor.takeQuoted()};
	}

	const found = cursor.match(regex);
	if (found !== undefined) {
		cursor.skip(found[0].length);
		const {source, flags} = found.groups as {source: string; flags: string};
		const span = {start, end: cursor.place()};
		if (flags !== '' && flags !== 'i') {
			throw cursor.error(`A regular expression can have the flag i, but not ${flags}.`, {start: span.end - flags.length, end: span.end}, {expected: 'i'});
		}

		return {
			form: 'regex', text: source, flags, span,
		};
	}

	return {form: 'text', ...takeBare(cursor, start)};
};

const takeBare = (cursor: Cursor, start: number) => {
	const text = cursor.match(bareValue)?.[0];
	if (text === undefined || text === '*') {
		throw cursor.error(text === undefined ? 'A value is missing here.' : 'A * stands alone behind the colon: it means any value.', {start, end: start + 1}, {expected: 'a value'});
	}

	cursor.skip(text.length);
	return {text, span: {start, end: cursor.place()}};
};
