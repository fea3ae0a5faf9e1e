import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	hostOf,
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

const schema = channelSchema('gotify', {url: serverUrl, token: oneLine});

type Written = z.infer<typeof schema>;

const priorities: Readonly<Record<NoticeLevel, number>> = {info: 4, warn: 6, error: 8};

/**
Sends to Gotify. The token goes into a header, because addresses end up in logs.
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
			notice,
			payload,
			headers: {'x-gotify-key': token},
			signal,
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
