import {span, type Line, type Tone} from '../line.js';
import type {Glyphs} from '../theme.js';
import {displayWidth} from '../../base/text/width.js';
import {beside, panelLines} from './panel.js';

export type Card = {title: string; text: string; tone?: Tone};

const fewestColumns = 16;
const rowsOfCard = 3;

const perRow = (count: number, columns: number) => Math.max(1, Math.min(count, Math.floor(columns / fewestColumns)));

export const cardRows = (count: number, columns: number): number => rowsOfCard * Math.ceil(count / perRow(count, columns));

/**
Amounts in boxes of their own, in rows that are exactly `columns` wide.
*/
export const cardLines = (cards: readonly Card[], {columns, glyphs}: {columns: number; glyphs: Glyphs}): Line[] => {
	const most = perRow(cards.length, columns);
	return Array.from({length: Math.ceil(cards.length / most)}, (_, row) => cards.slice(row * most, (row + 1) * most)).flatMap(inRow => {
		const width = Math.floor(columns / most);
		const [first, ...others] = Array.from({length: most}, (_, index) => cardBox(inRow[index], index === most - 1 ? columns - (width * (most - 1)) : width, glyphs));
		return beside(first!, ...others);
	});
};

const cardBox = (card: Card | undefined, columns: number, glyphs: Glyphs): Line[] => {
	if (card === undefined) {
		return Array.from({length: rowsOfCard}, () => [span(' '.repeat(columns))]);
	}

	const {title, text, tone = 'strong'} = card;
	const left = Math.max(0, Math.floor((columns - 2 - displayWidth(text)) / 2));
	return panelLines({
		title, lines: [[span(' '.repeat(left)), span(text, tone)]], columns, rows: rowsOfCard, isFramed: true, glyphs,
	});
};
