import {createHmac} from 'node:crypto';
import * as z from 'zod';
import {escapeObeyed} from '../../../base/text/json.js';
import {
	channelSchema,
	defineHttpChannel,
	httpUrl,
	oneLine,
} from '../channel-module.js';
import {noticeJson} from '../notice.js';

const headerName = oneLine.regex(/^[\w\-]+$/v);

/**
Signs a call. A receiver computes the signature again from the secret, the timestamp header and the raw body.
*/
const signatureOf = (secret: string, timestamp: number, body: string): string =>
	`sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
Sends JSON to any address. A secret signs the body and the time of each call, so that nobody can forge a call or replay an old one.
*/
export default defineHttpChannel({
	schema: channelSchema('webhook', {
		url: httpUrl,
		secret: oneLine.optional().meta({description: 'Signs every call'}),
		headers: z.record(headerName, oneLine).optional(),
	}),
	secrets: ['url', 'secret', 'headers'],
	example: {
		name: 'webhook', kind: 'webhook', url: {env: 'REELCAT_WEBHOOK_URL'}, secretFile: '/run/secrets/webhook-secret',
	},
	post({url, secret, headers = {}}, notice, now) {
		const timestamp = Math.floor(now.getTime() / 1000);
		const payload = escapeObeyed(JSON.stringify(noticeJson(notice)));
		return {
			url,
			// The host may be the secret.
			service: 'The webhook',
			payload,
			headers: {
				...Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value])),
				'x-reelcat-timestamp': String(timestamp),
				...secret !== undefined && {'x-reelcat-signature': signatureOf(secret, timestamp, payload)},
			},
		};
	},
});
