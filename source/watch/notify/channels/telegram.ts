/* eslint-disable @typescript-eslint/naming-convention -- Telegram names its fields so */
import * as z from 'zod';
import {deliveryFailure} from '../channel.js';
import {
	channelSchema,
	defineHttpChannel,
	oneLine,
	serverUrl,
	urlBelow,
} from '../channel-module.js';
import type {StatusAnswer} from '../../../base/http/request.js';
import {cutText, loudness} from '../notice.js';

const chatId = z.union([oneLine, z.int()]);

/**
Telegram puts the time to wait into the body, in seconds, and answers 400 for a chat that it does not know.
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

/**
Sends through a bot of Telegram. Telegram wants the token in the path, so the address is shown nowhere. The text is plain, so no title becomes markup.
*/
export default defineHttpChannel({
	schema: channelSchema('telegram', {
		token: oneLine.regex(/^\d+:[\w\-]+$/v, 'It must be the token that BotFather gave, such as 123456:ABC…'),
		chat: chatId.meta({description: 'The id of the chat, or @channel'}),
		thread: z.int().positive().optional(),
		url: serverUrl.optional().meta({description: 'Of a Bot API server of your own'}),
	}),
	secrets: ['token'],
	example: {
		name: 'telegram', kind: 'telegram', tokenFile: '/run/secrets/telegram-token', chat: 123_456_789,
	},
	post: ({token, chat, thread, url = 'https://api.telegram.org'}, notice) => ({
		url: urlBelow(url, `/bot${token}/sendMessage`),
		service: 'Telegram',
		payload: {
			chat_id: chat,
			...thread !== undefined && {message_thread_id: thread},
			text: cutText(`${notice.title}\n\n${notice.body}`, 4096),
			link_preview_options: {is_disabled: true},
			disable_notification: loudness(notice) === 'info' && notice.topic === 'changes',
		},
		explain,
	}),
});
