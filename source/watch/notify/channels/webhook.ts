import {createHmac} from 'node:crypto';
import * as z from 'zod';
import {escapeObeyed} from '../../../base/text/json.js';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretField,
	secretUrl,
	textField,
	type ChannelParts,
} from '../channel-module.js';
import {noticeJson} from '../notice-text.js';
import {jsonHeaders} from '../request.js';

const schema = channelSchema('webhook', {
	url: secretUrl,
	secret: secretField.optional().meta({description: 'Signs every call'}),
	headers: z.record(textField.regex(/^[\w\-]+$/v), secretField).optional(),
});

type Written = z.infer<typeof schema>;

/**
What a receiver computes again: the secret, the time in the header and the body as it came.

@example
```
signatureOf('secret', 1772366400, '{}'); //=> 'sha256=…'
```
*/
const signatureOf = (secret: string, timestamp: number, body: string): string =>
	`sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
JSON to any address. With a secret every call is signed over its time, so that nobody can make one up or send an old one again.
*/
export const createWebhook = ({name, url, secret, headers = {}}: Written, {http, clock}: ChannelParts): Channel => ({
	name,
	kind: 'webhook',
	async send(notice, signal) {
		const timestamp = Math.floor(clock.now().getTime() / 1000);
		const body = escapeObeyed(JSON.stringify(noticeJson(notice)));
		await http.post({
			url,
			// Of some services the host is the secret.
			service: 'The webhook',
			signal,
			headers: {
				...Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value])),
				...jsonHeaders(notice),
				'x-reelcat-timestamp': String(timestamp),
				...secret !== undefined && {'x-reelcat-signature': signatureOf(secret, timestamp, body)},
			},
			body,
		});
	},
});

export default defineChannel({
	schema,
	secrets: ['url', 'secret', 'headers'],
	example: {
		name: 'webhook', kind: 'webhook', url: {env: 'REELCAT_WEBHOOK_URL'}, secretFile: '/run/secrets/webhook-secret',
	},
	create: createWebhook,
});
