import {isDeepStrictEqual} from 'node:util';
import {clean} from '../base/text/clean.js';
import {listId} from '../catalog/identity.js';
import {listKinds} from '../catalog/kinds.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {NewHistoryEvent} from '../catalog/history.js';
import type {
	ItemList,
	Library,
	ListKind,
	SyncMode,
	SyncState,
} from '../catalog/types.js';
import {defined, instantOf} from '../catalog/values.js';
import {diffLists, listFieldsOf} from '../history/list-changes.js';
import type {ListedList} from '../plex/normalize/lists.js';
import type {ChangeCounts} from './events.js';
import type {LibraryWork} from './library-work.js';
import {createMemberIds, listsOfKind} from './list-members.js';
import {
	readListing,
	readAhead,
	readMembersOf,
	type ListsAhead,
	type ReadListing,
	type ReadListings,
} from './list-reading.js';
import {seerOf} from './removals.js';
import {inTransaction} from './run-record.js';
import {isEndOfRun, problemFrom} from './tally.js';

type ListsState = NonNullable<SyncState['lists']>;

const stateNames = {collection: 'collections', playlist: 'playlists'} as const satisfies Record<ListKind, keyof ListsState>;

/**
The library that has the state of the playlists of its server, so that a round over all libraries looks at them once. One that was never imported to its end keeps no state.
*/
export const homeOfPlaylists = ({libraries}: {libraries: readonly Library[]}, serverId: string): string | undefined =>
	libraries.find(({serverId: of, sync}) => of === serverId && sync !== undefined && sync.goneSince === undefined)?.id;

const sourceOf = (kind: ListKind, sectionKey: string) => kind === 'collection' ? {lists: kind, sectionKey} : {lists: kind};

/**
Whether collections or playlists stay as they are for now: a viewer who may not see everything reads them, or items wait to be removed, which their lists lack already. `unclear` are libraries whose ratingKeys do not tell which items are in a list.
*/
const isWaiting = ({store: {header}, viewer, unclear}: Pick<LibraryWork, 'store' | 'viewer' | 'unclear'>, home: Library, kind: ListKind): boolean => {
	const concerned = kind === 'collection' ? [home] : header().libraries.filter(({serverId}) => serverId === home.serverId);
	return home.sync === undefined
		|| seerOf(home.sync) !== viewer
		|| concerned.some(({id, sync}) => unclear.has(id) || sync?.held !== undefined);
};

/**
Lists the collections of a library that has not changed otherwise. No record is read.

@returns the listings, if one of them differs from what the catalogue is in step with
*/
export const lookAtLists = async ({plex, store, signal, viewer}: Pick<LibraryWork, 'plex' | 'store' | 'signal' | 'viewer'>, library: Library, sectionKey: string): Promise<ReadListings | undefined> => {
	const listings = new Map<ListKind, ReadListing | undefined>();
	const isHome = homeOfPlaylists(store.header(), library.serverId) === library.id;
	for (const kind of isHome ? listKinds : ['collection'] as const) {
		if (!isWaiting({store, viewer, unclear: new Set()}, library, kind)) {
			listings.set(kind, await readListing({plex, signal}, sourceOf(kind, sectionKey)));
		}
	}

	const hasMoved = ([kind, listing]: readonly [ListKind, ReadListing | undefined]) => listing !== undefined && (listing.fault !== undefined || listing.digest !== library.sync?.lists?.[stateNames[kind]]?.digest);
	return listings.entries().some(entry => hasMoved(entry)) ? listings : undefined;
};

/**
Begins to read the collections of a library that is imported for the first time, so that `syncLists` need not wait for them.
*/
export const readCollectionsAhead = (work: Pick<LibraryWork, 'plex' | 'signal' | 'section'>): ListsAhead => readAhead(work, 'collection', sourceOf('collection', work.section.key));

/**
Brings the collections of a library in step, and behind the last library of a run the playlists of the server, which may hold items of all of them. The items of the library are in step already.

The members of a list are read when its row has moved. Those of a smart one may change while its row stays, so they are read with every sweep and when items have changed, and so are those of a list that had members which the catalogue did not have. A full sync and an import read all.

What a complete listing does not have is gone.
*/
export const syncLists = async (work: LibraryWork, {hasChanges, ahead}: {hasChanges: boolean; ahead: ListsAhead | undefined}): Promise<ChangeCounts> => {
	const {library: {id}, plan: {mode}, listings: read, playlists} = work;
	const changes: ChangeCounts = {};
	if (mode === 'touch' || mode === 'retry') {
		return changes;
	}

	await syncListsOf(work, {
		kind: 'collection', homeId: id, mode, read, ahead, changes, hasChanges,
	});
	if (playlists !== undefined) {
		await syncListsOf(work, {
			kind: 'playlist', ...playlists, ahead: undefined, changes, hasChanges,
		});
	}

	return changes;
};

