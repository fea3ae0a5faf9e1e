import type {ExportFormat} from '../format.js';
import {catalogPage} from '../page/catalog-page.js';
import {readPageAssets} from '../page/page-assets.js';
import {pageFields} from '../page/page-columns.js';

export const htmlFormat: ExportFormat = {
	about: 'A page for a browser or a phone, in one file that works without a network',
	extension: 'html',
	columns: pageFields,
	takes: ['paths'],
	async * chunks({rows, hasPaths}) {
		yield * catalogPage(rows('item'), {assets: await readPageAssets(), hasPaths});
	},
};
