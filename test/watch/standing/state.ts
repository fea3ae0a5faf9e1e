import test from 'ava';
import fc from 'fast-check';
import {
	differenceAmong,
	differenceBetween,
	unchangedResult,
	take,
	toldAll,
	type StandingState,
} from '../../../source/watch/standing/standing-state.js';

const ids = fc.subarray(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']).map(list => new Set(list));
const now = new Date('2026-03-01T12:00:00Z');
const stateOf = (members: ReadonlySet<string>): StandingState => ({
	meaning: 'm', revision: 1, libraries: new Set(), members, untold: unchangedResult, batch: 'b1',
});
const sorted = (set: ReadonlySet<string>) => [...set].toSorted();

test('what is told is what differs between two tellings, however often the result changed in between', t => {
	fc.assert(fc.property(ids, fc.array(ids, {maxLength: 6}), (first, results) => {
		let state = stateOf(first);
		for (const result of results) {
			state = take(state, differenceBetween(state.members, result), {now});
		}

		const last = results.at(-1) ?? first;
		t.deepEqual(sorted(state.members), sorted(last));
		const {came, left} = differenceBetween(first, last);
		t.deepEqual([sorted(state.untold.came), sorted(state.untold.left)], [sorted(came), sorted(left)]);
		t.is(state.since === undefined, state.untold.came.size + state.untold.left.size === 0);
		t.deepEqual(toldAll(state, 'b2').untold, unchangedResult);
	}));
});

test('to judge some items leaves the others as they were', t => {
	fc.assert(fc.property(ids, ids, ids, (members, judged, all) => {
		const {came, left} = differenceAmong(members, judged, new Set(all.values().filter(id => judged.has(id))));
		const next = take(stateOf(members), {came, left}, {now}).members;
		for (const id of [...members, ...judged, ...all]) {
			t.is(next.has(id), judged.has(id) ? all.has(id) : members.has(id));
		}
	}));
});

test('what comes quietly is a member and is not told, and what left before it is told comes back without a word', t => {
	const quiet = take(stateOf(new Set()), {came: new Set(['a', 'b']), left: new Set()}, {now, quiet: new Set(['a'])});
	t.deepEqual([sorted(quiet.members), sorted(quiet.untold.came)], [['a', 'b'], ['b']]);
	const gone = take(stateOf(new Set(['a'])), {came: new Set(), left: new Set(['a'])}, {now});
	t.is(take(gone, {came: new Set(['a']), left: new Set()}, {now}).since, undefined);
});
