import {artworkOf, pathName, slugOf} from './artwork.js';
import {createDice, hexOf} from './dice.js';
import {containerOf, mediaOf, type Resolution} from './media.js';
import {
	castOf,
	pad,
	scoresOf,
	sortTitleOf,
	viewsOf,
} from './movie-row.js';
import type {PlexRow} from './row.js';
import {demoNow, sectionKeys} from './section.js';
import type {SeasonPlan, ShowPlan} from './show-plan.js';
import {
	peopleOf,
	someName,
	someNames,
	tagsOf,
} from './tags.js';
import {
	adjectives,
	countries,
	genres,
	inventedSummary,
	nouns,
	studios,
} from './words.js';

export type ShowPlace = {
	seed: number;
	sectionKey: string;
	plan: ShowPlan;
	showKey: number;
};

export type SeasonPlace = ShowPlace & {season: SeasonPlan; seasonKey: number};

type EpisodePlace = SeasonPlace & {
	episodeKey: number;
	/**
	Within the season, from 0.
	*/
	position: number;
};

const showStamp = ({seed, showKey}: ShowPlace) => demoNow - 1_000_000 - createDice(seed, showKey, 9).integer(0, 50_000_000);

const guidOf = (kind: 'show' | 'season' | 'episode', {seed, plan}: ShowPlace, key: number, legacy: Parameters<NonNullable<ShowPlan['legacyGuid']>> = []) =>
	plan.legacyGuid?.(...legacy) ?? `plex://${kind}/${hexOf(24, seed, key, 3)}`;

const idsOf = ({plan}: ShowPlace, key: number, providers: readonly string[]) => plan.legacyGuid === undefined
	? {Guid: providers.map(provider => ({id: provider === 'imdb' ? `imdb://tt9${String(key).padStart(7, '0')}` : `${provider}://${9_000_000 + key}`}))}
	: {};

const folderOf = ({sectionKey, plan}: ShowPlace): string => sectionKey === sectionKeys.series
	? String.raw`D:\TV` + '\\' + pathName(plan.title)
	: `${plan.isDated === true ? '/srv/nightly' : '/srv/anime'}/${pathName(plan.title)}`;

export const showRow = (place: ShowPlace): PlexRow => {
	const {seed, plan, showKey} = place;
	const dice = createDice(seed, showKey);
	const key = String(showKey);
	const updatedAt = showStamp(place);
	const leafCount = plan.seasons.reduce((sum, {episodes}) => sum + episodes, 0);
	const hasSpecials = plan.seasons.some(({number}) => number === 0);
	const viewedLeafCount = dice.chance(0.3) ? dice.integer(0, leafCount) : 0;
	const row: PlexRow = {
		ratingKey: key,
		key: `/library/metadata/${key}/children`,
		guid: guidOf('show', place, showKey),
		...(plan.legacyGuid === undefined && {slug: slugOf(plan.title)}),
		studio: dice.pick(studios),
		type: 'show',
		title: plan.title,
		...sortTitleOf(plan.title),
		contentRating: dice.pick(['TV-14', 'TV-MA', 'TV-PG', 'gb/12']),
		summary: inventedSummary(dice, 3),
		index: 1,
		...scoresOf(dice),
		...(viewedLeafCount > 0 && {viewCount: viewedLeafCount, lastViewedAt: demoNow - 90_000}),
		year: plan.year,
		...artworkOf(key, plan.title, updatedAt),
		theme: `/library/metadata/${key}/theme/${updatedAt}`,
		duration: dice.pick([22, 30, 45, 52]) * 60_000,
		originallyAvailableAt: `${plan.year}-${pad(dice.integer(1, 12))}-${pad(dice.integer(1, 28))}`,
		leafCount,
		viewedLeafCount,
		childCount: plan.seasons.length,
		...(hasSpecials && {seasonCount: plan.seasons.length - 1}),
		...(plan.hidesSeasons !== undefined && {skipChildren: true, flattenSeasons: '1'}),
		...(plan.isDated === true && {episodeSort: '1'}),
		addedAt: 1_600_000_000 + dice.integer(0, 140_000_000),
		updatedAt,
		Genre: tagsOf('genre', [...new Set([dice.pick(genres), dice.pick(genres), dice.pick(genres)])]),
		Country: tagsOf('country', [dice.pick(countries)]),
		Role: castOf(dice, dice.integer(8, 20)),
		...idsOf(place, showKey, ['imdb', 'tmdb', 'tvdb', ...showKey % 3 === 0 ? ['tvmaze', 'tmsid'] : []]),
		Location: [{path: folderOf(place)}],
	};
	plan.change?.(row);
	return row;
};

const seasonTitleOf = (number: number) => number === 0 ? 'Specials' : `Season ${number}`;

