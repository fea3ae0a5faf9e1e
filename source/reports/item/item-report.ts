import {AppError} from '../../base/errors.js';
import {clean, cleanLines} from '../../base/text/clean.js';
import {plainPaint, type Paint} from '../../base/text/style.js';
import {displayWidth, fit} from '../../base/text/width.js';
import {exportRecord} from '../../export/record.js';
import {detailSections, type DetailOptions} from '../../query/detail-sections.js';
import {loadDetail} from '../../query/related.js';
import type {ItemDetail} from '../../query/types.js';
import {ask, type ReportDefinition, type ReportCommand} from '../report.js';

type ShownItem = {detail: ItemDetail} & DetailOptions;

// Of other items, no more is told.
const readFields = ['id', 'ratingKey', 'type', 'title', 'showId', 'seasonId', 'seasonNumber', 'episodeNumber', 'fileIds'] as const;

/**
Everything about one item, which is named by its id or by a ratingKey that no other item has.
*/
export const itemReport: ReportDefinition<{id: string}, ShownItem> = {
	async load({id}, sources) {
		const index = await sources.index(readFields);
		const found = index.find(id);
		if (found.length > 1) {
			throw new AppError('usage', `${found.length} items have the ratingKey ${clean(id)}.`, {
				hint: `Name one of these ids: ${found.join(', ')}.`,
			});
		}

		const detail = found[0] === undefined ? undefined : await loadDetail(await sources.records(), index, found[0]);
		if (detail === undefined) {
			throw new AppError('not-found', `There is no item ${clean(id)} in the catalogue.`, {hint: '"reelcat ls" prints the ids.'});
		}

		return {detail, titleOf: other => index.value(other, 'title')};
	},
	text: (item, {paint = plainPaint}) => itemLines(item, paint),
	json: ({detail}) => exportRecord(detail),
};

export const answerItem: ReportCommand['answer'] = async ({input}, sources) => {
	const [id, ...others] = input;
	if (id === undefined || others.length > 0) {
		throw new AppError('usage', 'Name one item.', {hint: '"reelcat ls" prints the ids.'});
	}

	return ask(itemReport, {id}, sources);
};

const widestLabel = 24;

/**
Nothing is cut: a long summary is one long line, which the terminal or the reader wraps.
*/
const itemLines = ({detail, ...options}: ShownItem, paint: Paint): string[] => {
	const lines: string[] = [];
	for (const {heading, fields} of detailSections(detail, options)) {
		const rows = fields.map(({label, value}) => ({label: clean(label), value: cleanLines(value).split('\n')}));
		const width = Math.min(widestLabel, Math.max(...rows.map(({label}) => displayWidth(label))));
		lines.push(...(lines.length === 0 ? [] : ['']), paint('strong', heading));
		for (const {label, value} of rows) {
			for (const [index, line] of value.entries()) {
				lines.push(`  ${index === 0 ? padLabel(label, width) : ' '.repeat(width)}  ${line}`.trimEnd());
			}
		}
	}

	return lines;
};

// A longer label, such as the name of an actor, is not cut; it moves its value to the right.
const padLabel = (label: string, width: number) => displayWidth(label) > width ? label : fit(label, width);
