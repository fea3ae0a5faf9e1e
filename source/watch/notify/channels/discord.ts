/* eslint-disable @typescript-eslint/naming-convention -- Discord names its fields so */
import type * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretUrl,
	type ChannelParts,
} from '../channel-module.js';
import {loudness, type Notice, type NoticeLevel} from '../notice.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {jsonHeaders} from '../request.js';

const schema = channelSchema('discord', {url: secretUrl});

type Written = z.infer<typeof schema>;

const colours: Readonly<Record<NoticeLevel, number>> = {info: 0x4C_8B_F5, warn: 0xE5_A0_0D, error: 0xD9_30_25};
const recoveredColour = 0x2E_A0_43;

const maxContent = 2000;
const maxDescription = 4096;

/**
Nothing of a title becomes a link, a spoiler or a heading.
*/
const escapeMarkdown = (text: string) => text.replaceAll(/[#\(\)*:<>@\[\\\]_`\|~]/gv, String.raw`\$&`);

/**
A webhook of Discord. Its address is its secret. Nobody is mentioned, whatever a title says.
*/
export const createDiscord = ({name, url}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'discord',
	async send(notice, signal) {
		const title = escapeMarkdown(plainTitle(notice));
		const body = escapeMarkdown(plainBody(notice));
		const payload = {
			username: 'reelcat',
			// What a phone shows of it.
			content: cutText(title, maxContent),
			embeds: [{description: cutText(body, maxDescription), color: colourOf(notice), timestamp: notice.at}],
			allowed_mentions: {parse: []},
		};
		await http.post({
			url,
			service: 'Discord',
			signal,
			headers: jsonHeaders(notice),
			body: JSON.stringify(payload),
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
