import test from 'ava';
import fc from 'fast-check';
import type {Item} from '../../source/catalog/types.js';
import {likeness} from '../../source/sync/likeness.js';
import {makeItem} from '../query/_items.js';

const item = (changes: Partial<Item> & {file?: string}): Item => {
	const {file, ...rest} = changes;
	return makeItem('a', {
		title: 'Old', guid: 'plex://1', versions: file === undefined ? [] : [{id: 'v', parts: [{fileId: file}]}], ...rest,
	});
};

const like = (old: Parameters<typeof item>[0], fresh: Parameters<typeof item>[0]) => likeness(item(old), item(fresh));
const ids = (imdb: string) => ({imdb: [imdb], tmdb: [], tvdb: []});

test('a film is its file or what the agent calls it, and not its ratingKey or title', t => {
	const old = {type: 'movie', file: 'f1', ids: ids('tt1')} as const;
	// A corrected match changes everything but the file.
	t.is(like(old, {
		...old, guid: 'plex://2', title: 'New', ids: ids('tt2'),
	}), 'same');
	// An upgrade changes the file.
	t.is(like(old, {...old, file: 'f2'}), 'same');
	t.is(like(old, {...old, file: 'f2', guid: 'local://7'}), 'same');
	// Two films of one title.
	t.is(like(old, {
		...old, file: 'f2', guid: 'plex://2', ids: ids('tt2'),
	}), 'other');
	t.is(like(old, {
		...old, file: 'f2', guid: 'plex://2', title: 'New', ids: ids('tt2'),
	}), 'other');
	t.is(like({...old, file: undefined}, {
		...old, file: undefined, guid: 'plex://2', title: 'New', ids: ids('tt2'),
	}), 'other');
	t.is(like(old, {...old, type: 'show'}), 'other');
});

test('home videos without names are told apart by file and title', t => {
	const old = {type: 'movie', guid: 'local://1', file: 'f1'} as const;
	t.is(like(old, {...old, file: 'f2'}), 'same');
	t.is(like(old, {...old, file: 'f1', title: 'New'}), 'same');
	t.is(like(old, {...old, file: 'f2', title: 'New'}), 'other');
	t.is(like({...old, file: undefined}, {...old, file: undefined, title: 'New'}), 'same');
});

test('a show with other names is unsure, since only its episodes have files', t => {
	t.is(like({type: 'show'}, {type: 'show', title: 'New'}), 'same');
	t.is(like({type: 'show', ids: ids('tt1')}, {type: 'show', guid: 'plex://2', ids: ids('tt1')}), 'same');
	t.is(like({type: 'show'}, {type: 'show', guid: 'plex://2'}), 'unsure');
});

test('a season and an episode without files or names are what their place says', t => {
	const season = {type: 'season', showId: 's', seasonNumber: 1} as const;
	t.is(like(season, {...season, title: 'New', guid: 'plex://2'}), 'same');
	t.is(like(season, {...season, seasonNumber: 2}), 'same');
	t.is(like(season, {...season, seasonNumber: 2, guid: 'plex://2'}), 'other');
	t.is(like(season, {...season, showId: 't'}), 'other');
	const episode = {
		type: 'episode', showId: 's', seasonNumber: 1, episodeNumber: 1, file: 'f1',
	} as const;
	t.is(like(episode, {...episode, seasonNumber: 2, episodeNumber: 4}), 'same');
	// The first episodes of two shows may both be called "Pilot".
	t.is(like(episode, {
		...episode, file: 'f2', guid: 'plex://2', showId: 't',
	}), 'other');
	t.is(like({...episode, guid: 'local://1'}, {
		...episode, guid: 'local://1', file: 'f2', showId: 't',
	}), 'other');
	t.is(like({...episode, guid: 'local://1'}, {
		...episode, guid: 'local://1', file: 'f2', title: 'New',
	}), 'same');
});

test('an item is the same as itself, and likeness does not depend on which one came first', t => {
	const any = fc.record({
		type: fc.constantFrom('movie', 'show', 'season', 'episode'), guid: fc.constantFrom('plex://1', 'plex://2', 'local://1'), title: fc.constantFrom('A', 'B'), file: fc.constantFrom('f1', 'f2', undefined), showId: fc.constantFrom('s', 't'), seasonNumber: fc.constantFrom(1, 2), episodeNumber: fc.constantFrom(1, 2), ids: fc.constantFrom(ids('tt1'), ids('tt2')),
	});
	fc.assert(fc.property(any, any, (left, right) => {
		t.is(like(left, left), 'same');
		t.is(like(left, right), like(right, left));
	}));
});
