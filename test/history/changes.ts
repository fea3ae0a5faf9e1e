import test from 'ava';
import fc from 'fast-check';
import {changeKinds} from '../../source/catalog/kinds.js';
import {type HistoryEvent} from '../../source/catalog/history.js';
import type {CatalogState} from '../../source/history/replay.js';
import type {Item} from '../../source/catalog/types.js';
import {
	changes,
	countChanges,
	timeline,
	type ChangesOptions,
	type KnownItems,
} from '../../source/history/changes.js';
import {isQuietField, netChanges, type NetChange} from '../../source/history/net-changes.js';
import {changesLine, kindOrder, signedKindWord} from '../../source/history/changes-line.js';
import {
	added,
	changed,
	mediaFile,
	removed,
	restored,
	version,
} from '../helpers/events.js';
import {live, steps} from '../helpers/histories.js';
import {makeItem} from '../query/_items.js';

const files = new Map([
	mediaFile('small', '/films/Alien (1979)/alien.mkv', 4_200_000_000),
	mediaFile('large', '/films/Alien (1979)/alien-4k.mkv', 40_000_000_000),
	mediaFile('elsewhere', '/archive/Alien (1979)/alien.mkv', 4_200_000_000),
].map(file => [file.id, file]));

const names = new Map([['p1', 'Ridley Scott'], ['t1', 'Horror'], ['t2', 'Science fiction'], ['films', 'Films'], ['old', 'Old films']]);

const known = (items: readonly Item[] = []): KnownItems => ({
	name: id => names.get(id),
	file: id => files.get(id),
	item: id => items.find(item => item.id === id),
});

const told = (events: readonly HistoryEvent[], options: ChangesOptions = {}, items: readonly Item[] = []) =>
	changes(events, options, known(items)).flatMap(({kind, rows}) => rows.map(({itemId, fields}) =>
		[kind, itemId, ...fields.map(({name, before = '–', after = '–'}) => `${name}: ${before} → ${after}`)].join(' | ')));

test('an upgrade tells resolution, files and sizes', t => {
	t.deepEqual(told([changed('upgraded', 'a', [{versions: [version('1080', 'small')]}, {versions: [version('4k', 'large')]}])]), [
		'upgraded | a | resolution: 1080p → 4K | files: alien.mkv, 4.2 GB → alien-4k.mkv, 40.0 GB',
	]);
});

test('a copy that Plex made says that it is one', t => {
	const withCopy = [version('4k', 'large'), {...version('480', 'small'), optimized: true}];
	t.deepEqual(told([changed('upgraded', 'a', [{versions: [version('1080', 'small')]}, {versions: withCopy}])]), [
		'upgraded | a | resolution: 1080p → 4K | files: alien.mkv, 4.2 GB → alien-4k.mkv, 40.0 GB; alien.mkv, 4.2 GB, a copy that Plex made',
	]);
});

test('an edit that only locked or released fields tells which ones', t => {
	t.deepEqual(told([
		changed('edited', 'a', [{lockedFields: ['title'], updatedAt: '2026-05-01T10:00:00Z'}, {lockedFields: null, updatedAt: '2026-05-01T11:00:00Z'}]),
		changed('edited', 'b', [{title: 'B', lockedFields: null}, {title: 'C', lockedFields: ['title']}]),
	]), ['edited | a | locked fields: title → –', 'edited | b | title: B → C']);
});

test('a file that was moved tells the folders, one that was overwritten tells the sizes', t => {
	t.deepEqual(told([
		changed('moved', 'a', [{versions: [version('1080', 'small')]}, {versions: [version('1080', 'elsewhere')]}]),
		changed('replaced', 'b', [{files: [mediaFile('x', '/x.mkv', 1000)]}, {files: [mediaFile('x', '/x.mkv', 2000)]}]),
	]), [
		'replaced | b | files: x.mkv, 1.0 kB → x.mkv, 2.0 kB',
		'moved | a | folder: /films/Alien (1979) → /archive/Alien (1979)',
	]);
});

test('file records of the event win over those of the catalogue, on each side', t => {
	const versions = [version('1080', 'small')];
	t.deepEqual(told([changed('replaced', 'a', [
		{versions, files: [mediaFile('small', '/films/alien.mkv', 1000)]},
		{versions: [{...versions[0], bitrateKbps: 9}], files: [mediaFile('small', '/films/alien.mkv', 2000)]},
	])]), ['replaced | a | files: alien.mkv, 1.0 kB → alien.mkv, 2.0 kB']);
});

test('people, tags and libraries are told by name, and by id where nobody knows the name', t => {
	t.deepEqual(told([
		changed('edited', 'a', [{genres: ['t1'], directors: []}, {genres: ['t1', 't2'], directors: ['p1', 'p9']}]),
		changed('moved', 'b', [{libraryId: 'old'}, {libraryId: 'films'}]),
	]), [
		'moved | b | library: Old films → Films',
		'edited | a | genres: Horror → Horror, Science fiction | directors: – → Ridley Scott, p9',
	]);
});

