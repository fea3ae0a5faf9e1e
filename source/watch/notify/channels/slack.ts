/* eslint-disable @typescript-eslint/naming-convention -- Slack names its fields so */
import {channelSchema, defineHttpChannel, httpUrl} from '../channel-module.js';
import {cutText} from '../notice.js';

/**
Slack wants these three escapes. Without them `<!channel>` in a title would call everybody.
*/
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
Sends to an incoming webhook of Slack or a compatible service (Mattermost, Rocket.Chat). The address is the secret.
*/
export default defineHttpChannel({
	schema: channelSchema('slack', {url: httpUrl}),
	secrets: ['url'],
	example: {name: 'slack', kind: 'slack', urlFile: '/run/secrets/slack-webhook'},
	post: ({url}, {title, body}) => ({
		url,
		service: 'Slack',
		payload: {
			// Slack cuts messages at 4,000 characters, counted without escapes.
			text: escape(cutText(`${title}\n${body}`, 3900)),
			mrkdwn: false,
			unfurl_links: false,
			unfurl_media: false,
		},
	}),
});
