import test from 'ava';
import fc from 'fast-check';
import {stateBefore, undo} from '../../source/history/replay.js';
import {
	emptyState,
	live,
	redo,
	steps,
	undoStep,
	visible,
} from '../helpers/histories.js';
import {makeItem} from '../query/_items.js';

test('what is undone and redone is as it was', t => {
	fc.assert(fc.property(steps, all => {
		const {state, history} = live(all);
		for (const event of history.toReversed()) {
			const before = visible(state);
			redo(state, undoStep(state, event));
			t.is(visible(state), before);
			undo(state, event);
		}
	}));
});

test('a whole history goes back through every state to the first one, and forth again', t => {
	fc.assert(fc.property(steps, all => {
		const {state, history, states} = live(all);
		const undone = history.toReversed().map((event, index) => {
			const step = undoStep(state, event);
			t.is(visible(state), visible(states.at(-2 - index)!));
			return step;
		});
		t.is(state.items.size, 0);
		for (const [index, step] of undone.toReversed().entries()) {
			redo(state, step);
			t.is(visible(state), visible(states[index + 1]!));
		}
	}));
});

test('the state before an instant is the state that was there then', t => {
	fc.assert(fc.property(steps, fc.nat({max: 40}), (all, second) => {
		const {state, history, states} = live(all);
		const instant = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
		const past = stateBefore(state.items.values(), state.files.values(), history.toReversed(), instant);
		t.is(visible(past), visible(states[history.filter(({at}) => at < instant).length]!));
	}));
});

test('a field that was absent is absent again, and an event of an item that is not there changes no other', t => {
	const state = emptyState();
	state.items.set('a', makeItem('a', {year: 1922}));
	const stamp = {
		at: '2026-05-01T10:00:00Z', revision: 1, runId: 'run', libraryId: 'films', type: 'movie', title: 'A', kind: 'edited',
	} as const;
	undo(state, {
		...stamp, itemId: 'a', before: {year: null}, after: {year: 1922},
	});
	undo(state, {
		...stamp, itemId: 'b', before: {year: 1}, after: {year: 2},
	});
	t.deepEqual(state.items.values().toArray(), [makeItem('a')]);
});
