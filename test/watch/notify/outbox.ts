import {readFile, stat, writeFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {AppError} from '../../../source/base/errors.js';
import {nodeFileSystem} from '../../../source/base/file-system.js';
import {backOffMs} from '../../../source/watch/notify/lane.js';
import {deliveryFailure} from '../../../source/watch/notify/channel.js';
import {openNoticeBook, type NoticeBookOptions} from '../../../source/watch/notify/notice-book.js';
import {openOutbox, type OutboxChannel} from '../../../source/watch/notify/outbox.js';
import {addNotice, emptyOutbox} from '../../../source/watch/notify/outbox-state.js';
import {parseQuietHours} from '../../../source/watch/schedule/quiet-hours.js';
import {createVirtualClock, type VirtualClock} from '../../helpers/virtual-clock.js';
import {dataFile, fakeChannel, until} from './_outbox.js';
import {failureOf, makeNotice} from './_stand-ins.js';

type Opening = {file: string; channels: readonly OutboxChannel[]; clock: VirtualClock; fs?: NoticeBookOptions['fs']};

const open = async ({file, channels, clock, fs}: Opening) => {
	const notes: string[] = [];
	const book = await openNoticeBook(file, {
		clock, ...fs !== undefined && {fs}, onFault(error) {
			notes.push(error.message);
		},
	});
	const outbox = await openOutbox({
		book, channels, clock, random: () => 0.5, onNote(_, text) {
			notes.push(text);
		},
	});
	return {
		book, outbox, notes, clock,
	};
};

const notice = (id: string) => makeNotice({id});
const away = () => {
	throw new AppError('unreachable', 'The phone cannot be reached.');
};

/**
And the next try is due one day.
*/
const failuresOf = async ({outbox, clock}: Awaited<ReturnType<typeof open>> & {clock: VirtualClock}, count: number) =>
	until(() => outbox.channels()[0]!.failures === count && (count === 0 || clock.pending() > 0));

const setUp = async (t: ExecutionContext, channels: readonly OutboxChannel[], start?: string) => {
	const file = await dataFile(t);
	const clock = createVirtualClock(start);
	return {file, ...await open({file, channels, clock})};
};

test('a notice is safe on the disk before anybody is told, in a file for nobody else, and goes to every channel', async t => {
	const file = await dataFile(t);
	const seen: string[] = [];
	const [phone, mail] = [fakeChannel('phone', async () => {
		seen.push(await readFile(file, 'utf8'));
	}), fakeChannel('mail')];
	const {outbox} = await open({file, channels: [phone, mail], clock: createVirtualClock()});
	await outbox.enqueue([notice('one')]);
	await until(() => seen.length === 1 && mail.sent.length === 1);
	t.true(seen[0]!.includes('"one"'));
	// eslint-disable-next-line no-bitwise -- who may do what is kept in bits
	t.is((await stat(file)).mode & 0o777, 0o600);
});

test('the same notice never goes out twice, also over restarts', async t => {
	const phone = fakeChannel('phone');
	const {file, clock, outbox} = await setUp(t, [phone]);
	await outbox.enqueue([notice('one'), notice('one')]);
	await outbox.enqueue([notice('one')]);
	await outbox.flush();
	await outbox.enqueue([notice('one')]);
	await outbox.close();
	const later = await open({file, channels: [phone], clock});
	await later.outbox.enqueue([notice('one'), notice('two')]);
	await later.outbox.flush();
	t.deepEqual(phone.ids(), ['one', 'two']);
});

test('nothing is written where nothing changes', async t => {
	const {file, outbox, book} = await setUp(t, [fakeChannel('phone', undefined, {on: ['imports']})]);
	await outbox.enqueue([notice('one')]);
	book.changeLightly(current => ({...current, alerts: {...current.alerts, awayMs: 5}}));
	await outbox.enqueue([notice('one')]);
	await t.throwsAsync(stat(file), {code: 'ENOENT'});
});

test('a channel that hangs delays neither who tells it something nor the others', async t => {
	const hanging = fakeChannel('hanging', async () => new Promise<never>(() => {/* never */}));
	const phone = fakeChannel('phone');
	const state = await setUp(t, [hanging, phone]);
	await state.outbox.enqueue([notice('one')]);
	await state.outbox.enqueue([notice('two')]);
	await until(() => phone.sent.length === 2);
	t.deepEqual(hanging.ids(), ['one']);
	await state.clock.advance(30_000);
	await failuresOf(state, 1);
	t.regex(state.outbox.channels()[0]!.fault!, /did not accept the notice in time/v);
});

test('a channel that fails is tried after a minute, then ever more rarely, in order, and says when it is well', async t => {
	let isAway = true;
	const phone = fakeChannel('phone', () => isAway ? away() : undefined);
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('one')]);
	await failuresOf(state, 1);
	await state.outbox.enqueue([notice('two')]);
	await state.clock.advance(59_000);
	t.is(phone.sent.length, 1);
	await state.clock.advance(1000);
	await failuresOf(state, 2);
	await state.clock.advance(119_000);
	t.is(phone.sent.length, 2);
	isAway = false;
	await state.clock.advance(1000);
	await until(() => phone.sent.length === 4);
	await failuresOf(state, 0);
	t.deepEqual(phone.ids(), ['one', 'one', 'one', 'two']);
	t.deepEqual(state.notes, ['The notification channel phone failed: The phone cannot be reached.', 'The notification channel phone works again.']);
});

