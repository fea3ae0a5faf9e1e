import {Buffer} from 'node:buffer';
import {
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {freeBytesOf, nodeFileSystem, type FileSystem} from '../../source/base/file-system.js';
import {testConformance} from '../helpers/store-conformance.js';
import {
	idsOf,
	item,
	person,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

testConformance('lowdb', async folder => openCatalog({folder}));

// Every commit is followed by a rewrite of the document, so that both ways are taken.
testConformance('lowdb, rewritten each time', async folder => openCatalog({folder, rewriteBytes: 0}));

// Records are read from the journal, and from the document after a rewrite.
testConformance('lowdb, with all records in files', async folder => openCatalog({folder, restBytes: 0}));
testConformance('lowdb, with all records in a document that is rewritten each time', async folder => openCatalog({folder, restBytes: 0, rewriteBytes: 0}));

const filled = async (folder: string, options = {}) => {
	const store = await openCatalog({folder, ...options});
	await store.load();
	await put(store, item('i1', {title: '東京物語 \u{2028} "quoted"'}), person('p1'));
	await put(store, item('i2'));
	return store;
};

test('a closed catalogue is one JSON document of one record per line, with its counts on the first', async t => {
	const folder = await temporaryFolder(t);
	const store = await filled(folder);
	await store.close();
	const text = await readFile(path.join(folder, 'catalog.json'), 'utf8');
	const {records, trailer, ...header} = JSON.parse(text) as {records: unknown[]; trailer: {count: number}; libraries: Array<{counts: Record<string, unknown>}>};
	t.deepEqual(records, [item('i1', {title: '東京物語 \u{2028} "quoted"'}), person('p1'), item('i2')]);
	t.is(trailer.count, 3);
	t.is(text.split('\n').length, 6);
	t.true(text.split('\n').slice(1, 4).every(line => line.startsWith('{"id":"')));
	t.like(header, {format: 'reelcat-catalog', schemaVersion: 6, revision: 2});
	t.like(header.libraries[0]!.counts, {movie: 2});
});

test('the header is known before the records are loaded, also when the last commits are only in the journal', async t => {
	const folder = await temporaryFolder(t);
	const store = await filled(folder);
	const reader = await openCatalog({folder});
	t.deepEqual(reader.header(), store.header());
	t.is(reader.header().libraries[0]!.counts.movie, 2);
	await reader.close();
	await store.close();
	const again = await openCatalog({folder});
	t.deepEqual(again.header(), {...again.header(), revision: 2});
	await t.throwsAsync(again.get('i1'), {message: /load/v});
	await again.load();
	t.is((await again.get('i1'))!.id, 'i1');
	await again.close();
});

test('a check during which others commit finds no fault in that', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	await store.load();
	await put(store, ...Array.from({length: 40_000}, (_, index) => item(`i${index}`)));
	const transaction = await store.begin();
	await transaction.upsert([item('new')]);
	let isChecking = true;
	const checking = store.check().finally(() => {
		isChecking = false;
	});
	await transaction.commit();
	t.true(isChecking);
	const {ok, problems} = await checking;
	t.deepEqual([ok, problems], [true, []]);
	await store.close();
});

test('folder and files are for their owner only, and nothing is left over', async t => {
	const folder = path.join(await temporaryFolder(t), 'deep', 'data');
	const store = await filled(folder);
	await store.close();
	const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8); // eslint-disable-line no-bitwise
	t.is(await mode(folder), '700');
	t.is(await mode(path.join(folder, 'catalog.json')), '600');
	t.is(await mode(path.join(folder, 'catalog.journal')), '600');
	t.deepEqual((await readdir(folder)).toSorted(), ['.reelcat-folder', 'catalog.journal', 'catalog.json', 'catalog.json.bak', 'catalog.lock']);
});

test('a closing rewrite keeps the document before it as .bak', async t => {
	const folder = await temporaryFolder(t);
	await (await filled(folder)).close();
	const before = await readFile(path.join(folder, 'catalog.json'));
	const store = await openCatalog({folder});
	await store.load();
	await put(store, item('i3'));
	await store.close();
	t.deepEqual(await readFile(path.join(folder, 'catalog.json.bak')), before);
});

