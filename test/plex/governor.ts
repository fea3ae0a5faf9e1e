import test from 'ava';
import fc from 'fast-check';
import {
	createGovernor,
	maxLimit,
	startLimit,
	type Observation,
} from '../../source/plex/governor.js';

type Governor = ReturnType<typeof createGovernor>;

const answer = (change: Partial<Observation> & Pick<Observation, 'atMs'>): Observation => ({
	kind: 'detail', rows: 100, latencyMs: 400, status: 200, isAlone: false, ...change,
});

/**
As many requests one after another, each of which takes what `latencyOf` says for the limit that it was sent with.
*/
const feed = (governor: Governor, count: number, latencyOf: (limit: number) => number, {fromMs = 0, rows = 100, kind = 'detail'} = {}): number => {
	let atMs = fromMs;
	for (let sent = 0; sent < count; sent++) {
		const {limit} = governor.pace();
		const latencyMs = latencyOf(limit);
		atMs += latencyMs;
		governor.observe(answer({
			atMs, latencyMs, rows, kind, isAlone: limit === 1,
		}));
	}

	return atMs;
};

type Step = {observe: Partial<Observation> & {gapMs: number}} | {learn: {isStreaming: boolean; isScanning: boolean}};

const steps = fc.array(fc.oneof(
	{
		weight: 10, arbitrary: fc.record({
			observe: fc.record({
				kind: fc.constantFrom('small', 'list', 'detail'),
				rows: fc.integer({min: 0, max: 1000}),
				latencyMs: fc.double({min: 0, max: 20_000, noNaN: true}),
				gapMs: fc.integer({min: 0, max: 20_000}),
				status: fc.constantFrom(200, 200, 200, 200, 200, 200, 404, 429, 500, 502, 503, undefined),
				didTimeout: fc.boolean(),
				isAlone: fc.boolean(),
			}),
		}),
	},
	{weight: 1, arbitrary: fc.record({learn: fc.record({isStreaming: fc.boolean(), isScanning: fc.boolean()})})},
), {maxLength: 200});

/**
Good answers only, so that the limit has a chance to rise.
*/
const calmSteps = fc.array(fc.record({
	observe: fc.record({
		rows: fc.constant(100), latencyMs: fc.integer({min: 380, max: 430}), gapMs: fc.integer({min: 400, max: 60_000}), isAlone: fc.constant(true),
	}),
}), {maxLength: 200});

const play = (all: readonly Step[], governor: Governor, check: (step: Step, before: number, after: number) => void) => {
	let atMs = 0;
	for (const step of all) {
		const before = governor.pace().limit;
		if ('learn' in step) {
			governor.learn(step.learn);
		} else {
			const {gapMs, ...observed} = step.observe;
			atMs += gapMs;
			governor.observe(answer({...observed, atMs}));
		}

		check(step, before, governor.pace().limit);
	}
};

test('the limit is a whole number from 1 to 4 whatever happens, and what is streamed or scanned caps it', t => {
	fc.assert(fc.property(steps, all => {
		const governor = createGovernor();
		let load = {isStreaming: false, isScanning: false};
		play(all, governor, (step, _before, after) => {
			load = 'learn' in step ? step.learn : load;
			t.true(Number.isSafeInteger(after) && after >= 1 && after <= maxLimit);
			t.true(after <= (load.isStreaming ? 1 : (load.isScanning ? 2 : maxLimit)));
			const {reason, pauseMs} = governor.pace();
			t.true(pauseMs >= 0 && pauseMs <= 5000);
			t.is(reason === 'streaming', load.isStreaming);
			t.is(reason === 'scanning', load.isScanning && !load.isStreaming);
		});
	}));
	t.true(startLimit <= 2);
});

test('429 and 503 at least halve the limit, each time', t => {
	fc.assert(fc.property(fc.oneof(steps, calmSteps), fc.constantFrom(429, 503), (all, status) => {
		const governor = createGovernor();
		play(all, governor, () => {/* checked elsewhere */});
		const before = governor.pace().limit;
		governor.observe(answer({atMs: 10_000_000, status, rows: 0}));
		t.true(governor.pace().limit <= Math.max(1, before / 2));
	}));
});

