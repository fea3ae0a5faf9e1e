/**
Readers for what a Plex server sends. Each takes anything and returns the intended value or undefined: a number may come as a string, a list of one as a bare object, and any field may be missing.
*/
export type Wire<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

export const isRecord = (value: unknown): value is Wire<string> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
Absent means empty, and a single element may stand alone: XML-to-JSON converters and old servers send it like that.
*/
export const asArray = (value: unknown): readonly unknown[] => {
	if (value === undefined || value === null) {
		return [];
	}

	return Array.isArray(value) ? value : [value];
};

export const asRecords = <Name extends string>(value: unknown): ReadonlyArray<Wire<Name>> => asArray(value).filter(element => isRecord(element));

/**
Returns text that is not blank, unchanged. Lone surrogates would not survive being written to disk, so they are replaced.
*/
export const readString = (value: unknown): string | undefined => {
	if (typeof value === 'number') {
		return Number.isFinite(value) ? String(value) : undefined;
	}

	return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : undefined;
};

export const readNumber = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	// Adding 0 turns -0 into 0, as JSON does.
	return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
};

export const readInteger = (value: unknown): number | undefined => {
	const number = readNumber(value);
	if (number === undefined) {
		return undefined;
	}

	const integer = Math.round(number) + 0;
	return Number.isSafeInteger(integer) ? integer : undefined;
};

/**
A number of things, bytes or milliseconds, which is never negative.
*/
export const readCount = (value: unknown): number | undefined => {
	const integer = readInteger(value);
	return integer !== undefined && integer >= 0 ? integer : undefined;
};

const truths = new Map<unknown, boolean>([
	[true, true],
	[1, true],
	['1', true],
	['true', true],
	[false, false],
	[0, false],
	['0', false],
	['false', false],
]);

export const readBoolean = (value: unknown): boolean | undefined => truths.get(value);

const lastEpoch = 9_999_999_999;

/**
Turns seconds since 1970 into an ISO instant. Plex stores 0 and -1 for "not known", and a value of more than ten digits is not in seconds.
*/
export const readEpoch = (value: unknown): string | undefined => {
	const seconds = readInteger(value);
	return seconds === undefined || seconds <= 0 || seconds > lastEpoch ? undefined : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
};

/**
Reads `YYYY-MM-DD` when that day exists. A time after it is dropped, because Plex means the day.
*/
export const readDate = (value: unknown): string | undefined => {
	if (typeof value !== 'string') {
		return undefined;
	}

	const text = value.trim().slice(0, 10);
	const parts = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/v.exec(text)?.groups;
	if (parts === undefined) {
		return undefined;
	}

	const [year, month, day] = [Number(parts['year']), Number(parts['month']), Number(parts['day'])];
	return day >= 1 && day <= daysIn(year, month) ? text : undefined;
};

/**
Keys consist of digits on every server seen. A value that could break out of a path or a comma-separated list is rejected.
*/
export const readKey = (value: unknown): string | undefined => {
	const key = readString(value)?.trim();
	return key !== undefined && /^[\w\-]{1,64}$/v.test(key) ? key : undefined;
};

export const readRatingKey = (row: unknown): string | undefined => isRecord(row) ? readKey(row['ratingKey']) : undefined;

export const readTitle = (row: unknown): string | undefined => isRecord(row) ? readString(row['title']) : undefined;

const daysIn = (year: number, month: number): number => {
	if (month === 2) {
		const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
		return isLeap ? 29 : 28;
	}

	if (month < 1 || month > 12) {
		return 0;
	}

	return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const maxLength = 60;

/**
Makes text from a server fit for a message: one line, no control, format or private characters, at most 60 characters.
*/
export const quote = (text: string): string => {
	const line = text.slice(0, 4 * maxLength).toWellFormed().replaceAll(/[\s\p{Other}]+/gv, ' ').trim();
	const characters = [...line];
	return `"${characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : line}"`;
};
