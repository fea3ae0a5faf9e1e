import type {Glyphs} from '../theme.js';

/**
A bar of `width` cells.
*/
export const bar = (done: number, total: number, width: number, glyphs: Glyphs): string => {
	const share = total <= 0 ? 0 : Math.min(1, done / total);
	const full = Math.floor(share * width);
	return glyphs.full.repeat(full) + glyphs.empty.repeat(Math.max(0, width - full));
};

/**
Rounded down: 100 only when everything is done.
*/
export const percent = (done: number, total: number): number => total <= 0 ? 0 : Math.min(100, Math.floor(done * 100 / total));
