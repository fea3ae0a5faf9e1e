import {instantOf} from '../catalog/values.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import type {Library, SyncState} from '../catalog/types.js';
import type {Comparison} from './comparison.js';
import {stageDepartures, type Departed} from './departures.js';
import type {LibraryResult, SyncedLibrary} from './events.js';
import {isNothing, type KnownLibrary} from './knowledge.js';
import {isFirst, isImport, type LibraryWork} from './library-work.js';
import {dayOf, stampsOf} from './plan.js';
import {inTransaction} from './run-record.js';
import type {Staging} from './staging.js';
import {removeUnusedFiles} from './stage.js';
import type {Counted, Tally} from './tally.js';

export type Conclusion = {
	known: KnownLibrary;
	comparison: Comparison;
	staging: Staging;
	tally: Tally;
	startedMs: number;
};

/**
A library that nobody has looked at for this long has a gap in its history.
*/
const gapMs = 48 * 3_600_000;

/**
What a listing says beyond single items goes into the last transaction of the library: marks of the user, what is gone, and the state for the next sync.
*/
export const concludeLibrary = async (work: LibraryWork, conclusion: Conclusion): Promise<SyncedLibrary> => {
	const {knowledge, library, server, report, plan} = work;
	const {comparison, staging: {stage, write}} = conclusion;
	await stageViews(conclusion);
	const {held, notes} = await stageMissing(work, conclusion);
	const transaction = await write();
	await removeUnusedFiles(knowledge, stage, transaction);
	const changes = stage.changes();
	const sync: SyncedLibrary = {
		mode: plan.mode, changes, held: held?.items ?? 0, notes,
	};
	if (!isImport(work) || isNews(sync)) {
		report({type: 'changes-found', libraryId: library.id, changes});
	}

	await recordRemarks(work, {transaction, held, isListed: comparison.isListed});
	await transaction.putServer(server);
	const state = comparison.isListed
		? nextState(work, {comparison, held, isClean: comparison.whyNot === undefined && conclusion.tally.totals().failed === 0})
		: withHeld(library.sync, held);
	await (isImport(work)
		? commitImport(work, conclusion, {transaction, state})
		: commitSync(work, conclusion, {transaction, state, sync}));
	return sync;
};

const stageViews = async ({known, comparison, staging: {stage}}: Conclusion) => {
	const itemOf = async (ratingKey: string) => stage.item(known.byKey.get(ratingKey)!.id);
	for (const [ratingKey, viewState] of comparison.views) {
		const item = await itemOf(ratingKey);
		if (item !== undefined) {
			await stage.view(item, viewState);
		}
	}

	for (const ratingKey of comparison.returned) {
		const item = await itemOf(ratingKey);
		if (item !== undefined) {
			stage.mark(item, undefined);
		}
	}
};

const stageMissing = async (work: LibraryWork, {known, comparison: {missing, whyNot}, staging}: Conclusion): Promise<Departed> => {
	const {knowledge, library, plan} = work;
	const {stage, arrivals, released, hasCommitted} = staging;
	const notes = whyNot === undefined ? [] : [whyNot];
	// Where nothing was known, nothing can be gone.
	if (missing === undefined || isNothing(known)) {
		return {held: library.sync?.held, notes};
	}

	const departed = await stageDepartures({
		...work, stage, known: hasCommitted() ? await knowledge.library(library.id) : known,
	}, {
		missing: new Map(missing.entries().filter(([, {id}]) => !arrivals.found.has(id))),
		ids: released.filter(id => !arrivals.found.has(id)),
	});
	return {
		held: plan.mode === 'touch' ? sumHeld(library.sync?.held, departed.held) : departed.held,
		notes: [...notes, ...departed.notes],
	};
};

type Remarks = {transaction: StoreTransaction; held: SyncState['held']; isListed: boolean};

/**
History that is about the library, not about an item.
*/
const recordRemarks = async ({library, runId, report, now}: LibraryWork, {transaction, held, isListed}: Remarks) => {
	const common = {at: instantOf(now), runId, libraryId: library.id};
	if (held !== undefined && held.items !== library.sync?.held?.items) {
		await transaction.record([{kind: 'held', ...common, items: held.items}]);
		report({
			type: 'removals-held', libraryId: library.id, title: library.title, items: held.items, reason: held.reason,
		});
	}

	const from = library.sync?.lookedAt;
	if (from !== undefined && isListed && now.getTime() - Date.parse(from) > gapMs) {
		await transaction.record([{
			kind: 'gap', ...common, from, to: common.at,
		}]);
	}
};

type LastCommit = {transaction: StoreTransaction; state: SyncState | undefined};

const countedWith = ({staging, comparison: {views, returned}}: Conclusion): Counted => {
	const {imported, ...rest} = staging.counted();
	return {...rest, imported: imported + views.size + returned.length};
};

