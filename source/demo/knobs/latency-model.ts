import {setTimeout as sleep} from 'node:timers/promises';
import type {DemoLibrary} from '../library/library.js';
import {detailKeys, readRange, type DemoRequest} from '../request.js';

/**
Models a server that reads its database through one lock. Requests take turns at the lock in small steps: when `n` requests need it, each takes `n` times as long. Everything else (network, HTTP, building the answer) runs in parallel.

This is an assumption, not a measurement of a Plex server. It is known that parallel heavy requests slow a server down ([MNT], [PKC], [ETV] keep to one or few), but not by how much. The model is kinder than a real server in three ways: the lock is handed on between rows, there are always enough cores, and nothing waits for a disk.
*/
export type LatencyModel = {
	/**
	For any answer, without the lock.
	*/
	requestMs: number;
	/**
	For any answer, with the lock.
	*/
	requestLockMs: number;
	/**
	For each row, without and with the lock.
	*/
	listRowMs: number;
	listRowLockMs: number;
	detailRowMs: number;
	detailRowLockMs: number;
};

/**
Half a second for the details of 100 items, and for a page of 500 rows, when one request is alone; 24 ms for one item.
*/
export const plausibleLatency: LatencyModel = {
	requestMs: 18,
	requestLockMs: 2,
	listRowMs: 0.5,
	listRowLockMs: 0.5,
	detailRowMs: 2,
	detailRowLockMs: 2.5,
};

/**
Resolves when a request has had its share of the lock and its own time.

@throws when the signal aborts
*/
export type Latency = (request: DemoRequest, library: DemoLibrary, signal: AbortSignal) => Promise<void>;

export const createLatency = (model: LatencyModel): Latency => {
	const lock = createSharedLock();
	return async (request, library, signal) => {
		const {details, listed} = rowsOf(request, library);
		await lock.use(model.requestLockMs + (details * model.detailRowLockMs) + (listed * model.listRowLockMs), signal);
		await sleep(model.requestMs + (details * model.detailRowMs) + (listed * model.listRowMs), undefined, {signal});
	};
};

const rowsOf = ({path, query}: DemoRequest, library: DemoLibrary): {details: number; listed: number} => {
	const details = detailKeys(path).length;
	const section = /^\/library\/sections\/(?<key>\d+)\/all$/v.exec(path)?.groups?.['key'];
	const page = readRange(query);
	if (section === undefined || page === 'bad') {
		return {details, listed: 0};
	}

	const total = library.total(section, Number(query.get('type')));
	return {details, listed: page === undefined ? total : Math.max(0, Math.min(page.size, total - page.start))};
};

/**
A lock that requests take in turns, in steps so short that they seem to share it.
*/
type SharedLock = {
	/**
	Resolves when the caller has held the lock for this time in total.

	@throws when the signal aborts
	*/
	use: (workMs: number, signal: AbortSignal) => Promise<void>;
};

type Turn = {leftMs: number; end: () => void};

const doneMs = 0.001;

export const createSharedLock = (now: () => number = () => performance.now()): SharedLock => {
	const turns = new Set<Turn>();
	let atMs = now();
	let timer: NodeJS.Timeout | undefined;

	const nextMs = () => Math.min(...[...turns].map(({leftMs}) => leftMs)) * turns.size;

	const give = (shareMs: number) => {
		for (const turn of turns) {
			turn.leftMs -= shareMs;
			if (!(turn.leftMs <= doneMs)) {
				continue;
			}

			turns.delete(turn);
			turn.end();
		}
	};

	/**
	Gives each turn its share of the time that has passed. When one is done, the shares of the others grow.
	*/
	const advance = () => {
		const nowMs = now();
		while (turns.size > 0 && atMs < nowMs) {
			const stepMs = Math.min(nowMs - atMs, nextMs());
			atMs += stepMs;
			give(stepMs / turns.size);
		}

		atMs = nowMs;
	};

	const arm = () => {
		clearTimeout(timer);
		timer = turns.size === 0
			? undefined
			: setTimeout(() => {
				advance();
				arm();
			}, Math.ceil(nextMs()));
	};

	return {
		async use(workMs, signal) {
			signal.throwIfAborted();
			if (workMs <= doneMs) {
				return;
			}

			advance();
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			const turn = {leftMs: workMs, end: resolve};
			const giveUp = () => {
				turns.delete(turn);
				arm();
				reject(signal.reason as Error);
			};

			turns.add(turn);
			signal.addEventListener('abort', giveUp);
			arm();
			try {
				await promise;
			} finally {
				signal.removeEventListener('abort', giveUp);
			}
		},
	};
};
