import {defined} from '../../catalog/values.js';
import type {Images, ItemType} from '../../catalog/types.js';
import {asRecords, readString, type Wire} from '../wire.js';

export type PicturedRow = Wire<'thumb' | 'art' | 'banner' | 'Image'>;

/**
Reads the paths of the pictures. The `thumb` of an episode is its still; elsewhere it is the poster.
*/
export const readImages = (row: PicturedRow, type: ItemType): Images => {
	const listed = new Map<string, string>();
	for (const {type: imageType, url} of asRecords<'type' | 'url'>(row.Image)) {
		const path = readImagePath(url);
		if (typeof imageType === 'string' && path !== undefined && !listed.has(imageType)) {
			listed.set(imageType, path);
		}
	}

	const thumb = readImagePath(row.thumb);
	const isEpisode = type === 'episode';
	return defined({
		background: readImagePath(row.art) ?? listed.get('background'),
		banner: readImagePath(row.banner) ?? listed.get('banner'),
		logo: listed.get('clearLogo'),
		poster: (isEpisode ? undefined : thumb) ?? listed.get('coverPoster'),
		square: listed.get('squareArt') ?? listed.get('backgroundSquare'),
		thumb: (isEpisode ? thumb : undefined) ?? listed.get('snapshot'),
	});
};

/**
A path on the server, or the address of a picture elsewhere (people), without any token: servers sometimes put it into addresses.
*/
export const readImagePath = (value: unknown): string | undefined => {
	const text = readString(value)?.trim();
	if (text === undefined || !(text.startsWith('/') || /^https?:\/\//iv.test(text))) {
		return undefined;
	}

	if (!text.includes('?') || !/x-plex-token/iv.test(text)) {
		return text;
	}

	const [address = '', ...fragment] = text.split('#');
	const [path = '', ...query] = address.split('?');
	const parameters = query.join('?').split('&').filter(parameter => !/^x-plex-token(?:=|$)/iv.test(parameter));
	const clean = [path, ...(parameters.length === 0 ? [] : ['?', parameters.join('&')]), ...(fragment.length === 0 ? [] : ['#', fragment.join('#')])].join('');
	// A token in an address that is nested in another address cannot be removed without guessing.
	return /x-plex-token/iv.test(clean) ? undefined : clean;
};