test('a damaged document is refused untouched by default, and set aside when asked for', async t => {
	for (const damage of ['first', 'middle', 'end', 'not ours', 'empty'] as const) {
		const folder = await temporaryFolder(t);
		await (await filled(folder)).close();
		const file = path.join(folder, 'catalog.json');
		const good = await readFile(file);
		const bad = {
			first: Buffer.from(good.toString().replace('"revision"', '"revisiom"')),
			middle: Buffer.from(good.toString().replace('Title of i2', 'Title of i7')),
			end: good.subarray(0, -10),
			'not ours': Buffer.from('{"hello":"world"}\n'),
			empty: Buffer.alloc(0),
		}[damage];
		await writeFile(file, bad);
		const error = await t.throwsAsync(async () => {
			const store = await openCatalog({folder});
			try {
				await store.load();
			} finally {
				await store.close();
			}
		});
		t.true(isAppError(error, 'damaged'));
		t.regex((error as Error & {hint: string}).hint, /moves the file aside/v);
		t.deepEqual(await readFile(file), bad);

		const store = await openCatalog({folder, onDamaged: 'move-aside', now: () => new Date('2026-11-22T10:11:12Z')});
		await store.load();
		t.deepEqual(await idsOf(store), []);
		const aside = `${file}.corrupt-20261122T101112Z`;
		t.true(store.notice!.includes(aside) && store.notice!.includes('import'));
		t.deepEqual(await readFile(aside), bad);
		await put(store, item('i9'));
		await store.close();
		const again = await openCatalog({folder});
		await again.load();
		t.deepEqual(await idsOf(again), ['i9']);
		t.is(again.notice, undefined);
		await again.close();
	}
});

test('the document of a newer reelcat is refused and left as it is, also with move-aside', async t => {
	const folder = await temporaryFolder(t);
	await (await filled(folder)).close();
	const file = path.join(folder, 'catalog.json');
	const newer = '{"format":"reelcat-catalog","schemaVersion":99,"all":"different"}\n';
	await writeFile(file, newer);
	const names = await readdir(folder);
	await t.throwsAsync(openCatalog({folder, onDamaged: 'move-aside'}), {code: 'newer'});
	await t.throwsAsync(openCatalog({folder, access: 'read'}), {code: 'newer'});
	t.is(await readFile(file, 'utf8'), newer);
	t.deepEqual(await readdir(folder), names);
});

test('a document that someone else replaced is not overwritten', async t => {
	const folder = await temporaryFolder(t);
	const store = await filled(folder);
	const file = path.join(folder, 'catalog.json');
	const other = await temporaryFolder(t);
	await (await filled(other)).close();
	await writeFile(file, await readFile(path.join(other, 'catalog.json')));
	const theirs = await readFile(file);
	await t.throwsAsync(store.close(), {code: 'locked'});
	t.deepEqual(await readFile(file), theirs);
	const next = await openCatalog({folder, access: 'read'});
	t.is(next.mode, 'reader');
	await next.close();
});

test('the journal of another catalogue is set aside, not applied and not deleted', async t => {
	const [folder, other] = [await temporaryFolder(t), await temporaryFolder(t)];
	await (await filled(folder)).close();
	const busy = await filled(other);
	await put(busy, item('i7'));
	const foreign = await readFile(path.join(other, 'catalog.journal'));
	await busy.close();
	await writeFile(path.join(folder, 'catalog.journal'), foreign);
	const store = await openCatalog({folder});
	await store.load();
	t.deepEqual(await idsOf(store), ['i1', 'i2', 'p1']);
	const aside = (await readdir(folder)).find(name => name.startsWith('catalog.journal.corrupt-'));
	t.true(store.notice!.includes(aside!));
	t.deepEqual(await readFile(path.join(folder, aside!)), foreign);
	await store.close();
});

test('a folder that cannot be written is told with its path and a way on', async t => {
	const base = await temporaryFolder(t);
	await writeFile(path.join(base, 'file'), '');
	const error = await t.throwsAsync<Error & {hint?: string}>(openCatalog({folder: path.join(base, 'file', 'data')}), {code: 'not-writable'});
	t.true(error.message.includes(base));
	t.regex(error.hint!, /REELCAT_DATA_DIR/v);
});

test('a folder without a catalogue can be read: it is empty', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t), access: 'read'});
	await store.load();
	t.deepEqual(store.header().libraries, []);
	t.is(store.mode, 'reader');
	await t.throwsAsync(store.begin(), {code: 'locked'});
	await store.close();
});

test('a disk without room for a rewrite keeps the journal, and loses nothing', async t => {
	const folder = await temporaryFolder(t);
	const faulty: FileSystem = {...nodeFileSystem, statfs: async () => ({bavail: 1, bsize: 4096, blocks: 100})};
	const store = await filled(folder, {fs: faulty});
	const journal = (await stat(path.join(folder, 'catalog.journal'))).size;
	await store.close();
	t.regex(store.notice!, /nothing is lost/v);
	t.is((await stat(path.join(folder, 'catalog.journal'))).size, journal);
	const again = await openCatalog({folder});
	await again.load();
	t.deepEqual(await idsOf(again), ['i1', 'i2', 'p1']);
	await again.close();
});

test('a disk that has no size, as ramfs, is not taken for a full one', async t => {
	const boundless: FileSystem = {...nodeFileSystem, statfs: async () => ({bavail: 0, bsize: 4096, blocks: 0})};
	t.is(await freeBytesOf('/', boundless), undefined);
	const folder = await temporaryFolder(t);
	const store = await filled(folder, {fs: boundless});
	const journal = (await stat(path.join(folder, 'catalog.journal'))).size;
	await store.close();
	t.is(store.notice, undefined);
	t.true((await stat(path.join(folder, 'catalog.journal'))).size < journal);
});
