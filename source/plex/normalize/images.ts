import type {Images, ItemType} from '../../catalog/types.js';
import {asRecords, readString, type Wire} from '../wire.js';
import {defined} from '../../catalog/defined.js';

export type PicturedRow = Wire<'thumb' | 'art' | 'banner' | 'Image'>;

/**
Where the pictures are. The `thumb` of an episode is its still, of everything else the poster.
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
		poster: (isEpisode ? undefined : thumb) ?? listed.get('coverPoster'),
		background: readImagePath(row.art) ?? listed.get('background'),
		logo: listed.get('clearLogo'),
		banner: readImagePath(row.banner) ?? listed.get('banner'),
		square: listed.get('squareArt') ?? listed.get('backgroundSquare'),
		thumb: (isEpisode ? thumb : undefined) ?? listed.get('snapshot'),
	});
};

/**
A path on the server, or an address elsewhere (pictures of people), free of any token: servers echo it into addresses now and then.
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
	// A token inside an address inside the address cannot be taken out without guessing.
	return /x-plex-token/iv.test(clean) ? undefined : clean;
};
