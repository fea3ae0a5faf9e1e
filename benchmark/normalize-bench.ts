import process from 'node:process';
import {normalize} from '../source/plex/normalize/normalize.js';

/**
Measures the microseconds that normalising takes per row: `tsx benchmark/normalize-bench.ts [ROWS]`.
*/
const rows = Number(process.argv[2] ?? 20_000);

const streams = (count: number) => Array.from({length: count}, (_, index) => ({
	id: index, streamType: index === 0 ? 1 : (index < 3 ? 2 : 3), codec: 'x', languageTag: 'sv', colorTrc: 'smpte2084', channels: 6,
}));

const movie = (index: number) => ({
	ratingKey: String(index), type: 'movie', guid: `plex://movie/${index}`, title: `Film ${index}`, year: 1920 + (index % 100), summary: 'A film. '.repeat(40),
	addedAt: 1_600_000_000 + index, updatedAt: 1_700_000_000, originallyAvailableAt: '1927-01-10', duration: 5_400_000, studio: `Studio ${index % 300}`,
	thumb: `/library/metadata/${index}/thumb/1`, art: `/library/metadata/${index}/art/1`,
	Genre: [{tag: 'Drama'}, {tag: 'Thriller'}, {tag: 'Silent'}], Country: [{tag: 'Germany'}], Guid: [{id: `imdb://tt${index}`}, {id: `tmdb://${index}`}, {id: `tvdb://${index}`}],
	Rating: [{image: 'imdb://image.rating', value: 7.4, type: 'audience'}, {image: 'rottentomatoes://image.rating.ripe', value: 9, type: 'critic'}],
	Director: [{tag: `Director ${index % 2000}`, tagKey: `d${index % 2000}`}], Writer: [{tag: `Writer ${index % 3000}`, tagKey: `w${index % 3000}`}],
	Role: Array.from({length: 25}, (_, role) => ({
		tag: `Actor ${((index * 7) + role) % 20_000}`, tagKey: `a${((index * 7) + role) % 20_000}`, role: `Part ${role}`, thumb: 'https://metadata-static.plex.tv/a.jpg',
	})),
	Image: [{type: 'coverPoster', url: `/library/metadata/${index}/thumb/1`}, {type: 'clearLogo', url: `/library/metadata/${index}/clearLogo/1`}],
	Media: [{
		id: index, duration: 5_400_000, bitrate: 5000, width: 1920, height: 1080, videoResolution: '1080', container: 'mkv', videoCodec: 'h264',
		Part: [{
			id: index, key: `/library/parts/${index}/1/file.mkv`, file: `/srv/films/Film ${index}/film.mkv`, size: 4_000_000_000, duration: 5_400_000, Stream: streams(12),
		}],
	}],
});

const episode = (index: number) => ({
	...movie(index), type: 'episode', Role: movie(index).Role.slice(0, 4), index: index % 20, parentIndex: 1,
	parentRatingKey: `s${index % 500}`, grandparentRatingKey: `g${index % 100}`, grandparentTitle: 'Show', parentTitle: 'Season 1',
});

const measure = (name: string, make: (index: number) => unknown) => {
	let [parseMs, normalizeMs] = [0, 0];
	for (let first = 0; first < rows; first += 100) {
		const text = JSON.stringify(Array.from({length: 100}, (_, index) => make(first + index)));
		const start = performance.now();
		const batch = JSON.parse(text) as unknown[];
		const parsed = performance.now();
		for (const row of batch) {
			normalize(row, {serverId: 'server', libraryId: 'library'});
		}

		parseMs += parsed - start;
		normalizeMs += performance.now() - parsed;
	}

	const perRow = (ms: number) => (1000 * ms / rows).toFixed(1);
	console.log(`${name}: normalise ${perRow(normalizeMs)} µs per row, JSON.parse ${perRow(parseMs)} µs per row, ratio ${(normalizeMs / parseMs).toFixed(2)}`);
};

measure('movie', movie);
measure('episode', episode);
