import {isDeepStrictEqual} from 'node:util';
import type {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {ItemList, ListKind} from '../catalog/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {ListedList} from '../plex/normalize/lists.js';
import type {PlexClient} from '../plex/types.js';
import type {Difference} from './difference.js';
import {listsOfKind} from './list-members.js';
import {readListing, readMembers} from './list-reading.js';

type Comparing = {
	plex: Pick<PlexClient, 'list'>;
	signal: AbortSignal;
	store: Pick<CatalogStore, 'page'>;
	/**
	The library of collections, or the server of playlists.
	*/
	scope: string;
	/**
	The items of the server by their ratingKeys.
	*/
	byKey: ReadonlyMap<string, {id: string}>;
	/**
	Whether the server is expected to list this item.
	*/
	isListed: (id: string) => boolean;
};

const comparedFields = ['title', 'titleSort', 'summary', 'smart', 'filter', 'guid', 'addedAt', 'order'] as const;

/**
Compares the collections of a library, or the playlists of a server, and what is in each of them.
*/
export const compareLists = async ({plex, signal, store, scope, byKey, isListed}: Comparing, kind: ListKind, sectionKey: string): Promise<Difference[]> => {
	const all = await listsOfKind(store, kind);
	const stored = new Map(all.filter(list => (list.kind === 'collection' ? list.libraryId : list.serverId) === scope).map(list => [list.ratingKey, list]));
	const listing = await readListing({plex, signal}, kind === 'collection' ? {lists: kind, sectionKey} : {lists: kind});
	signal.throwIfAborted();
	if (listing === undefined) {
		return [];
	}

	const difference = (what: Difference['kind'], {ratingKey, title, id}: {ratingKey?: string; title: string; id?: string | undefined}, fields: string[] = []): Difference => ({
		kind: what, libraryId: scope, ratingKey, itemId: id, title: what === 'unreadable' ? title : `${kind} ${title}`, fields,
	});
	const unreadable = (what: string, {message}: AppError) => difference('unreadable', {title: `${what} could not be read. ${message}`});
	const compareOne = async (listed: ListedList): Promise<Difference[]> => {
		const {ratingKey, title} = listed;
		const own = stored.get(ratingKey);
		if (own === undefined) {
			return [difference('missing', {ratingKey, title})];
		}

		const members = await readMembers({plex, signal}, {membersOf: kind, ratingKey});
		if (!Array.isArray(members)) {
			return [unreadable(`What is in the ${kind} "${clean(title)}"`, members)];
		}

		const fields: string[] = comparedFields.filter(name => listed[name] !== fieldOf(own, name));
		const theirs = members.map(key => byKey.get(key)?.id).filter(id => id !== undefined && isListed(id));
		if (!isDeepStrictEqual(theirs, own.items.filter(id => isListed(id)))) {
			fields.push('items');
		}

		return fields.length === 0 ? [] : [difference('different', own, fields)];
	};

	const differences = listing.fault === undefined ? [] : [unreadable(`The list of ${kind}s`, listing.fault)];
	const keys = new Set<string>();
	for (const listed of listing.lists) {
		keys.add(listed.ratingKey);
		differences.push(...await compareOne(listed));
	}

	// The server does not list a collection of which everything waits to be removed.
	const isExpected = ({items}: ItemList) => items.length === 0 || items.some(id => isListed(id));
	const extra = stored.values().filter(list => listing.fault === undefined && !keys.has(list.ratingKey) && isExpected(list));
	return [...differences, ...extra.map(list => difference('extra', list))];
};

const fieldOf = (list: ItemList, name: typeof comparedFields[number]) => name === 'order' ? (list.kind === 'collection' ? list.order : undefined) : list[name];
