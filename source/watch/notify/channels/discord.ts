/* eslint-disable @typescript-eslint/naming-convention -- Discord names its fields so */
import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	httpUrl,
	type ChannelParts,
} from '../channel-module.js';
import {
	cutText,
	loudness,
	plainBody,
	plainTitle,
	type Notice,
	type NoticeLevel,
} from '../notice.js';

const schema = channelSchema('discord', {url: httpUrl});

type Written = z.infer<typeof schema>;

const colours: Readonly<Record<NoticeLevel, number>> = {info: 0x4C_8B_F5, warn: 0xE5_A0_0D, error: 0xD9_30_25};
const recoveredColour = 0x2E_A0_43;

/**
Keeps titles from becoming links, spoilers or headings.
*/
const escapeMarkdown = (text: string) => text.replaceAll(/[#\(\)*:<>@\[\\\]_`\|~]/gv, String.raw`\$&`);

/**
Sends to a webhook of Discord, whose address is its secret. No title can mention anybody.
*/
export const createDiscord = ({name, url}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'discord',
	async send(notice, signal) {
		const title = escapeMarkdown(plainTitle(notice));
		const body = escapeMarkdown(plainBody(notice));
		const payload = {
			username: 'reelcat',
			// Phones show this part only.
			content: cutText(title, 2000),
			embeds: [{description: cutText(body, 4096), color: colourOf(notice), timestamp: notice.at}],
			allowed_mentions: {parse: []},
		};
		await http.post({
			url,
			service: 'Discord',
			notice,
			payload,
			signal,
		});
	},
});

const colourOf = (notice: Notice) => notice.alert?.isRecovered === true ? recoveredColour : colours[loudness(notice)];

export default defineChannel({
	schema,
	secrets: ['url'],
	example: {name: 'discord', kind: 'discord', urlFile: '/run/secrets/discord-webhook'},
	create: createDiscord,
});
