import type {Oddity, Shelf} from './shelf.js';
import type {ShowPlan} from './show-plan.js';
import {
	episodeRow,
	seasonRow,
	showRow,
	type SeasonPlace,
	type ShowPlace,
} from './show-rows.js';

type ShowShelvesOptions = {
	seed: number;
	sectionKey: string;
	firstKeys: {show: number; season: number; episode: number};
	plans: readonly ShowPlan[];
};

/**
Keys below a show as ranges, because its seasons and its episodes are contiguous.
*/
export type Family = {seasons: KeyRange; episodes: KeyRange};
export type KeyRange = {first: number; count: number};

type ShowShelves = {
	shelves: Shelf[];
	/**
	@returns Undefined when the key is not of a show or season here.
	*/
	familyOf: (ratingKey: number) => Family | undefined;
};

export const showShelves = ({seed, sectionKey, firstKeys, plans}: ShowShelvesOptions): ShowShelves => {
	const seasons = plans.flatMap((plan, show) => plan.seasons.map(season => ({plan, show, season})));
	const firstSeasonOf = runningSums(plans.map(plan => plan.seasons.length));
	const firstEpisodeOf = runningSums(seasons.map(({season}) => season.episodes));

	const showPlace = (show: number): ShowPlace => ({
		seed, sectionKey, plan: plans[show]!, showKey: firstKeys.show + show,
	});
	const seasonPlace = (index: number): SeasonPlace => ({...showPlace(seasons[index]!.show), season: seasons[index]!.season, seasonKey: firstKeys.season + index});
	const episodePlace = (index: number) => {
		const season = lastAtMost(firstEpisodeOf, index);
		return {...seasonPlace(season), episodeKey: firstKeys.episode + index, position: index - firstEpisodeOf[season]!};
	};

	const episodeOddities = new Map<number, readonly Oddity[]>();
	for (const [index, {season}] of seasons.entries()) {
		for (const [position, {oddities}] of Object.entries(season.odd ?? {})) {
			if (oddities !== undefined) {
				episodeOddities.set(firstEpisodeOf[index]! + Number(position), oddities);
			}
		}
	}

	const shelves: Shelf[] = [
		{
			sectionKey,
			type: 2,
			firstKey: firstKeys.show,
			count: plans.length,
			build: index => showRow(showPlace(index)),
			isUnlisted: index => plans[index]!.visibility !== undefined,
			isUnknown: index => plans[index]!.visibility === 'nobody',
			oddities: new Map(plans.flatMap(({oddities}, index) => oddities === undefined ? [] : [[index, oddities] as const])),
		},
		{
			sectionKey,
			type: 3,
			firstKey: firstKeys.season,
			count: seasons.length,
			build: index => seasonRow(seasonPlace(index)),
			isUnlisted: index => seasons[index]!.plan.visibility !== undefined || seasons[index]!.plan.hidesSeasons === 'unlisted',
			isUnknown: index => seasons[index]!.plan.visibility === 'nobody',
			oddities: new Map(),
		},
		{
			sectionKey,
			type: 4,
			firstKey: firstKeys.episode,
			count: firstEpisodeOf.at(-1)!,
			build: index => episodeRow(episodePlace(index)),
			oddities: episodeOddities,
		},
	];

	const familyFrom = (firstSeason: number, afterSeason: number): Family => ({
		seasons: {first: firstKeys.season + firstSeason, count: afterSeason - firstSeason},
		episodes: {first: firstKeys.episode + firstEpisodeOf[firstSeason]!, count: firstEpisodeOf[afterSeason]! - firstEpisodeOf[firstSeason]!},
	});

	return {
		shelves,
		familyOf(ratingKey) {
			const show = ratingKey - firstKeys.show;
			if (show >= 0 && show < plans.length) {
				return familyFrom(firstSeasonOf[show]!, firstSeasonOf[show + 1]!);
			}

			const season = ratingKey - firstKeys.season;
			return season >= 0 && season < seasons.length ? familyFrom(season, season + 1) : undefined;
		},
	};
};

/**
One element longer than the counts: the last is the total.
*/
const runningSums = (counts: readonly number[]): number[] => {
	const sums = [0];
	for (const count of counts) {
		sums.push(sums.at(-1)! + count);
	}

	return sums;
};

/**
The last position that holds at most `value`. Empty seasons share a start with their successor, so the last one counts.
*/
const lastAtMost = (sorted: readonly number[], value: number): number => {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (sorted[middle]! <= value) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}

	return low;
};
