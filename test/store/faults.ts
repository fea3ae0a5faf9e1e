import {
	appendFile,
	cp,
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import test from 'ava';
import type {OpenCatalogOptions} from '../../source/store/catalog-context.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {durableWrite, type DurableWriteResult} from '../../source/base/durable-write.js';
import {changed} from '../helpers/events.js';
import {createFaults, everyCall, failureOf} from '../helpers/store-faults.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

const reopened = async (folder: string) => {
	const store = await openCatalog({folder});
	await store.load();
	const ids = await idsOf(store);
	const result = {
		ids, check: await store.check(), mode: store.mode, revision: store.header().revision,
	};
	await store.close();
	const temps = (await readdir(folder)).filter(name => name.endsWith('.tmp'));
	return {...result, temps};
};

test('a commit whose n-th call fails is either whole or absent, in memory and on the disk, and the next one works', async t => {
	const base = await temporaryFolder(t);
	const count = await everyCall(async (n, code) => {
		const folder = path.join(base, String(n));
		const faults = createFaults();
		const store = await openCatalog({folder, fs: faults.fs});
		await store.load();
		await put(store, item('i1'));
		faults.failAt(n, code);
		const failure = await failureOf(put(store, item('i2')));
		const hasFired = faults.hasFired();
		const expectedCode = code === 'ENOSPC' ? 'disk-full' : 'not-writable';
		t.is(failure?.code, hasFired ? expectedCode : undefined);
		t.deepEqual(await idsOf(store), hasFired ? ['i1'] : ['i1', 'i2']);
		faults.failAt(Infinity);
		await put(store, item('i3'));
		const expected = await idsOf(store);
		// As after a kill: the journal alone must hold it all.
		const reader = await openCatalog({folder, access: 'read'});
		await reader.load();
		t.deepEqual(await idsOf(reader), expected);
		await reader.close();
		await store.close();
		const after = await reopened(folder);
		t.deepEqual([after.ids, after.check.ok, after.temps], [expected, true, []]);
		return hasFired;
	});
	t.true(count >= 2);
});

test('an append that keeps failing, and so does its repair, leaves the store in order for when the disk is well', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const store = await openCatalog({folder, fs: faults.fs});
	await store.load();
	await put(store, item('i1'));
	faults.failWhen(method => ['datasync', 'truncate', 'open'].includes(method) ? 'EIO' : undefined);
	await t.throwsAsync(put(store, item('i2')), {code: 'not-writable'});
	await t.throwsAsync(put(store, item('i3')), {code: 'not-writable'});
	t.deepEqual(await idsOf(store), ['i1']);
	faults.failWhen(undefined);
	await put(store, item('i4'));
	await store.close();
	t.deepEqual((await reopened(folder)).ids, ['i1', 'i4']);
});

test('a full disk fails the commit with a plain sentence and nothing changes; with room again it works', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const store = await openCatalog({folder, fs: faults.fs});
	await store.load();
	await put(store, item('i1'));
	faults.failWhen(method => method === 'write' ? 'ENOSPC' : undefined);
	const error = await t.throwsAsync<Error & {hint?: string}>(put(store, item('i2')), {code: 'disk-full'});
	t.regex(error.message, /catalog\.journal.*disk is full/v);
	t.regex(error.hint!, /Make room/v);
	t.is(store.header().revision, 1);
	faults.failWhen(undefined);
	await put(store, item('i3'));
	t.deepEqual(await idsOf(store), ['i1', 'i3']);
	await store.close();
	t.deepEqual((await reopened(folder)).ids, ['i1', 'i3']);
});

test('a rewrite whose n-th call fails loses no commit and leaves nothing behind', async t => {
	const base = await temporaryFolder(t);
	const count = await everyCall(async (n, code) => {
		const folder = path.join(base, String(n));
		const faults = createFaults();
		const store = await openCatalog({folder, fs: faults.fs});
		await store.load();
		await put(store, item('i1'), item('i2'));
		faults.failAt(n, code);
		await failureOf(store.close());
		const after = await reopened(folder);
		t.deepEqual([after.ids, after.check.ok, after.mode, after.temps], [['i1', 'i2'], true, 'writer', []]);
		return faults.hasFired();
	});
	t.true(count >= 20);
});

