import {filterFields, type FieldKind, type FilterField} from './filter-fields.js';
import type {PlexRow} from './row.js';
import {demoNow} from './section.js';

/**
The rows of another type that belong to a row: its show, its episodes, or itself.
*/
export type Relatives = (row: PlexRow, type: string) => readonly PlexRow[];

export type RowFilter = {
	holds: (row: PlexRow, relatives: Relatives) => boolean;
	/**
	It asks other rows than the listed one as well.
	*/
	isWide: boolean;
	/**
	How many conditions it has.
	*/
	clauses: number;
	/**
	Two filters with the same text hold for the same rows.
	*/
	text: string;
};

type Token = readonly [key: string, value: string];

/**
Reads what a query limits a list to: `genre=91`, `year>>=1990`, `episode.unwatched=1`, and groups between `push` and `pop` ([OFF], [PA]). Real servers pass over what is not a field, since clients put their own parameters into queries; so does this one.

@returns Undefined for a query without filters.
*/
export const readFilter = (query: URLSearchParams): RowFilter | undefined => readGroup([...query]);

const readGroup = (tokens: Token[]): RowFilter | undefined => {
	const options: RowFilter[][] = [[]];
	for (let token = tokens.shift(); token !== undefined && token[0] !== 'pop'; token = tokens.shift()) {
		const [key] = token;
		if (key === 'or') {
			options.push([]);
			continue;
		}

		const filter = key === 'push' ? readGroup(tokens) : readClause(token);
		if (filter !== undefined) {
			options.at(-1)!.push(filter);
		}
	}

	const asked = options.filter(all => all.length > 0);
	return asked.length === 0
		? undefined
		: {
			holds: (row, relatives) => asked.some(all => all.every(({holds}) => holds(row, relatives))),
			isWide: asked.flat().some(({isWide}) => isWide),
			clauses: asked.flat().reduce((sum, {clauses}) => sum + clauses, 0),
			text: `(${asked.map(all => all.map(({text}) => text).join('&')).join('|')})`,
		};
};

const clause = /^(?:(?<level>movie|show|season|episode)\.)?(?<name>[A-Za-z]+)(?<operator>!=|<<|>>|[!<=>])?&?$/v;

const readClause = ([key, value]: Token): RowFilter | undefined => {
	const {level, name = '', operator = ''} = clause.exec(key)?.groups ?? {};
	const field = filterFields.get(name);
	if (field === undefined) {
		return undefined;
	}

	// The second `=` of `title==x` comes with the value if it was not encoded.
	const isExact = field.kind === 'string' && value.startsWith('=') && (operator === '' || operator === '!');
	const meets = comparison(field, isExact ? `${operator}=` : operator, isExact ? value.slice(1) : value);
	return {
		holds: level === undefined ? meets : (row, relatives) => row.type === level ? meets(row) : relatives(row, level).some(relative => meets(relative)),
		isWide: level !== undefined,
		clauses: 1,
		text: JSON.stringify([key, value]),
	};
};

type Comparison = (row: PlexRow) => boolean;

/**
Operators as they look before the `=` of the query.
*/
const comparison = (field: FilterField, operator: string, value: string): Comparison => {
	const wanted = field.isFreeText === true ? [value] : value.split(',');
	const isNegated = operator.startsWith('!');
	const meets = matcher(field.kind, isNegated ? operator.slice(1) : operator);
	const doesMeet: Comparison = row => field.read(row).some(actual => actual !== undefined && wanted.some(one => meets(actual, one)));
	return isNegated ? row => !doesMeet(row) : doesMeet;
};

type Matcher = (actual: string | number | boolean, wanted: string) => boolean;

const matcher = (kind: FieldKind, operator: string): Matcher => {
	switch (kind) {
		case 'integer': {
			return numberMatcher(operator, Number);
		}

		case 'date': {
			return numberMatcher(operator, secondsOf);
		}

		case 'boolean': {
			return (actual, wanted) => folded(Number(actual)) === wanted;
		}

		case 'tag': {
			return (actual, wanted) => folded(actual) === folded(wanted);
		}

		case 'string': {
			return stringMatcher(operator);
		}
	}
};

const folded = (value: string | number | boolean): string => String(value).toLowerCase();

const numberMatcher = (operator: string, numberOf: (text: string) => number): Matcher => {
	switch (operator) {
		case '>>': {
			return (actual, wanted) => Number(actual) > numberOf(wanted);
		}

		case '<<': {
			return (actual, wanted) => Number(actual) < numberOf(wanted);
		}

		case '>': {
			return (actual, wanted) => Number(actual) >= numberOf(wanted);
		}

		case '<': {
			return (actual, wanted) => Number(actual) <= numberOf(wanted);
		}

		default: {
			return (actual, wanted) => Number(actual) === numberOf(wanted);
		}
	}
};

const stringMatcher = (operator: string): Matcher => {
	switch (operator) {
		case '=': {
			return (actual, wanted) => folded(actual) === folded(wanted);
		}

		case '<': {
			return (actual, wanted) => folded(actual).startsWith(folded(wanted));
		}

		case '>': {
			return (actual, wanted) => folded(actual).endsWith(folded(wanted));
		}

		default: {
			return (actual, wanted) => folded(actual).includes(folded(wanted));
		}
	}
};

const secondsIn = new Map([['', 1], ['m', 60], ['h', 3600], ['d', 86_400], ['w', 604_800], ['mon', 2_592_000], ['y', 31_536_000]]);

/**
Seconds since 1970, a day, or a span before now such as `-7d`. Now is the time of the demo, which does not depend on the clock.
*/
const secondsOf = (text: string): number => {
	const {count, unit = ''} = /^-(?<count>\d+)(?<unit>[dhmwy]|mon)?$/v.exec(text)?.groups ?? {};
	if (count !== undefined) {
		return demoNow - (Number(count) * secondsIn.get(unit)!);
	}

	return /^\d{4}-\d{2}-\d{2}$/v.test(text) ? Date.parse(text) / 1000 : Number(text);
};
