/* eslint-disable @typescript-eslint/naming-convention -- Discord names its fields so */
import {channelSchema, defineHttpChannel, httpUrl} from '../channel-module.js';
import {cutText, loudness, type NoticeLevel} from '../notice.js';

const colours: Readonly<Record<NoticeLevel, number>> = {info: 0x4C_8B_F5, warn: 0xE5_A0_0D, error: 0xD9_30_25};
const recoveredColour = 0x2E_A0_43;

/**
Keeps titles from becoming links, spoilers or headings.
*/
const escapeMarkdown = (text: string) => text.replaceAll(/[#\(\)*:<>@\[\\\]_`\|~]/gv, String.raw`\$&`);

/**
Discord shows addresses without a version. What answers there gives the time to wait after a 429 in milliseconds, and tells of no message that was not kept unless it is asked to wait for it.
*/
const addressOf = (shown: string): URL => {
	const url = new URL(shown);
	if (/(?:^|\.)discord(?:app)?\.com$/v.test(url.hostname)) {
		url.pathname = url.pathname.replace(/^\/api\/webhooks\//v, '/api/v10/webhooks/');
	}

	url.searchParams.set('wait', 'true');
	return url;
};

/**
Sends to a webhook of Discord, whose address is its secret. No title can mention anybody.
*/
export default defineHttpChannel({
	schema: channelSchema('discord', {url: httpUrl}),
	secrets: ['url'],
	example: {name: 'discord', kind: 'discord', urlFile: '/run/secrets/discord-webhook'},
	post: ({url}, notice) => ({
		url: addressOf(url),
		service: 'Discord',
		payload: {
			username: 'reelcat',
			// Notifications on phones show only this part.
			content: cutText(escapeMarkdown(notice.title), 2000),
			embeds: [{
				description: cutText(escapeMarkdown(notice.body), 4096),
				color: notice.alert?.isRecovered === true ? recoveredColour : colours[loudness(notice)],
				timestamp: notice.at,
			}],
			allowed_mentions: {parse: []},
		},
	}),
});
