import type {
	CatalogRecord,
	Item,
	Library,
	Server,
} from '../source/catalog/types.js';

/**
An invented catalogue of any size, the same each time. A tenth are movies, the rest are shows of about 25 episodes, with their own people, tags and files. An item is about 1.5 kB, as in a real library; two of three summaries hold letters beyond Latin-1.
*/
export const syntheticServer: Server = {id: 'server', name: 'Synthetic'};

const library = (id: string, key: string, type: string): Library => ({
	id,
	serverId: 'server',
	key,
	title: id,
	type,
	locations: [`/media/${id}`],
	counts: {
		movie: 0, show: 0, season: 0, episode: 0,
	},
});

export const syntheticLibraries: Library[] = [library('films', '1', 'movie'), library('series', '2', 'show')];

const words = 'a quiet harbour the night train letters from winter old friends meet again over bread and salt before dawn'.split(' ');
const foreign = ['東京物語', 'Être et avoir', 'Москва — Петушки', 'naïve café', 'Ωμέγα'];

const hash = (number: number) => Math.imul(number ^ (number >>> 15), 0x2C_1B_3C_6D) >>> 0; // eslint-disable-line no-bitwise
const pad = (prefix: string, number: number) => prefix + number.toString(16).padStart(16, '0');

const summary = (seed: number): string => {
	const text = Array.from({length: 45}, (_, index) => words[hash(seed + index) % words.length]).join(' ');
	return seed % 3 === 0 ? text : `${text} – “${foreign[seed % foreign.length]}”`;
};

export const syntheticItem = (index: number, type: Item['type'], peopleCount: number): Item => {
	const isFilm = type === 'movie';
	const hasFile = isFilm || type === 'episode';
	return {
		id: pad('i', index),
		kind: 'item',
		type,
		serverId: 'server',
		libraryId: isFilm ? 'films' : 'series',
		ratingKey: String(100_000 + index),
		guid: `plex://${type}/${hash(index).toString(16)}`,
		ids: {imdb: [`tt${hash(index) % 9_999_999}`], tmdb: [String(hash(index) % 999_999)], tvdb: []},
		title: `${words[index % words.length]!} ${index}`,
		year: 1950 + (index % 75),
		summary: summary(index),
		durationMs: 1_000_000 + index,
		ratings: [{source: 'imdb', kind: 'audience', value: (index % 100) / 10}],
		genres: [pad('t', index % 30)],
		countries: [],
		studios: [],
		collections: [],
		labels: [],
		directors: [pad('p', hash(index) % peopleCount)],
		writers: [pad('p', hash(index + 1) % peopleCount)],
		producers: [],
		cast: Array.from({length: 8}, (_, part) => ({personId: pad('p', hash((index * 8) + part) % peopleCount), role: `Role ${part}`})),
		images: {poster: `/library/metadata/${index}/thumb/1700000000`},
		addedAt: '2024-03-01T10:00:00Z',
		updatedAt: '2024-03-02T10:00:00Z',
		versions: hasFile
			? [{
				id: String(index), resolution: '1080', width: 1920, height: 1080, videoCodec: 'hevc', audioCodec: 'eac3', container: 'mkv', bitrateKbps: 8000,
				parts: [{
					fileId: pad('f', index), partId: String(index), key: `/library/parts/${index}/1700000000/file.mkv`, durationMs: 1_000_000 + index,
				}],
			}]
			: [],
	};
};

/**
All records of `count` items, in batches that can be committed one by one.
*/
export function * syntheticRecords(count: number, batchSize = 1000): Generator<CatalogRecord[]> {
	let batch: CatalogRecord[] = [];
	for (const record of allRecords(count)) {
		batch.push(record);
		if (batch.length !== batchSize) {
			continue;
		}

		yield batch;
		batch = [];
	}

	yield batch;
}

function * allRecords(count: number): Generator<CatalogRecord> {
	const peopleCount = Math.max(20, Math.floor(count / 3));
	for (let index = 0; index < 30; index++) {
		yield {
			id: pad('t', index), kind: 'tag', tagKind: 'genre', name: `Genre ${index}`,
		};
	}

	for (let index = 0; index < peopleCount; index++) {
		yield {
			id: pad('p', index), kind: 'person', name: `Person ${index}`, plexKey: hash(index).toString(16),
		};
	}

	const movies = Math.floor(count / 10);
	for (let index = 0; index < count; index++) {
		const item = syntheticItem(index, index < movies ? 'movie' : typeAt(index - movies), peopleCount);
		if (item.type !== 'movie') {
			const show = index - ((index - movies) % showSize);
			item.showId = item.type === 'show' ? undefined : pad('i', show);
			item.seasonId = item.type === 'episode' ? pad('i', show + 1) : undefined;
		}

		// No commit refers to what comes with a later one, so the store knows that all is in order, as after an import.
		if (item.versions.length > 0) {
			yield {
				id: pad('f', index), kind: 'file', serverId: 'server', path: `/media/${item.libraryId}/${item.title}/${item.title}.mkv`, sizeBytes: hash(index),
			};
		}

		yield item;
	}
}

/**
A show, then its season, then its episodes.
*/
const showSize = 27;

const typeAt = (index: number): Item['type'] => {
	const place = index % showSize;
	if (place === 0) {
		return 'show';
	}

	return place === 1 ? 'season' : 'episode';
};
