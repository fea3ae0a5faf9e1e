import type {HistoryEvent, ItemEvent} from '../../source/catalog/history.js';
import type {Item, MediaFile} from '../../source/catalog/types.js';

type Stamp = Partial<Pick<ItemEvent, 'at' | 'revision' | 'runId' | 'libraryId' | 'reason' | 'type' | 'title'>>;
type FieldsKind = Extract<HistoryEvent, {after: unknown}>['kind'];

const stampOf = (itemId: string, stamp: Stamp) => ({
	at: '2024-05-01T10:00:00Z', revision: 1, runId: 'run1', libraryId: 'films', type: 'movie' as const, title: itemId, ...stamp, itemId,
});

export const changed = (kind: FieldsKind, itemId: string, [before, after]: [Record<string, unknown>, Record<string, unknown>], stamp: Stamp = {}): HistoryEvent =>
	({
		...stampOf(itemId, stamp), kind, before, after,
	});

export const added = (itemId: string, stamp: Stamp = {}): HistoryEvent => ({...stampOf(itemId, stamp), kind: 'added'});
export const restored = (itemId: string, stamp: Stamp = {}): HistoryEvent => ({...stampOf(itemId, stamp), kind: 'restored'});
export const removed = (item: Item, files: MediaFile[] = [], stamp: Stamp = {}): HistoryEvent =>
	({
		...stampOf(item.id, {
			libraryId: item.libraryId, type: item.type, title: item.title, ...stamp,
		}), kind: 'removed', before: {item, files},
	});

export const baseline = (libraryId: string, at = '2024-05-01T10:00:00Z'): HistoryEvent => ({
	at, revision: 1, runId: 'run0', libraryId, kind: 'baseline', items: 1,
});

export const gap = (libraryId: string, from: string, to: string): HistoryEvent => ({
	at: to, revision: 1, runId: 'run1', libraryId, kind: 'gap', from, to,
});

export const held = (libraryId: string, items: number, at = '2024-05-01T10:00:00Z'): HistoryEvent => ({
	at, revision: 1, runId: 'run1', libraryId, kind: 'held', items,
});

export const mediaFile = (id: string, path: string, sizeBytes: number): MediaFile => ({
	id, kind: 'file', serverId: 'srv', path, sizeBytes,
});

export const version = (resolution: string, ...fileIds: string[]): Item['versions'][number] =>
	({id: `m-${fileIds.join('-')}`, resolution, parts: fileIds.map(fileId => ({fileId}))});
