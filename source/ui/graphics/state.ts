import {pictureKey, type Picture, type PictureWish} from './picture.js';
import {noPictures, type PictureMode} from './picture-kind.js';

export type PicturesState = {
	mode: PictureMode;
	/**
	By `pictureKey`, oldest first; undefined where there is none.
	*/
	known: ReadonlyMap<string, Picture | undefined>;
};

type WithPictures = {pictures: PicturesState};

export const initialPictures: PicturesState = {mode: noPictures, known: new Map()};

export const wishKey = ({pictures: {mode}}: WithPictures, {itemId, box}: PictureWish): string => pictureKey(itemId, mode.kind, box);

export const pictureOf = (state: WithPictures, wish: PictureWish): Picture | undefined => state.pictures.known.get(wishKey(state, wish));

/**
Whether there will be no picture.
*/
export const isWithoutPicture = (state: WithPictures, wish: PictureWish): boolean => {
	const {mode, known} = state.pictures;
	const key = wishKey(state, wish);
	return mode.kind === 'none' || (known.has(key) && known.get(key) === undefined);
};

export const pictureById = ({pictures: {known}}: WithPictures, id: number): Picture | undefined =>
	known.values().find(picture => picture?.id === id);
