import test from 'ava';
import fc from 'fast-check';
import {sumLibraries} from '../../source/query/library-sums.js';
import {movie} from '../helpers/fake-services.js';

test('only movies and episodes count, each for its library', async t => {
	const sums = await sumLibraries([
		movie(1, {resolution: '4k', hdr: 'HDR10', addedAt: '2026-01-01T00:00:00Z'}),
		movie(2, {resolution: '1080', hdr: 'Dolby Vision', addedAt: '2026-01-03T00:00:00Z'}),
		movie(3, {resolution: '8k', durationMs: undefined, addedAt: '2026-01-02T00:00:00Z'}),
		movie(4, {libraryId: 'shows', type: 'show'}),
		movie(5, {
			libraryId: 'shows', type: 'episode', resolution: undefined, addedAt: undefined,
		}),
	]);
	t.deepEqual(Object.fromEntries(sums), {
		movies: {
			videos: 3, durationMs: 13_440_000, uhd: 2, hdr: 2, newest: {id: 'm2', addedAt: '2026-01-03T00:00:00Z'},
		},
		shows: {
			videos: 1, durationMs: 6_720_000, uhd: 0, hdr: 0, newest: undefined,
		},
	});
});

test('however often others have their turn, the sums are the same', async t => {
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(fc.integer({min: 0, max: 2000}), fc.integer({min: 1, max: 5}), async (length, libraries) => {
		const items = Array.from({length}, (_, number) => movie(number, {libraryId: `l${number % libraries}`}));
		let pauses = 0;
		const sums = await sumLibraries(items, {
			isOver: () => true,
			async pause() {
				pauses++;
			},
		});
		const videos = sums.values().reduce((sum, {videos: count}) => sum + count, 0);
		return pauses === Math.floor(length / 256) && videos === length && sums.size === Math.min(length, libraries);
	}), {numRuns: 20}));
});