test('the limit grows one at a time, and by six good answers at least', t => {
	let grown = 0;
	fc.assert(fc.property(fc.oneof(steps, calmSteps), all => {
		let good = 0;
		play(all, createGovernor(), (step, before, after) => {
			good += 'observe' in step ? 1 : 0;
			t.true(after <= before + 1);
			t.true(after <= before || good >= 6);
			grown += after > before ? 1 : 0;

			good = after === before ? good : 0;
		});
	}), {numRuns: 500});
	t.true(grown > 0);
});

test('the same observations give the same pace', t => {
	fc.assert(fc.property(steps, all => {
		const paces = [createGovernor(), createGovernor()].map(governor => {
			play(all, governor, () => {/* only the end counts */});
			return governor.pace();
		});
		t.deepEqual(paces[0], paces[1]);
	}));
});

test('a limit that a person has fixed never moves', t => {
	fc.assert(fc.property(steps, fc.integer({min: 1, max: 32}), (all, limit) => {
		const governor = createGovernor(limit);
		play(all, governor, () => {
			t.deepEqual(governor.pace(), {limit, pauseMs: 0, reason: 'fixed'});
		});
	}));
});

test('a server that answers as quickly as before gets four requests at a time, whatever it is asked for', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 5000}), fc.integer({min: 1, max: 1000}), (latencyMs, rows) => {
		const governor = createGovernor();
		feed(governor, 40, () => latencyMs, {rows});
		t.deepEqual(governor.pace(), {limit: 4, pauseMs: 0, reason: 'free'});
	}));
});

test('a server whose latency triples gets fewer requests, and the reason is said', t => {
	fc.assert(fc.property(fc.integer({min: 50, max: 5000}), latencyMs => {
		const governor = createGovernor();
		const atMs = feed(governor, 40, () => latencyMs);
		feed(governor, 6, () => 3 * latencyMs, {fromMs: atMs});
		t.true(governor.pace().limit < 4);
		t.is(governor.pace().reason, 'slow');
	}));
});

test('a server that does one thing after another is asked for one at a time nearly always', t => {
	const governor = createGovernor();
	let more = 0;
	let sent = 0;
	feed(governor, 1000, limit => {
		sent++;
		more += limit > 1 ? 1 : 0;
		return 400 * limit;
	});
	t.is(sent, 1000);
	t.true(more > 0 && more < 40, String(more));
});

test('what makes nobody wait is not too slow', t => {
	const governor = createGovernor();
	feed(governor, 60, limit => 10 * limit);
	t.is(governor.pace().limit, 4);
});

test('a large page after small requests, and details after pages, are not mistaken for a slow server', t => {
	const governor = createGovernor();
	let atMs = 0;
	for (let round = 0; round < 30; round++) {
		atMs = feed(governor, 1, () => 20, {fromMs: atMs, kind: 'small', rows: 0});
		atMs = feed(governor, 1, () => 30, {fromMs: atMs, kind: 'detail', rows: 1});
		atMs = feed(governor, 1, () => 900, {fromMs: atMs, kind: 'list', rows: 500});
		atMs = feed(governor, 1, () => 400, {fromMs: atMs, kind: 'detail', rows: 100});
	}

	t.is(governor.pace().limit, 4);
});

test('a server that stays slow while nothing else is asked of it is given rests, until that is usual', t => {
	const governor = createGovernor();
	let atMs = feed(governor, 8, () => 200);
	atMs = feed(governor, 12, () => 800, {fromMs: atMs});
	t.like(governor.pace(), {limit: 1, reason: 'slow', pauseMs: 800});
	feed(governor, 400, () => 800, {fromMs: atMs});
	t.deepEqual(governor.pace(), {limit: 4, pauseMs: 0, reason: 'free'});
});

test('after a stream has ended the limit grows again step by step', t => {
	const governor = createGovernor();
	const atMs = feed(governor, 40, () => 100);
	governor.learn({isStreaming: true, isScanning: true});
	t.deepEqual(governor.pace(), {limit: 1, pauseMs: 0, reason: 'streaming'});
	governor.learn({isStreaming: false, isScanning: false});
	t.is(governor.pace().limit, 1);
	feed(governor, 40, () => 100, {fromMs: atMs});
	t.is(governor.pace().limit, 4);
});
