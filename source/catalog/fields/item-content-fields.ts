import * as z from 'zod';
import {formatChannels, formatDurationMs} from '../../base/text/format.js';
import {
	bestVersion,
	mainRating,
	resolutionName,
	resolutionRank,
} from '../quality.js';
import {personIdsOf} from '../item.js';
import {described} from '../media-schema.js';
import {audioName} from '../media-words.js';
import {imagesSchema, itemSchema, viewStateSchema} from '../schema.js';
import type {Item, Person, Version} from '../types.js';
import {defined} from '../values.js';
import {knownNames, textList} from './exported.js';
import {
	plainField,
	shownField,
	type DetailResolver,
	type Field,
} from './field.js';
import {joinTexts} from './version-fields.js';

const personName = () => described(z.string(), 'The name', 'Mira Holt');

const exportedCastSchema = () => z.object({
	name: personName(),
	role: described(z.string().optional(), 'Whom the person plays; several with a slash between them', 'Captain Lind'),
	personId: described(z.string().optional(), 'The id of the person in the catalogue; since schema 2', 'p0a1b2c3d4e5f6071'),
});

const exportedPersonSchema = () => z.object({
	id: described(z.string(), 'The id of the person in the catalogue', 'p0a1b2c3d4e5f6071'),
	name: personName(),
	plexKey: described(z.string().optional(), 'The id of the person at Plex, the same on every server', '5d7768aaaa0005ee001e0002'),
	picture: described(z.string().optional(), 'The address of a picture, or its path on the server', 'https://metadata-static.plex.tv/0/people/0aaa.jpg'),
});

