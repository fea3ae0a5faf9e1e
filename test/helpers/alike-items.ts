import fc from 'fast-check';
import {storedItems, type CatalogStore, type ItemLookup} from '../../source/catalog/catalog-store.js';
import {fileIdsOf, isUnavailable as isAway} from '../../source/catalog/item.js';
import type {Item} from '../../source/catalog/types.js';
import {defined} from '../../source/catalog/values.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {sharedNames, type Knowledge} from '../../source/sync/knowledge.js';
import {commit} from '../commands/_past.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {mediaFile, version} from './events.js';

const libraryIds = ['films', 'classics', 'clips'] as const;
// Few values, so that items share them and take them from each other. Servers of some kinds have keys that are no numbers.
const keys = ['1', '2', '007', 'a-b'];
const guids = ['plex://movie/1', 'plex://movie/2'];
const fileIds = ['f1', 'f2', 'f3'];
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {nil: undefined});

const itemOf = fc.record({
	id: fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5'),
	libraryId: fc.constantFrom(...libraryIds),
	type: fc.constantFrom('movie' as const, 'episode' as const, 'season' as const),
	ratingKey: maybe(fc.constantFrom(...keys)),
	guid: maybe(fc.constantFrom(...guids)),
	fileIds: fc.array(fc.constantFrom(...fileIds), {maxLength: 3}),
	fingerprints: maybe(fc.record({slim: fc.constantFrom('slim', 'other'), full: maybe(fc.constant('full'))})),
	viewState: maybe(fc.record({viewCount: fc.nat({max: 2})})),
	collections: fc.subarray(['c1', 'c2']),
	showId: maybe(fc.constantFrom('i4', 'i5')),
	isMissing: fc.boolean(),
	isTrashed: fc.boolean(),
	isUnavailable: fc.boolean(),
});

const made = ({fileIds: played, isMissing, isTrashed, isUnavailable, ...fields}: typeof itemOf extends fc.Arbitrary<infer Value> ? Value : never): Item => {
	const {ratingKey: _, ...item} = makeItem(fields.id);
	const {fingerprints, ...others} = fields;
	const at = '2026-01-01T00:00:00Z';
	return {
		...item,
		...defined({...others, ...(isMissing && {missingSince: at}), ...(isTrashed && {trashedAt: at})}),
		...(fingerprints !== undefined && {fingerprints: {slim: fingerprints.slim, ...defined({full: fingerprints.full})}}),
		// A placeholder without a key plays nothing.
		...(fields.ratingKey === undefined && {guid: undefined}),
		versions: fields.ratingKey === undefined ? [] : played.map(fileId => ({...version('1080', fileId), parts: [{fileId, ...(isUnavailable && {unavailable: true})}]})),
	};
};

/**
A key has one item at most that is not missing, as in a catalogue.
*/
const withOneOwner = (item: Item, stored: ReadonlyMap<string, Item>): Item =>
	stored.values().some(({id, libraryId, ratingKey, missingSince}) => id !== item.id && libraryId === item.libraryId && ratingKey === item.ratingKey && missingSince === undefined)
		? {...item, missingSince: '2026-01-02T00:00:00Z'}
		: item;

export const commits = fc.array(fc.record({
	put: fc.array(itemOf, {maxLength: 4}),
	remove: fc.subarray(['i1', 'i2', 'i3', 'i4', 'i5']),
	isAsked: fc.boolean(),
}), {minLength: 1, maxLength: 8});

/**
Commits what was drawn, one after the other.
*/
export const createCommitter = (store: CatalogStore) => {
	const stored = new Map<string, Item>();
	return async ({put, remove}: {put: ReadonlyArray<Parameters<typeof made>[0]>; remove: readonly string[]}) => {
		const items = new Map<string, Item>();
		for (const id of remove) {
			stored.delete(id);
		}

		for (const fields of put) {
			const item = withOneOwner(made(fields), stored);
			stored.set(item.id, item);
			items.set(item.id, item);
		}

		await commit(store, {libraries: libraryIds.map(id => makeLibrary(id, id)), put: [...fileIds.map(id => mediaFile(id, `/films/${id}.mkv`, 1)), ...items.values()], remove: remove.filter(id => !items.has(id))});
	};
};

const toldOfSome = async (knowledge: Knowledge, libraryId: string, parentIds: readonly string[]) => {
	const {find, meet, displaced, below, parentsAmong} = await knowledge.stored(libraryId);
	const [first, ...rest] = keys;
	await meet(rest);
	const found: string[] = [];
	for (const key of [first!, ...rest]) {
		const item = await find(key);
		// Several that are missing may change places.
		found.push(item === undefined ? 'none' : (item.isMissing ? 'missing' : item.id));
	}

	const away = await displaced();
	const unavailable = await knowledge.unavailable(libraryId);
	const children = new Set<string>();
	for (const key of await below(new Set(parentIds))) {
		const item = await find(key);
		if (item?.isMissing === false && parentIds.includes(item.parentId ?? '')) {
			children.add(key);
		}
	}

	const parents = await parentsAmong(parentIds, ['i1']);
	return {
		found, away: away.length, unavailable: unavailable.toSorted(), children: [...children].toSorted(), parents: [...parents].toSorted(),
	};
};

