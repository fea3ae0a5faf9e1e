import test from 'ava';
import fc from 'fast-check';
import {createRemovalJudge, defaultHoldLimits, type Removable} from '../../source/sync/removals.js';

const items = (count: number, gone: number, folder = '/srv/films'): Removable[] => Array.from({length: count}, (_, index) => ({
	type: 'movie', isGone: index < gone, paths: [`${folder}/${index}.mkv`],
}));

/**
A show with as many episodes in each season as the numbers say; `gone` of each are gone. What has no episode left is gone as well.
*/
const show = (showId: string, seasons: ReadonlyArray<[episodes: number, gone: number]>): Removable[] => [
	{type: 'show', isGone: seasons.every(([episodes, gone]) => episodes === gone)},
	...seasons.flatMap(([episodes, gone], number): Removable[] => [
		{type: 'season', isGone: episodes === gone, showId},
		...Array.from({length: episodes}, (_, index): Removable => ({
			type: 'episode', isGone: index < gone, showId, seasonId: `${showId} ${number}`,
		})),
	]),
];

const judge = (removables: readonly Removable[], locations: readonly string[] = []) => {
	const {see, verdict} = createRemovalJudge({locations: [...locations]}, defaultHoldLimits);
	for (const removable of removables.toSorted((left, right) => Number(right.isGone) - Number(left.isGone))) {
		see(removable);
	}

	return verdict();
};

const heldFor = (reason: string) => ({isHeld: true, reason});
const notHeld = {isHeld: false};

test('up to a fifth may go, and one item of however few', t => {
	t.deepEqual(judge(items(1000, 200)), notHeld);
	t.deepEqual(judge(items(10, 2)), notHeld);
	t.deepEqual(judge(items(2, 1)), notHeld);
	t.deepEqual(judge(items(1, 1)), notHeld);
});

test('more than a fifth is held, however small the library is', t => {
	t.deepEqual(judge(items(6, 3)), heldFor('share'));
	t.deepEqual(judge(items(2, 2)), heldFor('share'));
	t.deepEqual(judge(items(10, 3)), heldFor('share'));
	t.deepEqual(judge(items(1000, 201)), heldFor('share'));
});

test('all that a folder of the library held is held, however little it is', t => {
	const all = [...items(1000, 0), ...items(3, 3, '/mnt/usb')];
	t.deepEqual(judge(all, ['/srv/films', '/mnt/usb']), heldFor('location'));
	t.deepEqual(judge(all, ['/srv/films/', '/mnt/usb/']), heldFor('location'));
	t.deepEqual(judge([...items(1000, 0), ...items(4, 3, '/mnt/usb')], ['/srv/films', '/mnt/usb']), notHeld);
});

test('a folder is not taken for another that begins alike, and Windows paths count', t => {
	t.deepEqual(judge([...items(90, 0, '/srv/films-4k'), ...items(9, 2, '/srv/films')], ['/srv/films', '/srv/films-4k']), notHeld);
	const windows = [...items(10, 0, String.raw`E:\TV`), ...items(2, 2, String.raw`D:\TV`)];
	t.deepEqual(judge(windows, [String.raw`D:\TV`, String.raw`E:\TV`]), heldFor('location'));
});

test('a folder that is a share, or named in another case, counts as well', t => {
	const share = [...items(60, 0), ...items(12, 12, String.raw`\\nas2\films`)];
	t.deepEqual(judge(share, ['/srv/films', String.raw`\\NAS2\Films`]), heldFor('location'));
	const drive = [...items(60, 0, String.raw`D:\Films`), ...items(12, 12, String.raw`E:\Films`)];
	t.deepEqual(judge(drive, [String.raw`D:\Films`, String.raw`e:\films`]), heldFor('location'));
});

test('what is left in a folder inside does not belong to the folder around it', t => {
	const nested = [...items(60, 0, '/srv/films/4k'), ...items(12, 12)];
	t.deepEqual(judge(nested, ['/srv/films', '/srv/films/4k']), heldFor('location'));
});

test('the only film of a folder may go', t => {
	t.deepEqual(judge([...items(5, 0), ...items(1, 1, '/mnt/one')], ['/srv/films', '/mnt/one']), notHeld);
});

