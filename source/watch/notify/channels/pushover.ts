import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretField,
	serverUrl,
	textField,
	type ChannelParts,
} from '../channel-module.js';
import {loudness, type NoticeLevel} from '../notice.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {noticeHeader, urlBelow} from '../request.js';

const schema = channelSchema('pushover', {
	token: secretField, user: secretField, device: textField.max(25).optional(), url: serverUrl.optional(),
});

type Written = z.infer<typeof schema>;

/**
2 would ring until somebody answers, which no catalogue is worth.
*/
const priorities: Readonly<Record<NoticeLevel, number>> = {info: 0, warn: 0, error: 1};

const maxTitle = 250;
const maxMessage = 1024;

/**
Pushover. Both keys go in the body.
*/
export const createPushover = ({name, token, user, device, url = 'https://api.pushover.net'}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'pushover',
	async send(notice, signal) {
		const atMs = Date.parse(notice.at);
		const form = new URLSearchParams({
			token,
			user,
			title: cutText(plainTitle(notice), maxTitle),
			message: cutText(plainBody(notice), maxMessage),
			priority: String(priorities[loudness(notice)]),
			timestamp: String(Math.floor(atMs / 1000)),
			...device !== undefined && {device},
		});
		await http.post({
			url: urlBelow(url, '/1/messages.json'),
			service: 'Pushover',
			signal,
			headers: {'content-type': 'application/x-www-form-urlencoded', ...noticeHeader(notice)},
			body: form.toString(),
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
