import {clean, cleanLines} from '../../../base/text/clean.js';
import {displayWidth, fit} from '../../../base/text/width.js';
import type {DetailField, DetailSection} from '../../../query/detail-sections.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import type {Box} from '../../graphics/picture.js';
import {failureLines} from '../../parts/failure.js';
import {sentences, wrapText} from '../../parts/wrap.js';
import type {DetailState} from '../../ui-state.js';

/**
Sections that begin beside a picture at the top right leave it free.
*/
export const detailLines = ({sections, status, failure}: DetailState, columns: number, beside?: Box): Line[] => {
	if (status === 'failed' && failure !== undefined) {
		return failureLines(failure, columns, 'Press r to try again.');
	}

	if (status === 'missing') {
		return sentences(['This item is no longer in the catalogue.'], columns, 'dim');
	}

	return sections === undefined ? sentences(['Loading …'], columns, 'dim') : wrapped(sections, columns, beside);
};

// Lines are kept, since a summary may have 100 KB and each key that scrolls asks for them.
const memory = new WeakMap<readonly DetailSection[], {columns: number; beside: string; lines: Line[]}>();

const wrapped = (sections: readonly DetailSection[], columns: number, picture: Box | undefined): Line[] => {
	const known = memory.get(sections);
	const beside = `${picture?.columns} ${picture?.rows}`;
	if (known?.columns === columns && known.beside === beside) {
		return known.lines;
	}

	const lines: Line[] = [];
	for (const part of sections) {
		const isBeside = picture !== undefined && lines.length < picture.rows;
		lines.push(...sectionLines(part, isBeside ? columns - picture.columns - 2 : columns));
	}

	memory.set(sections, {columns, beside, lines});
	return lines;
};

const sectionLines = ({heading, fields}: DetailSection, columns: number): Line[] => {
	if (fields.length === 0) {
		return [];
	}

	const widest = Math.max(...fields.map(({label}) => displayWidth(label)));
	const labelWidth = Math.min(widest, Math.floor(columns / 3));
	return [
		...wrapText(cleanLines(heading), columns).map(text => line(text, 'strong')),
		...fields.flatMap(field => fieldLines(field, labelWidth, columns)),
		blank,
	];
};

const fieldLines = ({label, value}: DetailField, labelWidth: number, columns: number): Line[] => {
	const labels = wrapText(clean(label), labelWidth);
	const values = wrapText(cleanLines(value), columns - labelWidth - 2);
	return Array.from({length: Math.max(labels.length, values.length)}, (_, row) => [
		span(`${fit(labels[row] ?? '', labelWidth)}  `, 'dim'),
		span(values[row] ?? ''),
	]);
};
