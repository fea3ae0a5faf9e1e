import test from 'ava';
import fc from 'fast-check';
import {diffSnapshots, type Snapshot} from '../../source/history/diff.js';
import type {Item, MediaFile} from '../../source/catalog/types.js';
import {makeItem} from '../query/_items.js';

const file = (id: string, sizeBytes: number): MediaFile => ({
	id, kind: 'file', serverId: 'server', path: `/films/${id}.mkv`, sizeBytes,
});

const film = (changes: Partial<Item> = {}, {fileId = 'f1', sizeBytes = 1000, resolution = '1080'} = {}): Snapshot => ({
	item: makeItem('a', {versions: [{id: 'v1', resolution, parts: [{fileId}]}], ...changes}),
	files: [file(fileId, sizeBytes)],
});

const kinds = (before: Snapshot, after: Snapshot) => diffSnapshots(before, after).map(({kind}) => kind);

test('what is the same has no changes, whatever reelcat noted', t => {
	t.deepEqual(kinds(film(), film({fingerprints: {slim: 'x'}, firstSeenAt: '2026-01-01T00:00:00Z', missingSince: '2026-01-02T00:00:00Z'})), []);
});

test('a sharper file is an upgrade, another one a replacement, the same one elsewhere a move', t => {
	t.deepEqual(kinds(film(), film({}, {fileId: 'f2', sizeBytes: 9000, resolution: '4k'})), ['upgraded']);
	t.deepEqual(kinds(film(), film({}, {fileId: 'f2', sizeBytes: 900, resolution: '720'})), ['replaced']);
	t.deepEqual(kinds(film(), film({}, {fileId: 'f1', sizeBytes: 1001})), ['replaced']);
	t.deepEqual(kinds(film(), film({}, {fileId: 'f2', sizeBytes: 1000})), ['moved']);
});

test('what Plex does by itself is told apart from what somebody did', t => {
	t.deepEqual(kinds(film({updatedAt: '2026-01-01T00:00:00Z'}), film({updatedAt: '2026-01-02T00:00:00Z', images: {poster: '/x'}})), ['refreshed']);
	t.deepEqual(kinds(film({updatedAt: '2026-01-01T00:00:00Z'}), film({updatedAt: '2026-01-02T00:00:00Z', title: 'New'})), ['edited']);
	t.deepEqual(kinds(film({guid: 'plex://1'}), film({guid: 'plex://2', title: 'New'})), ['rematched']);
	t.deepEqual(kinds(film(), film({viewState: {viewCount: 1}})), ['watched']);
	t.deepEqual(kinds(film(), film({libraryId: 'other'})), ['moved']);
});

test('what reelcat asks for since an update is no change of the item, and neither is a count of what was watched below it', t => {
	const read = {
		chapters: [{startMs: 0}], markers: [{kind: 'intro', startMs: 0}], extras: [{kind: 'trailer'}], slug: 'film', folders: ['/a'], showOrdering: 'dvd', ids: {
			imdb: [], tmdb: [], tvdb: [], other: [{source: 'anidb', id: '1'}],
		},
	};
	t.deepEqual(kinds(film(), film(read)), ['refreshed']);
	t.deepEqual(kinds(film(read), film({...read, folders: ['/b']})), ['edited']);
	t.deepEqual(kinds(film(), film({ids: {...read.ids, imdb: ['tt1']}})), ['edited']);
	t.deepEqual(kinds(film(), film({viewState: {viewedLeafCount: 3}})), ['refreshed']);
	t.deepEqual(kinds(film({viewState: {viewCount: 1, viewedLeafCount: 3}}), film({viewState: {viewCount: 1, viewedLeafCount: 4}})), ['refreshed']);
	t.deepEqual(kinds(film({viewState: {viewedLeafCount: 3}}), film({viewState: {viewCount: 1, viewedLeafCount: 4}})), ['watched']);
});

