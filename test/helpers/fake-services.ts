import {emptyFields} from '../../source/catalog/item.js';
import type {CatalogHeader, Item, Library} from '../../source/catalog/types.js';
import {summarize} from '../../source/query/summary.js';
import type {CatalogIndex, ItemSummary, ListQuery} from '../../source/query/types.js';
import {fold} from '../../source/query/fold.js';
import type {ReportQuestion} from '../../source/reports/registry.js';
import type {ReportRow} from '../../source/reports/report-row.js';
import type {ImportResult, Problem, SyncEvent} from '../../source/sync/events.js';
import type {LibraryRow} from '../../source/sync/library-record.js';
import type {Connection, UiServices} from '../../source/ui/services.js';
import {makeItem} from '../query/_items.js';

export const movie = (number: number, change: Partial<ItemSummary> = {}): ItemSummary => ({
	...summarize(makeItem(`m${number}`, {libraryId: 'movies', title: `Movie ${number}`, durationMs: 6_720_000})),
	sortKey: `movie ${String(number).padStart(8, '0')}`,
	year: 1900 + (number % 120),
	resolution: '1080',
	versions: 1,
	rating: 7.5,
	...change,
});

/**
An index over plain summaries that counts how often a row is read.
*/
export const fakeIndex = (items: ItemSummary[]) => {
	const all = new Map(items.map(item => [item.id, item]));
	let reads = 0;
	const matches = ({libraryId, type, showId, seasonId, plan}: ListQuery) => all.values().filter(item =>
		(libraryId === undefined || item.libraryId === libraryId)
		&& (type === undefined || item.type === type)
		&& (showId === undefined || item.showId === showId)
		&& (seasonId === undefined || item.seasonId === seasonId)
		&& (plan === undefined || plan.words.every(word => item.title.toLowerCase().includes(word)))).toArray();
	const index: CatalogIndex = {
		size: () => all.size,
		get(id) {
			reads++;
			return all.get(id);
		},
		late: id => all.get(id),
		put: () => undefined,
		value: (id, name) => all.get(id)?.[name],
		save: async () => new Map(),
		restore: () => undefined,
		unnamedIds: () => [],
		rename: () => undefined,
		nameOf: () => undefined,
		isSharing: id => all.has(id) ? false : undefined,
		summaries: () => all.values(),
		view: id => all.get(id),
		views: () => all.values(),
		remove(ids) {
			for (const id of ids) {
				all.delete(id);
			}
		},
		clear() {
			all.clear();
		},
		async list(query) {
			const {sort = 'title', descending = false} = query;
			const keyOf = (item: ItemSummary) => sort === 'year' ? String(item.year ?? '') : item.sortKey;
			const sorted = matches(query).toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
			return (descending ? sorted.toReversed() : sorted).map(({id}) => id);
		},
		glance: async query => index.list(query),
		countValues: async () => [],
		count: query => matches(query).length,
		itemsOfFile: () => [],
		children: id => all.values().filter(({showId, seasonId}) => showId === id || seasonId === id).map(child => child.id).toArray(),
		find: id => all.has(id) ? [id] : [],
	};
	return {
		index,
		items: all,
		reads: () => reads,
	};
};

export const library = (id: string, type: string, change: Partial<Library> = {}): Library => ({
	id,
	serverId: 'server',
	key: '1',
	title: id === 'movies' ? 'Movies' : 'Shows',
	type,
	locations: [],
	counts: {
		movie: 0, show: 0, season: 0, episode: 0,
	},
	...change,
});

export const row = (id: string, change: Partial<LibraryRow> = {}): LibraryRow => ({
	id,
	key: '1',
	title: id,
	type: 'movie',
	disabledReason: undefined,
	isChosen: false,
	serverCount: 3,
	catalogCount: 0,
	lastImport: undefined,
	...change,
});

export const connection: Connection = {
	serverId: 'server',
	serverName: 'Attic',
	serverVersion: '1.40.0',
	url: 'http://attic:32400',
	isDemo: false,
};

