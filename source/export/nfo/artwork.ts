import type {Item} from '../../catalog/types.js';
import type {PictureSource} from '../format.js';

/**
Pictures of an item by the words that Kodi puts into their names.
*/
export type Artwork = ReadonlyArray<readonly [name: string, picture: PictureSource]>;

const boxes = {poster: {width: 1000, height: 1500}, fanart: {width: 1920, height: 1080}, thumb: {width: 1280, height: 720}} as const;

/**
The pictures that an item has.
*/
export const itemArtwork = ({serverId, images}: Pick<Item, 'serverId' | 'images'>, wanted: ReadonlyArray<readonly [name: string, kind: keyof typeof boxes, of: keyof Item['images']]>): Artwork => wanted.flatMap(([name, kind, of]) => {
	const path = images[of];
	return path === undefined ? [] : [[name, {serverId, path, ...boxes[kind]}]];
});

export const filmArtwork = [['-poster', 'poster', 'poster'], ['-fanart', 'fanart', 'background']] as const;
export const showArtwork = [['poster', 'poster', 'poster'], ['fanart', 'fanart', 'background']] as const;
export const episodeArtwork = [['-thumb', 'thumb', 'thumb']] as const;

export const seasonArtworkName = (number: number) => number === 0 ? 'season-specials-poster' : `season${String(number).padStart(2, '0')}-poster`;
