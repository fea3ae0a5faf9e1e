import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	hostOf,
	oneLine,
	serverUrl,
	type ChannelParts,
} from '../channel-module.js';
import {
	cutBytes,
	loudness,
	plainBody,
	plainTitle,
	type NoticeLevel,
} from '../notice.js';

const schema = channelSchema('ntfy', {
	url: serverUrl.optional().meta({description: 'https://ntfy.sh when absent'}),
	topic: oneLine.max(64).regex(/^[\w\-]+$/v, 'It may hold letters, digits, dashes and underscores'),
	token: oneLine.optional(),
});

type Written = z.infer<typeof schema>;

const priorities: Readonly<Record<NoticeLevel, number>> = {info: 3, warn: 4, error: 5};
const tags: Readonly<Record<NoticeLevel, string>> = {info: 'clapper', warn: 'warning', error: 'rotating_light'};

/**
ntfy turns a longer message into an attached file.
*/
const maxMessageBytes = 4000;

/**
Publishes to ntfy as JSON, so that no title has to fit into a header.
*/
export const createNtfy = ({name, url = 'https://ntfy.sh', topic, token}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'ntfy',
	async send(notice, signal) {
		const level = loudness(notice);
		const payload = {
			topic,
			title: cutBytes(plainTitle(notice), 250),
			message: cutBytes(plainBody(notice), maxMessageBytes),
			priority: priorities[level],
			tags: [notice.alert?.isRecovered === true ? 'white_check_mark' : tags[level]],
		};
		await http.post({
			url,
			service: `ntfy at ${hostOf(url)}`,
			notice,
			payload,
			...token !== undefined && {headers: {authorization: `Bearer ${token}`}},
			signal,
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['token'],
	example: {
		name: 'phone', kind: 'ntfy', url: 'https://ntfy.sh', topic: 'a-name-nobody-guesses', tokenFile: '/run/secrets/ntfy-token',
	},
	where: ({url = 'https://ntfy.sh'}) => hostOf(url),
	create: createNtfy,
});
