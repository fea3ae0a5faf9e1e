import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {requestHeaders} from '../../source/plex/identity-headers.js';
import {openNotifications, type NotificationsOptions} from '../../source/plex/notifications/connection.js';
import type {Hint} from '../../source/plex/notifications/hints.js';
import type {PushNews} from '../../source/plex/notifications/course.js';
import {canary} from './_loopback.js';

/**
Waits for a condition, for as long as a busy machine may need.
*/
export const until = async (isSo: () => boolean) => {
	const endMs = performance.now() + 15_000;
	while (!isSo()) {
		if (performance.now() > endMs) {
			throw new Error(`It never came to this: ${String(isSo)}`);
		}

		await sleep(2);
	}
};

/**
Listens to the notifications of a server until the test ends, and records everything.
*/
export const listenTo = (t: ExecutionContext, {url, token = canary}: {url: string; token?: string}, options: Partial<NotificationsOptions> = {}) => {
	const hints: Hint[] = [];
	const news: PushNews[] = [];
	const notifications = openNotifications({
		baseUrl: url,
		token,
		headers: requestHeaders({clientIdentifier: 'test-client', version: '0.0.0', deviceName: 'test'}),
		// Try again at once.
		random: () => 0,
		onHints(all) {
			hints.push(...all);
		},
		onState(one) {
			news.push(one);
		},
		...options,
	});
	t.teardown(notifications.close);
	return {
		hints,
		news,
		notifications,
		types: () => news.map(({type}) => type),
		connections: () => news.filter(({type}) => type === 'connected').length,
		keys: () => hints.flatMap(hint => hint.kind === 'items' ? hint.ratingKeys : []),
	};
};
