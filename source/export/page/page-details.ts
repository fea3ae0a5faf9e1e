import {clean, cleanLines} from '../../base/text/clean.js';
import {detailSections} from '../../query/detail-sections.js';
import type {ExportRow} from '../export-columns.js';
import type {PageDetail, PageDetails} from './page-data.js';
import {createTextCodes} from './text-codes.js';

export type DetailsOptions = {
	/**
	Whether paths on the server are shown.
	*/
	hasPaths: boolean;
};

/**
An item of a page; `titleOf` names those that share a file with it.
*/
export type PageItem = Pick<ExportRow, 'item' | 'detail' | 'titleOf'>;

// What stands in the head of the details already.
const headFields: ReadonlySet<string> = new Set(['title', 'tagline', 'summary']);

/**
The same wherever the page is made.
*/
const instantInUtc = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

/**
The details of some items, as a page has them in one block.
*/
export const pageDetails = (rows: readonly PageItem[], {hasPaths}: DetailsOptions): PageDetails => {
	const {texts, code} = createTextCodes();
	const items = rows.map(({detail, titleOf}): PageDetail => {
		const sections = detailSections(detail, {
			titleOf,
			instant: instantInUtc,
			isShown: ({name, isPath}) => !headFields.has(name) && (hasPaths || isPath !== true),
		});
		return [
			code(clean(detail.item.tagline ?? '')),
			code(cleanLines(detail.item.summary ?? '')),
			sections.map(({heading, fields}) => [heading, ...fields.flatMap(({label, value}) => [label, value])].map(text => code(clean(text)))),
		];
	});
	return {texts, items};
};
