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
export type PageItem = Pick<ExportRow, 'item' | 'detail' | 'names' | 'titleOf'>;

// What stands in the head of the details already.
const headFields: ReadonlySet<string> = new Set(['title', 'tagline', 'summary']);

/**
The same wherever the page is made.
*/
const instantInUtc = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

/**
Gathers the details of some items, item by item, as a page has them in one block.
*/
export const createPageDetails = ({hasPaths}: DetailsOptions) => {
	const {texts, code} = createTextCodes();
	const items: PageDetail[] = [];
	return {
		/**
		Of an item whose record is gone there is nothing to say.
		*/
		add(row: Pick<PageItem, 'detail' | 'titleOf'> | undefined) {
			if (row === undefined) {
				items.push([code(''), code(''), []]);
				return;
			}

			const {detail, titleOf} = row;
			const sections = detailSections(detail, {
				titleOf,
				instant: instantInUtc,
				isShown: ({name, isPath}) => !headFields.has(name) && (hasPaths || isPath !== true),
			});
			items.push([
				code(clean(detail.item.tagline ?? '')),
				code(cleanLines(detail.item.summary ?? '')),
				sections.map(({heading, fields}) => [heading, ...fields.flatMap(({label, value}) => [label, value])].map(text => code(clean(text)))),
			]);
		},
		data: (): PageDetails => ({texts, items}),
	};
};