type Step = {
	kind: ListKind;
	/**
	The library that has the state.
	*/
	homeId: string;
	mode: SyncMode;
	read: ReadListings | undefined;
	ahead: ListsAhead | undefined;
	changes: ChangeCounts;
	/**
	Whether items of the library have changed in this run.
	*/
	hasChanges: boolean;
};

const homeIn = ({store}: LibraryWork, {homeId}: Pick<Step, 'homeId'>) => store.header().libraries.find(({id}) => id === homeId);

const syncListsOf = async (work: LibraryWork, step: Step): Promise<void> => {
	const {kind, read, ahead} = step;
	const home = homeIn(work, step);
	if (home === undefined || isWaiting(work, home, kind)) {
		return;
	}

	const listing = read?.has(kind) === true ? read.get(kind) : await (ahead?.listing ?? readListing(work, sourceOf(kind, work.section.key)));
	work.signal.throwIfAborted();
	if (listing === undefined) {
		return;
	}

	if (listing.fault !== undefined) {
		tellFault(work, listing.fault, `The list of ${kind}s`);
	}

	await syncKind(work, step, listing);
};

const tellFault = ({tally}: LibraryWork, fault: Parameters<typeof problemFrom>[0], what: string, row: {ratingKey?: string; title?: string} = {}) => {
	if (isEndOfRun(fault)) {
		throw fault;
	}

	tally.fail({...problemFrom(fault, 'list', row), message: `${what} could not be read, and stays as it was. ${fault.message}`}, 0);
};

const syncKind = async (work: LibraryWork, step: Step, listing: ReadListing): Promise<void> => {
	const {store, runId, now, running, isDryRun, viewer} = work;
	const {kind, changes, ahead} = step;
	const library = homeIn(work, step)!;
	const name = stateNames[kind];
	const before = library.sync!.lists?.[name];
	const scope = kind === 'collection' ? library.id : library.serverId;
	const known = await storedLists(store, kind, scope);
	const matches = match(listing, known, kind, scope);
	const idOf = createMemberIds(work, kind);
	const at = instantOf(now);
	const puts: ItemList[] = [];
	const events: NewHistoryEvent[] = [];
	let isInStep = listing.fault === undefined;
	const tell = (what: 'added' | 'removed' | 'changed', {id, title}: ItemList, fields: {past?: Record<string, unknown>; present?: Record<string, unknown>}) => {
		// What is found by the first listing is no change. Another viewer has playlists and marks of their own, and by these a smart collection has other members.
		if (before === undefined || before.viewer !== viewer) {
			return;
		}

		// The fields belong to what happened.
		events.push({
			kind: `${kind}-${what}`, at, runId, libraryId: scope, listId: id, title, ...fields,
		} as NewHistoryEvent);
		changes[`${kind}-${what}`] = (changes[`${kind}-${what}`] ?? 0) + 1;
	};

	for await (const {listed, id, stored, keys} of readMembersOf(work, kind, matches.found, {isDue: ({listed, stored}) => isMembersDue(listed, stored, step), ahead})) {
		work.signal.throwIfAborted();
		const isUnread = keys !== undefined && !Array.isArray(keys);
		if (isUnread) {
			isInStep = false;
			// It went between the two listings, and the next one will not have it.
			if (keys.code !== 'not-found') {
				const {ratingKey, title} = listed;
				tellFault(work, keys, `What is in the ${kind} "${clean(title)}"`, {ratingKey, title});
			}

			if (stored === undefined) {
				continue;
			}
		}

		const members = keys === undefined || isUnread ? undefined : await idOf(keys);
		const fresh = recordOf({
			kind, id, scope, serverId: library.serverId, listed, stored, members, at, isUnread,
		});
		if (stored !== undefined && isDeepStrictEqual(fresh, {...stored, lastSeenAt: at})) {
			continue;
		}

		puts.push(fresh);
		const difference = stored && !isOnlyBetterKnown(stored, fresh) ? diffLists(stored, fresh) : undefined;
		if (stored === undefined) {
			tell('added', fresh, {present: listFieldsOf(fresh)});
		} else if (difference !== undefined) {
			tell('changed', fresh, difference);
		}
	}

	for (const gone of matches.gone) {
		tell('removed', gone, {past: listFieldsOf(gone)});
	}

	// An empty text: it was complete once, and is out of step now.
	const digest = isInStep ? listing.digest : before && '';
	const after = digest === undefined ? undefined : defined({digest, viewer});
	if (isDryRun || (puts.length + matches.gone.length === 0 && isDeepStrictEqual(after, before))) {
		return;
	}

	await inTransaction(store, async transaction => {
		await transaction.upsert([...puts, running]);
		await transaction.remove(matches.gone.map(({id}) => id));
		await transaction.record(events);
		const lists: ListsState = {...library.sync!.lists, ...after !== undefined && {[name]: after}};
		await transaction.putLibrary({...library, sync: {...library.sync!, lists}});
	});
};

