import test from 'ava';
import {createTouches, type DirtyLibrary} from '../../source/watch/touches.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const createWorld = ({located, isSeen = true}: {located?: ReadonlyMap<string, string>; isSeen?: boolean} = {}) => {
	const clock = createVirtualClock();
	const dirty: DirtyLibrary[] = [];
	const touches = createTouches({
		clock,
		libraries: () => [{id: 'films', key: '1'}, {id: 'series', key: '2'}],
		locate: async () => located,
		isSeen: () => isSeen,
		onDirty(library) {
			dirty.push(library);
		},
	});
	const items = (sectionKey: string | undefined, ratingKeys: string[], isGone = false) => {
		touches.add([{
			kind: 'items', sectionKey, ratingKeys, isGone,
		}]);
	};

	return {
		clock, dirty, touches, items,
	};
};

test('what is new is told within a second, each item of a burst once', async t => {
	const {clock, dirty, items} = createWorld();
	for (let time = 0; time < 20; time++) {
		items('1', ['5', '6']);
		await clock.advance(30);
	}

	await clock.advance(300);
	t.deepEqual(dirty, [{libraryId: 'films', ratingKeys: ['5', '6'], isWhole: false}]);
});

test('a burst that never ends is told again and again all the same', async t => {
	const {clock, dirty, items} = createWorld();
	for (let time = 0; time < 100; time++) {
		items('1', [String(time + 1)]);
		await clock.advance(100);
	}

	t.true(dirty.length >= 10, String(dirty.length));
	await clock.advance(1000);
	t.is(new Set(dirty.flatMap(({ratingKeys}) => ratingKeys)).size, 100);
});

test('marks of a user are told only to somebody who sees them, and everything else always', async t => {
	for (const isSeen of [true, false]) {
		const {clock, dirty, touches, items} = createWorld({isSeen, located: new Map([['5', 'films']])});
		touches.add([{
			kind: 'items', sectionKey: undefined, ratingKeys: ['5'], isGone: false, delayMs: 3000, isMark: true,
		}]);
		await clock.advance(4000);
		t.is(dirty.length, isSeen ? 1 : 0);
		items('1', ['6']);
		await clock.advance(4000);
		t.deepEqual(dirty.at(-1), {libraryId: 'films', ratingKeys: ['6'], isWhole: false});
	}
});

test('removals are waited for, and many of them are a matter of the whole library', async t => {
	const {clock, dirty, items} = createWorld();
	items('1', ['5'], true);
	await clock.advance(2000);
	t.deepEqual(dirty, []);
	await clock.advance(2000);
	t.deepEqual(dirty, [{libraryId: 'films', ratingKeys: ['5'], isWhole: false}]);
	for (let key = 100; key < 160; key++) {
		items('1', [String(key)], true);
		await clock.advance(50);
	}

	await clock.advance(10_000);
	t.deepEqual(dirty.at(-1), {libraryId: 'films', ratingKeys: [], isWhole: true});
	t.is(dirty.length, 2);
});

test('an item that nobody can place is asked for in each library, and a section that nobody watches in none', async t => {
	const {clock, dirty, items} = createWorld();
	items(undefined, ['5']);
	items('9', ['6']);
	await clock.advance(1000);
	t.deepEqual(dirty.map(({libraryId, ratingKeys}) => [libraryId, ratingKeys]), [['films', ['5']], ['series', ['5']]]);
});

test('once it is closed nothing is told and no timer is left', async t => {
	const {clock, dirty, touches, items} = createWorld();
	items('1', ['5']);
	items('1', ['6'], true);
	touches.close();
	await clock.advance(20_000);
	t.deepEqual(dirty, []);
	t.is(clock.pending(), 0);
});

test('an item of an unknown section is a matter of the library that has it, and of none if none has', async t => {
	const {clock, dirty, items} = createWorld({located: new Map([['5', 'series']])});
	items(undefined, ['5', '6']);
	await clock.advance(1000);
	t.deepEqual(dirty, [{libraryId: 'series', ratingKeys: ['5'], isWhole: false}]);
});

test('removals of which some were read only after the process stood still are told together', async t => {
	for (const stillMs of [5000, 60_000]) {
		const {clock, dirty, items} = createWorld();
		items('1', ['5', '6'], true);
		await clock.advance(100);
		clock.standStill(stillMs);
		await clock.advance(0);
		items('1', ['7'], true);
		await clock.advance(0);
		items('1', ['8'], true);
		await clock.advance(10_000);
		t.deepEqual(dirty, [{libraryId: 'films', ratingKeys: ['5', '6', '7', '8'], isWhole: false}]);
		items('1', ['9'], true);
		await clock.advance(10_000);
		t.is(dirty.length, 2);
	}
});
