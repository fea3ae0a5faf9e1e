import test from 'ava';
import fc from 'fast-check';
import {
	addDone,
	paceOfSpeed,
	remainingWords,
	startSpeed,
	type Speed,
} from '../../source/sync/speed.js';

const pages = fc.record({batch: fc.integer({min: 1, max: 200}), gapMs: fc.integer({min: 20, max: 20_000})});

/**
Batches that come one by one, and looks in between, as requests begin and end.
*/
const stream = (from: Speed, {batch, gapMs}: {batch: number; gapMs: number}, {fromMs, untilMs, see = () => {/* nobody looks */}}: {fromMs: number; untilMs: number; see?: (speed: Speed, nowMs: number) => void}): Speed => {
	let speed = from;
	for (let nowMs = fromMs + gapMs; nowMs <= untilMs; nowMs += gapMs) {
		speed = addDone(speed, {fetched: 0, compared: 0}, nowMs - Math.floor(gapMs / 3));
		see(speed, nowMs);
		speed = addDone(speed, {fetched: batch, compared: 0}, nowMs);
		see(speed, nowMs);
	}

	return speed;
};

test('at a steady rate the speed is within 20 percent once there is one, just after a batch and just before', t => {
	t.notThrows(() => {
		fc.assert(fc.property(pages, ({batch, gapMs}) => {
			const verdicts: boolean[] = [];
			stream(startSpeed(0), {batch, gapMs}, {
				fromMs: 0,
				untilMs: Math.max(120_000, gapMs * 10),
				see(speed, nowMs) {
					const {perSecond, isReliable} = paceOfSpeed(speed);
					const trueRate = batch * 1000 / gapMs;
					verdicts.push(!(isReliable && nowMs >= gapMs * 2) || Math.abs(perSecond - trueRate) <= trueRate * 0.2);
				},
			});
			return verdicts.every(Boolean);
		}));
	});
});

test('when the rate falls to a tenth, the speed has followed after a minute', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.integer({min: 1, max: 100}), fc.integer({min: 20, max: 1200}), (batch, gapMs) => {
			const before = stream(startSpeed(0), {batch, gapMs}, {fromMs: 0, untilMs: 60_000});
			const after = stream(before, {batch, gapMs: gapMs * 10}, {fromMs: before.nowMs, untilMs: before.nowMs + 60_000});
			const slow = batch * 1000 / (gapMs * 10);
			const {perSecond} = paceOfSpeed(after);
			return perSecond <= slow * 1.25 && perSecond >= slow * 0.8;
		}));
	});
});

test('a server that says nothing more looks ever slower', t => {
	const speed = stream(startSpeed(0), {batch: 100, gapMs: 1000}, {fromMs: 0, untilMs: 60_000});
	const rates = [0, 10_000, 60_000, 600_000].map(silenceMs => paceOfSpeed(addDone(speed, {fetched: 0, compared: 0}, 60_000 + silenceMs)).perSecond);
	t.deepEqual(rates, rates.toSorted((left, right) => right - left));
	t.true(rates.at(-1)! < rates[0]! / 5);
});

test('what was only compared says nothing about what is left to be fetched', t => {
	let speed = addDone(startSpeed(0), {fetched: 0, compared: 9000}, 500);
	t.false(paceOfSpeed(speed).isReliable);
	speed = addDone(speed, {fetched: 100, compared: 0}, 10_000);
	speed = addDone(speed, {fetched: 100, compared: 0}, 20_000);
	const {perSecond, isReliable} = paceOfSpeed(speed);
	t.true(isReliable);
	t.is(perSecond, 10);
});

test('there is no estimate before there is something to make it from', t => {
	t.false(paceOfSpeed(startSpeed(0)).isReliable);
	t.false(paceOfSpeed(addDone(startSpeed(0), {fetched: 50, compared: 0}, 300)).isReliable);
	t.false(paceOfSpeed(addDone(startSpeed(0), {fetched: 0, compared: 0}, 60_000)).isReliable);
});

test('a time that is left is said no more precisely than it is known', t => {
	t.deepEqual([0, 4000, 23_000, 50_000, 55_000, 74_000, 95_000, 33 * 60_000, 59.9 * 60_000, 5_000_000].map(etaMs => remainingWords(etaMs)), [
		'about 10 s left',
		'about 10 s left',
		'about 30 s left',
		'about 50 s left',
		'about 1 min left',
		'about 1 min left',
		'about 2 min left',
		'about 35 min left',
		'about 1 h left',
		'about 1 h left',
	]);
});