test('a whole season is held, part of one is not, nor is one of a single episode', t => {
	const others = show('others', [[100, 0]]);
	t.deepEqual(judge([...others, ...show('it', [[5, 0], [5, 5]])]), heldFor('season'));
	t.deepEqual(judge([...others, ...show('it', [[5, 0], [5, 4]])]), notHeld);
	t.deepEqual(judge([...others, ...show('it', [[5, 0], [1, 1]])]), notHeld);
});

test('a whole show is held, unless it has a single episode', t => {
	const others = show('others', [[100, 0]]);
	t.deepEqual(judge([...others, ...show('it', [[2, 2], [3, 3]])]), heldFor('show'));
	t.deepEqual(judge([...others, ...show('it', [[1, 1], [1, 1]])]), heldFor('show'));
	t.deepEqual(judge([...others, ...show('it', [[1, 1]])]), notHeld);
});

test('a show of one episode is one thing, in a library of a few such shows as well', t => {
	t.deepEqual(judge([...show('a', [[1, 1]]), ...show('b', [[1, 0]]), ...show('c', [[1, 0]])]), notHeld);
	t.deepEqual(judge([...show('a', [[1, 1]]), ...show('b', [[1, 1]]), ...show('c', [[1, 0]])]), heldFor('share'));
});

test('shows without any episode are counted themselves', t => {
	t.deepEqual(judge([...show('a', []), ...show('b', []), ...show('c', [[1, 0]])]), heldFor('share'));
});

test('a whole collection is held, unless one of its items is left or was all of it', t => {
	const of = (collections: string[], isGone: boolean): Removable => ({type: 'movie', isGone, collections});
	const others = items(100, 0);
	t.deepEqual(judge([...others, of(['trilogy'], true), of(['trilogy', 'other'], true)]), heldFor('collection'));
	t.deepEqual(judge([...others, of(['trilogy'], true), of(['trilogy'], true), of(['trilogy'], false)]), notHeld);
	t.deepEqual(judge([...others, of(['one'], true), of(['other'], true)]), notHeld);
});

const removables = fc.array(fc.record<Removable>({
	type: fc.constant('episode'),
	isGone: fc.boolean(),
	showId: fc.constantFrom('a', 'b'),
	seasonId: fc.constantFrom('1', '2', '3'),
	collections: fc.subarray(['x', 'y']),
	paths: fc.subarray(['/srv/tv/a.mkv', '/mnt/tv/b.mkv'], {maxLength: 1}),
}), {maxLength: 60});

const hasWhole = (all: readonly Removable[], groupsOf: (removable: Removable) => ReadonlyArray<string | undefined> | undefined) => {
	const groups = new Set(all.flatMap(removable => groupsOf(removable) ?? []));
	return groups.values().some(group => {
		const members = all.filter(removable => groupsOf(removable)?.includes(group));
		return members.length > 1 && members.every(({isGone}) => isGone);
	});
};

test('nothing beyond the stated rule is let through, and nothing within it is held', t => {
	fc.assert(fc.property(removables, all => {
		const gone = all.filter(({isGone}) => isGone).length;
		const isHeld = (gone > 1 && gone > all.length / 5)
			|| hasWhole(all, ({showId}) => [showId])
			|| hasWhole(all, ({seasonId}) => [seasonId])
			|| hasWhole(all, ({collections}) => collections)
			|| hasWhole(all, ({paths}) => paths?.map(path => path.slice(0, '/srv/tv'.length)));
		t.is(judge(all, ['/srv/tv', '/mnt/tv']).isHeld, isHeld);
	}));
});

test('the judge stops early only where nothing that follows could change the verdict', t => {
	fc.assert(fc.property(removables, all => {
		const {see, seeFiles, isHarmless, isSettled, verdict} = createRemovalJudge({locations: ['/srv/tv', '/mnt/tv']}, defaultHoldLimits);
		const gone = all.filter(({isGone}) => isGone);
		for (const removable of gone) {
			see(removable);
		}

		const kept = all.filter(({isGone}) => !isGone);
		if (!isHarmless()) {
			for (const {paths: _, ...removable} of kept) {
				see(removable);
			}

			for (const removable of kept) {
				if (isSettled()) {
					break;
				}

				seeFiles(removable);
			}
		}

		t.deepEqual(verdict(), judge(all, ['/srv/tv', '/mnt/tv']));
	}));
});
