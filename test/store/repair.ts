import {
	cp,
	mkdir,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {tombstoneId} from '../../source/catalog/identity.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {createLinesDocument} from '../../source/store/lines-document.js';
import {repairCatalog} from '../../source/store/repair/repair-catalog.js';
import {added, changed, removed} from '../helpers/events.js';
import {createFaults} from '../helpers/store-faults.js';
import {runCommand} from '../helpers/run-command.js';
import {
	collection,
	file,
	item,
	library,
	person,
	playlist,
	server,
	tag,
	temporaryFolder,
} from '../helpers/store-records.js';

const now = () => new Date('2026-03-15T12:00:00Z');

const open = async (folder: string) => {
	const store = await openCatalog({folder, now});
	await store.load();
	return store;
};

const commit = async (store: Awaited<ReturnType<typeof open>>, records: CatalogRecord[], events: Array<ReturnType<typeof added>>, gone: string[] = []) => {
	const transaction = await store.begin();
	await transaction.putServer(server);
	await transaction.putLibrary(library());
	await transaction.upsert(records);
	await transaction.remove(gone);
	await transaction.record(events.map(({revision: _, ...event}) => event));
	await transaction.commit();
};

const stamp = (month: string) => ({at: `2026-${month}-02T10:00:00Z`, libraryId: 'lib'});
const lost = item('i9', {title: 'Lost'});

/**
A catalogue with all kinds of records and a history of three months. Its last commits are in the journal.
*/
const make = async (folder: string) => {
	const store = await open(folder);
	const film = item('i1', {genres: ['t1'], cast: [{personId: 'p1'}], versions: [{id: 'v', parts: [{fileId: 'f1'}]}]});
	const show = item('i2', {type: 'show'});
	const season = item('i3', {type: 'season', showId: 'i2', seasonNumber: 1});
	const episode = item('i4', {
		type: 'episode', showId: 'i2', seasonId: 'i3', seasonNumber: 1, episodeNumber: 1,
	});
	await commit(store, [tag('t1'), person('p1'), file('f1'), film, show, season, episode, lost, collection('c1', ['i1', 'i4']), playlist('q1', ['i4', 'i1', 'i4'])], [added('i1', stamp('01')), added('i9', stamp('01'))]);
	await commit(store, [{...film, year: 2000}], [changed('edited', 'i1', [{year: null}, {year: 2000}], stamp('02'))]);
	await commit(store, [{
		id: tombstoneId('i9'), kind: 'tombstone', itemId: 'i9', serverId: 'srv', libraryId: 'lib', removedAt: stamp('02').at, runId: 'run1', reason: 'gone', item: lost, files: [],
	}], [removed(lost, [], stamp('02'))], ['i9']);
	await store.close();
	const again = await open(folder);
	await commit(again, [{...film, year: 2001}], [changed('edited', 'i1', [{year: 2000}, {year: 2001}], stamp('03'))]);
	await commit(again, [{...film, year: 2001, title: 'New'}], [changed('edited', 'i1', [{title: film.title}, {title: 'New'}], stamp('03'))]);
	await commit(again, [{...film, year: 2001, title: 'Newer'}], [changed('edited', 'i1', [{title: 'New'}, {title: 'Newer'}], stamp('03'))]);
	await again.close({isQuick: true});
};

const textOf = async (target: string) => readFile(target, 'utf8');
const editLines = async (target: string, edit: (lines: string[]) => string[]) => {
	const lines = (await textOf(target)).split('\n').slice(0, -1);
	await writeFile(target, edit(lines).map(line => `${line}\n`).join(''));
};

const document = (folder: string) => path.join(folder, 'catalog.json');
const month = (folder: string, number: string) => path.join(folder, 'history', `2026-${number}.ndjson`);

/**
Changes records behind the back of the store, so that the document is whole and its contents are wrong.
*/
const rewrite = async (folder: string, change: (record: CatalogRecord) => CatalogRecord | undefined) => {
	const store = await open(folder);
	const transaction = await store.begin();
	const {records} = await store.page({limit: 1000});
	for (const record of records) {
		const next = change(record);
		await (next === undefined ? transaction.remove([record.id]) : transaction.upsert([next]));
	}

	await transaction.commit();
	await store.close();
};

const damages: Record<string, (folder: string) => Promise<void>> = {
	'a bit flipped in a record': async folder => editLines(document(folder), lines => lines.map(line => line.replace('"name":"Name of p1"', '"name":"Mame of p1"'))),
	'a record that is no JSON any more': async folder => editLines(document(folder), lines => lines.map(line => line.startsWith('{"id":"t1"') ? `{?${line.slice(2)}` : line)),
	'a record that is nested too deep': async folder => editLines(document(folder), lines => lines.map(line => line.startsWith('{"id":"t1"') ? line.replace('"name":', () => `"deep":${'['.repeat(20_000)}${']'.repeat(20_000)},"name":`) : line)),
	'a document that is cut': async folder => writeFile(document(folder), (await textOf(document(folder))).slice(0, -300)),
	async 'a header that cannot be read'(folder) {
		const store = await open(folder);
		await store.backup();
		await store.close();
		await editLines(document(folder), lines => [`?${lines[0]!}`, ...lines.slice(1)]);
	},
	async 'wrong counts in the header'(folder) {
		const adapter = createLinesDocument(document(folder));
		const store = await open(folder);
		await store.close();
		const data = (await adapter.read())!;
		data.header.libraries = data.header.libraries.map(one => ({...one, counts: {...one.counts, movie: 7}}));
		await adapter.write(data);
		await rm(path.join(folder, 'catalog.journal'));
	},
	'a commit damaged in the middle of the journal': async folder => editLines(path.join(folder, 'catalog.journal'), lines => lines.map((line, index) => index === 5 ? line.replace('e', 'f') : line)),
	'a torn first line of the journal': async folder => editLines(path.join(folder, 'catalog.journal'), lines => [lines[0]!.slice(4), ...lines.slice(1)]),
	'a missing tag, person and file': async folder => rewrite(folder, record => ['t1', 'p1', 'f1'].includes(record.id) ? undefined : record),
	'members of lists that are not there': async folder => rewrite(folder, record => record.kind === 'collection' || record.kind === 'playlist' ? {...record, items: ['i9', ...record.items, 't1']} : record),
	'a collection of a library and a playlist of a server that are not there': async folder => rewrite(folder, record => {
		if (record.kind === 'collection') {
			return {...record, libraryId: 'other'};
		}

		return record.kind === 'playlist' ? {...record, serverId: 'other'} : record;
	}),
	'a missing show': async folder => rewrite(folder, record => record.id === 'i2' ? undefined : record),
	'a missing season': async folder => rewrite(folder, record => record.id === 'i3' ? undefined : record),
	'a season without a show': async folder => rewrite(folder, record => record.id === 'i3' ? item('i3', {type: 'season'}) : record),
	'a movie as the show of a season': async folder => rewrite(folder, record => record.id === 'i3' ? item('i3', {type: 'season', showId: 'i1'}) : record),
	'an item of a library that is not there': async folder => rewrite(folder, record => record.id === 'i4' ? item('i4', {libraryId: 'other'}) : record),
	'a record against the schema': async folder => rewrite(folder, record => record.id === 'i4' ? {...record, year: 'soon'} as unknown as CatalogRecord : record),
	'a mark of a library that holds nothing': async folder => rewrite(folder, record => record.id === 'i4' ? {...record as Item, missingSince: '2026-03-01T00:00:00Z'} : record),
	'a tombstone that is gone': async folder => rewrite(folder, record => record.kind === 'tombstone' ? undefined : record),
	'an item that is gone, with its history there': async folder => rewrite(folder, record => record.id === 'i1' ? undefined : record),
	async 'an item that came back unnoticed'(folder) {
		const store = await open(folder);
		await commit(store, [lost], []);
		await store.close();
	},
	'a value that the history does not know': async folder => rewrite(folder, record => record.id === 'i1' ? {...record as Item, year: 1950} : record),
	'a dropped line of the history': async folder => editLines(month(folder, '02'), lines => lines.slice(1)),
	'a dropped removal': async folder => editLines(month(folder, '02'), lines => lines.slice(0, 1)),
	'a doubled line of the history': async folder => editLines(month(folder, '01'), lines => [lines[0]!, ...lines]),
	'swapped lines of the history': async folder => editLines(month(folder, '02'), lines => lines.toReversed()),
	'an edited line of the history': async folder => editLines(month(folder, '03'), lines => lines.map((line, index) => index === 1 ? line.replace('"New"', '"Mew"') : line)),
	'a line of the history that is no event': async folder => editLines(month(folder, '02'), lines => ['?', ...lines.slice(1)]),
	'a deleted month in the middle': async folder => rm(month(folder, '02')),
	async 'a deleted newest month'(folder) {
		// Until the document is written, the journal has the events of the month as well.
		const store = await open(folder);
		await store.close();
		await rm(month(folder, '03'));
	},
	'a file of the history that nobody wrote': async folder => cp(month(folder, '02'), path.join(folder, 'history', '2025-12.ndjson')),
};

const filesOf = async (folder: string) => {
	const names = (await readdir(folder, {recursive: true})).filter(name => !name.startsWith('catalog.lock') && /\.(?:json|journal|ndjson)$/v.test(name)).toSorted();
	return Promise.all(names.map(async name => [name, await textOf(path.join(folder, name))] as const));
};

for (const [what, harm] of Object.entries(damages)) {
	test(`repair puts a catalogue with ${what} in order, says first what it would do, and has nothing to do then`, async t => {
		const folder = await temporaryFolder(t);
		await make(folder);
		await harm(folder);
		const before = await filesOf(folder);
		const {findings, aside} = await repairCatalog({folder, isDry: true, now});
		t.true(findings.length > 0);
		t.deepEqual(aside, []);
		t.deepEqual(await filesOf(folder), before);
		const repaired = await repairCatalog({folder, isDry: false, now});
		t.deepEqual(repaired.findings, findings);
		t.deepEqual(repaired.left, []);
		t.true(repaired.aside.length > 0);
		const verified = await runCommand(folder, ['verify']);
		t.is(verified.exitCode, 0, `${findings.join('\n')}\n→\n${verified.stdout}`);
		const whole = await filesOf(folder);
		t.deepEqual(await repairCatalog({folder, isDry: false, now}), {findings: [], aside: [], left: []});
		t.deepEqual(await filesOf(folder), whole);
		const store = await open(folder);
		t.is(store.notice, undefined);
		await commit(store, [item('i7')], [added('i7', stamp('03'))]);
		await store.close();
		t.is((await runCommand(folder, ['verify'])).exitCode, 0);
	});
}

test('whichever call of the file system fails, the next repair ends in order with the same records', async t => {
	const base = await temporaryFolder(t);
	const template = path.join(base, 'template');
	await mkdir(template);
	await make(template);
	await damages['a missing show']!(template);
	await damages['a dropped line of the history']!(template);
	let n = 1;
	for (let hasFired = true; hasFired; n += 3) {
		const folder = path.join(base, String(n));
		await cp(template, folder, {recursive: true});
		const faults = createFaults();
		faults.failAt(n, ['EIO', 'ENOSPC', 'EROFS'][n % 3]);
		const [failed] = await Promise.allSettled([repairCatalog({
			folder, isDry: false, now, fs: faults.fs,
		})]);
		t.true(failed.status === 'fulfilled' || isAppError(failed.reason), JSON.stringify(failed));
		hasFired = faults.hasFired();
		await repairCatalog({folder, isDry: false, now});
		const {exitCode, stdout} = await runCommand(folder, ['verify']);
		t.is(exitCode, 0, `${n}: ${stdout}`);
		const store = await open(folder);
		t.deepEqual([await store.get('i1'), await store.get('i2')].map(record => record?.kind === 'item' ? [record.title, record.placeholder] : record), [['Newer', undefined], ['Unknown show', true]]);
		await store.close();
	}

	t.true(n > 40, String(n));
});

test('a catalogue in order needs no repair', async t => {
	const folder = await temporaryFolder(t);
	await make(folder);
	t.deepEqual(await repairCatalog({folder, isDry: false, now}), {findings: [], aside: [], left: []});
	const {exitCode, stdout} = await runCommand(folder, ['repair']);
	t.deepEqual([exitCode, stdout], [0, 'All in order; there is nothing to repair.\n']);
});

test('the command changes nothing without --yes', async t => {
	const folder = await temporaryFolder(t);
	await make(folder);
	await rm(month(folder, '02'));
	const before = await filesOf(folder);
	const dry = await runCommand(folder, ['repair']);
	t.is(dry.exitCode, 1);
	t.regex(dry.stdout, /2026-02\.ndjson is missing/v);
	t.deepEqual(await filesOf(folder), before);
	const done = await runCommand(folder, ['repair', '--yes', '--json']);
	t.is(done.exitCode, 0);
	t.like(JSON.parse(done.stdout), {ok: true, isDry: false, left: []});
	t.is((await runCommand(folder, ['verify'])).exitCode, 0);
});

test('commits after the damage in the journal are kept', async t => {
	const folder = await temporaryFolder(t);
	await make(folder);
	await damages['a commit damaged in the middle of the journal']!(folder);
	await repairCatalog({folder, isDry: false, now});
	const store = await open(folder);
	t.like(await store.get('i1'), {year: 2001, title: 'Newer'});
	await store.close();
});
