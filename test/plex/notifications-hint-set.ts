import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {createHintSet, type Dirty, type HintSet} from '../../source/plex/notifications/hint-set.js';
import type {Hint} from '../../source/plex/notifications/hints.js';

const holds = <Values>(t: ExecutionContext, property: fc.IProperty<Values>, numberRuns = 500) => {
	t.notThrows(() => {
		fc.assert(property, {numRuns: numberRuns});
	});
};

const touched = (...ratingKeys: string[]): Hint & {kind: 'items'} => ({
	kind: 'items', sectionKey: '1', ratingKeys, isGone: false,
});

const gone = (...ratingKeys: string[]): Hint => ({...touched(...ratingKeys), isGone: true});

const dirty = (fields: Partial<Dirty>): Dirty => ({
	sectionKey: '1', isWhole: false, ratingKeys: [], goneKeys: [], ...fields,
});

test('hints are due a quiet moment after the last one, and no later than a while after the first', t => {
	const set = createHintSet();
	t.is(set.dueAtMs(), undefined);
	set.add([touched('1')], 1000);
	t.is(set.dueAtMs(), 1250);
	set.add([touched('2')], 1200);
	t.is(set.dueAtMs(), 1450);
	set.add([touched('3')], 1440);
	set.add([touched('4')], 1680);
	t.is(set.dueAtMs(), 1750);
	t.false(set.isDue(1749));
	t.true(set.isDue(1750));
	t.deepEqual(set.take(1750), [dirty({ratingKeys: ['1', '2', '3', '4']})]);
	t.deepEqual(set.take(1750), []);
	t.is(set.dueAtMs(), undefined);
});

test('what is deleted stays so until it is taken', t => {
	const set = createHintSet();
	set.add([touched('1', '2'), gone('1'), touched('1')], 0);
	t.deepEqual(set.take(0), [dirty({ratingKeys: ['2'], goneKeys: ['1']})]);
});

test('a section as a whole does not hide the items that are named', t => {
	const set = createHintSet();
	set.add([{kind: 'section', sectionKey: '1'}, touched('1'), {kind: 'section', sectionKey: undefined}], 0);
	t.deepEqual(set.take(0), [dirty({isWhole: true, ratingKeys: ['1']}), dirty({sectionKey: undefined, isWhole: true})]);
});

test('too many items make it the section as a whole, and the next ones start anew', t => {
	const set = createHintSet({maxKeys: 2});
	set.add([touched('1', '2', '3', '4'), gone('5')], 0);
	t.deepEqual(set.take(0), [dirty({isWhole: true})]);
	set.add([touched('6')], 1);
	t.deepEqual(set.take(1), [dirty({ratingKeys: ['6']})]);
});

test('what is delayed is left until its time, and wakes whoever waits for it', t => {
	const set = createHintSet();
	set.add([{...touched('1'), sectionKey: undefined, delayMs: 3000}, touched('2')], 0);
	t.is(set.dueAtMs(), 250);
	t.deepEqual(set.take(250), [dirty({ratingKeys: ['2']})]);
	t.is(set.dueAtMs(), 3000);
	t.deepEqual(set.take(2999), []);
	t.true(set.isDue(3000));
	t.deepEqual(set.take(3000), [dirty({sectionKey: undefined, ratingKeys: ['1']})]);
	t.is(set.dueAtMs(), undefined);
});

const key = fc.integer({min: 1, max: 30}).map(String);
const sectionKey = fc.option(fc.constantFrom('1', '2', '3', '4', '5'), {nil: undefined});
const hint: fc.Arbitrary<Hint> = fc.oneof(
	fc.record({kind: fc.constant('section' as const), sectionKey}),
	fc.record({
		kind: fc.constant('items' as const), sectionKey, ratingKeys: fc.array(key, {maxLength: 8}), isGone: fc.boolean(), delayMs: fc.constantFrom(1, 50, 3000),
	}, {requiredKeys: ['kind', 'sectionKey', 'ratingKeys', 'isGone']}),
);
const steps = fc.array(fc.record({hints: fc.array(hint, {maxLength: 4}), passMs: fc.integer({min: 0, max: 400}), isTaken: fc.boolean()}), {maxLength: 30});
const limits = {maxKeys: 6, maxSections: 3};

