import {Buffer} from 'node:buffer';
import type {Dice} from '../../source/demo/library/dice.js';

type Bytes = ReturnType<typeof Buffer.from>;

const linesOf = (bytes: Bytes): Bytes[] => {
	const lines: Bytes[] = [];
	for (let start = 0; start < bytes.length;) {
		const end = bytes.indexOf(10, start);
		const next = end === -1 ? bytes.length : end + 1;
		lines.push(bytes.subarray(start, next));
		start = next;
	}

	return lines;
};

const flip = (bytes: Bytes, dice: Dice): Bytes => {
	const flipped = Buffer.from(bytes);
	for (let left = dice.integer(1, 3); left > 0; left--) {
		// What a file says of itself stands in its first and its last line, which are a small part of it.
		const part = dice.pick([[0, 200], [-80, flipped.length], [0, flipped.length], [0, flipped.length]] as const);
		const at = dice.integer(Math.max(0, part[0] + (part[0] < 0 ? flipped.length : 0)), Math.min(part[1], flipped.length) - 1);
		flipped[at]! ^= 2 ** dice.integer(0, 7); // eslint-disable-line no-bitwise -- this is about bits
	}

	return flipped;
};

const range = (bytes: Bytes, dice: Dice): [number, number] => {
	const start = dice.integer(0, bytes.length - 1);
	return [start, Math.min(bytes.length, start + dice.pick([1, 16, 512, 4096]))];
};

/**
What disks, memory and editors do to files.
*/
const kinds: Record<string, (bytes: Bytes, dice: Dice) => Bytes> = {
	'flipped bits': flip,
	cut: (bytes, dice) => bytes.subarray(0, dice.integer(0, bytes.length - 1)),
	'cut after a line': (bytes, dice) => Buffer.concat(linesOf(bytes).slice(0, dice.integer(0, linesOf(bytes).length - 1))),
	'a dropped block'(bytes, dice) {
		const [start, end] = range(bytes, dice);
		return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
	},
	'a block of zeros': (bytes, dice) => Buffer.from(bytes).fill(0, ...range(bytes, dice)),
	'a doubled line'(bytes, dice) {
		const lines = linesOf(bytes);
		const at = dice.integer(0, lines.length - 1);
		return Buffer.concat(lines.toSpliced(at, 0, lines[at]!));
	},
	'a dropped line'(bytes, dice) {
		const lines = linesOf(bytes);
		return Buffer.concat(lines.toSpliced(dice.integer(0, lines.length - 1), 1));
	},
	'swapped lines'(bytes, dice) {
		const lines = linesOf(bytes);
		const [one, other] = [dice.integer(0, lines.length - 1), dice.integer(0, lines.length - 1)];
		return Buffer.concat(lines.with(one, lines[other]!).with(other, lines[one]!));
	},
};

/**
The bytes with one random damage, and its name. They always differ from the given ones.
*/
export const damage = (bytes: Bytes, dice: Dice): {bytes: Bytes; kind: string} => {
	for (;;) {
		const kind = dice.pick(Object.keys(kinds));
		const damaged = kinds[kind]!(bytes, dice);
		if (!damaged.equals(bytes)) {
			return {bytes: damaged, kind};
		}
	}
};
