import {mediaOf} from './media.js';
import {moviePath, type MovieFacts} from './movie-row.js';
import type {PlexMedia, PlexRow} from './row.js';
import {demoNow} from './section.js';
import type {Oddity, RowChange} from './shelf.js';
import {personOf, tagsOf} from './tags.js';

export type OddMovie = {
	oddities: readonly Oddity[];
	facts: MovieFacts;
	change?: RowChange<PlexRow>;
};

const films = '/srv/films';

const firstMedia = (row: PlexRow): PlexMedia => row.Media![0]!;

const withoutIds = (guid: string): RowChange<PlexRow> => row => {
	row.guid = guid;
	// Legacy and unmatched items have no list of ids and no slug ([KOM], [WS]).
	delete row.Guid;
	delete row.slug;
};

/**
Leaves only what a file shows that no agent knows.
*/
const withoutMetadata: RowChange<PlexRow> = row => {
	delete row.Genre;
	delete row.Country;
	delete row.Director;
	delete row.Writer;
	delete row.Producer;
	delete row.Role;
	delete row.Collection;
	delete row.Label;
	delete row.Rating;
	delete row.rating;
	delete row.ratingImage;
	delete row.audienceRating;
	delete row.audienceRatingImage;
	delete row.tagline;
	delete row.studio;
	delete row.contentRating;
};

const edition = (title: string | undefined): OddMovie => ({
	oddities: ['editions-share-guid'],
	facts: {title: 'The Tin Cartographer', year: 1988, minutes: title === undefined ? 104 : 121},
	change(row) {
		row.guid = 'plex://movie/5d77aaaa0001aa001f0a0001';
		row.slug = 'the-tin-cartographer-1988';
		row.Guid = [{id: 'imdb://tt99000001'}, {id: 'tmdb://9900001'}];
		if (title === undefined) {
			return;
		}

		row.editionTitle = title;
		firstMedia(row).Part![0]!.file = `${films}/The Tin Cartographer (1988) {edition-${title}}/The Tin Cartographer (1988) {edition-${title}}.mkv`;
	},
});

const duplicate = (suffix: string): OddMovie => ({
	oddities: ['duplicate-guid'],
	facts: {title: 'Twice Upon a Quay', year: 1997},
	change(row) {
		row.guid = 'plex://movie/5d77aaaa0002aa001f0a0002';
		row.Guid = [{id: 'imdb://tt99000002'}, {id: 'tmdb://9900002'}];
		firstMedia(row).Part![0]!.file = `${films}/Twice Upon a Quay (1997)${suffix}/Twice Upon a Quay (1997)${suffix}.mkv`;
	},
});

const sharedFile = '/srv/shared/The Borrowed Reel (1934)/The Borrowed Reel (1934).mkv';

const borrowed: OddMovie = {
	oddities: ['same-file-in-two-sections', 'same-guid-in-two-sections'],
	facts: {title: 'The Borrowed Reel', year: 1934, minutes: 81},
	change(row) {
		row.guid = 'plex://movie/5d77aaaa0003aa001f0a0003';
		row.Guid = [{id: 'imdb://tt99000003'}, {id: 'tmdb://9900003'}];
		// One file has one size, whichever section lists it.
		Object.assign(firstMedia(row).Part![0]!, {file: sharedFile, size: 4_981_500_331});
	},
};

