import {statSync} from 'node:fs';
import {
	appendFile,
	cp,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {parseEvent} from '../../source/store/history-files.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {added} from '../helpers/events.js';
import {
	idsOf,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

const opened = async (t: ExecutionContext) => {
	const folder = path.join(await temporaryFolder(t), 'data');
	const store = await openCatalog({folder});
	await store.load();
	await put(store, item('i1'));
	return {
		folder, store, journal: path.join(folder, 'catalog.journal'), document: path.join(folder, 'catalog.json'),
	};
};

/**
What a process that starts now finds.
*/
const foundIn = async (folder: string) => {
	const reader = await openCatalog({folder, access: 'read'});
	await reader.load();
	const ids = await idsOf(reader);
	await reader.close();
	return ids;
};

for (const names of [['catalog.journal'], ['catalog.json'], ['catalog.json', 'catalog.journal'], ['catalog.json', 'catalog.json.bak', 'catalog.journal', 'catalog.lock', 'catalog.lock.json', 'history']]) {
	test(`when ${names.join(', ')} are deleted under a writer, the next commit writes everything anew`, async t => {
		const {folder, store} = await opened(t);
		for (const name of names) {
			await rm(path.join(folder, name), {recursive: true, force: true});
		}

		await put(store, item('i2'));
		t.deepEqual(await foundIn(folder), ['i1', 'i2']);
		t.regex(store.notice!, /deleted while reelcat was running.*anew/v);
		t.is(store.fault, undefined);
		await put(store, item('i3'));
		t.deepEqual(await foundIn(folder), ['i1', 'i2', 'i3']);
		await store.close();
		t.deepEqual(await foundIn(folder), ['i1', 'i2', 'i3']);
	});
}

test('a writer that has nothing to commit also notices that its files were deleted, when it is asked to look', async t => {
	const {folder, store, journal, document} = await opened(t);
	await store.examine!();
	t.is(store.notice, undefined);
	await Promise.all([rm(journal), rm(document)]);
	await store.examine!();
	t.deepEqual(await foundIn(folder), ['i1']);
	t.is(store.fault, undefined);
	await store.close();
});

test('when the whole folder is gone or another one is in its place, nothing is written there, and it goes on when the folder is back', async t => {
	const {folder, store} = await opened(t);
	const away = `${folder}-unmounted`;
	for (const stays of ['nothing', 'an empty folder', 'a folder with a marker of its own'] as const) {
		await rename(folder, away);
		if (stays !== 'nothing') {
			await mkdir(folder);
		}

		if (stays === 'a folder with a marker of its own') {
			await writeFile(path.join(folder, '.reelcat-folder'), '{}');
		}

		await store.examine!();
		t.regex(store.fault!.message, /no longer the folder/v);
		await t.throwsAsync(put(store, item('lost')), {code: 'not-writable', message: /no longer the folder/v});
		await t.throwsAsync(store.backup(), {code: 'not-writable'});
		t.deepEqual(await readdir(folder).catch(() => []), stays === 'a folder with a marker of its own' ? ['.reelcat-folder'] : []);
		await rm(folder, {recursive: true, force: true});
		await rename(away, folder);
		await store.examine!();
		t.is(store.fault, undefined);
		await put(store, item(`i-${stays}`));
	}

	await store.close();
	t.deepEqual(await foundIn(folder), ['i-a folder with a marker of its own', 'i-an empty folder', 'i-nothing', 'i1']);
});

test('a writer whose folder is gone ends without making it again', async t => {
	const {folder, store} = await opened(t);
	await rm(folder, {recursive: true});
	await store.close();
	await t.throwsAsync(stat(folder), {code: 'ENOENT'});
	t.regex(store.notice!, /no longer the folder/v);
});

test('what another writer left is never overwritten: neither its commits, nor its document, nor a cut journal', async t => {
	for (const harm of ['commits', 'a rewrite', 'a cut', 'a damaged document'] as const) {
		const {folder, store, journal, document} = await opened(t);
		// A writer that does not see the lock of the first one, as on another machine.
		const other = path.join(path.dirname(folder), 'other');
		await cp(folder, other, {recursive: true});
		await rm(path.join(other, 'catalog.lock.json'));
		const second = await openCatalog({folder: other});
		await second.load();
		await put(second, item('theirs'));
		if (harm === 'a rewrite') {
			await second.close();
		}

		await (harm === 'a cut' ? writeFile(journal, (await readFile(journal)).subarray(0, -10)) : undefined);
		await (harm === 'a damaged document' ? appendFile(document, 'x') : undefined);
		if (harm === 'commits' || harm === 'a rewrite') {
			// In place, as it shows in another view of the same folder.
			await writeFile(journal, await readFile(path.join(other, 'catalog.journal')));
			await writeFile(document, await readFile(path.join(other, 'catalog.json')));
		}

		const readable = harm === 'commits' || harm === 'a rewrite' ? await foundIn(folder) : ['i1', 'theirs'];
		t.deepEqual(readable, ['i1', 'theirs']);
		const before = await Promise.all([readFile(journal), readFile(document)]);
		await t.throwsAsync(put(store, item('mine')), {code: 'locked', message: /changed by someone else/v}, `after ${harm}`);
		t.is(store.fault?.code, 'locked');
		await t.throwsAsync(store.close(), {code: 'locked'});
		t.deepEqual(await Promise.all([readFile(journal), readFile(document)]), before, `after ${harm}`);
		await second.close();
	}
});

test('a copy in the place of the journal is as good: the writer goes on in the copy', async t => {
	const {folder, store, journal} = await opened(t);
	await cp(journal, `${journal}-copy`);
	await rename(`${journal}-copy`, journal);
	await put(store, item('i2'));
	t.deepEqual(await foundIn(folder), ['i1', 'i2']);
	await store.close();
});

test('a writer that finds the record of another one in the place of its own stops', async t => {
	const {folder, store} = await opened(t);
	const record = path.join(folder, 'catalog.lock.json');
	const own = JSON.parse(await readFile(record, 'utf8')) as Record<string, unknown>;
	await writeFile(record, JSON.stringify({
		...own, pid: 77, host: 'attic', token: 'another',
	}));
	await t.throwsAsync(put(store, item('mine')), {code: 'locked', message: /process 77 on attic, since \d{4}-\d{2}-\d{2} \d{2}:\d{2}\)/v});
	await store.close().catch(() => undefined);
	t.like(JSON.parse(await readFile(record, 'utf8')), {token: 'another'});
});

test('a history file that was deleted is begun again', async t => {
	const {folder, store} = await opened(t);
	const record = async (id: string) => {
		const transaction = await store.begin();
		const {revision: _, ...event} = added(id, {at: '2026-01-01T00:00:00Z'});
		await transaction.record([event]);
		await transaction.commit();
	};

	await record('a');
	await rm(path.join(folder, 'history'), {recursive: true});
	await record('b');
	const text = await readFile(path.join(folder, 'history', '2026-01.ndjson'), 'utf8');
	t.deepEqual(text.trimEnd().split('\n').map(line => (parseEvent(line) as {itemId?: string} | undefined)?.itemId), ['b']);
	await store.close();
});

test('the marker is made with the folder and in a catalogue of an older reelcat, and then stays', async t => {
	const {folder, store} = await opened(t);
	const marker = path.join(folder, '.reelcat-folder');
	const text = await readFile(marker, 'utf8');
	await store.close();
	const again = await openCatalog({folder});
	t.is(await readFile(marker, 'utf8'), text);
	await again.close();
	await rm(marker);
	await (await openCatalog({folder})).close();
	t.not(await readFile(marker, 'utf8'), text);
});

test('a commit costs a few looks at files and no further read or write', async t => {
	const {createFaults} = await import('../helpers/store-faults.js');
	const folder = await temporaryFolder(t);
	const {fs, names} = createFaults();
	const store = await openCatalog({folder, fs});
	await store.load();
	await put(store, item('i1'));
	await put(store, item('i2'));
	names.length = 0;
	await put(store, item('i3'));
	t.deepEqual(names.toSorted(), ['datasync', 'stat', 'stat', 'stat', 'write']);
	await store.close();
});

test('a large commit is written right after the last look at the files, however long it took to make it ready', async t => {
	const folder = path.join(await temporaryFolder(t), 'data');
	const journal = path.join(folder, 'catalog.journal');
	const seen = {
		turn: 0, lookedAt: 0, wroteAt: 0, sizeBefore: 0,
	};
	const store = await openCatalog({
		folder,
		fs: {
			...nodeFileSystem,
			stat: (async (file: string) => {
				const stats = await stat(file);
				if (file === journal && stats.size === seen.sizeBefore) {
					seen.lookedAt = seen.turn;
				}

				return stats;
			}) as typeof stat,
		},
	});
	t.teardown(async () => store.close());
	await store.load();
	await put(store, item('i1'));
	const transaction = await store.begin();
	await transaction.upsert(Array.from({length: 30_000}, (_, index) => item(`i${index}`)));
	seen.sizeBefore = statSync(journal).size;
	const beganAt = seen.turn;
	const committing = transaction.commit();
	while (seen.wroteAt === 0) {
		await setImmediate();
		seen.turn++;
		seen.wroteAt = statSync(journal).size > seen.sizeBefore ? seen.turn : 0;
	}

	await committing;
	await committing;
	t.true(seen.wroteAt - beganAt > 100, `all of it took only ${seen.wroteAt - beganAt} turns`);
	t.true(seen.wroteAt - seen.lookedAt < 30, `${seen.wroteAt - seen.lookedAt} turns`);
});