const isIn = (taken: readonly Dirty[], section: string | undefined, ratingKey: string | undefined) => taken.some(one =>
	(one.isWhole && (one.sectionKey === section || one.sectionKey === undefined))
	|| (ratingKey !== undefined && (one.sectionKey === section || one.sectionKey === undefined) && [...one.ratingKeys, ...one.goneKeys].includes(ratingKey)));

const isHintIn = (taken: readonly Dirty[], one: Hint) => one.kind === 'section'
	? isIn(taken, one.sectionKey, undefined)
	: one.ratingKeys.every(ratingKey => isIn(taken, one.sectionKey, ratingKey));

const play = (set: HintSet, all: ReadonlyArray<{hints: Hint[]; passMs: number; isTaken: boolean}>, onTaken: (taken: Dirty[], nowMs: number) => void) => {
	let nowMs = 0;
	for (const {hints, passMs, isTaken} of all) {
		set.add(hints, nowMs);
		nowMs += passMs;
		if (isTaken) {
			onTaken(set.take(nowMs), nowMs);
		}
	}

	nowMs += 10_000;
	onTaken(set.take(nowMs), nowMs);
	return nowMs;
};

test('nothing is lost: each hint is in what is taken after it, or its section is, or the unknown one is', t => {
	holds(t, fc.property(steps, all => {
		const taken: Dirty[] = [];
		const set = createHintSet(limits);
		play(set, all, now => {
			taken.push(...now);
		});
		return set.dueAtMs() === undefined && all.every(({hints}) => hints.every(one => isHintIn(taken, one)));
	}));
});

test('what came since the last taking is in the next one', t => {
	holds(t, fc.property(steps, all => {
		const set = createHintSet(limits);
		let fresh: Hint[] = [];
		let nowMs = 0;
		return all.every(({hints, passMs, isTaken}) => {
			set.add(hints, nowMs);
			fresh.push(...hints.filter(one => one.kind === 'section' || one.delayMs === undefined));
			nowMs += passMs;
			if (!isTaken) {
				return true;
			}

			const taken = set.take(nowMs);
			const isAll = fresh.every(one => isHintIn(taken, one));
			fresh = [];
			return isAll;
		});
	}));
});

test('what is held is bounded, and what is taken names each thing once', t => {
	holds(t, fc.property(steps, all => {
		const set = createHintSet(limits);
		let isGood = true;
		play(set, all, taken => {
			const names = taken.map(one => one.sectionKey);
			// One more for what is beyond the limit.
			isGood &&= taken.length <= limits.maxSections + 1 && new Set(names).size === names.length;
			for (const {ratingKeys, goneKeys} of taken) {
				const keys = [...ratingKeys, ...goneKeys];
				isGood &&= keys.length <= limits.maxKeys && new Set(keys).size === keys.length;
			}
		});
		return isGood;
	}));
});

test('hints that are said twice change nothing', t => {
	fc.assert(fc.property(fc.array(hint, {maxLength: 6}), hints => {
		const [once, twice] = [createHintSet(limits), createHintSet(limits)];
		once.add(hints, 0);
		twice.add([...hints, ...hints], 0);
		t.deepEqual(twice.dueAtMs(), once.dueAtMs());
		t.deepEqual(twice.take(10_000), once.take(10_000));
	}), {numRuns: 500});
});

test('it is due within the longest wait, and whoever comes when it is due finds something', t => {
	holds(t, fc.property(fc.array(fc.record({hint, afterMs: fc.integer({min: 0, max: 400})}), {maxLength: 20}), all => {
		const set = createHintSet(limits);
		let nowMs = 0;
		return all.every(({hint: one, afterMs}) => {
			nowMs += afterMs;
			const dueMs = set.dueAtMs();
			const isKept = dueMs === undefined || dueMs > nowMs || (set.isDue(dueMs) && set.take(dueMs).length > 0);
			set.add([one], nowMs);
			return isKept && (set.dueAtMs() ?? 0) <= nowMs + 3000;
		});
	}));
});
