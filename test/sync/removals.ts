import test from 'ava';
import fc from 'fast-check';
import {createRemovalJudge, defaultHoldLimits, type Removable} from '../../source/sync/removals.js';

const items = (count: number, gone: number, folder = '/srv/films'): Removable[] => Array.from({length: count}, (_, index) => ({
	id: `${folder}${index}`, isGone: index < gone, paths: [`${folder}/${index}.mkv`],
}));

const judge = (removables: readonly Removable[], locations: readonly string[] = []) => {
	const {see, verdict} = createRemovalJudge({locations: [...locations]}, defaultHoldLimits);
	for (const removable of removables) {
		see(removable);
	}

	return verdict();
};

test('a few of many may go, and so may most of very few', t => {
	t.false(judge(items(1000, 150)).isHeld);
	t.false(judge(items(30, 25)).isHeld);
});

test('more than a fifth and more than 25 items are held', t => {
	t.deepEqual(judge(items(100, 26)), {isHeld: true, reason: 'share'});
	t.false(judge(items(130, 26)).isHeld);
	t.deepEqual(judge(items(129, 26)), {isHeld: true, reason: 'share'});
});

test('all that a folder of the library held is held, however little it is', t => {
	const all = [...items(1000, 0), ...items(3, 3, '/mnt/usb')];
	t.deepEqual(judge(all, ['/srv/films', '/mnt/usb']), {isHeld: true, reason: 'location'});
	t.deepEqual(judge(all, ['/srv/films/', '/mnt/usb/']), {isHeld: true, reason: 'location'});
	t.false(judge([...items(1000, 0), ...items(4, 3, '/mnt/usb')], ['/srv/films', '/mnt/usb']).isHeld);
});

test('a folder is not taken for another that begins alike, and Windows paths count', t => {
	t.false(judge([...items(9, 0, '/srv/films-4k'), ...items(9, 2, '/srv/films')], ['/srv/films', '/srv/films-4k']).isHeld);
	const windows: Removable[] = [
		{id: 'a', isGone: true, paths: [String.raw`D:\TV\a.mkv`]},
		{id: 'b', isGone: true, paths: [String.raw`D:\TV\b.mkv`]},
		{id: 'c', isGone: false, paths: [String.raw`E:\TV\c.mkv`]},
	];
	t.deepEqual(judge(windows, [String.raw`D:\TV`, String.raw`E:\TV`]), {isHeld: true, reason: 'location'});
});

test('a folder that is a share, or named in another case, counts as well', t => {
	const share = [...items(60, 0), ...items(12, 12, String.raw`\\nas2\films`)];
	t.deepEqual(judge(share, ['/srv/films', String.raw`\\NAS2\Films`]), {isHeld: true, reason: 'location'});
	const drive = [...items(60, 0, String.raw`D:\Films`), ...items(12, 12, String.raw`E:\Films`)];
	t.deepEqual(judge(drive, [String.raw`D:\Films`, String.raw`e:\films`]), {isHeld: true, reason: 'location'});
});

test('what is left in a folder inside does not belong to the folder around it', t => {
	const nested = [...items(60, 0, '/srv/films/4k'), ...items(12, 12)];
	t.deepEqual(judge(nested, ['/srv/films', '/srv/films/4k']), {isHeld: true, reason: 'location'});
});

test('the only film of a folder may go', t => {
	t.false(judge([...items(5, 0), ...items(1, 1, '/mnt/one')], ['/srv/films', '/mnt/one']).isHeld);
});

test('what is beyond the limits is never let through', t => {
	fc.assert(fc.property(fc.nat({max: 500}), fc.nat({max: 500}), (gone, kept) => {
		const {isHeld} = judge(items(gone + kept, gone));
		t.is(isHeld, gone > 25 && gone > 0.2 * (gone + kept));
	}));
});
