import {diffSnapshots, type Snapshot} from '../history/diff.js';
import {fileIdsOf, fullTitle} from '../catalog/item.js';
import type {ChangeKind, NewHistoryEvent} from '../catalog/history.js';
import type {Item} from '../catalog/types.js';
import type {ChangeCounts, ImportResult} from './events.js';
import {tellSplitsAndMerges, type ToldEvent} from './split-and-merge.js';

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
	/**
	The library was made anew, so that a new ratingKey says nothing of a single item.
	*/
	isAnew?: boolean;
};

/**
Gathers the history of the items of one library, and counts it. `itemOf` gives an item that is stored or about to be.
*/
export const createTeller = ({runId, at, isOtherViewer, isAnew = false, isFirst = false}: ChangeContext, itemOf: (id: string) => Promise<Item | undefined>) => {
	const counts: ChangeCounts = {};
	let told: ToldEvent[] = [];

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

	const tell = (event: ToldEvent['event'], fileIds: readonly string[] = []) => {
		told.push({event, fileIds});
	};

	return {
		async appeared(item: Item, kind: 'added' | 'restored', reason?: string): Promise<void> {
			if (!isFirst || kind === 'restored') {
				tell({...await stamp(item, reason), kind}, fileIdsOf(item));
			}
		},
		/**
		@returns whether anything differs that counts as a change; in a first import, anything does
		*/
		async changed(before: Snapshot, after: Snapshot, reason?: string): Promise<boolean> {
			const isUntold = isFirst && before.item.libraryId === after.item.libraryId;
			const changes = isUntold ? [] : diffSnapshots(before, after, {isAnew});
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
		/**
		The items to which something of what was taken happened, by its kind.
		*/
		counts: (): ChangeCounts => ({...counts}),
		take(): NewHistoryEvent[] {
			const taken = tellSplitsAndMerges(told);
			told = [];
			// An item may have two events of one kind, such as for its fields and its files.
			const counted = new Set<string>();
			for (const event of taken) {
				const {kind} = event;
				const name = `${kind} ${'itemId' in event ? event.itemId : counted.size}`;
				counts[kind] = (counts[kind] ?? 0) + (counted.has(name) ? 0 : 1);
				counted.add(name);
			}

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
