import type {ItemType, Library} from '../catalog/types.js';
import {AppError} from '../errors.js';
import type {Normalize, PlexClient} from '../plex/types.js';
import type {CatalogStore} from '../store/store.js';
import {createBatches, type Batches} from './batches.js';
import {createCommitter} from './committer.js';
import type {Entities} from './entities.js';
import type {LibraryResult, Problem, Report} from './events.js';
import {importedTypes} from './library-record.js';
import {isDivisible, listPages} from './listing.js';
import {createParents} from './parents.js';
import {isStoreFault, problemFrom, requireAppError} from './problems.js';
import {createTally, type Tally} from './tally.js';

export const pageSize = 500;

export type LibraryImport = {
	plex: PlexClient;
	store: CatalogStore;
	normalize: Normalize;
	entities: Entities;
	library: Library;
	/**
	Only these items, for instance those that failed before; all when absent.
	*/
	ratingKeys?: readonly string[];
	report: Report;
	signal: AbortSignal;
	monotonicMs: () => number;
};

export type LibraryOutcome = {
	result: LibraryResult;
	problems: Problem[];
	/**
	The fault that ended this library early, if any.
	*/
	fault: AppError | undefined;
};

/**
One library: counted, listed type by type, fetched, normalised and committed. Faults of the server become problems in the outcome; what was committed stays.
*/
export const importLibrary = async (options: LibraryImport): Promise<LibraryOutcome> => {
	const {plex, store, normalize, entities, library, ratingKeys, report, signal, monotonicMs} = options;
	const startedMs = monotonicMs();
	const tally = createTally({id: library.id, title: library.title}, report);
	const context = {serverId: library.serverId, libraryId: library.id};
	const batches = createBatches({
		plex,
		normalize,
		context,
		parents: createParents({
			plex, store, normalize, context, signal,
		}),
		committer: createCommitter(store, entities, tally.commit),
		tally,
		signal,
	});
	const phase = (name: 'counting' | 'importing' | 'finishing' | 'done' | 'failed' | 'cancelled') => {
		report({type: 'library-phase', libraryId: library.id, phase: name});
	};

	let fault: AppError | undefined;
	try {
		signal.throwIfAborted();
		if (ratingKeys === undefined) {
			phase('counting');
			const types = importedTypes(library.type);
			const counted = await countTypes(plex, library, types, signal);
			tally.expect(sum(counted.values()));
			phase('importing');
			for (const type of types) {
				await importType(options, {
					type, counted: counted.get(type) ?? 0, tally, batches,
				});
			}
		} else {
			tally.expect(ratingKeys.length);
			phase('importing');
			await batches.addKeys(ratingKeys);
			await batches.settle();
		}
	} catch (error) {
		fault = signal.aborted ? new AppError('cancelled', 'The import was cancelled.') : requireAppError(error);
		// What is under way may still be committed, or fail for the same reason; both must be counted before the sum is drawn.
		await batches.settle().catch(() => {/* already in `fault` */});
		closeBooks(tally, fault);
	}

	const isComplete = fault === undefined && tally.open() === 0;
	phase(fault === undefined ? 'done' : (fault.code === 'cancelled' ? 'cancelled' : 'failed'));
	const result: LibraryResult = {
		id: library.id,
		title: library.title,
		...tally.totals(),
		durationMs: Math.round(monotonicMs() - startedMs),
		complete: isComplete,
	};
	report({type: 'library-finished', result});
	return {result, problems: tally.problems(), fault};
};

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

const countTypes = async (plex: PlexClient, library: Library, types: readonly ItemType[], signal: AbortSignal) => {
	const counts = new Map<ItemType, number>();
	for (const type of types) {
		counts.set(type, await countType(plex, library, type, signal));
	}

	return counts;
};

/**
Only for the bar: an answer that cannot be read is no reason not to list.
*/
const countType = async (plex: PlexClient, {key}: Library, type: ItemType, signal: AbortSignal) => {
	try {
		const {total} = await plex.page({
			sectionKey: key,
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

const importType = async (
	{plex, library, report, signal}: LibraryImport,
	{type, counted, tally, batches}: {type: ItemType; counted: number; tally: Tally; batches: Batches},
) => {
	let announced = counted;
	let received = 0;
	const pages = listPages({
		plex,
		sectionKey: library.key,
		type,
		pageSize,
		signal,
		onLostRow(position, error) {
			received++;
			tally.fail({...problemFrom(error, 'list'), message: `Row ${position + 1} of the ${type} list could not be read. ${error.message}`});
		},
	});
	for await (const {rows, total} of pages) {
		received += rows.length;
		const now = Math.max(total ?? 0, received);
		if (now > announced) {
			tally.expect(now - announced);
			announced = now;
		}

		report({
			type: 'rows-listed', libraryId: library.id, itemType: type, rows: rows.length,
		});
		await batches.addRows(rows, type);
	}

	// The next type refers to this one, so it must be stored first.
	await batches.settle();
	if (received >= announced) {
		return;
	}

	tally.fail({
		ratingKey: undefined,
		title: undefined,
		stage: 'list',
		code: 'malformed',
		message: `The server announced ${announced} rows of type ${type} but listed only ${received}.`,
		hint: 'The library probably changed while it was read. Run the import again.',
	}, announced - received);
};

/**
After a fault everything that was announced and not reached is counted, so that the equation holds.
*/
const closeBooks = (tally: Tally, fault: AppError) => {
	const open = tally.open();
	if (fault.code !== 'cancelled') {
		tally.fail(problemFrom(fault, isStoreFault(fault) ? 'save' : 'list'), Math.max(0, open));
	} else if (open > 0) {
		tally.skip(open, 'The import was cancelled.');
	}
};
