import test from 'ava';
import fc from 'fast-check';
import {logName, logsToDrop, type LogSize} from '../../source/log/log-file.js';

const nameOf = (minute: number) => logName({id: `r${String(minute).padStart(16, '0')}`, startedAt: new Date(Date.UTC(2026, 10, 1, 0, minute))});
const logs = (sizes: readonly number[]): LogSize[] => sizes.map((sizeBytes, minute) => ({name: nameOf(minute), sizeBytes}));

test('a log is named after the second in which its run began and the beginning of its id', t => {
	t.is(logName({id: 'r0123456789abcdef', startedAt: new Date('2026-11-23T02:15:00.987Z')}), '20261123T021500Z-r0123456.log');
});

test('as many of the newest logs stay as are allowed', t => {
	t.deepEqual(logsToDrop(logs([1, 1, 1, 1]), {count: 3, totalBytes: 100}), [nameOf(0)]);
	t.deepEqual(logsToDrop(logs([1, 1, 1]), {count: 3, totalBytes: 100}), []);
});

test('from the first log that does not fit the size on, all older ones go', t => {
	t.deepEqual(logsToDrop(logs([1, 60, 30, 30]), {count: 10, totalBytes: 100}), [nameOf(1), nameOf(0)]);
});

test('the newest log stays even when it alone is too large', t => {
	t.deepEqual(logsToDrop(logs([1, 500]), {count: 10, totalBytes: 100}), [nameOf(0)]);
});

test('files that are not named as logs are neither dropped nor counted', t => {
	const others = ['notes.txt', '20261123T021500Z-r0123456.log.bak', 'a.log'].map(name => ({name, sizeBytes: 1000}));
	t.deepEqual(logsToDrop([...others, ...logs([1, 1])], {count: 1, totalBytes: 100}), [nameOf(0)]);
});

test('whatever the sizes, what is kept fits the limits and is newer than what is dropped', t => {
	fc.assert(fc.property(fc.array(fc.nat(60), {maxLength: 80}), fc.integer({min: 1, max: 60}), (sizes, count) => {
		const all = logs(sizes);
		const dropped = new Set(logsToDrop(all, {count, totalBytes: 100}));
		const kept = all.filter(({name}) => !dropped.has(name));
		t.true(kept.length <= count);
		t.true(kept.length <= 1 || kept.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0) <= 100);
		t.true(sizes.length === 0 || kept.length > 0);
		t.deepEqual(kept, all.slice(dropped.size));
	}));
});
