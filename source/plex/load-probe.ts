import {isAppError} from '../base/errors.js';
import type {Container} from './body.js';
import type {LoadFacts} from './governor.js';
import type {Section} from './types.js';
import {asRecords, isRecord, readCount} from './wire.js';

export type LoadProbeOptions = {
	/**
	@throws AppError
	*/
	askSessions: () => Promise<Container>;
	/**
	For what the answer says of scans, which is told by whoever asks.

	@throws AppError
	*/
	askSections: () => Promise<unknown>;
	learn: (facts: LoadFacts) => void;
	now?: () => number;
};

/**
Finds out what else the server is busy with, as a side effect of the requests of a long import or sync: without those it asks nothing.
*/
export type LoadProbe = {
	/**
	A request for rows has ended.
	*/
	onRows: () => void;
	onSections: (sections: readonly Section[]) => void;
};

/**
What has so little to ask for is over soon anyway.
*/
const requestsBeforeFirst = 6;
const gapMs = 30_000;

/**
After so long without a request for rows it is another import or sync; what was known in the one before may be long over.
*/
const forgetMs = 120_000;

export const createLoadProbe = ({askSessions, askSections, learn, now = () => performance.now()}: LoadProbeOptions): LoadProbe => {
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
	Only the owner may ask; anyone else is told so by 401, 403 or 404, and then nothing is known ([PA], [TAU]).
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
		onSections(sections) {
			isScanning = sections.some(({isRefreshing}) => isRefreshing);
			tell();
		},
	};
};

type WireSession = 'Player';

/**
What is paused costs the server nothing.
*/
const isAnyPlaying = (container: Container): boolean => {
	const sessions = asRecords<WireSession>(container['Metadata']);
	return sessions.length === 0
		? (readCount(container['size']) ?? 0) > 0
		: sessions.some(({Player: player}) => !(isRecord(player) && player['state'] === 'paused'));
};
