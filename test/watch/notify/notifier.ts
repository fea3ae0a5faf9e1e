import {readFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import type {HistoryEvent} from '../../../source/catalog/history.js';
import type {CatalogHeader, Library} from '../../../source/catalog/types.js';
import {AppError} from '../../../source/base/errors.js';
import type {CatalogStore} from '../../../source/catalog/catalog-store.js';
import type {ImportResult} from '../../../source/sync/events.js';
import {type AlertFacts, defaultAlertLimits} from '../../../source/watch/alerts/alert-facts.js';
import {tryChannels} from '../../../source/watch/notify/channel.js';
import {testNotice} from '../../../source/watch/notify/notice.js';
import {openNotifier, type NotifierOptions} from '../../../source/watch/notify/notifier.js';
import type {OutboxChannel} from '../../../source/watch/notify/outbox.js';
import {parseQuietHours} from '../../../source/watch/schedule/quiet-hours.js';
import {createCatalogIndex} from '../../../source/query/catalog-index.js';
import {createVirtualClock, type VirtualClock} from '../../helpers/virtual-clock.js';
import {added, removed} from '../../helpers/events.js';
import {makeItem} from '../../query/_items.js';
import {dataFile, fakeChannel, until} from './_outbox.js';

/**
A catalogue that knows what happened to it.
*/
const films = {
	id: 'films', serverId: 'attic', key: '1', title: 'Films',
};
const oneServer = {servers: [{id: 'attic', name: 'Attic'}], libraries: [films]};
const twoServers = {servers: [...oneServer.servers, {id: 'barn', name: 'Barn'}], libraries: [films, {...films, id: 'other', serverId: 'barn'}]};

const fakeStore = (known: {servers: CatalogHeader['servers']; libraries: Array<Pick<Library, 'id' | 'serverId' | 'key' | 'title'>>}) => {
	const events: HistoryEvent[] = [];
	let revision = 10;
	const store: NotifierOptions['store'] = {
		header: () => ({revision, ...known}) as unknown as CatalogHeader,
		async * history({since = ''} = {}): ReturnType<CatalogStore['history']> {
			yield events.filter(({at}) => at >= since);
		},
		getMany: async () => [],
	};
	return {
		store,
		commit(clock: VirtualClock, ...more: HistoryEvent[]) {
			revision++;
			events.push(...more.map(event => ({...event, revision, at: clock.now().toISOString()})));
		},
	};
};

const channelFailing = (name: string) => fakeChannel(name, () => {
	throw new AppError('unreachable', 'The phone cannot be reached.');
});

type Opening = Partial<NotifierOptions> & {channels: readonly OutboxChannel[]; known?: Parameters<typeof fakeStore>[0]};

const setUp = async (t: ExecutionContext, {channels, known = oneServer, ...options}: Opening, start?: string) => {
	const clock = createVirtualClock(start);
	const {store, commit} = fakeStore(known);
	const notes: string[] = [];
	const all: NotifierOptions = {
		file: await dataFile(t), channels, digest: {rhythm: {everyMs: 15 * 60_000}, timeZone: 'UTC'}, store, narrowing: {index: async () => createCatalogIndex(), queryWorld: () => ({now: clock.now(), libraries: [], servers: []})}, limits: defaultAlertLimits, clock, random: () => 0.5, onNote(_, text) {
			notes.push(text);
		}, ...options,
	};
	const open = async (others: readonly OutboxChannel[] = channels) => {
		const notifier = await openNotifier({...all, channels: others});
		await until(() => others.length === 0 || clock.pending() >= 0);
		return notifier;
	};

	return {
		clock, commit(...events: HistoryEvent[]) {
			commit(clock, ...events);
		}, notes, open, file: all.file, toldRevision: async () => (JSON.parse(await readFile(all.file, 'utf8')) as {digest: {toldRevision: number}}).digest.toldRevision,
	};
};

const facts = (more: Partial<AlertFacts> = {}): AlertFacts => ({startedAt: '2026-03-01T12:00:00.000Z', ...more});
const heldFacts = (held: number) => facts({
	libraries: [{
		id: 'films', title: 'Films', failures: 0, held,
	}],
});

test('what is raised and recovered is told once each, and a restart in between tells nothing', async t => {
	const phone = fakeChannel('phone');
	const {open, clock} = await setUp(t, {channels: [phone]});
	const notifier = await open();
	t.is((await notifier.judge(heldFacts(40))).raised.length, 1);
	t.is((await notifier.judge(heldFacts(40))).raised.length, 0);
	await notifier.flush();
	await notifier.close();

	const later = await open();
	t.like(later.alerts(), {length: 1, 0: {kind: 'removals-held', subject: 'films'}});
	t.deepEqual(await later.judge(heldFacts(40)), {raised: [], recovered: []});
	await clock.advance(3_600_000);
	t.is((await later.judge(heldFacts(0))).recovered.length, 1);
	await later.flush();
	t.deepEqual(phone.sent.map(({title, body}) => [title, body.split('\n', 1)[0]]), [
		['Many items are gone from the server', '40 items of Films are gone from the server at once. They are kept until you accept the removal.'],
		['Nothing is held any more', 'Nothing of Films is held any more, after 1 h.'],
	]);
	t.deepEqual(later.alerts(), []);
	await later.close();
});

test('an alert and the notice of it are saved together: whoever is killed after judging tells it still', async t => {
	const dead = fakeChannel('phone', async () => new Promise<never>(() => {/* killed */}));
	const {open} = await setUp(t, {channels: [dead]});
	const killed = await open();
	await killed.judge(heldFacts(40));
	const phone = fakeChannel('phone');
	const later = await open([phone]);
	t.deepEqual(await later.judge(heldFacts(40)), {raised: [], recovered: []});
	await later.flush();
	t.is(phone.sent.length, 1);
	await later.close();
});

test('a channel that is broken is told on the others, and so is its recovery', async t => {
	const phone = channelFailing('phone');
	const mail = fakeChannel('mail');
	const {open} = await setUp(t, {channels: [phone, mail]});
	const notifier = await open();
	await notifier.judge(heldFacts(1));
	for (let tries = 0; tries < 6; tries++) {
		await notifier.flush();
	}

	const {raised} = await notifier.judge(heldFacts(1));
	t.like(raised, {length: 1, 0: {kind: 'channel-broken', subject: 'phone'}});
	await notifier.flush();
	t.deepEqual(mail.sent.map(({alert}) => alert!.kind), ['removals-held', 'channel-broken']);
	t.true(phone.sent.every(({alert}) => alert!.kind === 'removals-held'));
	await notifier.close();
});

test('changes are told together a quarter of an hour after the first, and only what came after', async t => {
	const phone = fakeChannel('phone');
	const {open, clock, commit} = await setUp(t, {channels: [phone]});
	const notifier = await open();
	await until(() => clock.pending() === 0);
	commit(added('a', {title: 'Alien'}));
	notifier.onChanges();
	await until(() => clock.pending() === 1);
	await clock.advance(10 * 60_000);
	commit(added('b', {title: 'Brazil'}));
	notifier.onChanges();
	await clock.advance(4 * 60_000);
	t.is(phone.sent.length, 0);
	await clock.advance(2 * 60_000);
	await until(() => phone.sent.length === 1);
	t.is(phone.sent[0]!.title, 'Plex: 2 new');
	t.is(phone.sent[0]!.body, 'Films: 2 new\nNew: Alien\nNew: Brazil');

	commit(removed(makeItem('c', {title: 'Casablanca'})));
	await notifier.flush();
	await until(() => phone.sent.length === 2);
	t.is(phone.sent[1]!.body, 'Films: 1 removed\nRemoved: Casablanca');
	await notifier.close();
	t.is(clock.pending(), 0);
});

test('with libraries of two servers, changes and imports are told with the server', async t => {
	const phone = fakeChannel('phone');
	const {open, clock, commit} = await setUp(t, {channels: [phone], known: twoServers});
	const notifier = await open();
	await until(() => clock.pending() === 0);
	commit(added('a', {title: 'Alien'}));
	await notifier.flush();
	await until(() => phone.sent.length === 1);
	t.is(phone.sent[0]!.body, 'Films@Attic: 1 new\nNew: Alien');
	await notifier.onRunFinished(importResult());
	await notifier.flush();
	t.regex(phone.sent[1]!.body, /^Films@Attic: 4,800 items/v);
	await notifier.close();
});

test('nothing is told twice and nothing lost, whenever the process is killed', async t => {
	const phone = fakeChannel('phone');
	const {open, clock, commit} = await setUp(t, {channels: [phone]});
	const first = await open();
	await until(() => clock.pending() === 0);
	commit(added('a', {title: 'Alien'}));
	first.onChanges();
	await until(() => clock.pending() === 1);

	// Killed before it was told, and something committed that nobody was told of.
	commit(added('b', {title: 'Brazil'}));
	const second = await open();
	await until(() => clock.pending() >= 2);
	await first.close();
	await clock.advance(16 * 60_000);
	await until(() => phone.sent.length === 1);
	t.is(phone.sent[0]!.title, 'Plex: 2 new');
	await second.close();

	const third = await open();
	await third.flush();
	t.is(phone.sent.length, 1);
	commit(added('c', {title: 'Casablanca'}));
	await third.flush();
	t.is(phone.sent.at(-1)!.body, 'Films: 1 new\nNew: Casablanca');
	await third.close();
});

const quietHours = parseQuietHours('22:00-07:00', 'quiet');
const collecting = test.macro(async (t, own: Partial<OutboxChannel['settings']>, digest: Pick<NotifierOptions['digest'], 'quietHours'>) => {
	const phone = fakeChannel('phone', undefined, own);
	const {open, clock, commit} = await setUp(t, {channels: [phone], digest: {rhythm: {everyMs: 15 * 60_000}, timeZone: 'UTC', ...digest}}, '2026-03-01T21:50:00Z');
	const notifier = await open();
	await until(() => clock.pending() === 0);
	for (let hour = 0; hour < 9; hour++) {
		commit(added(`a${hour}`, {title: `Film ${hour}`}));
		notifier.onChanges();
		await until(() => clock.pending() === 1);
		await clock.advance(3_600_000);
	}

	t.is(phone.sent.length, 0);
	await until(() => clock.pending() === 1);
	for (let minutes = 0; minutes < 12; minutes++) {
		await clock.advance(60_000);
	}

	await until(() => phone.sent.length === 1);
	t.is(phone.sent[0]!.title, 'Plex: 9 new');
	await notifier.close();
});

const ofChannel = {quietHours, quietErrors: false, timeZone: 'UTC'};
test('in quiet hours changes are collected for one digest at their end', collecting, {quiet: ofChannel}, {quietHours});
test('the same in quiet hours that only the channels have', collecting, {quiet: ofChannel}, {});
test('a channel without quiet hours is told at any time', async t => {
	const phone = fakeChannel('phone', undefined, {on: ['changes', 'queries']});
	const {open} = await setUp(t, {channels: [phone], digest: {rhythm: {everyMs: 15 * 60_000}, quietHours, timeZone: 'UTC'}}, '2026-03-01T23:00:00Z');
	const notifier = await open();
	t.is(notifier.dueAt(new Date('2026-03-01T23:00:00Z')).toISOString(), '2026-03-01T23:15:00.000Z');
	await notifier.close();
});

test('who wants no changes is told none, and those that were missed are no news later', async t => {
	const alerts = fakeChannel('alerts', undefined, {on: ['alerts']});
	const {open, clock, commit} = await setUp(t, {channels: [alerts]});
	const deaf = await open();
	commit(added('a'));
	await deaf.flush();
	await deaf.close();
	const phone = fakeChannel('phone');
	const later = await open([phone]);
	await until(() => clock.pending() === 0);
	await later.flush();
	commit(added('b', {title: 'Brazil'}));
	await later.flush();
	t.deepEqual(phone.sent.map(({title}) => title), ['Plex: 1 new']);
	await later.close();
});

const importResult = (fields: Partial<ImportResult> = {}, failed = 0): ImportResult => ({
	runId: 'run-1', ok: failed === 0, cancelled: false, requests: 1, bytes: 1, durationMs: 1,
	libraries: [{
		id: 'films', title: 'Films', expected: 4800, imported: 4800 - failed, unchanged: 0, failed, skipped: 0, durationMs: 125_000, complete: true,
	}],
	errors: Array.from({length: failed}, (_, index) => ({
		library: {id: 'films', title: 'Films'}, ratingKey: String(index), title: undefined, stage: 'detail', code: 'malformed', message: `Item ${index} could not be read.`, hint: '',
	})),
	...fields,
});

test('a completed import is told once, with its totals and what failed', async t => {
	const phone = fakeChannel('phone');
	const {open} = await setUp(t, {channels: [phone]});
	const notifier = await open();
	await notifier.onRunFinished(importResult());
	await notifier.onRunFinished(importResult());
	await notifier.onRunFinished(importResult({runId: 'run-2'}, 5));
	await notifier.onRunFinished(importResult({runId: 'run-3', cancelled: true}));
	await notifier.onRunFinished(importResult({
		runId: 'run-4', libraries: importResult().libraries.map(library => ({
			...library, sync: {
				mode: 'full', changes: {}, held: 0, notes: [],
			},
		})),
	}));
	await notifier.flush();
	t.deepEqual(phone.sent.map(({title, body, level}) => [level, title, ...body.split('\n')]), [
		['info', 'Imported 4,800 items', 'Films: 4,800 items in 2 min'],
		['warn', 'Imported 4,795 items, with failures', 'Films: 4,795 items in 2 min, 5 items failed', ...[0, 1, 2].map(item => `Item ${item} could not be read.`), 'and 2 more failures'],
	]);
	await notifier.close();
});

test('a test goes past everything to every channel', async t => {
	const phone = channelFailing('Phone');
	const mail = fakeChannel('mail', undefined, {on: ['imports'], minLevel: 'error'});
	const {open, clock} = await setUp(t, {channels: [phone, mail]});
	const notifier = await open();
	const tests = await tryChannels([phone.channel, mail.channel], testNotice(clock.now(), '1'), {clock});
	t.deepEqual(tests.map(({name, failure}) => [name, failure?.code]), [['Phone', 'unreachable'], ['mail', undefined]]);
	t.is(mail.sent.length, 1);
	t.deepEqual(notifier.channels().map(({failures}) => failures), [0, 0]);
	await notifier.close();
});

test('it closes within two seconds, whatever hangs', async t => {
	const hanging = fakeChannel('hanging', async () => new Promise<never>(() => {/* never */}));
	const {open, clock} = await setUp(t, {channels: [hanging]});
	const notifier = await open();
	await notifier.judge(heldFacts(1));
	await until(() => hanging.sent.length === 1);
	const closing = notifier.close();
	await clock.advance(2000);
	await t.notThrowsAsync(closing);
});

test('a history that cannot be read is told as a note, and tried again', async t => {
	const phone = fakeChannel('phone');
	let isBroken = true;
	const {store} = fakeStore(oneServer);
	let revision = 1;
	const broken: NotifierOptions['store'] = {
		...store,
		header: () => ({...store.header(), revision}),
		async * history() {
			if (isBroken) {
				throw new AppError('damaged', 'The history is damaged.');
			}

			yield [added('a', {title: 'Alien', revision: 2})];
		},
	};
	const {open, clock, notes} = await setUp(t, {channels: [phone], store: broken});
	const notifier = await open();
	await until(() => clock.pending() === 0);
	revision = 2;
	await notifier.flush();
	t.deepEqual(notes, ['The changes could not be reported; reelcat tries again. The history is damaged.']);
	isBroken = false;
	await clock.advance(15 * 60_000);
	await until(() => phone.sent.length === 1 || clock.pending() > 0);
	await notifier.flush();
	t.is(phone.sent.length, 1);
	await notifier.close();
});
