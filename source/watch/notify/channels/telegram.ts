/* eslint-disable @typescript-eslint/naming-convention -- Telegram names its fields so */
import * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretField,
	textField,
	serverUrl,
	type ChannelParts,
} from '../channel-module.js';
import {deliveryFailure} from '../delivery-failure.js';
import type {StatusAnswer} from '../../../base/http/request.js';
import {loudness} from '../notice.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {jsonHeaders, urlBelow} from '../request.js';

const schema = channelSchema('telegram', {
	token: secretField.regex(/^\d+:[\w\-]+$/v, 'It must be the token that BotFather gave, such as 123456:ABC…'),
	chat: z.union([textField, z.int()]).meta({description: 'The id of the chat, or @channel'}),
	thread: z.int().positive().optional(),
	url: serverUrl.optional().meta({description: 'Of a Bot API server of your own'}),
});

type Written = z.infer<typeof schema>;

const maxText = 4096;

/**
A bot of Telegram. Its token is in the path of the address, as Telegram wants it, so the address is shown nowhere. The text is plain: nothing of a title becomes markup.
*/
export const createTelegram = ({name, token, chat, thread, url = 'https://api.telegram.org'}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'telegram',
	async send(notice, signal) {
		const payload = {
			chat_id: chat,
			...thread !== undefined && {message_thread_id: thread},
			text: cutText(`${plainTitle(notice)}\n\n${plainBody(notice)}`, maxText),
			link_preview_options: {is_disabled: true},
			disable_notification: loudness(notice) === 'info' && notice.topic === 'changes',
		};
		await http.post({
			url: urlBelow(url, `/bot${token}/sendMessage`),
			service: 'Telegram',
			signal,
			headers: jsonHeaders(notice),
			body: JSON.stringify(payload),
			explain,
		});
	},
});

/**
How long to wait is in the body, in seconds; what is wrong with a chat is a 400.
*/
const explain = ({status, text}: StatusAnswer) => {
	if (status === 429) {
		const seconds = /"retry_after"\s*:\s*(?<seconds>\d{1,6})/v.exec(text)?.groups?.['seconds'];
		return seconds === undefined
			? undefined
			: deliveryFailure('rate-limited', 'Telegram asks for fewer notifications (429).', {
				retryAfterMs: Number(seconds) * 1000,
				hint: 'Nothing is lost: it is sent again when Telegram allows it.',
			});
	}

	return status === 400 && /chat not found/iv.test(text)
		? deliveryFailure('not-found', 'Telegram knows no such chat (400).', {hint: 'Write to the bot once, and check "chat" in notify.json.'})
		: undefined;
};

export default defineChannel({
	schema,
	secrets: ['token'],
	example: {
		name: 'telegram', kind: 'telegram', tokenFile: '/run/secrets/telegram-token', chat: 123_456_789,
	},
	create: createTelegram,
});