/**
Whether the members that came are some that the catalogue did not have before, as when their library was imported after this one. That is no change of the list.
*/
const isOnlyBetterKnown = (stored: ItemList, fresh: ItemList): boolean => {
	const learned = (stored.unknownItems ?? 0) - (fresh.unknownItems ?? 0);
	let met = 0;
	for (const id of fresh.items) {
		met += Number(id === stored.items[met]);
	}

	return stored.fingerprint === fresh.fingerprint && learned > 0 && met === stored.items.length && fresh.items.length === met + learned;
};

const isMembersDue = ({fingerprint, smart = false}: ListedList, stored: ItemList | undefined, {mode, hasChanges}: Step): boolean =>
	stored?.fingerprint !== fingerprint
	|| mode === 'full'
	|| mode === 'import'
	|| ((mode === 'sweep' || hasChanges) && (smart || stored.unknownItems !== undefined));

const storedLists = async (store: Pick<CatalogStore, 'page'>, kind: ListKind, scope: string): Promise<ItemList[]> => {
	const lists = await listsOfKind(store, kind);
	return lists.filter(list => (list.kind === 'collection' ? list.libraryId : list.serverId) === scope);
};

type Match = {listed: ListedList; id: string; stored: ItemList | undefined};

/**
Finds which stored list each listed one is: by its ratingKey, or one of the same title whose ratingKey is gone, which was made anew.
*/
const match = ({lists, fault}: ReadListing, known: readonly ItemList[], kind: ListKind, scope: string): {found: Match[]; gone: ItemList[]} => {
	const byKey = new Map(known.map(list => [list.ratingKey, list]));
	const keys = new Set(lists.map(({ratingKey}) => ratingKey));
	const left = new Set(known.filter(({ratingKey}) => !keys.has(ratingKey)));
	const taken = new Set(known.map(({id}) => id));
	const found: Match[] = [];
	for (const listed of lists) {
		const sameTitle = byKey.has(listed.ratingKey) ? undefined : left.values().filter(({title}) => title === listed.title).toArray();
		const twin = sameTitle?.find(({smart}) => smart === listed.smart) ?? sameTitle?.[0];
		if (twin !== undefined && fault !== undefined) {
			// Whether the other one is gone, only a complete listing can tell.
			continue;
		}

		if (twin !== undefined) {
			left.delete(twin);
		}

		const stored = byKey.get(listed.ratingKey) ?? twin;
		const usual = listId(kind, scope, listed.title);
		const id = stored?.id ?? (taken.has(usual) ? listId(kind, scope, listed.title, listed.ratingKey) : usual);
		taken.add(id);
		found.push({listed, id, stored});
	}

	return {found, gone: fault === undefined ? [...left] : []};
};

type Fresh = Match & {
	kind: ListKind;
	scope: string;
	serverId: string;
	members: {items: string[]; unknownItems: number} | undefined;
	at: string;
	isUnread: boolean;
};

const recordOf = ({kind, id, scope, serverId, listed: {fingerprint, order, ...listed}, stored, members, at, isUnread}: Fresh): ItemList => {
	const {items, unknownItems} = members ?? {items: stored?.items ?? [], unknownItems: stored?.unknownItems ?? 0};
	const fields = {
		...listed,
		items,
		unknownItems: unknownItems === 0 ? undefined : unknownItems,
		firstSeenAt: stored?.firstSeenAt ?? at,
		lastSeenAt: at,
		fingerprint: isUnread ? undefined : fingerprint,
	};
	const own = kind === 'collection' ? {kind, libraryId: scope, order} : {kind};
	return defined({
		id, ...own, serverId, ...fields,
	});
};
