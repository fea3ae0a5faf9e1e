import {Buffer} from 'node:buffer';
import {
	cp,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {openCatalog} from '../../source/store/catalog-store.js';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {readJournal} from '../../source/store/journal-reader.js';
import {
	idsOf,
	item,
	person,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

/**
A folder as a kill would leave it, with three commits in the journal, and where each of them ends.
*/
const killed = async (t: Parameters<typeof temporaryFolder>[0]) => {
	const [busy, folder] = [await temporaryFolder(t), await temporaryFolder(t)];
	const store = await openCatalog({folder: busy});
	await store.load();
	const journal = path.join(busy, 'catalog.journal');
	const ends = [(await stat(journal)).size];
	for (const records of [[item('i1'), person('p1')], [item('i2')], [item('i1', {title: 'new'}), item('i3')]]) {
		await put(store, ...records);
		ends.push((await stat(journal)).size);
	}

	await cp(busy, folder, {recursive: true});
	await store.close();
	return {folder, journal: path.join(folder, 'catalog.journal'), ends};
};

const states = [[], ['i1', 'p1'], ['i1', 'i2', 'p1'], ['i1', 'i2', 'i3', 'p1']];

/**
Ids after each commit that the reader accepts, without the cost of a whole store.
*/
const accepted = async (journal: string) => {
	const revisions: number[] = [];
	const state = await readJournal(journal, {
		fs: nodeFileSystem, follow: () => ({after: 0}), onCommit(commit) {
			revisions.push(commit.revision);
		},
	});
	return {revisions, state: state!};
};

test('a journal cut at any byte gives exactly the commits that are whole', async t => {
	const {journal, ends} = await killed(t);
	const whole = await readFile(journal);
	for (let size = 0; size <= whole.length; size++) {
		await writeFile(journal, whole.subarray(0, size));
		const {revisions, state} = await accepted(journal);
		const expected = ends.slice(1).filter(end => end <= size).length;
		t.is(revisions.length, expected);
		t.is(state.head === undefined, size < ends[0]!);
		t.is(state.goodBytes, size < ends[0]! ? 0 : ends[expected]!);
	}
});

test('a store opened on a cut journal is a prefix of commits, cuts the torn end, and goes on', async t => {
	const {folder, journal, ends} = await killed(t);
	const whole = await readFile(journal);
	for (const [index, end] of ends.entries()) {
		for (const size of [end, Math.min(end + 20, whole.length)]) {
			await writeFile(journal, whole.subarray(0, size));
			const reader = await openCatalog({folder, access: 'read'});
			await reader.load();
			const expected = states[size === whole.length ? 3 : index];
			t.deepEqual(await idsOf(reader), expected);
			await reader.close();
			const copy = await temporaryFolder(t);
			await cp(folder, copy, {recursive: true});
			const store = await openCatalog({folder: copy});
			await store.load();
			t.is((await stat(path.join(copy, 'catalog.journal'))).size, size === whole.length ? size : end);
			await put(store, item('i9'));
			await store.close();
			const again = await openCatalog({folder: copy});
			await again.load();
			t.deepEqual(await idsOf(again), [...expected!, 'i9'].toSorted());
			t.true((await again.check()).ok);
			await again.close();
		}
	}
});

test('a flipped bit anywhere in the journal never yields anything but whole commits before it', async t => {
	const {journal, ends} = await killed(t);
	const whole = await readFile(journal);
	for (let position = 0; position < whole.length; position += 3) {
		const flipped = Buffer.from(whole);
		flipped[position]! ^= 1 << (position % 8); // eslint-disable-line no-bitwise
		await writeFile(journal, flipped);
		const {revisions, state} = await accepted(journal);
		const before = ends.slice(1).filter(end => end <= position).length;
		t.is(revisions.length, position < ends[0]! ? 0 : before);
		t.is(state.head === undefined, position < ends[0]!);
	}
});

test('acknowledged commits after a damaged spot are kept as a copy and told of', async t => {
	const {folder, journal, ends} = await killed(t);
	const damaged = await readFile(journal);
	damaged[ends[1]! + 30]! ^= 1; // eslint-disable-line no-bitwise
	await writeFile(journal, damaged);
	const store = await openCatalog({folder, now: () => new Date('2026-11-22T10:11:12Z')});
	await store.load();
	t.deepEqual(await idsOf(store), states[1]!);
	const aside = `${journal}.corrupt-20261122T101112Z`;
	t.true(store.notice!.includes(aside));
	t.deepEqual(await readFile(aside), damaged);
	await store.close();
});

test('a copy of damaged commits never takes the place of another of the same second', async t => {
	const {folder, journal, ends} = await killed(t);
	const damaged = await readFile(journal);
	damaged[ends[1]! + 30]! ^= 1; // eslint-disable-line no-bitwise
	const others = await readFile(journal);
	others[ends[2]! + 30]! ^= 1; // eslint-disable-line no-bitwise
	for (const bytes of [damaged, Buffer.concat([others, damaged.subarray(ends[2])])]) {
		await writeFile(journal, bytes);
		const store = await openCatalog({folder, now: () => new Date('2026-11-22T10:11:12Z')});
		await store.close();
	}

	t.deepEqual(await readFile(`${journal}.corrupt-20261122T101112Z`), damaged);
	t.true((await stat(`${journal}.corrupt-20261122T101112Z-2`)).size > damaged.length);
});

test('a journal whose first line is broken is refused, or set aside when asked for, and the document stays', async t => {
	const {folder, journal} = await killed(t);
	const text = await readFile(journal);
	text[3]! ^= 1; // eslint-disable-line no-bitwise
	await writeFile(journal, text);
	await t.throwsAsync(openCatalog({folder}), {code: 'damaged'});
	const document = await readFile(path.join(folder, 'catalog.json'));
	const store = await openCatalog({folder, onDamaged: 'move-aside'});
	t.regex(store.notice!, /catalog\.journal is damaged/v);
	await store.load();
	await store.close();
	t.deepEqual(await readFile(path.join(folder, 'catalog.json')), document);
});

test('a journal that the document has taken in already is replaced', async t => {
	const {folder, journal} = await killed(t);
	const old = await readFile(journal);
	const store = await openCatalog({folder});
	await store.load();
	await store.close();
	// As after a kill between the two renames of a rewrite.
	await writeFile(journal, old);
	const again = await openCatalog({folder});
	await again.load();
	t.deepEqual(await idsOf(again), states[3]!);
	t.is(again.notice, undefined);
	t.true((await stat(journal)).size < 300);
	await again.close();
});

test('one changed record costs a commit of its own size, whatever the size of the catalogue', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	await store.load();
	await put(store, ...Array.from({length: 3000}, (_, index) => item(`i${index}`)));
	const {writtenBytes} = await put(store, item('i7', {title: 'changed'}));
	t.true(writtenBytes < 800);
	await store.close();
});
