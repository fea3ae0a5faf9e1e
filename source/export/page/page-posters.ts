import {Buffer} from 'node:buffer';
import {formatBytes, plural} from '../../base/text/format.js';
import type {Item} from '../../catalog/types.js';

/**
More bytes of pictures make a page that a phone does not open any more.
*/
export const mostPosterBytes = 64_000_000;

export type PagePosters = {
	/**
	The posters of some items in base64, '' for those without one.
	*/
	of: (items: ReadonlyArray<Pick<Item, 'id' | 'type'>>) => Promise<string[]>;
	/**
	Tells what was left out.
	*/
	end: () => void;
};

// A season or an episode stands below its show.
const picturedTypes: ReadonlySet<string> = new Set(['movie', 'show']);

/**
Fetches the posters of films and shows until they are too many bytes.
*/
export const createPagePosters = (poster: (itemId: string) => Promise<Uint8Array | undefined>, say: (sentence: string) => void, mostBytes = mostPosterBytes): PagePosters => {
	let bytes = 0;
	let isFull = false;
	let leftOut = 0;
	return {
		async of(items) {
			const found = await Promise.all(items.map(async ({id, type}) => isFull || !picturedTypes.has(type) ? undefined : poster(id)));
			return found.map((picture, place) => {
				isFull ||= bytes + (picture?.length ?? 0) > mostBytes;
				if (isFull) {
					leftOut += Number(picturedTypes.has(items[place]!.type));
				}

				if (picture === undefined || isFull) {
					return '';
				}

				bytes += picture.length;
				return Buffer.from(picture).toString('base64');
			});
		},
		end() {
			if (leftOut > 0) {
				say(`The posters of ${plural(leftOut, 'film or show', 'films and shows')} are left out: a page has ${formatBytes(mostBytes)} of them at most.`);
			}
		},
	};
};
