import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {checkHistoryFiles} from '../../source/store/check-history-files.js';
import {checkHistory} from '../../source/store/check-history.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {repairCatalog} from '../../source/store/repair/repair-catalog.js';
import {added, changed} from '../helpers/events.js';
import {
	item,
	library,
	server,
	temporaryFolder,
} from '../helpers/store-records.js';

const now = () => new Date('2026-03-15T12:00:00Z');
const at = {at: '2026-03-02T10:00:00Z', libraryId: 'lib'};
const names = ['catalog.json', 'catalog.journal', 'history/2026-03.ndjson'] as const;

type Moment = {rewrites: number; files: Map<string, Uint8Array>};

const open = async (folder: string, access: 'read' | 'write' = 'write') => {
	const store = await openCatalog({folder, now, access});
	await store.load();
	return store;
};

/**
What a writer leaves after each commit and after each rewrite of the document. The year of the one item is the revision.
*/
const momentsOf = async (folder: string): Promise<Moment[]> => {
	const moments: Moment[] = [];
	for (const [rewrites, count] of [2, 1].entries()) {
		const store = await open(folder);
		for (let commits = 0; commits < count; commits++) {
			const transaction = await store.begin();
			await transaction.putServer(server);
			await transaction.putLibrary(library());
			const {revision} = store.header();
			const {revision: _, ...event} = revision === 0 ? added('i1', at) : changed('edited', 'i1', [{year: revision}, {year: revision + 1}], at);
			await transaction.record([event]);
			await transaction.upsert([item('i1', {year: revision + 1})]);
			await transaction.commit();
			moments.push(await read(folder, rewrites));
		}

		await store.close();
		moments.push(await read(folder, rewrites + 1));
	}

	return moments;
};

const read = async (folder: string, rewrites: number): Promise<Moment> => ({
	rewrites, files: new Map(await Promise.all(names.map(async name => [name, await readFile(path.join(folder, name))] as const))),
});

const look = async (folder: string, access: 'read' | 'write') => {
	const store = await open(folder, access);
	try {
		const {revision} = store.header();
		const record = await store.get('i1');
		const problems = [...(await store.check()).problems, ...(await checkHistory(store)).problems, ...(await checkHistoryFiles(folder)).problems];
		return {revision, heldRevision: record?.kind === 'item' ? record.year : 0, isGood: problems.length === 0};
	} finally {
		await store.close({isQuick: true});
	}
};

type Copy = Record<'document' | 'journal' | 'history', number>;

const attempt = async (t: ExecutionContext, moments: readonly Moment[], copy: Copy): Promise<string> => {
	const name = JSON.stringify(copy);
	const folder = await temporaryFolder(t);
	await mkdir(path.join(folder, 'history'));
	for (const [index, moment] of [copy.document, copy.journal, copy.history].entries()) {
		await writeFile(path.join(folder, names[index]!), moments[moment]!.files.get(names[index]!)!);
	}

	const seen = await look(folder, 'read').catch((error: unknown) => {
		t.true(isAppError(error, 'damaged'), `${name}: ${String(error)}`);
	});
	// An older state is never given for the newest one: a later journal shows that the document is not the latest.
	t.is(seen === undefined, moments[copy.journal]!.rewrites > moments[copy.document]!.rewrites, name);
	const opened = await look(folder, 'write');
	for (const {revision, heldRevision} of [seen ?? opened, opened]) {
		t.is(heldRevision, revision, name);
	}

	const isWhole = seen?.isGood === true;
	t.true(isWhole || new Set(Object.values(copy)).size > 1, name);
	t.true(!isWhole || (opened.isGood && opened.revision === seen.revision), name);
	if (opened.isGood) {
		return isWhole ? 'whole' : 'put right by a writer';
	}

	// What the history has too much is in no record; what it lacks can only be added by a repair.
	t.true(copy.history < copy.document, name);
	await repairCatalog({folder, isDry: false, now});
	const {isGood} = await look(folder, 'write');
	return isGood ? 'put right by a repair' : `wrong: ${name}`;
};

test('a folder that was copied file by file while a writer went on holds the state of one revision, or it is told; then a writer or a repair puts it in order', async t => {
	const moments = await momentsOf(await temporaryFolder(t));
	const outcomes = new Set<string>();
	for (const document of moments.keys()) {
		// A reader looks for half a second whether a writer brings together what does not fit.
		const all = await Promise.all(moments.flatMap((_, journal) => moments.map(async (__, history) => attempt(t, moments, {document, journal, history}))));
		for (const outcome of all) {
			outcomes.add(outcome);
		}
	}

	t.deepEqual([...outcomes].toSorted(), ['put right by a repair', 'put right by a writer', 'whole']);
});
