import test from 'ava';
import fc from 'fast-check';
import {type AlertFacts, defaultAlertLimits as limits, type LibraryFacts} from '../../source/watch/alerts/alert-facts.js';
import {
	alertStateSchema,
	judgeAlerts,
	keyOf,
	noAlerts,
	openAlerts,
	type AlertState,
	type Judged,
} from '../../source/watch/alerts/alerts.js';

const startedAt = '2026-03-01T12:00:00.000Z';
const minute = (count: number) => new Date(Date.parse(startedAt) + (count * 60_000));
const told = ({raised, recovered}: Judged) => [
	...raised.map(({kind, subject}) => `! ${kind} ${subject}`),
	...recovered.map(({kind, subject}) => `ok ${kind} ${subject}`),
];

const films = (facts: Partial<LibraryFacts> = {}): LibraryFacts => ({
	id: 'films', title: 'Films', failures: 0, held: 0, lastRunAt: '2026-03-01T11:00:00Z', ...facts,
});

/**
One judgement after the other, a minute apart unless it is said otherwise.
*/
const judging = (initial: AlertState = noAlerts) => {
	let state = initial;
	let at = 0;
	return {
		judge(facts: Partial<AlertFacts>, minutes = 1) {
			at += minutes;
			const judged = judgeAlerts(state, {startedAt, ...facts}, minute(at), limits);
			({state} = judged);
			return judged;
		},
		state: () => state,
	};
};

test('a library is told of at the third failure in a row, once, and again when it is well', t => {
	const {judge} = judging();
	const fails = (failures: number) => told(judge({libraries: [films({failures, fault: 'The disk is gone.'})]}));
	t.deepEqual(fails(1), []);
	t.deepEqual(fails(2), []);
	t.deepEqual(fails(3), ['! sync-failing films']);
	t.deepEqual(fails(4), []);
	t.deepEqual(told(judge({libraries: [films({lastRunAt: '2026-03-01T12:05:00Z'})]})), ['ok sync-failing films']);
});

test('a restart forgets failures, yet the library is well only after a run that ended well', t => {
	const {judge} = judging();
	judge({libraries: [films({failures: 3})]});
	t.deepEqual(told(judge({startedAt: minute(2).toISOString(), libraries: [films()]})), []);
	t.deepEqual(told(judge({libraries: [films({lastRunAt: undefined})]})), []);
	t.deepEqual(told(judge({libraries: [films({lastRunAt: '2026-03-01T12:09:00Z'})]})), ['ok sync-failing films']);
});

test('what was wrong says for how long, even where the clock was put back', t => {
	const {judge} = judging();
	judge({libraries: [films({held: 40})]});
	const [recovered] = judge({libraries: [films()]}, 125).recovered;
	t.like(recovered, {
		kind: 'removals-held', since: minute(1).toISOString(), endedAt: minute(126).toISOString(), lastedMs: 125 * 60_000,
	});
	t.is(recovered!.message, 'Nothing of Films is held any more, after 2 h 5 min.');

	judge({libraries: [films({held: 40})]});
	t.is(judge({libraries: [films()]}, -600).recovered[0]!.lastedMs, 0);
});

test('a server is told of after ten minutes away, with the time since it went', t => {
	const {judge} = judging();
	const away = {
		server: {
			name: 'Attic', isReachable: false, hasBeenReached: true, fault: 'Nothing answers.',
		},
	};
	for (let count = 0; count < 10; count++) {
		t.deepEqual(told(judge(away)), []);
	}

	const judged = judge(away);
	t.deepEqual(told(judged), ['! unreachable server']);
	t.is(judged.raised[0]!.since, minute(1).toISOString());
	t.is(judged.raised[0]!.message, 'Attic has not been reached for 10 min. Nothing answers.');
	t.deepEqual(told(judge({server: {...away.server, isReachable: true}})), ['ok unreachable server']);
});

