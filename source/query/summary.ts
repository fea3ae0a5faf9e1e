import {bestVersion} from '../catalog/quality.js';
import type {Item, Rating} from '../catalog/types.js';
import {sortKeyOf} from './fold.js';
import type {ItemSummary} from './types.js';

/**
Gives one string for equal ones, so that what many items share is kept once.
*/
export type Intern = <Text extends string | undefined>(text: Text) => Text;

/**
What the index keeps of an item.
*/
export const summarize = (item: Item, intern: Intern = text => text): ItemSummary => {
	const version = bestVersion(item.versions);
	return {
		id: item.id,
		type: item.type,
		libraryId: intern(item.libraryId),
		ratingKey: item.ratingKey,
		showId: intern(item.showId),
		seasonId: intern(item.seasonId),
		seasonNumber: item.seasonNumber,
		episodeNumber: item.episodeNumber,
		title: item.title,
		sortKey: sortKeyOf(item.title, item.titleSort),
		editionTitle: intern(item.editionTitle),
		year: item.year,
		releaseDate: item.releaseDate,
		addedAt: item.addedAt,
		durationMs: item.durationMs ?? version?.durationMs,
		resolution: intern(version?.resolution),
		hdr: intern(version?.hdr),
		videoCodec: intern(version?.videoCodec),
		versions: item.versions.length,
		rating: mainRating(item.ratings)?.value,
		isWatched: (item.viewState?.viewCount ?? 0) > 0 && (item.type === 'movie' || item.type === 'episode'),
		isTrashed: item.trashedAt !== undefined,
		isMissing: item.missingSince !== undefined,
		leafCount: item.leafCount,
		fileIds: fileIdsOf(item),
	};
};

const none: readonly string[] = [];

const fileIdsOf = ({versions}: Item): readonly string[] => {
	const [version] = versions;
	if (version === undefined) {
		return none;
	}

	return versions.length === 1 && version.parts.length === 1
		? [version.parts[0]!.fileId]
		: [...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))];
};

/**
What the audience says, else the critics.
*/
export const mainRating = (ratings: readonly Rating[]): Rating | undefined =>
	ratings.find(({kind}) => kind === 'audience') ?? ratings[0];
