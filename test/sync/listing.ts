import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import type {ListPage, PageRequest} from '../../source/plex/types.js';
import type {LostPlace, RememberedPlaces} from '../../source/sync/lost-places.js';
import {fetchDetails, listPages} from '../../source/sync/listing.js';

type Fault = {row: number; code: 'malformed' | 'server-error' | 'timeout' | 'too-large'};

/**
A section whose bad rows break every page that they are on.
*/
const section = (rows: number, {faults = [], mostPerPage = Infinity, isTotalKnown = true}: {faults?: Fault[]; mostPerPage?: number; isTotalKnown?: boolean} = {}) => {
	const requests: PageRequest[] = [];
	const page = async (request: PageRequest): Promise<ListPage> => {
		requests.push(request);
		const end = Math.min(rows, request.start + Math.min(request.size, mostPerPage));
		const fault = faults.find(({row}) => row >= request.start && row < end);
		if (fault !== undefined) {
			throw new AppError(fault.code, 'This page is broken.');
		}

		return {
			rows: Array.from({length: Math.max(0, end - request.start)}, (_, index) => request.start + index),
			total: isTotalKnown ? rows : undefined,
			serverSeconds: undefined,
		};
	};

	return {plex: {page}, requests};
};

const collect = async (plex: {page: (request: PageRequest) => Promise<ListPage>}, pageSize = 50, first?: Promise<ListPage>) => {
	const rows: unknown[] = [];
	const lost: number[] = [];
	const doubts: string[] = [];
	const pages = listPages({
		plex,
		sectionKey: '1',
		type: 'movie',
		pageSize,
		first,
		onLostRow(position) {
			lost.push(position);
		},
		onDoubt(doubt) {
			doubts.push(doubt);
		},
	});
	for await (const page of pages) {
		rows.push(...page.rows);
	}

	return {rows, lost, doubts};
};

test('every row of a section arrives once, in order, however few rows the server puts on a page', async t => {
	const servers = fc.record({
		rows: fc.nat({max: 300}),
		pageSize: fc.integer({min: 1, max: 70}),
		mostPerPage: fc.integer({min: 1, max: 60}),
		isTotalKnown: fc.boolean(),
	});
	const law = fc.asyncProperty(servers, async ({rows, pageSize, ...server}) => {
		const {rows: received} = await collect(section(rows, server).plex, pageSize);
		t.deepEqual(received, Array.from({length: rows}, (_, index) => index));
	});
	await fc.assert(law, {numRuns: 60});
});

test('a first page that was asked for before is not asked for again', async t => {
	const {plex, requests} = section(7, {mostPerPage: 5, isTotalKnown: true});
	const first = plex.page({
		sectionKey: '1', type: 'movie', start: 0, size: 5,
	});
	const {rows} = await collect(plex, 5, first);
	t.deepEqual(rows, [0, 1, 2, 3, 4, 5, 6]);
	t.deepEqual(requests.map(({start}) => start), [0, 5]);
});

test('the next page is on its way while one is worked on, and is given up when nobody wants it', async t => {
	const {plex, requests} = section(200);
	const pages = listPages({
		plex, sectionKey: '1', type: 'movie', pageSize: 50, onLostRow() {/* none is lost */},
	});
	t.false((await pages.next()).done);
	t.deepEqual(requests.map(({start}) => start), [0, 50]);
	await pages.return(undefined);
	t.true(requests.at(-1)!.signal!.aborted);
	t.is(requests.length, 2);
});

test('rows that the server cannot deliver are lost alone and the rest still arrives', async t => {
	const servers = fc.record({
		bad: fc.uniqueArray(fc.nat({max: 199}), {maxLength: 40}),
		pageSize: fc.integer({min: 1, max: 250}),
		mostPerPage: fc.integer({min: 1, max: 250}),
		isTotalKnown: fc.boolean(),
	});
	const law = fc.asyncProperty(servers, async ({bad, pageSize, ...server}) => {
		// If the last row is broken and many others are, the server counts as ill.
		const broken = bad.length < 20 ? bad : bad.filter(row => row !== 199);
		const {plex, requests} = section(200, {...server, faults: broken.map(row => ({row, code: 'server-error'}))});
		const {rows, lost} = await collect(plex, pageSize);
		t.deepEqual(lost, broken.toSorted((a, b) => a - b));
		t.deepEqual(rows, Array.from({length: 200}, (_, row) => row).filter(row => !broken.includes(row)));
		const pages = Math.ceil(200 / Math.min(pageSize, server.mostPerPage));
		t.true(requests.length <= (2 * pages) + (18 * broken.length) + 4, `${requests.length} requests`);
		// The parts of a page are its repetition.
		t.true(requests.filter(({isNarrowing}) => isNarrowing !== true).length <= pages + 1);
	});
	await fc.assert(law, {numRuns: 60});
});

