import {pictureType} from '../app/picture-type.js';
import {isAppError, outageCodes} from '../base/errors.js';
import type {PictureSource} from '../export/format.js';
import type {ReportSources} from '../reports/report.js';

/**
Brings a picture; undefined if there is none.
*/
export type FetchPicture = (picture: PictureSource) => Promise<Uint8Array | undefined>;

/**
Connects to the server, which makes the pictures as large as they are wanted. Versions of a film have the same ones, so the last two are kept.

@throws {AppError} if the server cannot be reached
*/
export const openPictures = async ({connect, signal}: Pick<ReportSources, 'connect' | 'signal'>): Promise<FetchPicture> => {
	const {plex, server} = await connect();
	const last: Array<{key: string; bytes: Uint8Array}> = [];
	return async ({serverId, ...picture}) => {
		if (serverId !== server.id) {
			return undefined;
		}

		const key = JSON.stringify(picture);
		const known = last.find(one => one.key === key);
		if (known !== undefined) {
			return known.bytes;
		}

		try {
			const bytes = await plex.picture({...picture, signal});
			last.unshift({key, bytes});
			last.length = Math.min(last.length, 2);
			return bytes;
		} catch (error) {
			// All pictures after it would fail as well. Anything else is the fault of one picture.
			if (!isAppError(error) || error.code === 'cancelled' || outageCodes.has(error.code)) {
				throw error;
			}

			return undefined;
		}
	};
};

const endings = new Map([['image/jpeg', '.jpg'], ['image/png', '.png']]);

/**
The endings that a picture may have.
*/
export const pictureEndings = endings.values().toArray();

/**
The ending for what bytes are: a JPEG or a PNG file. Undefined for anything else, such as a page or an SVG.
*/
export const pictureEnding = (bytes: Uint8Array): string | undefined => endings.get(pictureType(bytes) ?? '');
