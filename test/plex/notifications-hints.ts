import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {readHints} from '../../source/plex/notifications/hints.js';

const holds = <Values>(t: ExecutionContext, property: fc.IProperty<Values>, numberRuns = 500) => {
	t.notThrows(() => {
		fc.assert(property, {numRuns: numberRuns});
	});
};

const entry = (fields: Record<string, unknown>) => ({
	identifier: 'com.plexapp.plugins.library', sectionID: '2', itemID: '40', type: 1, title: 'A Film', state: 5, ...fields,
});

const frame = (...rows: unknown[]) => ({NotificationContainer: {type: 'timeline', size: rows.length, TimelineEntry: rows}});

const items = (ratingKeys: string[], {sectionKey = '2', isGone = false}: {sectionKey?: string | undefined; isGone?: boolean} = {}) => ({
	kind: 'items', sectionKey, ratingKeys, isGone,
});

test('a processed item is a hint, as a frame, as an event without list and container, and under _children of old servers', t => {
	const expected = [items(['40'])];
	t.deepEqual(readHints(frame(entry({}))), expected);
	t.deepEqual(readHints({
		TimelineEntry: entry({
			sectionID: 2, itemID: 40, type: '1', state: '5',
		}),
	}), expected);
	t.deepEqual(readHints({NotificationContainer: {type: 'timeline', size: 1, _children: [{_elementType: 'TimelineEntry', ...entry({})}]}}), expected);
});

for (const [state, isTold] of [[0, true], [1, true], [2, false], [3, false], [4, false], [5, true], [6, true], [7, false], [undefined, false]] as const) {
	test(`the state ${state} is ${isTold ? 'a' : 'no'} hint`, t => {
		t.deepEqual(readHints(frame(entry({state}))), isTold ? [items(['40'])] : []);
	});
}

test('what is deleted is marked, by its state and by the state of its metadata', t => {
	const expected = [items(['40'], {isGone: true})];
	t.deepEqual(readHints(frame(entry({state: 9}))), expected);
	t.deepEqual(readHints(frame(entry({state: 5, metadataState: 'deleted'}))), expected);
});

test('an episode brings its season and its show along, which are not deleted with it', t => {
	const family = {type: 4, parentItemID: '30', rootItemID: 20};
	t.deepEqual(readHints(frame(entry(family))), [items(['40', '30', '20'])]);
	t.deepEqual(readHints(frame(entry({...family, state: 9}))), [items(['40'], {isGone: true}), items(['30', '20'])]);
});

test('rows of one frame are told together, by section', t => {
	t.deepEqual(
		readHints(frame(entry({}), entry({itemID: 41}), entry({itemID: 41}), entry({itemID: 50, sectionID: '3'}), entry({itemID: 60, sectionID: -1}))),
		[items(['40', '41']), items(['50'], {sectionKey: '3'}), {...items(['60']), sectionKey: undefined}],
	);
});

test('other providers, collections, playlists and music are none of ours; a type that is not known may be', t => {
	t.deepEqual(readHints(frame(entry({identifier: 'tv.plex.providers.epg.cloud:4'}))), []);
	for (const type of [8, 9, 10, 13, 15, 18, '18']) {
		t.deepEqual(readHints(frame(entry({type}))), [], String(type));
	}

	for (const type of [1, 2, 3, 4, -1, undefined]) {
		t.deepEqual(readHints(frame(entry({type}))), [items(['40'])], String(type));
	}
});

const activity = (type: string, {event = 'ended', context}: {event?: string; context?: unknown} = {}) => ({
	NotificationContainer: {
		type: 'activity', size: 1, ActivityNotification: [{
			event, uuid: 'a', Activity: {
				uuid: 'a', type, title: 'Scanning', Context: context,
			},
		}],
	},
});

