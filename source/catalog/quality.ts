import type {Version} from './types.js';

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
