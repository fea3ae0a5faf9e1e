import {
	styledCharsFromTokens,
	styledCharsToString,
	tokenize,
	type StyledChar,
} from '@alcalzone/ansi-tokenize';
import type {CellBox} from './picture.js';

/**
The character that kitty replaces by a piece of a picture. Its colour is the number of the picture, and the marks on it are its row and column.
*/
const placeholder = '\u{10EEEE}';

/**
The marks for 0, 1, 2 and so on, as kitty counts them.
*/
const marks = '0305 030d 030e 0310 0312 033d 033e 033f 0346 034a 034b 034c 0350 0351 0352 0357 035b 0363 0364 0365 0366 0367 0368 0369 036a 036b 036c 036d 036e 036f 0483 0484 0485 0486 0487 0592 0593 0594 0595 0597 0598 0599 059c 059d 059e 059f 05a0 05a1 05a8 05a9 05ab 05ac 05af 05c4 0610 0611 0612 0613 0614 0615 0616 0617 0657 0658 0659 065a 065b 065d 065e 06d6 06d7 06d8 06d9 06da 06db 06dc 06df 06e0 06e1 06e2'
	.split(' ').map(code => String.fromCodePoint(Number.parseInt(code, 16)));

const numbers = new Map(marks.map((mark, number) => [mark, number]));

/**
No picture may have more rows or columns.
*/
export const mostCells = marks.length;

export const placeholderLines = (id: number, {columns, rows}: CellBox): string[] => {
	const color = [id >>> 16, (id >>> 8) & 255, id & 255].join(';'); // eslint-disable-line no-bitwise
	return Array.from({length: rows}, (_, row) =>
		`\u{1B}[38;2;${color}m${Array.from({length: columns}, (_cell, column) => placeholder + marks[row]! + marks[column]!).join('')}\u{1B}[39m`);
};

export const hasPlaceholders = (line: string): boolean => line.includes(placeholder);

/**
A place in a frame, counted from 0.
*/
export type PicturePlace = CellBox & {id: number; row: number; column: number};

const partOf = ({value, styles}: StyledChar) => {
	if (!value.startsWith(placeholder)) {
		return undefined;
	}

	const [, rowMark = '', columnMark = ''] = value.match(/[\s\S]/gv) ?? [];
	const color = styles.map(({code}) => /38;2;(?<red>\d+);(?<green>\d+);(?<blue>\d+)m/v.exec(code)?.groups).find(groups => groups !== undefined);
	const id = color === undefined ? 0 : (Number(color['red']) * 65_536) + (Number(color['green']) * 256) + Number(color['blue']);
	return {id, row: numbers.get(rowMark) ?? 0, column: numbers.get(columnMark) ?? 0};
};

const bare: StyledChar = {
	type: 'char', value: ' ', fullWidth: false, styles: [],
};

export type FoundPictures = {
	/**
	The frame with blanks in the place of the pictures.
	*/
	lines: string[];
	/**
	Only pictures that are there as a whole, since a part cannot be drawn.
	*/
	places: PicturePlace[];
	/**
	All that are there, also in parts.
	*/
	ids: ReadonlySet<number>;
};

/**
Finds the pictures in a frame. `boxOf` gives the size of a picture.
*/
export const findPictures = (frame: readonly string[], boxOf: (id: number) => CellBox | undefined): FoundPictures => {
	const found = new Map<string, {place: Omit<PicturePlace, 'columns' | 'rows'>; cells: number}>();
	const ids = new Set<number>();
	const lines = frame.map((line, row) => {
		if (!hasPlaceholders(line)) {
			return line;
		}

		let column = 0;
		const characters = styledCharsFromTokens(tokenize(line)).map(character => {
			const part = partOf(character);
			if (part !== undefined) {
				const place = {id: part.id, row: row - part.row, column: column - part.column};
				const key = `${place.id} ${place.row} ${place.column}`;
				found.set(key, {place, cells: (found.get(key)?.cells ?? 0) + 1});
				ids.add(part.id);
			}

			column += character.fullWidth ? 2 : 1;
			return part === undefined ? character : bare;
		});
		return styledCharsToString(characters);
	});
	const places = found.values().flatMap(({place, cells}) => {
		const box = boxOf(place.id);
		return box !== undefined && cells === box.columns * box.rows ? [{...place, columns: box.columns, rows: box.rows}] : [];
	}).toArray();
	return {lines, places, ids};
};
