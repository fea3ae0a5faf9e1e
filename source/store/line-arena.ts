import {Buffer} from 'node:buffer';
import type {LineBytes} from './line-reader.js';

const slabBytes = 2 ** 22;

const slabOf = (place: number) => Math.floor(place / slabBytes);

/**
Lines as UTF-8 by number, in big blocks (slabs) outside V8's heap, where the garbage collector has nothing to do: half a million records as strings would cost twice the memory and long pauses. Bytes are never changed once written, so a view stays valid.
*/
export const createLineArena = () => {
	// A place is the number of the slab times its size, plus the offset in the slab.
	let places = new Float64Array(1024);
	// 0 for a line that was removed.
	let lengths = new Uint32Array(1024);
	let end = 0;
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

	const view = (number: number): LineBytes => {
		const place = places[number]!;
		const offset = place % slabBytes;
		return slabs[slabOf(place)]!.subarray(offset, offset + lengths[number]!);
	};

	/**
	Give up the bytes of a line. If less than half of a slab is left, its lines move to another one.
	*/
	const release = (place: number, length: number) => {
		const slab = slabOf(place);
		liveBytes[slab]! -= length;
		used -= length;
		if (slab === current || liveBytes[slab]! >= slabs[slab]!.length / 2) {
			return;
		}

		for (let number = 0; number < end; number++) {
			if (lengths[number] === 0 || slabOf(places[number]!) !== slab) {
				continue;
			}

			places[number] = add(view(number));
			used -= lengths[number]!;
		}

		slabs[slab] = undefined;
	};

	return {
		/**
		Insert or replace. Numbers start at 0 and have no gaps. The line must not be empty.
		*/
		put(number: number, line: Uint8Array) {
			if (number === places.length) {
				const [oldPlaces, oldLengths] = [places, lengths];
				[places, lengths] = [new Float64Array(number * 2), new Uint32Array(number * 2)];
				places.set(oldPlaces);
				lengths.set(oldLengths);
			}

			const [oldPlace, oldLength] = [places[number]!, lengths[number]!];
			places[number] = add(line);
			lengths[number] = line.length;
			end = Math.max(end, number + 1);
			if (oldLength > 0) {
				release(oldPlace, oldLength);
			}
		},
		view,
		remove(number: number) {
			const [place, length] = [places[number]!, lengths[number]!];
			lengths[number] = 0;
			release(place, length);
		},
		usedBytes: () => used,
	};
};
