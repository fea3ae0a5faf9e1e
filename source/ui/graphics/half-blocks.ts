import type {ColorDepth} from '../theme/terminal-colors.js';
import type {Bitmap} from './bitmap.js';

type Rgb = readonly [red: number, green: number, blue: number];

const levels = [0, 95, 135, 175, 215, 255];

const nearest = (value: number) => {
	let best = 0;
	for (const [index, level] of levels.entries()) {
		if (Math.abs(level - value) < Math.abs(levels[best]! - value)) {
			best = index;
		}
	}

	return best;
};

const distance = ([red, green, blue]: Rgb, other: Rgb) => ((red - other[0]) ** 2) + ((green - other[1]) ** 2) + ((blue - other[2]) ** 2);

/**
The nearest colour of the palette of 256: of its cube, or of its greys.
*/
export const paletteColor = (color: Rgb): number => {
	const [red, green, blue] = color.map(value => nearest(value)) as [number, number, number];
	const grey = Math.max(0, Math.min(23, Math.round((((color[0] + color[1] + color[2]) / 3) - 8) / 10)));
	const greyLevel = 8 + (grey * 10);
	return distance(color, [greyLevel, greyLevel, greyLevel]) < distance(color, [levels[red]!, levels[green]!, levels[blue]!])
		? 232 + grey
		: 16 + (red * 36) + (green * 6) + blue;
};

const colorCode = (layer: 38 | 48, color: Rgb, depth: ColorDepth) =>
	depth === 'true' ? `\u{1B}[${layer};2;${color.join(';')}m` : `\u{1B}[${layer};5;${paletteColor(color)}m`;

/**
Two pixels in each cell, one above the other: the upper one as the colour of a half-block, the lower one as its background.
*/
export const halfBlocks = ({width, height, data}: Bitmap, depth: ColorDepth): string[] => {
	const pixel = (x: number, y: number): Rgb => {
		const at = ((y * width) + x) * 4;
		return [data[at]!, data[at + 1]!, data[at + 2]!];
	};

	return Array.from({length: Math.floor(height / 2)}, (_, row) => {
		let text = '';
		let last = '';
		for (let x = 0; x < width; x++) {
			const colors = colorCode(38, pixel(x, row * 2), depth) + colorCode(48, pixel(x, (row * 2) + 1), depth);
			text += colors === last ? '▀' : `${colors}▀`;
			last = colors;
		}

		return `${text}\u{1B}[39m\u{1B}[49m`;
	});
};
