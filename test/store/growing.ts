import {cp, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {openCatalog} from '../../source/store/open-catalog.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

const small = {restBytes: 1000, rewriteBytes: 10_000};

const sizeOf = async (folder: string, name: string) => {
	const {size} = await stat(path.join(folder, name));
	return size;
};

const summary = 's'.repeat(500);

test('a catalogue that is filled is written once, at the end, and all of it can be read before', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder, ...small});
	await store.load();
	const empty = await sizeOf(folder, 'catalog.json');
	for (let batch = 0; batch < 40; batch++) {
		await put(store, ...Array.from({length: 5}, (_, index) => item(`i${batch}-${index}`, {summary: `${summary}${batch}`})));
	}

	// Some again, and one that goes.
	await put(store, item('i0-0', {title: 'changed at the beginning'}), item('i39-4', {title: 'changed at the end'}));
	const transaction = await store.begin();
	await transaction.remove(['i20-2']);
	await transaction.commit();
	t.is(await sizeOf(folder, 'catalog.json'), empty);

	const expected = Array.from({length: 200}, (_, index) => `i${Math.floor(index / 5)}-${index % 5}`).filter(id => id !== 'i20-2');
	t.deepEqual((await idsOf(store)).toSorted(), expected.toSorted());
	t.like(await store.get('i0-0'), {title: 'changed at the beginning'});
	t.like(await store.get('i39-4'), {title: 'changed at the end'});
	t.like(await store.get('i17-3'), {summary: `${summary}17`});
	t.deepEqual((await store.check()).problems, []);

	// As after a kill: the journal has everything.
	const killed = await temporaryFolder(t);
	await cp(folder, killed, {recursive: true});
	const again = await openCatalog({folder: killed, ...small});
	await again.load();
	t.deepEqual((await idsOf(again)).toSorted(), expected.toSorted());
	await again.close();

	await store.backupIfDue();
	t.true(await sizeOf(folder, 'catalog.json') > 199 * 500);
	t.true(await sizeOf(folder, 'catalog.journal') < 1000);
	t.like(await store.get('i17-3'), {summary: `${summary}17`});
	await store.close();
	const reader = await openCatalog({folder, access: 'read', ...small});
	await reader.load();
	t.deepEqual((await idsOf(reader)).toSorted(), expected.toSorted());
	t.like(await reader.get('i0-0'), {title: 'changed at the beginning'});
	await reader.close();
});

test('a catalogue whose records change again and again is rewritten before its journal is much longer than itself', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder, ...small});
	await store.load();
	for (let round = 0; round < 60; round++) {
		await put(store, ...Array.from({length: 5}, (_, index) => item(`i${index}`, {summary: `${summary}${round}`})));
	}

	// 60 rounds have written 250,000 bytes.
	t.true(await sizeOf(folder, 'catalog.journal') < 20_000);
	t.like(await store.get('i3'), {summary: `${summary}59`});
	await store.close();
});
