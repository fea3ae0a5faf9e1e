import {Buffer} from 'node:buffer';
import {
	eraseScreen,
	goTo,
	lineUpdate,
	moveRows,
	withoutWrap,
} from './line-update.js';

export const screenPaint = (lines: readonly string[]): string => withoutWrap(eraseScreen + lines.join('\r\n'));

/**
The output that turns the screen `previous` into `next`, which has as many lines: either the changed lines, or a move of rows and the changes that are then left, whichever is shorter.

It ends on the last row, where Ink's own frames end and from where Ink erases them.
*/
export const screenUpdate = (previous: readonly string[], next: readonly string[], columns: number): string => {
	const inPlace = linesUpdate(previous, next, columns);
	if (inPlace === '') {
		return '';
	}

	const move = findMove(previous, next);
	const moved = move === undefined ? undefined : moveRows(move.top + 1, move.bottom + 1, move.distance) + linesUpdate(afterMove(previous, move), next, columns);
	const shorter = moved !== undefined && Buffer.byteLength(moved) < Buffer.byteLength(inPlace) ? moved : inPlace;
	return withoutWrap(shorter + goTo(next.length, 1));
};

const linesUpdate = (previous: readonly string[], next: readonly string[], columns: number) => {
	const changed = next.map((text, row) => text === previous[row] ? '' : lineUpdate(row + 1, previous[row]!, text, columns));
	return changed.join('');
};

/**
Rows from `top` to `bottom`, counted from 0.
*/
type Move = {top: number; bottom: number; distance: number};

const findMove = (previous: readonly string[], next: readonly string[]): Move | undefined => {
	const moves = new Map<number, Move & {lines: number}>();
	let best: Move & {lines: number} | undefined;
	for (const [from, to] of sameLines(previous, next)) {
		const distance = to - from;
		const {top, bottom, lines} = moves.get(distance) ?? {top: to, bottom: to, lines: 0};
		const move = {
			top: Math.min(top, from, to), bottom: Math.max(bottom, from, to), distance, lines: lines + 1,
		};
		moves.set(distance, move);
		if (move.lines > (best?.lines ?? 0)) {
			best = move;
		}
	}

	return best;
};

/**
How far lines may have moved. Blank lines are left out, because they are everywhere and cost next to nothing.
*/
const sameLines = (previous: readonly string[], next: readonly string[]) => next.flatMap((text, to) =>
	text === '' || text === previous[to]
		? []
		: previous.flatMap((candidate, from) => candidate === text ? [[from, to] as const] : []));

const afterMove = (lines: readonly string[], {top, bottom, distance}: Move) =>
	lines.map((text, row) => {
		if (row < top || row > bottom) {
			return text;
		}

		const from = row - distance;
		return from < top || from > bottom ? '' : lines[from]!;
	});