export const emptyHeader: CatalogHeader = {
	format: 'reelcat-catalog', schemaVersion: 1, revision: 0, servers: [], libraries: [],
};

export const result = (change: Partial<ImportResult> = {}): ImportResult => ({
	ok: true,
	cancelled: false,
	libraries: [],
	errors: [],
	runId: 'run-1',
	requests: 1,
	bytes: 1,
	durationMs: 1000,
	...change,
});

export const problem = (number: number, change: Partial<Problem> = {}): Problem => ({
	library: {id: 'movies', title: 'Movies'},
	ratingKey: String(number),
	title: `Broken ${number}`,
	stage: 'detail',
	code: 'malformed',
	message: 'The server sent something that is not JSON.',
	hint: 'Refresh the metadata of the item on the server, then press r.',
	...change,
});

export const item = (id: string, change: Partial<Item> = {}): Item => ({
	id,
	kind: 'item',
	type: 'movie',
	serverId: 'server',
	libraryId: 'movies',
	title: id,
	...emptyFields(),
	...change,
});

type Overrides = Partial<Omit<UiServices, 'initial'>> & {initial?: Partial<UiServices['initial']>; items?: ItemSummary[]};

type Question<Name extends ReportQuestion['name']> = Extract<ReportQuestion, {name: Name}>;

const reports: {[Name in ReportQuestion['name']]: (question: Question<Name>) => ReportRow[]} = {
	changes: question => [
		{
			id: 'movies', cells: ['Movies: 1 added, 2 edited'], isHeading: true, opens: {name: 'library', libraryId: 'movies'},
		},
		{
			id: 'a', cells: ['added', '2026-05-01 10:00', 'Café Linnéa', '4K'], kind: 'added', opens: {name: 'timeline', itemId: 'm1'},
		},
		{
			id: 'b', cells: ['edited', '2026-05-02 10:00', 'Nosferatu', 'runId' in question ? `edited in ${question.runId}` : `edited ${'days' in question ? question.days : 0} days`], kind: 'edited', opens: {name: 'timeline', itemId: 'm2'},
		},
		{
			id: 'c', cells: ['edited', '2026-05-03 10:00', 'Metropolis', 'title'], kind: 'edited', opens: {name: 'timeline', itemId: 'gone'},
		},
	],
	collections: () => [
		{
			id: 'c1', cells: ['Before Sound', '2', 'smart', 'Movies'], kind: 'smart', opens: {name: 'members', listId: 'c1', title: 'Before Sound'},
		},
	],
	playlists: () => [
		{
			id: 'q1', cells: ['Double Bill', '1', ''], kind: 'ordinary', opens: {name: 'members', listId: 'q1', title: 'Double Bill'},
		},
	],
	members: ({listId}) => [
		{id: 'head 0', cells: [`What is in ${listId}`], isHeading: true},
		{id: '0 m1', cells: ['movie', '1922', 'Nosferatu'], opens: {name: 'detail', itemId: 'm1'}},
	],
	timeline: ({itemId}) => [
		{
			id: 'item', cells: [`What happened to ${itemId}`], isHeading: true, opens: {name: 'detail', itemId},
		},
		{
			id: '0', cells: ['2026-05-01 10:00', 'added', ''], kind: 'added', opens: {name: 'run', runId: 'run-1'},
		},
	],
	runs: () => [
		{
			id: 'run-2', cells: ['2026-05-02 10:00', 'sync', 'failed', '', '', '1'], kind: 'sync', tone: 'bad', opens: {name: 'run', runId: 'run-2'},
		},
		{
			id: 'run-1', cells: ['2026-05-01 10:00', 'import', 'done', '2 s', '3 imported', ''], kind: 'import', opens: {name: 'run', runId: 'run-1'},
		},
	],
	run: ({runId}) => [
		{id: 'changes', cells: ['Changes of this run'], opens: {name: 'changes', runId}},
		{id: 'log', cells: ['Log of this run'], opens: {name: 'log', runId}},
	],
	log: ({runId}) => [{
		id: '0', cells: [`GET /identity of ${runId}`], opens: {name: 'text', title: 'Line 1', text: `The whole line of ${runId}`},
	}],
	held: () => [{
		id: 'm1', cells: ['movie', 'Movie 1', '1901', '1080p', '4 GB', '2026-05-01 10:00'], kind: 'movie', opens: {name: 'detail', itemId: 'm1'},
	}],
};

