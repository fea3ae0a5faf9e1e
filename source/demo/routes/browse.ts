import {containerAnswer, htmlAnswer} from '../answer.js';
import {
	rowStamps,
	type DemoLibrary,
	type RowOrder,
	type RowRange,
	type RowStamp,
} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import type {DemoSection, SectionType} from '../library/section.js';
import type {Strikes} from '../knobs/faults.js';
import {readFilter} from '../library/filter.js';
import {typeNames} from '../library/filter-fields.js';
import {readSort} from '../library/row-order.js';
import {listRow} from '../library/shown-row.js';
import {pageHeaders, readRange} from '../request.js';
import type {DemoRoute} from './context.js';
import {cut, listAnswer, mixedRow} from './list-answer.js';
import {metaOf} from './section-page.js';

const ownTypes: Record<SectionType, number> = {
	movie: 1, show: 2, artist: 8, photo: 14,
};

/**
Other names of lists, as queries ([PA], [TAU]).
*/
const views = new Map<string, string>([
	['all', ''],
	['search', ''],
	['allLeaves', 'type=4'],
	['albums', 'type=9'],
	['collections', 'type=18'],
	['unwatched', 'unwatched=1'],
	['newest', 'sort=originallyAvailableAt:desc'],
	['recentlyAdded', 'sort=addedAt:desc'],
	['recentlyViewed', 'sort=lastViewedAt:desc&viewCount>>=0'],
	['onDeck', 'sort=lastViewedAt:desc&inProgress=1'],
]);

/**
The type of the views that are about what is played instead of shows.
*/
const playedViews = new Set(['recentlyAdded', 'recentlyViewed', 'onDeck']);

/**
`/library/sections/{key}/all`: one type of a section, page by page.
*/
export const browse: DemoRoute = ({path, query: asked, wantsJson}, {library, requiresSize, strikes, honoursFilters, honoursSlim}) => {
	const {key, view = ''} = /^\/library\/sections\/(?<key>\d+)\/(?<view>[A-Za-z]+)$/v.exec(path)?.groups ?? {};
	const preset = views.get(view);
	if (key === undefined || preset === undefined) {
		return undefined;
	}

	const section = library.sections().find(candidate => candidate.key === key);
	if (section === undefined) {
		return htmlAnswer(404);
	}

	const query = preset === '' ? asked : new URLSearchParams([...new URLSearchParams(preset), ...asked]);
	const page = readRange(query);
	if (page === 'bad' || (page === undefined && requiresSize && view === 'all')) {
		return htmlAnswer(400);
	}

	const type = typeAsked(query, section.type, view);
	const found = find(library, section.key, type, honoursFilters ? query : onlyOrder(query));
	const total = Math.min(found.total, limitOf(query));
	const {asked: range, told} = faultyPage(strikes, page ?? {start: 0, size: total}, total);
	const rows = found.rows({...range, size: Math.max(0, Math.min(range.size, total - range.start))});
	const broken = strikes('brokenRows');
	if (broken !== undefined && rows.some(row => isRow(row) && broken.ratingKeys.includes(row.ratingKey))) {
		return htmlAnswer(500);
	}

	const left = honoursSlim ? readExcluded(query) : nothing;
	const shown = rows.map(row => isRow(row) ? without(listRow(row, {includeGuids: query.get('includeGuids') === '1'}), left) : row);
	const noTotal = strikes('noTotal');
	return containerAnswer({
		size: rows.length,
		...(page !== undefined && noTotal === undefined && {totalSize: told, offset: page.start}),
		...sectionFacts(section, type),
		...(query.get('includeMeta') === '1' && {Meta: metaOf(section, type)}),
		// Missing instead of empty, as on a real server.
		...(shown.length > 0 && {Metadata: shown}),
	}, {wantsJson, ...(page !== undefined && noTotal?.isNowhere !== true && {headers: pageHeaders(page, told)})});
};

const typeAsked = (query: URLSearchParams, sectionType: SectionType, view: string): number =>
	Number(query.get('type') ?? (sectionType === 'show' && playedViews.has(view) ? 4 : ownTypes[sectionType]));

const limitOf = (query: URLSearchParams): number => {
	const limit = query.get('limit') ?? '';
	return /^\d+$/v.test(limit) ? Number(limit) : Infinity;
};

