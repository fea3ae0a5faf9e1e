import {instantOf} from '../catalog/values.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import type {Library, SyncState} from '../catalog/types.js';
import type {Comparison} from './comparison.js';
import {stageDepartures, type Departed} from './departures.js';
import {noTotals, type LibraryResult, type SyncedLibrary} from './events.js';
import {
	isFirst,
	isImport,
	type LibraryWork,
	type PreparedWork,
} from './library-work.js';
import {dropMembers} from './list-members.js';
import {dayOf, stampsOf} from './plan.js';
import {seerOf} from './removals.js';
import {inTransaction} from './run-record.js';
import type {Staging} from './staging.js';
import {storedIn} from './stored-items.js';
import {removeUnusedFiles} from './stage.js';
import type {Counted} from './tally.js';

/**
A library that nobody has looked at for this long has a gap in its history.
*/
const gapMs = 48 * 3_600_000;

/**
Puts what a listing says beyond single items into the last transaction of the library: marks of the user, what is gone, and the state for the next sync.
*/
export const concludeLibrary = async (work: PreparedWork, comparison: Comparison, staging: Staging): Promise<SyncedLibrary> => {
	const {knowledge, library, server, report, plan, tally} = work;
	const isAnew = work.formerUuid !== undefined;
	const {stage, write} = staging;
	await stageViews(work, comparison, staging);
	const {held, notes} = await stageMissing(work, comparison, staging);
	const transaction = await write();
	await removeUnusedFiles(knowledge, stage, transaction);
	const lists = await dropMembers(work.store, stage.gone(), {transaction, at: instantOf(work.now), runId: work.runId});
	await stage.tell(transaction);
	const changes = {...stage.changes(), ...lists};
	const sync: SyncedLibrary = {
		mode: plan.mode, changes, held: held?.items ?? 0, heldReason: held?.reason, notes, ...(isAnew && {isMadeAnew: true}),
	};
	if (!isImport(work) || isNews(sync)) {
		report({type: 'changes-found', libraryId: library.id, changes});
	}

	await recordRemarks(work, {transaction, held, isListed: comparison.isListed});
	if (isAnew) {
		await transaction.record([{
			kind: 'made-anew', at: instantOf(work.now), runId: work.runId, libraryId: library.id,
		}]);
	}

	await transaction.putServer(server);
	const state = comparison.isListed
		? nextState(work, {comparison, held, isClean: notes.length === 0 && tally.totals().failed === 0})
		: withHeld(library.sync, held);
	const {imported, ...rest} = staging.counted();
	await (isImport(work) ? commitImport : commitSync)(work, {
		staging, transaction, state, sync, counted: {...rest, imported: imported + comparison.views.size + comparison.returned.length},
	});
	return sync;
};

const stageViews = async ({stored}: PreparedWork, {views, returned}: Comparison, {stage}: Staging) => {
	const itemOf = async (ratingKey: string) => {
		const known = await stored.find(ratingKey);
		return stage.item(known!.id);
	};

	for (const [ratingKey, viewState] of views) {
		const item = await itemOf(ratingKey);
		if (item !== undefined) {
			await stage.view(item, viewState);
		}
	}

	for (const ratingKey of returned) {
		const item = await itemOf(ratingKey);
		if (item !== undefined) {
			stage.mark(item, undefined);
		}
	}
};

const stageMissing = async (work: PreparedWork, {missing, whyNot}: Comparison, {stage, arrivals, released, hasCommitted}: Staging): Promise<Departed> => {
	const {knowledge, library, plan, stored} = work;
	const notes = whyNot === undefined ? [] : [whyNot];
	const isWhole = missing !== undefined && plan.mode !== 'touch';
	const displaced = isWhole ? await stored.displaced() : [];
	const replaced = [...released, ...displaced.map(({id}) => id)].filter(id => !arrivals.found.has(id));
	// Where nothing was known, nothing can be gone.
	if (stored.isEmpty() || (missing === undefined && replaced.length === 0)) {
		return {held: library.sync?.held, notes};
	}

	const departed = await stageDepartures({
		...work, stage, stored: hasCommitted() ? storedIn(await knowledge.library(library.id)) : stored,
	}, {
		missing: new Map(missing?.entries().filter(([, {id}]) => !arrivals.found.has(id))),
		ids: replaced,
	});
	return {
		held: isWhole ? departed.held : sumHeld(library.sync?.held, departed.held),
		notes: [...notes, ...departed.notes],
	};
};

type Remarks = {transaction: StoreTransaction; held: SyncState['held']; isListed: boolean};

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

type LastCommit = {
	staging: Staging;
	transaction: StoreTransaction;
	state: SyncState | undefined;
	sync: SyncedLibrary;
	counted: Counted;
};

