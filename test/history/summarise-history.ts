import test from 'ava';
import fc from 'fast-check';
import {historyEventSchema} from '../../source/catalog/history.js';
import {undo, type CatalogState} from '../../source/history/replay.js';
import {summariseHistory} from '../../source/history/summarise-history.js';
import {changed} from '../helpers/events.js';
import {live, steps, visible} from '../helpers/histories.js';

const undone = ({items, files}: CatalogState, events: ReadonlyArray<Parameters<typeof undo>[1]>) => {
	const state = {items: new Map(items), files: new Map(files)};
	for (const event of events.toReversed()) {
		undo(state, event);
	}

	return visible(state);
};

test('undoing a summary leads to the same state as undoing all that it stands for', t => {
	fc.assert(fc.property(steps, fc.nat({max: 40}), (all, cut) => {
		const {state, history} = live(all);
		const month = history.slice(Math.min(cut, history.length));
		t.is(undone(state, summariseHistory(month)), undone(state, month));
	}));
});

test('a summary is valid history, and summing it up again changes nothing', t => {
	fc.assert(fc.property(steps, all => {
		const summary = summariseHistory(live(all).history);
		t.notThrows(() => summary.map(event => historyEventSchema().parse(event)));
		t.deepEqual(summariseHistory(summary), summary);
	}));
});

test('the changes of an item stand together, with the first before and the last after', t => {
	t.like(summariseHistory([
		changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}]),
		changed('edited', 'a', [{title: 'A'}, {title: 'B'}]),
		changed('watched', 'a', [{viewState: {viewCount: 1}}, {viewState: {viewCount: 2}}]),
		changed('edited', 'b', [{title: 'X'}, {title: 'Y'}]),
		changed('edited', 'b', [{title: 'Y'}, {title: 'X'}]),
	]), [{
		kind: 'edited', itemId: 'a', before: {title: 'A', viewState: null}, after: {title: 'B', viewState: {viewCount: 2}}, merged: 3,
	}]);
});
