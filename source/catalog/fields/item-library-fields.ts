import * as z from 'zod';
import {formatNumbers} from '../../base/text/format.js';
import {described} from '../media-schema.js';
import {itemTypes} from '../kinds.js';
import {itemSchema, viewStateSchema} from '../schema.js';
import {hasMissingFile, itemSize, type SizeOf} from '../item.js';
import {originalVersions} from '../quality.js';
import type {Item} from '../types.js';
import {defined} from '../values.js';
import {exportedText, exportedValues, textList} from './exported.js';
import {plainField, shownField, type Field} from './field.js';
import {
	exportedFiles,
	exportedFileSchema,
	exportedFilesText,
	versionLines,
} from './file-fields.js';
import {exportedVersionSchema, versionFieldList} from './version-fields.js';

type Numbered = Pick<Item, 'type' | 'seasonNumber' | 'episodeNumber' | 'releaseDate'>;
type Marks = Record<'isWatched' | 'isTrashed' | 'isMissing' | 'isWithoutFile', boolean> & {placeholder?: boolean | undefined};

const parentShape = () => ({
	id: described(z.string(), 'Its id in the catalogue', 'i0a1b2c3d4e5f6072'),
	ratingKey: described(z.string().optional(), 'Its key on the server', '2001'),
});

/**
Where an item stands in its library, and what happened to it there, in the order of the export.
*/
export const libraryFields = {
	addedAt: {
		...plainField('instant', 'Added', 'When the server added it', {
			section: 'Dates', pane: 10, example: '2020-09-14T16:13:20Z', told: 350,
		}),
		kept: {place: 140},
		column: {
			places: {
				movie: 60, show: 50, season: 40, episode: 70,
			},
		},
		sort: {
			place: 40, as: 'added', label: 'Date added', types: itemTypes, startsDescending: true, values: [({addedAt}: Pick<Item, 'addedAt'>) => addedAt],
		},
		asked: {names: ['added']},
	},
	updatedAt: {
		...plainField('instant', 'Updated', 'When the server last changed it', {
			section: 'Dates', pane: 20, example: '2025-05-24T18:25:11Z', told: 360,
		}),
		asked: {names: ['updated']},
	},
	lastViewedAt: {
		...shownField('instant', 'Last played', 'When the user last played it', {section: 'View state', pane: 30, example: '2025-06-14T11:20:00Z'}),
		from: 'viewState',
		told: {place: 133, name: 'last watched'},
		exported: {schema: () => viewStateSchema().shape.lastViewedAt},
		kept: {place: 207, read: ({viewState}) => viewState?.lastViewedAt},
		asked: {names: ['viewed']},
	},
	viewCount: {
		...shownField('count', 'Plays', 'How often the user played it', {section: 'View state', pane: 10, example: 1}),
		from: 'viewState',
		told: {place: 130, lines: ({viewState}) => [['watched', String(viewState?.viewCount ?? 0)]]},
		exported: {schema: () => viewStateSchema().shape.viewCount},
		kept: {place: 206, read: ({viewState}) => viewState?.viewCount},
		asked: {names: ['plays']},
	},
	viewOffsetMs: {
		...shownField('duration', 'Stopped at', 'Where the user stopped playing it', {
			section: 'View state', pane: 20, example: 61_000, since: 2,
		}),
		from: 'viewState',
		told: {place: 131},
		exported: {schema: () => viewStateSchema().shape.viewOffsetMs},
		asked: {},
	},
	lastRatedAt: {
		...shownField('instant', 'Rated', 'When the user last rated it', {
			section: 'View state', pane: 50, example: '2025-06-14T11:21:40Z', since: 2,
		}),
		from: 'viewState',
		told: {place: 134},
		exported: {schema: () => viewStateSchema().shape.lastRatedAt},
		asked: {},
	},
	showId: {
		label: 'Show',
		description: 'The show of a season or an episode',
		example: {id: 'i0a1b2c3d4e5f6072', ratingKey: '2001', title: 'Harbour Lights'},
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 70},
		told: {place: 20},
		exported: {
			as: 'show',
			schema: () => z.object({...parentShape(), title: described(z.string().optional(), 'Its title', 'Harbour Lights')}).optional(),
			value: ({showId}, {show}) => showId === undefined ? undefined : defined({id: showId, ratingKey: show?.ratingKey, title: show?.title}),
		},
		kept: {place: 50, isShared: true},
		table: {place: 30, isFlexible: true, text: ({showId}: Pick<Item, 'showId'>, titleOf) => showId === undefined ? undefined : titleOf(showId)},
		asked: {names: ['show', 'series'], kind: 'show'},
	},
	seasonId: {
		label: 'Season',
		description: 'The season of an episode',
		example: {id: 'i0a1b2c3d4e5f6073', ratingKey: '2011', number: 1},
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 80, lines: ({type, seasonId}, {season}) => [['Season', type === 'season' ? undefined : season?.title ?? seasonId]]},
		told: {place: 30},
		exported: {
			as: 'season',
			schema: () => z.object({...parentShape(), number: described(itemSchema().shape.seasonNumber, 'Its number; 0 is Specials', 1)}).optional(),
			value: ({seasonId, seasonNumber}, {season}) => seasonId === undefined
				? undefined
				: defined({id: seasonId, ratingKey: season?.ratingKey, number: season?.seasonNumber ?? seasonNumber}),
		},
		kept: {place: 60, isShared: true},
	},
	seasonNumber: {
		type: 'number',
		label: 'Season number',
		description: 'The number of the season; 0 is Specials',
		example: 1,
		pane: {section: 'Overview', place: 90, lines: ({seasonNumber}) => [['Season number', seasonNumber === 0 ? '0 (specials)' : seasonNumber?.toString()]]},
		told: {place: 40},
		exported: true,
		kept: {place: 70},
		listed: {place: 90},
		asked: {names: ['season']},
	},
	episodeNumber: {
		...plainField('number', 'Episode number', 'The number of the episode in its season; absent on date-based shows', {pane: 100, example: 3, told: 50}),
		kept: {place: 80},
		listed: {place: 100},
		asked: {names: ['episode']},
	},
	number: {
		label: 'Number',
		description: 'Season and episode number together, for instance S01E05',
		read: item => numberText(item),
		column: {
			places: {episode: 10},
			heading: 'No.',
			align: 'right',
			text: ({seasonNumber, episodeNumber}: Numbered) => episodeNumber === undefined ? '' : `S${pad(seasonNumber ?? 0)}E${pad(episodeNumber)}`,
		},
		table: {place: 40, text: (item: Numbered) => numberText(item)},
		sort: {
			place: 20,
			types: ['season', 'episode'],
			values: [({seasonNumber}: Numbered) => seasonNumber, ({episodeNumber}: Numbered) => episodeNumber, ({releaseDate}: Numbered) => releaseDate],
		},
	},
	versions: {
		type: 'records',
		label: 'Versions',
		description: 'The versions of the item, each with its picture and sound; in lists how many there are, without copies that Plex made',
		example: [{id: '801', resolution: '4k', fileIds: ['f0a1b2c3d4e5f6074']}],
		told: {place: 120, lines: (item, resolver) => versionLines(item, resolver)},
		exported: {
			schema: () => z.array(exportedVersionSchema()),
			value: ({versions}, detail) => versions.map(version => exportedValues(versionFieldList, version, detail)),
			text: ({versions}, detail, texts) => textList(versions, version => `{${exportedText({fields: versionFieldList, source: version, detail}, texts).slice(1)}}`),
		},
		kept: {place: 190, read: ({versions}) => originalVersions(versions).length},
		column: {
			places: {movie: 70, episode: 80}, align: 'right', text: ({versions}: {versions: number}) => versions > 1 ? String(versions) : '',
		},
		asked: {},
	},
	files: {
		type: 'records',
		from: 'versions',
		label: 'Files',
		description: 'The files of all versions, each once',
		example: [{id: 'f0a1b2c3d4e5f6074', path: '/srv/films/Orsa (2016)/Orsa.mkv'}],
		exported: {
			schema: () => z.array(exportedFileSchema()),
			value: (item, detail) => exportedFiles(item, detail),
			text: (item, detail, texts) => exportedFilesText(item, detail, texts),
		},
	},
	sizeBytes: {
		type: 'bytes',
		from: 'versions',
		label: 'Size',
		description: 'The size of the files of all versions; copies that Plex made do not count',
		read: (item, {file}) => itemSize(item, id => file(id)?.sizeBytes),
		kept: {place: 247, read: (item, _, sizeOf: SizeOf) => itemSize(item, sizeOf)},
		column: {places: {movie: 37, episode: 47}, align: 'right'},
		sort: {
			place: 55, as: 'size', types: ['movie', 'episode'], startsDescending: true, values: [({sizeBytes}: {sizeBytes: number | undefined}) => sizeBytes],
		},
		asked: {names: ['size']},
	},
	trashedAt: plainField('instant', 'In the trash since', 'When the server put it into the trash of the library', {
		section: 'Dates', pane: 50, example: '2025-06-15T12:20:00Z', told: 330,
	}),
	leafCount: {
		type: 'count',
		label: 'Episodes',
		description: 'The number of episodes of a show or a season, as the server counts them',
		example: 23,
		since: 2,
		pane: {section: 'Overview', place: 120},
		told: {place: 310, print: String},
		kept: {place: 240},
		column: {places: {show: 20, season: 10}, align: 'right'},
		table: {place: 90, align: 'right'},
		exported: true,
		asked: {names: ['episodes']},
	},
	childCount: {
		type: 'count',
		label: 'Seasons',
		description: 'The number of seasons of a show, as the server counts them',
		example: 3,
		since: 2,
		pane: {section: 'Overview', place: 110},
		told: {place: 320, print: String},
		exported: true,
		asked: {names: ['seasons']},
	},
	gaps: {
		type: 'records',
		label: 'Missing numbers',
		description: 'The seasons that are missing of a show, or the episodes of a season, as far as numbers tell',
		example: [4, 7],
		since: 2,
		pane: {
			section: 'Overview',
			place: 130,
			lines: ({type}, {gaps}) => [[type === 'show' ? 'Missing seasons' : 'Missing episodes', formatNumbers(gaps)]],
		},
		exported: {
			schema: () => z.array(z.int()).optional(),
			value: (_, {gaps}) => gaps.length === 0 ? undefined : gaps,
		},
	},
	firstSeenAt: {
		...shownField('instant', 'First seen', 'When reelcat first saw it', {
			section: 'Dates', pane: 30, example: '2026-01-02T12:00:00Z', since: 2,
		}), exported: true, asked: {names: ['seen']},
	},
	missingSince: {
		...shownField('instant', 'Gone from the server since', 'Since when the server no longer lists it, while its removal waits to be accepted', {
			section: 'Dates', pane: 40, example: '2026-03-04T12:00:00Z', since: 2,
		}), exported: true,
	},
	lockedFields: {
		exported: true, ...shownField('texts', 'Locked fields', 'Names of the fields that someone edited on the server, so that Plex leaves them alone', {
			section: 'Dates', pane: 60, example: ['titleSort'], since: 2,
		}), told: {place: 340},
	},
	isWatched: {
		type: 'flag',
		from: 'viewState',
		label: 'Watched',
		description: 'A movie or an episode that the user played to the end at least once',
		read: item => isWatched(item),
		kept: {place: 210, read: item => isWatched(item)},
		asked: {names: ['watched']},
	},
	isBegun: {
		type: 'flag',
		from: 'viewState',
		label: 'Begun',
		description: 'The user stopped playing it before its end',
		read: item => isBegun(item),
		kept: {place: 215, read: item => isBegun(item)},
		asked: {names: ['begun']},
	},
	isTrashed: {
		type: 'flag',
		from: 'trashedAt',
		label: 'In the trash',
		description: 'It is in the trash of the library',
		read: ({trashedAt}) => trashedAt !== undefined,
		kept: {place: 220, read: ({trashedAt}) => trashedAt !== undefined},
		listed: {place: 130},
		asked: {names: ['trash']},
	},
	isMissing: {
		type: 'flag',
		from: 'missingSince',
		label: 'Gone',
		description: 'The server no longer lists it, and its removal waits to be accepted',
		read: ({missingSince}) => missingSince !== undefined,
		kept: {place: 230, read: ({missingSince}) => missingSince !== undefined},
		listed: {place: 140},
		asked: {names: ['held']},
	},
	isWithoutFile: {
		type: 'flag',
		from: 'versions',
		label: 'Without file',
		description: 'The server cannot find or read one of its files; copies that Plex made do not count',
		read: item => hasMissingFile(item),
		kept: {place: 245, read: item => hasMissingFile(item)},
		listed: {place: 150},
		asked: {names: ['nofile']},
	},
	state: {
		label: 'State',
		description: 'gone, trash, no file, placeholder (made up, where cells are few) or watched, whichever matters most',
		column: {
			places: {
				movie: 40, show: 30, season: 30, episode: 50,
			},
			text: (marks: Marks) => stateText(marks),
		},
		table: {place: 95, text: (marks: Marks) => marks.placeholder === true ? 'placeholder' : absenceText(marks)},
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const isWatched = ({type, viewState}: Item) => (viewState?.viewCount ?? 0) > 0 && (type === 'movie' || type === 'episode');

const isBegun = ({viewState}: Item) => (viewState?.viewOffsetMs ?? 0) > 0;

/**
Why an item cannot be played now, in few cells; the empty text if it can.
*/
export const absenceText = ({isMissing, isTrashed, isWithoutFile, placeholder}: Omit<Marks, 'isWatched'>): string => {
	if (isMissing) {
		return 'gone';
	}

	if (placeholder === true) {
		return 'made up';
	}

	return isTrashed ? 'trash' : (isWithoutFile ? 'no file' : '');
};

const stateText = (marks: Marks): string => {
	const absence = absenceText(marks);
	return absence === '' && marks.isWatched ? 'watched' : absence;
};

const pad = (number: number) => String(number).padStart(2, '0');

const numberText = ({type, seasonNumber, episodeNumber, releaseDate}: Numbered): string => {
	const season = seasonNumber === undefined ? '' : `S${pad(seasonNumber)}`;
	if (type !== 'episode') {
		return season;
	}

	return episodeNumber === undefined ? (releaseDate ?? season) : `${season}E${pad(episodeNumber)}`;
};
