/* eslint-disable no-bitwise -- hashing is about bits */

/**
A 32-bit hash of numbers. Everything in the demo library is derived from it, so a row can be built on demand and is the same every time.
*/
const hashOf = (...values: number[]): number => {
	let state = 0x9E_37_79_B9;
	for (const value of values) {
		state = Math.imul(state ^ value, 0x85_EB_CA_6B);
		state ^= state >>> 13;
		state = Math.imul(state, 0xC2_B2_AE_35);
		state ^= state >>> 16;
	}

	return state >>> 0;
};

export const hashText = (text: string): number => {
	let state = 0x81_1C_9D_C5;
	for (const character of text) {
		state = Math.imul(state ^ character.codePointAt(0)!, 0x01_00_01_93);
	}

	return state >>> 0;
};

export const hexOf = (length: number, ...values: number[]): string => {
	let hex = '';
	for (let block = 0; hex.length < length; block++) {
		hex += hashOf(...values, block).toString(16).padStart(8, '0');
	}

	return hex.slice(0, length);
};

/**
A small random generator (mulberry32).
*/
export type Dice = {
	/**
	Both ends included.
	*/
	integer: (least: number, most: number) => number;
	pick: <T>(list: readonly T[]) => T;
	chance: (probability: number) => boolean;
};

export const createDice = (...seeds: number[]): Dice => {
	let state = hashOf(...seeds);
	const next = () => {
		state = (state + 0x6D_2B_79_F5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_00_00_00_00;
	};

	return {
		integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
		pick: list => list[Math.floor(next() * list.length)]!,
		chance: probability => next() < probability,
	};
};
