import test from 'ava';
import {
	asArray,
	readBoolean,
	readCount,
	readDate,
	readEpoch,
	readInteger,
	readNumber,
	readRatingKey,
	readString,
} from '../../source/plex/wire.js';

test('a list may be absent, bare or a list', t => {
	t.deepEqual([undefined, null, [1, 2], {a: 1}].map(value => asArray(value)), [[], [], [1, 2], [{a: 1}]]);
});

test('numbers come as strings and strings as numbers', t => {
	t.is(readString(512), '512');
	t.is(readString(''), undefined);
	t.is(readString({}), undefined);
	t.is(readString('a\u{D800}'), 'a\u{FFFD}');
	t.is(readNumber('23.976'), 23.976);
	t.is(readNumber('nan'), undefined);
	t.is(readNumber(' '), undefined);
	t.is(readInteger('25.0'), 25);
	t.is(readInteger(2 ** 60), undefined);
	t.true(Object.is(readInteger(-0), 0));
	t.is(readCount(-1), undefined);
});

test('booleans come in six spellings', t => {
	t.deepEqual([true, 1, '1', 'true', false, 0, '0', 'false', 'no', null].map(value => readBoolean(value)), [true, true, true, true, false, false, false, false, undefined, undefined]);
});

test('an epoch is an instant of whole seconds, and 0, -1 and milliseconds are none', t => {
	t.is(readEpoch(1_600_100_000), '2020-09-14T16:13:20Z');
	t.is(readEpoch('1600100000'), '2020-09-14T16:13:20Z');
	t.deepEqual([0, -1, 1_600_100_000_000, null, 'x'].map(value => readEpoch(value)), [undefined, undefined, undefined, undefined, undefined]);
});

test('a date is a day of the calendar', t => {
	t.is(readDate('2024-02-29T00:00:00'), '2024-02-29');
	t.deepEqual(['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-01', '2024-04-31', '2024-1-1', 20_240_101, ''].map(value => readDate(value)), Array.from({length: 8}, () => undefined));
});

test('a rating key cannot break out of a path', t => {
	t.is(readRatingKey({ratingKey: 512}), '512');
	t.deepEqual(['1,2', '../1', '', 1.5, null].map(ratingKey => readRatingKey({ratingKey})), [undefined, undefined, undefined, undefined, undefined]);
});
