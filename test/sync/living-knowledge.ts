import test from 'ava';
import fc from 'fast-check';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {readKnowledge} from '../../source/sync/knowledge.js';
import {createLivingKnowledge} from '../../source/sync/living-knowledge.js';
import {commit} from '../commands/_past.js';
import {
	commits,
	createCommitter,
	plainLookup,
	told,
} from '../helpers/alike-items.js';
import {makeItem, makeLibrary} from '../query/_items.js';

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

test('what is kept from run to run is what reading it again gives, whatever was committed since, and what single items that are looked up give', async t => {
	await fc.assert(fc.asyncProperty(commits, async committed => {
		await withKept(async (store, kept) => {
			const put = createCommitter(store);
			for (const {isAsked, ...drawn} of committed) {
				// Some changes come while everything is read for the first time.
				const reading = isAsked ? kept.warm() : undefined;
				await put(drawn);
				await reading;
				t.deepEqual(isAsked && await told(kept), isAsked && await told(readKnowledge(store)));
			}

			t.deepEqual(await told(kept), await told(readKnowledge(store)));
			t.deepEqual(await told(readKnowledge({...store, lookup: plainLookup(store)})), await told(kept));
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