test('being watched tells the count from nothing on', t => {
	t.deepEqual(told([changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}])]), ['watched | a | watched: 0 → 1']);
});

test('several changes of one item are told as one, the first before and the last after', t => {
	t.deepEqual(told([
		changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}]),
		changed('edited', 'a', [{title: 'Alien', year: 1978}, {title: 'Aliens', year: 1979}]),
		changed('watched', 'a', [{viewState: {viewCount: 1}}, {viewState: {viewCount: 2}}]),
		changed('edited', 'a', [{title: 'Aliens'}, {title: 'Alien³'}]),
	]), ['edited | a | title: Alien → Alien³ | year: 1978 → 1979', 'watched | a | watched: 0 → 2']);
});

test('what ends as it began disappears, whatever kind of change took it back', t => {
	const back = changed('refreshed', 'a', [{title: 'Aliens', updatedAt: '2026-05-01T11:00:00Z'}, {title: 'Alien', updatedAt: '2026-05-01T12:00:00Z'}]);
	t.deepEqual(told([
		changed('edited', 'a', [{title: 'Alien', updatedAt: '2026-05-01T10:00:00Z'}, {title: 'Aliens', updatedAt: '2026-05-01T11:00:00Z'}]),
		back,
		changed('replaced', 'b', [{files: [mediaFile('x', '/x.mkv', 1)]}, {files: [mediaFile('x', '/x.mkv', 2)]}]),
		changed('replaced', 'b', [{files: [mediaFile('x', '/x.mkv', 2)]}, {files: [mediaFile('x', '/x.mkv', 1)]}]),
	]), []);
});

test('an upgrade that was followed by something poorer is a replacement', t => {
	t.deepEqual(told([
		changed('upgraded', 'a', [{versions: [version('1080', 'small')]}, {versions: [version('4k', 'large')]}]),
		changed('replaced', 'a', [{versions: [version('4k', 'large')]}, {versions: [version('720', 'small')]}]),
	]), ['replaced | a | resolution: 1080p → 720p']);
});

test('what was there at neither end disappears, what came stays new however it was changed', t => {
	const item = makeItem('a', {versions: [version('4k', 'large')]});
	t.deepEqual(told([added('a'), changed('edited', 'a', [{year: 1}, {year: 2}]), removed(item)]), []);
	t.deepEqual(told([restored('a'), removed(item)]), []);
	t.deepEqual(told([added('a'), changed('edited', 'a', [{year: 1}, {year: 2}])], {}, [item]), [
		'added | a | resolution: – → 4K | files: – → alien-4k.mkv, 40.0 GB | folder: – → /films/Alien (1979)',
	]);
});

test('what went is told with its files, even after other changes', t => {
	const item = makeItem('a', {title: 'Alien', versions: [version('1080', 'gone')]});
	t.deepEqual(told([changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}]), removed(item, [mediaFile('gone', '/films/gone.mkv', 5000)])]), [
		'removed | a | resolution: 1080p → – | files: gone.mkv, 5.0 kB → – | folder: /films → –',
	]);
});

test('what went and came back is not told unless something differs', t => {
	const item = makeItem('a', {title: 'Alien', viewState: {viewCount: 1}, versions: [version('1080', 'small')]});
	const again = {
		...item, ratingKey: '99', addedAt: '2026-05-02T10:00:00Z', versions: [{...version('1080', 'small'), id: 'm99'}],
	};
	const events = [changed('edited', 'a', [{title: 'Alein'}, {title: 'Alien'}]), removed(item, [files.get('small')!]), restored('a')];
	t.deepEqual(told(events.slice(1), {}, [again]), []);
	t.deepEqual(told(events, {}, [again]), ['restored | a | title: Alein → Alien']);
	t.deepEqual(told(events.slice(1), {}, [{...again, viewState: {}}]), ['restored | a | watched: 1 → 0']);
	t.deepEqual(told([removed(item, [mediaFile('small', '/films/Alien (1979)/alien.mkv', 1000)]), restored('a')], {}, [item]), [
		'restored | a | files: alien.mkv, 1.0 kB → alien.mkv, 4.2 GB',
	]);
});

test('marks of another viewer are not added to those of the last one', t => {
	const events = [
		changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}]),
		changed('viewer', 'a', [{viewState: {viewCount: 1}}, {viewState: {viewCount: 5}}]),
		changed('watched', 'a', [{viewState: {viewCount: 5}}, {viewState: {viewCount: 6}}]),
	];
	t.deepEqual(told(events), ['watched | a | watched: 0 → 1', 'watched | a | watched: 5 → 6']);
	t.deepEqual(told(events, {isAll: true}), ['watched | a | watched: 0 → 1', 'watched | a | watched: 5 → 6', 'viewer | a | watched: 1 → 5']);
});

