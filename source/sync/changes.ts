import {diffSnapshots, type Snapshot} from '../history/diff.js';
import {fullTitle} from '../catalog/item.js';
import type {ChangeKind, NewHistoryEvent} from '../catalog/history.js';
import type {Item} from '../catalog/types.js';
import type {ChangeCounts, ImportResult} from './events.js';

export type ChangeContext = {
	runId: string;
	/**
	When the run began, as an instant.
	*/
	at: string;
	/**
	The stored marks belong to another user.
	*/
	isOtherViewer: boolean;
	/**
	What a first import adds is no change, so it is not told. What comes back or moves here from another library is told.
	*/
	isFirst?: boolean;
};

/**
Gathers the history of the items of one library, and counts it. `itemOf` gives an item that is stored or about to be.
*/
export const createTeller = ({runId, at, isOtherViewer, isFirst = false}: ChangeContext, itemOf: (id: string) => Promise<Item | undefined>) => {
	const counts: ChangeCounts = {};
	let events: NewHistoryEvent[] = [];

	const stamp = async (item: Item, reason: string | undefined) => {
		const show = item.showId === undefined ? undefined : await itemOf(item.showId);
		return {
			at,
			runId,
			libraryId: item.libraryId,
			...(reason !== undefined && {reason}),
			itemId: item.id,
			type: item.type,
			title: fullTitle(item, show?.title),
		};
	};

	const tell = (event: NewHistoryEvent & {kind: ChangeKind}) => {
		events.push(event);
		counts[event.kind] = (counts[event.kind] ?? 0) + 1;
	};

	return {
		async appeared(item: Item, kind: 'added' | 'restored', reason?: string): Promise<void> {
			if (!isFirst || kind === 'restored') {
				tell({...await stamp(item, reason), kind});
			}
		},
		/**
		@returns whether anything differs that counts as a change; in a first import, anything does
		*/
		async changed(before: Snapshot, after: Snapshot, reason?: string): Promise<boolean> {
			const isUntold = isFirst && before.item.libraryId === after.item.libraryId;
			const changes = isUntold ? [] : diffSnapshots(before, after);
			if (changes.length > 0) {
				const common = await stamp(after.item, reason);
				for (const change of changes) {
					tell({...common, ...change, kind: isOtherViewer && change.kind === 'watched' ? 'viewer' : change.kind});
				}
			}

			return isFirst || changes.length > 0;
		},
		async removed({item, files}: Snapshot): Promise<void> {
			tell({...await stamp(item, undefined), kind: 'removed', before: {item, files: [...files]}});
		},
		counts: (): ChangeCounts => ({...counts}),
		take(): NewHistoryEvent[] {
			const taken = events;
			events = [];
			return taken;
		},
	};
};

export const sumChanges = ({libraries}: Pick<ImportResult, 'libraries'>): ChangeCounts => {
	const sum: ChangeCounts = {};
	for (const {sync} of libraries) {
		for (const [kind, count] of Object.entries(sync?.changes ?? {}) as Array<[ChangeKind, number]>) {
			sum[kind] = (sum[kind] ?? 0) + count;
		}
	}

	return sum;
};
