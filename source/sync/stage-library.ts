import type {Item, SyncState} from '../catalog/types.js';
import {instantOf} from '../catalog/instant.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import {createArrivals} from './arrivals.js';
import type {Comparison} from './comparison.js';
import {stageDepartures} from './departures.js';
import type {SyncedLibrary} from './events.js';
import type {KnownLibrary} from './known.js';
import {createLibraryIds} from './library-ids.js';
import {createParents} from './parents.js';
import {dayOf, stampsOf} from './plan.js';
import {createStage} from './stage.js';
import {stageWanted} from './stage-wanted.js';
import type {LibrarySync} from './sync-library.js';
import type {Tally} from './tally.js';
import {removeUnusedFiles} from './unused-files.js';

export type LibraryStaging = {
	known: KnownLibrary;
	comparison: Comparison;
	transaction: StoreTransaction;
	tally: Tally;
};

export type StagedLibrary = {
	sync: SyncedLibrary;
	imported: number;
	unchanged: number;
	lastTitle: string | undefined;
};

/**
A library that nobody has looked at for this long has a gap in its history.
*/
const gapMs = 48 * 3_600_000;

/**
Everything that the comparison asks for, put into one transaction: items, history, and the state for the next sync.
*/
export const stageLibrary = async (options: LibrarySync, staging: LibraryStaging): Promise<StagedLibrary> => {
	const {plex, store, knowledge, normalize, library, entities, report, signal, runId, now, viewer, plan} = options;
	const {known, comparison, transaction, tally} = staging;
	const at = instantOf(now);
	const context = {serverId: library.serverId, libraryId: library.id};
	const stage = createStage({
		store, transaction, entities, runId, at, isOtherViewer: library.sync?.viewer !== viewer,
	});
	const idOf = (ratingKey: string) => known.byKey.get(ratingKey)!.id;
	const ids = createLibraryIds(library.serverId, known);
	const arrivals = createArrivals({
		plex,
		store,
		stage,
		ids,
		elsewhere: knowledge.elsewhere({...context, isWithOwn: plan.mode === 'touch'}),
		missingIds: (comparison.missing ?? []).map(ratingKey => idOf(ratingKey)),
		serverId: library.serverId,
		now,
		signal,
	});
	const parents = createParents({
		plex, store, normalize, context, signal,
	});
	const wanted = await stageWanted(options, {
		known, wanted: comparison.wanted, stage, ids, arrivals, parents, tally,
	});
	const touch = async (ratingKey: string, change: (item: Item) => Promise<void>) => {
		const item = await stage.item(idOf(ratingKey));
		if (item !== undefined) {
			await change(item);
		}
	};

	for (const [ratingKey, viewState] of comparison.views) {
		await touch(ratingKey, async item => stage.view(item, viewState));
	}

	for (const ratingKey of comparison.returned) {
		await touch(ratingKey, async item => stage.mark(item, undefined));
	}

	const notes = comparison.whyNot === undefined ? [] : [comparison.whyNot];
	let held = library.sync?.held;
	if (comparison.missing !== undefined) {
		const departed = await stageDepartures({
			...options, stage, known, at,
		}, {
			ratingKeys: comparison.missing.filter(ratingKey => !arrivals.found.has(idOf(ratingKey))),
			ids: wanted.releasedIds.filter(id => !arrivals.found.has(id)),
		});
		held = plan.mode === 'touch' ? sumHeld(held, departed.held) : departed.held;
		notes.push(...departed.notes);
	}

	await removeUnusedFiles(knowledge, stage, transaction);
	await stage.flush();
	const changes = stage.changes();
	report({type: 'changes-found', libraryId: library.id, changes});
	if (held !== undefined && held.items !== library.sync?.held?.items) {
		await transaction.record([{
			kind: 'held', at, runId, libraryId: library.id, items: held.items,
		}]);
		report({
			type: 'removals-held', libraryId: library.id, title: library.title, items: held.items, reason: held.reason,
		});
	}

	const from = library.sync?.lookedAt;
	if (from !== undefined && plan.mode !== 'touch' && now.getTime() - Date.parse(from) > gapMs) {
		await transaction.record([{
			kind: 'gap', at, runId, libraryId: library.id, from, to: at,
		}]);
	}

	const isClean = comparison.whyNot === undefined && tally.totals().failed === 0;
	await transaction.putServer(options.server);
	await transaction.putLibrary({...library, sync: nextState(options, {comparison, held, isClean})});
	return {
		sync: {
			mode: plan.mode, changes, held: held?.items ?? 0, notes,
		},
		imported: wanted.imported + comparison.views.size + comparison.returned.length,
		unchanged: wanted.unchanged,
		lastTitle: wanted.lastTitle,
	};
};

/**
What a touch holds comes to what is held already.
*/
const sumHeld = (before: SyncState['held'], more: SyncState['held']): SyncState['held'] => before === undefined || more === undefined
	? before ?? more
	: {...before, items: before.items + more.items};

/**
Where something was left undone, the stamps are forgotten, so that the next sync looks again.
*/
const nextState = (
	{section, library, plan, now, viewer}: LibrarySync,
	{comparison, held, isClean}: {comparison: Comparison; held: SyncState['held']; isClean: boolean},
): SyncState => {
	const before = library.sync;
	if (before !== undefined && plan.mode === 'touch') {
		const {held: _, ...rest} = before;
		return held === undefined ? rest : {...rest, held};
	}

	const at = instantOf(now);
	const cursorSeconds = comparison.serverSeconds ?? before?.cursorSeconds;
	return {
		stamps: isClean ? stampsOf(section) : {},
		...(cursorSeconds !== undefined && {cursorSeconds}),
		lookedAt: at,
		sweptAt: comparison.isSweep ? at : before?.sweptAt ?? at,
		fullAt: isClean && plan.mode === 'full' ? at : before?.fullAt ?? at,
		auditedDay: plan.auditShares.size > 0 ? dayOf(now) : before?.auditedDay ?? dayOf(now),
		...(viewer !== undefined && {viewer}),
		...(held !== undefined && {held}),
	};
};
