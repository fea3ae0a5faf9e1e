import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {Section} from '../../source/plex/types.js';
import type {Problem} from '../../source/sync/events.js';
import type {Library} from '../../source/catalog/types.js';
import {
	retryTargets,
	selectById,
	selectSections,
	syncableSections,
} from '../../source/sync/select.js';

const section = (key: string, title: string, type = 'movie'): Section => ({
	id: `uuid-${key}`,
	uuid: `uuid-${key}`,
	key,
	title,
	type,
	agent: undefined,
	language: undefined,
	locations: [],
	isRefreshing: false,
	contentChangedAt: undefined,
	scannedAt: undefined,
	updatedAt: undefined,
});

const sections = [section('1', 'Films'), section('2', 'Series ', 'show'), section('3', 'Music', 'artist')];

const attic = {id: 'attic-identifier', name: 'Attic'};

const problem = (libraryId: string, ratingKey?: string): Problem => ({
	library: {id: libraryId, title: ''},
	ratingKey,
	title: undefined,
	stage: 'detail',
	code: 'server-error',
	message: '',
	hint: '',
});

test('a library is found by title without regard to case and edge blanks, by key and by uuid, each with its server or without', t => {
	for (const name of ['series', 'SERIES ', '2', 'uuid-2', 'series@attic', '2@ATTIC', 'Series@attic-id']) {
		t.deepEqual(selectSections(sections, [name], attic), [sections[1]]);
	}
});

test('a library that is named twice is imported once', t => {
	t.is(selectSections(sections, ['Films', '1', 'uuid-1'], attic).length, 1);
});

test('a name that matches nothing lists what exists', t => {
	const error = t.throws<AppError>(() => selectSections(sections, ['Fims'], attic), {instanceOf: AppError});
	t.is(error.code, 'usage');
	t.regex(error.hint!, /"Films" \(key 1\), "Series" \(key 2\)/v);
});

test('a library of another server, and one of two with the same title, are refused; a key tells the two apart', t => {
	t.throws(() => selectSections(sections, ['Films@Barn'], attic), {message: /no library "Films@Barn" on Attic/v});
	const twice = [...sections, section('9', 'films')];
	const error = t.throws<AppError>(() => selectSections(twice, ['Films'], attic), {instanceOf: AppError});
	t.is(error.hint, 'Name one of them: "Films#1", "films#9".');
	t.deepEqual(selectSections(twice, ['Films#9'], attic), [twice.at(-1)]);
});

test('a music library is refused with its reason', t => {
	t.throws(() => selectSections(sections, ['Music'], attic), {message: /Music cannot be imported/v});
});

test('chosen libraries that are gone are an error only when none is left', t => {
	t.deepEqual(selectById(sections, ['uuid-1', 'uuid-9']), [{section: sections[0]}]);
	t.throws(() => selectById(sections, ['uuid-9']), {message: /no longer has/v});
});

test('a sync looks at all libraries only where none was imported or chosen, also while the server lists none of these', t => {
	const [films, series] = sections as [Section, Section, Section];
	const imported = (id: string, serverId: string) => ({id, serverId, lastImport: {}} as unknown as Library);
	const looked = (libraries: Library[], chosen?: string[]) => syncableSections(sections, libraries, {serverId: 'attic', chosen});
	t.deepEqual(looked([imported('uuid-7', 'barn')]), [films, series]);
	t.deepEqual(looked([imported('uuid-1', 'attic')], ['uuid-2']), [films, series]);
	t.deepEqual(looked([imported('uuid-1', 'attic')]), [films]);
	t.deepEqual(looked([imported('uuid-9', 'attic')]), []);
	t.deepEqual(looked([], ['uuid-9']), []);
});

test('a retry asks for the failed items only, or for the library that failed as a whole', t => {
	t.deepEqual(retryTargets(sections, [problem('uuid-1', '5'), problem('uuid-1', '6'), problem('uuid-1', '5'), problem('uuid-2')]), [
		{section: sections[0], ratingKeys: ['5', '6']},
		{section: sections[1]},
	]);
});
