import type {Via} from './news.js';

/**
How an attempt to listen came to its end.
*/
export type Ending = {
	/**
	`unsupported`: this way does not exist on this server, or a proxy does not let it through. `forbidden`: not for this token.
	*/
	kind: 'lost' | 'unsupported' | 'forbidden';
	/**
	A sentence.
	*/
	reason: string;
};

export type Attempt = Ending & {
	/**
	From when it was connected to the last sign of life; 0 when it never was.
	*/
	livedMs: number;
};

export type CourseTimes = {
	/**
	The first wait is up to this long, each later one up to twice the one before.
	*/
	firstRetryMs: number;
	longestRetryMs: number;
	/**
	Before a server that has refused is asked again.
	*/
	refusedRetryMs: number;
	/**
	A connection that lived for less counts as a failure.
	*/
	lastingMs: number;
};

/**
Where we are on the way to notifications.
*/
export type Course = {
	/**
	To be tried next.
	*/
	via: Via;
	/**
	What worked last.
	*/
	preferred: Via;
	/**
	Ways that this server does not have.
	*/
	unsupported: readonly Via[];
	/**
	Attempts that failed one after the other.
	*/
	failures: number;
	/**
	How often in a row it turned out that there are none to be had.
	*/
	refusals: number;
	/**
	There were some, for a while.
	*/
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

export type Step = {course: Course; waitMs: number};

/**
With so many failures on the way that is preferred, the other one is tried in turn.
*/
const patience = 3;

/**
A strained server refuses a good token now and then (plex-api.md 10), so it is asked twice. One that did send notifications may be starting anew behind a proxy that says 404 meanwhile.
*/
const refusalsToBelieve = {atFirst: 2, onceLasted: 10};

/**
What to try next, and when.
*/
export const nextStep = (course: Course, attempt: Attempt, {times, random}: {times: CourseTimes; random: () => number}): Step => {
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
				// By now it may well be another server, or another proxy.
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