test('a server that was never reached has fifteen minutes from the start, and a new process counts anew', t => {
	const never = {server: {isReachable: false, hasBeenReached: false}};
	const {judge} = judging();
	const raisedAt = Array.from({length: 30}, (_, index) => told(judge(never)).length > 0 ? index : undefined).filter(index => index !== undefined);
	t.deepEqual(raisedAt, [15]);

	const other = judging();
	for (let count = 0; count < 14; count++) {
		other.judge(never);
	}

	const anew = {...never, startedAt: minute(14).toISOString()};
	const again = Array.from({length: 30}, (_, index) => told(other.judge(anew)).length > 0 ? index : undefined).filter(index => index !== undefined);
	t.deepEqual(again, [15]);
});

test('a machine that slept for a night has not seen the server away for a night', t => {
	const {judge} = judging();
	const away = {server: {isReachable: false, hasBeenReached: true}};
	judge(away);
	t.deepEqual(told(judge(away, 8 * 60)), []);
	t.deepEqual(told(judge({server: {isReachable: true, hasBeenReached: true}})), []);
});

test('a server that refuses the token is there', t => {
	const {judge} = judging();
	const refused = {token: 'refused' as const, server: {isReachable: false, hasBeenReached: true}};
	t.deepEqual(told(judge(refused)), ['! token-dead server']);
	for (let count = 0; count < 20; count++) {
		t.deepEqual(told(judge(refused)), []);
	}

	t.deepEqual(told(judge({server: refused.server})), [], 'nothing is known of the token while the server is away');
	t.deepEqual(told(judge({token: 'works', server: {isReachable: true, hasBeenReached: true}})), ['ok token-dead server']);
});

test('a disk is low below 1 GiB or two catalogues, and well only at a quarter more', t => {
	const {judge} = judging();
	const disk = (freeBytes: number, catalogueBytes = 0) => told(judge({disk: {folder: '/data', freeBytes, catalogueBytes}}));
	const gib = 2 ** 30;
	t.deepEqual(disk(gib), []);
	t.deepEqual(disk(gib - 1), ['! disk-low /data']);
	t.deepEqual(disk(gib), []);
	t.deepEqual(disk((1.25 * gib) - 1), []);
	t.deepEqual(disk(gib - 1), []);
	t.deepEqual(disk(1.25 * gib), ['ok disk-low /data']);
	t.deepEqual(disk(1.25 * gib, gib), ['! disk-low /data']);
	t.deepEqual(disk(2.5 * gib, gib), ['ok disk-low /data']);
});

test('a folder of which everything is unavailable is told of, and again when it is back; while nobody has looked, nothing is', t => {
	const {judge} = judging();
	const folders = (isUnavailable: boolean | undefined) => told(judge({libraries: [films({folders: [{path: '/mnt/usb', isUnavailable}, {path: '/srv', isUnavailable: false}]})]}));
	t.deepEqual(folders(undefined), []);
	t.deepEqual(folders(true), ['! folder-unavailable films /mnt/usb']);
	t.deepEqual(folders(true), []);
	t.deepEqual(folders(undefined), []);
	t.deepEqual(folders(false), ['ok folder-unavailable films /mnt/usb']);
});

test('one item is spoken of as one', t => {
	t.deepEqual(judging().judge({libraries: [films({held: 1, differences: 1})]}).raised.map(({message}) => message.split('.', 1)[0]), [
		'1 item of Films is gone from the server at once', 'The audit of Films found 1 item that differs from the server',
	]);
});

test('a channel is broken at the fifth failure, and an audit is told until one finds nothing', t => {
	const {judge} = judging();
	t.deepEqual(told(judge({channels: [{name: 'phone', failures: 4}]})), []);
	t.deepEqual(told(judge({channels: [{name: 'phone', failures: 5}]})), ['! channel-broken phone']);
	t.deepEqual(told(judge({channels: [{name: 'phone', failures: 0}]})), ['ok channel-broken phone']);

	t.deepEqual(told(judge({libraries: [films({differences: 2})]})), ['! audit-differs films']);
	t.deepEqual(told(judge({libraries: [films()]})), []);
	t.deepEqual(told(judge({libraries: [films({differences: 0})]})), ['ok audit-differs films']);
});

