import {Buffer} from 'node:buffer';
import type * as z from 'zod';
import {shapeCheck} from '../catalog/shape-check.js';
import type {LineBytes} from './line-reader.js';

/**
Reads a value at a place in JSON, and returns the place behind it, or -1 if it is not surely a value of the shape.
*/
export type Walk = (bytes: LineBytes, place: number) => number;

type WalkOptions = {
	/**
	Puts the keys of the outermost object into their order; those of all others are in alphabetical order.
	*/
	keys?: readonly string[];
	/**
	May put something around the reading of a value; `path` is for instance `cast[].personId`.
	*/
	wrap?: (path: string, walk: Walk) => Walk;
};

/**
Makes of a schema a function that proves of a line, as `recordLine` writes it, that it is JSON of that shape, without making objects of it: that takes a third of the time. Undefined if the schema has something that it does not know. What it does not prove may be right all the same, so `-1` says only that the line must be parsed and checked.
*/
export const lineShape = (schema: z.core.$ZodType, {keys, wrap = (_, walk) => walk}: WalkOptions = {}): Walk | undefined => {
	const walkOf = (inner: z.core.$ZodType, path: string): Walk | undefined => {
		const walk = bareWalk(inner, path);
		return walk && wrap(path, walk);
	};

	const bareWalk = (inner: z.core.$ZodType, path: string): Walk | undefined => {
		const {def} = (inner as z.core.$ZodTypes)._zod;
		if (def.type === 'string') {
			return stringWalk(inner, def);
		}

		if (def.type === 'number') {
			return numberWalk(shapeCheck(inner));
		}

		if (def.type === 'boolean') {
			return wordsWalk(['true', 'false']);
		}

		if (def.type === 'enum' || def.type === 'literal') {
			const values: unknown[] = def.type === 'enum' ? Object.values(def.entries) : def.values;
			return values.every(value => typeof value === 'string') ? wordsWalk(values.map(value => JSON.stringify(value))) : undefined;
		}

		if (def.type === 'optional') {
			return bareWalk(def.innerType, path);
		}

		if (def.type === 'array' && isUnlimited(def.checks)) {
			const element = walkOf(def.element, `${path}[]`);
			return element && arrayWalk(element);
		}

		if (def.type === 'object' && def.catchall === undefined && isUnlimited(def.checks)) {
			const shape = new Map(Object.entries(def.shape));
			const names = path === '' && keys !== undefined ? keys : shape.keys().toArray().toSorted();
			const fields = names.map(name => ({
				name,
				walk: walkOf(shape.get(name)!, path === '' ? name : `${path}.${name}`),
				isOptional: (shape.get(name) as z.core.$ZodTypes)._zod.def.type === 'optional',
			}));
			return fields.every((field): field is ObjectField => field.walk !== undefined) ? objectWalk(fields) : undefined;
		}

		return undefined;
	};

	return walkOf(schema, '');
};

const isUnlimited = (checks: readonly unknown[] | undefined) => checks === undefined || checks.length === 0;

const [quote, backslash, comma, point, minus, zero, nine] = ['"', '\\', ',', '.', '-', '0', '9'].map(character => character.codePointAt(0)!) as [number, number, number, number, number, number, number];
const [open, close, openList, closeList] = ['{', '}', '[', ']'].map(character => character.codePointAt(0)!) as [number, number, number, number];

const firstPrintable = 0x20;
// The bytes at which a text ends, goes on in another way, or is no JSON.
const specialBytes = Uint8Array.from({length: 256}, (_, byte) => byte === quote || byte === backslash || byte < firstPrintable ? 1 : 0);

const escapes = new Set(Buffer.from(String.raw`"\/bfnrt`));
const unicodeEscape = /^u[\dA-Fa-f]{4}$/v;

/**
The place behind a text; -1 if there is none.
*/
const endOfText: Walk = (bytes, place) => {
	if (bytes[place] !== quote) {
		return -1;
	}

	const {length} = bytes;
	for (let at = place + 1; at < length; at++) {
		const byte = bytes[at]!;
		if (specialBytes[byte] === 0) {
			continue;
		}

		if (byte === quote) {
			return at + 1;
		}

		if (byte !== backslash) {
			return -1;
		}

		if (escapes.has(bytes[at + 1]!)) {
			at++;
		} else if (unicodeEscape.test(bytes.toString('latin1', at + 1, at + 6))) {
			at += 5;
		} else {
			return -1;
		}
	}

	return -1;
};

