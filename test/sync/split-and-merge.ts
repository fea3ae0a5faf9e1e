import test from 'ava';
import type {ChangeKind} from '../../source/catalog/history.js';
import {tellSplitsAndMerges, type ToldEvent} from '../../source/sync/split-and-merge.js';
import {makeItem} from '../query/_items.js';

const common = {
	at: '2026-01-01T00:00:00Z', runId: 'r', libraryId: 'films', type: 'movie',
} as const;

const versions = (files: readonly string[]) => files.map(fileId => ({id: `v${fileId}`, parts: [{fileId}]}));

const arrived = (itemId: string, kind: 'added' | 'restored', ...fileIds: string[]): ToldEvent => ({
	event: {
		...common, itemId, title: `Title of ${itemId}`, kind,
	}, fileIds,
});

const left = (itemId: string, ...fileIds: string[]): ToldEvent => ({
	event: {
		...common, itemId, title: `Title of ${itemId}`, kind: 'removed', before: {item: makeItem(itemId, {versions: versions(fileIds)}), files: []},
	}, fileIds: [],
});

const changed = (itemId: string, kind: Extract<ChangeKind, 'replaced' | 'version-added' | 'version-removed' | 'readded' | 'edited'>, before: string[], after: string[]): ToldEvent => ({
	event: {
		...common, itemId, title: `Title of ${itemId}`, kind, before: {versions: versions(before)}, after: {versions: versions(after)},
	}, fileIds: [],
});

const kindsAndReasons = (...told: ToldEvent[]) => tellSplitsAndMerges(told).map(({kind, reason}) => reason === undefined ? kind : `${kind}: ${reason}`);

test('a version that becomes an item of its own is one change, and nothing was added', t => {
	t.deepEqual(
		kindsAndReasons(changed('a', 'version-removed', ['f1', 'f2'], ['f1']), changed('a', 'readded', [], []), arrived('b', 'added', 'f2')),
		['refreshed', 'refreshed', 'split: split from "Title of a"'],
	);
	t.deepEqual(kindsAndReasons(arrived('b', 'restored', 'f2'), changed('a', 'version-removed', ['f1', 'f2'], ['f1'])), ['split: split from "Title of a"', 'refreshed']);
});

test('an item that becomes a version of another one is one change, and nothing was removed', t => {
	t.deepEqual(kindsAndReasons(changed('a', 'version-added', ['f1'], ['f1', 'f2']), left('b', 'f2')), ['refreshed', 'merged: merged into "Title of a"']);
});

test('what else happened to the item is told as before', t => {
	t.deepEqual(kindsAndReasons(changed('a', 'edited', [], []), changed('a', 'version-removed', ['f1', 'f2'], ['f1']), arrived('b', 'added', 'f2')), ['edited', 'refreshed', 'split: split from "Title of a"']);
	// One of two dropped files is nowhere any more.
	t.deepEqual(kindsAndReasons(changed('a', 'replaced', ['f1', 'f2', 'f3'], ['f1']), arrived('b', 'added', 'f2')), ['replaced', 'split: split from "Title of a"']);
});

test('items that have nothing to do with each other stay apart', t => {
	t.deepEqual(
		kindsAndReasons(arrived('b', 'added', 'f9'), left('c', 'f8'), changed('a', 'version-added', ['f1'], ['f1', 'f2']), changed('d', 'version-removed', ['f3', 'f4'], ['f3']), arrived('show', 'added')),
		['added', 'removed', 'version-added', 'version-removed', 'added'],
	);
});
