import {isAppError} from '../base/errors.js';
import type {Container} from './answers.js';
import type {LoadFacts} from './governor.js';
import type {Section} from './types.js';
import {asRecord, asRecords, readCount} from './wire.js';

export type LoadProbeOptions = {
	askSessions: () => Promise<Container>;
	/**
	The caller passes the answer to `onSections`.
	*/
	askSections: () => Promise<unknown>;
	learn: (facts: LoadFacts) => void;
	now?: () => number;
};

const requestsBeforeFirst = 6;
const gapMs = 30_000;

/**
After this time without a request for rows a new run begins, and what was known is out of date.
*/
const forgetMs = 120_000;

/**
Finds out what else the server is busy with during a long import or sync. Without such requests it asks nothing.
*/
export const createLoadProbe = ({askSessions, askSections, learn, now = () => performance.now()}: LoadProbeOptions) => {
	let isStreaming = false;
	let isScanning = false;
	let isRefused = false;
	let isAsking = false;
	let askedAtMs = -Infinity;
	let rowRequests = 0;
	let lastRowsAtMs = -Infinity;

	const tell = () => {
		learn({isStreaming, isScanning});
	};

	/**
	Only the owner may ask. Others get 401, 403 or 404, and then we know nothing ([PA], [TAU]).
	*/
	const lookForSessions = async () => {
		if (isRefused) {
			return;
		}

		try {
			isStreaming = isAnyPlaying(await askSessions());
		} catch (error) {
			isRefused = isAppError(error, 'unauthorized') || isAppError(error, 'forbidden') || isAppError(error, 'not-found');
			isStreaming &&= !isRefused;
		}
	};

	const look = async () => {
		isAsking = true;
		await lookForSessions();
		if (isScanning) {
			await askSections().catch(() => {/* then it is taken to scan still */});
		}

		isAsking = false;
		tell();
	};

	return {
		onRows() {
			const nowMs = now();
			if (nowMs - lastRowsAtMs > forgetMs) {
				rowRequests = 0;
				isStreaming = false;
				tell();
			}

			lastRowsAtMs = nowMs;
			rowRequests++;
			const isDue = rowRequests >= requestsBeforeFirst && nowMs - askedAtMs >= gapMs;
			if (!(isDue && !isAsking && (!isRefused || isScanning))) {
				return;
			}

			askedAtMs = nowMs;
			void look();
		},
		onSections(sections: readonly Section[]) {
			isScanning = sections.some(({isRefreshing}) => isRefreshing);
			tell();
		},
	};
};

/**
A paused session costs the server nothing.
*/
const isAnyPlaying = (container: Container): boolean => {
	const sessions = asRecords<'Player'>(container['Metadata']);
	return sessions.length === 0
		? (readCount(container['size']) ?? 0) > 0
		: sessions.some(({Player: player}) => asRecord(player)['state'] !== 'paused');
};
