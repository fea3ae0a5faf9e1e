export type Ending = {
	/**
	`unsupported`: the server does not offer this way, or a proxy blocks it. `forbidden`: the token may not listen.
	*/
	kind: 'lost' | 'unsupported' | 'forbidden';
	reason: string;
};

export type Attempt = Ending & {
	/**
	From the connection to the last sign of life. 0 when there was no connection.
	*/
	livedMs: number;
};

export const courseTimes = {
	// Limit of the first wait. Each later limit is twice the one before.
	firstRetryMs: 500,
	longestRetryMs: 60_000,
	// The wait before we ask a server again that has refused.
	refusedRetryMs: 30 * 60_000,
	// A connection that lived for less counts as a failure.
	lastingMs: 30_000,
};

export type Course = {
	via: Via;
	preferred: Via;
	unsupported: readonly Via[];
	failures: number;
	/**
	How often in a row the server offered no notifications at all.
	*/
	refusals: number;
	hasLasted: boolean;
	isPolling: boolean;
};

export const firstCourse: Course = {
	via: 'websocket',
	preferred: 'websocket',
	unsupported: [],
	failures: 0,
	refusals: 0,
	hasLasted: false,
	isPolling: false,
};

/**
After this many failures on the preferred way, both ways are tried in turn.
*/
const patience = 3;

/**
A strained server sometimes refuses a good token (plex-api.md 10), so we ask twice. One that did send notifications may be restarting behind a proxy that answers 404 meanwhile.
*/
const refusalsToBelieve = {atFirst: 2, onceLasted: 10};

export const nextStep = (course: Course, attempt: Attempt, {times, random}: {times: typeof courseTimes; random: () => number}): {course: Course; waitMs: number} => {
	const isLasting = attempt.livedMs >= times.lastingMs;
	const before: Course = isLasting
		? {
			...firstCourse, preferred: course.via, unsupported: course.unsupported, hasLasted: true,
		}
		: course;
	const backOffMs = Math.round(random() * Math.min(times.longestRetryMs, times.firstRetryMs * (2 ** before.failures)));
	const failed = {...before, failures: before.failures + (isLasting ? 0 : 1)};
	const other = otherThan(course.via);
	if (attempt.kind === 'lost') {
		const isPatient = failed.failures < patience;
		return {
			course: {
				...failed,
				via: isPatient ? before.preferred : other,
				// It may be another server or another proxy by now.
				unsupported: isPatient ? before.unsupported : [],
				refusals: 0,
				isPolling: false,
			},
			waitMs: backOffMs,
		};
	}

	if (attempt.kind === 'unsupported' && !before.unsupported.includes(other)) {
		return {
			course: {
				...before, via: other, preferred: other, unsupported: [course.via],
			},
			waitMs: course.via === 'websocket' ? 0 : backOffMs,
		};
	}

	const refusals = before.refusals + 1;
	const isPolling = before.isPolling || refusals >= refusalsToBelieve[before.hasLasted ? 'onceLasted' : 'atFirst'];
	const afresh = attempt.kind === 'unsupported' ? {...firstCourse, hasLasted: before.hasLasted, failures: failed.failures} : failed;
	return {course: {...afresh, refusals, isPolling}, waitMs: isPolling ? times.refusedRetryMs : backOffMs};
};

const otherThan = (via: Via): Via => via === 'websocket' ? 'sse' : 'websocket';

type Via = 'websocket' | 'sse';

export type PushNews =
	/**
	Hints arrive from now on. Earlier notifications are never sent again, so everything should be checked.
	*/
	| {type: 'connected'; via: Via; isFirst: boolean}
	| {type: 'connecting'; reason: string; retryMs: number}
	| {type: 'polling'; reason: string; retryMs: number};

export type NotificationState = {
	state: 'connected' | 'connecting' | 'polling' | 'off';
	via?: Via;
	since: string;
	lastEventAt?: string;
	reason?: string;
};

export const stateAfter = ({state, since, lastEventAt}: NotificationState, news: PushNews, at: string): NotificationState => ({
	state: news.type,
	since: state === news.type ? since : at,
	...(lastEventAt !== undefined && {lastEventAt}),
	...(news.type === 'connected' ? {via: news.via} : {reason: news.reason}),
});
