import {Buffer} from 'node:buffer';
import {crc32, deflateSync} from 'node:zlib';

export type Rgb = readonly [red: number, green: number, blue: number];

/**
An image without transparency; `colorAt` gets pixel positions from the top left.
*/
export const encodePng = (width: number, height: number, colorAt: (x: number, y: number) => Rgb): Uint8Array => {
	const stride = 1 + (width * 3);
	const pixels = new Uint8Array(stride * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			// The first byte of a line says that it is not filtered.
			pixels.set(colorAt(x, y), (y * stride) + 1 + (x * 3));
		}
	}

	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// 8 bits a channel, colour type 2: red, green, blue.
	header.set([8, 2], 8);
	return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', new Uint8Array())]);
};

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

const chunk = (type: string, data: Uint8Array): Uint8Array => {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, check]);
};
