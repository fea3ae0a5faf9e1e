import type {Picture} from '../graphics/picture.js';
import {findPictures, hasPlaceholders, type PicturePlace} from '../graphics/placeholders.js';
import {goTo} from './line-text.js';
import {
	linesUpdate,
	pictureRowUpdate,
	screenPaint,
	withoutWrap,
	type PaintedScreen,
} from './screen-update.js';

export type PictureBook = (id: number) => Picture | undefined;

type PlacedPicture = PicturePlace & {picture: Picture};

/**
A frame without the pictures that lie over it.
*/
export type LayeredFrame = {
	lines: readonly string[];
	places: readonly PlacedPicture[];
	/**
	Pictures that the terminal must have before it shows the frame.
	*/
	sent: readonly Picture[];
};

const none: LayeredFrame = {lines: [], places: [], sent: []};

/**
Separates a frame from the pictures in it. Placeholders stay in the lines only where the terminal itself replaces them.
*/
export const layeredFrame = (frame: readonly string[], book: PictureBook): LayeredFrame => {
	if (frame.every(line => !hasPlaceholders(line))) {
		return {...none, lines: frame};
	}

	const {lines, places, ids} = findPictures(frame, book);
	const sent = [...ids].map(id => book(id)).filter(picture => picture?.send !== undefined) as Picture[];
	const layered = places.map(place => ({...place, picture: book(place.id)!}));
	return sent.some(({draw}) => draw === undefined) ? {lines: frame, places: [], sent} : {lines, places: layered, sent};
};

export const hasPictures = ({places, sent}: LayeredFrame): boolean => places.length > 0 || sent.length > 0;

const isSamePlace = (one: PicturePlace, other: PicturePlace) => one.id === other.id && one.row === other.row && one.column === other.column;

const drawn = (places: readonly PlacedPicture[]) =>
	places.map(({picture: {draw = ''}, row, column}) => goTo(row + 1, column + 1) + draw).join('');

export const erased = (frame: Pick<LayeredFrame, 'places'> | undefined): string => (frame?.places ?? []).map(({picture: {erase = ''}}) => erase).join('');

/**
What turns one screen into another, in this order.
*/
export type PictureUpdate = {erase: string; text: string; draw: string};

/**
The output for a screen of which nothing is known but the pictures that were on it.
*/
export const picturePaint = (previous: LayeredFrame | undefined, {places, lines}: LayeredFrame, screen: PaintedScreen): PictureUpdate => ({
	erase: erased(previous), text: screenPaint(lines, screen), draw: drawn(places),
});

/**
The output that turns one frame with pictures into another. No rows are moved, because terminals disagree about the pictures on them. A picture that stays is not drawn again: the text beside it is written around it.
*/
export const pictureUpdate = (previous: LayeredFrame, next: LayeredFrame, screen: PaintedScreen): PictureUpdate => {
	const gone = previous.places.filter(place => next.places.every(other => !isSamePlace(place, other)));
	const fresh = next.places.filter(place => previous.places.every(other => !isSamePlace(place, other)));
	const kept = next.places.filter(place => !fresh.includes(place));
	// Where a picture was, every cell is written: that takes a picture off the screen that no command removes.
	const rowsToWrite = new Set(gone.flatMap(({row, rows}) => Array.from({length: rows}, (_, offset) => row + offset)));
	const rowUpdate = (line: string, row: number) => {
		const around = kept.filter(place => row >= place.row && row < place.row + place.rows);
		const before = rowsToWrite.has(row) ? undefined : previous.lines[row];
		if (line === before) {
			return '';
		}

		return before === undefined || around.length > 0
			? pictureRowUpdate(row + 1, {previous: before, next: line, around}, screen)
			: linesUpdate([before], [line], screen, row);
	};

	const text = previous.places.length + next.places.length === 0
		? linesUpdate(previous.lines, next.lines, screen)
		: next.lines.map((line, row) => rowUpdate(line, row)).join('');
	return {erase: erased({places: gone}), text: text === '' ? '' : withoutWrap(text), draw: drawn(fresh)};
};

/**
Remembers which pictures the terminal has, and sends and removes them.
*/
export const createSentPictures = (book: PictureBook): {before: (frame: LayeredFrame) => string; removeAll: () => string} => {
	const sent = new Map<number, Picture>();
	return {
		before({sent: wanted}) {
			const lost = sent.entries().filter(([id]) => book(id) === undefined).toArray();
			const missing = wanted.filter(({id}) => !sent.has(id));
			for (const [id] of lost) {
				sent.delete(id);
			}

			for (const picture of missing) {
				sent.set(picture.id, picture);
			}

			return lost.map(([, {forget = ''}]) => forget).join('') + missing.map(({send = ''}) => send).join('');
		},
		removeAll() {
			const forgotten = sent.values().map(({forget = ''}) => forget).toArray().join('');
			sent.clear();
			return forgotten;
		},
	};
};
