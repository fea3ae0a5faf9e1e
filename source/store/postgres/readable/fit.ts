/**
The types of readable columns. Which values fit them is decided here, so that no record, however broken, makes a statement fail.
*/
export type ColumnType = 'text' | 'id' | 'integer' | 'bigint' | 'numeric' | 'boolean' | 'timestamptz' | 'date' | 'text[]' | 'jsonb' | 'double precision' | 'bigint[]';

const greatestInteger = 2_147_483_647;

/**
PostgreSQL keeps neither the character 0 nor half a surrogate pair.
*/
export const keptText = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();

const day = /^(?!0000)\d{4}-\d{2}-\d{2}$/v;
const instant = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/v;

// Days such as 30 February are moved on by `Date` and refused by PostgreSQL.
const isInCalendar = (text: string) => {
	const time = new Date(text);
	return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text.slice(0, 10);
};

const isText = (value: unknown): value is string => typeof value === 'string';

// PostgreSQL reads JSON by recursion and refuses what is nested too deeply for its stack.
const deepestJson = 100;

const keptJson = (value: unknown, depth = 0): unknown => {
	if (isText(value)) {
		return keptText(value);
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	if (depth === deepestJson) {
		return null;
	}

	return Array.isArray(value)
		? value.map(entry => keptJson(entry, depth + 1))
		: Object.fromEntries(Object.entries(value).map(([key, entry]) => [keptText(key), keptJson(entry, depth + 1)]));
};

const fits: Record<ColumnType, (value: unknown) => unknown> = {
	text: value => isText(value) ? keptText(value) : undefined,
	id: value => value !== '' && isText(value) ? keptText(value) : undefined,
	integer: value => Number.isSafeInteger(value) && Math.abs(value as number) <= greatestInteger ? value : undefined,
	bigint: value => Number.isSafeInteger(value) ? value : undefined,
	numeric: value => Number.isFinite(value) ? value : undefined,
	boolean: value => typeof value === 'boolean' ? value : undefined,
	timestamptz: value => isText(value) && instant.test(value) && isInCalendar(value) ? value : undefined,
	date: value => isText(value) && day.test(value) && isInCalendar(value) ? value : undefined,
	'text[]': value => Array.isArray(value) ? value.filter(entry => isText(entry)).map(entry => keptText(entry)) : undefined,
	'double precision': value => Number.isFinite(value) ? value : (Number.isNaN(value) ? 'NaN' : undefined),
	'bigint[]': value => Array.isArray(value) ? value.filter(entry => Number.isSafeInteger(entry)) : undefined,
	jsonb: value => value === undefined || value === null ? undefined : keptJson(value),
};

/**
The value as its column can keep it. What is of another type is `undefined`, which becomes NULL.
*/
export const fitted = (type: ColumnType, value: unknown): unknown => fits[type](value);

/**
How PostgreSQL calls the type. Ids are compared byte by byte, as everywhere in the catalogue.
*/
export const typeName = (type: ColumnType): string => type === 'id' ? 'text COLLATE "C"' : type;
