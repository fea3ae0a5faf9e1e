import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {pipeline} from 'node:stream/promises';
import {createGzip} from 'node:zlib';
import type {ApiPage} from '../api/port.js';
import {outageCodes, requireAppError} from '../base/errors.js';
import {createLibraryNames} from '../catalog/library-names.js';
import {exportOrder, sortedLibraryIds} from '../export/order.js';
import {exportRows} from '../export/rows.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {CatalogAnswers, CatalogIndex} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {indexOfRecords} from './asked-index.js';
import {totalItems} from './index-loader.js';
import type {ItemPictures} from './item-pictures.js';
import {pictureType} from './picture-type.js';
import {openSessionPictures} from './session-pictures.js';
import type {Session} from './session.js';

/**
A page of more items has movies and shows only: a browser on a television could not hold them all.
*/
export const mostItems = 40_000;

// A daemon of which nobody wants the page does without it.
const loadPage = async () => Promise.all([import('../export/page/catalog-page.js'), import('../export/page/page-assets.js')]);

// Twice the size of a tile, for dense screens.
const posterSize = {width: 320, height: 480};

type PageServiceOptions = {
	store: Pick<OpenedCatalog, 'header' | 'get' | 'getMany'>;
	/**
	An index of what is committed.
	*/
	index: () => Promise<CatalogIndex>;
	/**
	Answer instead of the index.
	*/
	answers?: CatalogAnswers | undefined;
	pictures: ItemPictures;
};

/**
Makes the page that the API shows, anew when somebody asks after the catalogue has changed.
*/
export const createPageService = ({store, index: readIndex, answers, pictures}: PageServiceOptions): ApiPage => {
	type Made = Awaited<ReturnType<ApiPage['document']>> & {header: CatalogHeader};
	let made: Made | undefined;
	let making: Promise<Made> | undefined;

	const make = async (): Promise<Made> => {
		const [{catalogPage}, {readPageAssets}] = await loadPage();
		const whole = answers === undefined ? await readIndex() : undefined;
		const header = store.header();
		const isWhole = (whole?.size() ?? totalItems(store)) <= mostItems;
		const filter = isWhole ? {} : {types: ['movie', 'show']} as const;
		const ids = whole === undefined ? [await answers!.exported({libraryIds: sortedLibraryIds(header.libraries), ...filter})] : exportOrder(whole, header, filter);
		const rows = exportRows(ids, 'item', {
			store, index: whole ?? (async items => indexOfRecords({store, answers: answers!}, items)), names: createLibraryNames(header), onItem() {/* nobody waits with a progress line */},
		});
		const chunks = catalogPage(rows, {
			assets: await readPageAssets(),
			hasPaths: false,
			revision: header.revision,
			notes: isWhole ? [] : ['Seasons and episodes are left out: the catalogue has too many for one page.'],
		});
		// An error in the chunks must reach whoever asks, and not the process.
		const {bytes, sum} = await pipeline(chunks, createGzip({level: 6}), gathered);
		return {gzipped: bytes, tag: sum.slice(0, 32), header};
	};

	return {
		revision: () => store.header().revision,
		async document() {
			if (made?.header === store.header()) {
				return made;
			}

			making ??= (async () => {
				try {
					made = await make();
					return made;
				} finally {
					making = undefined;
				}
			})();
			return making;
		},
		async poster(id, signal) {
			const picture = await pictures.load(id, posterSize, signal);
			await picture?.keep();
			return picture && {bytes: picture.bytes, type: pictureType(picture.bytes)!};
		},
	};
};

/**
All the bytes, and their digest, which is made as they come: that of many megabytes would hold the thread.
*/
const gathered = async (pieces: AsyncIterable<Uint8Array>): Promise<{bytes: Uint8Array<ArrayBuffer>; sum: string}> => {
	const hash = createHash('sha256');
	const all: Uint8Array[] = [];
	for await (const piece of pieces) {
		hash.update(piece);
		all.push(piece);
	}

	return {bytes: Buffer.concat(all), sum: hash.digest('hex')};
};

type SessionPageOptions = Omit<PageServiceOptions, 'pictures'> & {loaded: Promise<void>};

/**
The page of a session, whose posters come through a connection of its own. Call `close` before the session ends.
*/
export const openSessionPage = (session: Session, {store, loaded, index, answers}: SessionPageOptions): {page: ApiPage; close: () => void} => {
	const pictures = openSessionPictures(session, {store, loaded});
	const page = createPageService({
		store, index, answers, pictures,
	});
	return {
		page: {
			...page,
			async poster(id, signal) {
				try {
					return await page.poster(id, signal);
				} catch (error) {
					requireAppError(error);

					// What is wrong with the server is an alert of the daemon. A new connection finds it again at another address, or with another token.
					if (outageCodes.has(error.code)) {
						await pictures.disconnect();
					}

					return undefined;
				}
			},
		},
		close: pictures.close,
	};
};
