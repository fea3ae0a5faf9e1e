import {Buffer} from 'node:buffer';
import type {ApiQueries, ChangeEntry, ItemEntry} from '../api/port.js';
import {withSpan} from '../api/refusal.js';
import type {HistoryEvent} from '../catalog/history.js';
import {createLibraryNames, type LibraryNames} from '../catalog/library-names.js';
import {AppError} from '../base/errors.js';
import {oneByOne} from '../base/one-by-one.js';
import {listedItem} from '../query/list-fields.js';
import {compileQuery} from '../query/language/compile.js';
import type {Plan} from '../query/language/plan.js';
import {isQueryError} from '../query/language/query-error.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {recordValues} from '../query/record-values.js';
import {summarize} from '../query/summary.js';
import type {CatalogAnswers, CatalogIndex, ItemSummary} from '../query/types.js';
import {fileSizes, type CatalogStore} from '../catalog/catalog-store.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {nextTurn} from '../base/turns.js';
import {createQueryIndex, queryWorldOf} from './query-index.js';
import type {Session} from './session.js';

type DaemonQueriesOptions = {
	/**
	An index of what is committed.
	*/
	index: () => Promise<CatalogIndex>;
	queryWorld: () => QueryWorld;
	/**
	Answers lists instead of the index.
	*/
	answers?: CatalogAnswers | undefined;
};

/**
Answers what the API asks of a catalogue that this process has loaded, or is loading.
*/
export const createDaemonQueries = (store: Pick<CatalogStore, 'getMany' | 'history' | 'header'>, {index: readIndex, queryWorld, answers}: DaemonQueriesOptions): ApiQueries => {
	// A list takes time and memory, so there is never more than one.
	const {inTurn} = oneByOne();

	return {
		items: async ({text, limit, offset}) => inTurn(async () => {
			const list = answers === undefined ? listOf(store, readIndex) : answeredOf(store, answers);
			const {found, total, revision} = await list(async () => compiled(text, queryWorld()), {limit, offset});
			const names = createLibraryNames(store.header());
			const items = found.map(item => {
				const entry: Record<string, unknown> = {...listedItem(item), ...names.serverOf(item.libraryId)};
				// Its names come from the field table, so TypeScript cannot know them; a test holds them against the schema.
				return entry as ItemEntry;
			});
			return {items, total, revision};
		}),
		async changes({since, limit, cursor}) {
			const skipped = cursor === undefined ? undefined : readPlace(readCursor(cursor));
			const {serverOf} = createLibraryNames(store.header());
			const entries: ChangeEntry[] = [];
			let last: Place = {revision: -1, index: 0};
			for await (const {event, place} of placed(store.history({since}))) {
				if (entries.length === limit) {
					return {entries, nextCursor: writeCursor(`${last.revision}.${last.index}`)};
				}

				if (!(skipped === undefined || isAfter(place, skipped))) {
					continue;
				}

				last = place;
				entries.push(changeEntry(event, serverOf));
			}

			return {entries};
		},
	};
};

type Slice = {limit: number; offset: number};
type FoundItems = {found: readonly ItemSummary[]; total: number; revision: number};
type ListItems = (plan: () => Promise<Plan>, slice: Slice) => Promise<FoundItems>;

const listOf = (store: Pick<CatalogStore, 'getMany' | 'header'>, readIndex: () => Promise<CatalogIndex>): ListItems => async (plan, {limit, offset}) => {
	const index = await readIndex();
	const asked = await plan();
	const {revision} = store.header();
	const ids = await index.glance({plan: asked}, {readValues: recordValues(store)});
	return {found: ids.slice(offset, offset + limit).map(id => index.get(id)).filter(item => item !== undefined), total: ids.length, revision};
};

const answeredOf = (store: Pick<CatalogStore, 'getMany'>, answers: CatalogAnswers): ListItems => async (plan, slice) => {
	const {ids, total, revision} = await answers.list({plan: await plan()}, slice);
	const records = await store.getMany(ids, {kind: 'item'});
	const items = records.filter(record => record.kind === 'item');
	const sizeOf = await fileSizes(store, items);
	return {found: items.map(item => summarize(item, sizeOf)), total, revision};
};

async function * placed(batches: AsyncIterable<HistoryEvent[]>): AsyncGenerator<{event: HistoryEvent; place: Place}> {
	let place: Place = {revision: -1, index: 0};
	for await (const batch of batches) {
		for (const event of batch) {
			place = {revision: event.revision, index: event.revision === place.revision ? place.index + 1 : 0};
			yield {event, place};
		}

		await nextTurn();
	}
}

// The commit of an event and its index in that commit, neither of which ever changes.
type Place = {revision: number; index: number};

const isAfter = (place: Place, other: Place) => place.revision > other.revision || (place.revision === other.revision && place.index > other.index);

const readPlace = (text: string): Place => {
	const {revision, index} = /^(?<revision>\d{1,15})\.(?<index>\d{1,9})$/v.exec(text)?.groups ?? {};
	if (revision === undefined || index === undefined) {
		throw wrongCursor();
	}

	return {revision: Number(revision), index: Number(index)};
};

const mark = 'changes:';

const writeCursor = (place: string) => Buffer.from(`${mark}${place}`).toString('base64url');

const readCursor = (cursor: string): string => {
	const text = Buffer.from(cursor, 'base64url').toString('utf8');
	const place = text.slice(mark.length);
	if (!text.startsWith(mark) || !/^[\w.]{1,30}$/v.test(place)) {
		throw wrongCursor();
	}

	return place;
};

const wrongCursor = () => new AppError('usage', 'The cursor cannot be used.', {hint: 'Start again without one.'});

const compiled = async (text: string, world: QueryWorld): Promise<Plan> => {
	try {
		return await compileQuery(text, world);
	} catch (error) {
		throw isQueryError(error) ? withSpan(error, error.span) : error;
	}
};

type ServerOf = LibraryNames['serverOf'];

const changeEntry = (event: HistoryEvent, serverOf: ServerOf): ChangeEntry => {
	const {revision, at, kind, runId, libraryId, reason} = event;
	return {
		revision,
		at,
		kind,
		runId,
		libraryId,
		...serverOf(libraryId),
		reason,
		...('itemId' in event && {itemId: event.itemId, type: event.type, title: event.title}),
		...('after' in event && {fields: Object.keys(event.after)}),
	};
};

type SessionQueriesOptions = {
	store: OpenedCatalog;
	loaded: Promise<void>;
	/**
	An index that follows the commits, if this process has one.
	*/
	index: (() => Promise<CatalogIndex>) | undefined;
};

/**
The same for a catalogue and the saved queries of a session, with what else answers: the store, or else an index. Call `close` before the catalogue is closed.
*/
export const openSessionQueries = (session: Pick<Session, 'settings'>, {store, loaded, index}: SessionQueriesOptions): {queries: ApiQueries; index: () => Promise<CatalogIndex>; answers: CatalogAnswers | undefined; close: () => void} => {
	// An index that is there anyway answers in less time.
	const answers = index === undefined ? store.answers : undefined;
	const own = createQueryIndex(store);
	const readIndex = async () => {
		await loaded;
		return (index ?? own.index)();
	};

	const queries = createDaemonQueries(store, {
		index: readIndex,
		queryWorld: () => queryWorldOf(store, session),
		answers,
	});
	return {
		queries, index: readIndex, answers, close: own.close,
	};
};
