import {mediaOf} from './media.js';
import {demoNow} from './section.js';
import type {PlexRow} from './row.js';
import type {ShowPlan} from './show-plan.js';

const harbour = String.raw`D:\TV\Harbour of Glass\Season 01\Harbour of Glass - `;

const both = (row: PlexRow) => {
	// Two episodes in one file: each shows the whole file ([ETV] legacy#1164).
	row.duration = 5_400_000;
	row.Media = [mediaOf({
		id: Number(row.ratingKey) * 10, resolution: '1080', durationMs: 5_400_000, files: [`${harbour}S01E01-E02.mkv`], modifiedAt: 1_699_990_000,
	})];
	row.Media[0]!.Part![0]!.size = 3_900_000_000;
};

const harbourOfGlass: ShowPlan = {
	title: 'Harbour of Glass',
	year: 2019,
	oddities: ['specials', 'windows-path'],
	seasons: [
		{number: 0, episodes: 2},
		{
			number: 1,
			episodes: 8,
			odd: {
				0: {oddities: ['multi-episode-file'], title: 'Ebb', change: both},
				1: {oddities: ['multi-episode-file'], title: 'Flow', change: both},
				2: {
					oddities: ['split-episode'], title: 'Undertow', change(row) {
						row.Media = [mediaOf({
							id: Number(row.ratingKey) * 10, resolution: '1080', durationMs: 5_000_000, files: [`${harbour}S01E03 - pt1.mkv`, `${harbour}S01E03 - pt2.mkv`], modifiedAt: 1_699_990_003,
						})];
					},
				},
				3: {
					oddities: ['episode-versions'], title: 'Spring Tide', change(row) {
						const id = Number(row.ratingKey) * 10;
						row.Media = (['4k', '720'] as const).map((resolution, number) => mediaOf({
							id: id + number, resolution, durationMs: row.duration!, files: [`${harbour}S01E04.${resolution}.mkv`], modifiedAt: 1_699_990_005,
						}));
					},
				},
				4: {
					oddities: ['unmatched-local'], title: 'Episode 5', change(row) {
						row.guid = `local://${row.ratingKey}`;
						row.summary = '';
						delete row.Guid;
						delete row.originallyAvailableAt;
						delete row.year;
					},
				},
				5: {
					oddities: ['trashed'], title: 'Wrack Line', change(row) {
						row.deletedAt = demoNow - 7200;
					},
				},
				6: {
					oddities: ['media-only-id', 'no-updated-at'], title: 'Fetch', change(row) {
						row.Media = [{id: Number(row.ratingKey) * 10}];
						delete row.duration;
						delete row.updatedAt;
					},
				},
			},
		},
		{
			number: 2,
			episodes: 6,
			odd: {
				0: {oddities: ['episode-zero'], index: 0, title: 'Prologue'},
				1: {index: 1},
				2: {index: 2},
				3: {oddities: ['number-gap'], index: 5},
				4: {index: 6},
				5: {index: 9},
			},
		},
		{number: 4, episodes: 4},
	],
};

const tvdb = (show: number) => (season?: number, episode?: number, date?: string) =>
	`com.plexapp.agents.thetvdb://${[show, season, date ?? episode].filter(part => part !== undefined).join('/')}?lang=en`;

export const oddSeries: readonly ShowPlan[] = [
	harbourOfGlass,
	{
		title: 'The Copper Constabulary',
		year: 1974,
		oddities: ['legacy-thetvdb', 'junk-rating'],
		seasons: [{number: 1, episodes: 13}, {number: 2, episodes: 13}],
		legacyGuid: tvdb(990_100),
		change(row) {
			row.rating = 2049;
			delete row.ratingImage;
			delete row.audienceRating;
			delete row.audienceRatingImage;
			delete row.Rating;
			row.banner = `/library/metadata/${row.ratingKey}/banner/${row.updatedAt}`;
		},
	},
	{
		title: 'Three Numbers for One Street',
		year: 2008,
		oddities: ['several-ids', 'season-without-episodes'],
		seasons: [{number: 0, episodes: 0}, {number: 1, episodes: 10}],
		change(row) {
			row.Guid = [{id: 'imdb://tt99010001'}, {id: 'tmdb://9901001'}, {id: 'tvdb://9901001'}, {id: 'tvdb://9901002'}];
			row.Location = [{path: String.raw`D:\TV\Three Numbers`}, {path: String.raw`E:\TV\Three Numbers for One Street`}];
		},
	},
	{
		title: 'Ledger of the Lost Tram', year: 1989, oddities: ['legacy-themoviedb-show'], seasons: [{number: 1, episodes: 6}],
		legacyGuid: (season, episode) => `com.plexapp.agents.themoviedb://${[9_901_200, season, episode].filter(part => part !== undefined).join('/')}?lang=en`,
	},
	{
		title: 'The Unlisted Lighthouse', year: 2015, oddities: ['show-not-listed'], visibility: 'detail-only', seasons: [{number: 1, episodes: 3}],
	},
	{
		title: 'The Vanished Signal', year: 2013, oddities: ['show-unknown'], visibility: 'nobody', seasons: [{number: 1, episodes: 2}],
	},
	{
		title: 'Announced but Never Filmed', year: 2025, oddities: ['show-without-episodes'], seasons: [],
	},
];

export const oddAnime: readonly ShowPlan[] = [
	{
		title: 'The Nightly Tide', year: 2022, oddities: ['date-based', 'hidden-seasons'], isDated: true, hidesSeasons: 'listed', seasons: [{number: 2023, episodes: 30}, {number: 2024, episodes: 40}],
		legacyGuid: tvdb(990_200),
	},
	{
		title: 'Morning Ferry News', year: 2024, oddities: ['date-based', 'hidden-seasons', 'unlisted-season'], isDated: true, hidesSeasons: 'unlisted', seasons: [{number: 2024, episodes: 20}],
	},
	{
		title: '硝子の羅針盤', year: 2004, oddities: ['cjk-title', 'legacy-hama', 'absolute-numbers'], seasons: [{number: 1, episodes: 118}],
		legacyGuid: (season, episode) => `com.plexapp.agents.hama://${['anidb-99023', season, episode].filter(part => part !== undefined).join('/')}?lang=en`,
		change(row) {
			row.originalTitle = '硝子の羅針盤';
			row.showOrdering = 'absolute';
		},
	},
	{
		title: 'Puppet Theatre in the Attic', year: 1996, oddities: ['legacy-none'], seasons: [{number: 1, episodes: 4}],
		legacyGuid: (season, episode) => `com.plexapp.agents.none://${['77aa99', season, episode].filter(part => part !== undefined).join('/')}?lang=xn`,
	},
];
