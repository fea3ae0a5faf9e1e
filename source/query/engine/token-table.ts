import {Buffer} from 'node:buffer';
import {withRoom} from '../../base/columns/cells.js';
import type {Slices} from '../slices.js';
import {hashBytes} from '../../base/columns/text-pool.js';

type Bytes = ReturnType<typeof Buffer.from>;

const lineEnd = 10;
const codesPerCheck = 512;

/**
Different texts, each with a number, its code, in one block in the order of their codes, so that all that contain a text are found at once.
*/
export const createTokenTable = () => {
	let bytes: Bytes = Buffer.alloc(1024);
	let starts = new Uint32Array(0);
	let end = 0;
	let count = 0;
	let slots = new Int32Array(1024);

	const endOf = (code: number) => (code + 1 < count ? starts[code + 1]! : end) - 1;

	const isEqual = (code: number, text: Bytes, start: number, length: number): boolean => {
		const own = starts[code]!;
		if (endOf(code) - own !== length) {
			return false;
		}

		for (let index = 0; index < length; index++) {
			if (bytes[own + index] !== text[start + index]) {
				return false;
			}
		}

		return true;
	};

	// The slot that has the text, or the one for it.
	const slotOf = (text: Bytes, start: number, stop: number): number => {
		let place = hashBytes(text, start, stop) % slots.length;
		while (slots[place] !== 0 && !isEqual(slots[place]! - 1, text, start, stop - start)) {
			place = place + 1 === slots.length ? 0 : place + 1;
		}

		return place;
	};

	const grow = () => {
		slots = new Int32Array(slots.length * 2);
		for (let code = 0; code < count; code++) {
			slots[slotOf(bytes, starts[code]!, endOf(code))] = code + 1;
		}
	};

	return {
		count: () => count,
		byteLength: () => bytes.byteLength + starts.byteLength + slots.byteLength,
		/**
		The code of a text of bytes, if it has one.
		*/
		codeOf(text: Bytes, start: number, stop: number): number | undefined {
			const slot = slots[slotOf(text, start, stop)]!;
			return slot === 0 ? undefined : slot - 1;
		},
		add(text: Bytes, start: number, stop: number) {
			const place = slotOf(text, start, stop);
			if (slots[place] !== 0) {
				return;
			}

			const size = end + stop - start + 1;
			if (size > bytes.length) {
				const bigger = Buffer.allocUnsafeSlow(size * 2);
				bytes.copy(bigger, 0, 0, end);
				bytes = bigger;
			}

			starts = withRoom(starts, count + 1);
			starts[count] = end;
			text.copy(bytes, end, start, stop);
			bytes[size - 1] = lineEnd;
			end = size;
			count++;
			slots[place] = count;
			if (count * 2 > slots.length) {
				grow();
			}
		},
		/**
		The codes of all texts that contain this one, which has no line end. Nothing may be added meanwhile.
		*/
		async codesWith(part: Bytes, slices: Slices): Promise<number[]> {
			const codes: number[] = [];
			for (let position = bytes.indexOf(part); position !== -1 && position < end;) {
				const code = codeAt(starts, position, codes.at(-1) ?? 0, count);
				codes.push(code);
				if (codes.length % codesPerCheck === 0 && slices.isOver()) {
					await slices.pause();
				}

				position = bytes.indexOf(part, endOf(code) + 1);
			}

			return codes;
		},
		/**
		Whether a text has a character that is not of ASCII.
		*/
		isWide: (code: number) => bytes.subarray(starts[code], endOf(code)).some(byte => byte > 0x7F),
	};
};

export type TokenTable = ReturnType<typeof createTokenTable>;

const codeAt = (starts: Uint32Array, position: number, low: number, count: number): number => {
	let high = count - 1;
	while (low < high) {
		const middle = (low + high + 1) >>> 1; // eslint-disable-line no-bitwise -- half of it
		if (starts[middle]! <= position) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}

	return low;
};
