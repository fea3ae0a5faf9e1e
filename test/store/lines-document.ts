import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {zstdCompressSync} from 'node:zlib';
import test from 'ava';
import {Low} from 'lowdb';
import {allSteps} from '../../source/base/columns/cells.js';
import {AppError} from '../../source/base/errors.js';
import {type CatalogData, emptyCatalog} from '../../source/store/catalog-data.js';
import {proveDocument} from '../../source/store/document-format.js';
import {createLinesDocument} from '../../source/store/lines-document.js';
import type {CatalogHeader} from '../../source/catalog/types.js';
import {encodeCommit, encodeHead} from '../../source/store/journal-format.js';
import {migrations, schemaVersionOf, type Migration} from '../../source/store/migrations.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {
	idsOf,
	item,
	library,
	lineOf,
	person,
	server,
	temporaryFolder,
	textsOf,
} from '../helpers/store-records.js';

const written = async (t: Parameters<typeof temporaryFolder>[0], count: number) => {
	const file = path.join(await temporaryFolder(t), 'catalog.json');
	const db = new Low<CatalogData>(createLinesDocument(file), emptyCatalog());
	db.data.header = {...db.data.header, servers: [server], libraries: [library()]};
	for (let index = 0; index < count; index++) {
		const summary = '東京'.repeat(index % 50);
		db.data.table.put(lineOf(item(`i${index}`, {summary})));
	}

	await db.write();
	return {file, db};
};

const read = async (file: string) => {
	const db = new Low<CatalogData>(createLinesDocument(file), emptyCatalog());
	await db.read();
	return db.data;
};

test('what lowdb writes through the adapter it reads back, in the same order', async t => {
	for (const count of [0, 1, 5000]) {
		const {file, db} = await written(t, count);
		const data = await read(file);
		t.deepEqual(data.header, db.data.header);
		t.deepEqual(textsOf(data.table), textsOf(db.data.table));
		const document = JSON.parse(await readFile(file, 'utf8')) as {records: unknown[]};
		t.is(document.records.length, count);
	}
});

test('lines longer than every buffer are written and read whole', async t => {
	const {file, db} = await written(t, 3);
	const summary = 'x'.repeat(3_000_000);
	db.data.table.put(lineOf(item('long', {summary})));
	db.data.table.put(lineOf(person('p1')));
	await db.write();
	const {table} = await read(file);
	t.deepEqual(textsOf(table), textsOf(db.data.table));
});

test('reading tells its progress up to the end', async t => {
	const {file} = await written(t, 3000);
	const document = createLinesDocument(file);
	const seen: number[] = [];
	document.onProgress(({readBytes, totalBytes}) => {
		seen.push(readBytes / totalBytes);
	});
	await document.read();
	t.deepEqual(seen, seen.toSorted((a, b) => a - b));
	t.is(seen.at(-1), 1);
	t.true(seen.length > 1);
});

test('every flipped bit and every cut of a document is found out', async t => {
	const {file} = await written(t, 3);
	const good = await readFile(file);
	for (let position = 0; position < good.length; position += 5) {
		const flipped = Buffer.from(good);
		flipped[position]! ^= 1 << (position % 8); // eslint-disable-line no-bitwise
		for (const bad of [flipped, good.subarray(0, position)]) {
			await writeFile(file, bad);
			const error = await t.throwsAsync<AppError>(read(file), {instanceOf: AppError});
			t.true(error.code === 'damaged' || error.code === 'newer');
		}
	}
});

test('bytes after the end of the document are damage', async t => {
	const {file} = await written(t, 2);
	await writeFile(file, `${await readFile(file, 'utf8')}{}\n`);
	await t.throwsAsync(read(file), {code: 'damaged'});
});

test('only the first and the last line are read for the head', async t => {
	const {file} = await written(t, 2000);
	const text = await readFile(file, 'utf8');
	await writeFile(file, text.replace('Title of i1000', '\u{0}\u{1}\u{2}\u{3} broken!'));
	const head = await createLinesDocument(file).readHead();
	t.is(head?.count, 2000);
	t.deepEqual(head?.header.libraries, [library()]);
	await t.throwsAsync(read(file), {code: 'damaged'});
});

const fixtureOf = (version: number) => new URL(`../../fixtures/catalog/v${version}.json`, import.meta.url);
const fixture = fixtureOf(1);

for (const [version, records, episodes] of [[1, 7, 1], [2, 14, 2], [3, 14, 2], [4, 14, 2], [5, 14, 2]] as const) {
	test(`the document of schema version ${version} becomes one of today, with every record as it was`, async t => {
		const folder = await temporaryFolder(t);
		await writeFile(path.join(folder, 'catalog.json'), await readFile(fixtureOf(version)));
		const store = await openCatalog({folder});
		await store.load();
		t.deepEqual(await store.check(), {ok: true, records, problems: []});
		t.is((await store.page({kind: 'item', type: 'episode', limit: 9})).records.length, episodes);
		await store.close();
		const lines = async (file: string | URL) => (await readFile(file, 'utf8')).split('\n').slice(1, -2);
		const today = path.join(folder, 'catalog.json');
		t.deepEqual(await lines(today), await lines(fixtureOf(version)));
		t.true((await readFile(today, 'utf8')).startsWith('{"format":"reelcat-catalog","schemaVersion":6,'));
		const {libraries} = JSON.parse(await readFile(today, 'utf8')) as CatalogHeader;
		t.true(libraries.every(({sync}) => sync === undefined || sync.areDetailsOld === true));
	});
}

