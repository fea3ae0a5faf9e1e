import test from 'ava';
import {copyFileIds, hasMissingFile} from '../../source/catalog/item.js';
import {lostTotals, type LostItem} from '../../source/history/lost-items.js';
import type {MediaFile, Version} from '../../source/catalog/types.js';

const file = (id: string, sizeBytes: number): MediaFile => ({
	id, kind: 'file', serverId: 'server', sizeBytes,
});

const version = (fileId: string, marks: Partial<Version> = {}): Version => ({id: fileId, parts: [{fileId}], ...marks});

test('a copy that Plex made is no file of its own, unless there is nothing else', t => {
	t.deepEqual(copyFileIds({versions: [version('a'), version('b', {optimized: true}), version('c', {proxy: true})]}), ['b', 'c']);
	t.deepEqual(copyFileIds({versions: [version('a'), version('a', {optimized: true})]}), []);
	t.deepEqual(copyFileIds({versions: [version('b', {optimized: true})]}), []);
});

test('an item without a copy that Plex made is not without its file', t => {
	const gone = (fileId: string, marks: Partial<Version> = {}): Version => ({...version(fileId, marks), parts: [{fileId, unavailable: true}]});
	t.false(hasMissingFile({versions: [version('a'), gone('b', {optimized: true})]}));
	t.true(hasMissingFile({versions: [gone('a'), version('b', {optimized: true})]}));
	t.true(hasMissingFile({versions: [gone('b', {optimized: true})]}));
});

test('what was lost is summed up without copies', t => {
	const lost = {
		files: [file('a', 100), file('b', 10)], copies: new Set(['b']), seasons: 0, episodes: 0,
	} as unknown as LostItem;
	t.like(lostTotals([lost, lost]), {items: 2, files: 1, sizeBytes: 100});
});