test('one bad row among 500 costs few requests', async t => {
	const {plex, requests} = section(500, {faults: [{row: 321, code: 'server-error'}]});
	await collect(plex, 100);
	t.true(requests.length < 40, `${requests.length} requests`);
});

type Keyed = {ratingKey: string};

/**
Lists rows with ratingKeys. Those that are broken break every page that they are on.
*/
const listKeyed = async (keys: readonly number[], broken: readonly number[], remembered?: RememberedPlaces) => {
	const requests: PageRequest[] = [];
	const places: LostPlace[] = [];
	const received: number[] = [];
	const pages = listPages({
		plex: {
			async page(request) {
				requests.push(request);
				const rows = keys.slice(request.start, request.start + request.size);
				if (rows.some(key => broken.includes(key))) {
					throw new AppError('server-error', 'This page is broken.');
				}

				return {rows: rows.map((key): Keyed => ({ratingKey: String(key)})), total: keys.length, serverSeconds: undefined};
			},
		},
		sectionKey: '1',
		type: 'movie',
		pageSize: 40,
		remembered,
		onLostRow() {/* told by the place */},
		onLostPlace(place) {
			places.push(place);
		},
	});
	for await (const {rows} of pages) {
		received.push(...rows.map(row => Number((row as Keyed).ratingKey)));
	}

	return {requests: requests.length, places, received};
};

const rememberedFrom = (places: readonly LostPlace[], stored: readonly number[]): RememberedPlaces => ({
	places,
	stored: new Set(stored.map(String)),
});

test('a lost row is remembered by its neighbours', async t => {
	const keys = [10, 20, 30, 40, 50, 60];
	t.deepEqual((await listKeyed(keys, [30])).places, [{rows: 1, after: '20', before: '40'}]);
	t.deepEqual((await listKeyed(keys, [10, 40, 50])).places, [{rows: 1, after: undefined, before: '20'}, {rows: 2, after: '30', before: '60'}]);
	t.deepEqual((await listKeyed(keys, [60])).places, [{rows: 1, after: '50', before: undefined}]);
	t.deepEqual((await listKeyed([10], [10])).places, [{rows: 1, after: undefined, before: undefined}]);
});

test('a later listing asks around a remembered row for at most three more requests, although the library has grown', async t => {
	const worlds = fc.record({
		count: fc.integer({min: 1, max: 120}),
		bad: fc.nat({max: 119}),
		before: fc.nat({max: 30}),
		after: fc.nat({max: 60}),
	}).map(world => world.before > 0 ? {...world, after: 0} : world);
	const law = fc.asyncProperty(worlds, async ({count, bad, before, after}) => {
		const keys = Array.from({length: count}, (_, index) => 1000 + (10 * index));
		const broken = keys[bad % count]!;
		const first = await listKeyed(keys, [broken]);
		const remembered = rememberedFrom(first.places, first.received);
		// A real server appends; here the library may also grow at its beginning.
		const grown = [
			...Array.from({length: before}, (_, index) => 500 + index),
			...keys,
			...Array.from({length: after}, (_, index) => 9000 + index),
		];
		const healthy = await listKeyed(grown, []);
		const second = await listKeyed(grown, [broken], remembered);
		t.deepEqual(second.received, grown.filter(key => key !== broken));
		t.deepEqual(second.places.map(place => place.rows), [1]);
		t.true(second.requests <= healthy.requests + 3, `${second.requests} requests instead of ${healthy.requests}`);
		const healed = await listKeyed(grown, [], remembered);
		t.deepEqual(healed.received, grown);
		t.deepEqual(healed.places, []);
		t.true(healed.requests <= healthy.requests + 3, `${healed.requests} requests instead of ${healthy.requests}`);
	});
	await fc.assert(law, {numRuns: 200});
});

