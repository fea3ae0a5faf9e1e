import {openSessionPictures} from '../app/session-pictures.js';
import {isAppError} from '../base/errors.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import type {CommandContext} from './command.js';

// The size of a tile on a screen with two pixels for each.
const posterSize = {width: 240, height: 360};

type Posters = {
	poster: (itemId: string) => Promise<Uint8Array | undefined>;
	/**
	Tells in a sentence what the server did not give, if anything.
	*/
	failed: () => string | undefined;
	close: () => void;
};

/**
The posters of an export, from the disk or the server.

@throws AppError if the server cannot be reached
*/
export const openPosters = async ({session, signal}: Pick<CommandContext, 'session' | 'signal'>, store: Pick<OpenedCatalog, 'header' | 'getMany'>): Promise<Posters> => {
	const pictures = openSessionPictures(session, {store, loaded: Promise.resolve()});
	let reason: string | undefined;
	try {
		await pictures.connect();
	} catch (error) {
		pictures.close();
		throw error;
	}

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
		close: pictures.close,
	};
};
