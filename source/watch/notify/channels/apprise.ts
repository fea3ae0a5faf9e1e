import * as z from 'zod';
import {deliveryFailure, type Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	hostOf,
	oneLine,
	serverUrl,
	urlBelow,
	type ChannelParts,
} from '../channel-module.js';
import type {StatusAnswer} from '../../../base/http/request.js';
import {
	cutText,
	loudness,
	plainBody,
	plainTitle,
	type Notice,
} from '../notice.js';

const schema = channelSchema('apprise', {
	url: serverUrl, key: oneLine.regex(/^[\w\-]+$/v).optional(), urls: z.array(oneLine).min(1).optional(), tag: oneLine.optional(),
}).refine(({key, urls}) => (key === undefined) !== (urls === undefined), {error: 'It needs either a key or urls', path: ['key']});

type Written = z.infer<typeof schema>;

const types = {info: 'info', warn: 'warning', error: 'failure'} as const;

/**
Sends to an Apprise API server: either to the addresses that it stores under a key, or to those in `urls`.
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
			notice,
			payload,
			signal,
			explain: answer => explain(answer, service),
		});
	},
});

const typeOf = (notice: Notice) => notice.alert?.isRecovered === true ? 'success' : types[loudness(notice)];

const explain = ({status}: StatusAnswer, service: string) => {
	if (status === 204) {
		return deliveryFailure('not-found', `${service} has nothing stored under the key of this channel (204).`, {hint: 'Store the addresses there under that key, or check "key" in notify.json.'});
	}

	// Some of the addresses may have the notice.
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
