import path from 'node:path';
import {isAppError, outageCodes} from '../base/errors.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {picturePlace} from '../catalog/item.js';
import type {Item} from '../catalog/types.js';
import {openPictureCache} from '../store/picture-cache.js';
import {pictureType} from './picture-type.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';

export type ItemPicturesOptions = {
	whenLoaded: () => Promise<unknown>;
	store: () => Pick<CatalogStore, 'getMany'>;
	/**
	The server as the catalogue knows it.
	*/
	joined: () => Promise<Pick<Connected, 'plex' | 'server'>>;
};

/**
Width and height in pixels.
*/
type Size = {width: number; height: number};

export type ItemPicture = {
	bytes: Uint8Array;
	/**
	Keeps it on the disk, if it is not there yet.
	*/
	keep: () => Promise<void>;
};

/**
How long a server that could not be reached is left alone.
*/
const pauseMs = 30_000;

/**
Brings the pictures of items as the server makes them to fill a size: from the disk, or from the server.
*/
export const createItemPictures = (session: Pick<Session, 'folders'>, {whenLoaded, store, joined}: ItemPicturesOptions) => {
	let folder = '';
	let cache = openPictureCache(folder);
	let pausedUntilMs = -Infinity;

	// Another session, such as the demo, has other folders.
	const currentCache = () => {
		const current = path.join(session.folders().state, 'pictures');
		if (current !== folder) {
			folder = current;
			cache = openPictureCache(folder);
		}

		return cache;
	};

	// An item without a picture has that of its season or show.
	const sourceOf = async (id: string): Promise<{serverId: string; place: string} | undefined> => {
		await whenLoaded();
		const read = async (ids: ReadonlyArray<string | undefined>) => store().getMany(ids.filter(one => one !== undefined), {kind: 'item'}) as Promise<Item[]>;
		const [item] = await read([id]);
		if (item === undefined) {
			return undefined;
		}

		const candidates = [item, ...picturePlace(item) === undefined ? await read([item.seasonId, item.showId]) : []];
		const place = candidates.map(candidate => picturePlace(candidate)).find(found => found !== undefined);
		return place === undefined ? undefined : {serverId: item.serverId, place};
	};

	const fetchPicture = async ({serverId, place}: {serverId: string; place: string}, size: Size, signal: AbortSignal) => {
		if (performance.now() < pausedUntilMs) {
			return undefined;
		}

		try {
			const {plex, server} = await joined();
			return server.id === serverId && !signal.aborted ? await plex.picture({path: place, ...size, signal}) : undefined;
		} catch (error) {
			if (isAppError(error) && outageCodes.has(error.code)) {
				pausedUntilMs = performance.now() + pauseMs;
			}

			throw error;
		}
	};

	return {
		/**
		Undefined where an item has no picture, where another server has it, or where what came is none.

		@throws AppError of the server
		*/
		async load(itemId: string, size: Size, signal: AbortSignal): Promise<ItemPicture | undefined> {
			const source = await sourceOf(itemId);
			if (source === undefined || signal.aborted) {
				return undefined;
			}

			const key = [source.serverId, source.place, `${size.width}x${size.height}`];
			const kept = await currentCache().get(key);
			const bytes = kept ?? await fetchPicture(source, size, signal);
			return bytes === undefined || pictureType(bytes) === undefined || signal.aborted
				? undefined
				: {
					bytes,
					async keep() {
						if (kept === undefined) {
							await currentCache().put(key, bytes);
						}
					},
				};
		},
	};
};

export type ItemPictures = ReturnType<typeof createItemPictures>;