test('whatever happened to a library since, remembered rows cost no healthy one', async t => {
	const keys = fc.uniqueArray(fc.integer({min: 1, max: 150}), {minLength: 1, maxLength: 100}).map(list => list.toSorted((a, b) => a - b));
	const some = fc.uniqueArray(fc.integer({min: 1, max: 150}), {maxLength: 12});
	const law = fc.asyncProperty(keys, some, keys, some, async (oldKeys, oldBroken, newKeys, newBroken) => {
		const first = await listKeyed(oldKeys, oldBroken);
		const second = await listKeyed(newKeys, newBroken, rememberedFrom(first.places, first.received));
		t.deepEqual(second.received, newKeys.filter(key => !newBroken.includes(key)));
		t.is(second.places.reduce((sum, {rows}) => sum + rows, 0), newKeys.filter(key => newBroken.includes(key)).length);
	});
	await fc.assert(law, {numRuns: 200});
});

test('a listing whose rows are all broken ends with the error instead of asking for ever', async t => {
	const {plex, requests} = section(10_000, {faults: Array.from({length: 10_000}, (_, row) => ({row, code: 'timeout'}))});
	await t.throwsAsync(collect(plex), {instanceOf: AppError, message: 'This page is broken.'});
	t.true(requests.length < 100);
});

test('a list that only times out ends after few tries', async t => {
	const {plex, requests} = section(500, {faults: Array.from({length: 500}, (_, row) => ({row, code: 'timeout'}))});
	await t.throwsAsync(collect(plex, 500), {code: 'timeout'});
	t.true(requests.length <= 8, `${requests.length} requests`);
});

test('one row that makes the server hang is lost alone', async t => {
	for (const row of [0, 250, 499]) {
		const {plex, requests} = section(500, {faults: [{row, code: 'timeout'}]});
		t.deepEqual((await collect(plex, 500)).lost, [row]);
		t.true(requests.length < 60, `${requests.length} requests`);
	}
});

test('many broken rows in succession do not cost the rows after them, unless the last row is broken, too', async t => {
	const faults = Array.from({length: 60}, (_, index): Fault => ({row: 30 + index, code: 'server-error'}));
	const {rows, lost} = await collect(section(200, {faults}).plex);
	t.is(lost.length, 60);
	t.is(rows.length, 140);
	await t.throwsAsync(collect(section(200, {faults: [...faults, {row: 199, code: 'server-error'}]}).plex), {code: 'server-error'});
});

test('a fault of the whole server is not divided', async t => {
	let requests = 0;
	const page = async () => {
		requests++;
		throw new AppError('unauthorized', 'The token is not accepted.');
	};

	await t.throwsAsync(collect({page}), {message: 'The token is not accepted.'});
	t.is(requests, 1);
});

test('one broken item in a batch of details costs one item', async t => {
	const keys = Array.from({length: 100}, (_, index) => String(index));
	const lost: string[] = [];
	let requests = 0;
	const details = async (ratingKeys: readonly string[]) => {
		requests++;
		if (ratingKeys.includes('63')) {
			throw new AppError('server-error', 'The server failed.');
		}

		return ratingKeys.map(ratingKey => ({ratingKey}));
	};

	const rows = await fetchDetails({details}, keys, {
		onLostItem(ratingKey) {
			lost.push(ratingKey);
		},
	});
	t.deepEqual(lost, ['63']);
	t.is(rows.length, 99);
	t.true(requests <= 16, `${requests} requests`);
});

test('details are not divided when the server as a whole refuses', async t => {
	let requests = 0;
	const details = async () => {
		requests++;
		throw new AppError('unreachable', 'No answer.');
	};

	const lost: string[] = [];
	await t.throwsAsync(fetchDetails({details}, ['1', '2'], {
		onLostItem(ratingKey) {
			lost.push(ratingKey);
		},
	}), {message: 'No answer.'});
	t.deepEqual(lost, []);
	t.is(requests, 1);
});

