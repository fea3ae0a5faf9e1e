import {containerAnswer, htmlAnswer} from '../answer.js';
import {filterFields, hasField, type FieldKind} from '../library/filter-fields.js';
import type {DemoLibrary} from '../library/library.js';
import type {PlexRow, PlexTag} from '../library/row.js';
import {sectionRow, type DemoSection, type SectionType} from '../library/section.js';
import type {DemoRoute} from './context.js';
import {rowsNamed} from './list-answer.js';

const typesIn: Record<SectionType, ReadonlyArray<readonly [number: number, type: string, title: string]>> = {
	movie: [[1, 'movie', 'Movies'], [18, 'collection', 'Collections']],
	show: [[2, 'show', 'TV Shows'], [3, 'season', 'Seasons'], [4, 'episode', 'Episodes'], [18, 'collection', 'Collections']],
	artist: [[8, 'artist', 'Artists'], [9, 'album', 'Albums']],
	photo: [[14, 'photoalbum', 'Photo Albums']],
};

const operators: Record<FieldKind, ReadonlyArray<readonly [key: string, title: string]>> = {
	tag: [['=', 'is'], ['!=', 'is not']],
	integer: [['=', 'is'], ['!=', 'is not'], ['>>=', 'is greater than'], ['<<=', 'is less than']],
	string: [['=', 'contains'], ['!=', 'does not contain'], ['==', 'is'], ['!==', 'is not'], ['<=', 'begins with'], ['>=', 'ends with']],
	boolean: [['=', 'is'], ['!=', 'is not']],
	date: [['<<=', 'is before'], ['>>=', 'is after']],
};

const sorts: ReadonlyArray<readonly [key: string, title: string, direction: 'asc' | 'desc']> = [
	['titleSort', 'Title', 'asc'],
	['year', 'Year', 'desc'],
	['originallyAvailableAt', 'Release Date', 'desc'],
	['rating', 'Critic Rating', 'desc'],
	['audienceRating', 'Audience Rating', 'desc'],
	['userRating', 'Rating', 'desc'],
	['contentRating', 'Content Rating', 'desc'],
	['duration', 'Duration', 'desc'],
	['addedAt', 'Date Added', 'desc'],
	['lastViewedAt', 'Date Viewed', 'desc'],
];

/**
What a section can be filtered and sorted by, as `includeMeta` asks for it ([OFF], [PA]).
*/
export const metaOf = (section: DemoSection, activeType: number) => ({
	Type: typesIn[section.type].map(([number, type, title]) => typeMeta(section, {
		number, type, title, isActive: number === activeType,
	})),
	FieldType: Object.entries(operators).map(([type, list]) => ({type, Operator: list.map(([key, title]) => ({key, title}))})),
});

const typeMeta = ({key, type: sectionType}: DemoSection, {number, type, title, isActive}: {number: number; type: string; title: string; isActive: boolean}) => {
	// Only a section of shows has rows of several types.
	const prefix = sectionType === 'show' ? `${type}.` : '';
	const fields = [...filterFields].filter(([, field]) => hasField(field, type));
	return {
		key: `/library/sections/${key}/all?type=${number}`,
		type,
		title,
		active: isActive,
		Filter: fields.filter(([, {kind}]) => kind !== 'string' && kind !== 'date').map(([name, field]) => ({
			filter: name,
			filterType: field.kind === 'tag' ? 'string' : field.kind,
			key: `/library/sections/${key}/${name}`,
			title: field.title,
			type: 'filter',
		})),
		Sort: sorts.map(([name, sortTitle, direction], index) => ({
			...(index === 0 && {active: true, activeDirection: direction, default: direction}),
			defaultDirection: direction,
			descKey: `${name}:desc`,
			key: name,
			title: sortTitle,
		})),
		Field: fields.map(([name, {kind, title: fieldTitle}]) => ({key: `${prefix}${name}`, title: fieldTitle, type: kind})),
	};
};

/**
Where browsing begins.
*/
export const libraryRoot: DemoRoute = ({path, wantsJson}) => path === '/library'
	? containerAnswer({
		size: 3,
		allowSync: false,
		art: '/:/resources/library-art.png',
		content: '',
		identifier: 'com.plexapp.plugins.library',
		mediaTagPrefix: '/system/bundle/media/flags/',
		mediaTagVersion: 1_748_000_000,
		title1: 'Plex Library',
		title2: '',
		Directory: [
			{key: 'sections', title: 'Library Sections'},
			{key: 'recentlyAdded', title: 'Recently Added Content'},
			{key: 'onDeck', title: 'On Deck Content'},
		],
	}, {wantsJson})
	: undefined;

