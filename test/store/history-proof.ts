import {
	cp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {checkHistoryFiles} from '../../source/store/check-history-files.js';
import {parseEvent} from '../../source/store/history-files.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {changed} from '../helpers/events.js';
import {createFaults} from '../helpers/store-faults.js';
import {
	item,
	library,
	server,
	temporaryFolder,
} from '../helpers/store-records.js';

const months = ['2024-11', '2025-02', '2025-03', '2026-02', '2026-03'];

const commit = async (store: CatalogStore, month: string, count: number, day = 1) => {
	const transaction = await store.begin();
	await transaction.putServer(server);
	await transaction.putLibrary(library());
	await transaction.record(Array.from({length: count}, (_, index) => {
		const {revision: _revision, ...event} = changed('edited', `i${day}-${index}`, [{title: 'A'}, {title: `B${index}`}], {at: `${month}-${String(day).padStart(2, '0')}T00:00:00Z`});
		return event;
	}));
	await transaction.upsert([item('i1', {title: `${month} ${day}`})]);
	await transaction.commit();
};

const eventsOf = async (store: CatalogStore): Promise<HistoryEvent[]> => {
	const events: HistoryEvent[] = [];
	for await (const batch of store.history()) {
		events.push(...batch);
	}

	return events;
};

const historyOf = (folder: string) => path.join(folder, 'history');
const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
const open = async (folder: string, historyMonths = 1200) => {
	const store = await openCatalog({folder, historyMonths, now: () => new Date('2026-03-15T12:00:00Z')});
	await store.load();
	return store;
};

const grow = async (folder: string, historyMonths?: number) => {
	const store = await open(folder, historyMonths);
	for (const month of months) {
		await commit(store, month, 2, 1);
		await commit(store, month, 2, 2);
	}

	await store.close();
};

/**
Takes the checksums away, as if an older reelcat had written the catalogue.
*/
const makeOld = async (folder: string) => {
	for (const name of await readdir(historyOf(folder))) {
		const lines = await linesOf(path.join(historyOf(folder), name));
		await writeFile(path.join(historyOf(folder), name), lines.map(line => `${JSON.stringify(parseEvent(line))}\n`).join(''));
	}

	const document = path.join(folder, 'catalog.json');
	const fixed = await readFile(new URL('../../fixtures/catalog/v4.json', import.meta.url), 'utf8');
	await writeFile(document, fixed);
	await rm(path.join(folder, 'catalog.journal'));
};

const kinds: Record<string, (folder: string) => Promise<void>> = {
	'of five months': async folder => grow(folder),
	'with summaries of old months': async folder => grow(folder, 6),
	async 'that an older reelcat began'(folder) {
		await grow(folder);
		await makeOld(folder);
		await grow(folder);
	},
	async 'of a restored catalogue'(folder) {
		await grow(folder, 6);
		const store = await open(folder, 6);
		const {file} = await store.backup();
		await commit(store, '2026-03', 3, 9);
		await store.close();
		const restored = await openCatalog({folder, restoreFrom: file});
		await restored.load();
		await commit(restored, '2026-03', 1, 10);
		await restored.close();
	},
};

type Harm = {what: string; file: number; line: number; other: number; character: number};

const changeLine = (line: string, at: number) => `${line.slice(0, at)}${line[at] === 'x' ? 'y' : 'x'}${line.slice(at + 1)}`;

const harm = (lines: readonly string[], {what, line, other, character}: Harm): string[] => {
	const at = line % lines.length;
	const to = other % lines.length;
	switch (what) {
		case 'drop': {
			return lines.toSpliced(at, 1);
		}

		case 'double': {
			return lines.toSpliced(to, 0, lines[at]!);
		}

		case 'swap': {
			return lines.with(at, lines[to]!).with(to, lines[at]!);
		}

		default: {
			return lines.with(at, changeLine(lines[at]!, character % lines[at]!.length));
		}
	}
};

const harms: fc.Arbitrary<Harm> = fc.record({
	what: fc.constantFrom('drop', 'double', 'swap', 'edit', 'edit', 'cut', 'delete'),
	file: fc.nat(),
	line: fc.nat(),
	other: fc.nat(),
	character: fc.nat(),
});

for (const [kind, make] of Object.entries(kinds)) {
	test(`whatever is dropped, doubled, swapped, edited or cut in a history ${kind}, the check names that file`, async t => {
		const folder = await temporaryFolder(t);
		await make(folder);
		t.deepEqual((await checkHistoryFiles(folder)).problems, []);
		const names = (await readdir(historyOf(folder))).toSorted();
		t.true(names.length >= 5);
		await fc.assert(fc.asyncProperty(harms, async one => {
			const file = path.join(historyOf(folder), names[one.file % names.length]!);
			const whole = await readFile(file, 'utf8');
			const lines = whole.split('\n').slice(0, -1);
			const text = one.what === 'cut' ? whole.slice(0, one.character % whole.length) : harm(lines, one).map(line => `${line}\n`).join('');
			fc.pre(text !== whole);
			await (one.what === 'delete' ? rm(file) : writeFile(file, text));
			const {problems} = await checkHistoryFiles(folder);
			await writeFile(file, whole);
			return problems.some(problem => problem.startsWith(file));
		}), {
			numRuns: 150, examples: names.map((_, file) => [{
				what: 'delete', file, line: 0, other: 0, character: 0,
			}]),
		});
	});
}

const one = async (t: ExecutionContext, change: (lines: string[]) => string[]): Promise<string[]> => {
	const folder = await temporaryFolder(t);
	await grow(folder);
	const file = path.join(historyOf(folder), '2025-03.ndjson');
	await writeFile(file, change(await linesOf(file)).map(line => `${line}\n`).join(''));
	const {problems} = await checkHistoryFiles(folder);
	return problems.map(problem => problem.replace(file, 'F'));
};

test('the check says what happened to a line', async t => {
	t.deepEqual(await one(t, lines => lines.toSpliced(1, 1)), ['F: line 2 was written as line 3: line 2 is missing.']);
	t.deepEqual(await one(t, lines => lines.toSpliced(1, 2)), ['F: line 2 was written as line 4: lines 2 to 3 are missing.']);
	t.deepEqual(await one(t, lines => lines.toSpliced(2, 0, lines[0]!)), ['F: line 3 was written as line 1: it stands there twice, or in another place.']);
	t.deepEqual(await one(t, lines => [lines[0]!, lines[2]!, lines[1]!, lines[3]!]), [
		'F: line 2 was written as line 3: line 2 is missing.',
		'F: line 3 was written as line 2: it stands there twice, or in another place.',
	]);
	t.deepEqual(await one(t, lines => lines.with(1, lines[1]!.replace('"A"', '"C"'))), ['F: line 2 is not as it was written.']);
	t.deepEqual(await one(t, lines => lines.with(1, '?')), ['F: line 2 is not an event.']);
	t.deepEqual(await one(t, lines => lines.slice(0, 3)), ['F: its end is missing; the catalogue knows of 4 lines, the file ends with line 3.']);
});

test('each line stays one JSON value, the event as it was with its number and checksum behind it', async t => {
	const folder = await temporaryFolder(t);
	await grow(folder);
	const store = await open(folder);
	const events = await eventsOf(store);
	await store.close();
	const lines = (await Promise.all(months.map(async month => linesOf(path.join(historyOf(folder), `${month}.ndjson`))))).flat();
	const values = lines.map(line => JSON.parse(line) as Record<string, unknown>);
	t.deepEqual(values.map(({line: _line, sum: _sum, follows: _follows, ...event}) => event as HistoryEvent), events);
	t.deepEqual(values.slice(0, 4).map(({line}) => line), [1, 2, 3, 4]);
	t.is(values[4]!['follows'], values[3]!['sum']);
});

test('a history from before there were checksums is read, goes on with checksums, and the check says from when it proves', async t => {
	const folder = await temporaryFolder(t);
	await grow(folder);
	const before = await open(folder);
	const events = await eventsOf(before);
	await before.close();
	await makeOld(folder);
	const store = await open(folder);
	t.deepEqual(await eventsOf(store), events);
	await commit(store, '2026-03', 1, 20);
	t.is((await eventsOf(store)).length, events.length + 1);
	await store.close();
	t.deepEqual(await checkHistoryFiles(folder), {problems: [], since: '2026-03-15T12:00:00Z'});
	const last = (await linesOf(path.join(historyOf(folder), '2026-03.ndjson'))).at(-1)!;
	t.is((JSON.parse(last) as Record<string, unknown>)['line'], 5);
});

test('events of the journal belong to what is checked, also after a kill', async t => {
	const folder = await temporaryFolder(t);
	await grow(folder);
	const store = await open(folder);
	await commit(store, '2026-03', 3, 20);
	const killed = `${folder}-killed`;
	t.teardown(async () => rm(killed, {recursive: true, force: true}));
	await cp(folder, killed, {recursive: true});
	await store.close();
	const file = path.join(historyOf(killed), '2026-03.ndjson');
	const lines = await linesOf(file);
	t.deepEqual((await checkHistoryFiles(killed)).problems, []);
	for (const index of lines.keys()) {
		await writeFile(file, lines.toSpliced(index, 1).map(line => `${line}\n`).join(''));
		const {problems} = await checkHistoryFiles(killed);
		t.true(problems.length > 0 && problems.every(problem => problem.startsWith(file)), `${index}: ${problems.join(' ')}`);
	}

	// As if the process had been killed between the journal and the file: the next start puts it right.
	await writeFile(file, lines.slice(0, -3).map(line => `${line}\n`).join(''));
	t.deepEqual((await checkHistoryFiles(killed)).problems, []);
	const again = await open(killed);
	await again.close();
	t.deepEqual(await linesOf(file), lines);
	t.deepEqual((await checkHistoryFiles(killed)).problems, []);
});

test('a newest file that is not as it was written stays found out, and nothing of it is lost, however often the catalogue is opened', async t => {
	for (const damage of [
		(lines: string[]) => `${lines.slice(0, -2).join('\n')}\n`,
		(lines: string[]) => `${lines.slice(0, -1).join('\n')}\n${lines.at(-1)!.slice(0, 40)}`,
		(lines: string[]) => `${[...lines.slice(0, -1), `?${lines.at(-1)!}`].join('\n')}\n`,
		() => undefined,
	]) {
		const folder = await temporaryFolder(t);
		await grow(folder);
		const file = path.join(historyOf(folder), '2026-03.ndjson');
		const text = damage(await linesOf(file));
		await (text === undefined ? rm(file) : writeFile(file, text));
		for (const day of [20, 21]) {
			const store = await open(folder);
			await commit(store, '2026-03', 1, day);
			await store.close({isQuick: true});
			t.true((await checkHistoryFiles(folder)).problems.some(problem => problem.startsWith(file)));
		}

		const store = await open(folder);
		t.deepEqual((await eventsOf(store)).slice(-2).map(({at}) => at), ['2026-03-20T00:00:00Z', '2026-03-21T00:00:00Z']);
		await store.close();
		t.true((await checkHistoryFiles(folder)).problems.some(problem => problem.startsWith(file)));
		const names = await readdir(historyOf(folder));
		const copies = await Promise.all(names.filter(name => name.startsWith('2026-03.ndjson.corrupt-')).map(async name => readFile(path.join(historyOf(folder), name), 'utf8')));
		t.is(copies[0], text);
	}
});

test('a commit with history costs one write and one sync for its file, and reads nothing', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	const store = await openCatalog({folder, fs: faults.fs});
	await store.load();
	await commit(store, '2026-03', 1, 1);
	const before = faults.names.length;
	await commit(store, '2026-03', 50, 2);
	// Each commit looks whether its files are still there.
	t.deepEqual(faults.names.slice(before).filter(name => name !== 'stat'), ['write', 'datasync', 'write', 'datasync']);
	await store.close();
});