/**
What a sync may ask.
*/
export const told = async (knowledge: Knowledge) => {
	const libraries = await Promise.all(libraryIds.map(async libraryId => {
		const known = await knowledge.library(libraryId);
		const owners = known.passing().map(item => ({...item})).toArray();
		return {
			libraryId,
			isEmpty: known.isEmpty(),
			// Several that are missing may change places.
			owned: owners.map(({ratingKey, isMissing}) => `${ratingKey} ${isMissing}`).toSorted(),
			items: [...owners.map(({ratingKey: _, hasFingerprints: __, ...item}) => item), ...known.unkeyed(), ...known.displaced()].toSorted((left, right) => left.id.localeCompare(right.id)),
			unkeyed: known.unkeyed().map(({id}) => id).toSorted(),
			areFound: owners.every(({ratingKey, id, hasFingerprints, fingerprints}) => hasFingerprints === (fingerprints !== undefined) && known.byKey.has(ratingKey) && known.byKey.get(ratingKey)?.id === id),
			others: keys.filter(key => known.byKey.has(key) !== owners.some(({ratingKey}) => ratingKey === key)),
		};
	}));
	// What an item refers to is in the catalogue.
	const ids = new Set(libraries.flatMap(({items}) => items.map(({id}) => id)));
	const some: unknown[] = [];
	for (const libraryId of libraryIds) {
		some.push(await toldOfSome(knowledge, libraryId, ['i4', 'i5'].filter(id => ids.has(id))));
	}

	const {byKey, twinsOf} = knowledge.elsewhere({serverId: 'server', libraryId: 'films'});
	const own = knowledge.elsewhere({serverId: 'server', libraryId: 'films', isWithOwn: true});
	const twins: string[][] = [];
	for (const guid of guids) {
		for (const fileId of fileIds) {
			const item = makeItem('new', {guid, versions: [version('1080', fileId)]});
			for (const found of [await twinsOf(item), await own.twinsOf(item)]) {
				twins.push(found.toSorted());
			}
		}
	}

	const elsewhere: boolean[] = [];
	for (const key of keys) {
		elsewhere.push(await byKey(key) !== undefined);
	}

	const players = await knowledge.players(new Set([...fileIds, 'f4']));
	return {
		libraries, some, twins, elsewhere, players: [...players].map(([fileId, found]) => [fileId, found.toSorted()]),
	};
};

/**
A store in memory in which single items can be looked up.
*/
export const createLookupStore = (): CatalogStore => {
	const store = createMemoryStore();
	return Object.assign(store, {lookup: plainLookup(store)});
};

/**
Looks items up by reading all of them each time.
*/
export const plainLookup = (store: Pick<CatalogStore, 'page'>): ItemLookup => {
	const read = async (isWanted: (item: Item) => boolean) => {
		const items: Item[] = [];
		for await (const some of storedItems(store)) {
			items.push(...some.filter(item => isWanted(item)));
		}

		return items;
	};

	const idsOf = async (isWanted: (item: Item) => boolean) => {
		const items = await read(isWanted);
		return items.map(({id}) => id);
	};

	return {
		byKeys: async (among, ratingKeys) => read(item => among.includes(item.libraryId) && item.ratingKey !== undefined && ratingKeys.includes(item.ratingKey)),
		async ofSharedKeys(libraryId) {
			const own = await read(item => item.libraryId === libraryId && item.ratingKey !== undefined);
			const of = (item: Item) => own.filter(({ratingKey}) => ratingKey === item.ratingKey);
			return own.filter(item => of(item).length > 1 && of(item).some(({missingSince}) => missingSince !== undefined));
		},
		async below(libraryId, parentIds) {
			const items = await read(item => item.libraryId === libraryId && parentIds.includes(item.seasonId ?? item.showId ?? ''));
			return items.map(({ratingKey}) => ratingKey).filter(key => key !== undefined);
		},
		async parentsAmong(libraryId, parentIds, except) {
			const items = await read(item => item.libraryId === libraryId && !except.includes(item.id));
			const parents = new Set(items.map(({seasonId, showId}) => seasonId ?? showId));
			return parentIds.filter(id => parents.has(id));
		},
		async twinsOf(among, item) {
			const names = sharedNames(item);
			return idsOf(other => among.includes(other.libraryId) && sharedNames(other).some(name => names.includes(name)));
		},
		async players(played) {
			const items = await read(() => true);
			return items.flatMap(item => [...new Set(fileIdsOf(item))].filter(id => played.includes(id)).map(fileId => ({fileId, itemId: item.id})));
		},
		unavailable: async libraryId => idsOf(item => item.libraryId === libraryId && item.ratingKey !== undefined && isAway(item)),
	};
};