test('what the service asks for with Retry-After is kept to', async t => {
	const phone = fakeChannel('phone', () => {
		throw deliveryFailure('rate-limited', 'Too many.', {retryAfterMs: 5000});
	});
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('one')]);
	await failuresOf(state, 1);
	await state.clock.advance(4900);
	t.is(phone.sent.length, 1);
	await state.clock.advance(100);
	await failuresOf(state, 2);
});

test('a notice is given up after a day, and what comes then is tried all the same', async t => {
	const phone = fakeChannel('phone', away);
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('old')]);
	await failuresOf(state, 1);
	for (let tries = 1; state.book.get().outbox.waiting.length > 0; tries++) {
		await state.clock.advance(3_600_000);
		await until(() => state.outbox.channels()[0]!.failures > tries && (state.clock.pending() > 0 || state.book.get().outbox.waiting.length === 0));
	}

	const hours = (state.clock.now().getTime() - Date.parse('2026-03-01T12:00:00Z')) / 3_600_000;
	t.true(hours >= 24 && hours <= 26);
	t.true(state.notes.at(-1)!.includes('given up'));
	await state.outbox.enqueue([notice('old'), notice('new')]);
	await state.outbox.flush();
	t.is(phone.ids().at(-1), 'new');
});

test('what a service calls malformed three times is given up, what reached a part of it at once', async t => {
	let failure = new AppError('malformed', 'No.');
	const phone = fakeChannel('phone', () => {
		throw failure;
	});
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('bad')]);
	await failuresOf(state, 1);
	await state.outbox.flush();
	t.is(state.book.get().outbox.waiting.length, 1);
	await state.outbox.flush();
	t.is(state.book.get().outbox.waiting.length, 0);

	failure = deliveryFailure('server-error', 'Some have it.', {isFinal: true});
	await state.outbox.enqueue([notice('part')]);
	await state.outbox.flush();
	t.is(state.book.get().outbox.waiting.length, 0);
	t.is(phone.ids().filter(id => id === 'part').length, 1);
});

test('an error that nobody expected is a failure of that channel alone, and shows nothing', async t => {
	const phone = fakeChannel('phone', () => {
		throw new TypeError('canary');
	});
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('one')]);
	await failuresOf(state, 1);
	t.false(JSON.stringify([state.book.get(), state.notes]).includes('canary'));
});

test('a channel is told of what it wants, and never that it is broken itself', async t => {
	const alerts = fakeChannel('alerts', undefined, {on: ['alerts'], minLevel: 'error'});
	const changes = fakeChannel('changes', undefined, {on: ['changes']});
	const {outbox} = await setUp(t, [alerts, changes, {...fakeChannel('none'), channel: {...fakeChannel('none').channel, unavailable: 'No.'}}]);
	const broken = {
		kind: 'channel-broken' as const, subject: 'alerts', since: '', isRecovered: false,
	};
	await outbox.enqueue([
		notice('error'),
		makeNotice({id: 'warning', level: 'warn'}),
		makeNotice({id: 'digest', level: 'info', topic: 'changes'}),
		makeNotice({id: 'itself', alert: broken}),
		makeNotice({id: 'other', alert: {...broken, subject: 'changes'}}),
	]);
	await outbox.flush();
	t.deepEqual(alerts.ids(), ['error', 'other']);
	t.deepEqual(changes.ids(), ['digest']);
	t.deepEqual(outbox.channels().map(({name}) => name), ['alerts', 'changes']);
});

test('in quiet hours only alerts about errors go out, the rest when they end; a restart changes nothing', async t => {
	const quiet = {quietHours: parseQuietHours('22:00-07:00', 'quiet'), quietErrors: false, timeZone: 'UTC'};
	const phone = fakeChannel('phone', undefined, {quiet});
	const strict = fakeChannel('strict', undefined, {quiet: {...quiet, quietErrors: true}});
	const {file, clock, outbox} = await setUp(t, [phone, strict], '2026-03-01T23:00:00Z');
	await outbox.enqueue([makeNotice({id: 'digest', level: 'info', topic: 'changes'}), notice('error'), makeNotice({id: 'warning', level: 'warn'})]);
	await outbox.flush();
	t.deepEqual([phone.ids(), strict.ids()], [['error'], []]);
	await outbox.close();

	const later = await open({file, channels: [phone, strict], clock});
	await clock.advance((8 * 3_600_000) - 60_000);
	t.deepEqual([phone.ids(), strict.ids()], [['error'], []]);
	await clock.advance(120_000);
	await until(() => phone.sent.length === 3 && strict.sent.length === 3);
	t.deepEqual([phone.ids(), strict.ids()], [['error', 'digest', 'warning'], ['digest', 'error', 'warning']]);
	await later.outbox.close();
});

