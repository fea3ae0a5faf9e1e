import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import type {ListPage, PageRequest} from '../../source/plex/types.js';
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

const collect = async (plex: {page: (request: PageRequest) => Promise<ListPage>}, pageSize = 50) => {
	const rows: unknown[] = [];
	const lost: number[] = [];
	const pages = listPages({
		plex,
		sectionKey: '1',
		type: 'movie',
		pageSize,
		onLostRow(position) {
			lost.push(position);
		},
	});
	for await (const page of pages) {
		rows.push(...page.rows);
	}

	return {rows, lost};
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

test('rows that the server cannot deliver are lost alone and the rest still arrives', async t => {
	const badRows = fc.uniqueArray(fc.integer({min: 1, max: 199}), {maxLength: 6});
	const law = fc.asyncProperty(badRows, async bad => {
		const {plex} = section(200, {faults: bad.map(row => ({row, code: 'malformed'}))});
		const {rows, lost} = await collect(plex);
		t.deepEqual(lost, bad.toSorted((a, b) => a - b));
		t.is(rows.length, 200 - bad.length);
	});
	await fc.assert(law, {numRuns: 40});
});

test('one bad row among 500 costs few requests', async t => {
	const {plex, requests} = section(500, {faults: [{row: 321, code: 'server-error'}]});
	await collect(plex, 100);
	t.true(requests.length < 40, `${requests.length} requests`);
});

test('a listing whose rows are all broken ends with the error instead of asking for ever', async t => {
	const {plex, requests} = section(10_000, {faults: Array.from({length: 10_000}, (_, row) => ({row, code: 'timeout'}))});
	await t.throwsAsync(collect(plex), {instanceOf: AppError, message: 'This page is broken.'});
	t.true(requests.length < 100);
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

test('a server that ignores paging is read once', async t => {
	const all = Array.from({length: 120}, (_, ratingKey) => ({ratingKey}));
	const {rows} = await collect({page: async () => ({rows: all, total: undefined, serverSeconds: undefined})});
	t.deepEqual(rows, all);
});
