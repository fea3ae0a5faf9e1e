import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	copyFile,
	mkdir,
	readdir,
	readFile,
	rename,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {isAppError, type AppError} from '../../../source/base/errors.js';
import {nodeFileSystem} from '../../../source/base/file-system.js';
import type {HistoryEvent, NewHistoryEvent} from '../../../source/catalog/history.js';
import type {CatalogRecord} from '../../../source/catalog/types.js';
import type {CatalogStore, Change} from '../../../source/catalog/catalog-store.js';
import {checkHistoryFiles} from '../../../source/store/check-history-files.js';
import {copyCatalog, type CopyProgress} from '../../../source/store/copy/copy-catalog.js';
import {openDocumentTarget} from '../../../source/store/copy/document-target.js';
import {openSource} from '../../../source/store/copy/migrate-catalog.js';
import {openCatalog} from '../../../source/store/open-catalog.js';
import {changed} from '../../helpers/events.js';
import {importDemo} from '../../helpers/imported-demo.js';
import {openPlace} from '../../helpers/open-place.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {runCommand} from '../../helpers/run-command.js';
import {contentsOf, migrateFrom, placeOf} from '../../helpers/stored-place.js';
import {
	item,
	library,
	person,
	put,
	server as plexServer,
	temporaryFolder,
} from '../../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

const edited = (itemId: string, at: string, title: string): NewHistoryEvent => {
	const {revision: _, ...event} = changed('edited', itemId, [{title: 'before'}, {title}], {at});
	return event;
};

const commit = async (store: CatalogStore, records: readonly CatalogRecord[], events: readonly NewHistoryEvent[] = []) => {
	const transaction = await store.begin();
	await transaction.putServer(plexServer);
	await transaction.putLibrary(library());
	await transaction.upsert(records);
	await transaction.record(events);
	return transaction.commit();
};

const many = 5000;

/**
More records and events than one piece has, in several months.
*/
const fill = async (place: string) => {
	const store = await openPlace(place);
	await store.load();
	await commit(store, Array.from({length: many}, (_, index) => person(`p${index}`)));
	for (const month of ['2025-11', '2026-01', '2026-02']) {
		await commit(store, [item('i1', {title: month})], Array.from({length: 1500}, (_, index) => edited(`i${index}`, `${month}-01T00:00:00Z`, `${month} ${index}`)));
	}

	await store.close();
};

const filledFolder = async (t: Pick<ExecutionContext, 'teardown'>) => {
	const folder = await temporaryFolder(t);
	await fill(folder);
	return folder;
};

const filesOf = async (folder: string) => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = entries.filter(entry => entry.isFile() && !entry.name.startsWith('catalog.lock')).map(entry => path.join(entry.parentPath, entry.name)).toSorted();
	return Promise.all(files.map(async file => [file, await readFile(file, 'latin1')]));
};

/**
Cuts a copy short when it has got so far.
*/
const cutAt = (phase: CopyProgress['phase'], least: number) => {
	const controller = new AbortController();
	return {
		signal: controller.signal,
		onProgress(progress: CopyProgress) {
			if (progress.phase === phase && progress.done >= least) {
				controller.abort();
			}
		},
	};
};

test.serial('the demo goes to a database and back: the same export, the same history, and all in order', async t => {
	const [home, back] = [await temporaryFolder(t), await temporaryFolder(t)];
	await importDemo(home);
	const folder = path.join(home, '.local/share/reelcat/demo');
	const {text} = server.address();
	const [before, files] = [await contentsOf(folder), await filesOf(folder)];
	t.is((await migrateFrom(folder, text)).problems.length, 0);
	t.deepEqual(await filesOf(folder), files);
	t.deepEqual(await contentsOf(text), before);
	t.is((await migrateFrom(text, back)).problems.length, 0);
	t.deepEqual(await contentsOf(back), before);
	const exported = await runCommand(folder, ['export']);
	t.true(exported.stdout.length > 1_000_000);
	t.is((await runCommand('/nowhere', ['export'], {env: {REELCAT_STORE: text}, home})).stdout, exported.stdout);
	t.is((await runCommand(back, ['export'])).stdout, exported.stdout);
	t.regex((await runCommand('/nowhere', ['verify'], {env: {REELCAT_STORE: text}, home})).stdout, /all in order/v);
	t.regex((await runCommand(back, ['verify'])).stdout, /all in order/v);
});