test('a version beside another one is no replacement, unless it is better', t => {
	const two = (resolution: string) => {
		const one = film();
		return {
			item: {...one.item, versions: [...one.item.versions, {id: 'v2', resolution, parts: [{fileId: 'f9'}]}]},
			files: [...one.files, {
				id: 'f9', kind: 'file', serverId: 's', path: '/second.mkv', sizeBytes: 5,
			} as const],
		};
	};

	t.deepEqual(kinds(film(), two('720')), ['version-added']);
	t.deepEqual(kinds(two('720'), film()), ['version-removed']);
	t.deepEqual(kinds(film(), two('4k')), ['upgraded']);

	const {item, files} = two('720');
	const [first, second] = item.versions;
	t.deepEqual(kinds({item, files}, {item: {...item, versions: [second!, first!]}, files}), ['refreshed'], 'the same versions in another order');
});

test('a copy that Plex made is no version that came or went, and hides nothing of the others', t => {
	const withCopy = ({item, files}: Snapshot, mark: 'optimized' | 'proxy' = 'optimized'): Snapshot => ({
		item: {
			...item,
			versions: [...item.versions, {
				id: 'v8', resolution: '4k', parts: [{fileId: 'f8'}], [mark]: true,
			}],
		},
		files: [...files, file('f8', 7)],
	});
	t.deepEqual(kinds(film(), withCopy(film())), ['refreshed']);
	t.deepEqual(kinds(withCopy(film()), film()), ['refreshed']);
	t.deepEqual(kinds(film(), withCopy(film(), 'proxy')), ['refreshed']);
	t.deepEqual(kinds(film(), withCopy(film({}, {fileId: 'f2', sizeBytes: 9000, resolution: '4k'}))), ['upgraded']);
	t.deepEqual(kinds(film(), withCopy(film({}, {fileId: 'f2', sizeBytes: 900, resolution: '720'}))), ['replaced']);
	t.deepEqual(kinds(withCopy(film()), film({}, {fileId: 'f2', sizeBytes: 1000})), ['moved']);
});

test('an item that was added again, or went to another season, is one change', t => {
	t.deepEqual(kinds(film({ratingKey: '1'}), film({ratingKey: '2', addedAt: '2026-01-02T00:00:00Z'})), ['readded']);
	t.deepEqual(kinds(film({ratingKey: '1'}), film({ratingKey: '2', editionTitle: 'Extended'})), ['readded']);
	t.deepEqual(kinds(film({ratingKey: '1'}), film({ratingKey: '2', libraryId: 'other'})), ['moved']);
	t.deepEqual(kinds(film({seasonId: 's1', seasonNumber: 1, episodeNumber: 2}), film({seasonId: 's2', seasonNumber: 2, episodeNumber: 7})), ['moved']);
	t.deepEqual(diffSnapshots(film({ratingKey: '1'}), film({ratingKey: '2'}), {isAnew: true}).map(({kind}) => kind), ['refreshed']);
});

test('several things at once are several changes', t => {
	t.deepEqual(kinds(film(), film({title: 'New', viewState: {viewCount: 1}}, {fileId: 'f2', sizeBytes: 9000, resolution: '4k'})), ['upgraded', 'edited', 'watched']);
});

test('before and after hold every field that differs, exactly once', t => {
	const item = fc.record({
		title: fc.constantFrom('A', 'B'),
		libraryId: fc.constantFrom('l1', 'l2'),
		guid: fc.constantFrom('g1', 'g2'),
		year: fc.option(fc.constantFrom(1999, 2000), {nil: undefined}),
		viewState: fc.option(fc.constantFrom({viewCount: 1}, {viewCount: 2}), {nil: undefined}),
		updatedAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
	});
	fc.assert(fc.property(item, item, (left, right) => {
		const strip = (fields: Record<string, unknown>) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
		const [before, after] = [film(strip(left)), film(strip(right))];
		const fields = diffSnapshots(before, after).flatMap(change => Object.keys(change.after));
		const differing = Object.keys(left).filter(name => JSON.stringify(left[name as keyof typeof left]) !== JSON.stringify(right[name as keyof typeof right]));
		t.deepEqual(fields.toSorted(), differing.toSorted());
	}));
});