const sectionFacts = ({key, title, type: sectionType, uuid}: DemoSection, type: number) => ({
	allowSync: true,
	content: 'secondary',
	identifier: 'com.plexapp.plugins.library',
	librarySectionID: Number(key),
	librarySectionTitle: title,
	librarySectionUUID: uuid,
	mediaTagPrefix: '/system/bundle/media/flags/',
	mediaTagVersion: 1_748_000_000,
	title1: title,
	title2: `All ${title}`,
	viewGroup: typeNames.get(type) ?? sectionType,
});

const onlyOrder = (query: URLSearchParams) => new URLSearchParams(query.has('sort') ? {sort: query.get('sort')!} : {});

type Found = {total: number; rows: (range: RowRange) => readonly unknown[]};

/**
A list without filters in the order of ids is built page by page, however big the library is; so is one of what has moved. For any other, all rows are read.
*/
const find = (library: DemoLibrary, sectionKey: string, type: number, query: URLSearchParams): Found => {
	const filter = readFilter(query);
	if (type === collectionType) {
		const rows = library.collections.list(sectionKey)
			.filter(({ratingKey, key, title, addedAt, updatedAt}) => filter?.holds({
				ratingKey, key, type: 'collection', title, addedAt, updatedAt,
			}, () => []) !== false)
			// Only the container names the section.
			.map(({librarySectionID, librarySectionTitle, librarySectionKey, ...row}) => row);
		return {total: rows.length, rows: range => cut(rows, range)};
	}

	const since = filter?.clauses === 1 ? readSince(query) : undefined;
	if (since !== undefined) {
		const moved = library.moved(sectionKey, type, since);
		return {total: moved.length, rows: range => cut(moved, range)};
	}

	const order = orderOf(query);
	const sort = query.get('sort') ?? '';
	const terms = order === 'other' ? readSort(sort) : undefined;
	if (filter === undefined && terms === undefined) {
		return {total: library.total(sectionKey, type), rows: range => library.page(sectionKey, type, {...range, order})};
	}

	const keys = library.select(sectionKey, type, {filter, sort: terms && {text: sort, terms}});
	const ordered = order === 'id:desc' ? keys.toReversed() : keys;
	return {total: keys.length, rows: range => cut(ordered, range).map(key => library.listed(key))};
};

const collectionType = 18;

/**
`/library/all`: one type of all sections, which is how clients look for a guid or a title ([PA]).
*/
export const browseAll: DemoRoute = (request, {library}) => {
	if (request.path !== '/library/all') {
		return undefined;
	}

	const {query} = request;
	const type = query.get('type');
	const keys = library.sections().flatMap(section => library.select(section.key, type === null ? ownTypes[section.type] : Number(type), {filter: readFilter(query)}));
	return listAnswer(request, {total: keys.length, rows: range => cut(keys, range).map(key => mixedRow(library.listed(key)!, query))});
};

const faultyPage = (strikes: Strikes, {start, size}: RowRange, total: number): {asked: RowRange; told: number} => {
	const whole = strikes('totalOfPage')?.rows ?? Infinity;
	return {
		asked: {
			start: strikes('ignoredStart') === undefined ? start : 0,
			size: Math.min(size, whole, strikes('shortPages')?.rows ?? Infinity),
		},
		told: Math.min(whole, total + (strikes('wrongTotal')?.delta ?? 0)),
	};
};

const isRow = (row: unknown): row is PlexRow => typeof row === 'object' && row !== null;

const nothing: ReadonlySet<string> = new Set();

/**
Elements begin with a capital letter, so one set serves both lists ([MNT] plexApi.ts).
*/
const readExcluded = (query: URLSearchParams): ReadonlySet<string> => {
	const names = `${query.get('excludeElements') ?? ''},${query.get('excludeFields') ?? ''}`;
	return names === ',' ? nothing : new Set(names.split(','));
};

const without = (row: PlexRow, names: ReadonlySet<string>): Partial<PlexRow> => names.size === 0
	? row
	: Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));

/**
`updatedAt>>=TS` means later than, `updatedAt>=TS` not earlier than ([OFF], [PKC]). The `=` is the one of the query.
*/
const readSince = (query: URLSearchParams): {stamp: RowStamp; seconds: number} | undefined => {
	for (const stamp of rowStamps) {
		const later = query.get(`${stamp}>>`);
		const notEarlier = query.get(`${stamp}>`);
		const seconds = later ?? notEarlier;
		if (seconds !== null && /^\d+$/v.test(seconds)) {
			return {stamp, seconds: later === null ? Number(seconds) - 1 : Number(seconds)};
		}
	}

	return undefined;
};

const orderOf = (query: URLSearchParams): RowOrder => {
	const sort = query.get('sort');
	return sort === 'id' || sort === 'id:desc' ? sort : 'other';
};
