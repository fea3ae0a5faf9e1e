import {createRequire} from 'node:module';
import {drawnSize, fetchedSize, type Picture} from '../ui/graphics/picture.js';
import type {PictureService} from '../ui/services.js';
import type {Session} from './session.js';
import {decodePicture} from './decode-picture.js';
import {createItemPictures, type ItemPicturesOptions} from './item-pictures.js';

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
Brings pictures of items as the terminal shows them.
*/
export const createAppPictures = (session: Session, options: ItemPicturesOptions): PictureService => {
	const pictures = createItemPictures(session, options);
	let lastId = 0;
	return {
		setting: session.settings().pictures() ?? 'auto',
		canDecode: canDecodePictures,
		async load({itemId, box, mode}, {signal}): Promise<Picture | undefined> {
			const found = await pictures.load(itemId, fetchedSize(mode, box), signal);
			if (found === undefined) {
				return undefined;
			}

			lastId++;
			const picture = await decodePicture(found.bytes, drawnSize(mode, box), {id: lastId, box, mode});
			// Bytes that cannot be decoded may be whole the next time.
			if (picture !== undefined) {
				await found.keep();
			}

			return picture;
		},
	};
};
