import {AppError} from '../base/errors.js';
import type {ItemType} from '../catalog/types.js';
import {compareLibrary, type Comparison} from './comparison.js';
import {concludeLibrary, recordLibrary} from './conclude.js';
import type {LibraryResult, Phase, SyncedLibrary} from './events.js';
import {emptyKnown, isNothing, type KnownLibrary} from './knowledge.js';
import {isImport, type LibraryOutcome, type LibraryWork} from './library-work.js';
import {importedTypes} from './library-record.js';
import {isDivisible} from './listing.js';
import {
	isStoreFault,
	requireAppError,
	closeBooks,
	createTally,
	type Tally,
} from './tally.js';
import {createRowComparison} from './row-comparison.js';
import {createStaging, type Staging} from './staging.js';
import {compareTouched} from './touched-rows.js';

/**
Bring one library in step, whether anything of it is stored or not: listed, compared, fetched, and committed with its history and its state. Faults of the server become problems in the outcome. What was not committed when a fault ends it early is as it was before.
*/
export const syncLibrary = async (work: LibraryWork): Promise<LibraryOutcome> => {
	const {knowledge, library, plan, report, signal, monotonicMs} = work;
	const startedMs = monotonicMs();
	const tally = createTally({id: library.id, title: library.title}, report);
	const cancelled = isImport(work) ? 'The import was cancelled.' : 'The sync was cancelled.';
	const phase = (name: Phase) => {
		report({type: 'library-phase', libraryId: library.id, phase: name});
	};

	let staging: Staging | undefined;
	let sync: SyncedLibrary = {
		mode: plan.mode, changes: {}, held: library.sync?.held?.items ?? 0, notes: [],
	};
	const run = async () => {
		if (isImport(work)) {
			await recordLibrary(work);
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
		const stored = await knowledge.library(library.id);
		// Knowledge that is kept would grow while the library is imported.
		const known = isNothing(stored) ? emptyKnown() : stored;
		staging = createStaging(work, {known, tally});
		const comparison = await compare(work, {
			known, counted, tally, staging,
		});
		staging.arrivals.miss(comparison.missing?.values().map(({id}) => id).toArray() ?? []);
		for (const type of [...importedTypes(library.type), undefined]) {
			await staging.add(comparison.wanted.values().filter(({itemType}) => itemType === type).toArray());
			// The next type refers to this one, so it must be staged first.
			await staging.settle();
		}

		sync = await concludeLibrary(work, {
			known, comparison, staging, tally, startedMs,
		});
	};

	const end = async (error: unknown): Promise<AppError> => {
		// What is under way may still be committed, or fail for the same reason; both must be counted before the sum is drawn.
		await staging?.settle().catch(() => {/* told by `error` */});
		await staging?.abort();
		const fault = signal.aborted ? new AppError('cancelled', cancelled) : requireAppError(error);
		closeBooks(tally, fault, cancelled);
		return fault;
	};

	let fault = await faultOf(run, end);
	if (fault !== undefined && isImport(work) && !isStoreFault(fault)) {
		fault = await faultOf(async () => recordLibrary(work, {tally, startedMs}), end) ?? fault;
	}

	await staging?.abort();
	phase(fault === undefined ? 'done' : (fault.code === 'cancelled' ? 'cancelled' : 'failed'));
	const result: LibraryResult = {
		id: library.id,
		title: library.title,
		...tally.totals(),
		durationMs: Math.round(monotonicMs() - startedMs),
		complete: fault === undefined && tally.open() === 0,
		...(isTold(work, sync) && {sync}),
	};
	report({type: 'library-finished', result});
	return {result, problems: tally.problems(), fault};
};

const faultOf = async (run: () => Promise<void>, end: (error: unknown) => Promise<AppError>): Promise<AppError | undefined> => {
	try {
		await run();
		return undefined;
	} catch (error) {
		return end(error);
	}
};

/**
Imports tell their totals, and only what they found beyond that.
*/
const isTold = (work: LibraryWork, {changes, held, notes}: SyncedLibrary) =>
	!isImport(work) || (work.library.sync !== undefined && Object.keys(changes).length + held + notes.length > 0);

/**
Only for the bar: an answer that cannot be read is no reason not to list.
*/
const countType = async ({plex, library, signal}: LibraryWork, type: ItemType): Promise<number> => {
	try {
		const {total} = await plex.page({
			sectionKey: library.key,
			type,
			start: 0,
			size: 0,
			signal,
		});
		return total ?? 0;
	} catch (error) {
		if (isDivisible(error)) {
			return 0;
		}

		throw error;
	}
};

type Compare = {
	known: KnownLibrary;
	counted: ReadonlyMap<ItemType, number>;
	tally: Tally;
	staging: Staging;
};

const compare = async (work: LibraryWork, {known, counted, tally, staging}: Compare): Promise<Comparison> => {
	const {mode, ratingKeys} = work.plan;
	if (ratingKeys === undefined) {
		const rows = createRowComparison({
			...work, known, tally, counted,
		});
		return compareLibrary({
			...work,
			known,
			rows,
			// Where nothing is known, nothing can be missing: details are fetched while the rest is still listed.
			...(mode === 'import' && isNothing(known) && {
				async onPage() {
					await staging.add(rows.takeWanted());
				},
				onTypeEnd: staging.settle,
			}),
		});
	}

	if (mode === 'touch') {
		return compareTouched({
			...work, known, tally, ratingKeys,
		});
	}

	tally.expect(ratingKeys.length);
	return {
		wanted: new Map(ratingKeys.map(ratingKey => [ratingKey, {
			ratingKey, title: undefined, itemType: undefined, fingerprints: undefined,
		}])),
		views: new Map(),
		returned: [],
		serverSeconds: undefined,
		isListed: false,
		isSweep: false,
		missing: undefined,
		whyNot: undefined,
	};
};
