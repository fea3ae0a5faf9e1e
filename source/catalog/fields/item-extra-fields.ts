import {formatClock, plural} from '../../base/text/format.js';
import {viewStateSchema} from '../schema.js';
import type {Extra, Item} from '../types.js';
import {shownField, type Field} from './field.js';
import {joinTexts} from './version-fields.js';

/**
What is in an item besides the film itself, and what its server knows of its place, in the order of the export.
*/
export const extraFields = {
	chapters: {
		type: 'records',
		label: 'Chapters',
		description: 'The chapters with their names, beginning and end',
		example: [{title: 'The ferry leaves', startMs: 0, endMs: 600_000}],
		since: 2,
		print: chapters => plural((chapters as readonly unknown[]).length, 'chapter'),
		pane: {
			section: 'Chapters',
			place: 10,
			lines: ({chapters = []}) => chapters.map(({title, ...span}, index) => [title ?? `Chapter ${index + 1}`, spanText(span)]),
		},
		told: {place: 400},
		exported: true,
	},
	markers: {
		type: 'records',
		label: 'Markers',
		description: 'Where the intro, the credits and commercials begin and end',
		example: [{kind: 'intro', startMs: 30_000, endMs: 75_000}],
		since: 2,
		pane: {section: 'Chapters', place: 20, lines: ({markers = []}) => markers.map(({kind, ...span}) => [markerNames.get(kind) ?? kind, spanText(span)])},
		told: {place: 410, lines: ({markers}) => [['markers', markers?.map(({kind, ...span}) => `${kind} ${spanText(span)}`).join('; ')]]},
		exported: true,
	},
	extras: {
		type: 'records',
		label: 'Extras',
		description: 'Trailers and other extras',
		example: [{
			kind: 'trailer', title: 'Trailer 2', durationMs: 143_000, primary: true,
		}],
		since: 2,
		pane: {section: 'Extras', lines: ({extras = []}) => extras.map(extra => [extraNames.get(extra.kind) ?? extra.kind, extraText(extra)])},
		told: {place: 420, lines: ({extras}) => [['extras', extras?.map(({title, kind}) => title ?? kind).join('; ')]]},
		exported: true,
	},
	folders: {
		isPath: true,
		...shownField('texts', 'Folders', 'The folders of a show, as the server sees them; several for one that was merged', {pane: 245, example: ['/srv/tv/Harbour Lights'], since: 2}),
		told: {place: 350, name: 'folders of the show'},
		exported: true,
	},
	showOrdering: {
		...shownField('text', 'Numbered by', 'Whose numbers the seasons and episodes have, where it is not the choice of the library: tmdbAiring, aired, dvd, absolute …', {pane: 131, example: 'dvd', since: 2}),
		told: {place: 430},
		exported: true,
	},
	episodeOrder: {
		...shownField('text', 'Episodes', 'The order in which the server shows the episodes, where it is not the choice of the library', {pane: 132, example: 'newest-first', since: 2}),
		told: {place: 440, name: 'order of episodes'},
		exported: true,
	},
	viewedLeafCount: {
		...shownField('count', 'Watched episodes', 'The number of episodes below that the user has watched; a show has no date of its own', {
			section: 'View state', pane: 15, example: 5, since: 2,
		}),
		from: 'viewState',
		told: {place: 135, print: String},
		exported: {schema: () => viewStateSchema().shape.viewedLeafCount},
	},
	slug: {
		...shownField('text', 'Slug', 'Its name in addresses of plex.tv', {
			section: 'Ids', pane: 25, example: 'the-last-ferry-to-orsa', since: 2,
		}),
		told: {place: 450},
		exported: true,
	},
	theme: {
		isPath: true,
		...shownField('text', 'Theme music', 'The path of the theme music on the server', {
			section: 'Images', pane: 10, example: '/library/metadata/2001/theme/1748200000', since: 2,
		}),
		told: {place: 460},
		exported: true,
	},
	createdAtAccuracy: {
		...shownField('text', 'Date of the video', 'How well the server knows when a home video was made', {
			section: 'Dates', pane: 70, example: 'epoch,local', since: 2,
		}),
		told: {place: 470},
		exported: true,
	},
	createdAtOffsetSeconds: {
		type: 'number',
		label: 'Time zone of the video',
		description: 'The offset of the time zone in which a home video was made. Unit: s',
		example: 7200,
		since: 2,
		print: seconds => `${seconds < 0 ? '−' : '+'}${formatClock(Math.abs(seconds) * 1000 / 60)}`,
		pane: {section: 'Dates', place: 80},
		told: {place: 480},
		exported: true,
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const markerNames = new Map([
	['intro', 'Intro'],
	['credits', 'Credits'],
	['commercial', 'Commercial'],
]);

const extraNames = new Map([
	['trailer', 'Trailer'],
	['deletedScene', 'Deleted scene'],
	['interview', 'Interview'],
	['behindTheScenes', 'Behind the scenes'],
	['scene', 'Scene'],
	['featurette', 'Featurette'],
	['short', 'Short'],
	['other', 'Other'],
]);

/**
@example
```
spanText({startMs: 0, endMs: 600_000}); //=> '0:00 to 10:00'
```
*/
const spanText = ({startMs, endMs}: {startMs: number; endMs?: number | undefined}) =>
	endMs === undefined ? `from ${formatClock(startMs)}` : `${formatClock(startMs)} to ${formatClock(endMs)}`;

const extraText = ({title, durationMs, primary}: Extra) => joinTexts(
	title ?? '–',
	durationMs === undefined ? undefined : formatClock(durationMs),
	primary === true ? 'played before the film' : undefined,
);