const text = fc.oneof(fc.string({unit: 'binary', maxLength: 20}), fc.constantFrom('\u{0}', String.fromCodePoint(0xD8_00), `a${String.fromCodePoint(0xDF_FF)}b`, '\u{2028}\n\r\t', '"\\', '\u{1F3AC}', ',\n', '],"trailer":{"count":1,"crc32":"00000000"}}'));
const months = fc.constantFrom('2025-12', '2026-01', '2026-02');
const commits = fc.array(fc.record({
	titles: fc.array(fc.tuple(fc.nat(8), text), {maxLength: 6}),
	events: fc.array(fc.tuple(months, text), {maxLength: 4}),
	removed: fc.array(fc.nat(8), {maxLength: 2}),
}), {minLength: 1, maxLength: 5});

test.serial('random records and events come over exactly, and come back exactly', async t => {
	await fc.assert(fc.asyncProperty(commits, fc.boolean(), async (all, isRestored) => {
		const [folder, back, address] = [await temporaryFolder(t), await temporaryFolder(t), server.address().text];
		let store = await openCatalog({folder});
		await store.load();
		await put(store, item('i1'));
		const backup = isRestored ? await store.backup() : undefined;
		for (const {titles, events, removed} of all) {
			const transaction = await store.begin();
			await transaction.upsert(titles.map(([number, title]) => item(`i${number}`, {title, summary: title.repeat(3)})));
			await transaction.remove(removed.map(number => `i${number}`));
			await transaction.record(events.map(([month, title], index) => edited(`i${index}`, `${month}-01T00:00:00Z`, title)));
			await transaction.commit();
		}

		await store.close({isQuick: true});
		if (backup !== undefined) {
			// From now on the history has events that do not hold.
			store = await openCatalog({folder, restoreFrom: backup.file});
			await store.load();
			await put(store, item('i2', {title: 'after the restore'}));
			await store.close({isQuick: true});
		}

		const before = await contentsOf(folder);
		await migrateFrom(folder, address);
		t.deepEqual(await contentsOf(address), before);
		await migrateFrom(address, back);
		t.deepEqual(await contentsOf(back), before);
		t.deepEqual(await checkHistoryFiles(back), {problems: [], since: undefined});
	}), {numRuns: 8});
});

const requireRefused = async (t: ExecutionContext, address: string) => {
	for (const access of ['read', 'write'] as const) {
		await t.throwsAsync(async () => openPlace(address, {access}), {code: 'usage', message: /was not copied to its end/v});
	}
};

const requireEmpty = async (t: ExecutionContext, folder: string) => {
	const store = await openPlace(folder, {access: 'read'});
	await store.load();
	const events: HistoryEvent[] = [];
	for await (const batch of store.history()) {
		events.push(...batch);
	}

	t.is(store.header().revision, 0);
	t.deepEqual((await store.page({limit: 1})).records, []);
	t.deepEqual(events, []);
	await store.close();
};

