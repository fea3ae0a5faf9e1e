import {Buffer} from 'node:buffer';
import {crc32, deflateSync} from 'node:zlib';
import {htmlAnswer, type DemoAnswer} from '../answer.js';
import {createDice, hashText} from '../library/dice.js';
import type {DemoLibrary} from '../library/library.js';
import type {DemoRoute} from './context.js';

const imageAnswer = (body: Uint8Array): DemoAnswer => ({
	status: 200, contentType: 'image/png', headers: {'Cache-Control': 'max-age=31536000'}, body,
});

/**
`/library/metadata/{key}/{element}/{stamp}`: any stamp works, since it only serves caches ([OFF]). Collections, playlists, libraries and their kinds have pictures of their own.
*/
export const images: DemoRoute = ({path}, {library}) => drawn(path, library, undefined);

type Box = {width: number; height: number; covers: boolean; enlarges: boolean};

/**
The same picture at the requested size.
*/
export const scaledImages: DemoRoute = ({path, query}, {library}) => {
	if (path !== '/photo/:/transcode') {
		return undefined;
	}

	const [width, height] = [query.get('width'), query.get('height')].map(Number) as [number, number];
	const isSize = (length: number) => Number.isSafeInteger(length) && length > 0 && length <= 2000;
	return !isSize(width) || !isSize(height)
		? htmlAnswer(400)
		: drawn(ownPath(query.get('url') ?? ''), library, {
			width, height, covers: query.get('minSize') === '1', enlarges: query.get('upscale') !== '0',
		}) ?? htmlAnswer(404);
};

/**
Clients name a picture by its path or by its address on the server itself, and the path may have a query ([TAU]).
*/
const ownPath = (url: string): string => {
	const {hostname, pathname} = URL.parse(url, 'http://127.0.0.1') ?? {};
	return hostname === '127.0.0.1' || hostname === 'localhost' ? pathname! : '';
};

/**
The key that a picture is drawn by.
*/
const pictured = (path: string, library: DemoLibrary): {key: string; element: ImageElement} | undefined => {
	const {type, fanart} = /^\/:\/resources\/(?<type>movie|show|artist|photo)(?<fanart>-fanart)?\.(?:png|jpg)$/v.exec(path)?.groups ?? {};
	if (type !== undefined) {
		return {key: String(hashText(type)), element: fanart === undefined ? 'thumb' : 'art'};
	}

	const {kind, key = '', element = ''} = /^\/(?<kind>library\/metadata|library\/collections|library\/sections|playlists)\/(?<key>\d+)\/(?<element>[A-Za-z]+)\/\d+$/v.exec(path)?.groups ?? {};
	if (!isImageElement(element)) {
		return undefined;
	}

	const isThere = kind === 'playlists'
		? library.playlists.row(key) !== undefined
		: (kind === 'library/sections' ? library.sections().some(section => section.key === key) : library.row(key) !== undefined || library.collections.row(key) !== undefined);
	return isThere ? {key, element} : undefined;
};

const drawn = (path: string, library: DemoLibrary, box: Box | undefined): DemoAnswer | undefined => {
	const picture = pictured(path, library);
	if (picture === undefined) {
		return undefined;
	}

	const {key, element} = picture;

	if (box === undefined) {
		return imageAnswer(drawArtwork(Number(key), element));
	}

	// The picture keeps its proportions. It fits into the box, or covers it.
	const [width, height] = imageSizes[element];
	const fitting = (box.covers ? Math.max : Math.min)(box.width / width, box.height / height);
	const scale = box.enlarges ? fitting : Math.min(1, fitting);
	const scaled = (length: number) => Math.max(1, Math.round(length * scale));
	return imageAnswer(drawArtwork(Number(key), element, [scaled(width), scaled(height)]));
};

const imageSizes = {
	thumb: [120, 180],
	squareArt: [150, 150],
	poster: [120, 180],
	composite: [120, 180],
	art: [192, 108],
	banner: [250, 46],
	clearLogo: [120, 40],
} as const;

type ImageElement = keyof typeof imageSizes;

const isImageElement = (element: string): element is ImageElement => Object.hasOwn(imageSizes, element);

/**
Draws a picture that differs from item to item: a gradient of two colours, a disc and a horizon.
*/
const drawArtwork = (ratingKey: number, element: ImageElement, [width, height]: readonly [number, number] = imageSizes[element]): Uint8Array => {
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

type Rgb = readonly [red: number, green: number, blue: number];

/**
Encodes an image without transparency. `colorAt` gets pixel positions from the top left.
*/
const encodePng = (width: number, height: number, colorAt: (x: number, y: number) => Rgb): Uint8Array => {
	const stride = 1 + (width * 3);
	const pixels = new Uint8Array(stride * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			// The first byte of each line means that the line is not filtered.
			pixels.set(colorAt(x, y), (y * stride) + 1 + (x * 3));
		}
	}

	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// 8 bits per channel, colour type 2: red, green, blue.
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