export const seasonRow = (place: SeasonPlace): PlexRow => {
	const {plan, season, seasonKey, showKey} = place;
	const stamp = showStamp(place);
	const key = String(seasonKey);
	const title = seasonTitleOf(season.number);
	return {
		ratingKey: key,
		key: `/library/metadata/${key}/children`,
		parentRatingKey: String(showKey),
		guid: guidOf('season', place, seasonKey, [season.number]),
		parentGuid: guidOf('show', place, showKey),
		parentSlug: slugOf(plan.title),
		type: 'season',
		title,
		parentKey: `/library/metadata/${showKey}`,
		parentTitle: plan.title,
		summary: '',
		index: season.number,
		parentIndex: 1,
		parentYear: plan.year,
		...artworkOf(key, title, stamp + season.number),
		// A season has no background of its own.
		art: `/library/metadata/${showKey}/art/${stamp}`,
		parentThumb: `/library/metadata/${showKey}/thumb/${stamp}`,
		leafCount: season.episodes,
		viewedLeafCount: 0,
		addedAt: 1_600_000_000 + (seasonKey % 100_000_000),
		updatedAt: stamp + season.number,
		...idsOf(place, seasonKey, ['tmdb', 'tvdb']),
	};
};

const airDateOf = ({plan, season, position}: EpisodePlace): string => {
	const year = season.number > 1900 ? season.number : plan.year + Math.max(0, season.number - 1);
	return new Date(Date.UTC(year, 0, 10 + (position * (plan.isDated === true ? 1 : 7)))).toISOString().slice(0, 10);
};

export const episodeRow = (place: EpisodePlace): PlexRow => {
	const {seed, plan, season, position, showKey, seasonKey, episodeKey} = place;
	const dice = createDice(seed, episodeKey);
	const odd = season.odd?.[position];
	const key = String(episodeKey);
	const stamp = showStamp(place);
	const date = airDateOf(place);
	const number = odd?.index ?? (position + 1);
	const updatedAt = stamp + position;
	const addedAt = 1_600_000_000 + dice.integer(0, 140_000_000);
	const title = odd?.title ?? (plan.isDated === true ? `Edition of ${date}` : `${dice.pick(adjectives)} ${dice.pick(nouns)}`);
	const durationMs = dice.integer(20, 58) * 60_000;
	const resolution = dice.pick<Resolution>(['1080', '1080', '720', 'sd']);
	const isHidesSeasons = plan.hidesSeasons !== undefined;
	const {thumb, UltraBlurColors} = artworkOf(key, title, updatedAt);
	const row: PlexRow = {
		ratingKey: key,
		key: `/library/metadata/${key}`,
		...(!isHidesSeasons && {parentRatingKey: String(seasonKey)}),
		grandparentRatingKey: String(showKey),
		guid: guidOf('episode', place, episodeKey, [season.number, number, plan.isDated === true ? date : undefined]),
		...(!isHidesSeasons && {parentGuid: guidOf('season', place, seasonKey, [season.number])}),
		grandparentGuid: guidOf('show', place, showKey),
		grandparentSlug: slugOf(plan.title),
		type: 'episode',
		title,
		...sortTitleOf(title),
		grandparentKey: `/library/metadata/${showKey}`,
		...(isHidesSeasons ? {skipParent: true} : {parentKey: `/library/metadata/${seasonKey}`, parentTitle: seasonTitleOf(season.number)}),
		grandparentTitle: plan.title,
		contentRating: 'TV-14',
		summary: inventedSummary(dice, 2),
		...(plan.isDated !== true && {index: number}),
		parentIndex: season.number,
		audienceRating: dice.integer(50, 95) / 10,
		audienceRatingImage: 'themoviedb://image.rating',
		...viewsOf(dice, durationMs),
		year: Number(date.slice(0, 4)),
		thumb,
		art: `/library/metadata/${showKey}/art/${stamp}`,
		...(!isHidesSeasons && {parentThumb: `/library/metadata/${seasonKey}/thumb/${stamp + season.number}`}),
		grandparentThumb: `/library/metadata/${showKey}/thumb/${stamp}`,
		grandparentArt: `/library/metadata/${showKey}/art/${stamp}`,
		duration: durationMs,
		originallyAvailableAt: date,
		addedAt,
		updatedAt,
		chapterSource: 'media',
		Media: [mediaOf({
			id: episodeKey * 10, resolution, durationMs, files: [episodePath(place, resolution, plan.isDated === true ? date : `S${pad(season.number)}E${pad(number)}`)], modifiedAt: addedAt,
		})],
		Image: [{alt: title, type: 'snapshot', url: thumb}],
		UltraBlurColors,
		Director: peopleOf('director', [someName(dice)]),
		Writer: peopleOf('writer', someNames(dice, dice.integer(1, 3))),
		Role: castOf(dice, dice.integer(2, 9)),
		...idsOf(place, episodeKey, ['imdb', 'tmdb', 'tvdb']),
		Rating: [{image: 'themoviedb://image.rating', value: dice.integer(50, 95) / 10, type: 'audience'}],
	};
	if (plan.isDated === true) {
		const beginsAt = Date.parse(`${date}T18:00:00Z`) / 1000;
		Object.assign(row.Media![0]!, {
			channelTitle: 'Kanal Nord HD', channelIdentifier: '007', beginsAt, endsAt: String(beginsAt + (durationMs / 1000)),
		});
	}

	odd?.change?.(row);
	return row;
};

const episodePath = (place: EpisodePlace, resolution: Resolution, code: string): string => {
	const folder = folderOf(place);
	const separator = folder.includes('\\') ? '\\' : '/';
	return [folder, `Season ${pad(place.season.number)}`, `${pathName(place.plan.title)} - ${code}.${containerOf(resolution)}`].join(separator);
};