const entries: ReadonlyArray<readonly [key: string, title: string, isSecondary?: boolean]> = [
	['all', 'All'],
	['unwatched', 'Unplayed'],
	['newest', 'Recently Released'],
	['recentlyAdded', 'Recently Added'],
	['recentlyViewed', 'Recently Viewed'],
	['onDeck', 'On Deck'],
	['collection', 'By Collection', true],
	['genre', 'By Genre', true],
	['year', 'By Year', true],
	['decade', 'By Decade', true],
	['director', 'By Director', true],
	['actor', 'By Starring Actor', true],
	['country', 'By Country', true],
	['contentRating', 'By Content Rating', true],
	['rating', 'By Rating', true],
	['resolution', 'By Resolution', true],
	['label', 'By Label', true],
];

/**
One section: its views, or with `includeDetails` what it is and how it can be filtered.
*/
export const sectionPage: DemoRoute = ({path, query, wantsJson}, {library}) => {
	const key = /^\/library\/sections\/(?<key>\d+)$/v.exec(path)?.groups?.['key'];
	if (key === undefined) {
		return undefined;
	}

	const section = library.sections().find(candidate => candidate.key === key);
	if (section === undefined) {
		return htmlAnswer(404);
	}

	const rows = query.get('includeDetails') === '1'
		? [{...sectionRow(section), ...metaOf(section, 0)}]
		: entries.map(([name, title, isSecondary]) => ({...(isSecondary === true && {secondary: true}), key: name, title}));
	return containerAnswer({
		size: rows.length,
		allowSync: false,
		art: `/:/resources/${section.type}-fanart.jpg`,
		content: 'secondary',
		identifier: 'com.plexapp.plugins.library',
		librarySectionID: Number(key),
		thumb: `/:/resources/${section.type}.png`,
		title1: section.title,
		viewGroup: 'secondary',
		Directory: rows,
	}, {wantsJson});
};

/**
The values that a filter can have in a section: `/library/sections/1/genre`.
*/
export const filterValues: DemoRoute = (request, {library}) => {
	const {key = '', name = ''} = /^\/library\/sections\/(?<key>\d+)\/(?<name>[A-Za-z]+)$/v.exec(request.path)?.groups ?? {};
	const field = filterFields.get(name);
	if (field === undefined) {
		return undefined;
	}

	const section = library.sections().find(candidate => candidate.key === key);
	if (section === undefined) {
		return htmlAnswer(404);
	}

	const values = valuesIn(library, section, name, Number(request.query.get('type') ?? typesIn[section.type][0]![0]));
	const rows = [...values].toSorted(([, a], [, b]) => a < b ? -1 : 1).map(([value, title]) => ({
		fastKey: `/library/sections/${key}/all?${name}=${encodeURIComponent(value)}`, key: value, title, type: name,
	}));
	return containerAnswer({
		size: rows.length, allowSync: false, identifier: 'com.plexapp.plugins.library', title1: section.title, title2: field.title, viewGroup: 'secondary', ...rowsNamed('Directory', rows),
	}, request);
};

const tagLists = new Map<string, (row: PlexRow) => readonly PlexTag[] | undefined>([
	['genre', row => row.Genre],
	['country', row => row.Country],
	['director', row => row.Director],
	['writer', row => row.Writer],
	['producer', row => row.Producer],
	['actor', row => row.Role],
	['collection', row => row.Collection],
	['label', row => row.Label],
]);

const valuesIn = (library: DemoLibrary, section: DemoSection, name: string, type: number): ReadonlyMap<string, string> => {
	const values = new Map<string, string>();
	const tags = tagLists.get(name);
	for (const key of library.select(section.key, type, {})) {
		const row = library.listed(key)!;
		if (tags === undefined) {
			for (const value of filterFields.get(name)!.read(row)) {
				if (value !== undefined) {
					values.set(String(typeof value === 'boolean' ? Number(value) : value), String(value));
				}
			}
		} else {
			for (const {id, tag} of tags(row) ?? []) {
				values.set(String(id), tag);
			}
		}
	}

	return values;
};
