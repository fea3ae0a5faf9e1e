/* eslint-disable @typescript-eslint/naming-convention -- Slack names its fields so */
import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	httpUrl,
	type ChannelParts,
} from '../channel-module.js';
import {cutText, plainBody, plainTitle} from '../notice.js';

const schema = channelSchema('slack', {url: httpUrl});

type Written = z.infer<typeof schema>;

/**
Slack wants these three escapes. Without them `<!channel>` in a title would call everybody.
*/
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
Sends to an incoming webhook of Slack or a compatible service (Mattermost, Rocket.Chat). The address is the secret.
*/
export const createSlack = ({name, url}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'slack',
	async send(notice, signal) {
		// Slack cuts messages at 4,000 characters, counted without escapes.
		const text = cutText(`${plainTitle(notice)}\n${plainBody(notice)}`, 3900);
		const payload = {
			text: escape(text),
			mrkdwn: false,
			unfurl_links: false,
			unfurl_media: false,
		};
		await http.post({
			url,
			service: 'Slack',
			notice,
			payload,
			signal,
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['url'],
	example: {name: 'slack', kind: 'slack', urlFile: '/run/secrets/slack-webhook'},
	create: createSlack,
});
