import test, {type ExecutionContext} from 'ava';
import type {HistoryEvent} from '../../../source/catalog/history.js';
import type {CatalogRecord} from '../../../source/catalog/types.js';
import {createQueryIndex} from '../../../source/app/query-index.js';
import {createMemoryStore} from '../../../source/store/memory-store.js';
import {defaultAlertLimits} from '../../../source/watch/alerts/alert-facts.js';
import {openNotifier} from '../../../source/watch/notify/notifier.js';
import {
	added,
	changed,
	mediaFile,
	removed,
	version,
} from '../../helpers/events.js';
import {createVirtualClock} from '../../helpers/virtual-clock.js';
import {commit, tombstone} from '../../commands/_past.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {dataFile, fakeChannel} from './_outbox.js';

const setUp = async (t: ExecutionContext, queries: Record<string, string>) => {
	const clock = createVirtualClock();
	const memory = createMemoryStore();
	await memory.load();
	const store = {...memory, kept: () => undefined};
	await commit(store, {
		libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')],
		put: [makeItem('m1', {title: 'Metropolis', year: 1927}), makeItem('show', {type: 'show', libraryId: 'shows', title: 'Harbour'})],
	});
	const {index, close} = createQueryIndex(store);
	const channels = Object.entries({all: undefined, ...queries}).map(([name, query]) => fakeChannel(name, undefined, query === undefined ? {} : {query}));
	const notes: string[] = [];
	const file = await dataFile(t);
	const open = async () => openNotifier({
		file,
		channels,
		digest: {rhythm: {everyMs: 60_000}, timeZone: 'UTC'},
		store,
		narrowing: {index, queryWorld: () => ({now: clock.now(), ...store.header()})},
		limits: defaultAlertLimits,
		clock,
		random: () => 0.5,
		onNote(_, text) {
			notes.push(text);
		},
	});
	const notifier = await open();
	await notifier.flush();
	t.teardown(close);
	return {
		store,
		clock,
		notes,
		notifier,
		open,
		change: async (put: CatalogRecord[], events: HistoryEvent[], remove: string[] = []) => commit(store, {put, remove, events: events.map(event => ({...event, at: clock.now().toISOString()}))}),
		told: () => Object.fromEntries(channels.map(({sent, settings}) => [settings.name, sent.map(({body}) => body.split('\n').slice(1))])),
	};
};

test('a channel with a query is told only of what it finds, and the others of everything', async t => {
	const {change, notifier, told} = await setUp(t, {old: 'year:<1930', same: 'year:<1930', none: 'title:nothing'});
	await change([makeItem('n1', {title: 'Nosferatu', year: 1922}), makeItem('b1', {title: 'Brazil', year: 1985})], [added('n1', {title: 'Nosferatu'}), added('b1', {title: 'Brazil'})]);
	await notifier.flush();
	await notifier.flush();
	t.deepEqual(told(), {
		all: [['New: Brazil', 'New: Nosferatu']], old: [['New: Nosferatu']], same: [['New: Nosferatu']], none: [],
	});
	await notifier.close();
});

test('what was removed is judged as it was when it was last there, and what was upgraded as it is now', async t => {
	const {change, notifier, told} = await setUp(t, {big: 'size:>20GB', sharp: 'res:4k', low: 'res:sd'});
	const sharp = makeItem('m1', {title: 'Metropolis', versions: [version('4k', 'f1')]});
	const file = mediaFile('f9', '/srv/golem.mkv', 30_000_000_000);
	const gone = makeItem('g1', {title: 'Golem', versions: [version('sd', 'f9')]});
	await change([sharp, tombstone(gone, {at: '2026-03-01T12:00:00Z', files: [file]})], [
		changed('upgraded', 'm1', [{versions: [version('sd', 'f1')]}, {versions: sharp.versions}], {title: 'Metropolis'}),
		removed(gone, [file]),
	]);
	await notifier.flush();
	t.deepEqual(told(), {
		all: [['Upgraded: Metropolis (SD → 4K)', 'Removed: Golem']], big: [['Removed: Golem']], sharp: [['Upgraded: Metropolis (SD → 4K)']], low: [['Removed: Golem']],
	});
	await notifier.close();
});

test('a query may speak of the show and of the episodes of a show', async t => {
	const {change, notifier, told} = await setUp(t, {harbour: 'show:harbour', first: 'any(title:first)'});
	const episode = makeItem('e1', {
		type: 'episode', libraryId: 'shows', showId: 'show', title: 'First', seasonNumber: 1, episodeNumber: 1,
	});
	await change([episode], [added('e1', {type: 'episode', libraryId: 'shows', title: 'Harbour – S01E01 First'})]);
	await notifier.flush();
	t.deepEqual(told(), {all: [['New: Harbour S01E01']], harbour: [['New: Harbour S01E01']], first: []});
	await notifier.close();
});

test('a query that cannot be asked is told once, its channel hears of no change, and the others do', async t => {
	const {change, notifier, told, notes, clock} = await setUp(t, {kids: 'library:kids'});
	for (const name of ['One', 'Two']) {
		await change([makeItem(name, {title: name})], [added(name, {title: name})]);
		await clock.advance(1000);
		await notifier.flush();
	}

	t.deepEqual(told(), {all: [['New: One'], ['New: Two']], kids: []});
	t.deepEqual(notes, ['The query of the channel kids cannot be asked, so it is not told of changes: There is no library "kids".']);
	await notifier.close();
});

test('a query that can be asked again, and then no longer, is told a second time', async t => {
	const {store, change, notifier, notes, clock} = await setUp(t, {kids: 'library:kids'});
	for (const [name, title] of [['One', 'Cartoons'], ['Two', 'Cartoons'], ['Three', 'Kids'], ['Four', 'Cartoons']] as const) {
		await commit(store, {libraries: [makeLibrary('more', title)]});
		await change([makeItem(name, {title: name})], [added(name, {title: name})]);
		await clock.advance(1000);
		await notifier.flush();
	}

	t.is(notes.length, 2);
	t.is(new Set(notes).size, 1);
	await notifier.close();
});

test('a restart tells no channel anything twice', async t => {
	const {change, notifier, open, told} = await setUp(t, {old: 'year:<1930'});
	await change([makeItem('n1', {title: 'Nosferatu', year: 1922})], [added('n1', {title: 'Nosferatu'})]);
	await notifier.flush();
	await notifier.close();
	const later = await open();
	await later.flush();
	await later.close();
	t.deepEqual(told(), {all: [['New: Nosferatu']], old: [['New: Nosferatu']]});
});
