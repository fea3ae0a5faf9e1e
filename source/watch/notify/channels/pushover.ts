import {
	channelSchema,
	defineHttpChannel,
	oneLine,
	serverUrl,
	urlBelow,
} from '../channel-module.js';
import {cutText, loudness, type NoticeLevel} from '../notice.js';

/**
Priority 2 would ring until somebody answers, and no catalogue is worth that.
*/
const priorities: Readonly<Record<NoticeLevel, number>> = {info: 0, warn: 0, error: 1};

/**
Sends to Pushover. Both keys go into the body, because addresses end up in logs.
*/
export default defineHttpChannel({
	schema: channelSchema('pushover', {
		token: oneLine, user: oneLine, device: oneLine.max(25).optional(), url: serverUrl.optional(),
	}),
	secrets: ['token', 'user'],
	example: {
		name: 'pushover', kind: 'pushover', tokenFile: '/run/secrets/pushover-token', userFile: '/run/secrets/pushover-user',
	},
	post({token, user, device, url = 'https://api.pushover.net'}, notice) {
		const atMs = Date.parse(notice.at);
		return {
			url: urlBelow(url, '/1/messages.json'),
			service: 'Pushover',
			payload: new URLSearchParams({
				token,
				user,
				title: cutText(notice.title, 250),
				message: cutText(notice.body, 1024),
				priority: String(priorities[loudness(notice)]),
				timestamp: String(Math.floor(atMs / 1000)),
				...device !== undefined && {device},
			}),
		};
	},
});
