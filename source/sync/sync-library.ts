import {AppError, requireAppError} from '../base/errors.js';
import {changeKinds} from '../catalog/kinds.js';
import type {ItemType} from '../catalog/types.js';
import {compareLibrary, nothingListed, type Comparison} from './comparison.js';
import {concludeLibrary, recordLibrary} from './conclude.js';
import type {
	ChangeCounts,
	LibraryResult,
	Phase,
	SyncedLibrary,
} from './events.js';
import {createKnownLibrary, type KnownLibrary} from './known-library.js';
import {isImport, type LibraryWork, type PreparedWork} from './library-work.js';
import {importedTypes} from './library-record.js';
import {isDivisible} from './listing.js';
import type {ListsAhead} from './list-reading.js';
import {readCollectionsAhead, syncLists} from './lists.js';
import {closeBooks, isStoreFault} from './tally.js';
import {createRowComparison, type Wanted} from './row-comparison.js';
import {createStaging, type Staging} from './staging.js';
import {storedIn, type StoredItems} from './stored-items.js';
import {compareTouched} from './touched-rows.js';

/**
Brings one library in step, whether anything of it is stored or not: lists, compares, fetches, and commits it with its history and its state. Faults of the server become problems in the tally. What was not committed when a fault ends the work early stays as it was.

@returns the fault that ended this library early, if any, beside the result
*/
export const syncLibrary = async (work: LibraryWork): Promise<{result: LibraryResult; fault: AppError | undefined}> => {
	const {library, plan, report, signal, monotonicMs, startedMs, tally} = work;
	const cancelled = isImport(work) ? 'The import was cancelled.' : 'The sync was cancelled.';
	const phase = (name: Phase) => {
		report({type: 'library-phase', libraryId: library.id, phase: name});
	};

	let staging: Staging | undefined;
	let ahead: ListsAhead | undefined;
	let sync: SyncedLibrary = {
		mode: plan.mode, changes: {}, held: library.sync?.held?.items ?? 0, notes: [],
	};
	const attempt = async (step: () => Promise<unknown>): Promise<AppError | undefined> => {
		try {
			await step();
			return undefined;
		} catch (error) {
			// Batches in flight may still be committed, or fail for the same reason; both count before the totals are made.
			await staging?.settle().catch(() => {/* told by `error` */});
			await staging?.abort();
			const fault = signal.aborted ? new AppError('cancelled', cancelled) : error;
			requireAppError(fault);
			closeBooks(tally, fault, cancelled);
			return fault;
		}
	};

	let fault = await attempt(async () => {
		if (plan.mode === 'lists') {
			countUnchanged(work);
			return;
		}

		if (isImport(work)) {
			await recordLibrary(work, {isBroken: false});
		}

		signal.throwIfAborted();
		const counted = new Map<ItemType, number>();
		if (plan.mode === 'import') {
			phase('counting');
			for (const type of importedTypes(library.type)) {
				counted.set(type, await countType(work, type));
			}

			tally.expect(counted.values().reduce((sum, count) => sum + count, 0));
		}

		phase('importing');
		const prepared = {...work, stored: await storedOf(work)};
		staging = createStaging(prepared);
		const comparison = await compare(prepared, staging, {
			counted,
			onFirstListed() {
				ahead ??= readCollectionsAhead(work);
			},
		});
		staging.arrivals.miss([...comparison.missing?.values() ?? [], ...await prepared.stored.displaced()].map(({id}) => id));
		staging.arrivals.twins.doubt(comparison.doubtful);
		if (comparison.lostRows === undefined) {
			staging.arrivals.twins.seeOnlyPart();
		}

		for (const type of [...importedTypes(library.type), undefined]) {
			const wanted = comparison.wanted.values().filter(({itemType}) => itemType === type).toArray();
			const [known, unknown] = await partByKnown(prepared, wanted);
			for (const some of [known, unknown]) {
				await staging.add(some);
				// What follows refers to this, so it must be staged first.
				await staging.settle();
			}
		}

		sync = await concludeLibrary(prepared, comparison, staging);
	});
	if (fault !== undefined && isImport(work) && !isStoreFault(fault)) {
		fault = await attempt(async () => recordLibrary(work, {isBroken: true})) ?? fault;
	}

	fault ??= await attempt(async () => {
		const changes = await syncLists(work, {hasChanges: Object.keys(sync.changes).length > 0, ahead});
		if (Object.keys(changes).length === 0) {
			return;
		}

		sync = {...sync, changes: addCounts(sync.changes, changes)};
		report({type: 'changes-found', libraryId: library.id, changes: sync.changes});
	});

	ahead?.stop();
	await staging?.abort();
	phase(fault === undefined ? 'done' : (fault.code === 'cancelled' ? 'cancelled' : 'failed'));
	// The result of an import has totals, and tells more only when there is more to say.
	const isTold = !isImport(work) || (library.sync !== undefined && (Object.keys(sync.changes).length + sync.held + sync.notes.length > 0 || sync.isMadeAnew === true));
	const result: LibraryResult = {
		id: library.id,
		title: library.title,
		...tally.totals(),
		durationMs: Math.round(monotonicMs() - startedMs),
		complete: fault === undefined && tally.open() === 0,
		...(isTold && {sync}),
	};
	report({type: 'library-finished', result});
	return {result, fault};
};

