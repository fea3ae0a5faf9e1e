import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretField,
	serverUrl,
	type ChannelParts,
} from '../channel-module.js';
import {loudness, type NoticeLevel} from '../notice.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {hostOf, jsonHeaders, urlBelow} from '../request.js';

const schema = channelSchema('gotify', {url: serverUrl, token: secretField});

type Written = z.infer<typeof schema>;

const priorities: Readonly<Record<NoticeLevel, number>> = {info: 4, warn: 6, error: 8};

/**
Gotify. Its token goes in a header: an address ends up in logs.
*/
export const createGotify = ({name, url, token}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'gotify',
	async send(notice, signal) {
		const payload = {
			title: cutText(plainTitle(notice), 250),
			message: cutText(plainBody(notice), 10_000),
			priority: priorities[loudness(notice)],
		};
		await http.post({
			url: urlBelow(url, '/message'),
			service: `Gotify at ${hostOf(url)}`,
			signal,
			headers: {...jsonHeaders(notice), 'x-gotify-key': token},
			body: JSON.stringify(payload),
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['token'],
	example: {
		name: 'gotify', kind: 'gotify', url: 'https://gotify.example.org', tokenFile: '/run/secrets/gotify-token',
	},
	where: ({url}) => hostOf(url),
	create: createGotify,
});
