import {instantOf} from '../catalog/instant.js';
import type {ItemType, Library} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {Normalize, PlexClient} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {createBatches, type Batches} from './batches.js';
import {createChangeWriter} from './changes.js';
import {createCommitter} from './committer.js';
import type {Entities} from './entities.js';
import type {LibraryResult, Problem, Report} from './events.js';
import {isUnchanged, readKnown} from './known.js';
import {createLibraryIds} from './library-ids.js';
import {importedTypes} from './library-record.js';
import {isDivisible, listPages} from './listing.js';
import {createParents} from './parents.js';
import {lostRow, requireAppError, shortList} from './problems.js';
import {closeBooks, createTally, type Tally} from './tally.js';

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
	runId: string;
	/**
	Of the run.
	*/
	now: Date;
	viewer: string | undefined;
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
	/**
	Time of the server at the first answer, in seconds since 1970.
	*/
	serverSeconds?: number;
};

/**
One library: counted, listed type by type, fetched, normalised and committed. Faults of the server become problems in the outcome; what was committed stays.
*/
export const importLibrary = async (options: LibraryImport): Promise<LibraryOutcome> => {
	const {plex, store, normalize, entities, library, ratingKeys, runId, now, viewer, report, signal, monotonicMs} = options;
	const startedMs = monotonicMs();
	const tally = createTally({id: library.id, title: library.title}, report);
	const context = {serverId: library.serverId, libraryId: library.id};
	const at = instantOf(now);
	const isFirst = library.sync === undefined;
	const known = await readKnown(store, library.id);
	const history = isFirst
		? undefined
		: createChangeWriter({
			runId,
			at,
			isOtherViewer: library.sync?.viewer !== viewer,
			async showTitle(showId) {
				const show = await store.get(showId);
				return show?.kind === 'item' ? show.title : undefined;
			},
		});
	const batches = createBatches({
		plex,
		normalize,
		context,
		parents: createParents({
			plex, store, normalize, context, signal,
		}),
		ids: createLibraryIds(library.serverId, known),
		// A first import that was cut short goes on where it ended.
		isStored: row => isFirst && isUnchanged(row, known.byKey.get(row.ratingKey)),
		committer: createCommitter({
			store, entities, at, history, onCommitted: tally.commit,
		}),
		tally,
		signal,
	});
	const phase = (name: 'counting' | 'importing' | 'finishing' | 'done' | 'failed' | 'cancelled') => {
		report({type: 'library-phase', libraryId: library.id, phase: name});
	};

	let fault: AppError | undefined;
	let serverSeconds: number | undefined;
	try {
		signal.throwIfAborted();
		if (ratingKeys === undefined) {
			phase('counting');
			const types = importedTypes(library.type);
			const counted = await countTypes(plex, library, types, signal);
			tally.expect(sum(counted.values()));
			phase('importing');
			for (const type of types) {
				const seconds = await importType(options, {
					type, counted: counted.get(type) ?? 0, tally, batches,
				});
				serverSeconds ??= seconds;
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
		closeBooks(tally, fault, 'The import was cancelled.');
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
	return {
		result, problems: tally.problems(), fault, ...(serverSeconds !== undefined && {serverSeconds}),
	};
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
	let firstSeconds: number | undefined;
	const pages = listPages({
		plex,
		sectionKey: library.key,
		type,
		pageSize,
		signal,
		onLostRow(position, error) {
			received++;
			tally.fail(lostRow(position, type, error));
		},
	});
	for await (const {rows, total, serverSeconds} of pages) {
		firstSeconds ??= serverSeconds;
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
	if (received < announced) {
		tally.fail(shortList(type, announced, received), announced - received);
	}

	return firstSeconds;
};
