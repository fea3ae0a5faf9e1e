import test from 'ava';
import {bestVersion, resolutionRank} from '../../source/catalog/quality.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {summarize} from '../../source/query/summary.js';
import {fullItem, makeItem, showItems} from './_items.js';

const version = (id: string, fields: Partial<(typeof fullItem)['versions'][number]>) => ({id, parts: [], ...fields});

test('the sharpest version speaks for an item, and a copy made for streaming only when it is alone', t => {
	const sd = version('1', {resolution: 'sd'});
	const hd = version('2', {resolution: '1080', bitrateKbps: 5000});
	const betterHd = version('3', {resolution: '1080', bitrateKbps: 9000});
	const copy = version('4', {resolution: '4k', optimized: true});
	t.is(bestVersion([sd, hd, betterHd, copy])?.id, '3');
	t.is(bestVersion([copy])?.id, '4');
	t.is(bestVersion([sd, {...copy, optimized: false, proxy: true}])?.id, '1');
	t.is(summarize(makeItem('movie1', {versions: [sd, hd, copy]})).versions, 2);
	t.is(summarize(makeItem('movie1', {versions: [copy]})).versions, 1);
	t.is(bestVersion([]), undefined);
});

test('names of resolutions have an order', t => {
	t.deepEqual(['sd', '480', '720', '1080', '2k', '4k', '8K'].map(name => resolutionRank(name)), [400, 480, 720, 1080, 1440, 2160, 4320]);
	t.is(resolutionRank('odd'), undefined);
	t.is(resolutionRank(undefined), undefined);
});

test('a summary says what a list needs', t => {
	const {sortKey, ...summary} = summarize(fullItem, id => id === 'file1' ? 8_000_000_000 : 500_000_000);
	t.is(sortKey, 'nosferatu sorted');
	t.deepEqual(summary, {
		id: 'movie42',
		type: 'movie',
		libraryId: 'films',
		ratingKey: '42',
		showId: 'show1',
		seasonId: 'season11',
		seasonNumber: 61,
		episodeNumber: 62,
		title: 'Nosferatu',
		editionTitle: 'Restored',
		year: 1922,
		releaseDate: '1922-03-04',
		addedAt: '2021-01-02T12:00:00Z',
		durationMs: 5_640_000,
		resolution: '1080',
		hdr: 'Dolby Vision',
		sound: 'DD+ 5.1',
		placeholder: true,
		versions: 1,
		rating: 7.9,
		isWatched: true,
		isBegun: true,
		isTrashed: true,
		isMissing: true,
		isWithoutFile: true,
		leafCount: 71,
		sizeBytes: 8_500_000_000,
		fileIds: ['file1', 'file2'],
		originalTitle: 'Nosferatu, eine Symphonie des Grauens',
		contentRating: 'PG',
		videoCodec: 'hevc',
		audioCodec: 'eac3',
		audioChannels: 6,
		container: 'mkv',
		bitrateKbps: 12_345,
		dolbyVision: 8,
		copies: 0,
		userRating: 7.5,
		viewCount: 73,
		lastViewedAt: '2024-04-05T12:00:00Z',
	});
});

test('a file that two versions play is named once', t => {
	const {fileIds} = summarize(makeItem('movie1', {
		versions: [
			{id: '1', parts: [{fileId: 'a'}, {fileId: 'b'}]},
			{id: '2', parts: [{fileId: 'b'}]},
		],
	}));
	t.deepEqual(fileIds, ['a', 'b']);
});

test('a summary is the same after an index was saved and restored', async t => {
	const items = [
		...showItems(),
		makeItem('movie1', {
			title: '東京物語 "quoted" \u{2028} __proto__ \u{1F600}',
			year: 0,
			editionTitle: 'Director\'s Cut',
			durationMs: 0,
			viewState: {viewCount: 2},
			trashedAt: '2026-01-01T00:00:00Z',
			versions: [{
				id: '1', resolution: '4k', hdr: 'HDR10', parts: [{fileId: 'f1'}, {fileId: 'f2'}],
			}],
		}),
		fullItem,
	];
	const index = createCatalogIndex();
	index.put([makeItem('gone'), ...items]);
	index.remove(['gone']);
	const saved = await index.save();
	const restored = createCatalogIndex();
	restored.restore(name => saved.get(name)!);
	t.is(restored.size(), items.length);
	t.deepEqual(restored.summaries().toArray(), items.map(item => summarize(item)));
	t.deepEqual(restored.itemsOfFile('f2'), ['movie1']);
});

test('the size of an item is that of its files, each once, without copies that Plex made, and unknown where no file has one', t => {
	const sizes = new Map([['a', 3_000_000_000], ['b', 2_000_000_000], ['copy', 700_000_000]]);
	const sizeOf = (versions: (typeof fullItem)['versions']) => summarize(makeItem('movie1', {versions}), id => sizes.get(id)).sizeBytes;
	t.is(sizeOf([{id: '1', parts: [{fileId: 'a'}, {fileId: 'b'}]}, {id: '2', parts: [{fileId: 'b'}]}, {id: '3', optimized: true, parts: [{fileId: 'copy'}]}]), 5_000_000_000);
	t.is(sizeOf([{id: '1', parts: [{fileId: 'a'}, {fileId: 'unknown'}]}]), 3_000_000_000);
	t.is(sizeOf([{id: '1', parts: [{fileId: 'unknown'}]}]), undefined);
	t.is(sizeOf([]), undefined);
	t.is(summarize(fullItem).sizeBytes, undefined);
});