const commitImport = async (work: LibraryWork, conclusion: Conclusion, {transaction, state}: LastCommit) => {
	const {library, runId, now} = work;
	const {tally, startedMs, staging} = conclusion;
	const counted = countedWith(conclusion);
	if (counted.imported + counted.unchanged > 0) {
		tally.count(counted);
	}

	const totals = importTotals(work, tally, startedMs);
	if (state !== undefined && isFirst(work)) {
		await transaction.record([{
			kind: 'baseline', at: instantOf(now), runId, libraryId: library.id, items: totals.imported + totals.unchanged,
		}]);
	}

	await transaction.putLibrary({...withImport(work, totals), ...(state !== undefined && {sync: state})});
	await staging.commit();
};

const commitSync = async ({store, library, plan, running, isDryRun, report, signal}: LibraryWork, conclusion: Conclusion, {transaction, state, sync}: LastCommit & {sync: SyncedLibrary}) => {
	await transaction.putLibrary({...library, ...(state !== undefined && {sync: state})});
	report({type: 'library-phase', libraryId: library.id, phase: 'finishing'});
	signal.throwIfAborted();
	if (plan.mode !== 'touch' || isNews(sync)) {
		await transaction.upsert([running]);
	}

	const counted = countedWith(conclusion);
	const {revision} = isDryRun ? store.header() : await conclusion.staging.commit();
	conclusion.tally.commit({...counted, revision});
};

/**
Servers speak of many items that are as they were; a run for each would bury the others.
*/
export const isNews = ({changes}: Pick<SyncedLibrary, 'changes'>): boolean => Object.values(changes).some(count => count > 0);

/**
What a touch holds comes to what is held already.
*/
const sumHeld = (before: SyncState['held'], more: SyncState['held']): SyncState['held'] => before === undefined || more === undefined
	? before ?? more
	: {...before, items: before.items + more.items};

const withHeld = (state: SyncState | undefined, held: SyncState['held']): SyncState | undefined => {
	if (state === undefined) {
		return undefined;
	}

	const {held: _, ...rest} = state;
	return held === undefined ? rest : {...rest, held};
};

/**
Where something was left undone, the stamps are forgotten, so that the next sync looks again.
*/
const nextState = (
	{section, library, plan, now, viewer}: LibraryWork,
	{comparison, held, isClean}: {comparison: Comparison; held: SyncState['held']; isClean: boolean},
): SyncState => {
	const at = instantOf(now);
	const before = library.sync ?? {sweptAt: at, fullAt: at, auditedDay: dayOf(now)};
	const cursorSeconds = comparison.serverSeconds ?? library.sync?.cursorSeconds;
	const isFull = plan.mode === 'full' || plan.mode === 'import';
	return {
		stamps: isClean ? stampsOf(section) : {},
		...(cursorSeconds !== undefined && {cursorSeconds}),
		lookedAt: at,
		sweptAt: comparison.isSweep ? at : before.sweptAt,
		fullAt: isClean && isFull ? at : before.fullAt,
		auditedDay: plan.auditShares.size > 0 ? dayOf(now) : before.auditedDay,
		...(viewer !== undefined && {viewer}),
		...(held !== undefined && {held}),
	};
};

type Totals = Omit<LibraryResult, 'id' | 'title' | 'sync'>;

const importTotals = ({monotonicMs}: LibraryWork, tally: Tally, startedMs: number): Totals => ({
	...tally.totals(), durationMs: Math.round(monotonicMs() - startedMs), complete: tally.open() === 0,
});

/**
A retry of single items corrects the totals of the import that they belong to.
*/
const withImport = ({plan, library, runId, clock}: LibraryWork, totals: Totals): Library => {
	const {lastImport} = library;
	if (lastImport !== undefined && plan.mode === 'retry') {
		const recovered = Math.min(totals.imported + totals.unchanged, lastImport.failed);
		return {...library, lastImport: {...lastImport, imported: lastImport.imported + recovered, failed: lastImport.failed - recovered}};
	}

	return {...library, lastImport: {runId, finishedAt: instantOf(clock()), ...totals}};
};

/**
Before an import begins, and when a fault has ended it: so that no item is without its library, and its totals are known.

@throws AppError of the store
*/
export const recordLibrary = async (work: LibraryWork, broken?: {tally: Tally; startedMs: number}): Promise<void> => {
	const {store, running, server, library} = work;
	await inTransaction(store, async transaction => {
		await transaction.upsert([running]);
		await transaction.putServer(server);
		await transaction.putLibrary(broken === undefined ? library : withImport(work, {...importTotals(work, broken.tally, broken.startedMs), complete: false}));
	});
};
