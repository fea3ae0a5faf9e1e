import {Buffer} from 'node:buffer';
import type {image2sixel} from 'sixel/lib/SixelEncoder.js';
import type {Bitmap} from './bitmap.js';
import {halfBlocks} from './half-blocks.js';
import type {CellBox, Picture} from './picture.js';
import type {PictureMode} from './picture-kind.js';
import {placeholderLines} from './placeholders.js';

const escape = '\u{1B}';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const chunkLength = 4096;

/**
One or more commands of the kitty protocol. `q=2` asks for silence, since an answer would be read as keys.
*/
const kittyCommand = (control: string, payload = ''): string => {
	const chunks = payload.match(new RegExp(`.{1,${chunkLength}}`, 'gv')) ?? [''];
	return chunks.map((chunk, index) => {
		const more = index < chunks.length - 1 ? 1 : 0;
		return `${escape}_G${index === 0 ? `${control},q=2,` : ''}m=${more};${chunk}${escape}\\`;
	}).join('');
};

/**
For a terminal that replaces placeholders by the picture. An upper-case `d=I` removes the data as well.
*/
const kittyPicture = (id: number, {columns, rows}: CellBox, png: Uint8Array) => ({
	send: kittyCommand(`a=T,U=1,f=100,t=d,i=${id},c=${columns},r=${rows}`, base64(png)),
	forget: kittyCommand(`a=d,d=I,i=${id}`),
});

/**
The data goes over once, and each place is a short command. `C=1` leaves the cursor where it is.
*/
const kittyPlaced = (id: number, {columns, rows}: CellBox, png: Uint8Array) => ({
	send: kittyCommand(`a=t,f=100,t=d,i=${id}`, base64(png)),
	forget: kittyCommand(`a=d,d=I,i=${id}`),
	draw: kittyCommand(`a=p,i=${id},p=1,c=${columns},r=${rows},C=1`),
	erase: kittyCommand(`a=d,d=i,i=${id}`),
});

const itermPicture = ({columns, rows}: CellBox, png: Uint8Array) =>
	`${escape}]1337;File=inline=1;size=${png.byteLength};width=${columns};height=${rows};preserveAspectRatio=0;doNotMoveCursor=1:${base64(png)}\u{7}`;

export type EncoderInput = {id: number; box: CellBox; mode: PictureMode};

/**
Makes what this terminal shows of a picture in the PNG format.
*/
export const pictureOfPng = (png: Uint8Array, {id, box, mode: {kind}}: EncoderInput): Picture => ({
	id,
	...box,
	lines: placeholderLines(id, box),
	...kind === 'kitty' && kittyPicture(id, box, png),
	...kind === 'kitty-placed' && kittyPlaced(id, box, png),
	...kind === 'iterm2' && {draw: itermPicture(box, png)},
});

/**
More colours than these take longer than the eye is worth: 64 took 21 ms for 300 by 450 pixels, 256 took 48 ms.
*/
const sixelColors = 64;

/**
Makes half-blocks of a picture with as many pixels as there are half-blocks.
*/
export const pictureOfBlocks = (bitmap: Bitmap, {id, box, mode: {depth}}: EncoderInput): Picture => ({id, ...box, lines: halfBlocks(bitmap, depth)});

export const pictureOfPixels = ({data, width, height}: Bitmap, {id, box}: EncoderInput, toSixel: typeof image2sixel): Picture => ({
	id, ...box, lines: placeholderLines(id, box), draw: toSixel(data, width, height, sixelColors, 1),
});
