import test from 'ava';
import fc from 'fast-check';
import {
	planNotices,
	toldUpTo,
	type DigestSchedule,
	type DigestState,
} from '../../../source/watch/notify/plan-notices.js';
import {parseQuietHours} from '../../../source/watch/schedule/quiet-hours.js';

const timeZone = 'Europe/Berlin';
const quarter: DigestSchedule = {rhythm: {everyMs: 15 * 60_000}, timeZone};
const at = (instant: string) => new Date(instant);

const due = (schedule: DigestSchedule, firstSeen: string) => planNotices({toldRevision: 5}, 6, at(firstSeen), schedule).dueAt?.toISOString();

test('the first look only notes where the catalogue stands', t => {
	const {state, isDue, dueAt} = planNotices({}, 41, at('2026-03-01T12:00:00Z'), quarter);
	t.like(state, {toldRevision: 41, firstAt: undefined});
	t.false(isDue);
	t.is(dueAt, undefined);
});

test('changes are told a quarter of an hour after the first of them, however many follow', t => {
	const first = planNotices({toldRevision: 5}, 6, at('2026-03-01T12:00:00Z'), quarter);
	t.false(first.isDue);
	t.is(first.dueAt!.toISOString(), '2026-03-01T12:15:00.000Z');
	const more = planNotices(first.state, 9, at('2026-03-01T12:10:00Z'), quarter);
	t.is(more.dueAt!.toISOString(), '2026-03-01T12:15:00.000Z');
	t.true(planNotices(more.state, 9, at('2026-03-01T12:15:00Z'), quarter).isDue);
	t.false(planNotices(toldUpTo(9, at('2026-03-01T12:15:00Z')), 9, at('2026-03-01T12:15:00Z'), quarter).isDue);
});

test('in quiet hours nothing is due until they end', t => {
	const quiet = {...quarter, quietHours: parseQuietHours('22:00-07:00', 'quiet')};
	t.is(due(quiet, '2026-03-01T20:30:00Z'), '2026-03-01T20:45:00.000Z');
	t.is(due(quiet, '2026-03-01T20:50:00Z'), '2026-03-02T06:00:00.000Z', 'due in them');
	t.is(due(quiet, '2026-03-01T23:00:00Z'), '2026-03-02T06:00:00.000Z', 'begun in them');
	const {state} = planNotices({toldRevision: 5}, 6, at('2026-03-01T20:30:00Z'), quiet);
	t.is(planNotices(state, 6, at('2026-03-01T21:30:00Z'), quiet).dueAt!.toISOString(), '2026-03-02T06:00:00.000Z', 'nobody looked in time');
});

test('once a day means at that time on the wall, also where the clocks change', t => {
	const daily: DigestSchedule = {rhythm: {hour: 8, minute: 0}, timeZone};
	t.is(due(daily, '2026-03-01T12:00:00Z'), '2026-03-02T07:00:00.000Z');
	t.is(due(daily, '2026-03-28T12:00:00Z'), '2026-03-29T06:00:00.000Z');
	t.is(due({...daily, rhythm: {hour: 2, minute: 30}}, '2026-03-28T12:00:00Z')!.slice(0, 11), '2026-03-29T', 'an hour that there is not');
});

test('a clock that was put back does not put the digest off', t => {
	const {state} = planNotices({toldRevision: 5}, 6, at('2027-03-01T12:00:00Z'), quarter);
	t.is(planNotices(state, 6, at('2026-03-01T12:00:00Z'), quarter).dueAt!.toISOString(), '2026-03-01T12:15:00.000Z');
});

test('a catalogue that was put back from a backup tells nothing', t => {
	const {state, isDue} = planNotices({toldRevision: 50, firstAt: '2026-03-01T12:00:00Z'}, 40, at('2026-03-01T13:00:00Z'), quarter);
	t.like(state, {toldRevision: 40, firstAt: undefined});
	t.false(isDue);
});

test('whatever happens when, every revision is told once, in order, and never in quiet hours', t => {
	const steps = fc.array(fc.record({minutes: fc.nat({max: 300}), revisions: fc.nat({max: 3}), isRestart: fc.boolean()}), {maxLength: 60});
	fc.assert(fc.property(steps, all => {
		const schedule = {...quarter, timeZone: 'UTC', quietHours: parseQuietHours('22:00-07:00', 'quiet')};
		let state: DigestState = {toldRevision: 0};
		let revision = 0;
		const told = [0];
		const hours: number[] = [];
		let ms = Date.parse('2026-03-01T12:00:00Z');
		const look = () => {
			const plan = planNotices(state, revision, new Date(ms), schedule);
			({state} = plan);
			if (!plan.isDue) {
				return;
			}

			hours.push(new Date(ms).getUTCHours());
			t.is(state.toldRevision, told.at(-1));
			told.push(revision);
			state = toldUpTo(revision, new Date(ms));
		};

		for (const {minutes, revisions, isRestart} of all) {
			ms += minutes * 60_000;
			revision += revisions;
			const json = JSON.stringify(state);
			state = isRestart ? JSON.parse(json) as DigestState : state;
			look();
		}

		for (let quarters = 0; quarters < 48; quarters++) {
			look();
			ms += 15 * 60_000;
		}

		t.is(told.at(-1), revision);
		t.true(hours.every(hour => hour >= 7 && hour < 22));
	}));
});
