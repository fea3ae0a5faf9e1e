import {
	isArrival,
	isRemoval,
	type ChangeKind,
	type NewHistoryEvent,
} from '../catalog/history.js';
import {fileIdsOf} from '../catalog/item.js';
import type {Version} from '../catalog/types.js';

/**
An event of an item, before its commit. `fileIds`: what the item plays, if it arrived.
*/
export type ToldEvent = {event: NewHistoryEvent & {kind: ChangeKind}; fileIds: readonly string[]};

/**
Plex makes an item of each version of a film that is split apart, and versions of one item of films that are merged. No file comes or goes, so it is one change: of the item that came or went. What the other one gained or lost by it is told quietly.

@returns the events in the same order
*/
export const tellSplitsAndMerges = (told: readonly ToldEvent[]): Array<ToldEvent['event']> => {
	const moves = told.map(({event, fileIds}) => movesOf(event, fileIds));
	const lostBy = byFile(told, moves, ({lost}) => lost);
	const gainedBy = byFile(told, moves, ({gained}) => gained);
	const explained = new Set<string>();
	const arrived = new Set(moves.flatMap(move => move.arrived));
	const left = new Set(moves.flatMap(move => move.left));

	for (const [index, {event}] of told.entries()) {
		const {lost, gained} = moves[index]!;
		const isExplained = (lost.length > 0 && lost.every(id => arrived.has(id))) || (gained.length > 0 && gained.every(id => left.has(id)));
		if (isExplained && 'itemId' in event) {
			explained.add(event.itemId);
		}
	}

	return told.map(({event}, index) => {
		const {arrived: own, left: gone} = moves[index]!;
		const from = common(own, lostBy);
		const into = common(gone, gainedBy);
		if (from !== undefined && isArrivalKind(event)) {
			return {...event, kind: 'split', reason: `split from "${from}"`};
		}

		if (into !== undefined && isRemovalKind(event)) {
			return {...event, kind: 'merged', reason: `merged into "${into}"`};
		}

		return isFields(event) && explained.has(event.itemId) && ofVersions.has(event.kind) ? {...event, kind: 'refreshed'} : event;
	});
};

type Moves = Record<'arrived' | 'left' | 'lost' | 'gained', readonly string[]>;

const noMoves: Moves = {
	arrived: [], left: [], lost: [], gained: [],
};

const ofVersions: ReadonlySet<ChangeKind> = new Set(['upgraded', 'replaced', 'version-added', 'version-removed', 'moved', 'readded']);

const isArrivalKind = (event: ToldEvent['event']): event is Extract<ToldEvent['event'], {kind: 'added' | 'restored' | 'split'}> => isArrival(event as never);
const isRemovalKind = (event: ToldEvent['event']): event is Extract<ToldEvent['event'], {kind: 'removed' | 'merged'}> => isRemoval(event as never);
const isFields = (event: ToldEvent['event']): event is Extract<ToldEvent['event'], {after: unknown}> => 'after' in event;

const movesOf = (event: ToldEvent['event'], fileIds: readonly string[]): Moves => {
	if (isArrivalKind(event)) {
		return {...noMoves, arrived: fileIds};
	}

	if (isRemovalKind(event)) {
		return {...noMoves, left: fileIdsOf(event.before.item)};
	}

	if (!isFields(event)) {
		return noMoves;
	}

	const [before, after] = [event.before, event.after].map(({versions}) => Array.isArray(versions) ? fileIdsOf({versions: versions as Version[]}) : []);
	const [had, has] = [new Set(before), new Set(after)];
	return {...noMoves, lost: before!.filter(id => !has.has(id)), gained: after!.filter(id => !had.has(id))};
};

/**
Titles by the files that the events are about.
*/
const byFile = (told: readonly ToldEvent[], moves: readonly Moves[], pick: (moves: Moves) => readonly string[]): Map<string, string> => {
	const titles = new Map<string, string>();
	for (const [index, {event}] of told.entries()) {
		for (const id of pick(moves[index]!)) {
			if ('title' in event) {
				titles.set(id, event.title);
			}
		}
	}

	return titles;
};

/**
The title by which all of these files are found.
*/
const common = (ids: readonly string[], titles: ReadonlyMap<string, string>): string | undefined =>
	ids.length > 0 && ids.every(id => titles.has(id)) ? titles.get(ids[0]!) : undefined;
