import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	oneLine,
	serverUrl,
	urlBelow,
	type ChannelParts,
} from '../channel-module.js';
import {
	cutText,
	loudness,
	plainBody,
	plainTitle,
	type NoticeLevel,
} from '../notice.js';

const schema = channelSchema('pushover', {
	token: oneLine, user: oneLine, device: oneLine.max(25).optional(), url: serverUrl.optional(),
});

type Written = z.infer<typeof schema>;

/**
Priority 2 would ring until somebody answers, and no catalogue is worth that.
*/
const priorities: Readonly<Record<NoticeLevel, number>> = {info: 0, warn: 0, error: 1};

/**
Sends to Pushover. Both keys go into the body, because addresses end up in logs.
*/
export const createPushover = ({name, token, user, device, url = 'https://api.pushover.net'}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'pushover',
	async send(notice, signal) {
		const atMs = Date.parse(notice.at);
		const payload = new URLSearchParams({
			token,
			user,
			title: cutText(plainTitle(notice), 250),
			message: cutText(plainBody(notice), 1024),
			priority: String(priorities[loudness(notice)]),
			timestamp: String(Math.floor(atMs / 1000)),
			...device !== undefined && {device},
		});
		await http.post({
			url: urlBelow(url, '/1/messages.json'),
			service: 'Pushover',
			notice,
			payload,
			signal,
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['token', 'user'],
	example: {
		name: 'pushover', kind: 'pushover', tokenFile: '/run/secrets/pushover-token', userFile: '/run/secrets/pushover-user',
	},
	create: createPushover,
});