/**
A list that is not what it says.
*/
const liar = (answer: (request: PageRequest) => {rows: unknown[]; total: number | undefined}) => {
	const requests: PageRequest[] = [];
	return {
		requests,
		plex: {
			async page(request: PageRequest): Promise<ListPage> {
				requests.push(request);
				return {...answer(request), serverSeconds: undefined};
			},
		},
	};
};

const numbers = (start: number, count: number) => Array.from({length: Math.max(0, count)}, (_, index) => start + index);

test('a list that announces the rows of one page is read to its real end, and doubted', async t => {
	const {plex} = liar(({start, size}) => ({rows: numbers(start, Math.min(size, 1200 - start)), total: 500}));
	const {rows, doubts} = await collect(plex, 500);
	t.deepEqual(rows, numbers(0, 1200));
	t.deepEqual(doubts, ['the server announced 500 rows, but has more']);
});

test('a server that allows fewer rows on a page than asked for, and announces those, is found out', async t => {
	const {plex} = liar(({start, size}) => ({rows: numbers(start, Math.min(size, 500, 1200 - start)), total: Math.min(500, 1200 - start)}));
	const {rows, doubts} = await collect(plex, 1000);
	t.deepEqual(rows, numbers(0, 1200));
	t.is(doubts.length, 1);
});

test('a list whose number of rows looks like a limit costs one request more and is not doubted', async t => {
	for (const isRefused of [false, true]) {
		const {plex, requests} = liar(({start, size}) => {
			if (isRefused && start >= 500) {
				throw new AppError('not-found', 'There is nothing there.');
			}

			return {rows: numbers(start, Math.min(size, 500 - start)), total: 500};
		});
		const {rows, doubts} = await collect(plex, 1000);
		t.is(rows.length, 500);
		t.deepEqual(doubts, []);
		t.is(requests.length, 2);
	}
});

test('a library that grows while it is listed is read with what is new, and its number of rows is believed', async t => {
	const {plex} = liar(({start, size}) => {
		const total = start < 500 ? 500 : 507;
		return {rows: numbers(start, Math.min(size, total - start)), total};
	});
	const {rows, doubts} = await collect(plex, 500);
	t.deepEqual(rows, numbers(0, 507));
	t.deepEqual(doubts, []);
});

test('a list that gets one row longer with each request ends', async t => {
	let total = 1200;
	const {plex, requests} = liar(({start, size}) => {
		total++;
		return {rows: numbers(start, Math.min(size, total - start)), total};
	});
	t.deepEqual((await collect(plex, 500)).doubts, []);
	t.true(requests.length < 5);
	t.is((await collect(plex, 1)).doubts.length, 1);
	t.true(requests.length < 2000, `${requests.length} requests`);
});

test('a list without an end is left', async t => {
	const lists: Array<(request: PageRequest) => number | undefined> = [
		() => undefined,
		({start, size}) => start + (2 * size),
	];
	for (const total of lists) {
		const {plex, requests} = liar(request => ({rows: numbers(request.start, request.size), total: total(request)}));
		const {rows, doubts} = await collect(plex, 500);
		t.true(rows.length <= 50_000);
		t.true(requests.length <= 101);
		t.deepEqual(doubts, [`the list did not end after ${rows.length} rows`]);
	}
});

test('a list without an end that brings one row at a time is left, too', async t => {
	const {plex, requests} = liar(({start}) => ({rows: [start], total: undefined}));
	t.is((await collect(plex, 500)).doubts.length, 1);
	t.true(requests.length <= 6000);
});

test('pages that come again in turn end the list', async t => {
	const {plex, requests} = liar(({start}) => ({rows: numbers((start % 1500) === 0 ? 0 : 500, 500), total: 5000}));
	const {rows, doubts} = await collect(plex, 500);
	t.deepEqual(rows, numbers(0, 1000));
	t.is(doubts.length, 1);
	t.true(requests.length < 6);
});

test('a server that ignores paging is read once', async t => {
	const all = Array.from({length: 120}, (_, ratingKey) => ({ratingKey}));
	const {rows, doubts} = await collect({page: async () => ({rows: all, total: undefined, serverSeconds: undefined})});
	t.deepEqual(rows, all);
	t.is(doubts.length, 1);
});
