import test from 'ava';
import fc from 'fast-check';
import {emptyList, moveTo, replaceIds} from '../../../source/ui/parts/list.js';
import {
	dropMarks,
	hasMarks,
	invertMarks,
	keepRange,
	markedIds,
	marksText,
	markTest,
	noMarks,
	presentMarks,
	toggleMark,
	toggleRange,
	type Markable,
} from '../../../source/ui/parts/marks.js';

const start = (ids: readonly string[], cursor = 0): Markable => ({list: moveTo(replaceIds(emptyList, ids), cursor), marks: noMarks});
const at = (screen: Markable, cursor: number): Markable => ({...screen, list: moveTo(screen.list, cursor)});
const letters = ['a', 'b', 'c', 'd', 'e'];

test('a mark goes on and off, the cursor goes down, and a count marks as many rows', t => {
	const one = toggleMark(start(letters));
	t.deepEqual(markedIds(one), ['a']);
	t.is(one.list.selectedId, 'b');
	const three = toggleMark(one, 3);
	t.deepEqual(markedIds(three), ['a', 'b', 'c', 'd']);
	t.deepEqual(markedIds(toggleMark(at(three, 1))), ['a', 'c', 'd']);
});

test('a range follows the cursor in both directions, is kept by V or Space, and dropped alone', t => {
	const begun = toggleRange(toggleMark(start(letters, 4)));
	t.deepEqual(markedIds(at(begun, 2)), ['c', 'd', 'e']);
	const range = at(toggleRange(toggleMark(start(letters))), 3);
	t.deepEqual(markedIds(range), ['a', 'b', 'c', 'd']);
	t.deepEqual(markedIds(at(toggleRange(range), 0)), ['a', 'b', 'c', 'd']);
	t.deepEqual(markedIds(at(toggleMark(range), 0)), ['a', 'b', 'c', 'd']);
	t.deepEqual(markedIds(dropMarks(range)), ['a']);
	t.false(hasMarks(dropMarks(dropMarks(range))));
});

test('what has gone from the catalogue is not marked any more, and no range begins there', t => {
	const {marks} = toggleRange(toggleMark(start(letters), 2));
	t.is(presentMarks(marks, () => true), marks);
	t.deepEqual(presentMarks(marks, id => id === 'b'), {...noMarks, ids: new Set(['b'])});
	t.is(presentMarks(marks, id => id !== 'a').from, 'c');
});

test('rows that cannot be marked stay without a mark', t => {
	const canMark = (id: string) => id !== 'c';
	t.deepEqual(markedIds(invertMarks(start(letters), canMark), canMark), ['a', 'b', 'd', 'e']);
	t.deepEqual(markedIds(toggleMark(start(letters, 2), 1, canMark), canMark), []);
	t.deepEqual(markedIds(at(toggleRange(start(letters, 1), canMark), 3), canMark), ['b', 'd']);
});

test('the number of marks is told, and their size once it is known', t => {
	t.is(marksText(start(letters)), '');
	const two = toggleMark(start(letters), 2);
	t.is(marksText(two), '2 marked');
	t.is(marksText({...two, marks: {...two.marks, sizeBytes: 20_512_000_000}}), '2 marked, 20.5 GB');
	t.is(marksText(at(toggleRange(two), 4)), '5 marked');
});

const steps = fc.array(fc.oneof(
	fc.record({kind: fc.constant('move' as const), to: fc.nat(12)}),
	fc.record({kind: fc.constant('mark' as const), to: fc.nat(4)}),
	fc.record({kind: fc.constantFrom('range' as const, 'invert' as const, 'drop' as const), to: fc.constant(0)}),
	// Another filter: every second or third row is shown.
	fc.record({kind: fc.constant('show' as const), to: fc.integer({min: 1, max: 3})}),
), {maxLength: 40});

const all = Array.from({length: 12}, (_, index) => `i${index}`);

const step = (screen: Markable, kind: string, to: number): Markable => {
	switch (kind) {
		case 'move': {
			return at(screen, to);
		}

		case 'mark': {
			return toggleMark(screen, to + 1);
		}

		case 'range': {
			return toggleRange(screen);
		}

		case 'invert': {
			return invertMarks(screen);
		}

		case 'drop': {
			return dropMarks(screen);
		}

		default: {
			return {...screen, list: replaceIds(screen.list, all.filter((_, index) => index % to === 0))};
		}
	}
};

test('however rows are marked: what is drawn is what is acted on, no id comes twice, and inverting twice changes nothing', t => {
	t.notThrows(() => {
		fc.assert(fc.property(steps, taken => {
			let screen = start(all);
			for (const {kind, to} of taken) {
				screen = step(screen, kind, to);
				const acted = markedIds(screen);
				const isMarked = markTest(screen);
				const {list, marks} = screen;
				const ids = [...list.ids];
				const drawn = ids.filter((_, index) => isMarked(index));
				const hidden = acted.filter(id => !ids.includes(id));
				const twice = markedIds(invertMarks(invertMarks(screen)));
				const isRight = JSON.stringify(acted) === JSON.stringify([...drawn, ...hidden])
					&& new Set(acted).size === acted.length
					&& (marks.from !== undefined || acted.length === marks.ids.size)
					&& JSON.stringify(twice.toSorted()) === JSON.stringify(acted.toSorted())
					&& JSON.stringify(markedIds(keepRange(screen))) === JSON.stringify(acted);
				if (!isRight) {
					return false;
				}
			}

			return true;
		}));
	});
});
