import {
	channelSchema,
	defineHttpChannel,
	hostOf,
	oneLine,
	serverUrl,
	urlBelow,
} from '../channel-module.js';
import {cutText, loudness, type NoticeLevel} from '../notice.js';

const priorities: Readonly<Record<NoticeLevel, number>> = {info: 4, warn: 6, error: 8};

/**
Sends to Gotify. The token goes into a header, because addresses end up in logs.
*/
export default defineHttpChannel({
	schema: channelSchema('gotify', {url: serverUrl, token: oneLine}),
	secrets: ['token'],
	example: {
		name: 'gotify', kind: 'gotify', url: 'https://gotify.example.org', tokenFile: '/run/secrets/gotify-token',
	},
	where: ({url}) => hostOf(url),
	post: ({url, token}, notice) => ({
		url: urlBelow(url, '/message'),
		service: `Gotify at ${hostOf(url)}`,
		headers: {'x-gotify-key': token},
		payload: {
			title: cutText(notice.title, 250),
			message: cutText(notice.body, 10_000),
			priority: priorities[loudness(notice)],
		},
	}),
});
