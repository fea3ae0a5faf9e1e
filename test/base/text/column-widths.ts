import test from 'ava';
import fc from 'fast-check';
import {fitWidths, type WidthWish} from '../../../source/base/text/column-widths.js';

const wish = fc.record({
	natural: fc.integer({min: 0, max: 60}), cut: fc.nat(60), isKey: fc.boolean(),
}).map(({natural, cut, isKey}): WidthWish => ({natural, least: Math.max(0, natural - cut), isKey}));

// The title is somewhere among the others.
const wishes = fc.record({title: fc.integer({min: 0, max: 200}), before: fc.array(wish, {maxLength: 4}), behind: fc.array(wish, {maxLength: 12})})
	.map(({title, before, behind}): WidthWish[] => [...before, {natural: title, least: 8, isMain: true}, ...behind]);

const total = (widths: ReadonlyArray<number | undefined>) => {
	const shown = widths.filter(width => width !== undefined);
	return shown.reduce((sum, width) => sum + width, 0) + (2 * Math.max(0, shown.length - 1));
};

test('columns and their gaps are never wider than the line', t => {
	t.notThrows(() => {
		fc.assert(fc.property(wishes, fc.nat(200), (all, columns) => total(fitWidths(all, columns)) <= columns));
		fc.assert(fc.property(fc.array(wish, {minLength: 1}), fc.nat(200), (all, columns) => total(fitWidths(all, columns)) <= columns));
	});
});

test('a title has 24 cells where the terminal has 80, or all that it needs', t => {
	t.notThrows(() => {
		fc.assert(fc.property(wishes, fc.integer({min: 80, max: 200}), (all, columns) => {
			const title = all.findIndex(({isMain}) => isMain === true);
			const width = fitWidths(all, columns)[title]!;
			return width >= Math.min(24, all[title]!.natural) && width <= all[title]!.natural;
		}));
	});
});

test('no column is narrower than its minimum, nor wider than its content', t => {
	t.notThrows(() => {
		fc.assert(fc.property(wishes, fc.nat(200), (all, columns) => fitWidths(all, columns).every((width, index) =>
			width === undefined || all[index]!.isMain === true || (width >= all[index]!.least && width <= all[index]!.natural))));
	});
});

test('nothing is cut or left out where there is room for all', t => {
	t.notThrows(() => {
		fc.assert(fc.property(wishes, fc.nat(50), (all, spare) => {
			const natural = all.map(column => column.natural);
			const widths = fitWidths(all, total(natural) + spare);
			return widths.every((width, index) => width === natural[index]);
		}));
	});
});

test('keys go before other columns, and of each kind the last one goes first', t => {
	t.notThrows(() => {
		fc.assert(fc.property(wishes, fc.nat(200), (all, columns) => {
			const widths = fitWidths(all, columns);
			const shownOf = (isKey: boolean) => all.flatMap((column, index) => !column.isMain && (column.isKey ?? false) === isKey ? [widths[index] !== undefined] : []);
			const isInOrder = (shown: readonly boolean[]) => shown.lastIndexOf(true) < (shown.includes(false) ? shown.indexOf(false) : Infinity);
			const keys = shownOf(true);
			const others = shownOf(false);
			return isInOrder(keys) && isInOrder(others) && (others.every(Boolean) || !keys.includes(true));
		}));
	});
});

test('the widest column gives way first, and an id goes before other columns get narrow', t => {
	const title = {natural: 40, least: 8, isMain: true};
	t.deepEqual(fitWidths([title, {natural: 4, least: 4}, {natural: 30, least: 8}], 64), [28, 4, 28]);
	t.deepEqual(fitWidths([title, {natural: 4, least: 4}, {natural: 30, least: 8}], 63), [28, 4, 27]);
	t.deepEqual(fitWidths([title, {natural: 30, least: 8}, {natural: 17, least: 17, isKey: true}], 80), [30, 29, 17]);
	t.deepEqual(fitWidths([title, {natural: 30, least: 8}, {natural: 38, least: 38, isKey: true}], 80), [40, 30, undefined]);
});
