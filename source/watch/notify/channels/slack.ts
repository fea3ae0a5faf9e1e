/* eslint-disable @typescript-eslint/naming-convention -- Slack names its fields so */
import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretUrl,
	type ChannelParts,
} from '../channel-module.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {jsonHeaders} from '../request.js';

const schema = channelSchema('slack', {url: secretUrl});

type Written = z.infer<typeof schema>;

/**
Slack cuts messages at 4,000 characters, before it puts the three escapes back.
*/
const maxText = 3900;

/**
What Slack asks for; without it `<!channel>` in a title would call everybody.
*/
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
An incoming webhook of Slack, or of what speaks like it (Mattermost, Rocket.Chat). Its address is its secret.
*/
export const createSlack = ({name, url}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'slack',
	async send(notice, signal) {
		const text = cutText(`${plainTitle(notice)}\n${plainBody(notice)}`, maxText);
		const payload = {
			text: escape(text),
			mrkdwn: false,
			unfurl_links: false,
			unfurl_media: false,
		};
		await http.post({
			url,
			service: 'Slack',
			signal,
			headers: jsonHeaders(notice),
			body: JSON.stringify(payload),
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['url'],
	example: {name: 'slack', kind: 'slack', urlFile: '/run/secrets/slack-webhook'},
	create: createSlack,
});
