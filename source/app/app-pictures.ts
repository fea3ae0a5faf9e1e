import {createRequire} from 'node:module';
import path from 'node:path';
import {isAppError} from '../base/errors.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Item} from '../catalog/types.js';
import {openPictureCache} from '../store/picture-cache.js';
import {drawnSize, fetchedSize, type Picture} from '../ui/graphics/picture.js';
import type {PictureService} from '../ui/services.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';
import {decodePicture, isPicture} from './decode-picture.js';

type AppPicturesOptions = {
	whenLoaded: () => Promise<unknown>;
	store: () => Pick<CatalogStore, 'getMany'>;
	/**
	The server as the catalogue knows it.
	*/
	joined: () => Promise<Connected>;
};

/**
How long a server that could not be reached is left alone.
*/
const pauseMs = 30_000;

/**
Whether the optional package that decodes pictures is installed. It is not loaded for that.
*/
export const canDecodePictures = (): boolean => {
	try {
		createRequire(import.meta.url).resolve('sharp');
		return true;
	} catch {
		return false;
	}
};

/**
Brings pictures of items: from the disk, or from the server, which makes them as small as they are shown.
*/
export const createAppPictures = (session: Session, {whenLoaded, store, joined}: AppPicturesOptions): PictureService => {
	let folder = '';
	let cache = openPictureCache(folder);
	let lastId = 0;
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

		const candidates = [item, ...item.images.poster === undefined && item.images.thumb === undefined ? await read([item.seasonId, item.showId]) : []];
		const place = candidates.map(({images}) => images.poster ?? images.thumb).find(found => found !== undefined);
		return place === undefined ? undefined : {serverId: item.serverId, place};
	};

	const fetchPicture = async ({serverId, place}: {serverId: string; place: string}, size: {width: number; height: number}, signal: AbortSignal) => {
		if (performance.now() < pausedUntilMs) {
			return undefined;
		}

		try {
			const {plex, server} = await joined();
			return server.id === serverId && !signal.aborted ? await plex.picture({path: place, ...size, signal}) : undefined;
		} catch (error) {
			if (isAppError(error) && ['unreachable', 'timeout', 'unauthorized', 'tls'].includes(error.code)) {
				pausedUntilMs = performance.now() + pauseMs;
			}

			throw error;
		}
	};

	return {
		setting: session.settings().pictures() ?? 'auto',
		canDecode: canDecodePictures,
		async load({itemId, box, mode}, {signal}): Promise<Picture | undefined> {
			const source = await sourceOf(itemId);
			if (source === undefined || signal.aborted) {
				return undefined;
			}

			const size = fetchedSize(mode, box);
			const key = [source.serverId, source.place, `${size.width}x${size.height}`];
			const kept = await currentCache().get(key);
			const bytes = kept ?? await fetchPicture(source, size, signal);
			if (bytes === undefined || !isPicture(bytes) || signal.aborted) {
				return undefined;
			}

			lastId++;
			const picture = await decodePicture(bytes, drawnSize(mode, box), {id: lastId, box, mode});
			if (picture !== undefined && kept === undefined) {
				await currentCache().put(key, bytes);
			}

			return picture;
		},
	};
};
