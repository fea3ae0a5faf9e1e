import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import {durationText, parseDuration} from '../../source/watch/schedule/duration.js';

test('durations are read as a person writes them', t => {
	const read = (text: string) => parseDuration(text, '--interval');
	t.is(read('90s'), 90_000);
	t.is(read('15m'), 900_000);
	t.is(read(' 2h '), 7_200_000);
	t.is(read('1h30m'), 5_400_000);
	t.is(read('7d'), 604_800_000);
	t.is(read('2w'), 1_209_600_000);
	t.is(read('1d2h3m4s'), 93_784_000);
});

test('what is no duration is refused by the name of its option', t => {
	for (const text of ['', ' ', '15', 'm', '30m1h', '1h1h', '1.5h', '-5m', '15 m', '15M', '1y', '999999999s', '15m\u{1B}[2J']) {
		const error = t.throws<AppError>(() => parseDuration(text, '--full-every'), {instanceOf: AppError, code: 'usage'}, `"${text}"`);
		t.true(error.message.startsWith('--full-every '), `"${text}"`);
		t.false(error.message.includes('\u{1B}'));
	}
});

test('a duration beyond its bounds is refused with the bounds', t => {
	const error = t.throws<AppError>(() => parseDuration('5s', '--interval', {minMs: 30_000, maxMs: 86_400_000}), {code: 'usage', message: '--interval cannot be 5s.'});
	t.is(error.hint, 'It takes from 30s to 1d.');
	t.throws(() => parseDuration('25h', '--interval', {maxMs: 86_400_000}), {code: 'usage'});
	t.throws(() => parseDuration('0m', '--interval'), {code: 'usage'});
	t.is(parseDuration('24h', '--interval', {maxMs: 86_400_000}), 86_400_000);
});

test('a duration is printed in its greatest units', t => {
	t.is(durationText(0), '0s');
	t.is(durationText(5_400_000), '1h30m');
	t.is(durationText(604_800_000), '7d');
	t.is(durationText(1499), '1s');
});

test('what is printed is read back as the same', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 366 * 86_400}), seconds => {
		t.is(parseDuration(durationText(seconds * 1000), 'x'), seconds * 1000);
	}));
});