for (const [phase, least] of [['history', 2000], ['records', 2000], ['comparison', 6000]] as const) {
	for (const isToDatabase of [true, false]) {
		test.serial(`a copy ${isToDatabase ? 'to a database' : 'to a folder'} that is cut short in the ${phase} is no catalogue, and goes on where it ended`, async t => {
			const [folder, other, address] = [await filledFolder(t), await temporaryFolder(t), server.address().text];
			if (!isToDatabase) {
				await migrateFrom(folder, address);
			}

			const [from, to] = isToDatabase ? [folder, address] : [address, other];
			await t.throwsAsync(async () => migrateFrom(from, to, cutAt(phase, least)), {code: 'cancelled'});
			await (isToDatabase ? requireRefused(t, to) : requireEmpty(t, to));
			const {copied, said} = await migrateFrom(from, to);
			const {events, records} = copied!.resumed;
			// A record counts as there when something stands behind it in the document.
			const [fewest, most] = {history: [0, 0], records: [1999, many - 1], comparison: [many + 1, many + 1]}[phase] as [number, number];
			t.true(records >= fewest && records <= most, String(records));
			t.true(phase === 'history' ? events >= 2000 && events < 4500 : events === 4500, String(events));
			t.false(said.some(sentence => sentence.includes('begins anew')));
			t.deepEqual(await contentsOf(to), await contentsOf(from));
		});
	}
}

const childFile = fileURLToPath(new URL(`../../helpers/migrate-child${path.extname(import.meta.url)}`, import.meta.url));

/**
Copies in another process and kills it when it has got so far.
*/
const killAt = async (from: string, to: string, wanted: CopyProgress['phase'], least: number): Promise<NodeJS.Signals | undefined> => {
	const child = spawn(process.execPath, [...process.execArgv, childFile, from, to], {stdio: ['ignore', 'pipe', 'inherit']});
	const exit = once(child, 'exit');
	for await (const line of createInterface({input: child.stdout})) {
		const [phase, done] = line.split(' ', 2);
		if (phase === wanted && Number(done) >= least) {
			child.kill('SIGKILL');
		}
	}

	await exit;
	return child.signalCode ?? undefined;
};

/**
The server needs a moment to notice that a client was killed.
*/
const migrateSoon = async (from: string, to: string): ReturnType<typeof migrateFrom> => {
	try {
		return await migrateFrom(from, to);
	} catch (error) {
		if (!isAppError(error, 'locked')) {
			throw error;
		}

		await delay(50);
		return migrateSoon(from, to);
	}
};

test.serial('after SIGKILL a copy in either direction goes on', async t => {
	const [folder, back, address] = [await filledFolder(t), await temporaryFolder(t), server.address().text];
	for (const [from, to] of [[folder, address], [address, back]] as const) {
		t.is(await killAt(from, to, 'records', 2000), 'SIGKILL');
		const {copied} = await migrateSoon(from, to);
		t.is(copied!.resumed.events, 4500);
		t.true(copied!.resumed.records >= 1999, String(copied!.resumed.records));
	}

	t.deepEqual(await contentsOf(back), await contentsOf(folder));
});

