import {htmlAnswer, type DemoAnswer} from '../answer.js';
import {drawArtwork, imageSizes, isImageElement} from '../artwork-image.js';
import type {DemoLibrary} from '../library/library.js';
import type {DemoRoute} from './context.js';

const imageAnswer = (body: Uint8Array): DemoAnswer => ({
	status: 200, contentType: 'image/png', headers: {'Cache-Control': 'max-age=31536000'}, body,
});

/**
`/library/metadata/{key}/{element}/{stamp}`: any stamp works, since it only serves caches ([OFF]).
*/
export const images: DemoRoute = ({path}, {library}) => drawn(path, library, undefined);

/**
The same picture at the requested size.
*/
export const scaledImages: DemoRoute = ({path, query}, {library}) => {
	if (path !== '/photo/:/transcode') {
		return undefined;
	}

	const [width, height] = [query.get('width'), query.get('height')].map(Number) as [number, number];
	const isSize = (length: number) => Number.isSafeInteger(length) && length > 0 && length <= 2000;
	return !isSize(width) || !isSize(height) ? htmlAnswer(400) : drawn(query.get('url') ?? '', library, {width, height}) ?? htmlAnswer(404);
};

const drawn = (path: string, library: DemoLibrary, box: {width: number; height: number} | undefined): DemoAnswer | undefined => {
	const {key, element} = /^\/library\/metadata\/(?<key>\d+)\/(?<element>[A-Za-z]+)\/\d+$/v.exec(path)?.groups ?? {};
	if (key === undefined || element === undefined || !isImageElement(element) || library.row(key) === undefined) {
		return undefined;
	}

	if (box === undefined) {
		return imageAnswer(drawArtwork(Number(key), element));
	}

	// The picture keeps its proportions and fits into the box.
	const [width, height] = imageSizes[element];
	const scale = Math.min(box.width / width, box.height / height);
	const scaled = (length: number) => Math.max(1, Math.round(length * scale));
	return imageAnswer(drawArtwork(Number(key), element, [scaled(width), scaled(height)]));
};
