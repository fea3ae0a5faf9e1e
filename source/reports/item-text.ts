import {detailSections, type DetailOptions} from '../query/detail-sections.js';
import type {ItemDetail} from '../query/types.js';
import {clean, cleanLines} from '../base/text/clean.js';
import {displayWidth, fit} from '../base/text/width.js';

const widestLabel = 24;

/**
The lines of `reelcat show`. Nothing is cut: a long summary is one long line, for the terminal or the reader to wrap.
*/
export const itemText = (detail: ItemDetail, options: DetailOptions = {}): string[] => {
	const lines: string[] = [];
	for (const {heading, fields} of detailSections(detail, options)) {
		const rows = fields.map(({label, value}) => ({label: clean(label), value: cleanLines(value).split('\n')}));
		const width = Math.min(widestLabel, Math.max(...rows.map(({label}) => displayWidth(label))));
		lines.push(...(lines.length === 0 ? [] : ['']), heading);
		for (const {label, value} of rows) {
			for (const [index, line] of value.entries()) {
				lines.push(`  ${index === 0 ? padLabel(label, width) : ' '.repeat(width)}  ${line}`.trimEnd());
			}
		}
	}

	return lines;
};

// A longer label, such as the name of an actor, pushes its value aside rather than losing its end.
const padLabel = (label: string, width: number) => displayWidth(label) > width ? label : fit(label, width);
