import {systemClock, type Clock} from '../../base/clock.js';
import {createAgents} from '../agents.js';
import type {Target} from '../failure.js';
import type {ConnectionOptions} from '../requests.js';
import {
	firstCourse,
	nextStep,
	stateAfter,
	type Attempt,
	type CourseTimes,
	type Ending,
	type NotificationState,
	type PushNews,
} from './course.js';
import {openEventStream} from './event-stream.js';
import {readHints, type Hint} from './hints.js';
import type {Link, LinkTimes} from './link.js';
import {openWebsocket} from './websocket.js';

type NotificationTimes = CourseTimes & LinkTimes;

export type NotificationsOptions = {
	baseUrl: string;
	/**
	Sent in a header only; no redirect is followed.
	*/
	token: string | undefined;
	/**
	From `requestHeaders` or `identityHeaders`.
	*/
	headers: Record<string, string>;
	connection?: ConnectionOptions;
	onHints: (hints: Hint[]) => void;
	onState: (news: PushNews) => void;
	clock?: Clock;
	random?: () => number;
	times?: Partial<NotificationTimes>;
	/**
	Real messages have a few hundred bytes.
	@default 1 MiB
	*/
	maxMessageBytes?: number;
};

export type Notifications = {
	state: () => NotificationState;
	/**
	After this nothing is reported any more. May be called twice.
	*/
	close: () => void;
};

const defaultTimes: NotificationTimes = {
	handshakeMs: 10_000,
	pingEveryMs: 20_000,
	pongMs: 20_000,
	silenceMs: 30_000,
	firstRetryMs: 500,
	longestRetryMs: 60_000,
	refusedRetryMs: 30 * 60_000,
	lastingMs: 30_000,
};

/**
Listens to the notifications of a server until it is closed: over a websocket, or over server-sent events where there is none. It tries again after every failure.

@throws AppError `usage` for a proxy that cannot be used. Nothing that the server sends makes it throw.
*/
export const openNotifications = (options: NotificationsOptions): Notifications => {
	const {baseUrl, token, connection = {}, clock = systemClock, random = Math.random, maxMessageBytes = 1_048_576} = options;
	const times = {...defaultTimes, ...options.times};
	const agents = createAgents({...connection, connections: 2});
	const {host, protocol} = new URL(baseUrl);
	const target: Target = {
		host,
		isHttps: protocol === 'https:',
		label: 'its notifications',
		hasToken: token !== undefined,
		isProbe: false,
	};
	const headers = {...options.headers, ...token !== undefined && {'X-Plex-Token': token}};
	const nowText = () => clock.now().toISOString();
	let state: NotificationState = {state: 'connecting', since: nowText()};
	let course = firstCourse;
	let link: Link | undefined;
	let cancelRetry: (() => void) | undefined;
	let hasConnected = false;

	const tell = (news: PushNews) => {
		state = stateAfter(state, news, nowText());
		options.onState(news);
	};

	const onEnd = (attempt: Attempt) => {
		const step = nextStep(course, attempt, {times, random});
		course = step.course;
		cancelRetry = clock.after(step.waitMs, attemptNext);
		tell({type: course.isPolling ? 'polling' : 'connecting', reason: attempt.reason, retryMs: step.waitMs});
	};

	const attemptNext = () => {
		const {via} = course;
		let openedMs: number | undefined;
		let lastLifeMs = 0;
		link = (via === 'websocket' ? openWebsocket : openEventStream)({
			baseUrl,
			headers,
			agents,
			connection,
			target,
			times,
			maxMessageBytes,
			clock,
			onOpen() {
				openedMs = clock.monotonicMs();
				lastLifeMs = openedMs;
				const isFirst = !hasConnected;
				hasConnected = true;
				tell({type: 'connected', via, isFirst});
			},
			onLife() {
				lastLifeMs = clock.monotonicMs();
			},
			onMessage(text) {
				// Earlier messages of the same chunk may have closed the connection.
				if (state.state !== 'connected') {
					return;
				}

				state = {...state, lastEventAt: nowText()};
				const hints = readHints(parseJson(text));
				if (hints.length > 0) {
					options.onHints(hints);
				}
			},
			onEnd(ending: Ending) {
				onEnd({...ending, livedMs: openedMs === undefined ? 0 : lastLifeMs - openedMs});
			},
		});
	};

	attemptNext();
	return {
		state: () => state,
		close() {
			if (state.state === 'off') {
				return;
			}

			state = {state: 'off', since: nowText()};
			cancelRetry?.();
			link?.close();
			agents.close();
		},
	};
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
