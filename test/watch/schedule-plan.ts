import test from 'ava';
import fc from 'fast-check';
import {dueRuns, type ScheduledLibrary} from '../../source/watch/schedule/plan-runs.js';
import {parseQuietHours, quietUntil} from '../../source/watch/schedule/quiet-hours.js';
import {parseRhythm} from '../../source/watch/schedule/rhythm.js';

const at = (text: string) => new Date(text);

const library = (changes: Partial<ScheduledLibrary> = {}): ScheduledLibrary => ({
	id: 'films',
	title: 'Films',
	lastIncrementalAt: at('2026-03-01T12:00:00Z'),
	lastFullAt: at('2026-02-27T12:00:00Z'),
	rhythm: parseRhythm('15m', 'x'),
	fullRhythm: parseRhythm('7d', 'x'),
	isPaused: false,
	...changes,
});

const plan = (now: string, libraries: ScheduledLibrary[], quiet?: string) => {
	const {due, next, wakeAt} = dueRuns({
		libraries,
		now: at(now),
		quiet: quiet === undefined ? [] : parseQuietHours(quiet, 'x'),
		timeZone: 'UTC',
	});
	return {
		due: due.map(({library: {id}, mode}) => `${mode} ${id}`),
		next: [...next].map(([id, {at: nextAt, mode}]) => `${mode} ${id} ${nextAt.toISOString().slice(0, 19)}`),
		wakeAt: wakeAt.toISOString().slice(0, 19),
	};
};

test('each library is due by its own rhythm, in the order given', t => {
	t.deepEqual(plan('2026-03-01T12:16:00Z', [
		library(),
		library({id: 'series', rhythm: parseRhythm('1h', 'x')}),
		library({id: 'music', lastIncrementalAt: undefined}),
	]), {
		due: ['incremental films', 'incremental music'],
		next: ['incremental films 2026-03-01T12:31:00', 'incremental series 2026-03-01T13:00:00', 'incremental music 2026-03-01T12:31:00'],
		wakeAt: '2026-03-01T12:17:00',
	});
});

test('a library that is due comes with its name alone', t => {
	t.deepEqual(dueRuns({libraries: [library({lastIncrementalAt: undefined})], now: at('2026-03-01T12:00:00Z')}).due, [
		{library: {id: 'films', title: 'Films'}, mode: 'incremental'},
	]);
});

test('a full run takes the place of an incremental one, and counts as one', t => {
	t.deepEqual(plan('2026-03-06T12:00:00Z', [library()]), {
		due: ['full films'],
		next: ['incremental films 2026-03-06T12:15:00'],
		wakeAt: '2026-03-06T12:01:00',
	});
	const afterFull = library({lastIncrementalAt: at('2026-03-01T10:00:00Z'), lastFullAt: at('2026-03-01T12:00:00Z')});
	t.deepEqual(plan('2026-03-01T12:10:00Z', [afterFull]).due, []);
});

test('what was never compared in full is, unless it never shall be', t => {
	t.deepEqual(plan('2026-03-01T12:01:00Z', [library({lastFullAt: undefined})]).due, ['full films']);
	const never = library({lastFullAt: undefined, fullRhythm: undefined});
	t.deepEqual(plan('2030-03-01T12:01:00Z', [never]).due, ['incremental films']);
});

test('a paused library is left alone', t => {
	t.deepEqual(plan('2026-03-09T12:00:00Z', [library({isPaused: true})]), {due: [], next: [], wakeAt: '2026-03-09T12:01:00'});
});

test('nothing scheduled is due in quiet hours: all of it moves to their end, and is done once', t => {
	const libraries = [library(), library({id: 'series', lastFullAt: at('2026-02-22T20:00:00Z')})];
	t.deepEqual(plan('2026-03-01T19:00:00Z', libraries, '18:00-23:30'), {
		due: [],
		next: ['incremental films 2026-03-01T23:30:00', 'full series 2026-03-01T23:30:00'],
		wakeAt: '2026-03-01T19:01:00',
	});
	t.deepEqual(plan('2026-03-01T23:30:00Z', libraries, '18:00-23:30').due, ['incremental films', 'full series']);
});

test('what would fall into quiet hours to come is told for their end', t => {
	t.deepEqual(plan('2026-03-01T12:05:00Z', [library()], '12:10-13:00').next, ['incremental films 2026-03-01T13:00:00']);
});

test('who plans is asked again at the next run, and within a minute however far that is', t => {
	t.is(plan('2026-03-01T12:14:40Z', [library()]).wakeAt, '2026-03-01T12:15:00');
	t.is(plan('2026-03-01T12:14:40Z', [library({rhythm: parseRhythm('0 3 * * SUN', 'x')})]).wakeAt, '2026-03-01T12:15:40');
	t.is(plan('2026-03-01T12:14:40Z', []).wakeAt, '2026-03-01T12:15:40');
});

test('a laptop that slept for days gets one run of each library', t => {
	const now = at('2026-03-20T09:00:00Z');
	const slept = [library(), library({id: 'series', rhythm: parseRhythm('*/15 * * * *', 'x')})];
	t.deepEqual(plan(now.toISOString(), slept).due, ['full films', 'full series']);
	t.deepEqual(plan('2026-03-20T09:00:05Z', slept.map(one => ({...one, lastFullAt: now}))).due, []);
});