// A sync plans before it needs the records, and a library that is planned as if nothing were missing would lose the mark.
for (const version of [2, 3, 4] as const) {
	test(`what schema version ${version} does not have is read again, whoever opens it, and whatever its journal says of its libraries`, async t => {
		const folder = await temporaryFolder(t);
		const file = path.join(folder, 'catalog.json');
		await writeFile(file, await readFile(fixtureOf(version)));
		const {id, header} = (await createLinesDocument(file).readHead())!;
		const stored = JSON.parse(await readFile(file, 'utf8')) as CatalogHeader;
		const libraries = stored.libraries.map(of => ({...of, sync: {...of.sync!, lookedAt: '2026-11-28T20:00:00Z'}}));
		const commit = encodeCommit({
			revision: header.revision + 1, after: header.revision, puts: [], removes: [], servers: [], libraries, events: [], counts: new Map(libraries.map(of => [of.id, of.counts])),
		});
		await writeFile(path.join(folder, 'catalog.journal'), Buffer.concat([encodeHead({schemaVersion: version, document: id, previous: undefined}), allSteps(commit).bytes]));

		const isMarked = ({libraries: opened}: CatalogHeader) => opened.every(({sync}) => sync?.areDetailsOld === true && sync.lookedAt === '2026-11-28T20:00:00Z');
		for (const access of ['read', 'write'] as const) {
			const store = await openCatalog({folder, access});
			t.true(isMarked(store.header()), `${access}, before it is loaded`);
			await store.load();
			t.true(isMarked(store.header()), `${access}, loaded`);
			await store.close();
		}

		t.true(isMarked((await createLinesDocument(file).readHead())!.header));
	});

	test(`a backup of schema version ${version} is restored with what says that it is to be read again`, async t => {
		const [folder, backups] = [await temporaryFolder(t), await temporaryFolder(t)];
		const backup = path.join(backups, 'backup.json.zst');
		await writeFile(backup, zstdCompressSync(await readFile(fixtureOf(version))));
		const store = await openCatalog({folder, restoreFrom: backup});
		t.true(store.header().libraries.every(({sync}) => sync?.areDetailsOld === true));
		await store.close();
	});
}

test('an invented schema version 7 brings every record up to date, rewrites the document, and older programs refuse it', async t => {
	const folder = await temporaryFolder(t);
	await writeFile(path.join(folder, 'catalog.json'), await readFile(fixture));
	const before = await openCatalog({folder, access: 'read'});
	await before.load();
	const ids = await idsOf(before);
	await before.close();
	const steps: Migration[] = [
		record => record,
		record => record,
		record => record,
		record => record,
		record => record['kind'] === 'person' ? {...record, name: `${String(record['name'])} (2)`} : record,
		(record, header) => record['kind'] === 'person' ? {...record, name: `${String(record['name'])} (3 of ${header.servers[0]!.name})`} : record,
	];
	const reader = await openCatalog({folder, steps, access: 'read'});
	await reader.load();
	const [migrated] = (await reader.page({kind: 'person', limit: 1})).records;
	t.regex((migrated as ReturnType<typeof person>).name, /\(2\) \(3 of Cellar\)$/v);
	await reader.close();

	const store = await openCatalog({folder, steps});
	await store.load();
	t.deepEqual(await idsOf(store), ids);
	t.deepEqual((await store.page({kind: 'person', limit: 1})).records, [migrated]);
	t.is(store.header().schemaVersion, 7);
	await store.close();
	t.true((await readFile(path.join(folder, 'catalog.json'), 'utf8')).startsWith('{"format":"reelcat-catalog","schemaVersion":7,'));
	await t.throwsAsync(openCatalog({folder}), {code: 'newer'});
	const again = await openCatalog({folder, steps});
	await again.load();
	t.deepEqual((await again.page({kind: 'person', limit: 1})).records, [migrated]);
	await again.close();
});

test('a document is proved in pieces of any size, and refused in any of them if something is wrong', async t => {
	const {file} = await written(t, 40);
	const bytes = await readFile(file);
	const inPieces = async function * (whole: Uint8Array, size: number) {
		// As in a file that is read, the memory of a piece is used again.
		const memory = Buffer.alloc(size);
		for (let start = 0; start < whole.length; start += size) {
			memory.set(whole.subarray(start, start + size));
			yield memory.subarray(0, Math.min(size, whole.length - start));
		}

		memory.fill(0);
	};

	const prove = async (whole: Uint8Array, size: number) => proveDocument(inPieces(whole, size), file, schemaVersionOf(migrations));
	const altered = Buffer.from(bytes);
	altered[bytes.length - 100]! ^= 1; // eslint-disable-line no-bitwise -- one bit is flipped
	for (const size of [1, 7, 79, 80, 81, 500, bytes.length]) {
		const {recordCount} = await prove(bytes, size);
		t.is(recordCount, 40, `in pieces of ${size}`);
		for (const wrong of [altered, bytes.subarray(0, -1), bytes.subarray(0, -40), Buffer.concat([bytes, Buffer.from('\n')])]) {
			await t.throwsAsync(prove(wrong, size), {instanceOf: AppError}, `in pieces of ${size}`);
		}
	}
});
