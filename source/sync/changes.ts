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
	The stored marks are those of another user.
	*/
	isOtherViewer: boolean;
	/**
	Title of a show that is stored or about to be.
	*/
	showTitle: (showId: string) => Promise<string | undefined>;
};

/**
Makes history events of what happens to items.
*/
export const createChangeWriter = ({runId, at, isOtherViewer, showTitle}: ChangeContext) => {
	const stamp = async (item: Item, reason: string | undefined) => ({
		at,
		runId,
		libraryId: item.libraryId,
		...(reason !== undefined && {reason}),
		itemId: item.id,
		type: item.type,
		title: fullTitle(item, item.showId === undefined ? undefined : await showTitle(item.showId)),
	});

	return {
		appeared: async (item: Item, kind: 'added' | 'restored', reason?: string): Promise<NewHistoryEvent[]> => [{...await stamp(item, reason), kind}],
		async changed(before: Snapshot, after: Snapshot, reason?: string): Promise<NewHistoryEvent[]> {
			const changes = diffSnapshots(before, after);
			if (changes.length === 0) {
				return [];
			}

			const common = await stamp(after.item, reason);
			return changes.map(change => ({...common, ...change, kind: isOtherViewer && change.kind === 'watched' ? 'viewer' : change.kind}));
		},
		async removed({item, files}: Snapshot, reason?: string): Promise<NewHistoryEvent[]> {
			return [{...await stamp(item, reason), kind: 'removed', before: {item, files: [...files]}}];
		},
	};
};

export const countByKind = (events: readonly NewHistoryEvent[], into: ChangeCounts = {}): ChangeCounts => {
	for (const event of events) {
		if ('itemId' in event) {
			into[event.kind] = (into[event.kind] ?? 0) + 1;
		}
	}

	return into;
};

/**
Number of changes in all libraries of a run, by kind.
*/
export const sumChanges = ({libraries}: Pick<ImportResult, 'libraries'>): ChangeCounts => {
	const sum: ChangeCounts = {};
	for (const {sync} of libraries) {
		for (const [kind, count] of Object.entries(sync?.changes ?? {}) as Array<[ChangeKind, number]>) {
			sum[kind] = (sum[kind] ?? 0) + count;
		}
	}

	return sum;
};
