import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {
	mkdir,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {crc32} from 'node:zlib';
import {AppError} from '../../source/base/errors.js';
import {canonicalJson} from '../../source/store/record-line.js';
import type {NewHistoryEvent} from '../../source/catalog/history.js';
import type {CatalogRecord, Tombstone} from '../../source/catalog/types.js';
import {createDice} from '../../source/demo/library/dice.js';
import {checkHistory} from '../../source/store/check-history.js';
import {checkHistoryFiles} from '../../source/store/check-history-files.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {damage} from './damage.js';
import {
	added,
	baseline,
	changed,
	removed,
} from './events.js';
import {
	file,
	item,
	library,
	person,
	server,
	tag,
} from './store-records.js';

/**
What a reader says of a catalogue.
*/
type Answer = {
	revision: number;
	/**
	Digests. A reader that has not loaded the records has none of them.
	*/
	header: string;
	records: string | undefined;
	history: string;
	/**
	What it tells a person besides.
	*/
	warnings: string[];
};

type Outcome = Answer | AppError;

/**
A small catalogue with a document, a journal of several commits and a history of three months: its files, and what a reader said after each commit.
*/
export type FuzzedCatalogue = {
	files: ReadonlyMap<string, ReturnType<typeof Buffer.from>>;
	states: readonly Answer[];
};

export type Verdict = {
	/**
	Where the law is broken, in sentences.
	*/
	faults: string[];
};

const digest = (value: unknown) => hash('sha1', canonicalJson(value));

const answerOf = async (store: OpenedCatalog, isLoaded: boolean): Promise<Answer> => {
	const {revision, ...header} = store.header();
	const events: unknown[] = [];
	for await (const batch of store.history()) {
		events.push(...batch);
	}

	const records = isLoaded ? await store.page({limit: 10_000}) : undefined;
	return {
		revision,
		header: digest(header),
		records: records && digest(Object.fromEntries(records.records.map(record => [record.id, record]))),
		history: digest(events),
		warnings: store.notice === undefined ? [] : [store.notice],
	};
};

/**
Reads as the commands do. Anything but an `AppError` is thrown on.
*/
const ask = async (folder: string, access: 'read' | 'write', use: (store: OpenedCatalog) => Promise<Answer>): Promise<Outcome> => {
	let store: OpenedCatalog | undefined;
	try {
		store = await openCatalog({folder, access});
		return await use(store);
	} catch (error) {
		if (error instanceof AppError) {
			return error;
		}

		throw error;
	} finally {
		await store?.close({isQuick: true}).catch(() => undefined);
	}
};

const readHeader = async (folder: string) => ask(folder, 'read', async store => {
	const answer = await answerOf(store, false);
	await store.prove();
	return answer;
});

const readLoaded = async (folder: string) => ask(folder, 'read', async store => {
	await store.load();
	return answerOf(store, true);
});

const verify = async (folder: string) => ask(folder, 'read', async store => {
	await store.load();
	const {problems} = await store.check();
	const {problems: damaged} = await checkHistoryFiles(folder);
	const history = await checkHistory(store);
	const answer = await answerOf(store, true);
	return {...answer, warnings: [...answer.warnings, ...problems, ...damaged, ...history.problems]};
});

const write = async (folder: string) => ask(folder, 'write', async store => {
	await store.load();
	return answerOf(store, true);
});

const film = (number: number, title = `Film ${number}`) => item(`i${number}`, {
	title,
	summary: 'A film about damage. '.repeat(number % 5),
	cast: [{personId: `p${number % 3}`}],
	genres: ['t1'],
	versions: [{id: `m${number}`, parts: [{fileId: `f${number}`}]}],
});

const tombstone = (number: number, removedAt: string): Tombstone => ({
	id: `t-i${number}`, kind: 'tombstone', itemId: `i${number}`, serverId: 'srv', libraryId: 'lib', removedAt, runId: 'run1', reason: 'gone', item: film(number), files: [file(`f${number}`)],
});

type Commit = {at: string; puts?: CatalogRecord[]; removes?: string[]; events: NewHistoryEvent[]};

const arrivals = (at: string, ...numbers: number[]): Commit => ({
	at,
	puts: [...numbers.map(number => film(number)), ...numbers.map(number => file(`f${number}`))],
	events: numbers.map(number => added(`i${number}`, {at, libraryId: 'lib', title: `Film ${number}`})),
});

const edits = (at: string, word: string, ...numbers: number[]): Commit => ({
	at,
	puts: numbers.map(number => film(number, `Film ${number} ${word}`)),
	events: numbers.map(number => changed('edited', `i${number}`, [{title: `Film ${number}`}, {title: `Film ${number} ${word}`}], {at, libraryId: 'lib'})),
});

const removal = (at: string, number: number): Commit => ({
	at,
	puts: [tombstone(number, at)],
	removes: [`i${number}`, `f${number}`],
	events: [removed(film(number), [file(`f${number}`)], {at, title: `Film ${number}`})],
});

const commits: readonly Commit[] = [
	{at: '2026-01-10T00:00:00Z', puts: [person('p0'), person('p1'), person('p2'), tag('t1')], events: [baseline('lib', '2026-01-10T00:00:00Z')]},
	arrivals('2026-01-11T00:00:00Z', 1, 2, 3, 4, 5, 6, 7, 8),
	edits('2026-02-02T00:00:00Z', 'Redux', 1, 2),
	removal('2026-02-03T00:00:00Z', 7),
	// What follows stays in the journal.
	arrivals('2026-02-20T00:00:00Z', 9, 10),
	edits('2026-02-21T00:00:00Z', 'Uncut', 3, 4),
	arrivals('2026-03-01T00:00:00Z', 11, 12, 13),
	removal('2026-03-02T00:00:00Z', 8),
	edits('2026-03-03T00:00:00Z', 'Restored', 5),
];

const inDocument = 4;

export const makeFuzzedCatalogue = async (folder: string): Promise<FuzzedCatalogue> => {
	const states: Answer[] = [];
	let store = await openCatalog({folder});
	for (const [index, {puts = [], removes = [], events}] of commits.entries()) {
		await (index === inDocument ? store.close() : undefined);
		store = index === inDocument ? await openCatalog({folder}) : store;
		await store.load();
		const transaction = await store.begin();
		await transaction.putServer(server);
		await transaction.putLibrary(library());
		await transaction.upsert(puts);
		await transaction.remove(removes);
		await transaction.record(events);
		await transaction.commit();
		states.push(await readLoaded(folder) as Answer);
	}

	await store.close({isQuick: true});
	const names = ['catalog.json', 'catalog.journal', ...(await readdir(path.join(folder, 'history'))).map(name => `history/${name}`)];
	const files = await Promise.all(names.map(async name => [name, await readFile(path.join(folder, name))] as const));
	return {files: new Map(files), states};
};

/**
Where the journal stops to be valid, by its checksums alone: the number of commits before, and whether a valid one follows.
*/
const readJournalBytes = (bytes: ReturnType<typeof Buffer.from>): {commits: number; hasMore: boolean} => {
	// What follows the last line break is not a line yet.
	const lines = bytes.toString('latin1').split('\n').slice(0, -1);
	const isValid = (line: string) => line.slice(0, 8) === crc32(Buffer.from(line.slice(9), 'latin1')).toString(16).padStart(8, '0');
	const isCommit = (line: string) => isValid(line) && line.startsWith('{"commit":', 9);
	let pending = 0;
	let known = 0;
	for (const [index, line] of lines.entries()) {
		const {after, count} = isCommit(line) ? /"after":(?<after>\d+),"lines":(?<count>\d+)/v.exec(line)!.groups! : {};
		if (!isValid(line) || (index === 0 && !line.startsWith('{"format":', 9)) || (after !== undefined && (Number(after) !== inDocument + known || Number(count) !== pending))) {
			return {commits: known, hasMore: lines.slice(index).some(later => isCommit(later))};
		}

		pending = index === 0 || after !== undefined ? 0 : pending + 1;
		known += after === undefined ? 0 : 1;
	}

	return {commits: known, hasMore: false};
};

const isSame = (a: Answer, b: Answer) =>
	a.revision === b.revision && a.header === b.header && a.history === b.history && (a.records === undefined || b.records === undefined || a.records === b.records);

/**
One case: the catalogue with one of its files damaged, in a folder of its own, read in every way.
*/
export const fuzzOnce = async (catalogue: FuzzedCatalogue, seed: number, folder: string): Promise<Verdict & {about: string}> => {
	const dice = createDice(seed);
	const target = dice.pick(catalogue.files.keys().toArray());
	const {bytes, kind} = damage(catalogue.files.get(target)!, dice);
	const about = `case ${seed}, ${kind} in ${target}`;
	await rm(folder, {recursive: true, force: true});
	await mkdir(path.join(folder, 'history'), {recursive: true});
	for (const [name, whole] of catalogue.files) {
		await writeFile(path.join(folder, name), name === target ? bytes : whole);
	}

	try {
		const [head, loaded, verified] = await Promise.all([readHeader(folder), readLoaded(folder), verify(folder)]);
		// The writer comes last, because it puts files in order.
		const written = await write(folder);
		return {
			about, ...judge(catalogue, {target, bytes}, {
				head, loaded, verified, written,
			}),
		};
	} catch (error) {
		return {about, faults: [`a stack instead of an answer: ${error instanceof Error ? error.stack : String(error)}`]};
	}
};

type Case = {target: string; bytes: ReturnType<typeof Buffer.from>};

const judge = ({states}: FuzzedCatalogue, {target, bytes}: Case, outcomes: Record<'head' | 'loaded' | 'verified' | 'written', Outcome>): Verdict => {
	const whole = states.at(-1)!;
	const faults: string[] = [];
	const journal = target === 'catalog.journal' ? readJournalBytes(bytes) : undefined;
	// A commit that was being written when the machine stopped looks the same, so it is left out in silence.
	const torn = journal?.hasMore === false ? states[inDocument - 1 + journal.commits] : undefined;
	const isTorn = ({revision, header, records}: Answer) => revision === torn?.revision && header === torn.header && (records ?? torn.records) === torn.records;
	const {verified} = outcomes;
	for (const [name, answer] of Object.entries(outcomes)) {
		// What only `verify` can find, it must name.
		const isTold = answer instanceof AppError || answer.warnings.length > 0 || (target.startsWith('history/') && (verified instanceof AppError || verified.warnings.length > 0));
		if (isTold || isSame(answer, whole) || isTorn(answer)) {
			continue;
		}

		faults.push(`${name} gives another answer, and nothing says so: revision ${answer.revision}`);
	}

	const answers = [outcomes.head, outcomes.loaded, outcomes.verified].filter((outcome): outcome is Answer => !(outcome instanceof AppError));
	if (answers.some(answer => !isSame(answer, answers[0]!))) {
		faults.push('two readers give different answers');
	}

	return {faults};
};

export type FuzzReport = {cases: number; faults: string[]};

/**
Cases from `seed` on, several at a time, because a reader waits half a second for a writer that may be about to put things in order.
*/
export const fuzzFiles = async (folder: string, {seed, count}: {seed: number; count: number}): Promise<FuzzReport> => {
	const catalogue = await makeFuzzedCatalogue(path.join(folder, 'whole'));
	const faults: string[] = [];
	let next = 0;
	const work = async (_: unknown, worker: number) => {
		while (next < count) {
			const verdict = await fuzzOnce(catalogue, seed + next++, path.join(folder, `worker-${worker}`));
			faults.push(...verdict.faults.map(fault => `${verdict.about}: ${fault}`));
		}
	};

	await Promise.all(Array.from({length: 8}, work));
	return {cases: count, faults};
};