test('whichever call fails while history goes into its files and old months are summed up, each event is there once, in order', async t => {
	const base = await temporaryFolder(t);
	const now = () => new Date('2026-03-15T12:00:00Z');
	const titled = async (store: CatalogStore) => {
		const titles: unknown[] = [];
		for await (const batch of store.history()) {
			titles.push(...batch.map(event => 'after' in event ? [event.before['title'], event.after['title'], event.merged] : event.kind));
		}

		return titles;
	};

	const record = async (store: CatalogStore, events: ReadonlyArray<[at: string, from: string, to: string]>) => {
		const transaction = await store.begin();
		await transaction.record(events.map(([at, from, to]) => {
			const {revision: _, ...event} = changed('edited', 'a', [{title: from}, {title: to}], {at});
			return event;
		}));
		await transaction.commit();
	};

	const count = await everyCall(async (n, code) => {
		const folder = path.join(base, String(n));
		const faults = createFaults();
		const store = await openCatalog({
			folder, fs: faults.fs, now, historyMonths: 12,
		});
		await store.load();
		await record(store, [['2024-11-01T00:00:00Z', 'A', 'B'], ['2024-11-02T00:00:00Z', 'B', 'C']]);
		await record(store, [['2026-02-01T00:00:00Z', 'C', 'D']]);
		await record(store, [['2026-03-01T00:00:00Z', 'D', 'E']]);
		faults.failAt(n, code);
		await failureOf(store.close());
		const hasFired = faults.hasFired();

		// Once to see what is there, and once after the disk is well again and all was done anew.
		const again = await openCatalog({folder, now, historyMonths: 12});
		await again.load();
		const last = [['C', 'D', undefined], ['D', 'E', undefined]];
		const [summed, single] = [[['A', 'C', 2], ...last], [['A', 'B', undefined], ['B', 'C', undefined], ...last]];
		const seen = await titled(again);
		t.true([summed, single].some(wanted => isDeepStrictEqual(seen, wanted)), `${n}: ${JSON.stringify(seen)}`);
		await put(again, item('later'));
		await again.close();
		const well = await openCatalog({folder, now, historyMonths: 12});
		await well.load();
		t.deepEqual(await titled(well), summed, `call ${n} failed`);
		t.true((await well.check()).ok);
		await well.close();
		t.deepEqual((await readdir(path.join(folder, 'history'))).toSorted(), ['2024-11.summary.ndjson', '2026-02.ndjson', '2026-03.ndjson']);
		return hasFired;
	});
	t.true(count >= 30, String(count));
});

test('commits go on after a rewrite between them whose n-th call fails', async t => {
	const base = await temporaryFolder(t);
	const count = await everyCall(async (n, code) => {
		const folder = path.join(base, String(n));
		const faults = createFaults();
		const store = await openCatalog({folder, fs: faults.fs, rewriteBytes: 0});
		await store.load();
		// The journal's own calls come first, then those of the rewrite that the commit starts.
		faults.failAt(n, code);
		const acknowledged: string[] = [];
		for (const id of ['i1', 'i2']) {
			if (await failureOf(put(store, item(id))) === undefined) {
				acknowledged.push(id);
			}
		}

		t.true(acknowledged.length > 0);
		await failureOf(store.close());
		const after = await reopened(folder);
		t.deepEqual([after.ids, after.check.ok, after.temps], [acknowledged, true, []]);
		return faults.hasFired();
	});
	t.true(count >= 40);
});

const openOnce = async (options: OpenCatalogOptions) => {
	const store = await openCatalog(options);
	try {
		await store.load();
	} finally {
		await store.close();
	}
};

for (const kind of ['new', 'existing'] as const) {
	test(`opening a catalogue, ${kind}, whose n-th call fails gives an AppError, and the next opening has it all`, async t => {
		const base = await temporaryFolder(t);
		const template = path.join(base, 'template');
		await mkdir(template);
		if (kind === 'existing') {
			const folder = path.join(base, 'made');
			const store = await openCatalog({folder});
			await store.load();
			await put(store, item('i1'));
			// As after a kill: a commit that is only in the journal, and a torn end.
			await cp(folder, template, {recursive: true});
			await appendFile(path.join(template, 'catalog.journal'), 'torn');
			await writeFile(path.join(template, '.catalog.json.1.0123456789abcdef.tmp'), 'left over');
			await store.close();
		}

		const count = await everyCall(async (n, code) => {
			const folder = path.join(base, String(n));
			await cp(template, folder, {recursive: true});
			const faults = createFaults();
			faults.failAt(n, code);
			await failureOf(openOnce({folder, fs: faults.fs}));
			const after = await reopened(folder);
			t.deepEqual([after.ids, after.mode, after.temps], [kind === 'new' ? [] : ['i1'], 'writer', []]);
			return faults.hasFired();
		});
		t.true(count >= 15);
	});
}

test('a durable write whose n-th call fails leaves the old text or the new one, and no temporary file', async t => {
	const folder = await temporaryFolder(t);
	const target = path.join(folder, 'file');
	const count = await everyCall(async (n, code) => {
		await writeFile(target, 'old');
		const faults = createFaults();
		faults.failAt(n, code);
		let result: DurableWriteResult | undefined;
		const failure = await failureOf((async () => {
			result = await durableWrite(target, ['n', 'ew'], {fs: faults.fs});
		})());
		const text = await readFile(target, 'utf8');
		t.is(text, failure === undefined ? 'new' : 'old');
		t.deepEqual(await readdir(folder), ['file']);
		// The folder's own sync comes last: then the file is saved, in doubt.
		t.is(result?.isDurable ?? false, !faults.hasFired());
		return faults.hasFired();
	});
	t.true(count >= 10);
});
