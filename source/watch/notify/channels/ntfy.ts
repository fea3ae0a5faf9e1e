import {
	channelSchema,
	defineHttpChannel,
	hostOf,
	oneLine,
	serverUrl,
} from '../channel-module.js';
import {cutBytes, loudness, type NoticeLevel} from '../notice.js';

const priorities: Readonly<Record<NoticeLevel, number>> = {info: 3, warn: 4, error: 5};
const tags: Readonly<Record<NoticeLevel, string>> = {info: 'clapper', warn: 'warning', error: 'rotating_light'};

/**
People copy the address of their topic. There, ntfy takes JSON for the text of a message.
*/
const rootOf = (url: string, topic: string) => url.replace(new RegExp(`/${topic}/?$`, 'v'), '/');

/**
Publishes to ntfy as JSON, so that no title has to fit into a header.
*/
export default defineHttpChannel({
	schema: channelSchema('ntfy', {
		url: serverUrl.optional().meta({description: 'https://ntfy.sh when absent'}),
		topic: oneLine.max(64).regex(/^[\w\-]+$/v, 'It may hold letters, digits, dashes and underscores'),
		token: oneLine.optional(),
	}),
	secrets: ['token'],
	example: {
		name: 'phone', kind: 'ntfy', url: 'https://ntfy.sh', topic: 'a-name-nobody-guesses', tokenFile: '/run/secrets/ntfy-token',
	},
	where: ({url = 'https://ntfy.sh'}) => hostOf(url),
	post: ({url = 'https://ntfy.sh', topic, token}, notice) => ({
		url: rootOf(url, topic),
		service: `ntfy at ${hostOf(url)}`,
		...token !== undefined && {headers: {authorization: `Bearer ${token}`}},
		payload: {
			topic,
			title: cutBytes(notice.title, 250),
			// ntfy turns a longer message into an attached file.
			message: cutBytes(notice.body, 4000),
			priority: priorities[loudness(notice)],
			tags: [notice.alert?.isRecovered === true ? 'white_check_mark' : tags[loudness(notice)]],
		},
	}),
});
