import {resolutionRank} from '../catalog/quality.js';
import {createSlices} from './slices.js';
import type {ItemSummary} from './types.js';

/**
What the movies and episodes of a library amount to.
*/
export type LibrarySum = {
	videos: number;
	durationMs: number;
	/**
	How many have a picture of 4K or more, and how many one of high dynamic range.
	*/
	uhd: number;
	hdr: number;
	/**
	The one that was added last.
	*/
	newest: {id: string; addedAt: string} | undefined;
};

type Counted = Pick<ItemSummary, 'id' | 'type' | 'libraryId' | 'durationMs' | 'resolution' | 'hdr' | 'addedAt'>;

const uhdRank = 2160;
const checkEvery = 256;

/**
The sums by the id of the library, made in slices.
*/
export const sumLibraries = async (summaries: Iterable<Counted>, slices = createSlices()): Promise<Map<string, LibrarySum>> => {
	const sums = new Map<string, LibrarySum>();
	let seen = 0;
	for (const {id, type, libraryId, durationMs = 0, resolution, hdr, addedAt} of summaries) {
		if (++seen % checkEvery === 0 && slices.isOver()) {
			await slices.pause();
		}

		if (type !== 'movie' && type !== 'episode') {
			continue;
		}

		const sum = sums.get(libraryId) ?? {
			videos: 0, durationMs: 0, uhd: 0, hdr: 0, newest: undefined,
		};
		sum.videos++;
		sum.durationMs += durationMs;
		sum.uhd += (resolutionRank(resolution) ?? 0) >= uhdRank ? 1 : 0;
		sum.hdr += hdr === undefined ? 0 : 1;
		if (addedAt !== undefined && addedAt > (sum.newest?.addedAt ?? '')) {
			sum.newest = {id, addedAt};
		}

		sums.set(libraryId, sum);
	}

	return sums;
};