test('a clock that is set back by years brings one run, also where nothing is ever compared in full', t => {
	const now = at('2020-01-01T00:00:00Z');
	t.deepEqual(plan(now.toISOString(), [library()]).due, ['full films']);
	const never = library({fullRhythm: undefined});
	t.deepEqual(plan(now.toISOString(), [never]).due, ['incremental films']);
	t.deepEqual(plan('2020-01-01T00:01:00Z', [{...never, lastIncrementalAt: now}]).due, []);
});

test('a day of quarter hours over a change of the clocks has as many runs as it has quarters', t => {
	for (const [from, hours, timeZone] of [['2026-03-28T23:00Z', 23, 'Europe/Berlin'], ['2026-10-24T22:00Z', 25, 'Europe/Berlin'], ['2026-04-04T13:00Z', 24.5, 'Australia/Lord_Howe']] as const) {
		let state = library({rhythm: parseRhythm('*/15 * * * *', 'x'), fullRhythm: undefined, lastIncrementalAt: at(from)});
		let now = at(from);
		let runs = 0;
		while (now < new Date(Date.parse(from) + (hours * 3_600_000))) {
			const {due, wakeAt} = dueRuns({libraries: [state], now, timeZone});
			runs += due.length;
			state = due.length === 0 ? state : {...state, lastIncrementalAt: now};
			now = wakeAt;
		}

		t.is(runs, (hours * 4) - 1, `in ${timeZone}`);
	}
});

const instants = fc.integer({min: Date.UTC(2026, 0), max: Date.UTC(2027, 1)}).map(ms => new Date(ms));
const rhythms = fc.constantFrom('1m', '15m', '7d', '*/15 * * * *', '30 2 * * *', '0 3 * * SUN').map(text => parseRhythm(text, 'x'));

const libraries = fc.uniqueArray(fc.record({
	id: fc.constantFrom('a', 'b', 'c', 'd'),
	title: fc.constant('Library'),
	lastIncrementalAt: fc.option(instants, {nil: undefined}),
	lastFullAt: fc.option(instants, {nil: undefined}),
	rhythm: rhythms,
	fullRhythm: fc.option(rhythms, {nil: undefined}),
	isPaused: fc.boolean(),
}), {selector: ({id}) => id});

const situations = fc.record({
	libraries,
	now: instants,
	quiet: fc.constantFrom('18:00-23:30', '22:00-06:00', '01:00-02:30,12:00-12:01').map(text => parseQuietHours(text, 'x')),
	timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
});

test('a pass has one run of a library at most, none that is paused, and none in quiet hours', t => {
	fc.assert(fc.property(situations, situation => {
		const {due} = dueRuns(situation);
		const ids = due.map(({library: {id}}) => id);
		t.is(new Set(ids).size, ids.length);
		t.false(situation.libraries.some(({id, isPaused}) => isPaused && ids.includes(id)));
		t.true(due.length === 0 || quietUntil(situation.quiet, situation.now, situation.timeZone) === undefined);
	}));
});

test('what is next is to come, outside of quiet hours, and known for each library that is not paused', t => {
	fc.assert(fc.property(situations, situation => {
		const {next, wakeAt} = dueRuns(situation);
		const {now, quiet, timeZone} = situation;
		t.deepEqual(next.keys().toArray().toSorted(), situation.libraries.filter(({isPaused}) => !isPaused).map(({id}) => id).toSorted());
		for (const {at: nextAt} of next.values()) {
			t.true(nextAt > now);
			t.is(quietUntil(quiet, nextAt, timeZone), undefined);
			t.true(wakeAt <= nextAt);
		}

		t.true(wakeAt > now);
	}));
});

test('what is due and not done stays due until the next quiet hours, and is done no less thoroughly', t => {
	fc.assert(fc.property(situations, fc.integer({min: 0, max: 3_600_000}), (situation, laterMs) => {
		const later = new Date(situation.now.getTime() + laterMs);
		fc.pre(quietUntil(situation.quiet, later, situation.timeZone) === undefined);
		// A run in the future may cease to be one.
		fc.pre(situation.libraries.every(({lastIncrementalAt, lastFullAt}) => [lastIncrementalAt, lastFullAt].every(last => last === undefined || last <= situation.now)));
		const afterwards = new Map(dueRuns({...situation, now: later}).due.map(({library: {id}, mode}) => [id, mode]));
		for (const {library: {id}, mode} of dueRuns(situation).due) {
			t.true(afterwards.get(id) === 'full' || afterwards.get(id) === mode);
		}
	}));
});

test('what was due is not due again once it was done', t => {
	fc.assert(fc.property(situations, situation => {
		const {now} = situation;
		const {due} = dueRuns(situation);
		const done = situation.libraries.map(one => {
			const run = due.find(({library: {id}}) => id === one.id);
			return run === undefined ? one : {...one, lastIncrementalAt: now, ...(run.mode === 'full' && {lastFullAt: now})};
		});
		t.deepEqual(dueRuns({...situation, libraries: done}).due, []);
	}));
});
