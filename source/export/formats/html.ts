import {createLibraryNames} from '../../catalog/library-names.js';
import type {ExportFormat} from '../format.js';
import {catalogPage} from '../page/catalog-page.js';
import {readPageAssets} from '../page/page-assets.js';
import {pageFields} from '../page/page-columns.js';
import {createPagePosters} from '../page/page-posters.js';

export const htmlFormat: ExportFormat = {
	about: 'A page for a browser or a phone, in one file that works without a network',
	extension: 'html',
	columns: pageFields,
	takes: ['paths', 'posters'],
	async * chunks({rows, threaded, header, hasPaths, poster, say}) {
		const names = createLibraryNames(header);
		yield * catalogPage(rows('item'), {
			assets: await readPageAssets(),
			hasPaths,
			posters: poster && createPagePosters(poster, say),
			threaded: onRow => threaded({kind: 'page', hasPaths}, row => {
				onRow({...row, names});
			}),
		});
	},
};
