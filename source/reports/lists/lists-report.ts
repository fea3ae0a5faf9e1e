import * as z from 'zod';
import {pushAll} from '../../base/push-all.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, plural} from '../../base/text/format.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import {fullTitle} from '../../catalog/item.js';
import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import type {Item, ItemList, ListKind} from '../../catalog/types.js';
import {fold} from '../../query/fold.js';
import {countSchema, jsonSchema, pickFields} from '../printers/data.js';
import {serverFieldsOfReport} from '../printers/server-column.js';
import {reportTable, screenCells, type ReportColumn} from '../printers/table.js';
import {headingRow, sentenceRow, type ReportRow} from '../report-row.js';
import {
	ask,
	type CommandLine,
	type LoadedReport,
	type ReportSources,
	type ScreenReport,
} from '../report.js';

type ListsQuestion = {
	/**
	A title, or a part of it, an id or a ratingKey. With it the members are told as well.
	*/
	called?: string | undefined;
	/**
	The id of one, which may be gone.
	*/
	listId?: string;
	libraryIds?: readonly string[] | undefined;
};

type Member = {id: string; type: Item['type'] | ''; title: string; year: number | undefined};

type FoundList = {list: ItemList; library: string | undefined; server: {serverId?: string; server?: string}; members: Member[]};

type FoundLists = {found: FoundList[]; hasMembers: boolean; hasSeveralServers: boolean};

const columns: ReadonlyArray<ReportColumn<FoundList>> = [
	{
		heading: 'Title', isFlexible: true, cell: ({list}) => list.title, screen: {width: {share: 1}},
	},
	{
		heading: 'Items', align: 'right', cell: ({list}) => formatCount(list.items.length), screen: {width: 7},
	},
	{heading: 'Kind', cell: ({list}) => list.smart === true ? 'smart' : '', screen: {width: 6, minColumns: 60}},
	{
		heading: 'Library', isFlexible: true, cell: ({library}) => library, screen: {width: 20, minColumns: 64},
	},
	{heading: 'Filter', isFlexible: true, cell: ({list}) => list.filter},
	{heading: 'Id', cell: ({list}) => list.id},
];

const serverColumn: ReportColumn<FoundList> = {heading: 'Server', isFlexible: true, cell: ({server}) => server.server};

const memberColumns: ReadonlyArray<ReportColumn<Member>> = [
	{heading: 'Type', cell: ({type}) => type, screen: {width: 7}},
	{
		heading: 'Year', align: 'right', cell: ({year}) => year?.toString(), screen: {width: 4, minColumns: 60},
	},
	{
		heading: 'Title', isFlexible: true, cell: ({title}) => title, screen: {width: {share: 1}},
	},
	{heading: 'Id', cell: ({id}) => id},
];

const load = (kinds: readonly ListKind[]): ScreenReport<ListsQuestion, FoundLists>['load'] => async ({called, listId, libraryIds}, sources) => {
	const store = await sources.store();
	const names = createLibraryNames(store.header());
	const servers = new Set(store.header().libraries.filter(({id}) => libraryIds?.includes(id)).map(({serverId}) => serverId));
	const isOf = (list: ItemList) => libraryIds === undefined || (list.kind === 'collection' ? libraryIds.includes(list.libraryId) : servers.has(list.serverId));
	const lists: ItemList[] = [];
	for (const kind of kinds) {
		const {records} = await store.page({kind, limit: Infinity});
		pushAll(lists, records.filter(record => record.kind === 'collection' || record.kind === 'playlist').filter(list => isOf(list) && (listId === undefined || list.id === listId)));
	}

	const wanted = called === undefined ? lists : listsCalled(lists, called);
	if (called !== undefined && wanted.length === 0) {
		throw new AppError('not-found', `There is no ${kinds[0]!} "${clean(called)}" in the catalogue.`, {hint: `"reelcat ${kinds[0]!}s" prints all of them.`});
	}

	const hasMembers = called !== undefined || listId !== undefined;
	const found = await Promise.all(wanted.map(async list => describe(store, names, list, hasMembers)));
	return {
		hasMembers, hasSeveralServers: new Set(lists.map(({serverId}) => serverId)).size > 1, found: found.toSorted(byPlace),
	};
};

