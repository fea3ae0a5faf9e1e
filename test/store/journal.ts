import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {
	cp,
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {openCatalog} from '../../source/store/open-catalog.js';
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
Ids after each commit that the reader accepts, without the cost of a whole store. Whoever holds no records must see the same.
*/
const accepted = async (journal: string) => {
	const [whole, bare] = await Promise.all([false, true].map(async isWithoutRecords => {
		const revisions: number[] = [];
		const state = await readJournal(journal, {
			fs: nodeFileSystem, isWithoutRecords, follow: () => ({after: 0}), onCommit({revision, puts}) {
				revisions.push(revision);
				assert.equal(puts.length === 0, isWithoutRecords);
			},
		});
		return {revisions, state: state!};
	}));
	assert.deepEqual(bare, whole);
	return whole!;
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

/**
Everybody refuses, with the way on, and the bytes stay as they are.
*/
const refused = async (t: ExecutionContext, folder: string) => {
	const journal = path.join(folder, 'catalog.journal');
	const before = await readFile(journal);
	const names = await namesIn(folder);
	for (const options of [{access: 'read'}, {}, {onDamaged: 'move-aside'}] as const) {
		const error = await t.throwsAsync<Error & {hint?: string}>(openCatalog({folder, ...options}), {code: 'damaged'}, JSON.stringify(options));
		t.true(error.message.includes(journal));
		t.regex(error.hint!, /reelcat repair/v);
	}

	t.deepEqual(await readFile(journal), before);
	t.deepEqual(await namesIn(folder), names);
};

// The files of the lock come and go.
const namesIn = async (folder: string) => {
	const names = await readdir(folder);
	return names.filter(name => !name.startsWith('catalog.lock'));
};

test('a journal with a flipped bit is refused by readers and writers alike, and stays as it is', async t => {
	const {folder, journal, ends} = await killed(t);
	const whole = await readFile(journal);
	// In the first line, at both ends of each commit, and in a line break.
	for (const position of [30, ...ends.slice(0, -1).map(end => end + 30), ...ends.slice(1).flatMap(end => [end - 20, end - 1])]) {
		const flipped = Buffer.from(whole);
		flipped[position]! ^= 1; // eslint-disable-line no-bitwise -- one bit
		await writeFile(journal, flipped);
		await refused(t, folder);
	}
});

test('a flipped bit anywhere after the first line is told from a torn end, with the whole commits after it', async t => {
	const {journal, ends} = await killed(t);
	const whole = await readFile(journal);
	for (let position = ends[0]!; position < whole.length; position++) {
		const flipped = Buffer.from(whole);
		flipped[position]! ^= 1 << (position % 8); // eslint-disable-line no-bitwise -- one bit
		await writeFile(journal, flipped);
		const {state} = await accepted(journal);
		const hit = ends.slice(1).findIndex(end => position < end);
		// A commit whose line break became another character swallows the first line of the next one.
		const isBreak = position === ends[hit + 1]! - 1;
		t.deepEqual(state.damage?.later.map(({revision}) => revision), [1, 2, 3].slice(hit + (isBreak ? 2 : 1)), `byte ${position}`);
		t.true(state.damage!.offset >= ends[hit]! && state.damage!.offset <= position + 1);
		t.is(state.highestRevision, hit === 2 && position >= whole.lastIndexOf(10, -2) ? 2 : 3);
	}
});

test('what a power cut leaves of the last commit is torn, and damage when a whole commit follows', async t => {
	const [busy, folder] = [await temporaryFolder(t), await temporaryFolder(t)];
	const store = await openCatalog({folder: busy});
	await store.load();
	const journal = path.join(folder, 'catalog.journal');
	const sizes: number[] = [];
	for (const id of ['i1', 'i2', 'i3']) {
		await put(store, item(id, {summary: id.repeat(2025)}));
		const {size} = await stat(path.join(busy, 'catalog.journal'));
		sizes.push(size);
	}

	await cp(busy, folder, {recursive: true});
	await store.close();
	const whole = await readFile(journal);
	const zeroed = (from: number, to: number) => {
		const bytes = Buffer.from(whole);
		bytes.fill(0, from, to);
		return bytes;
	};

	const sector = (place: number) => Math.ceil(place / 512) * 512;
	const torn = [
		zeroed(sizes[1]!, whole.length),
		zeroed(sizes[1]!, sector(sizes[1]!)),
		zeroed(sector(sizes[1]!), sector(sizes[1]!) + 512),
		zeroed(sector(whole.length) - 512, whole.length),
	];
	for (const bytes of torn) {
		await writeFile(journal, bytes);
		const {state, revisions} = await accepted(journal);
		t.deepEqual([revisions, state.damage], [[1, 2], undefined]);
	}

	// The last one has lost the end of the second commit and the beginning of the third, whose last line is there.
	for (const bytes of [zeroed(sector(sizes[0]!), sector(sizes[0]!) + 512), zeroed(sizes[1]! + 40, sizes[1]! + 41), zeroed(sector(sizes[0]!), sector(sizes[1]!) + 512)]) {
		await writeFile(journal, bytes);
		const {state} = await accepted(journal);
		t.truthy(state.damage);
		await refused(t, folder);
	}

	await writeFile(journal, torn[2]!);
	const again = await openCatalog({folder});
	await again.load();
	t.deepEqual(await idsOf(again), ['i1', 'i2']);
	await again.close();
});

test('a journal with a line that is gone, doubled, or in the place of another is damaged, or says the same', async t => {
	const {folder, journal} = await killed(t);
	const lines = (await readFile(journal, 'utf8')).split('\n').slice(0, -1);
	const variants = lines.flatMap((line, index) => [
		lines.toSpliced(index, 1),
		lines.toSpliced(index, 0, line),
		...(index > 0 ? [lines.with(index, lines[index - 1]!).with(index - 1, line)] : []),
	]);
	for (const variant of variants) {
		await writeFile(journal, variant.map(line => `${line}\n`).join(''));
		const reader = await openCatalog({folder, access: 'read'}).catch((error: unknown) => {
			t.true(isAppError(error, 'damaged'));
		});
		await reader?.load();
		// Without its last line, the last commit may be one that was never finished.
		const isCut = variant.length < lines.length && variant.every((line, index) => line === lines[index]);
		t.deepEqual(reader && await idsOf(reader), reader && states[isCut ? 2 : 3], variant.join('\n'));
		await reader?.close();
	}
});

test('a document with a flipped bit never costs the journal that belongs to it', async t => {
	const {folder, journal} = await killed(t);
	const document = path.join(folder, 'catalog.json');
	const [goodDocument, goodJournal] = [await readFile(document), await readFile(journal)];
	for (let position = 0; position < goodDocument.length; position++) {
		const flipped = Buffer.from(goodDocument);
		flipped[position]! ^= 1 << (position % 3); // eslint-disable-line no-bitwise -- one bit
		await writeFile(document, flipped);
		await t.throwsAsync((async () => {
			const store = await openCatalog({folder});
			try {
				await store.load();
			} finally {
				await store.close();
			}
		})(), undefined, `byte ${position}`);
		t.deepEqual(await readFile(journal), goodJournal, `byte ${position}`);
		t.deepEqual(await readFile(document), flipped);
	}
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
