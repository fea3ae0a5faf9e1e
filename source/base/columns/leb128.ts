/**
Whole numbers from 0 on in as few bytes as each takes: seven bits a byte, the lowest first, and a high bit where another byte follows (LEB128).
*/
const bitsPerByte = 7;
const lowBits = 0x7F;
const moreBit = 0x80;

export const sizeOfLeb128 = (value: number): number => value <= lowBits ? 1 : Math.ceil((32 - Math.clz32(value)) / bitsPerByte);

/**
Returns the place behind the number.
*/
export const writeLeb128 = (bytes: Uint8Array | number[], place: number, value: number): number => {
	let rest = value;
	while (rest > lowBits) {
		bytes[place++] = (rest % moreBit) + moreBit;
		rest = Math.floor(rest / moreBit);
	}

	bytes[place++] = rest;
	return place;
};

export type ByteCursor = {bytes: Uint8Array; place: number};

/**
Reads the number at the place of the cursor, and moves it behind that.
*/
export const readLeb128 = (cursor: ByteCursor): number => {
	const {bytes} = cursor;
	let byte = bytes[cursor.place++]!;
	if (byte <= lowBits) {
		return byte;
	}

	let value = byte % moreBit;
	for (let factor = moreBit; byte > lowBits; factor *= moreBit) {
		byte = bytes[cursor.place++]!;
		value += (byte % moreBit) * factor;
	}

	return value;
};
