import * as z from 'zod';
import {withoutMark} from './wire-text.js';

/**
Readers for what a Plex server sends. Each takes anything and returns the intended value or undefined: a number may come as a string, a list of one as a bare object, and any field may be missing.
*/
export type Wire<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

export const isRecord = (value: unknown): value is Wire<string> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
Anything but an object reads as an object without fields.
*/
export const asRecord = (value: unknown): Wire<string> => isRecord(value) ? value : {};

/**
Absent means empty, and a single element may stand alone: XML-to-JSON converters and old servers send it like that.
*/
export const asArray = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : (value === undefined || value === null ? [] : [value]);

export const asRecords = <Name extends string>(value: unknown): ReadonlyArray<Wire<Name>> => asArray(value).filter(element => isRecord(element));

/**
Nearly every text begins with such a character, and is then known not to be blank.
*/
const isVisible = (ascii = 0) => ascii > 0x20 && ascii < 0x7F;

/**
Returns text that is not blank, unchanged. Lone surrogates would not survive being written to disk, so they are replaced.
*/
export const readString = (value: unknown): string | undefined => {
	if (typeof value === 'number') {
		return Number.isFinite(value) ? String(value) : undefined;
	}

	if (typeof value !== 'string') {
		return undefined;
	}

	const text = withoutMark(value);
	return isVisible(text.codePointAt(0)) || text.trim() !== '' ? text.toWellFormed() : undefined;
};

export const readShortText = (value: unknown, maxLength = 200): string | undefined => readString(value)?.slice(0, maxLength).toWellFormed();

/**
@returns Undefined for text that is not JSON.
*/
export const parseWireJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

export const readNumber = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	// Adding 0 turns -0 into 0, as JSON does.
	return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
};

export const readInteger = (value: unknown): number | undefined => {
	const integer = Math.round(readNumber(value) ?? NaN) + 0;
	return Number.isSafeInteger(integer) ? integer : undefined;
};

/**
A number of things, bytes or milliseconds, which is never negative.
*/
export const readCount = (value: unknown): number | undefined => {
	const integer = readInteger(value);
	return integer !== undefined && integer >= 0 ? integer : undefined;
};

const truths = new Set<unknown>([true, 1, '1', 'true']);
const falsehoods = new Set<unknown>([false, 0, '0', 'false']);

export const readBoolean = (value: unknown): boolean | undefined => truths.has(value) || (falsehoods.has(value) ? false : undefined);

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
	const text = typeof value === 'string' ? value.trim().slice(0, 10) : '';
	return z.regexes.date.test(text) ? text : undefined;
};

/**
Keys consist of digits on every server seen. A value that could break out of a path or a comma-separated list is rejected.
*/
export const readKey = (value: unknown): string | undefined => {
	const key = readString(value)?.trim();
	return key !== undefined && /^[\w\-]{1,64}$/v.test(key) ? key : undefined;
};

export const readRatingKey = (row: unknown): string | undefined => readKey(asRecord(row)['ratingKey']);

export const readTitle = (row: unknown): string | undefined => readString(asRecord(row)['title']);

const maxQuoteLength = 60;

/**
Makes text from a server fit for a message: one line, no control, format or private characters, at most 60 characters.
*/
export const quote = (text: string): string => {
	const line = text.slice(0, 4 * maxQuoteLength).toWellFormed().replaceAll(/[\s\p{Other}]+/gv, ' ').trim();
	const characters = [...line];
	return `"${characters.length > maxQuoteLength ? `${characters.slice(0, maxQuoteLength).join('')}…` : line}"`;
};
