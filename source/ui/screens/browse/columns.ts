import type {ItemSummary, SortField} from '../../../query/types.js';
import {shortDuration, day} from '../../parts/format.js';
import type {BrowseScreen} from './reduce.js';

export type Column = {
	heading: string;
	width: number;
	align: 'left' | 'right';
	sort?: SortField;
	value: (item: ItemSummary) => string;
};

const year: Column = {
	heading: 'Year', width: 4, align: 'right', sort: 'year', value: ({year: value}) => value === undefined ? '' : String(value),
};

const duration: Column = {
	heading: 'Length', width: 7, align: 'right', sort: 'duration', value: ({durationMs}) => shortDuration(durationMs),
};

const resolution: Column = {
	heading: 'Video', width: 5, align: 'right', sort: 'resolution', value: item => item.resolution === undefined ? '' : shownResolution(item.resolution),
};

const rating: Column = {
	heading: 'Rating', width: 6, align: 'right', sort: 'rating', value: ({rating: value}) => value === undefined ? '' : value.toFixed(1),
};

const added: Column = {
	heading: 'Added', width: 10, align: 'left', sort: 'added', value: ({addedAt}) => day(addedAt),
};

const state: Column = {
	heading: 'State', width: 7, align: 'left', value: summary => stateOf(summary),
};

const versions: Column = {
	heading: 'Versions', width: 8, align: 'right', value: ({versions: value}) => value > 1 ? String(value) : '',
};

const hdr: Column = {
	heading: 'HDR', width: 12, align: 'left', value: item => item.hdr ?? '',
};

const episodes: Column = {
	heading: 'Episodes', width: 8, align: 'right', value: ({leafCount}) => leafCount === undefined ? '' : String(leafCount),
};

const aired: Column = {
	heading: 'Aired', width: 10, align: 'left', sort: 'year', value: ({releaseDate}) => releaseDate ?? '',
};

const number: Column = {
	heading: 'No.', width: 7, align: 'right', sort: 'number', value: item => episodeNumber(item),
};

/**
Most important first: the first column that does not fit is left out, with all that follow.
*/
const byLevel: Record<BrowseScreen['level'], readonly Column[]> = {
	movie: [year, duration, resolution, state, rating, added, versions, hdr],
	show: [year, episodes, state, rating, added],
	season: [episodes, year, state, added],
	episode: [number, duration, aired, resolution, state, rating, added, versions, hdr],
};

/**
Plex says `1080`, people say 1080p.
*/
const shownResolution = (value: string) => /^\d+$/v.test(value) ? `${value}p` : value.toUpperCase();

const episodeNumber = ({seasonNumber, episodeNumber: episode}: ItemSummary) =>
	episode === undefined ? '' : `S${String(seasonNumber ?? 0).padStart(2, '0')}E${String(episode).padStart(2, '0')}`;

const gap = 2;
const smallestTitle = 20;

/**
Cells of the pointer before each row.
*/
export const pointerWidth = 2;

/**
The columns that fit, and what is left for the title.
*/
export const fitColumns = (level: BrowseScreen['level'], columns: number): {columns: Column[]; titleWidth: number} => {
	const fitted: Column[] = [];
	let titleWidth = columns - pointerWidth;
	// On a narrow terminal only two columns can be read.
	const most = columns < 60 ? 1 : Infinity;
	for (const column of byLevel[level]) {
		const left = titleWidth - column.width - gap;
		if (left < smallestTitle || fitted.length >= most) {
			break;
		}

		titleWidth = left;
		fitted.push(column);
	}

	return {columns: fitted, titleWidth};
};

export const columnGap = ' '.repeat(gap);

const stateOf = ({isMissing, isTrashed, isWatched}: ItemSummary): string => {
	if (isMissing) {
		return 'gone';
	}

	return isTrashed ? 'trash' : (isWatched ? 'watched' : '');
};
