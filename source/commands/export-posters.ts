import {createItemPictures} from '../app/item-pictures.js';
import {isAppError} from '../base/errors.js';
import {once} from '../base/once.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {ReportSources} from '../reports/report.js';
import type {CommandContext} from './command.js';

// The size of a tile on a screen with two pixels for each.
const posterSize = {width: 240, height: 360};

type Posters = {
	poster: (itemId: string) => Promise<Uint8Array | undefined>;
	/**
	Tells in a sentence what the server did not give, if anything.
	*/
	failed: () => string | undefined;
};

/**
The posters of an export, from the disk or the server.

@throws AppError if the server cannot be reached
*/
export const openPosters = async (session: CommandContext['session'], {connect, signal}: Pick<ReportSources, 'connect' | 'signal'>, store: Pick<CatalogStore, 'getMany'>): Promise<Posters> => {
	const joined = once(connect);
	await joined();
	const pictures = createItemPictures(session, {whenLoaded: async () => undefined, store: () => store, joined});
	let reason: string | undefined;
	return {
		async poster(itemId) {
			try {
				const picture = await pictures.load(itemId, posterSize, signal);
				await picture?.keep();
				return picture?.bytes;
			} catch (error) {
				if (signal.aborted || !isAppError(error)) {
					throw error;
				}

				reason = error.message;
				return undefined;
			}
		},
		failed: () => reason === undefined ? undefined : `Some posters are missing, because the server did not give them: ${reason}`,
	};
};