export const oddFilms: readonly OddMovie[] = [
	{
		oddities: ['two-versions', 'optimised-copy'],
		facts: {title: 'The Last Lamplighter', year: 2016, minutes: 112},
		change(row) {
			const id = Number(row.ratingKey) * 10;
			const version = (number: number, resolution: '4k' | '1080' | '720', file: string) => mediaOf({
				id: id + number, resolution, durationMs: row.duration!, files: [file], modifiedAt: row.addedAt! + number,
			});
			row.Media = [
				version(0, '4k', moviePath('/srv/films-4k', {title: row.title, year: 2016}, '4k', ' - 2160p')),
				version(1, '1080', moviePath(films, {title: row.title, year: 2016}, '1080', ' - 1080p')),
				{
					...version(2, '720', `${films}/Plex Versions/Optimized for Mobile/The Last Lamplighter (2016).mp4`), proxyType: 42, target: 'Mobile', title: 'Optimised for Mobile',
				},
			];
		},
	},
	edition(undefined),
	edition('Director\'s Cut'),
	edition('Restored, with Score'),
	{
		oddities: ['stacked-parts', 'legacy-imdb'],
		facts: {title: 'Copper Harbour', year: 1958, minutes: 152},
		change(row) {
			withoutIds('com.plexapp.agents.imdb://tt99000004?lang=en')(row);
			const folder = `${films}/Copper Harbour (1958)`;
			row.Media = [mediaOf({
				id: Number(row.ratingKey) * 10, resolution: 'sd', durationMs: row.duration!, files: [`${folder}/Copper Harbour cd1.avi`, `${folder}/Copper Harbour cd2.avi`], modifiedAt: row.addedAt!,
			})];
			delete row.Media[0]!.Part![1]!.duration;
		},
	},
	duplicate(''),
	duplicate(' [copy]'),
	{
		oddities: ['merged-same-file'],
		facts: {title: 'Double Exposure at Isk', year: 2003},
		change(row) {
			row.Media = [firstMedia(row), {...firstMedia(row), id: firstMedia(row).id + 1}];
		},
	},
	{oddities: ['legacy-themoviedb'], facts: {title: 'The Paper Ferry', year: 1976}, change: withoutIds('com.plexapp.agents.themoviedb://9900005?lang=en')},
	{oddities: ['legacy-none'], facts: {title: 'Grandmother\'s Wedding', year: 1961}, change: withoutIds('com.plexapp.agents.none://0a1b2c3d4e5f60718293a4b5c6d7e8f901234567?lang=xn')},
	{
		oddities: ['unmatched-local'],
		facts: {title: 'vlc-record-2019-03-02-20h15m01s', year: 2019},
		change(row) {
			withoutIds(`local://${row.ratingKey}`)(row);
			withoutMetadata(row);
		},
	},
	{
		oddities: ['no-year'], facts: {title: 'The Undated Almanac', year: 2001}, change(row) {
			delete row.year;
			delete row.originallyAvailableAt;
		},
	},
	{
		oddities: ['no-duration', 'media-only-id'], facts: {title: 'Not Analysed Yet', year: 2024}, change(row) {
			delete row.duration;
			row.Media = [{id: firstMedia(row).id}];
		},
	},
	{
		oddities: ['no-updated-at'], facts: {title: 'The Untouched Ledger', year: 1999}, change(row) {
			delete row.updatedAt;
		},
	},
	{
		oddities: ['no-media'], facts: {title: 'The Empty Canister', year: 1948}, change(row) {
			delete row.Media;
		},
	},
	{
		oddities: ['media-without-part'], facts: {title: 'A Reel without a Can', year: 1952}, change(row) {
			delete firstMedia(row).Part;
		},
	},
	{
		oddities: ['no-file-path'], facts: {title: 'Behind the Curtain of Zeel', year: 2011}, change(row) {
			delete firstMedia(row).Part![0]!.file;
		},
	},
	{
		oddities: ['trashed'], facts: {title: 'The Discarded Overture', year: 1983}, change(row) {
			row.deletedAt = demoNow - 86_400;
		},
	},
	{
		oddities: ['future-added'], facts: {title: 'Postcards from Next Year', year: 2030}, change(row) {
			row.addedAt = 4_000_000_000;
		},
	},
	{
		oddities: ['negative-added'], facts: {title: 'Before the Epoch', year: 1969}, change(row) {
			row.addedAt = -1;
		},
	},
	{
		oddities: ['cjk-title'], facts: {
			title: '狂った一頁', year: 1926, minutes: 71, countries: ['Japan'], genres: ['Drama', 'Horror'], directors: ['衣笠貞之助'], cast: [['井上正夫', '小使'], ['中川芳江', '妻'], ['飯島綾子', '娘']],
		},
	},
	{oddities: ['cjk-title'], facts: {title: '雨の灯台と忘れられた時計職人の長い長い夜', year: 2018, originalTitle: '雨の灯台'}},
	{oddities: ['emoji-title'], facts: {title: '🎞️ The 👩‍🚀 of Varn 🇸🇪', year: 2021}},
	{oddities: ['rtl-title'], facts: {title: 'منارة البحر القديم', year: 2009}},
	{oddities: ['rtl-title'], facts: {title: 'השען האחרון של יפו', year: 2014}},
	{oddities: ['bidi-override-title'], facts: {title: 'The \u{202E}sdrawkcab\u{202C} Reel', year: 1991}},
	{
		oddities: ['escape-title'], facts: {title: '\u{1B}]0;owned\u{7}\u{1B}[2JThe \u{1B}[31mRed\u{1B}[0m Signal', year: 1987}, change(row) {
			row.summary = 'A summary that rings \u{7} and clears \u{1B}[2J the screen.\u{9B}31m';
		},
	},
	{
		oddities: ['proto-title'], facts: {
			title: '__proto__', year: 1970, genres: ['constructor', '__proto__'], directors: ['__proto__'],
		},
	},
	{
		oddities: ['title-with-newline'], facts: {title: ' The Two\r\nLined Sign ', year: 1995}, change(row) {
			row.summary = 'First line.\r\n\r\nThird line, after an empty one.';
		},
	},
	{
		oddities: ['huge-summary'], facts: {title: 'The Longest Synopsis', year: 2007}, change(row) {
			row.summary = 'It goes on, and on, and then the lighthouse speaks. '.repeat(1970);
		},
	},
	{
		oddities: ['no-summary'], facts: {title: 'Nothing to Say', year: 1966}, change(row) {
			row.summary = '';
		},
	},
	{
		oddities: ['quoted-names'],
		facts: {
			title: 'O\'Dowd, "Quills" & <Sons>', year: 1979, directors: ['Seán "Buzz" O\'Malley, Jr.', 'Brandt, Ines'], writers: ['D\'Arcy, Noël', 'Ines Brandt'],
			cast: [[String.raw`Wanda "The \ Slash" Lund`, 'Mrs. \u{201C}Ohm\u{201D}, widow'], ['Theo, Son of Theo', 'Captain\r\nthen Admiral']],
		},
	},
	{
		oddities: ['decomposed-path'], facts: {title: 'Café Linnéa', year: 2005}, change(row) {
			const part = firstMedia(row).Part![0]!;
			part.file = part.file!.normalize('NFD');
		},
	},
	{
		oddities: ['locked-and-labelled'], facts: {title: 'The Curator\'s Choice', year: 1993}, change(row) {
			row.Label = tagsOf('label', ['Keep', 'Kids, supervised']);
			row.Collection = tagsOf('collection', ['Harbour Trilogy', 'The Drama Shelf', 'Seen Twice']);
			row.Field = [{locked: true, name: 'titleSort'}, {locked: true, name: 'collection'}];
			row.titleSort = 'Zz Curator';
		},
	},
	borrowed,
	{
		oddities: ['several-ids'], facts: {title: 'One Film, Many Numbers', year: 2012}, change(row) {
			row.Guid = [{id: 'imdb://tt99000006'}, {id: 'imdb://tt99000007'}, {id: 'tmdb://9900006'}, {id: 'tvdb://9900006'}, {id: 'tvdb://9900007'}];
		},
	},
	{
		oddities: ['long-cast'], facts: {title: 'The Whole Town of Quillhaven', year: 2000}, change(row) {
			row.Role = Array.from({length: 200}, (_, number) => personOf('actor', `Extra No. ${number + 1}`, `Townsperson ${number + 1}`));
		},
	},
	{
		oddities: ['watched'], facts: {title: 'Seen and Rated', year: 1990}, change(row) {
			Object.assign(row, {
				viewCount: 3, lastViewedAt: demoNow - 5000, userRating: 9, lastRatedAt: demoNow - 4000,
			});
			delete row.viewOffset;
		},
	},
	{
		oddities: ['part-watched'], facts: {title: 'Halfway to Olvaro', year: 1994}, change(row) {
			row.viewOffset = Math.floor(row.duration! / 2);
			row.lastViewedAt = demoNow - 3000;
			delete row.viewCount;
		},
	},
];

export const oddClassics: readonly OddMovie[] = [
	borrowed,
	{
		oddities: ['same-guid-in-two-sections'], facts: {title: 'The Tin Cartographer', year: 1988, minutes: 104}, change(row) {
			edition(undefined).change!(row);
			firstMedia(row).Part![0]!.file = '/srv/classics/The Tin Cartographer (1988).mkv';
		},
	},
];

/**
Home videos have no ids, and a year from the date of the file, which may be nonsense.
*/
export const homeClips: readonly OddMovie[] = ['Birthday 2014', 'MVI_0042', 'Ferry at dawn', 'School play, second act'].map((title, number) => ({
	oddities: ['home-video'],
	facts: {title, year: number === 1 ? 2036 : 2014 + number, minutes: 2 + number},
	change(row) {
		withoutIds(`tv.plex.agents.none://${row.ratingKey}`)(row);
		withoutMetadata(row);

		Object.assign(row, {
			subtype: 'clip', summary: '', createdAtAccuracy: 'epoch,local', createdAtTZOffset: '7200',
		});
		firstMedia(row).Part![0]!.file = `/srv/clips/${title}.mp4`;
	},
}));
