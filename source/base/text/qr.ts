import {encode} from 'uqr';

/**
Draws a QR code for a terminal, two rows of modules per line. Without UTF-8 it draws two letters per module. What is drawn is the light part, so it must be painted light on dark: the other way round, only some readers know it. Letters must be painted as what they stand for, because no reader takes them for an area.
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