const commitImport = async (work: LibraryWork, {staging, transaction, state, counted}: LastCommit) => {
	const {library, runId, now, tally} = work;
	const totals = importTotals(work, counted);
	if (state !== undefined && isFirst(work)) {
		await transaction.record([{
			kind: 'baseline', at: instantOf(now), runId, libraryId: library.id, items: totals.imported + totals.unchanged,
		}]);
	}

	await transaction.putLibrary({...withImport(work, totals), ...(state !== undefined && {sync: state})});
	const {revision} = await staging.commit();
	if (counted.imported + counted.unchanged > 0) {
		tally.commit({...counted, revision});
	}
};

const commitSync = async ({store, library, plan, running, isDryRun, report, signal, tally}: LibraryWork, {staging, transaction, state, sync, counted}: LastCommit) => {
	await transaction.putLibrary({...library, ...(state !== undefined && {sync: state})});
	report({type: 'library-phase', libraryId: library.id, phase: 'finishing'});
	signal.throwIfAborted();
	if (plan.mode !== 'touch' || isNews(sync)) {
		await transaction.upsert([running]);
	}

	const {revision} = isDryRun ? store.header() : await staging.commit();
	tally.commit({...counted, revision});
};

/**
Servers mention many items that have not changed; a run for each of them would bury the others.
*/
export const isNews = ({changes}: Pick<SyncedLibrary, 'changes'>): boolean => Object.values(changes).some(count => count > 0);

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
If something was left undone, the stamps are left out, so that the next sync looks again.
*/
const nextState = (
	{section, library, plan, now, viewer}: LibraryWork,
	{comparison, held, isClean}: {comparison: Comparison; held: SyncState['held']; isClean: boolean},
): SyncState => {
	const at = instantOf(now);
	const before = library.sync ?? {sweptAt: at, fullAt: at, auditedDay: dayOf(now)};
	const cursorSeconds = comparison.serverSeconds ?? library.sync?.cursorSeconds;
	const isFull = plan.mode === 'full' || plan.mode === 'import';
	const lostRows = comparison.lostRows ?? library.sync?.lostRows;
	return {
		stamps: isClean ? stampsOf(section) : {},
		...(cursorSeconds !== undefined && {cursorSeconds}),
		lookedAt: at,
		sweptAt: comparison.isSweep ? at : before.sweptAt,
		// A row that the server cannot list is asked for by each sync, and needs no full one.
		fullAt: isFull && comparison.whyNot === undefined ? at : before.fullAt,
		auditedDay: plan.auditShares.size > 0 ? dayOf(now) : before.auditedDay,
		...(viewer !== undefined && {viewer}),
		...completeViewerOf(library.sync, {viewer, isAllSeen: comparison.missing !== undefined && held === undefined}),
		...(held !== undefined && {held}),
		...(library.sync?.lists !== undefined && {lists: library.sync.lists}),
		...(lostRows !== undefined && lostRows.length > 0 && {lostRows}),
	};
};

/**
Another viewer counts as the one who sees everything once nothing was missing in a complete listing.
*/
const completeViewerOf = (before: SyncState | undefined, {viewer, isAllSeen}: {viewer: string | undefined; isAllSeen: boolean}): Pick<SyncState, 'completeViewer'> => {
	const seer = seerOf(before);
	return seer === undefined || seer === viewer || isAllSeen ? {} : {completeViewer: seer};
};

type Totals = Omit<LibraryResult, 'id' | 'title' | 'sync'>;

const importTotals = ({monotonicMs, startedMs, tally}: LibraryWork, {imported, unchanged}: Pick<Counted, 'imported' | 'unchanged'> = noTotals): Totals => {
	const totals = tally.totals();
	return {
		...totals,
		imported: totals.imported + imported,
		unchanged: totals.unchanged + unchanged,
		durationMs: Math.round(monotonicMs() - startedMs),
		complete: tally.open() === imported + unchanged,
	};
};

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
Keeps the library and its totals in a commit of their own, before an import begins and when a fault has broken it: no item may be without its library.

@throws AppError of the store
*/
export const recordLibrary = async (work: LibraryWork, {isBroken}: {isBroken: boolean}): Promise<void> => {
	const {store, running, server, formerUuid} = work;
	// The library counts as made anew until everything in it was compared.
	const library = formerUuid === undefined ? work.library : {...work.library, uuid: formerUuid};
	await inTransaction(store, async transaction => {
		await transaction.upsert([running]);
		await transaction.putServer(server);
		await transaction.putLibrary(isBroken ? withImport({...work, library}, {...importTotals(work), complete: false}) : library);
	});
};