test('a backup is bad until it is checked again or gone, and nobody is told of one that was not checked', t => {
	const {judge} = judging();
	t.deepEqual(told(judge({backups: [{file: 'b', problems: undefined}]})), []);
	t.deepEqual(told(judge({backups: [{file: 'b', problems: ['It is damaged.']}]})), ['! backup-bad b']);
	t.deepEqual(told(judge({})), []);
	t.deepEqual(told(judge({backups: [{file: 'b', problems: undefined}]})), []);
	t.deepEqual(told(judge({backups: [{file: 'b', problems: []}]})), ['ok backup-bad b']);
	judge({backups: [{file: 'b', problems: ['It is damaged.']}]});
	t.deepEqual(told(judge({backups: []})), ['ok backup-bad b']);
});

test('what is no longer watched is no longer wrong, and what nobody could look at stays', t => {
	const {judge, state} = judging();
	judge({libraries: [films({held: 1})]});
	t.deepEqual(told(judge({})), []);
	t.is(openAlerts(state()).length, 1);
	const judged = judge({libraries: []});
	t.deepEqual(told(judged), ['ok removals-held films']);
	t.regex(judged.recovered[0]!.message, /no longer watched/v);
});

const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, {nil: undefined, freq: 4});
const anyLibrary = fc.record({
	id: fc.constantFrom('a', 'b'), title: fc.constant('Films'), failures: fc.nat({max: 4}), held: fc.nat({max: 1}), lastRunAt: some(fc.constantFrom('one', 'two')), differences: some(fc.nat({max: 1})),
});
const anyFacts: fc.Arbitrary<AlertFacts> = fc.record({
	startedAt: fc.constantFrom('x', 'y'),
	libraries: some(fc.uniqueArray(anyLibrary, {selector: ({id}) => id, maxLength: 2})),
	server: some(fc.record({isReachable: fc.boolean(), hasBeenReached: fc.boolean()})),
	token: some(fc.constantFrom('works' as const, 'refused' as const)),
	disk: some(fc.record({folder: fc.constant('/data'), freeBytes: fc.nat({max: 2 ** 31}), catalogueBytes: fc.nat({max: 2 ** 30})})),
	channels: some(fc.uniqueArray(fc.record({name: fc.constantFrom('p', 'q'), failures: fc.nat({max: 6})}), {selector: ({name}) => name, maxLength: 2})),
});
const days = fc.array(fc.tuple(anyFacts, fc.integer({min: -20, max: 400})), {maxLength: 40});

const story = (steps: ReadonlyArray<[AlertFacts, number]>, between: (state: AlertState) => AlertState = state => state) => {
	let state = noAlerts;
	let at = 0;
	return steps.map(([facts, minutes]) => {
		at += minutes;
		const judged = judgeAlerts(state, facts, minute(at), limits);
		state = between(judged.state);
		return {judged, facts, now: minute(at)};
	});
};

test('raised and recovered take turns for each kind and subject, and what is open is what was raised and has not recovered', t => {
	fc.assert(fc.property(days, steps => {
		const open = new Set<string>();
		for (const {judged} of story(steps)) {
			for (const alert of judged.recovered) {
				t.true(open.delete(keyOf(alert)));
			}

			for (const alert of judged.raised) {
				t.false(open.has(keyOf(alert)));
				open.add(keyOf(alert));
			}

			t.deepEqual(judged.state.open.map(alert => keyOf(alert)).toSorted(), [...open].toSorted());
		}
	}));
});

test('the same facts at the same moment tell nothing more', t => {
	fc.assert(fc.property(days, steps => {
		for (const {judged, facts, now} of story(steps)) {
			t.deepEqual(told(judgeAlerts(judged.state, facts, now, limits)), []);
		}
	}));
});

test('a restart between any two judgements changes nothing', t => {
	const restarted = (state: AlertState) => {
		const json = JSON.stringify(state);
		return alertStateSchema.parse(JSON.parse(json));
	};

	fc.assert(fc.property(days, steps => {
		t.deepEqual(story(steps, restarted), story(steps));
	}));
});
