export type ItemPreset = {columns: readonly string[]; sort?: string; about: string};

/**
Columns, and an order, for what people often look for.
*/
export const itemPresets: ReadonlyMap<string, ItemPreset> = new Map(Object.entries({
	quality: {about: 'picture and sound', columns: ['title', 'year', 'res', 'hdr', 'codec', 'audioCodec', 'channels', 'bitrate', 'size']},
	languages: {about: 'languages of sound and subtitles', columns: ['title', 'year', 'audio', 'sub']},
	space: {about: 'what takes room, the largest first', columns: ['title', 'year', 'size', 'gbph', 'len', 'res', 'codec', 'versions', 'copies'], sort: '-size'},
	watching: {about: 'what was watched, the latest first', columns: ['show', 'season', 'episode', 'title', 'watched', 'plays', 'viewed'], sort: '-viewed'},
	people: {about: 'who made it', columns: ['title', 'year', 'director', 'writer', 'actor']},
	tags: {about: 'genres, countries, studios, collections and labels', columns: ['title', 'year', 'genre', 'country', 'studio', 'collection', 'label']},
	ids: {about: 'ids at IMDb, TMDB and TVDB', columns: ['title', 'year', 'imdb', 'tmdb', 'tvdb', 'guid']},
	dates: {about: 'what is new, the latest first', columns: ['title', 'year', 'released', 'added', 'updated'], sort: '-added'},
	ratings: {about: 'ratings, the best first', columns: ['title', 'year', 'rating', 'userRating', 'contentRating'], sort: '-rating'},
	files: {about: 'containers and paths', columns: ['title', 'year', 'container', 'size', 'path']},
}));
