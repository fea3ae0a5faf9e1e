import * as z from 'zod';
import {formatDurationMs} from '../../base/text/format.js';
import {defined} from '../defined.js';
import {
	bestVersion,
	mainRating,
	resolutionName,
	resolutionRank,
} from '../quality.js';
import {imagesSchema, itemSchema, viewStateSchema} from '../schema.js';
import type {Item, Version} from '../types.js';
import {knownNames, type Field} from './field.js';

type Places = {pane: number; told: number};

const tagsField = (label: string, description: string, {pane, told}: Places) => ({
	type: 'tags', label, description, pane: {section: 'Overview', place: pane}, told: {place: told}, exported: true,
} as const);

const peopleField = (label: string, description: string, {pane, told}: Places) => ({
	type: 'people', label, description, pane: {section: 'People', place: pane}, told: {place: told}, exported: true,
} as const);

/**
Who made an item, what it looks like and how it is judged. The order is that of the export.
*/
export const contentFields = {
	studios: {
		type: 'tags',
		label: 'Studios',
		description: 'The studios or the network; joined with commas in the export',
		pane: {section: 'Overview', place: 220},
		told: {place: 230},
		exported: {
			as: 'studio',
			schema: z.string().optional().meta({description: 'Several are separated by commas'}),
			value({studios}, detail) {
				const names = knownNames(studios, detail).join(', ');
				return names === '' ? undefined : names;
			},
		},
	},
	durationMs: {
		type: 'duration',
		unit: 'ms',
		label: 'Duration',
		description: 'How long it plays; in lists the duration of the best version where the item has none',
		pane: {section: 'Overview', place: 160},
		told: {place: 170, name: 'length'},
		exported: true,
		kept: {place: 150, read: ({durationMs}, best) => durationMs ?? best?.durationMs},
		column: {
			places: {movie: 20, episode: 20}, heading: 'Length', width: 7, align: 'right',
		},
		table: {
			place: 70, heading: 'Length', align: 'right', text: ({durationMs}: Pick<Item, 'durationMs'>) => durationMs === undefined ? undefined : formatDurationMs(durationMs),
		},
		listed: {place: 110},
		sort: {
			place: 50, as: 'duration', label: 'Length', types: ['movie', 'episode'], values: [({durationMs}: Pick<Item, 'durationMs'>) => durationMs],
		},
	},
	ratings: {
		type: 'records',
		label: 'Ratings',
		description: 'Ratings from 0 to 10, each with its source and whether it is the audience\'s or the critics\'',
		pane: {section: 'Ratings', lines: ({ratings}) => ratings.map(({source, kind, value}) => [`${source}, ${kind}`, String(value)])},
		told: {place: 300, lines: ({ratings}) => ratings.map(({source, kind, value}) => [`rating (${source}, ${kind})`, String(value)])},
		exported: {schema: itemSchema.shape.ratings, value: ({ratings}) => ratings.map(({source, kind, value}) => ({source, kind, value}))},
	},
	rating: {
		type: 'rating',
		label: 'Rating',
		description: 'The rating of the audience, else the first one there is',
		read: ({ratings}) => mainRating(ratings)?.value,
		kept: {place: 200, read: ({ratings}) => mainRating(ratings)?.value},
		column: {
			places: {movie: 50, show: 40, episode: 60}, width: 6, align: 'right',
		},
		sort: {
			place: 70, types: ['movie', 'show', 'episode'], startsDescending: true, values: [({rating}: {rating: number | undefined}) => rating],
		},
	},
	userRating: {
		type: 'number',
		from: 'viewState',
		label: 'Own rating',
		description: 'The rating of the user, from 0 to 10',
		read: ({viewState}) => viewState?.userRating,
		pane: {section: 'View state', place: 40},
		told: {place: 132},
		exported: {schema: viewStateSchema.shape.userRating},
	},
	genres: tagsField('Genres', 'The genres', {pane: 200, told: 210}),
	countries: tagsField('Countries', 'The countries of production', {pane: 210, told: 220}),
	collections: tagsField('Collections', 'The collections of the library that it is in', {pane: 230, told: 240}),
	labels: tagsField('Labels', 'The labels that someone gave it on the server', {pane: 240, told: 250}),
	directors: peopleField('Directors', 'The directors', {pane: 10, told: 260}),
	writers: peopleField('Writers', 'The writers', {pane: 20, told: 270}),
	producers: peopleField('Producers', 'The producers', {pane: 30, told: 280}),
	cast: {
		type: 'records',
		label: 'Cast',
		description: 'Who plays whom',
		pane: {section: 'Cast', lines: ({cast}, {name}) => cast.map(({personId, role}) => [name(personId) ?? personId, role ?? '–'])},
		told: {
			place: 290,
			lines: ({cast}, {name}) => [['cast', cast.map(({personId, role}) => castText(name(personId) ?? personId, role)).filter(text => text !== '').join(', ')]],
		},
		exported: {
			schema: z.array(z.object({name: z.string(), role: z.string().optional()})),
			value: ({cast}, detail) => cast.flatMap(({personId, role}) => {
				const name = detail.name(personId);
				return name === undefined ? [] : [defined({name, role})];
			}),
		},
	},
	images: {
		type: 'record',
		label: 'Images',
		description: 'Paths of posters, backgrounds and stills on the server',
		pane: {section: 'Images', lines: ({images}) => Object.entries(images)},
		told: {place: 370, lines: ({images}) => Object.entries(images)},
		exported: {schema: imagesSchema.optional(), value: item => knownImages(item)},
	},
	resolution: {
		type: 'text',
		from: 'versions',
		label: 'Resolution',
		description: 'The resolution of the best version',
		read: ({versions}) => bestVersion(versions)?.resolution,
		kept: {place: 160, isShared: true, read: (_, best) => best?.resolution},
		column: {
			places: {movie: 30, episode: 40}, heading: 'Video', width: 5, align: 'right', text: ({resolution}: Pick<Version, 'resolution'>) => resolution === undefined ? '' : resolutionName(resolution),
		},
		table: {
			place: 80, heading: 'Picture', text: ({resolution, hdr}: Pick<Version, 'resolution' | 'hdr'>) => [resolution, hdr].filter(part => part !== undefined).join(' '),
		},
		listed: {place: 120},
		sort: {
			place: 60, types: ['movie', 'episode'], startsDescending: true, values: [({resolution}: Pick<Version, 'resolution'>) => resolutionRank(resolution)],
		},
	},
	hdr: {
		type: 'text',
		from: 'versions',
		label: 'Dynamic range',
		description: 'The dynamic range of the best version',
		read: ({versions}) => bestVersion(versions)?.hdr,
		kept: {place: 170, isShared: true, read: (_, best) => best?.hdr},
		column: {places: {movie: 80, episode: 90}, heading: 'HDR', width: 12},
	},
	videoCodec: {
		type: 'text',
		from: 'versions',
		label: 'Video',
		description: 'The video codec of the best version',
		read: ({versions}) => bestVersion(versions)?.videoCodec,
		kept: {place: 180, isShared: true, read: (_, best) => best?.videoCodec},
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const castText = (name: string, role: string | undefined) => role === undefined ? name : `${name} as ${role}`;

const knownImages = ({images}: Item) => {
	const {
		poster, background, logo, banner, square, thumb,
	} = images;
	const known = defined({
		poster, background, logo, banner, square, thumb,
	});
	return Object.keys(known).length === 0 ? undefined : known;
};
