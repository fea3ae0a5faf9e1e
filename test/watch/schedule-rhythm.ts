import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import {nextAfter, parseRhythm, rhythmText} from '../../source/watch/schedule/rhythm.js';

const at = (text: string) => new Date(text);

/**
The times at which something runs whose schedule is looked at every minute, and which is done at once.
*/
const runsBetween = (rhythmOf: string, {from, to, timeZone}: {from: string; to: string; timeZone: string}): string[] => {
	const rhythm = parseRhythm(rhythmOf, 'x');
	const runs: string[] = [];
	let lastRunAt = at(from);
	for (let ms = Date.parse(from); ms <= Date.parse(to); ms += 60_000) {
		const now = new Date(ms);
		if (nextAfter(rhythm, {lastRunAt, now, timeZone}) > now) {
			continue;
		}

		runs.push(now.toISOString().slice(0, 16));
		lastRunAt = now;
	}

	return runs;
};

test('a rhythm is a duration or a cron expression', t => {
	t.deepEqual(parseRhythm('15m', 'x'), {kind: 'every', everyMs: 900_000});
	t.deepEqual(parseRhythm(' */15  * * * * ', 'x'), {kind: 'cron', expression: '*/15 * * * *'});
	t.deepEqual(parseRhythm('0 3 * * SUN', 'x'), {kind: 'cron', expression: '0 3 * * SUN'});
	t.deepEqual(parseRhythm('@daily', 'x'), {kind: 'cron', expression: '@daily'});
	for (const text of ['15m', '1h30m', '*/15 * * * *', '0 3 * * SUN', '@daily']) {
		t.is(rhythmText(parseRhythm(text, 'x')), text);
	}
});

test('what is no rhythm is refused with the reason', t => {
	const message = (text: string) => t.throws<AppError>(() => parseRhythm(text, '--interval'), {instanceOf: AppError, code: 'usage'}, `"${text}"`).message;
	t.is(message('60 * * * *'), '--interval does not understand "60 * * * *": Invalid value for minute: 60.');
	t.is(message('* * * * * *'), '--interval does not understand "* * * * * *": a cron expression has 5 fields, this one has 6.');
	t.is(message('every day'), '--interval does not understand "every day": a cron expression has 5 fields, this one has 2.');
	t.is(message('0 0 30 2 *'), '--interval does not understand "0 0 30 2 *": this day never comes.');
	t.regex(message('? * * * *'), /write \* in place of \?\.$/v);
	t.regex(message('@sometimes'), /^--interval does not understand "@sometimes": .+\.$/v);
	const {hint} = t.throws<AppError>(() => parseRhythm('daily', '--interval'), {instanceOf: AppError});
	t.regex(hint!, /^It takes a duration such as .*, or a cron expression of five fields such as "0 3 \* \* SUN"\.$/v);
	t.is(message('10s'), '--interval cannot be 10s.');
	t.false(message('0 3 * * \u{1B}[31m').includes('\u{1B}'));
	message('2030-01-23T00:00:00');
});

test('something repeated is due so long after the last time', t => {
	const rhythm = parseRhythm('15m', 'x');
	const lastRunAt = at('2026-03-01T12:00:00Z');
	t.deepEqual(nextAfter(rhythm, {lastRunAt, now: at('2026-03-01T12:04:00Z')}), at('2026-03-01T12:15:00Z'));
	t.deepEqual(nextAfter(rhythm, {lastRunAt, now: at('2026-03-01T12:15:00Z')}), at('2026-03-01T12:15:00Z'));
});

test('what was never done is due, and so is what was done in a future that a clock set back has taken away', t => {
	const now = at('2026-03-01T12:00:00Z');
	for (const text of ['15m', '0 3 * * SUN']) {
		t.deepEqual(nextAfter(parseRhythm(text, 'x'), {now}), now);
		t.deepEqual(nextAfter(parseRhythm(text, 'x'), {lastRunAt: at('2036-01-01T00:00:00Z'), now}), now);
		t.deepEqual(nextAfter(parseRhythm(text, 'x'), {lastRunAt: at('no date'), now}), now);
	}
});

test('a laptop that slept for days, or a clock set forward, makes up for all that was missed at once', t => {
	for (const text of ['15m', '*/15 * * * *', '0 3 * * *']) {
		const rhythm = parseRhythm(text, 'x');
		const now = at('2026-03-09T17:22:31Z');
		t.deepEqual(nextAfter(rhythm, {lastRunAt: at('2026-03-02T12:00:00Z'), now, timeZone: 'UTC'}), now);
		t.true(nextAfter(rhythm, {lastRunAt: now, now, timeZone: 'UTC'}) > now);
	}
});

test('a cron expression goes by the wall clock of its time zone', t => {
	const options = {lastRunAt: at('2026-01-05T12:00:00Z'), now: at('2026-01-05T12:00:00Z')};
	t.deepEqual(nextAfter(parseRhythm('0 3 * * SUN', 'x'), {...options, timeZone: 'Europe/Berlin'}), at('2026-01-11T02:00:00Z'));
	t.deepEqual(nextAfter(parseRhythm('0 3 * * SUN', 'x'), {...options, timeZone: 'America/New_York'}), at('2026-01-11T08:00:00Z'));
	t.deepEqual(nextAfter({kind: 'cron', expression: '0 3 * * SUN', timeZone: 'UTC'}, {...options, timeZone: 'Europe/Berlin'}), at('2026-01-11T03:00:00Z'));
});

