import test from 'ava';
import fc from 'fast-check';
import type {Item} from '../../source/catalog/types.js';
import {defined} from '../../source/catalog/values.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {readKnowledge} from '../../source/sync/knowledge.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {commit} from '../commands/_past.js';
import {version} from '../helpers/events.js';
import {makeItem, makeLibrary} from '../query/_items.js';

// Few values, and some that contain another one or need an escape in JSON, so that names meet.
const name = fc.constantFrom('1', '11', 'plex://movie/1', 'plex://movie/11', 'a "1" b', String.raw`\1`, 'Æ1', '":"');

const itemOf = fc.record({
	libraryId: fc.constantFrom('films', 'classics', 'clips'),
	type: fc.constantFrom('movie' as const, 'episode' as const),
	ratingKey: fc.option(name, {nil: undefined}),
	guid: fc.option(name, {nil: undefined}),
	fileIds: fc.array(name, {maxLength: 2}),
	title: name,
});

const made = (id: string, {fileIds, ...fields}: typeof itemOf extends fc.Arbitrary<infer Value> ? Value : never): Item => {
	const {ratingKey: _, ...item} = makeItem(id);
	const {libraryId, type, title, ratingKey, guid} = fields;
	return {
		...item, ...defined({
			libraryId, type, title, ratingKey, guid,
		}), versions: fileIds.map(fileId => version('1080', fileId)),
	};
};

const context = {serverId: 'server', libraryId: 'films'};

const filled = async (items: readonly Item[]) => {
	const store = createMemoryStore();
	await store.load();
	await commit(store, {libraries: [makeLibrary('films', 'Films'), makeLibrary('classics', 'Classics'), makeLibrary('clips', 'Clips')], put: [...items]});
	return store;
};

test('whether the catalogue is looked through for one item or read as a whole, the same items are found', async t => {
	await fc.assert(fc.asyncProperty(fc.array(itemOf, {maxLength: 12}), itemOf, name, fc.boolean(), async (stored, wanted, key, isWithOwn) => {
		const items = stored.map((fields, index) => made(`i${index}`, fields));
		const store = await filled(items);
		const item = made('new', {...wanted, libraryId: 'films'});
		const ask = async (earlier: number) => {
			const {byKey, twinsOf} = readKnowledge(store).elsewhere({...context, isWithOwn});
			for (let question = 0; question < earlier; question++) {
				await byKey(`nobody ${question}`);
			}

			return {id: await byKey(key), twins: await twinsOf(item), own: item.ratingKey === undefined ? undefined : await byKey(item.ratingKey)};
		};

		const looked = await ask(0);
		// After so many questions, it is worth while to read all.
		t.deepEqual(looked, await ask(5));
		t.not(items.find(({id}) => id === looked.id)?.libraryId, 'films');
		const isShared = (other: Item) => (other.guid !== undefined && other.guid === item.guid && other.type === item.type)
			|| other.versions.some(({parts}) => parts.some(({fileId}) => item.versions.some(own => own.parts.some(part => part.fileId === fileId))));
		t.deepEqual(looked.twins.toSorted(), items.filter(other => (isWithOwn || other.libraryId !== 'films') && other.ratingKey !== undefined && isShared(other)).map(({id}) => id).toSorted());
	}), {numRuns: 60});
});

test('one new item does not have the whole catalogue read', async t => {
	const store = await filled(Array.from({length: 5000}, (_, index) => makeItem(`i${index}`, {libraryId: 'classics', guid: `plex://movie/${index}`})));
	let records = 0;
	const counted: Pick<CatalogStore, 'page' | 'comparedPage' | 'header'> = {
		...store,
		async page(query) {
			const page = await store.page(query);
			records += page.records.length;
			return page;
		},
	};
	const {byKey, twinsOf} = readKnowledge(counted).elsewhere(context);
	t.deepEqual(await twinsOf(makeItem('n7', {guid: 'plex://movie/4711'})), ['i4711']);
	t.is(await byKey('7'), 'i7');
	t.true(records < 10, `${records} records`);
});
