import {Buffer} from 'node:buffer';
import type {LineBytes} from './line-bytes.js';

const slabBytes = 2 ** 22;

/**
Lines as UTF-8 in big blocks outside V8's heap, where the garbage collector has nothing to do: half a million records as strings would cost twice the memory and long pauses.

A place is the number of the slab times its size, plus the offset in it. Bytes are never changed once written, so a view stays true.
*/
type LineArena = {
	add: (line: Uint8Array) => number;
	view: (place: number, length: number) => LineBytes;
	/**
	Returns the number of a slab that is now less than half used, to be moved by the owner and dropped.
	*/
	free: (place: number, length: number) => number | undefined;
	drop: (slab: number) => void;
	usedBytes: () => number;
};

export const slabOf = (place: number) => Math.floor(place / slabBytes);

export const createLineArena = (): LineArena => {
	const slabs: Array<LineBytes | undefined> = [];
	const live: number[] = [];
	let current = -1;
	let end = 0;
	let used = 0;

	const newSlab = (size: number) => {
		live.push(0);
		slabs.push(Buffer.allocUnsafeSlow(size));
		return slabs.length - 1;
	};

	const reserve = (length: number): number => {
		// A line of its own size keeps the rest of the current slab usable.
		if (length > slabBytes / 4) {
			return newSlab(length) * slabBytes;
		}

		if (current === -1 || end + length > slabs[current]!.length) {
			if (live[current] === 0) {
				slabs[current] = undefined;
			}

			// A small catalogue needs no big block.
			current = newSlab(Math.min(slabBytes, Math.max(2 ** 16, length, used)));
			end = 0;
		}

		const place = (current * slabBytes) + end;
		end += length;
		return place;
	};

	return {
		add(line) {
			const place = reserve(line.length);
			const slab = slabOf(place);
			slabs[slab]!.set(line, place % slabBytes);
			live[slab]! += line.length;
			used += line.length;
			return place;
		},
		view(place, length) {
			const offset = place % slabBytes;
			return slabs[slabOf(place)]!.subarray(offset, offset + length);
		},
		free(place, length) {
			const slab = slabOf(place);
			live[slab]! -= length;
			used -= length;
			return slab !== current && live[slab]! < slabs[slab]!.length / 2 ? slab : undefined;
		},
		drop(slab) {
			slabs[slab] = undefined;
		},
		usedBytes: () => used,
	};
};
