import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import {parseQuietHours, quietHoursText, quietUntil} from '../../source/watch/schedule/quiet-hours.js';

const until = (quiet: string, now: string, timeZone = 'UTC') =>
	quietUntil(parseQuietHours(quiet, 'x'), new Date(now), timeZone)?.toISOString().slice(0, 16);

test('quiet hours are spans of the day, put in order and joined where they touch', t => {
	const read = (text: string) => quietHoursText(parseQuietHours(text, 'x'));
	t.deepEqual(parseQuietHours('22:00-06:00', 'x'), [{fromMinute: 1320, toMinute: 360}]);
	t.is(read('18:00-23:30'), '18:00-23:30');
	t.is(read(' 7:05 - 9:00 '), '07:05-09:00');
	t.is(read('18:00-24:00'), '18:00-00:00');
	t.is(read('00:00-06:00'), '00:00-06:00');
	t.is(read('18:00-20:00, 06:00-08:00'), '06:00-08:00,18:00-20:00');
	t.is(read('18:00-20:00,20:00-22:00,21:00-02:00'), '18:00-02:00');
	t.is(read('22:00-00:00,00:00-06:00'), '22:00-06:00');
});

test('what are no quiet hours is refused by the name of its option', t => {
	for (const text of ['', '18-23', '18:00', '18:60-20:00', '25:00-06:00', '24:00-06:00', '18:00-24:30', '18:00-20:00;21:00-22:00', '18:00-20:00,', '18:00\u{1B}[2J-19:00']) {
		const error = t.throws<AppError>(() => parseQuietHours(text, '--quiet-hours'), {instanceOf: AppError, code: 'usage'}, `"${text}"`);
		t.true(error.message.startsWith('--quiet-hours does not understand'), `"${text}"`);
		t.false(error.message.includes('\u{1B}'));
	}

	t.throws(() => parseQuietHours('06:00-06:00', 'x'), {code: 'usage', message: /begin and end at the same time/v});
	t.throws(() => parseQuietHours('00:00-24:00', 'x'), {code: 'usage', message: /begin and end at the same time/v});
	t.throws(() => parseQuietHours('06:00-18:00,17:00-07:00', 'x'), {code: 'usage', message: /no time of the day/v});
});

test('quiet hours last to their end, which is not quiet', t => {
	t.is(until('18:00-23:30', '2026-03-01T17:59:59.999Z'), undefined);
	t.is(until('18:00-23:30', '2026-03-01T18:00:00Z'), '2026-03-01T23:30');
	t.is(until('18:00-23:30', '2026-03-01T23:29:59.999Z'), '2026-03-01T23:30');
	t.is(until('18:00-23:30', '2026-03-01T23:30:00Z'), undefined);
	t.is(quietUntil([], new Date()), undefined);
});

test('quiet hours go over midnight, and over the end of a year', t => {
	t.is(until('22:00-06:00', '2026-12-31T22:30:00Z'), '2027-01-01T06:00');
	t.is(until('22:00-06:00', '2027-01-01T05:59:00Z'), '2027-01-01T06:00');
	t.is(until('22:00-06:00', '2028-02-28T23:00:00Z'), '2028-02-29T06:00');
	t.is(until('22:00-06:00', '2026-12-31T12:00:00Z'), undefined);
});

test('quiet hours go by the wall clock of the time zone', t => {
	t.is(until('22:00-06:00', '2026-01-10T20:30:00Z', 'Europe/Berlin'), undefined);
	t.is(until('22:00-06:00', '2026-01-10T21:30:00Z', 'Europe/Berlin'), '2026-01-11T05:00');
	t.is(until('22:00-06:00', '2026-07-10T20:30:00Z', 'Europe/Berlin'), '2026-07-11T04:00');
	t.is(until('22:00-06:00', '2026-07-10T20:30:00Z', 'Asia/Kathmandu'), '2026-07-11T00:15');
});

test('the hour that spring takes shortens the night', t => {
	t.is(until('22:00-06:00', '2026-03-28T22:00:00Z', 'Europe/Berlin'), '2026-03-29T04:00');
	t.is(until('22:00-02:30', '2026-03-28T22:00:00Z', 'Europe/Berlin'), '2026-03-29T01:00');
	t.is(until('22:00-06:00', '2026-03-08T04:00:00Z', 'America/New_York'), '2026-03-08T10:00');
	t.is(until('22:00-02:15', '2026-10-03T13:00:00Z', 'Australia/Lord_Howe'), '2026-10-03T15:30');
});

test('the hour that autumn gives twice is quiet twice', t => {
	t.is(until('22:00-06:00', '2026-10-24T21:00:00Z', 'Europe/Berlin'), '2026-10-25T05:00');
	t.is(until('22:00-03:00', '2026-10-24T21:00:00Z', 'Europe/Berlin'), '2026-10-25T02:00');
	t.is(until('22:00-02:30', '2026-10-24T21:00:00Z', 'Europe/Berlin'), '2026-10-25T00:30');
	t.is(until('22:00-02:30', '2026-10-25T00:59:00Z', 'Europe/Berlin'), undefined);
	t.is(until('22:00-02:30', '2026-10-25T01:00:00Z', 'Europe/Berlin'), '2026-10-25T01:30');
	t.is(until('22:00-02:00', '2026-04-04T12:00:00Z', 'Australia/Lord_Howe'), '2026-04-04T15:30');
});

const changes = fc.constantFrom(...Object.entries({
	'Europe/Berlin': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
	'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
	'Australia/Lord_Howe': ['2026-10-03T15:30Z', '2026-04-04T15:00Z'],
	'America/Sao_Paulo': ['2018-11-04T03:00Z'],
	'Asia/Kathmandu': ['2026-05-05T05:05Z'],
}).flatMap(([timeZone, dates]) => dates.map(change => ({timeZone, change}))));

const minutes = fc.integer({min: 0, max: 1439});
const timeText = (minute: number) => new Date(minute * 60_000).toISOString().slice(11, 16);

test('the end of quiet hours is the first minute that the wall clock shows outside of them', t => {
	fc.assert(fc.property(changes, fc.integer({min: -1500, max: 300}), minutes, minutes, ({timeZone, change}, offset, from, to) => {
		fc.pre(from !== to);
		const wall = new Intl.DateTimeFormat('en-GB', {timeZone, hour: '2-digit', minute: '2-digit'});
		const [start, end] = [timeText(from), timeText(to)];
		const isQuiet = (ms: number) => {
			const time = wall.format(ms);
			return start < end ? time >= start && time < end : time >= start || time < end;
		};

		const nowMs = Date.parse(change) + (offset * 60_000) + 12_345;
		let expectedMs = nowMs;
		while (isQuiet(expectedMs)) {
			expectedMs = (Math.floor(expectedMs / 60_000) * 60_000) + 60_000;
		}

		const quiet = parseQuietHours(`${start}-${end}`, 'x');
		t.is(quietUntil(quiet, new Date(nowMs), timeZone)?.getTime(), expectedMs === nowMs ? undefined : expectedMs);
	}));
});

test('quiet hours that are printed are read back as the same', t => {
	fc.assert(fc.property(fc.array(fc.tuple(minutes, fc.integer({min: 1, max: 300})), {minLength: 1, maxLength: 4}), spans => {
		const quiet = parseQuietHours(spans.map(([from, length]) => `${timeText(from)}-${timeText((from + length) % 1440)}`).join(','), 'x');
		t.deepEqual(parseQuietHours(quietHoursText(quiet), 'x'), quiet);
	}));
});
