import {hexOf} from './dice.js';
import type {PlexRow} from './row.js';

/**
Paths of pictures that end in a stamp ([OFF]), and the colours behind them, for every row with pictures of its own.
*/
export const artworkOf = (ratingKey: string, title: string, stamp: number) => {
	const url = (element: string) => `/library/metadata/${ratingKey}/${element}/${stamp}`;
	const colors = hexOf(24, Number(ratingKey), 5);
	return {
		thumb: url('thumb'),
		art: url('art'),
		Image: [
			{alt: title, type: 'coverPoster', url: url('thumb')},
			{alt: title, type: 'background', url: url('art')},
			{alt: title, type: 'clearLogo', url: url('clearLogo')},
		],
		UltraBlurColors: {
			topLeft: colors.slice(0, 6),
			topRight: colors.slice(6, 12),
			bottomRight: colors.slice(12, 18),
			bottomLeft: colors.slice(18, 24),
		},
	} satisfies Partial<PlexRow>;
};

/**
Makes a title safe as a part of a path on every system, as scanners and people do.
*/
export const pathName = (title: string): string => title.replaceAll(/[\p{Control}"*\/:<>?\\\|]/gv, '').trim();

export const slugOf = (title: string): string => title.toLowerCase().replaceAll(/[^\da-z]+/gv, '-').replaceAll(/^-|-$/gv, '');
