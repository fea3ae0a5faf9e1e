import type {InstantColumn} from '../../base/columns/instant-column.js';
import type {Columns} from '../columns.js';
import {dayNumber, momentSeconds} from '../language/amounts.js';
import {requireAskedField, type AskedField} from '../language/asked-fields.js';
import {
	askedIds,
	isInRange,
	type QueryCondition,
	type Range,
	type TextTest,
} from '../language/plan.js';
import {hasWords, textTester} from '../language/text-tests.js';
import type {ListsBlock} from '../lists.js';
import {resolutionRank} from '../../catalog/quality.js';

export type FieldCondition = Extract<QueryCondition, {kind: 'known' | 'range' | 'text' | 'flag'}>;

export type RowTest = (row: number) => boolean;

const readers: Partial<Record<AskedField['kind'], (text: string) => number | undefined>> = {day: dayNumber, moment: momentSeconds, resolution: resolutionRank};

/**
The number by which a kept value is compared.
*/
export const comparable = ({kind}: Pick<AskedField, 'kind'>, value: unknown): number | undefined => {
	if (typeof value !== 'string') {
		return typeof value === 'number' ? value : undefined;
	}

	return readers[kind]?.(value);
};

/**
A condition on the value of a field that is not read from lists.
*/
export const valueTest = (condition: FieldCondition, field: AskedField): ((value: unknown) => boolean) => {
	switch (condition.kind) {
		case 'known': {
			return value => value !== undefined && value !== '';
		}

		case 'flag': {
			return value => value === true;
		}

		case 'range': {
			const isWithin = withinRanges(condition.ranges);
			return value => {
				const number = comparable(field, value);
				return number !== undefined && isWithin(number);
			};
		}

		case 'text': {
			const test = textTester(condition.tests, field.also);
			return value => typeof value === 'string' && test(value);
		}
	}
};

const withinRanges = (ranges: readonly Range[]): ((value: number) => boolean) => {
	const [first] = ranges;
	return ranges.length === 1 ? value => isInRange(value, first!) : value => ranges.some(range => isInRange(value, range));
};

/**
A test of rows for a condition on a field that the index has.
*/
export const rowTest = (columns: Columns, condition: FieldCondition): RowTest => {
	const field = requireAskedField(condition.field);
	if (field.kind === 'show') {
		return showTest(columns, condition);
	}

	if (field.source === 'lists') {
		return listTest(columns, condition, field);
	}

	const test = valueTest(condition, field);
	if (field.source === 'computed') {
		const compute = field.of as (summary: unknown) => number | undefined;
		return row => test(compute(columns.at(row)));
	}

	const column = columns.column(field.name);
	if (condition.kind === 'range' && 'secondsAt' in column) {
		return numberTest((column as unknown as InstantColumn).secondsAt, condition.ranges);
	}

	if (condition.kind === 'range' && !('codeAt' in column)) {
		return numberTest(column.get as (row: number) => number | undefined, condition.ranges);
	}

	return 'codeAt' in column ? codeTest(column as unknown as DictionaryLike, test) : row => test(column.get(row));
};

const numberTest = (numberAt: (row: number) => number | undefined, ranges: readonly Range[]): RowTest => {
	const isWithin = withinRanges(ranges);
	return row => {
		const number = numberAt(row);
		return number !== undefined && isWithin(number);
	};
};

type DictionaryLike = {codeAt: (row: number) => number | undefined; textOf: (code: number) => string | undefined};

/**
Each text that many rows share is tested once.
*/
const codeTest = ({codeAt, textOf}: DictionaryLike, isFound: (value: unknown) => boolean): RowTest => {
	const answers: Array<boolean | undefined> = [];
	const isUnknownFound = isFound(undefined);
	return row => {
		const code = codeAt(row);
		if (code === undefined) {
			return isUnknownFound;
		}

		answers[code] ??= isFound(textOf(code));
		return answers[code];
	};
};

const listTest = ({lists}: Columns, condition: FieldCondition, field: AskedField): RowTest => {
	const places = field.lists.map(name => lists.place(name));
	const {block} = places[0]!;
	const anyOf = (isWanted: (code: number) => boolean): RowTest => places.length === 1
		? row => block.isSome(row, places[0]!.list, isWanted)
		: row => places.some(({list}) => block.isSome(row, list, isWanted));
	if (condition.kind === 'range') {
		return anyOf(withinRanges(condition.ranges));
	}

	if (condition.kind === 'text') {
		return anyOf(nameTester(block, condition.tests, field));
	}

	// No list has flags.
	return condition.kind === 'known' ? anyOf(() => true) : () => false;
};

/**
Tells whether the name of a code of a block meets a condition. What has no name does not.
*/
export const nameTester = (block: ListsBlock, tests: readonly TextTest[], field: AskedField): ((code: number) => boolean) => {
	const [test] = tests;
	if (test !== undefined && tests.length === 1 && (test.kind === 'equal' || test.kind === 'words')) {
		const {kind, text} = test;
		const nameWith = block.foldedNamesWith(text);
		return code => {
			const name = nameWith(code);
			return name !== undefined && (kind === 'equal' ? name === text : hasWords(name, text));
		};
	}

	const isFound = textTester(tests, field.also);
	return code => {
		const name = block.nameOf(code);
		return name !== undefined && isFound(name);
	};
};

const showTest = (columns: Columns, condition: FieldCondition): RowTest => {
	const tests = condition.kind === 'text' ? condition.tests : [];
	const ids = new Set(askedIds(tests));
	const test = valueTest(condition.kind === 'text' ? {...condition, tests: tests.filter(({kind}) => kind !== 'is')} : condition, requireAskedField('title'));
	const title = columns.column('title');
	return codeTest(columns.named.showId, id => {
		const row = id === undefined ? undefined : columns.named.id.find(id as string);
		return ids.has(id as string) || test(row === undefined ? undefined : title.get(row));
	});
};
