import {
	pictureOfBlocks,
	pictureOfPixels,
	pictureOfPng,
	type EncoderInput,
} from '../ui/graphics/encoders.js';
import type {Picture, PixelSize} from '../ui/graphics/picture.js';

/**
More pixels than any server should send at the size of a terminal. A small file may claim to have billions.
*/
const maxPixels = 24_000_000;

const maxSeconds = 5;

/**
Decodes a picture, and makes of it what this terminal shows. Undefined if it cannot be decoded, is cut short, or has too many pixels.
*/
export const decodePicture = async (bytes: Uint8Array, {width, height}: PixelSize, input: EncoderInput): Promise<Picture | undefined> => {
	try {
		const {default: sharp} = await import('sharp');
		const image = sharp(bytes, {limitInputPixels: maxPixels, failOn: 'error', pages: 1})
			.timeout({seconds: maxSeconds})
			.rotate()
			.resize(width, height, {fit: 'cover'})
			.flatten({background: '#000000'})
			.toColourspace('srgb');
		const {kind} = input.mode;
		if (kind !== 'blocks' && kind !== 'sixel') {
			return pictureOfPng(await image.png({compressionLevel: 6}).toBuffer(), input);
		}

		const data = new Uint8Array(await image.ensureAlpha().raw().toBuffer());
		if (kind === 'blocks') {
			return pictureOfBlocks({width, height, data}, input);
		}

		// A module of the older kind: the bundle finds no names in it.
		const {default: sixel} = await import('sixel/lib/SixelEncoder.js');
		return pictureOfPixels({width, height, data}, input, sixel.image2sixel);
	} catch {
		// Whatever is wrong with a picture, or with the package that decodes it, the app goes on without.
		return undefined;
	}
};
