import type {
	PlexMedia,
	PlexPart,
	PlexRow,
	PlexTag,
} from './row.js';
import {firstExtraKey} from './movie-row.js';
import {demoNow} from './section.js';

type DetailSwitches = {includeChapters: boolean; includeMarkers: boolean; includeExtras: boolean};

/**
Adds what a detail answer contains only on request. Chapters, and markers too, share one id within an item ([REC]).
*/
export const detailRow = (row: PlexRow, {includeChapters, includeMarkers, includeExtras}: DetailSwitches): PlexRow => {
	const {duration, Media} = row;
	if (duration === undefined || Media?.[0]?.Part === undefined) {
		return row;
	}

	const id = Number(row.ratingKey) + (demoNow % 1000);
	const chapters = Math.min(12, Math.max(1, Math.floor(duration / 600_000)));
	return {
		...row,
		...(includeChapters && {
			Chapter: Array.from({length: chapters}, (_, index) => ({
				id: 4,
				filter: 'thumb=4',
				index: index + 1,
				startTimeOffset: index * 600_000,
				endTimeOffset: index === chapters - 1 ? String(duration) : (index + 1) * 600_000,
				// Chapters have names in some files only.
				...(row.type === 'movie' && id % 3 === 0 && {tag: index === 0 ? 'Opening' : `Reel ${index + 1}`}),
				thumb: `/library/media/${Media[0]!.id}/chapterImages/${index + 1}`,
			})),
		}),
		...(includeMarkers && row.type === 'episode' && {
			Marker: [
				{
					id, type: 'intro', startTimeOffset: 30_000, endTimeOffset: 75_000, Attributes: {id, version: 5},
				},
				...(id % 7 === 0
					? [{
						id, type: 'commercial', startTimeOffset: '300000', endTimeOffset: '390000', Attributes: {id, version: 5},
					}]
					: []),
				{
					final: true, id, type: 'credits', startTimeOffset: duration - 90_000, endTimeOffset: duration, Attributes: {id, version: 4},
				},
			],
		}),
		...(includeExtras && row.primaryExtraKey !== undefined && {Extras: extrasOf(row)}),
	};
};

/**
A trailer from the internet, and what lies in a folder beside the film. Old servers send only the number of the kind.
*/
const extrasOf = ({ratingKey, title, addedAt}: PlexRow): PlexRow['Extras'] => {
	const key = firstExtraKey(Number(ratingKey));
	const extra = (position: number, name: string, facts: Record<string, unknown>) => ({
		ratingKey: String(key + position),
		key: `/library/metadata/${key + position}`,
		guid: `file:///extras/${key + position}`,
		type: 'clip',
		title: name,
		index: position + 1,
		addedAt,
		thumb: `/library/metadata/${key + position}/thumb/${addedAt}`,
		...facts,
	});
	return {
		size: 3,
		Metadata: [
			extra(0, `${title}: Trailer`, {subtype: 'trailer', extraType: 1, duration: 143_000}),
			extra(1, 'Behind the scenes', {subtype: 'behindTheScenes', extraType: '5', duration: '611000'}),
			extra(2, 'A scene that was cut', {extraType: 2, duration: 98_000}),
		],
	};
};

/**
Reduces a row to what a list shows. Lists carry at most two genres, countries and writers, three directors and cast members, all without ids; no producers, labels, ratings, streams or locks; external ids only on request; the section only on the container ([REC], [OFF]).
*/
export const listRow = (row: PlexRow, {includeGuids}: {includeGuids: boolean}): PlexRow => {
	const {
		librarySectionID: _id,
		librarySectionTitle: _title,
		librarySectionKey: _key,
		Producer: _producers,
		Label: _labels,
		Rating: _ratings,
		Location: _locations,
		Field: _fields,
		Chapter: _chapters,
		Marker: _markers,
		Extras: _extras,
		Guid: guids,
		Genre: genres,
		Country: countries,
		Writer: writers,
		Director: directors,
		Role: roles,
		Collection: collections,
		Media: media,
		...kept
	} = row;
	return {
		...kept,
		...(media !== undefined && {Media: media.map(version => withoutStreams(version))}),
		...(genres !== undefined && {Genre: bare(genres, 2)}),
		...(countries !== undefined && {Country: bare(countries, 2)}),
		...(includeGuids && guids !== undefined && {Guid: guids}),
		...(directors !== undefined && {Director: bare(directors, 3)}),
		...(writers !== undefined && {Writer: bare(writers, 2)}),
		...(roles !== undefined && {Role: bare(roles, 3)}),
		...(collections !== undefined && {Collection: bare(collections, 2)}),
	};
};

const bare = (tags: readonly PlexTag[], most: number): PlexTag[] => tags.slice(0, most).map(({tag}) => ({tag}));

const withoutStreams = (version: PlexMedia): PlexMedia => version.Part === undefined ? version : {...version, Part: version.Part.map(part => partOnly(part))};

const partOnly = ({Stream: _streams, ...part}: PlexPart): PlexPart => part;