test('what Plex does by itself is told only when asked for', t => {
	const events = [changed('refreshed', 'a', [{images: {poster: '/1'}}, {images: {poster: '/2'}}])];
	t.deepEqual(told(events), []);
	t.deepEqual(told(events, {isAll: true}), ['refreshed | a | poster: /1 → /2']);
	t.deepEqual(told(events, {kinds: ['refreshed']}), ['refreshed | a | poster: /1 → /2']);
});

test('a change of library is asked for from either of them', t => {
	const events = [changed('moved', 'a', [{libraryId: 'old'}, {libraryId: 'films'}]), added('b', {type: 'episode'})];
	t.is(told(events, {libraryIds: ['old']}).length, 1);
	t.is(told(events, {libraryIds: ['films']}).length, 2);
	t.is(told(events, {libraryIds: ['other']}).length, 0);
	t.deepEqual(told(events, {type: 'episode'}), ['added | b']);
	t.deepEqual(told(events, {kinds: ['moved']}), ['moved | a | library: Old films → Films']);
});

test('a change of nothing but the key stays, with its reason', t => {
	const groups = changes([changed('moved', 'a', [{ratingKey: '1'}, {ratingKey: '2'}], {reason: 'by its guid'})], {}, known());
	t.like(groups[0]!.rows[0], {fields: [], reason: 'by its guid'});
});

test('a timeline tells every event of one item by itself, newest first', t => {
	const rows = timeline('a', [
		changed('edited', 'a', [{title: 'Alien'}, {title: 'Aliens'}]),
		changed('edited', 'b', [{title: 'B'}, {title: 'C'}]),
		changed('edited', 'a', [{title: 'Aliens'}, {title: 'Alien'}]),
		changed('refreshed', 'a', [{updatedAt: null}, {updatedAt: null}]),
	], known());
	t.deepEqual(rows.map(({kind, fields}) => [kind, fields.map(({after}) => after)]), [['refreshed', []], ['edited', ['Alien']], ['edited', ['Aliens']]]);
});

test('a line sums up the changes in one order, and every kind has its place in it', t => {
	t.is(changesLine({
		watched: 40, removed: 2, added: 1200, moved: 1, upgraded: 3, edited: 0,
	}), '1,200 added, 3 upgraded, 1 moved, 2 removed, 40 watched');
	t.is(changesLine({}), 'no changes');
	t.deepEqual([...kindOrder].toSorted(), [...changeKinds].toSorted());
	t.deepEqual(countChanges(changes([added('a'), added('b', {libraryId: 'other'})], {}, known())), {added: 2});
});

test('beside a sign, the word for each kind that is shown fits its column', t => {
	const words = changeKinds.filter(kind => kind !== 'viewer').map(kind => signedKindWord(kind));
	t.deepEqual(words.filter(word => word.length > 10), []);
	t.is(signedKindWord('collection-changed'), 'collection');
	t.is(signedKindWord('readded'), 're-added');
});

/**
The fields that matter to people, of an item that came about by net changes.
*/
const outcome = (base: Item | undefined, net: readonly NetChange[], end: Item | undefined) => {
	if (net.some(({kind}) => kind === 'removed')) {
		return undefined;
	}

	const isNew = net.some(({kind, isReturn}) => (kind === 'added' || kind === 'restored') && !isReturn);
	const changedItem = Object.assign({}, isNew ? end : base, ...net.map(({after}) => isNew ? {} : after)) as Record<string, unknown>;
	const {files: _, ...fields} = changedItem;
	return loud(base === undefined && !isNew ? undefined : fields);
};

const loud = (fields: Readonly<Record<string, unknown>> | undefined) => fields === undefined
	? undefined
	: Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isQuietField(name) && value !== null));

/**
The state that the net changes of an item start from. A first import brings items without an event of their own, and what was told of its library before is void.
*/
const baseOf = (id: string, {history, states, from}: {history: readonly HistoryEvent[]; states: readonly CatalogState[]; from: number}) => {
	let base = states[from]!.items.get(id);
	const libraries = new Set<string>();
	for (const [index, event] of history.entries()) {
		if (index < from) {
			continue;
		}

		if ('itemId' in event && event.itemId === id) {
			libraries.add(event.libraryId);
		} else if (event.kind === 'baseline' && (libraries.has(event.libraryId) || (base === undefined && libraries.size === 0))) {
			base = states[index + 1]!.items.get(id);
			libraries.clear();
		}
	}

	return base;
};

test('net changes lead from the start of any history to its end', t => {
	fc.assert(fc.property(steps, fc.nat({max: 20}), (all, from) => {
		const {state: end, history, states} = live(all);
		const net = netChanges(history.slice(from), id => end.items.get(id));
		for (let number = 0; number < 6; number++) {
			const id = `i${number}`;
			const own = net.filter(({event}) => event.itemId === id);
			const base = baseOf(id, {history, states, from: Math.min(from, history.length)});
			t.deepEqual(outcome(base, own, end.items.get(id)), loud(end.items.get(id)));
		}
	}), {numRuns: 500});
});
