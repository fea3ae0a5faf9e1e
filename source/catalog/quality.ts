import type {
	Item,
	Part,
	Rating,
	Version,
} from './types.js';

const names = new Map([['sd', 400], ['2k', 1440], ['4k', 2160], ['8k', 4320]]);
// Every comparison of a sort asks for ranks, and a server uses few names.
const ranks = new Map<string, number | undefined>();

/**
The number of lines of the picture, if Plex's name of the resolution tells it.
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
@example
```
resolutionName('1080'); //=> '1080p'
resolutionName('4k'); //=> '4K'
```
*/
export const resolutionName = (resolution: string): string => /^\d+$/v.test(resolution) ? `${resolution}p` : resolution.toUpperCase();

/**
Whether Plex made the version of another one, to stream it more easily or to stand in for it.
*/
export const isCopy = ({optimized, proxy}: Pick<Version, 'optimized' | 'proxy'>): boolean => optimized === true || proxy === true;

/**
The versions that are no copies; all of them if there is nothing else.
*/
export const originalVersions = (versions: readonly Version[]): readonly Version[] => {
	const originals = versions.filter(version => !isCopy(version));
	return originals.length === 0 ? versions : originals;
};

/**
The sharpest version; Plex's own order has no meaning. Copies that Plex made for streaming count only if there is nothing else.
*/
export const bestVersion = (versions: readonly Version[]): Version | undefined => versions.length < 2 ? versions[0] : originalVersions(versions).toSorted(bySharpness)[0];

const bySharpness = (left: Version, right: Version) => {
	const byLines = (resolutionRank(right.resolution) ?? 0) - (resolutionRank(left.resolution) ?? 0);
	return byLines === 0 ? (right.bitrateKbps ?? 0) - (left.bitrateKbps ?? 0) : byLines;
};

/**
Whether the server has lost an item: it is gone, or in the trash because its files are.
*/
export const isLost = ({trashedAt, missingSince}: Pick<Item, 'trashedAt' | 'missingSince'>): boolean => trashedAt !== undefined || missingSince !== undefined;

/**
The best version of an item that can be played as a whole: the server has not lost the item nor a part of the version, and the player can reach each part.
*/
export const playableVersion = (item: Pick<Item, 'versions' | 'trashedAt' | 'missingSince'>, isReachable: (part: Part) => boolean): Version | undefined => isLost(item)
	? undefined
	: bestVersion(item.versions.filter(({parts}) => parts.length > 0 && parts.every(part => part.unavailable !== true && isReachable(part))));

/**
The first rating of the audience, else the first one of the critics.
*/
export const mainRating = (ratings: readonly Rating[]): Rating | undefined =>
	ratings.find(({kind}) => kind === 'audience') ?? ratings[0];