/**
Services that answer at once and record what they were asked.
*/
export const fakeServices = ({initial, items = [], ...overrides}: Overrides = {}) => {
	const {index, items: all, reads} = fakeIndex(items);
	const calls: string[] = [];
	const events = new Set<(event: SyncEvent) => void>();
	const changes = new Set<() => void>();
	let header = initial?.catalog ?? emptyHeader;
	let notice = initial?.notice;
	const services: UiServices = {
		queryWorld: () => ({now: new Date(), libraries: header.libraries, servers: header.servers}),
		load: async () => undefined,
		async connect() {
			return connection;
		},
		servers: async () => ({account: undefined, servers: []}),
		nearby: async () => [],
		async signIn() {
			return new Promise<never>(() => {/* nobody approves */});
		},
		libraries: async () => [],
		async chooseLibraries(ids) {
			calls.push(`choose ${ids.join(',')}`);
		},
		async startImport(ids) {
			calls.push(`import ${ids.join(',')}`);
			return result();
		},
		async startSync(ids) {
			calls.push(`sync ${(ids ?? ['all']).join(',')}`);
			return result();
		},
		async report(question) {
			calls.push(`report ${question.name}`);
			const rows = reports[question.name](question as never);
			// The real one asks the catalogue.
			const words = 'query' in question && question.query !== undefined ? fold(question.query).split(' ') : [];
			return rows.filter(({isHeading, cells}) => isHeading === true || words.every(word => fold(cells.join(' ')).includes(word)));
		},
		async acceptRemovals(libraryIds) {
			calls.push(`accept ${libraryIds.join(',')}`);
			return 3;
		},
		async retry(problems) {
			calls.push(`retry ${problems.length}`);
			return result();
		},
		async keepMouse(isOn) {
			calls.push(`mouse ${isOn ? 'on' : 'off'}`);
		},
		cancelImport() {
			calls.push('cancel');
		},
		index,
		header: () => header,
		notice: () => notice,
		detail: async id => ({
			item: item(id, {title: all.get(id)?.title ?? id}),
			server: undefined,
			library: undefined,
			show: undefined,
			season: undefined,
			people: new Map(),
			tags: new Map(),
			files: new Map(),
			sharedWith: new Map(),
			gaps: [],
		}),
		itemTools: {
			sizeOf: async ids => ids.length * 1_000_000_000,
			records: async ids => ids.map(id => `{"id":"${id}"}\n`).join(''),
			async exportTo(ids) {
				calls.push(`export ${ids.join(',')}`);
				return {file: '/home/me/reelcat.ndjson', items: ids.length};
			},
			async openAddress(address) {
				calls.push(`open ${address}`);
				return undefined;
			},
			async play(id) {
				calls.push(`play ${id}`);
			},
		},
		onEvent(listener) {
			events.add(listener);
			return () => {
				events.delete(listener);
			};
		},
		onCatalogChange(listener) {
			changes.add(listener);
			return () => {
				changes.delete(listener);
			};
		},
		...overrides,
		initial: {
			version: '0.1.0',
			connection: undefined,
			formUrl: '',
			hasToken: false,
			catalog: header,
			readOnlyReason: undefined,
			notice: undefined,
			isMouseOn: true,
			...initial,
		},
	};
	return {
		services,
		calls,
		items: all,
		reads,
		report(event: SyncEvent) {
			for (const listener of events) {
				listener(event);
			}
		},
		notify(text: string | undefined) {
			notice = text;
		},
		changeCatalog(next: CatalogHeader = header) {
			header = next;
			for (const listener of changes) {
				listener();
			}
		},
	};
};
