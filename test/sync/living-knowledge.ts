import test from 'ava';
import fc from 'fast-check';
import {defined} from '../../source/catalog/values.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {Item} from '../../source/catalog/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {readKnowledge, type Knowledge} from '../../source/sync/knowledge.js';
import {createLivingKnowledge} from '../../source/sync/living-knowledge.js';
import {commit} from '../commands/_past.js';
import {version} from '../helpers/events.js';
import {makeItem, makeLibrary} from '../query/_items.js';

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

const told = async (knowledge: Knowledge) => {
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
		libraries, twins, elsewhere, players: [...players].map(([fileId, ids]) => [fileId, ids.toSorted()]),
	};
};

const steps = fc.array(fc.record({
	put: fc.array(itemOf, {maxLength: 4}),
	remove: fc.subarray(['i1', 'i2', 'i3', 'i4', 'i5']),
	isAsked: fc.boolean(),
}), {minLength: 1, maxLength: 8});

const withKept = async (body: (store: CatalogStore, kept: ReturnType<typeof createLivingKnowledge>) => Promise<void>) => {
	const store = createMemoryStore();
	await store.load();
	const kept = createLivingKnowledge(store);
	try {
		await body(store, kept);
	} finally {
		kept.close();
	}
};

test('what is kept from run to run is what reading it again gives, whatever was committed since', async t => {
	await fc.assert(fc.asyncProperty(steps, async committed => {
		await withKept(async (store, kept) => {
			const stored = new Map<string, Item>();
			for (const {put, remove, isAsked} of committed) {
				const items = new Map<string, Item>();
				for (const id of remove) {
					stored.delete(id);
				}

				for (const fields of put) {
					const item = withOneOwner(made(fields), stored);
					stored.set(item.id, item);
					items.set(item.id, item);
				}

				// Some changes come while everything is read for the first time.
				const reading = isAsked ? kept.warm() : undefined;
				await commit(store, {libraries: libraryIds.map(id => makeLibrary(id, id)), put: items.values().toArray(), remove: remove.filter(id => !items.has(id))});
				await reading;
				t.deepEqual(isAsked && await told(kept), isAsked && await told(readKnowledge(store)));
			}

			t.deepEqual(await told(kept), await told(readKnowledge(store)));
		});
	}), {numRuns: 200});
});

test('what was asked for stays as it was, when another item takes its place', async t => {
	await withKept(async (store, kept) => {
		await commit(store, {libraries: [makeLibrary('films', 'Films')], put: [makeItem('i1', {collections: ['c1']})]});
		const {byKey} = await kept.library('films');
		const before = byKey.get('1');
		await commit(store, {remove: ['i1'], put: [makeItem('i2')]});
		await kept.warm();
		t.is(byKey.get('1'), undefined);
		t.like(byKey.get('2'), {id: 'i2', collections: []});
		t.like(before, {id: 'i1', collections: ['c1']});
	});
});