const plainText = /^[\u{20}-\u{7E}]*$/v;

const stringWalk = (schema: z.core.$ZodType, {checks = [], ...def}: z.core.$ZodStringDef): Walk => {
	const hasNoFormat = (def as Partial<z.core.$ZodStringFormatDef>).format === undefined;
	const limits = checks.map(check => (check as unknown as z.core.$ZodChecks)._zod.def);
	if (hasNoFormat && limits.length === 0) {
		return endOfText;
	}

	if (hasNoFormat && limits.every(limit => limit.check === 'min_length' && limit.minimum === 1)) {
		return (bytes, place) => bytes[place + 1] === quote ? -1 : endOfText(bytes, place);
	}

	const isRight = shapeCheck(schema);
	return (bytes, place) => {
		const end = endOfText(bytes, place);
		const text = bytes.toString('latin1', place + 1, end - 1);
		return end !== -1 && plainText.test(text) && !text.includes('\\') && isRight(text) ? end : -1;
	};
};

// All whole numbers of so many digits are exact.
const mostDigits = 15;
const numberToken = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+\-]?\d+)?(?=[,\]\}])/iv;
const mostNumberBytes = 40;

const numberWalk = (isRight: (value: unknown) => boolean): Walk => (bytes, place) => {
	let value = 0;
	let at = place;
	for (; bytes[at]! >= zero && bytes[at]! <= nine; at++) {
		value = (value * 10) + bytes[at]! - zero;
	}

	const isEnd = bytes[at] === comma || bytes[at] === close || bytes[at] === closeList; // eslint-disable-line unicorn/prefer-includes-over-repeated-comparisons -- a list would be made for each number
	const isSimple = isEnd && at > place && at - place <= mostDigits && (bytes[place] !== zero || at === place + 1);
	if (isSimple) {
		return isRight(value) ? at : -1;
	}

	if (at === place ? bytes[at] !== minus : bytes[at] !== point) {
		return -1;
	}

	const token = numberToken.exec(bytes.toString('latin1', place, place + mostNumberBytes))?.[0];
	return token !== undefined && isRight(Number(token)) ? place + token.length : -1;
};

const hasAt = (bytes: LineBytes, place: number, wanted: Uint8Array): boolean => {
	// They all begin alike, so the second byte tells most.
	for (let index = 1; index < wanted.length; index++) {
		if (bytes[place + index] !== wanted[index]) {
			return false;
		}
	}

	return bytes[place] === wanted[0];
};

const wordsWalk = (words: readonly string[]): Walk => {
	const wanted = words.map(word => Buffer.from(word));
	return (bytes, place) => {
		for (const word of wanted) {
			if (hasAt(bytes, place, word)) {
				return place + word.length;
			}
		}

		return -1;
	};
};

const arrayWalk = (element: Walk): Walk => (bytes, place) => {
	if (bytes[place] !== openList) {
		return -1;
	}

	if (bytes[place + 1] === closeList) {
		return place + 2;
	}

	let at = place;
	do {
		at = element(bytes, at + 1);
	} while (at !== -1 && bytes[at] === comma);

	return at !== -1 && bytes[at] === closeList ? at + 1 : -1;
};

type ObjectField = {name: string; walk: Walk; isOptional: boolean};

const objectWalk = (fields: readonly ObjectField[]): Walk => {
	const keyed = fields.map(({name, ...field}) => ({...field, key: Buffer.from(`${JSON.stringify(name)}:`)}));
	return (bytes, place) => {
		if (bytes[place] !== open) {
			return -1;
		}

		// Where the next key begins, if there is one.
		let next = place + 1;
		let end = next;
		for (const {key, walk, isOptional} of keyed) {
			if (next !== -1 && hasAt(bytes, next, key)) {
				end = walk(bytes, next + key.length);
				if (end === -1) {
					return -1;
				}

				next = bytes[end] === comma ? end + 1 : -1;
			} else if (!isOptional) {
				return -1;
			}
		}

		// What is left over is a key that is not known here or not in its place.
		return bytes[end] === close && (next === -1 || end === place + 1) ? end + 1 : -1;
	};
};
