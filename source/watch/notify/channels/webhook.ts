import {createHmac} from 'node:crypto';
import {escapeObeyed} from '../../../base/text/json.js';
import type {Channel} from '../channel.js';
import type {ChannelParts, Written} from '../channel-parts.js';
import {noticeJson} from '../notice-json.js';
import {jsonHeaders} from '../request.js';

/**
What a receiver computes again: the secret, the time in the header and the body as it came.

@example
```
signatureOf('secret', 1772366400, '{}'); //=> 'sha256=…'
```
*/
export const signatureOf = (secret: string, timestamp: number, body: string): string =>
	`sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
JSON to any address. With a secret every call is signed over its time, so that nobody can make one up or send an old one again.
*/
export const createWebhook = ({name, url, secret, headers = {}}: Written<'webhook'>, {http, clock}: ChannelParts): Channel => ({
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
