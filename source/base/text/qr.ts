import {encode} from 'uqr';

/**
Draws the light modules of a QR code for a terminal, two rows of them per line, or without UTF-8 with two letters per module. Paint it light on dark, because some readers do not know a code whose colours are the other way round. No reader recognises letters, so `qrRuns` tells which areas of colour to paint in their place.
*/
export const qrLines = (text: string, {isAscii}: {isAscii: boolean}): string[] => {
	const {data} = encode(text, {ecc: 'L', border: 2});
	const isDark = (row: number, column: number) => data[row]?.[column] === true;
	const columns = data[0]?.length ?? 0;
	if (isAscii) {
		return data.map((_, row) => Array.from({length: columns}, (_unused, column) => isDark(row, column) ? '  ' : '##').join(''));
	}

	return Array.from({length: Math.ceil(data.length / 2)}, (_, line) => Array.from({length: columns}, (_unused, column) => {
		const [top, bottom] = [isDark(2 * line, column), isDark((2 * line) + 1, column)];
		if (top) {
			return bottom ? ' ' : '▄';
		}

		return bottom ? '▀' : '█';
	}).join(''));
};

/**
The runs of a line that are painted alike. Letters stand for light modules, and have the colour of their background.
*/
export const qrRuns = (line: string): Array<{text: string; tone: 'code' | 'codeLight'}> =>
	(line.match(/#+|[^#]+/gv) ?? []).map(text => ({text, tone: text.startsWith('#') ? 'codeLight' : 'code'}));
