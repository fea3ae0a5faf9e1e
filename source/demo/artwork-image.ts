import {createDice} from './library/dice.js';
import {encodePng, type Rgb} from './png.js';

export const imageSizes = {
	thumb: [120, 180],
	squareArt: [150, 150],
	poster: [120, 180],
	art: [192, 108],
	banner: [250, 46],
	clearLogo: [120, 40],
} as const;

export type ImageElement = keyof typeof imageSizes;

export const isImageElement = (element: string): element is ImageElement => Object.hasOwn(imageSizes, element);

/**
A picture that differs from item to item: two colours that run into each other, a disc and a horizon.
*/
export const drawArtwork = (ratingKey: number, element: ImageElement, [width, height]: readonly [number, number] = imageSizes[element]): Uint8Array => {
	const dice = createDice(ratingKey, element.length, 19);
	const someColor = (least: number, most: number): Rgb => [dice.integer(least, most), dice.integer(least, most), dice.integer(least, most)];
	const top = someColor(10, 120);
	const bottom = someColor(40, 200);
	const disc = someColor(150, 255);
	const ground = someColor(0, 60);
	const centerX = (width * dice.integer(25, 75)) / 100;
	const centerY = (height * dice.integer(20, 55)) / 100;
	const radius = (Math.min(width, height) * dice.integer(12, 28)) / 100;
	const horizon = (height * dice.integer(65, 85)) / 100;
	const slope = dice.integer(-20, 20) / 100;
	return encodePng(width, height, (x, y) => {
		if (y > horizon + ((x - (width / 2)) * slope)) {
			return ground;
		}

		if (((x - centerX) ** 2) + ((y - centerY) ** 2) < radius ** 2) {
			return disc;
		}

		const share = y / height;
		return [mix(top[0], bottom[0], share), mix(top[1], bottom[1], share), mix(top[2], bottom[2], share)];
	});
};

const mix = (from: number, to: number, share: number) => Math.round(from + ((to - from) * share));
