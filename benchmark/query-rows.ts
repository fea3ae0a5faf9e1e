import type {Item} from '../source/catalog/types.js';
import {makeItem} from '../test/query/_items.js';

const pick = <Value>(values: readonly Value[], number: number): Value => values[number % values.length]!;

const nouns = ['Harbour', 'Lantern', 'Ferry', 'Orchard', 'Signal', 'Cradle', 'Ledger', 'Windmill', 'Samovar', 'Viaduct', 'Almanac', 'Tram', 'Quarry', 'Belfry'];
const adjectives = ['Hushed', 'Gilded', 'Restless', 'Copper', 'Marbled', 'Distant', 'Crooked', 'Ivory', 'Painted', 'Silent', 'Lavender'];
const genreNames = ['Drama', 'Comedy', 'Crime', 'Horror', 'Science Fiction', 'Animation', 'Documentary', 'War', 'Western', 'Romance', 'Family', 'Music'];
const resolutions = ['sd', '480', '720', '1080', '1080', '1080', '4k'];
export const ranks: Record<string, number> = {
	sd: 400, 480: 480, 720: 720, 1080: 1080, '4k': 2160,
};
const languages = ['en', 'nl', 'de', 'fr', 'sv', 'ja'];
const studios = ['Lantern Row', 'Paper Moon', 'Vellum', 'A24', 'Orsa Film'];
const peopleCount = 20_000;

/**
A number below a million that looks random.
*/
const hash = (number: number) => Math.abs(Math.imul(number + 17, 2_654_435_761)) % 1_000_003;

const day = (number: number) => new Date(Date.UTC(2018, 0, 1) + (number * 86_400_000)).toISOString();

export const personName = (number: number) => `${pick(adjectives, number)} ${pick(nouns, Math.floor(number / 11))} ${number}`;

export type Row = {item: Item; sizeBytes: number; genres: string[]; people: Array<[role: string, name: number]>; audio: string; sub: string; studio: string};

/**
The same row for a number each time.
*/
export const rowOf = (number: number): Row => {
	const random = hash(number);
	const resolution = pick(resolutions, random);
	const isMovie = number % 10 === 0;
	const genres = [...new Set([pick(genreNames, random), pick(genreNames, Math.floor(random / 7))])];
	const people = [hash(number + 1) % 4000, ...Array.from({length: 5}, (_, index) => hash((number * 7) + index) % peopleCount)];
	const [audio, sub] = [pick(languages, Math.floor(random / 3)), pick(languages, Math.floor(random / 5))];
	const studio = pick(studios, random);
	const sizeBytes = 300_000_000 + (random * 60_000);
	const item = makeItem(`item-${String(number).padStart(8, '0')}`, {
		type: isMovie ? 'movie' : 'episode',
		title: `The ${pick(adjectives, random)} ${pick(nouns, Math.floor(random / 13))} ${isMovie ? '' : 'part '}${number % 5000}`,
		year: 1920 + (random % 105),
		releaseDate: day(random % 3000).slice(0, 10),
		addedAt: day(number % 3060).replace('.000Z', 'Z'),
		durationMs: (20 + (random % 160)) * 60_000,
		genres: genres.map(name => `g ${name}`),
		studios: [`s ${studio}`],
		directors: [`p${people[0]!}`],
		cast: people.slice(1).map(id => ({personId: `p${id}`})),
		ratings: random % 4 === 0 ? [] : [{source: 'imdb', kind: 'audience', value: (random % 100) / 10}],
		viewState: random % 3 === 0 ? {viewCount: 1} : {},
		versions: [{
			id: 'v',
			resolution,
			videoCodec: resolution === '4k' ? 'hevc' : 'h264',
			...resolution === '4k' && random % 2 === 0 && {hdr: 'HDR10'},
			container: random % 5 === 0 ? 'mp4' : 'mkv',
			bitrateKbps: 800 + (random % 30_000),
			audio: [{languageCode: audio}],
			subtitles: [{languageCode: sub}],
			parts: [{fileId: `f${number}`}],
		}],
	});
	return {
		item, sizeBytes, genres, people: people.map((person, index) => [index === 0 ? 'director' : 'actor', person]), audio, sub, studio,
	};
};