/**
Those of this title, or else those whose title has it in it.
*/
const listsCalled = (lists: readonly ItemList[], called: string): ItemList[] => {
	const text = fold(called.trim());
	const exact = lists.filter(({id, ratingKey, title}) => id === called || ratingKey === called || fold(title.trim()) === text);
	return exact.length > 0 ? exact : lists.filter(({title}) => fold(title).includes(text));
};

const describe = async (store: CatalogStore, names: LibraryNames, list: ItemList, hasMembers: boolean): Promise<FoundList> => {
	const {header} = store;
	const name = header().servers.find(({id}) => id === list.serverId)?.name;
	return {
		list,
		library: list.kind === 'collection' ? names.printed(list.libraryId) : undefined,
		server: {serverId: list.serverId, ...name !== undefined && {server: name}},
		members: hasMembers ? await membersOf(store, list) : [],
	};
};

const membersOf = async (store: CatalogStore, {items}: ItemList): Promise<Member[]> => {
	const read = async (ids: readonly string[]) => {
		const records = await store.getMany(ids, {kind: 'item'});
		return new Map(records.filter(record => record.kind === 'item').map(item => [item.id, item]));
	};

	const known = await read([...new Set(items)]);
	const shows = await read([...new Set(known.values().map(({showId}) => showId).filter(id => id !== undefined))]);
	return items.map(id => {
		const item = known.get(id);
		return item === undefined
			? {
				id, type: '', title: id, year: undefined,
			}
			: {
				id, type: item.type, title: fullTitle(item, shows.get(item.showId ?? '')?.title), year: item.year,
			};
	});
};

const byPlace = (left: FoundList, right: FoundList) => placeOf(left).localeCompare(placeOf(right), 'en');
const placeOf = ({list, library = '', server}: FoundList) => `${library} ${server.server ?? ''} ${list.titleSort ?? list.title}`;

const text = (kind: ListKind): ScreenReport<ListsQuestion, FoundLists>['text'] => ({found, hasMembers, hasSeveralServers}, options) => {
	if (found.length === 0) {
		return [nothing(kind)];
	}

	if (!hasMembers) {
		const shown = hasSeveralServers ? columns.toSpliced(4, 0, serverColumn) : columns;
		return reportTable(shown, found, {...options, isSparse: true});
	}

	return found.flatMap((each, index) => [
		...index === 0 ? [] : [''],
		...headLines(each, {hasSeveralServers}).map(line => clean(line)),
		...reportTable(memberColumns, each.members, {...options, isSparse: true}),
	]);
};

const nothing = (kind: ListKind) => `The catalogue has no ${kind}s. An import or sync reads them.`;

const headLines = ({list, library, server}: FoundList, {hasSeveralServers}: {hasSeveralServers: boolean}): string[] => {
	const {title, summary, filter, items, unknownItems = 0} = list;
	const isTold = library?.endsWith(`@${server.server}`) === true;
	const places = [library, hasSeveralServers && !isTold ? server.server : undefined].filter(place => place !== undefined);
	return [
		`${title}${places.length === 0 ? '' : ` (${places.join(', ')})`}: ${plural(items.length, 'item')}`,
		...summary === undefined ? [] : [summary],
		...filter === undefined ? [] : [`Filter: ${filter}`],
		...unknownItems === 0 ? [] : [`${plural(unknownItems, 'member')} of it ${unknownItems === 1 ? 'is' : 'are'} not in the catalogue.`],
	];
};

const listShape = {
	id: z.string(),
	ratingKey: z.string(),
	title: z.string(),
	library: z.string().optional().meta({description: 'Of a collection'}),
	libraryId: z.string().optional(),
	...serverFieldsOfReport,
	smart: z.boolean().meta({description: 'Its members follow from its filter'}),
	filter: z.string().optional().meta({description: 'Of a smart one, as the server writes it'}),
	order: z.string().optional().meta({description: 'Of a collection: release, title or custom'}),
	summary: z.string().optional(),
	addedAt: z.iso.datetime().optional(),
	items: z.array(z.string()).meta({description: 'Ids of its members in their order; a playlist may have one several times'}),
	unknownItems: countSchema.optional().meta({description: 'Members that the catalogue does not have'}),
};

