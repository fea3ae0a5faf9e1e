import type {Item, Rating, Version} from '../catalog/types.js';
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

const names = new Map([['sd', 400], ['2k', 1440], ['4k', 2160], ['8k', 4320]]);
// Asked for at every comparison; a server uses a handful of names.
const ranks = new Map<string, number | undefined>();

/**
Lines of the picture, as far as Plex's name of a resolution says.
*/
export const resolutionRank = (resolution: string | undefined): number | undefined => {
	if (resolution === undefined) {
		return undefined;
	}

	if (!ranks.has(resolution)) {
		if (ranks.size > 1000) {
			ranks.clear();
		}

		ranks.set(resolution, readRank(resolution));
	}

	return ranks.get(resolution);
};

const readRank = (resolution: string) => {
	const lines = /^\d+/v.exec(resolution)?.[0];
	return names.get(resolution.toLowerCase()) ?? (lines === undefined ? undefined : Number(lines));
};

/**
The sharpest; Plex's own order says nothing. A copy made for streaming only where there is nothing else.
*/
export const bestVersion = (versions: readonly Version[]): Version | undefined => {
	if (versions.length < 2) {
		return versions[0];
	}

	const originals = versions.filter(({optimized}) => optimized !== true);
	return (originals.length === 0 ? [...versions] : originals).toSorted(bySharpness)[0];
};

const bySharpness = (left: Version, right: Version) => {
	const byLines = (resolutionRank(right.resolution) ?? 0) - (resolutionRank(left.resolution) ?? 0);
	return byLines === 0 ? (right.bitrateKbps ?? 0) - (left.bitrateKbps ?? 0) : byLines;
};

/**
What the audience says, else the critics.
*/
export const mainRating = (ratings: readonly Rating[]): Rating | undefined =>
	ratings.find(({kind}) => kind === 'audience') ?? ratings[0];
