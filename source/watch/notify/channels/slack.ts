/* eslint-disable @typescript-eslint/naming-convention -- Slack names its fields so */
import {channelSchema, defineHttpChannel, httpUrl} from '../channel-module.js';
import {cutText} from '../notice.js';

/**
Slack wants these three escapes. Without them `<!channel>` in a title would call everybody. In Mattermost `@all` does that, and Rocket.Chat refuses it, so an invisible character parts it.
*/
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/@(?=(?:all|channel|everyone|here)\b)/giv, '@\u{2060}');

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
