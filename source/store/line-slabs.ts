import {Buffer} from 'node:buffer';
import type {LineBytes} from './line-reader.js';

const slabBytes = 2 ** 22;

const slabOf = (place: number) => Math.floor(place / slabBytes);

/**
Lines in big blocks (slabs) outside V8's heap: hundreds of thousands of strings would cost twice the memory and long pauses for garbage collection. Bytes are never changed once written, so a view stays valid. A place is the number of the slab times its size, plus the offset in it.
*/
export const createLineSlabs = () => {
	const slabs: Array<LineBytes | undefined> = [];
	const liveBytes: number[] = [];
	let current = -1;
	let currentEnd = 0;
	let used = 0;

	const newSlab = (size: number) => {
		liveBytes.push(0);
		slabs.push(Buffer.allocUnsafeSlow(size));
		return slabs.length - 1;
	};

	const reserve = (length: number): number => {
		// A slab of its own for a long line keeps the rest of the current slab usable.
		if (length > slabBytes / 4) {
			return newSlab(length) * slabBytes;
		}

		if (current === -1 || currentEnd + length > slabs[current]!.length) {
			if (liveBytes[current] === 0) {
				slabs[current] = undefined;
			}

			// A small catalogue needs no big slab.
			current = newSlab(Math.min(slabBytes, Math.max(2 ** 16, length, used)));
			currentEnd = 0;
		}

		const place = (current * slabBytes) + currentEnd;
		currentEnd += length;
		return place;
	};

	const add = (line: Uint8Array): number => {
		const place = reserve(line.length);
		const slab = slabOf(place);
		slabs[slab]!.set(line, place % slabBytes);
		liveBytes[slab]! += line.length;
		used += line.length;
		return place;
	};

	const view = (place: number, length: number): LineBytes => {
		const offset = place % slabBytes;
		return slabs[slabOf(place)]!.subarray(offset, offset + length);
	};

	return {
		add,
		view,
		/**
		Call it when a line is not needed any more. If it returns something, the slab is left: the caller moves each line that it has there and takes the new place.
		*/
		release(place: number, length: number) {
			const slab = slabOf(place);
			liveBytes[slab]! -= length;
			used -= length;
			if (slab === current || liveBytes[slab]! >= slabs[slab]!.length / 2) {
				return undefined;
			}

			const bytes = slabs[slab]!;
			slabs[slab] = undefined;
			return {
				has: (held: number) => slabOf(held) === slab,
				move(held: number, heldLength: number): number {
					const offset = held % slabBytes;
					used -= heldLength;
					return add(bytes.subarray(offset, offset + heldLength));
				},
			};
		},
		usedBytes: () => used,
	};
};
