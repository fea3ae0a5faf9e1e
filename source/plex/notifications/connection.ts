import {systemClock} from '../../base/clock.js';
import {createAgents} from '../agents.js';
import {targetOf} from '../failure.js';
import {parseWireJson} from '../wire.js';
import {
	courseTimes,
	firstCourse,
	nextStep,
	stateAfter,
	type Attempt,
	type NotificationState,
	type PushNews,
} from './course.js';
import {readHints, type Hint} from './hints.js';
import {
	linkTimes,
	openEventStream,
	openWebsocket,
	type LinkOptions,
} from './links.js';

const defaultTimes = {...linkTimes, ...courseTimes};

export type NotificationsOptions = Pick<LinkOptions, 'baseUrl' | 'headers'> & Partial<Pick<LinkOptions, 'connection' | 'clock' | 'maxMessageBytes'>> & {
	/**
	Sent in a header only; no redirect is followed.
	*/
	token: string | undefined;
	onHints: (hints: Hint[]) => void;
	onState: (news: PushNews) => void;
	random?: () => number;
	times?: Partial<typeof defaultTimes>;
};

export type Notifications = ReturnType<typeof openNotifications>;

/**
Listens to the notifications of a server until it is closed: over a websocket, or over server-sent events where there is none. It tries again after every failure.

@throws AppError `usage` for a proxy that cannot be used. Nothing that the server sends makes it throw.
*/
export const openNotifications = (options: NotificationsOptions) => {
	const {baseUrl, token, connection = {}, clock = systemClock, random = Math.random, maxMessageBytes = 1_048_576} = options;
	const times = {...defaultTimes, ...options.times};
	const agents = createAgents({...connection, connections: 2});
	const target = targetOf(new URL(baseUrl), {label: 'its notifications', hasToken: token !== undefined});
	const headers = {...options.headers, ...token !== undefined && {'X-Plex-Token': token}};
	const nowText = () => clock.now().toISOString();
	let state: NotificationState = {state: 'connecting', since: nowText()};
	let course = firstCourse;
	let closeLink: (() => void) | undefined;
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
		closeLink = (via === 'websocket' ? openWebsocket : openEventStream)({
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
				const hints = readHints(parseWireJson(text));
				if (hints.length > 0) {
					options.onHints(hints);
				}
			},
			onEnd(ending) {
				onEnd({...ending, livedMs: openedMs === undefined ? 0 : lastLifeMs - openedMs});
			},
		});
	};

	attemptNext();
	return {
		state: (): NotificationState => state,
		/**
		After this nothing is reported any more. May be called twice.
		*/
		close() {
			if (state.state === 'off') {
				return;
			}

			state = {state: 'off', since: nowText()};
			cancelRetry?.();
			closeLink?.();
			agents.close();
		},
	};
};