test.serial('a connection that breaks off leaves what was copied, and says how to go on', async t => {
	const [folder, address] = [await filledFolder(t), server.address()];
	const cut = async () => server.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = '${address.schema}.catalog'::regclass::oid`);
	let cutting: Promise<unknown> | undefined;
	const error = await t.throwsAsync(async () => migrateFrom(folder, address.text, {
		onProgress({phase, done}) {
			cutting ??= phase === 'records' && done >= 2000 ? cut() : undefined;
		},
	}), {code: 'not-writable'});
	t.regex((error as AppError).hint ?? '', /goes on where it ended/v);
	await cutting;
	const {copied} = await migrateFrom(folder, address.text);
	t.true(copied!.resumed.records >= 2000);
	t.deepEqual(await contentsOf(address.text), await contentsOf(folder));
});

test.serial('a crash while the files are put in their places is no catalogue either, and the next attempt ends it', async t => {
	const [folder, back, address] = [await filledFolder(t), await temporaryFolder(t), server.address().text];
	await migrateFrom(folder, address);
	const source = await openSource(placeOf(address), {isLocked: true});
	const target = await openDocumentTarget({
		folder: back,
		source,
		fs: {
			...nodeFileSystem,
			async rename(from, to) {
				if (to === path.join(back, 'catalog.json')) {
					throw Object.assign(new Error('a crash'), {code: 'EIO'});
				}

				await rename(from, to);
			},
		},
	});
	await t.throwsAsync(async () => copyCatalog(source, target, {signal: new AbortController().signal}));
	await target.close();
	await source.close();
	await t.throwsAsync(async () => openCatalog({folder: back}), {code: 'damaged'});
	await t.throwsAsync(async () => openCatalog({folder: back, access: 'read'}), {code: 'damaged'});
	const {copied} = await migrateFrom(address, back);
	t.is(copied!.resumed.records, many + 1);
	t.deepEqual(await contentsOf(back), await contentsOf(folder));
});

test.serial('where the catalogue has changed since, the copy begins anew and says so', async t => {
	const [folder, back, address] = [await filledFolder(t), await temporaryFolder(t), server.address().text];
	await t.throwsAsync(async () => migrateFrom(folder, address, cutAt('records', 2000)));
	const store = await openCatalog({folder});
	await store.load();
	await put(store, item('i2', {title: 'came since'}));
	await store.close();
	const there = await migrateFrom(folder, address);
	t.true(there.said.some(sentence => sentence.includes('begins anew')));
	t.deepEqual(there.copied!.resumed, {records: 0, events: 0});
	t.deepEqual(await contentsOf(address), await contentsOf(folder));

	await t.throwsAsync(async () => migrateFrom(address, back, cutAt('records', 2000)));
	const inDatabase = await openPlace(address);
	await put(inDatabase, item('i3', {title: 'and since'}));
	await inDatabase.close();
	const here = await migrateFrom(address, back);
	t.true(here.said.some(sentence => sentence.includes('begins anew')));
	t.deepEqual(await contentsOf(back), await contentsOf(address));
});

test.serial('a copy that is not the same is refused with its first difference, and the next one begins anew', async t => {
	const [folder, back, address] = [await filledFolder(t), await temporaryFolder(t), server.address()];
	await t.throwsAsync(async () => migrateFrom(folder, address.text, cutAt('comparison', 1)));
	await server.query(`UPDATE ${address.schema}.records SET line = replace(line, 'Name of', 'Nome of') WHERE id = 'p2500'`);
	await t.throwsAsync(async () => migrateFrom(folder, address.text), {code: 'damaged', message: /record 2,?501 \(p2500\) is not the same/v});
	await t.throwsAsync(async () => openPlace(address.text, {access: 'read'}), {message: /was not copied to its end/v});
	const {said} = await migrateFrom(folder, address.text);
	t.true(said.some(sentence => sentence.includes('begins anew')));

	await t.throwsAsync(async () => migrateFrom(address.text, back, cutAt('comparison', 1)));
	const file = path.join(back, 'catalog.copy/history/2026-01.ndjson');
	const events = await readFile(file, 'utf8');
	await writeFile(file, events.slice(0, events.lastIndexOf('\n', events.length - 2) + 1));
	await t.throwsAsync(async () => migrateFrom(address.text, back), {code: 'damaged', message: /history event 3,?000 .* is not the same/v});
	await migrateFrom(address.text, back);
	t.deepEqual(await contentsOf(back), await contentsOf(folder));
});

test.serial('a place that has a catalogue, or a part of another one, is refused and stays as it was', async t => {
	const [folder, other, address, otherAddress] = [await filledFolder(t), await temporaryFolder(t), server.address().text, server.address().text];
	for (const place of [other, otherAddress]) {
		const store = await openPlace(place);
		await store.load();
		await put(store, item('i1'));
		await store.close();
	}

	await migrateFrom(folder, address);
	for (const [from, to] of [[folder, otherAddress], [address, other], [folder, address]] as const) {
		const before = await contentsOf(to);
		for (const isDry of [true, false]) {
			await t.throwsAsync(async () => migrateFrom(from, to, {isDry}), {code: 'usage', message: /There is a catalogue in .* already/v});
		}

		t.deepEqual(await contentsOf(to), before);
	}

	const [begun, begunFolder] = [server.address().text, await temporaryFolder(t)];
	await t.throwsAsync(async () => migrateFrom(folder, begun, cutAt('records', 2000)));
	await t.throwsAsync(async () => migrateFrom(otherAddress, begun), {message: /a part of another catalogue/v});
	await t.throwsAsync(async () => migrateFrom(address, begunFolder, cutAt('records', 2000)));
	await t.throwsAsync(async () => migrateFrom(otherAddress, begunFolder), {message: /a part of another catalogue/v});
	await migrateFrom(folder, begun);
	await t.throwsAsync(async () => migrateFrom(folder, folder), {message: /lies there already/v});
	await t.throwsAsync(async () => migrateFrom(await temporaryFolder(t), server.address().text), {message: /nothing to copy/v});
	await t.throwsAsync(async () => migrateFrom(server.address().text, await temporaryFolder(t)), {message: /There is no catalogue/v});
});

test.serial('an empty catalogue makes room, and a reader that follows it goes on with the copy', async t => {
	const [folder, back, address] = [await filledFolder(t), await temporaryFolder(t), server.address().text];
	for (const place of [back, address]) {
		const empty = await openPlace(place);
		await empty.load();
		await empty.close();
	}

	for (const [from, to] of [[folder, address], [address, back]] as const) {
		const reader = await openPlace(to, {access: 'read'});
		await reader.load();
		const told = new Promise<Change>(resolve => {
			reader.subscribe(resolve);
		});
		await migrateFrom(from, to);
		t.true((await told).isReload);
		t.is(reader.header().revision, 4);
		t.is((await reader.page({limit: many * 2})).records.length, many + 1);
		await reader.close();
	}
});

test.serial('nobody else may write on either side', async t => {
	const [folder, other, address, otherAddress] = [await filledFolder(t), await temporaryFolder(t), server.address().text, server.address().text];
	await migrateFrom(folder, address);
	for (const [busy, from, to] of [[folder, folder, otherAddress], [otherAddress, folder, otherAddress], [address, address, other], [other, address, other]] as const) {
		const writer = await openPlace(busy);
		await t.throwsAsync(async () => migrateFrom(from, to), {code: 'locked'});
		await writer.close();
	}
});

test.serial('a dry run tells the amounts and changes nothing', async t => {
	const [folder, other, address] = [await filledFolder(t), await temporaryFolder(t), server.address()];
	const files = await filesOf(folder);
	const {source, copied} = await migrateFrom(folder, address.text, {isDry: true});
	t.is(copied, undefined);
	t.is(source.records, many + 1);
	t.is(source.eventCount, 4500);
	t.true(source.bytes.catalogue > 200_000 && source.bytes.history > 500_000);
	t.deepEqual(await filesOf(folder), files);
	t.deepEqual(await server.query(`SELECT FROM pg_namespace WHERE nspname = '${address.schema}'`), []);
	await migrateFrom(folder, address.text);
	await migrateFrom(address.text, other, {isDry: true});
	t.deepEqual(await readdir(other), []);
});

for (const version of [1, 2, 4]) {
	test.serial(`a document of format ${version}, with a history without checksums, arrives as one of today and stays as it was`, async t => {
		const [folder, today] = [await temporaryFolder(t), await temporaryFolder(t)];
		const history = `${JSON.stringify({...edited('i1', '2024-01-01T00:00:00Z', 'old'), revision: 1})}\n`;
		for (const place of [folder, today]) {
			await copyFile(new URL(`../../../fixtures/catalog/v${version}.json`, import.meta.url), path.join(place, 'catalog.json'));
			await mkdir(path.join(place, 'history'));
			await writeFile(path.join(place, 'history/2024-01.ndjson'), history);
		}

		const writer = await openCatalog({folder: today});
		await writer.load();
		await writer.close();
		const files = await filesOf(folder);
		const {text: address} = server.address();
		await migrateFrom(folder, address);
		t.deepEqual(await filesOf(folder), files);
		const {events, ...copy} = await contentsOf(address);
		t.is(`${events.join('\n')}\n`, history);
		t.deepEqual({events, ...copy}, await contentsOf(today));
	});
}

test.serial('a history that is not as it was written is not copied', async t => {
	const folder = await filledFolder(t);
	const file = path.join(folder, 'history/2026-01.ndjson');
	await writeFile(file, (await readFile(file, 'utf8')).replace('2026-01 700', '2026-01 007'));
	await t.throwsAsync(async () => migrateFrom(folder, server.address().text), {code: 'damaged', message: /2026-01\.ndjson: line 701/v});
});

test.serial('the events of the journal that a killed writer had not put into the files come over', async t => {
	const folder = await filledFolder(t);
	const store = await openCatalog({folder});
	await store.load();
	await commit(store, [item('i2')], [edited('i2', '2026-02-02T00:00:00Z', 'the last')]);
	await store.close({isQuick: true});
	const file = path.join(folder, 'history/2026-02.ndjson');
	const lines = await readFile(file, 'utf8');
	// The process died before this line was in the file.
	await writeFile(file, lines.slice(0, lines.lastIndexOf('\n', lines.length - 2) + 1));
	const {text: address} = server.address();
	await migrateFrom(folder, address);
	const {events} = await contentsOf(address);
	t.is(events.length, 4501);
	t.regex(events.at(-1)!, /the last/v);
});

test.serial('the command says where the catalogue lies, copies it, and says how to use the copy', async t => {
	const [folder, home] = [await filledFolder(t), await temporaryFolder(t)];
	const {text: address} = server.address();
	const told = await runCommand(folder, ['store'], {home});
	t.is(told.exitCode, 0);
	t.regex(told.stdout, /a document in .*\nRevision +4 \(format \d+\)\nLibraries +1 of 1 server\nRecords +5,001, [^\n]+\nHistory +4,500 events, [^\n]+\nWritten by +nobody/v);
	const dry = await runCommand(folder, ['store', 'migrate', '--to', address, '--dry-run'], {home});
	t.regex(dry.stdout, /^Would copy 5,001 records and 4,500 history events of revision 4 .* Nothing was changed\.\n$/v);
	const copied = await runCommand(folder, ['store', 'migrate', '--to', address], {home});
	t.is(copied.exitCode, 0);
	t.regex(copied.stdout, /compared them one by one/v);
	t.true(copied.stdout.includes(`REELCAT_STORE=${address}`));
	t.regex(copied.stdout, /Backups are not copied/v);
	const json = await runCommand('/nowhere', ['store', '--json'], {env: {REELCAT_STORE: address}, home});
	const facts = JSON.parse(json.stdout) as Record<string, unknown>;
	t.like(facts, {
		schema: 1, kind: 'postgres', place: address, revision: 4, records: 5001, events: 4500, libraries: 1, servers: 1, writers: [],
	});
	const writer = await openPlace(address);
	const busy = await runCommand('/nowhere', ['store', '--json'], {env: {REELCAT_STORE: address}, home});
	t.like((JSON.parse(busy.stdout) as {writers: unknown[]}).writers, [{pid: process.pid}]);
	await writer.close();
	const back = await runCommand(path.join(home, 'data'), ['store', 'migrate', '--to', 'document', '--json'], {env: {REELCAT_STORE: address}, home});
	t.like(JSON.parse(back.stdout), {
		schema: 1, ok: true, isDry: false, from: address, revision: 4, records: 5001, events: 4500, resumed: {records: 0, events: 0}, problems: [],
	});
	for (const argv of [['store', 'migrate'], ['store', 'move'], ['store', '--dry-run'], ['store', 'migrate', '--to', 'document'], ['store', 'migrate', '--to', 'mysql://x']]) {
		await t.throwsAsync(async () => runCommand(folder, argv, {home}), {code: 'usage'}, argv.join(' '));
	}
});
