import test from 'ava';
import fc from 'fast-check';
import {
	formatBytes,
	formatChannels,
	readChannels,
	formatClock,
	formatCount,
	formatDate,
	formatDurationMs,
	formatInstant,
	formatNumbers,
	formatRate,
	plural,
} from '../../../source/base/text/format.js';

test('bytes are shown in decimal units with one decimal', t => {
	t.deepEqual([0, 999, 1000, 999_940, 999_960, 20_512_000_000, 4e12].map(bytes => formatBytes(bytes)), [
		'0 B', '999 B', '1.0 kB', '999.9 kB', '1.0 MB', '20.5 GB', '4.0 TB',
	]);
});

test('durations are shown to the minute, short ones to the second', t => {
	t.deepEqual([0, 42_000, 59_600, 60_000, 3_599_000, 6_720_000, 3_600_000].map(durationMs => formatDurationMs(durationMs)), [
		'0 s', '42 s', '1 min', '1 min', '1 h', '1 h 52 min', '1 h',
	]);
});

test('clocks are shown to the second', t => {
	t.deepEqual([0, 63_000, 6_723_000].map(durationMs => formatClock(durationMs)), ['0:00', '1:03', '1:52:03']);
});

test('counts have separators and their noun', t => {
	t.is(formatCount(48_211), '48,211');
	t.is(plural(1, 'item'), '1 item');
	t.is(plural(1200, 'library', 'libraries'), '1,200 libraries');
});

test('numbers are written as Intl writes them in English', t => {
	const counts = new Intl.NumberFormat('en');
	const decimals = new Intl.NumberFormat('en', {maximumFractionDigits: 1, minimumFractionDigits: 1});
	fc.assert(fc.property(fc.maxSafeInteger().filter(count => !Object.is(count, -0)), count => {
		t.is(formatCount(count), counts.format(count));
	}));
	fc.assert(fc.property(fc.oneof(fc.double({min: 1, max: 999.9, noNaN: true}), fc.integer({min: 20, max: 19_998}).map(twentieths => twentieths / 20)), value => {
		t.is(formatBytes(value * 1000), `${decimals.format(value * 1000 / 1000)} kB`);
	}));
});

test('slow rates keep a decimal', t => {
	t.deepEqual([0.25, 9.94, 9.96, 1234].map(rate => formatRate(rate)), ['0.3/s', '9.9/s', '10/s', '1,234/s']);
});

test('common channel counts have their names', t => {
	t.deepEqual([1, 2, 6, 8, 12].map(channels => formatChannels(channels)), ['mono', 'stereo', '5.1', '7.1', '12 ch']);
	t.deepEqual(['Mono', 'stereo', '5.1', '7.1', '12 ch', '4.0'].map(text => readChannels(text)), [1, 2, 6, 8, undefined, undefined]);
});

test('instants are shown in local time, and nonsense as it is', t => {
	const instant = new Date(2024, 4, 1, 14, 3).toISOString();
	t.is(formatDate(instant), '2024-05-01');
	t.is(formatInstant(instant), '2024-05-01 14:03');
	t.is(formatInstant('soon'), 'soon');
});

test('runs of numbers are drawn together', t => {
	t.is(formatNumbers([1, 3, 4, 5, 9, 10]), '1, 3–5, 9–10');
	t.is(formatNumbers([]), '');
});
