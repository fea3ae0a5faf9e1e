import type {SyncEvent} from './events.js';

/**
How a run went lately, second by second: for sparklines, and for a list of what came in last.
*/
export type Pulse = {
	startedAtMs: number | undefined;
	/**
	Seconds since the start that were left behind.
	*/
	dropped: number;
	seconds: readonly Second[];
	/**
	Newest first.
	*/
	latest: ReadonlyArray<{libraryId: string; title: string}>;
};

type Second = {items: number; answers: number; answerMs: number};

export const noPulse: Pulse = {
	startedAtMs: undefined, dropped: 0, seconds: [], latest: [],
};

const keptSeconds = 120;
const keptTitles = 30;
const emptySecond: Second = {items: 0, answers: 0, answerMs: 0};

/**
The time comes with the event, and never goes back.
*/
export const reducePulse = (pulse: Pulse, {event, nowMs}: {event: SyncEvent; nowMs: number}): Pulse => {
	if (event.type === 'run-started') {
		return {...noPulse, startedAtMs: nowMs};
	}

	if (event.type === 'items-committed') {
		const {libraryId, lastTitle: title} = event;
		const counted = add(pulse, itemsOf(event), nowMs);
		return title === undefined || title === pulse.latest[0]?.title ? counted : {...counted, latest: [{libraryId, title}, ...pulse.latest].slice(0, keptTitles)};
	}

	if (event.type === 'items-compared') {
		return add(pulse, itemsOf(event), nowMs);
	}

	return event.type === 'request-finished' ? add(pulse, {items: 0, answers: 1, answerMs: event.durationMs}, nowMs) : pulse;
};

const itemsOf = ({imported, unchanged}: {imported: number; unchanged: number}): Second => ({...emptySecond, items: imported + unchanged});

const add = (pulse: Pulse, more: Second, nowMs: number): Pulse => {
	const {startedAtMs, dropped, seconds} = pulse;
	if (startedAtMs === undefined) {
		return pulse;
	}

	const now = Math.floor((nowMs - startedAtMs) / 1000);
	const missing = Math.max(0, now + 1 - dropped - seconds.length);
	const kept = [...seconds, ...Array.from({length: Math.min(keptSeconds, missing)}, () => emptySecond)].slice(-keptSeconds);
	const from = missing === 0 ? dropped : now + 1 - kept.length;
	const at = Math.max(0, now - from);
	return {...pulse, dropped: from, seconds: kept.with(at, sum(kept[at]!, more))};
};

const sum = (one: Second, other: Second): Second => ({
	items: one.items + other.items, answers: one.answers + other.answers, answerMs: one.answerMs + other.answerMs,
});

/**
Items per second, oldest first.
*/
export const itemsPerSecond = ({seconds}: Pulse): number[] => seconds.map(({items}) => items);

/**
How long the server took to answer, on average over each second, oldest first. A second without an answer has that of the one before.
*/
export const answerTimes = ({seconds}: Pulse): number[] => {
	let lastMs = 0;
	return seconds.map(({answers, answerMs}) => {
		lastMs = answers === 0 ? lastMs : answerMs / answers;
		return lastMs;
	});
};