/**
Who made an item, how it looks and how it is rated, in the order of the export.
*/
export const contentFields = {
	studios: {
		...shownField('tags', 'Studios', 'The studios or the network; joined with commas in the export', {pane: 220, example: 'Lantern Row'}),
		told: {place: 230},
		exported: {
			as: 'studio',
			schema: () => z.string().optional().meta({description: 'Several are separated by commas'}),
			value({studios}, detail) {
				const names = knownNames(studios, detail).join(', ');
				return names === '' ? undefined : names;
			},
		},
		asked: {list: {block: 'tags', of: ({studios}: Item) => studios}},
	},
	durationMs: {
		...shownField('duration', 'Duration', 'How long it plays; in lists the duration of the best version where the item has none', {pane: 160, example: 6_723_000}),
		told: {place: 170, name: 'length'},
		exported: true,
		kept: {place: 150, read: ({durationMs}, best) => durationMs ?? best?.durationMs},
		column: {
			places: {movie: 20, episode: 20}, heading: 'Length', align: 'right',
		},
		table: {
			place: 70, heading: 'Length', align: 'right', minColumns: 90, text: ({durationMs}: Pick<Item, 'durationMs'>) => durationMs === undefined ? undefined : formatDurationMs(durationMs),
		},
		listed: {place: 110},
		sort: {
			place: 50, as: 'duration', label: 'Length', types: ['movie', 'episode'], values: [({durationMs}: Pick<Item, 'durationMs'>) => durationMs],
		},
		asked: {names: ['len', 'duration', 'length', 'runtime']},
	},
	ratings: {
		type: 'records',
		label: 'Ratings',
		description: 'Ratings from 0 to 10, each with its source and whether it is the audience\'s or the critics\'',
		example: [{source: 'imdb', kind: 'audience', value: 7.4}],
		pane: {section: 'Ratings', lines: ({ratings}) => ratings.map(({source, kind, value}) => [`${source}, ${kind}`, String(value)])},
		told: {place: 300, lines: ({ratings}) => ratings.map(({source, kind, value}) => [`rating (${source}, ${kind})`, String(value)])},
		exported: {schema: () => itemSchema().shape.ratings, value: ({ratings}) => ratings.map(({source, kind, value}) => ({source, kind, value}))},
	},
	rating: {
		type: 'rating',
		label: 'Rating',
		description: 'The rating of the audience, else the first one there is',
		read: ({ratings}) => mainRating(ratings)?.value,
		kept: {place: 200, read: ({ratings}) => mainRating(ratings)?.value},
		column: {
			places: {movie: 50, show: 40, episode: 60}, align: 'right',
		},
		sort: {
			place: 70, types: ['movie', 'show', 'episode'], startsDescending: true, values: [({rating}: {rating: number | undefined}) => rating],
		},
		asked: {},
	},
	userRating: {
		...shownField('number', 'Own rating', 'The rating of the user, from 0 to 10', {section: 'View state', pane: 40, example: 9}),
		isDecimal: true,
		from: 'viewState',
		told: {place: 132},
		exported: {schema: () => viewStateSchema().shape.userRating},
		kept: {place: 205, read: ({viewState}) => viewState?.userRating},
		asked: {},
	},
	genres: {
		...plainField('tags', 'Genres', 'The genres', {pane: 200, example: ['Drama'], told: 210}),
		asked: {names: ['genre'], list: {block: 'tags', of: ({genres}: Item) => genres}},
	},
	countries: {
		...plainField('tags', 'Countries', 'The countries of production', {pane: 210, example: ['Sweden'], told: 220}),
		asked: {names: ['country'], list: {block: 'tags', of: ({countries}: Item) => countries}},
	},
	collections: {
		...plainField('tags', 'Collections', 'The collections of the library that it is in', {pane: 230, example: ['Orsa'], told: 240}),
		asked: {names: ['collection'], list: {block: 'tags', of: ({collections}: Item) => collections}},
	},
	labels: {
		...plainField('tags', 'Labels', 'The labels that someone gave it on the server', {pane: 240, example: ['Keep'], told: 250}),
		asked: {names: ['label'], list: {block: 'tags', of: ({labels}: Item) => labels}},
	},
	directors: {
		...plainField('people', 'Directors', 'The directors', {
			section: 'People', pane: 10, example: ['Ines Brandt'], told: 260,
		}),
		asked: {names: ['director'], list: {block: 'people', of: ({directors}: Item) => directors}},
	},
	writers: {
		...plainField('people', 'Writers', 'The writers', {
			section: 'People', pane: 20, example: ['Ola Ek'], told: 270,
		}),
		asked: {names: ['writer'], list: {block: 'people', of: ({writers}: Item) => writers}},
	},
	producers: {
		...plainField('people', 'Producers', 'The producers', {
			section: 'People', pane: 30, example: ['Olle Berg'], told: 280,
		}),
		asked: {names: ['producer'], list: {block: 'people', of: ({producers}: Item) => producers}},
	},
	cast: {
		type: 'records',
		label: 'Cast',
		description: 'Who plays whom',
		example: [{name: 'Mira Holt', role: 'Captain Lind'}],
		pane: {section: 'Cast', lines: ({cast}, {name}) => cast.map(({personId, role}) => [name(personId) ?? personId, role ?? '–'])},
		told: {
			place: 290,
			lines: ({cast}, {name}) => [['cast', joinTexts(...cast.map(({personId, role}) => castText(name(personId) ?? personId, role)))]],
		},
		exported: {
			schema: () => z.array(exportedCastSchema()),
			value: ({cast}, detail) => cast.flatMap(({personId, role}) => {
				const name = detail.name(personId);
				return name === undefined ? [] : [defined({name, role, personId})];
			}),
			text: ({cast}, _, texts) => textList(cast, ({personId, role}, index) => {
				const {name} = texts.cast[index]!;
				return name === undefined ? undefined : `{"name":${name},${role === undefined ? '' : `"role":${JSON.stringify(role)},`}"personId":${JSON.stringify(personId)}}`;
			}),
		},
		asked: {names: ['actor'], kind: 'names', list: {block: 'people', of: ({cast}: Item) => cast.map(({personId}) => personId)}},
	},
	people: {
		type: 'records',
		label: 'People',
		description: 'Everybody who made it or plays in it, each once, with id and picture',
		example: [{
			id: 'p0a1b2c3d4e5f6071', name: 'Mira Holt', plexKey: '5d7768aaaa0005ee001e0002', picture: 'https://metadata-static.plex.tv/0/people/0aaa.jpg',
		}],
		since: 2,
		exported: {
			schema: () => z.array(exportedPersonSchema()).optional(),
			value: (item, detail) => exportedPeople(item, detail),
			text(_item, _detail, {directors, writers, producers, cast}) {
				const people = textList([...new Set([...directors, ...writers, ...producers, ...cast])], ({person}) => person);
				return people === '[]' ? undefined : people;
			},
		},
	},
	images: {
		type: 'record',
		isPath: true,
		label: 'Images',
		description: 'Paths of posters, backgrounds and stills on the server',
		example: {poster: '/library/metadata/512/thumb/1748111111'},
		pane: {section: 'Images', lines: ({images}) => Object.entries(images)},
		told: {place: 370, lines: ({images}) => Object.entries(images)},
		exported: {
			schema: () => imagesSchema().optional(),
			value({images}) {
				const known = defined({
					poster: images.poster, background: images.background, logo: images.logo, banner: images.banner, square: images.square, thumb: images.thumb,
				});
				return Object.keys(known).length === 0 ? undefined : known;
			},
		},
	},
	resolution: {
		from: 'versions',
		label: 'Resolution',
		description: 'The resolution of the best version',
		read: ({versions}) => bestVersion(versions)?.resolution,
		kept: {place: 160, isShared: true, read: (_, best) => best?.resolution},
		column: {
			places: {movie: 30, episode: 40}, heading: 'Video', align: 'right',
			text: ({resolution}: Pick<Version, 'resolution'>) => resolution === undefined ? '' : resolutionName(resolution),
		},
		table: {
			place: 80, heading: 'Picture', text: ({resolution, hdr}: Pick<Version, 'resolution' | 'hdr'>) => [resolution === undefined ? undefined : resolutionName(resolution), hdr].filter(part => part !== undefined).join(' '),
		},
		listed: {place: 120},
		sort: {
			place: 60, types: ['movie', 'episode'], startsDescending: true, values: [({resolution}: Pick<Version, 'resolution'>) => resolutionRank(resolution)],
		},
		asked: {names: ['res'], kind: 'resolution'},
	},
	hdr: {
		from: 'versions',
		label: 'Dynamic range',
		description: 'The dynamic range of the best version',
		read: ({versions}) => bestVersion(versions)?.hdr,
		kept: {place: 170, isShared: true, read: (_, best) => best?.hdr},
		column: {
			places: {movie: 35, episode: 45}, heading: 'HDR', text: ({hdr}: Pick<Version, 'hdr'>) => hdr === 'Dolby Vision' ? 'DV' : hdr ?? '',
		},
		asked: {kind: 'choice', also: hdr => hdr === 'Dolby Vision' ? ['DV', 'yes'] : ['yes']},
	},
	sound: {
		from: 'versions',
		label: 'Sound',
		description: 'The codec and the channels of the main audio track of the best version',
		read: ({versions}) => soundOf(bestVersion(versions)),
		kept: {place: 172, isShared: true, read: (_, best) => soundOf(best)},
		column: {places: {movie: 55, episode: 65}, text: ({sound}: {sound: string | undefined}) => sound ?? ''},
		asked: {},
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

/**
The codec and the channels of the main sound track.
*/
export const soundOf = ({audioCodec, audioProfile, audioChannels}: Partial<Version> = {}): string | undefined => {
	const name = audioName(defined({codec: audioCodec, profile: audioProfile}));
	return name === undefined ? undefined : [soundNames.get(name) ?? name, audioChannels === undefined ? undefined : formatChannels(audioChannels)].filter(Boolean).join(' ');
};

const soundNames = new Map([
	['Dolby Digital', 'DD'],
	['Dolby Digital Plus', 'DD+'],
	['DTS-HD MA', 'DTS-HD'],
	['DTS-HD HRA', 'DTS-HD'],
]);

/**
Everybody who made it or plays in it, each once.
*/

const exportedPeople = (item: Item, {person}: DetailResolver) => {
	const people = personIdsOf(item).map(id => person(id)).filter(known => known !== undefined);
	return people.length === 0 ? undefined : people.map(known => exportedPerson(known));
};

export const exportedPerson = ({id, name, plexKey, thumb}: Person) => defined({
	id, name, plexKey, picture: thumb,
});

const castText = (name: string, role: string | undefined) => role === undefined ? name : `${name} as ${role}`;