test('a time that is left out in spring comes at the end of the gap, that day only', t => {
	t.deepEqual(runsBetween('30 2 * * *', {from: '2026-03-28T12:00Z', to: '2026-03-31T00:00Z', timeZone: 'Europe/Berlin'}), ['2026-03-29T01:00', '2026-03-30T00:30']);
	t.deepEqual(runsBetween('30 2 * * *', {from: '2026-03-07T12:00Z', to: '2026-03-09T12:00Z', timeZone: 'America/New_York'}), ['2026-03-08T07:00', '2026-03-09T06:30']);
	t.deepEqual(runsBetween('15 2 * * *', {from: '2026-10-03T00:00Z', to: '2026-10-05T00:00Z', timeZone: 'Australia/Lord_Howe'}), ['2026-10-03T15:30', '2026-10-04T15:15']);
	t.deepEqual(runsBetween('30 2,14 * * *', {from: '2026-03-28T20:00Z', to: '2026-03-30T00:00Z', timeZone: 'Europe/Berlin'}), ['2026-03-29T01:00', '2026-03-29T12:30']);
	t.deepEqual(runsBetween('15,45 1-3 * * *', {from: '2026-03-28T20:00Z', to: '2026-03-29T12:00Z', timeZone: 'Europe/Berlin'}), [
		'2026-03-29T00:15', '2026-03-29T00:45', '2026-03-29T01:00', '2026-03-29T01:15', '2026-03-29T01:45',
	]);
});

test('a time that comes twice in autumn counts once', t => {
	t.deepEqual(runsBetween('30 2 * * *', {from: '2026-10-24T12:00Z', to: '2026-10-26T12:00Z', timeZone: 'Europe/Berlin'}), ['2026-10-25T00:30', '2026-10-26T01:30']);
	t.deepEqual(runsBetween('30 1 * * *', {from: '2026-10-31T12:00Z', to: '2026-11-02T12:00Z', timeZone: 'America/New_York'}), ['2026-11-01T05:30', '2026-11-02T06:30']);
	t.deepEqual(runsBetween('45 1 * * *', {from: '2026-04-04T12:00Z', to: '2026-04-06T00:00Z', timeZone: 'Australia/Lord_Howe'}), ['2026-04-04T14:45', '2026-04-05T15:15']);
	t.deepEqual(runsBetween('30 2,14 * * *', {from: '2026-10-24T20:00Z', to: '2026-10-26T00:00Z', timeZone: 'Europe/Berlin'}), ['2026-10-25T00:30', '2026-10-25T13:30']);
});

test('every quarter of an hour stays a quarter of an hour while the clocks change', t => {
	for (const [from, to, timeZone] of [
		['2026-03-28T22:00Z', '2026-03-29T04:00Z', 'Europe/Berlin'],
		['2026-10-24T22:00Z', '2026-10-25T04:00Z', 'Europe/Berlin'],
		['2026-10-03T13:00Z', '2026-10-03T19:00Z', 'Australia/Lord_Howe'],
		['2026-04-04T12:00Z', '2026-04-04T18:00Z', 'Australia/Lord_Howe'],
	] as const) {
		t.is(runsBetween('*/15 * * * *', {from, to, timeZone}).length, 24, `${timeZone} ${from}`);
		t.is(runsBetween('15m', {from, to, timeZone}).length, 24, `${timeZone} ${from}`);
	}
});

test('leap days and ends of years are days like others', t => {
	const next = (text: string, last: string) => nextAfter(parseRhythm(text, 'x'), {lastRunAt: at(last), now: at(last), timeZone: 'Europe/Berlin'}).toISOString();
	t.is(next('0 3 29 2 *', '2026-01-01T00:00:00Z'), '2028-02-29T02:00:00.000Z');
	t.is(next('0 3 29 2 *', '2096-03-01T00:00:00Z'), '2104-02-29T02:00:00.000Z');
	t.is(next('0 3 L * *', '2028-02-01T00:00:00Z'), '2028-02-29T02:00:00.000Z');
	t.is(next('0 0 1 1 *', '2026-06-01T00:00:00Z'), '2026-12-31T23:00:00.000Z');
	t.is(next('0 3 * * *', '2026-12-31T12:00:00Z'), '2027-01-01T02:00:00.000Z');
	t.is(next('1d', '2028-02-28T12:00:00Z'), '2028-02-29T12:00:00.000Z');
});

const rhythms = fc.constantFrom('30s', '15m', '1h30m', '7d', '*/15 * * * *', '30 2 * * *', '0 3 * * SUN', '0 0 1 1 *').map(text => parseRhythm(text, 'x'));
const instants = fc.integer({min: Date.UTC(2020, 0), max: Date.UTC(2040, 0)}).map(ms => new Date(ms));
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');

test('what is next is never in the past, and never earlier when looked at later', t => {
	fc.assert(fc.property(rhythms, instants, fc.tuple(instants, instants), zones, (rhythm, lastRunAt, [one, other], timeZone) => {
		const [now, later] = one < other ? [one, other] : [other, one];
		const next = nextAfter(rhythm, {lastRunAt, now, timeZone});
		t.true(next >= now);
		t.true(nextAfter(rhythm, {lastRunAt, now: later, timeZone}) >= next);
	}));
});

test('what has just been done is not due', t => {
	fc.assert(fc.property(rhythms, instants, zones, (rhythm, now, timeZone) => {
		t.true(nextAfter(rhythm, {lastRunAt: now, now, timeZone}) > now);
	}));
});
