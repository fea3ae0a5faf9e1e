import test from 'ava';
import {createLatency, createSharedLock} from '../../source/demo/knobs/latency-model.js';
import {createLibrary} from '../../source/demo/library/library.js';
import {withDemo} from './_demo.js';

const forever = new AbortController().signal;

const timed = async (work: Promise<void>) => {
	const startedMs = performance.now();
	await work;
	return performance.now() - startedMs;
};

test.serial('a lock that is wanted by one is had at once, by two takes each twice as long', async t => {
	// The clock of the lock stands still while both ask, so that they ask at the same instant.
	let heldMs: number | undefined;
	const lock = createSharedLock(() => heldMs ?? performance.now());
	const alone = await timed(lock.use(20, forever));
	t.true(alone > 19, String(alone));
	const askedMs = performance.now();
	heldMs = askedMs;
	const asked = [lock.use(20, forever), lock.use(20, forever)];
	heldMs = undefined;
	const both = await Promise.all(asked.map(async use => {
		await use;
		return performance.now() - askedMs;
	}));
	t.true(both.every(ms => ms > 39), String(both));
});

test.serial('what needs the lock for a moment only waits for as long again, not for the end of what is long', async t => {
	const lock = createSharedLock();
	const order: string[] = [];
	const note = (name: string) => () => {
		order.push(name);
	};

	await Promise.all([lock.use(60, forever).then(note('long')), lock.use(5, forever).then(note('short'))]);
	t.deepEqual(order, ['short', 'long']);
});

test.serial('who hangs up leaves the lock to the others', async t => {
	const lock = createSharedLock();
	const gone = new AbortController();
	const left = lock.use(5000, gone.signal);
	const stays = lock.use(5, forever);
	gone.abort();
	await t.throwsAsync(left, {name: 'AbortError'});
	await t.notThrowsAsync(stays);
	await t.throwsAsync(lock.use(5, gone.signal), {name: 'AbortError'});
});

test.serial('requests cost by the rows that they ask for, and pages by those that there are', async t => {
	const library = createLibrary({
		seed: 1, movies: 30, shows: 0, brokenRows: false,
	});
	const latency = createLatency({
		requestMs: 0, requestLockMs: 0, listRowMs: 0, listRowLockMs: 1, detailRowMs: 0, detailRowLockMs: 10,
	});
	const cost = async (path: string, query = {}) => timed(latency({
		method: 'GET', path, query: new URLSearchParams(query), token: undefined, wantsJson: true, wantsGzip: false,
	}, library, forever));
	const total = library.total('1', 1);
	const page = await cost('/library/sections/1/all', {type: '1', 'X-Plex-Container-Start': String(total - 30), 'X-Plex-Container-Size': '1000'});
	t.true(page > 29 && page < 300, String(page));
	const details = await cost('/library/metadata/1,2,3');
	t.true(details > 29, String(details));
	t.true(await cost('/identity') < details);
});

test('sessions are told as they are set, and an answer that is kept does not hide them', async t => {
	const {server, read} = await withDemo(t, {movies: 10, shows: 0, keepsAnswers: true});
	t.is((await read('/status/sessions')).size, 0);
	server.setSessions([{ratingKey: '1000000', state: 'paused'}]);
	const {size, Metadata = []} = await read('/status/sessions');
	t.is(size, 1);
	t.like(Metadata[0], {ratingKey: '1000000', Player: {state: 'paused'}});
	const first = await read('/library/metadata/1000000');
	t.deepEqual(await read('/library/metadata/1000000'), first);
});

test('the model counts for requests that come after it was set', async t => {
	const {server, read} = await withDemo(t, {movies: 10, shows: 0});
	server.setLatencyModel({
		requestMs: 60, requestLockMs: 0, listRowMs: 0, listRowLockMs: 0, detailRowMs: 0, detailRowLockMs: 0,
	});
	const startedMs = performance.now();
	await read('/library/sections');
	t.true(performance.now() - startedMs > 59);
});
