import {readPageAssets} from '../../source/export/page/page-assets.js';
import {catalogPage, type CatalogPageOptions} from '../../source/export/page/catalog-page.js';
import {summarize} from '../../source/query/summary.js';
import type {ItemDetail} from '../../source/query/types.js';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {header} from '../query/_items.js';

export const pageText = async (details: readonly ItemDetail[], options: Partial<CatalogPageOptions> = {}): Promise<string> => {
	const each = async function * () {
		for (const detail of details) {
			const {show} = detail;
			yield {
				item: summarize(detail.item, id => detail.files.get(id)?.sizeBytes), detail, names: createLibraryNames(header), titleOf: (id: string) => id === show?.id ? show.title : undefined,
			};
		}
	};

	let text = '';
	for await (const piece of catalogPage(each(), {assets: await readPageAssets(), hasPaths: false, ...options})) {
		text += piece;
	}

	return text;
};

/**
The data in the page by the id of its element.
*/
export const pageBlocks = (text: string): ReadonlyMap<string, unknown> => new Map(text
	.matchAll(/<script type="application\/json" id="(?<id>[^"]+)">(?<json>[^<]*)<\/script>/gv)
	.map(({groups}) => [groups!['id']!, JSON.parse(groups!['json']!)]));