const listSchema = z.object(listShape);

export const collectionsJsonSchema = jsonSchema('collections', {collections: z.array(listSchema)});
export const playlistsJsonSchema = jsonSchema('playlists', {playlists: z.array(listSchema.omit({library: true, libraryId: true, order: true}))});

const jsonOf = ({list, library, server}: FoundList) => pickFields(listSchema, {
	...list, ...server, smart: list.smart ?? false, ...list.kind === 'collection' && {library, libraryId: list.libraryId},
});

// Each server has playlists of its own, often of the same titles.
const withServer = ({list, server, ...rest}: FoundList): FoundList => ({...rest, server, list: {...list, title: `${list.title} (${server.server ?? list.serverId})`}});

const createReport = (kind: ListKind, screen: Omit<ScreenReport<ListsQuestion, FoundLists>['screen'], 'columns' | 'rows'>): ScreenReport<ListsQuestion, FoundLists> => {
	const shown = kind === 'collection' ? columns : columns.filter(({heading}) => heading !== 'Library');
	return {
		schema: kind === 'collection' ? collectionsJsonSchema : playlistsJsonSchema,
		load: load([kind]),
		text: text(kind),
		json: ({found}) => ({schema: 1, [`${kind}s`]: found.map(each => jsonOf(each))}),
		screen: {
			...screen,
			columns: shown,
			rows: ({found, hasSeveralServers}) => found.length === 0
				? [sentenceRow(nothing(kind))]
				: found.map((each): ReportRow => ({
					id: each.list.id, cells: screenCells(shown, hasSeveralServers && kind === 'playlist' ? withServer(each) : each), kind: each.list.smart === true ? 'smart' : 'ordinary', opens: {name: 'members', listId: each.list.id, title: each.list.title},
				})),
		},
	};
};

export const collectionsReport = createReport('collection', {
	crumb: 'Collections',
	keysTitle: 'Collections',
	place: 'among the collections',
	key: {keys: ['g c'], label: 'collections', help: 'The collections of all libraries, also smart ones'},
	kinds: 'shown',
});

export const playlistsReport = createReport('playlist', {
	crumb: 'Playlists',
	keysTitle: 'Playlists',
	place: 'among the playlists',
	key: {keys: ['g p'], label: 'playlists', help: 'The video playlists of the server'},
	kinds: 'shown',
});

export const answerLists = async (kind: ListKind, {input, flags}: CommandLine, sources: ReportSources): Promise<LoadedReport> => ask(kind === 'collection' ? collectionsReport : playlistsReport, {
	called: input.length === 0 ? undefined : input.join(' '),
	libraryIds: await sources.pickLibraryIds(kind === 'collection' ? flags.string('library') : undefined),
}, sources);

/**
What is in one collection or playlist. On the command line it is `collections NAME` or `playlists NAME`.
*/
export const membersReport: ScreenReport<{listId: string; title: string}, FoundLists> = {
	load: load(['collection', 'playlist']),
	text: text('collection'),
	json: ({found}) => ({schema: 1, lists: found.map(each => jsonOf(each))}),
	screen: {
		crumb: 'Members',
		keysTitle: 'Members of a collection or playlist',
		place: 'among the members',
		columns: memberColumns,
		rows(data) {
			const found = data.found[0];
			if (found === undefined) {
				return [headingRow('gone', 'It is no longer in the catalogue.', {tone: 'warn'})];
			}

			return [
				...headLines(found, data).map((line, index) => headingRow(`head ${index}`, line)),
				// A playlist may have an item several times.
				...found.members.map((member, index): ReportRow => ({id: `${index} ${member.id}`, cells: screenCells(memberColumns, member), opens: {name: 'detail', itemId: member.id}})),
			];
		},
	},
};