const storedOf = async ({knowledge, library, plan}: LibraryWork): Promise<StoredItems> => {
	if (plan.mode === 'touch') {
		return knowledge.stored(library.id);
	}

	const known = await knowledge.library(library.id);
	// Kept knowledge would grow while the library is imported.
	return storedIn(known.isEmpty() ? createKnownLibrary() : known);
};

const partByKnown = async ({stored}: PreparedWork, wanted: readonly Wanted[]): Promise<[known: Wanted[], unknown: Wanted[]]> => {
	const known: Wanted[] = [];
	const unknown: Wanted[] = [];
	for (const row of wanted) {
		(await stored.find(row.ratingKey) === undefined ? unknown : known).push(row);
	}

	return [known, unknown];
};

const addCounts = (left: ChangeCounts, right: ChangeCounts): ChangeCounts => {
	const sum = {...left};
	for (const kind of changeKinds) {
		const count = (left[kind] ?? 0) + (right[kind] ?? 0);
		if (count > 0) {
			sum[kind] = count;
		}
	}

	return sum;
};

/**
Only the collections have changed, so every item counts as it was.
*/
const countUnchanged = ({library: {counts}, tally}: LibraryWork): void => {
	const unchanged = counts.movie + counts.show + counts.season + counts.episode;
	tally.expect(unchanged);
	tally.count({imported: 0, unchanged});
};

/**
Counts rows for the progress bar. An answer that cannot be read is no reason not to list.
*/
const countType = async ({plex, library, signal}: LibraryWork, type: ItemType): Promise<number> => {
	try {
		const {total} = await plex.page({
			sectionKey: library.key, type, start: 0, size: 0, signal,
		});
		return total ?? 0;
	} catch (error) {
		if (isDivisible(error)) {
			return 0;
		}

		throw error;
	}
};

/**
Shows and seasons that were asked for by their keys are in no listing, so they are asked for again. The server does not give what has a placeholder.
*/
const withUnlisted = async ({known, store, tally}: LibraryWork & {known: KnownLibrary}, comparison: Comparison): Promise<Comparison> => {
	const ids = known.passing().filter(item => !item.isMissing && !item.hasFingerprints).map(({id}) => id).toArray();
	const wanted = new Map<string, Wanted>();
	for (const record of await store.getMany(ids)) {
		if (record.kind === 'item' && record.ratingKey !== undefined && record.placeholder !== true && !comparison.wanted.has(record.ratingKey)) {
			wanted.set(record.ratingKey, {
				ratingKey: record.ratingKey, title: record.title, fingerprints: undefined, itemType: record.type,
			});
		}
	}

	tally.expect(wanted.size);
	return {...comparison, wanted: new Map([...wanted, ...comparison.wanted])};
};

type CompareOptions = {
	counted: ReadonlyMap<ItemType, number>;
	/**
	Of a library of which nothing was stored, everything is listed, and details are still on their way.
	*/
	onFirstListed: () => void;
};

const compare = async (work: PreparedWork, staging: Staging, {counted, onFirstListed}: CompareOptions): Promise<Comparison> => {
	const {mode, ratingKeys} = work.plan;
	if (ratingKeys === undefined) {
		const known = await work.stored.whole();
		const rows = createRowComparison({...work, known}, counted);
		const comparison = await compareLibrary({
			...work,
			known,
			rows,
			// Where nothing is known, nothing can be missing: details are fetched while the rest is still listed.
			...(mode === 'import' && known.isEmpty() && {
				async onPage() {
					await staging.add(rows.takeWanted());
				},
				async onTypeEnd(type) {
					if (type === importedTypes(work.library.type).at(-1)) {
						onFirstListed();
					}

					await staging.settle();
				},
			}),
		});
		return work.library.sync?.areDetailsOld === true ? withUnlisted({...work, known}, comparison) : comparison;
	}

	if (mode === 'touch') {
		return compareTouched(work, ratingKeys);
	}

	work.tally.expect(ratingKeys.length);
	return {
		...nothingListed,
		wanted: new Map(ratingKeys.map(ratingKey => [ratingKey, {
			ratingKey, title: undefined, itemType: undefined, fingerprints: undefined,
		}])),
	};
};
