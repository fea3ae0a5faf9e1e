import {diffSnapshots, type Snapshot} from '../history/diff.js';
import {fullTitle} from '../catalog/full-title.js';
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
export type ChangeWriter = {
	appeared: (item: Item, kind: 'added' | 'restored', reason?: string) => Promise<NewHistoryEvent[]>;
	changed: (before: Snapshot, after: Snapshot, reason?: string) => Promise<NewHistoryEvent[]>;
	removed: (before: Snapshot, reason?: string) => Promise<NewHistoryEvent[]>;
};

export const createChangeWriter = ({runId, at, isOtherViewer, showTitle}: ChangeContext): ChangeWriter => {
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
		appeared: async (item, kind, reason) => [{...await stamp(item, reason), kind}],
		async changed(before, after, reason) {
			const changes = diffSnapshots(before, after);
			if (changes.length === 0) {
				return [];
			}

			const common = await stamp(after.item, reason);
			return changes.map(change => ({...common, ...change, kind: isOtherViewer && change.kind === 'watched' ? 'viewer' : change.kind}));
		},
		removed: async (before, reason) => [{...await stamp(before.item, reason), kind: 'removed', before: {item: before.item, files: [...before.files]}}],
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
