import {containerAnswer, htmlAnswer} from '../answer.js';
import {
	rowStamps,
	type RowOrder,
	type RowRange,
	type RowStamp,
} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import type {SectionType} from '../library/section.js';
import type {Strikes} from '../knobs/faults.js';
import {listRow} from '../library/shown-row.js';
import {pageHeaders, readRange} from '../request.js';
import type {DemoRoute} from './context.js';

const typeNames: Record<number, string> = {
	1: 'movie', 2: 'show', 3: 'season', 4: 'episode', 8: 'artist', 9: 'album', 14: 'photoalbum',
};

const ownTypes: Record<SectionType, number> = {
	movie: 1, show: 2, artist: 8, photo: 14,
};

/**
`/library/sections/{key}/all`: one type of a section, page by page.
*/
export const browse: DemoRoute = ({path, query, wantsJson}, {library, requiresSize, strikes, honoursFilters, honoursSlim}) => {
	const key = /^\/library\/sections\/(?<key>\d+)\/all$/v.exec(path)?.groups?.['key'];
	if (key === undefined) {
		return undefined;
	}

	const section = library.sections().find(candidate => candidate.key === key);
	if (section === undefined) {
		return htmlAnswer(404);
	}

	const page = readRange(query);
	if (page === 'bad' || (page === undefined && requiresSize)) {
		return htmlAnswer(400);
	}

	const type = Number(query.get('type') ?? ownTypes[section.type]);
	const since = honoursFilters ? readSince(query) : undefined;
	const moved = since && library.moved(key, type, since);
	const total = moved?.length ?? library.total(key, type);
	const {asked, told} = faultyPage(strikes, page ?? {start: 0, size: total}, total);
	const rows = moved?.slice(asked.start, asked.start + asked.size) ?? library.page(section.key, type, {...asked, order: orderOf(query)});
	const broken = strikes('brokenRows');
	if (broken !== undefined && rows.some(row => isRow(row) && broken.ratingKeys.includes(row.ratingKey))) {
		return htmlAnswer(500);
	}

	const left = honoursSlim ? readExcluded(query) : nothing;
	const shown = rows.map(row => isRow(row) ? without(listRow(row, {includeGuids: query.get('includeGuids') === '1'}), left) : row);
	const noTotal = strikes('noTotal');
	const viewGroup = typeNames[type] ?? section.type;
	return containerAnswer({
		size: rows.length,
		...(page !== undefined && noTotal === undefined && {totalSize: told, offset: page.start}),
		allowSync: true,
		content: 'secondary',
		identifier: 'com.plexapp.plugins.library',
		librarySectionID: Number(key),
		librarySectionTitle: section.title,
		librarySectionUUID: section.uuid,
		mediaTagPrefix: '/system/bundle/media/flags/',
		mediaTagVersion: 1_748_000_000,
		title1: section.title,
		title2: `All ${section.title}`,
		viewGroup,
		// Missing instead of empty, as on a real server.
		...(shown.length > 0 && {Metadata: shown}),
	}, {wantsJson, ...(page !== undefined && noTotal?.isNowhere !== true && {headers: pageHeaders(page, told)})});
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
		if (later !== null || notEarlier !== null) {
			return {stamp, seconds: later === null ? Number(notEarlier) - 1 : Number(later)};
		}
	}

	return undefined;
};

const orderOf = (query: URLSearchParams): RowOrder => {
	const sort = query.get('sort');
	return sort === 'id' || sort === 'id:desc' ? sort : 'other';
};