test('what was under way when the process was killed is sent once more, with the same id', async t => {
	const phone = fakeChannel('phone', async () => new Promise<never>(() => {/* killed */}));
	const {file, clock, outbox} = await setUp(t, [phone]);
	await outbox.enqueue([notice('one')]);
	await until(() => phone.sent.length === 1);
	const again = fakeChannel('phone');
	const later = await open({file, channels: [again], clock});
	await later.outbox.flush();
	t.deepEqual(again.ids(), ['one']);
});

test('a restart keeps to the time of the next try, but not for ever', async t => {
	const phone = fakeChannel('phone', away);
	const state = await setUp(t, [phone]);
	await state.outbox.enqueue([notice('one')]);
	await failuresOf(state, 1);
	await state.outbox.close();
	const later = await open({...state, channels: [phone]});
	await state.clock.advance(59_000);
	t.is(phone.sent.length, 1);
	await state.clock.advance(1000);
	await failuresOf(later, 2);
	await later.outbox.close();

	state.clock.jump(-365 * 86_400_000);
	const last = await open({...state, channels: [phone]});
	await state.clock.advance(3_600_000);
	await failuresOf(last, 3);
});

test('it closes at once, waits a moment for what is under way, and is through after two seconds', async t => {
	const {promise: finished, resolve: finish} = Promise.withResolvers<void>();
	const phone = fakeChannel('phone', async () => finished);
	const hanging = fakeChannel('hanging', async () => new Promise<never>(() => {/* never */}));
	const {clock, outbox, book} = await setUp(t, [phone, hanging]);
	await outbox.enqueue([notice('one')]);
	await until(() => phone.sent.length === 1 && hanging.sent.length === 1);
	const closing = outbox.close();
	finish();
	await clock.advance(1500);
	await closing;
	t.deepEqual(book.get().outbox.waiting.map(({to}) => to.map(({channel, attempts}) => [channel, attempts])), [[['hanging', 0]]]);
	t.is(clock.pending(), 0);
});

test('what waits for a channel that is there no more is let go', async t => {
	const {file, clock, outbox} = await setUp(t, [fakeChannel('old', away)]);
	await outbox.enqueue([notice('one')]);
	await until(() => outbox.channels()[0]!.failures === 1);
	const later = await open({file, channels: [fakeChannel('new')], clock});
	t.deepEqual(later.book.get().outbox, {waiting: [], channels: [], done: ['one']});
});

test('a full disk is told once, and keeps nobody from being told', async t => {
	const phone = fakeChannel('phone');
	const full = {
		...nodeFileSystem,
		// A full disk can still be read.
		async open(...args: Parameters<typeof nodeFileSystem.open>) {
			if (args[1] === 'r') {
				return nodeFileSystem.open(...args);
			}

			throw Object.assign(new Error('full'), {code: 'ENOSPC'});
		},
	};
	const {outbox, notes} = await open({
		file: await dataFile(t), channels: [phone], clock: createVirtualClock(), fs: full,
	});
	await outbox.enqueue([notice('one'), notice('two')]);
	await outbox.flush();
	t.deepEqual(phone.ids(), ['one', 'two']);
	t.is(notes.length, 1);
	t.regex(notes[0]!, /the disk is full/v);
});

test('a file that cannot be read is moved aside and told, one of a newer reelcat is left alone', async t => {
	const file = await dataFile(t);
	const clock = createVirtualClock();
	for (const text of ['{"format":"reelcat-notices","version":1}', '{', '']) {
		await writeFile(file, text);
		const {notes} = await open({file, channels: [], clock});
		t.regex(notes[0]!, /cannot be read/v);
		await t.throwsAsync(stat(file), {code: 'ENOENT'});
	}

	await writeFile(file, '{"format":"reelcat-notices","version":2}');
	t.is((await failureOf(open({file, channels: [], clock}))).code, 'newer');
});

test('the wait grows from a minute to an hour, give or take a fifth', t => {
	t.deepEqual([1, 2, 3, 7, 50].map(failures => backOffMs(failures, 0.5)), [60_000, 120_000, 240_000, 3_600_000, 3_600_000]);
	fc.assert(fc.property(fc.nat({max: 2000}), fc.double({
		min: 0, max: 1, maxExcluded: true, noNaN: true,
	}), (failures, random) => {
		const ms = backOffMs(failures, random);
		t.true(ms >= 48_000 && ms <= 1.2 * 3_600_000);
	}));
	t.is(backOffMs(9, 0.5, 0), 1000);
	t.is(backOffMs(1, 0.5, 1e12), 86_400_000);
});

test('the outbox does not grow without bound', t => {
	let state = emptyOutbox;
	for (let number = 0; number < 2000; number++) {
		state = addNotice(state, notice(`n${number}`), ['phone']);
	}

	t.is(state.waiting.length, 500);
	t.is(state.waiting.at(-1)!.notice.id, 'n1999');
	t.is(state.done.length, 1000);
});
