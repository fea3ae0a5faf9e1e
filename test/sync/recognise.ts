import test from 'ava';
import type {Item, MediaFile, Tombstone} from '../../source/catalog/types.js';
import {createRecogniser, type Lost} from '../../source/sync/recognise.js';
import {makeItem} from '../query/_items.js';

const playing = (id: string, fileId: string, changes: Partial<Item> = {}): Item => makeItem(id, {
	versions: [{id: `v${id}`, parts: [{fileId}]}], ...changes,
});

const file = (id: string): MediaFile => ({
	id, kind: 'file', serverId: 'server', path: `/films/${id}.mkv`,
});

const tombstoneOf = (item: Item, removedAt: string): Tombstone => ({
	id: `x${item.id}`,
	kind: 'tombstone',
	itemId: item.id,
	serverId: item.serverId,
	libraryId: item.libraryId,
	removedAt,
	runId: 'run',
	reason: 'gone',
	item,
	files: [],
});

const lost = (item: Item, files: readonly MediaFile[] = [], removedAt?: string): Lost => ({
	item, files, ...(removedAt !== undefined && {tombstone: tombstoneOf(item, removedAt)}),
});

test('the guid comes before external ids, and these before the file', t => {
	const byGuid = lost(makeItem('a', {guid: 'plex://movie/1'}));
	const byIds = lost(makeItem('b', {ids: {imdb: ['tt1'], tmdb: [], tvdb: []}}));
	const byFile = lost(playing('c', 'f1'), [file('f1')]);
	const recogniser = createRecogniser([byFile, byIds, byGuid]);
	const item = playing('new', 'f1', {guid: 'plex://movie/1', ids: {imdb: ['tt1'], tmdb: [], tvdb: []}});
	t.deepEqual(recogniser.find(item, [file('f1')]), {lost: byGuid, why: 'recognised by its guid'});
	t.deepEqual(recogniser.find(item, [file('f1')]), {lost: byIds, why: 'recognised by its external ids'});
	t.deepEqual(recogniser.find(item, [file('f1')]), {lost: byFile, why: 'recognised by its file'});
	t.is(recogniser.find(item, [file('f1')]), undefined);
});

test('ids of other providers count with their provider and their value', t => {
	const ids = (source: string, id: string): Partial<Item> => {
		const other = [{source, id}];
		return {
			ids: {
				imdb: [], tmdb: [], tvdb: [], other,
			},
		};
	};

	const kept = lost(makeItem('a', ids('anidb', '112')));
	const recogniser = createRecogniser([kept]);
	t.is(recogniser.find(makeItem('b', ids('anidb', '113')), []), undefined);
	t.is(recogniser.find(makeItem('c', ids('mal', '112')), []), undefined);
	t.deepEqual(recogniser.find(makeItem('d', ids('anidb', '112')), []), {lost: kept, why: 'recognised by its external ids'});
});

test('editions are told apart, and so are a film and a show with one number', t => {
	const cut = lost(makeItem('a', {guid: 'plex://movie/1', editionTitle: 'Director\'s Cut'}));
	const show = lost(makeItem('b', {type: 'show', ids: {imdb: [], tmdb: ['603'], tvdb: []}}));
	const recogniser = createRecogniser([cut, show]);
	t.is(recogniser.find(makeItem('new', {guid: 'plex://movie/1', ids: {imdb: [], tmdb: ['603'], tvdb: []}}), []), undefined);
	t.is(recogniser.find(makeItem('new', {guid: 'plex://movie/1', editionTitle: 'Director\'s Cut'}), [])?.lost, cut);
});

test('a guid that was made from the ratingKey proves nothing', t => {
	const recogniser = createRecogniser([lost(makeItem('a', {guid: 'local://512'}))]);
	t.is(recogniser.find(makeItem('new', {guid: 'local://512'}), []), undefined);
});

test('episodes of one file are told apart by their number', t => {
	const first = lost(playing('e1', 'f', {type: 'episode', seasonNumber: 1, episodeNumber: 1}), [file('f')]);
	const second = lost(playing('e2', 'f', {type: 'episode', seasonNumber: 1, episodeNumber: 2}), [file('f')]);
	const recogniser = createRecogniser([first, second]);
	t.is(recogniser.find(playing('new', 'f', {type: 'episode', seasonNumber: 1, episodeNumber: 2}), [file('f')])?.lost, second);
});

test('the same library comes before another, a later removal before an earlier one', t => {
	const elsewhere = lost(makeItem('a', {guid: 'plex://movie/1', libraryId: 'other'}));
	const early = lost(makeItem('b', {guid: 'plex://movie/1'}), [], '2026-01-01T00:00:00Z');
	const late = lost(makeItem('c', {guid: 'plex://movie/1'}), [], '2026-02-01T00:00:00Z');
	const recogniser = createRecogniser([elsewhere, early, late]);
	const item = makeItem('new', {guid: 'plex://movie/1'});
	t.deepEqual([1, 2, 3].map(() => recogniser.find(item, [])?.lost), [late, early, elsewhere]);
});
