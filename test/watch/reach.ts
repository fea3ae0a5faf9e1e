import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createReach, type ReachNews} from '../../source/watch/reach.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const {signal} = new AbortController();

const createWorld = () => {
	const clock = createVirtualClock();
	const news: ReachNews[] = [];
	let attempts = 0;
	let fault: AppError | undefined;
	let closed = 0;
	const reach = createReach<{number: number}>({
		async connect() {
			attempts++;
			if (fault !== undefined) {
				throw fault;
			}

			return {number: attempts};
		},
		disconnect() {
			closed++;
		},
		clock,
		random: () => 0.5,
		onChange(change) {
			news.push(change);
		},
	});
	return {
		clock, news, reach, attempts: () => attempts, closed: () => closed,
		fail(code?: 'unreachable' | 'unauthorized') {
			fault = code === undefined ? undefined : new AppError(code, 'It does not work.');
		},
		/**
		As a daemon does that asks all the time.
		*/
		async ask(ms: number) {
			for (let passedMs = 0; passedMs < ms; passedMs += 500) {
				await reach.get(signal).catch(() => undefined);
				await clock.advance(500);
			}
		},
	};
};

test('a connection is made once, for whoever asks meanwhile too', async t => {
	const {reach, attempts} = createWorld();
	const [left, right] = await Promise.all([reach.get(signal), reach.get(signal)]);
	t.is(left, right);
	t.is(await reach.get(signal), left);
	t.is(attempts(), 1);
});

test('a server that is away is tried ever more rarely, down to once a minute, however often it is asked for', async t => {
	const {reach, ask, fail, attempts, news} = createWorld();
	fail('unreachable');
	await ask(60_000);
	t.true(attempts() >= 4 && attempts() <= 6, String(attempts()));
	const before = attempts();
	await ask(600_000);
	t.true(attempts() - before >= 9 && attempts() - before <= 11, String(attempts() - before));
	t.is(news.length, 1);
	fail();
	await ask(61_000);
	t.true(reach.state().isReachable);
	t.deepEqual(news.map(({isReachable}) => isReachable), [false, true]);
});

test('a token that is refused is tried once more, then every quarter of an hour, and at once when somebody believes in it', async t => {
	const {reach, ask, fail, attempts} = createWorld();
	fail('unauthorized');
	await ask(20_000);
	t.is(attempts(), 1);
	await ask(20_000);
	t.is(attempts(), 2);
	await ask(600_000);
	t.is(attempts(), 2);
	t.is(reach.state().failures, 2);
	fail();
	reach.hurry();
	await reach.get(signal);
	t.true(reach.state().hasBeenReached);
});

test('a connection that fails in use is closed, and another one is made after a while', async t => {
	const {reach, ask, closed, attempts} = createWorld();
	await reach.get(signal);
	reach.lost(new AppError('timeout', 'It took too long.'));
	t.is(closed(), 1);
	t.is(reach.current(), undefined);
	await t.throwsAsync(reach.get(signal), {code: 'timeout'});
	await ask(3000);
	t.is(attempts(), 2);
	t.is(reach.current()?.number, 2);
});
