/**
Characters that must join their neighbours, as filled SVG paths that reach the edges of their cell. Fonts do not promise that.
*/
type Cell = {x: number; y: number; width: number; height: number};

const number = (value: number) => String(Math.round(value * 100) / 100);

const box = (x: number, y: number, width: number, height: number) => `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`;

// Arms to the left, right, top and bottom: 0 none, 1 light, 2 heavy.
const arms = new Map<string, readonly [left: number, right: number, up: number, down: number]>([
	['─', [1, 1, 0, 0]],
	['│', [0, 0, 1, 1]],
	['┌', [0, 1, 0, 1]],
	['┐', [1, 0, 0, 1]],
	['└', [0, 1, 1, 0]],
	['┘', [1, 0, 1, 0]],
	['├', [0, 1, 1, 1]],
	['┤', [1, 0, 1, 1]],
	['┬', [1, 1, 0, 1]],
	['┴', [1, 1, 1, 0]],
	['┼', [1, 1, 1, 1]],
	['━', [2, 2, 0, 0]],
	['┃', [0, 0, 2, 2]],
	['┏', [0, 2, 0, 2]],
	['┓', [2, 0, 0, 2]],
	['┗', [0, 2, 2, 0]],
	['┛', [2, 0, 2, 0]],
	['┣', [0, 2, 2, 2]],
	['┫', [2, 0, 2, 2]],
	['┳', [2, 2, 0, 2]],
	['┻', [2, 2, 2, 0]],
	['╋', [2, 2, 2, 2]],
	['╭', [0, 1, 0, 1]],
	['╮', [1, 0, 0, 1]],
	['╰', [0, 1, 1, 0]],
	['╯', [1, 0, 1, 0]],
	['╴', [1, 0, 0, 0]],
	['╶', [0, 1, 0, 0]],
	['╵', [0, 0, 1, 0]],
	['╷', [0, 0, 0, 1]],
	['╸', [2, 0, 0, 0]],
	['╺', [0, 2, 0, 0]],
	['╹', [0, 0, 2, 0]],
	['╻', [0, 0, 0, 2]],
	['╼', [1, 2, 0, 0]],
	['╾', [2, 1, 0, 0]],
]);

/**
The directions in which a character of a border goes on; undefined for every other character.
*/
export const armsOf = (character: string): {left: boolean; right: boolean; up: boolean; down: boolean} | undefined => {
	const found = arms.get(character);
	if (found === undefined) {
		return undefined;
	}

	const [left, right, up, down] = found.map(weight => weight > 0) as [boolean, boolean, boolean, boolean];
	return {
		left, right, up, down,
	};
};

const line = ([left, right, up, down]: readonly number[], {x, y, width, height}: Cell): string => {
	const [middleX, middleY] = [x + (width / 2), y + (height / 2)];
	const horizontal = (weight: number, from: number, length: number) => weight === 0 ? '' : box(from, middleY - (weight / 2), length, weight);
	const vertical = (weight: number, from: number, length: number) => weight === 0 ? '' : box(middleX - (weight / 2), from, weight, length);
	// Both halves go a little beyond the middle, so that corners are closed.
	return horizontal(left!, x, (width / 2) + 0.5) + horizontal(right!, middleX - 0.5, (width / 2) + 0.5) + vertical(up!, y, (height / 2) + 0.5) + vertical(down!, middleY - 0.5, (height / 2) + 0.5);
};

/**
A rounded corner of two arms: a quarter of a ring, and straight ends.
*/
const corner = ([left, , up]: readonly number[], {x, y, width, height}: Cell): string => {
	const [middleX, middleY] = [x + (width / 2), y + (height / 2)];
	const radius = width / 2;
	const [endX, endY] = [left === 1 ? x : x + width, up === 1 ? y : y + height];
	const [toX, toY] = [Math.sign(endX - middleX), Math.sign(endY - middleY)];
	const bendY = middleY + (toY * radius);
	const outer = radius + 0.5;
	const inner = radius - 0.5;
	const sweep = toX * toY > 0 ? 1 : 0;
	const ring = `M${number(middleX - (toX * 0.5))} ${number(bendY)}A${outer} ${outer} 0 0 ${sweep} ${number(endX)} ${number(middleY - (toY * 0.5))}V${number(middleY + (toY * 0.5))}A${inner} ${inner} 0 0 ${1 - sweep} ${number(middleX + (toX * 0.5))} ${number(bendY)}z`;
	return ring + box(middleX - 0.5, Math.min(bendY, endY), 1, Math.abs(endY - bendY));
};

const shades = new Map([['░', 0.25], ['▒', 0.5], ['▓', 0.75]]);

/**
How much of the ink of a cell is seen: shaded cells are drawn full, and paler.
*/
export const inkShareOf = (character: string): number => shades.get(character) ?? 1;

// The quarters of a cell: upper left, upper right, lower left, lower right.
const quarters = new Map([
	['▘', [1, 0, 0, 0]],
	['▝', [0, 1, 0, 0]],
	['▖', [0, 0, 1, 0]],
	['▗', [0, 0, 0, 1]],
	['▚', [1, 0, 0, 1]],
	['▞', [0, 1, 1, 0]],
	['▛', [1, 1, 1, 0]],
	['▜', [1, 1, 0, 1]],
	['▙', [1, 0, 1, 1]],
	['▟', [0, 1, 1, 1]],
]);

const block = (character: string, {x, y, width, height}: Cell): string | undefined => {
	const code = character.codePointAt(0)!;
	if (character === '▀') {
		return box(x, y, width, height / 2);
	}

	if (character === '▐') {
		return box(x + (width / 2), y, width / 2, height);
	}

	if (character === '▔') {
		return box(x, y, width, height / 8);
	}

	if (character === '▕') {
		return box(x + (width * 7 / 8), y, width / 8, height);
	}

	// ▁ to █ grow from below, ▉ to ▏ shrink to the left.
	if (code >= 0x25_81 && code <= 0x25_88) {
		const part = height * (code - 0x25_80) / 8;
		return box(x, y + height - part, width, part);
	}

	if (code > 0x25_88 && code <= 0x25_8F) {
		return box(x, y, width * (0x25_90 - code) / 8, height);
	}

	return quarters.get(character)?.map((isSet, index) =>
		isSet === 1 ? box(x + ((index % 2) * width / 2), y + (Math.floor(index / 2) * height / 2), width / 2, height / 2) : '').join('');
};

// The dots of braille in the order of the bits of their code.
const dotPlaces = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [0, 3], [1, 3]] as const;

const braille = (code: number, {x, y, width, height}: Cell): string => dotPlaces.map(([column, row], bit) => {
	const isSet = Math.floor(code / (2 ** bit)) % 2 === 1;
	return isSet ? box(x + (width * (0.25 + (column / 2))) - 1, y + (height * (0.125 + (row / 4))) - 1, 2, 2) : '';
}).join('');

/**
The path of a character that is drawn and not written; undefined for all others.
*/
export const drawnPath = (character: string, cell: Cell): string | undefined => {
	const found = arms.get(character);
	if (found !== undefined) {
		return /[╭╮╯╰]/v.test(character) ? corner(found, cell) : line(found, cell);
	}

	if (shades.has(character)) {
		return box(cell.x, cell.y, cell.width, cell.height);
	}

	const code = character.codePointAt(0) ?? 0;
	return code > 0x28_00 && code <= 0x28_FF ? braille(code - 0x28_00, cell) : block(character, cell);
};
