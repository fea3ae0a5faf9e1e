import * as z from 'zod';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	secretField,
	serverUrl,
	textField,
	type ChannelParts,
} from '../channel-module.js';
import {deliveryFailure} from '../delivery-failure.js';
import type {StatusAnswer} from '../../../base/http/request.js';
import {loudness, type Notice} from '../notice.js';
import {cutText, plainBody, plainTitle} from '../notice-text.js';
import {hostOf, jsonHeaders, urlBelow} from '../request.js';

const schema = channelSchema('apprise', {
	url: serverUrl, key: secretField.regex(/^[\w\-]+$/v).optional(), urls: z.array(secretField).min(1).optional(), tag: textField.optional(),
}).refine(({key, urls}) => (key === undefined) !== (urls === undefined), {error: 'It needs either a key or urls', path: ['key']});

type Written = z.infer<typeof schema>;

const types = {info: 'info', warn: 'warning', error: 'failure'} as const;

/**
An Apprise API server: what is stored there under a key, or the addresses that are sent along.
*/
export const createApprise = ({name, url, key, urls, tag}: Written, {http}: Pick<ChannelParts, 'http'>): Channel => ({
	name,
	kind: 'apprise',
	async send(notice, signal) {
		const service = `The Apprise API at ${hostOf(url)}`;
		const payload = {
			...urls !== undefined && {urls: urls.join(',')},
			...tag !== undefined && {tag},
			title: cutText(plainTitle(notice), 250),
			body: cutText(plainBody(notice), 10_000),
			type: typeOf(notice),
			format: 'text',
		};
		await http.post({
			url: urlBelow(url, key === undefined ? '/notify' : `/notify/${key}`),
			service,
			signal,
			headers: jsonHeaders(notice),
			body: JSON.stringify(payload),
			explain: answer => explain(answer, service),
		});
	},
});

const typeOf = (notice: Notice) => notice.alert?.isRecovered === true ? 'success' : types[loudness(notice)];

const explain = ({status}: StatusAnswer, service: string) => {
	if (status === 204) {
		return deliveryFailure('not-found', `${service} has nothing stored under the key of this channel (204).`, {hint: 'Store the addresses there under that key, or check "key" in notify.json.'});
	}

	// Some of its addresses may have got it.
	return status === 424
		? deliveryFailure('server-error', `${service} could not tell all of its addresses (424).`, {
			hint: 'Its own log says which one failed. It is not sent again, since the others have it.',
			isFinal: true,
		})
		: undefined;
};

export default defineChannel({
	schema,
	secrets: ['key', 'urls'],
	example: {
		name: 'apprise', kind: 'apprise', url: 'http://apprise:8000', keyFile: '/run/secrets/apprise-key',
	},
	where: ({url}) => hostOf(url),
	create: createApprise,
});
