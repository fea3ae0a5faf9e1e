import type {
	PlexMedia,
	PlexPart,
	PlexRow,
	PlexTag,
} from './row.js';

/**
What a list shows of a row. Lists carry at most two genres, countries and writers, three directors and cast members, all without ids; no producers, labels, ratings, streams or locks; external ids only when asked for; the section only on the container ([REC], [OFF]).
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
