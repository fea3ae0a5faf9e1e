import {span, type Span, type Tone} from '../line.js';
import type {Glyphs} from '../theme.js';

const bounded = (share: number) => Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;

/**
A bar of `width` cells, of which `share` (0 to 1) is full. Its last full cell may be full in part.
*/
export const meter = (share: number, width: number, glyphs: Glyphs, tone: Tone = 'accent'): Span[] => {
	const parts = [...glyphs.eighths];
	const most = parts.length - 1;
	const units = Math.round(bounded(share) * width * most);
	const full = Math.floor(units / most);
	const rest = units % most;
	const filled = parts.at(-1)!.repeat(full) + (rest === 0 ? '' : parts[rest]!);
	const empty = glyphs.empty.repeat(Math.max(0, width - full - (rest === 0 ? 0 : 1)));
	return [span(filled, tone), span(empty, 'border')].filter(({text}) => text !== '');
};

/**
The last `width` of some amounts, each as one cell as high as it is beside the greatest of them. Where there are fewer, blanks come first.
*/
export const sparkline = (amounts: readonly number[], width: number, {steps}: Glyphs): string => {
	const shown = width <= 0 ? [] : amounts.slice(-width);
	return cellsOf(shown, [...steps]).padStart(Math.max(0, width));
};

/**
Some amounts as one cell each, the darker the greater. Only nothing has the lightest cell.
*/
export const heatCells = (amounts: readonly number[], {shades}: Glyphs): string => {
	const [none, ...some] = [...shades];
	const greatest = Math.max(0, ...amounts);
	return amounts.map(amount => amount > 0 ? stepOf(amount, greatest, some) : none!).join('');
};

const cellsOf = (amounts: readonly number[], steps: readonly string[]) => {
	const greatest = Math.max(0, ...amounts);
	return amounts.map(amount => stepOf(amount, greatest, steps)).join('');
};

const stepOf = (amount: number, greatest: number, steps: readonly string[]) =>
	steps[Math.max(0, Math.ceil(bounded(amount / greatest) * steps.length) - 1)]!;