test('the end of a scan is a hint at its section, or at an unknown one', t => {
	t.deepEqual(readHints(activity('library.update.section', {context: {librarySectionID: '7'}})), [{kind: 'section', sectionKey: '7'}]);
	t.deepEqual(readHints(activity('library.update.section')), [{kind: 'section', sectionKey: undefined}]);
	t.deepEqual(readHints(activity('library.update.section', {event: 'started', context: {librarySectionID: '7'}})), []);
});

test('an item that somebody opened is a hint only when it was refreshed', t => {
	const opened = (refreshed: unknown, key = '/library/metadata/40') => readHints(activity('library.refresh.items', {context: {key, refreshed, librarySectionID: '2'}}));
	t.deepEqual(opened(true), [items(['40'])]);
	t.deepEqual(opened('1', '/library/metadata/40/children'), [items(['40'])]);
	t.deepEqual(opened(false), []);
	t.deepEqual(opened(undefined), []);
	t.deepEqual(opened(true, '/library/metadata/40,41'), []);
	t.deepEqual(opened(true, '../40'), []);
});

test('what was stopped is to be looked at a few seconds later', t => {
	const mark = (ratingKey: string) => ({
		...items([ratingKey]), sectionKey: undefined, delayMs: 3000, isMark: true,
	});
	const playing = (fields: Record<string, unknown>) => readHints({
		NotificationContainer: {type: 'playing', PlaySessionStateNotification: [{sessionKey: '1', key: '/library/metadata/41', ...fields}]},
	});
	t.deepEqual(playing({state: 'stopped', ratingKey: '40'}), [mark('40')]);
	t.deepEqual(playing({state: 'stopped'}), [mark('41')]);
	t.deepEqual(playing({state: 'playing', ratingKey: '40'}), []);
});

test('what is nothing, or of no interest, gives nothing', t => {
	for (const message of [
		undefined,
		null,
		0,
		'timeline',
		[],
		[frame(entry({}))],
		{},
		{NotificationContainer: null},
		{NotificationContainer: {type: 'timeline', TimelineEntry: 'x'}},
		frame(null, 1, [], entry({itemID: 0}), entry({itemID: -4}), entry({itemID: 1.5}), entry({itemID: 1e30}), entry({itemID: '1e3'}), entry({itemID: '../4'}), entry({itemID: {}})),
		{NotificationContainer: {type: 'activity', ActivityNotification: [{event: 'ended'}, {event: 'ended', Activity: []}]}},
		{NotificationContainer: {type: 'status', StatusNotification: [{title: 'Library scan complete'}]}},
		JSON.parse('{"__proto__":{"NotificationContainer":{"type":"timeline","TimelineEntry":[{}]}}}'),
	]) {
		t.deepEqual(readHints(message), [], JSON.stringify(message));
	}
});

const names = [
	'NotificationContainer',
	'TimelineEntry',
	'ActivityNotification',
	'Activity',
	'Context',
	'PlaySessionStateNotification',
	'_children',
	'identifier',
	'itemID',
	'sectionID',
	'type',
	'state',
	'event',
	'key',
	'ratingKey',
	'__proto__',
];

/**
Notifications with anything in the place of anything.
*/
const noise = fc.letrec<{value: unknown}>(tie => ({
	value: fc.oneof(
		{maxDepth: 6},
		fc.constantFrom<unknown>('ended', 'timeline', 'deleted', 'com.plexapp.plugins.library', 'library.update.section', '/library/metadata/3', 5, 9, '5', 1),
		fc.jsonValue({maxDepth: 1}),
		fc.array(tie('value'), {maxLength: 3}),
		fc.dictionary(fc.constantFrom(...names), tie('value'), {maxKeys: 6}),
	),
})).value;

test('no message whatsoever throws, and each hint names ids made of digits', t => {
	holds(t, fc.property(noise, message => {
		for (const hint of readHints(message)) {
			const ids = [hint.sectionKey ?? '1', ...(hint.kind === 'items' ? hint.ratingKeys : [])];
			if (ids.some(id => !/^[1-9]\d*$/v.test(id)) || (hint.kind === 'items' && hint.ratingKeys.length === 0)) {
				return false;
			}
		}

		return true;
	}), 2000);
});
