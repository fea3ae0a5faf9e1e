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
Telegram puts the time to wait into the body, in seconds, and answers 400 where it cannot write.
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

	const [what, hint] = (status === 400 ? placeFault(text) : undefined) ?? [];
	return what === undefined ? undefined : deliveryFailure('not-found', `Telegram ${what} (400).`, {hint});
};

/**
What is wrong with the place that the message was meant for. A group that grows gets another id, which Telegram tells.
*/
const placeFault = (text: string): readonly [what: string, hint: string] | undefined => {
	const movedTo = /"migrate_to_chat_id"\s*:\s*(?<id>-?\d{1,20})/v.exec(text)?.groups?.['id'];
	if (movedTo !== undefined) {
		return ['has given this chat another id', `Write "chat": ${movedTo} into notify.json.`];
	}

	if (/thread not found|topic_(?:closed|deleted)/iv.test(text)) {
		return ['takes no message for this topic', 'Check "thread" in notify.json, and whether the topic is open.'];
	}

	return /chat not found/iv.test(text) ? ['knows no such chat', 'Write to the bot once, and check "chat" in notify.json.'] : undefined;
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
