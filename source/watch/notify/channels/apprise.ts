import * as z from 'zod';
import {deliveryFailure} from '../channel.js';
import {
	channelSchema,
	defineHttpChannel,
	hostOf,
	oneLine,
	serverUrl,
	urlBelow,
} from '../channel-module.js';
import type {StatusAnswer} from '../../../base/http/request.js';
import {cutText, loudness} from '../notice.js';

const types = {info: 'info', warn: 'warning', error: 'failure'} as const;

/**
Sends to an Apprise API server: either to the addresses that it stores under a key, or to those in `urls`.
*/
export default defineHttpChannel({
	schema: channelSchema('apprise', {
		url: serverUrl, key: oneLine.regex(/^[\w\-]+$/v).optional(), urls: z.array(oneLine).min(1).optional(), tag: oneLine.optional(),
	}).refine(({key, urls}) => (key === undefined) !== (urls === undefined), {error: 'It needs either a key or urls', path: ['key']}),
	secrets: ['key', 'urls'],
	example: {
		name: 'apprise', kind: 'apprise', url: 'http://apprise:8000', keyFile: '/run/secrets/apprise-key',
	},
	where: ({url}) => hostOf(url),
	post({url, key, urls, tag}, notice) {
		const service = `The Apprise API at ${hostOf(url)}`;
		return {
			url: urlBelow(url, key === undefined ? '/notify' : `/notify/${key}`),
			service,
			payload: {
				...urls !== undefined && {urls: urls.join(',')},
				...tag !== undefined && {tag},
				title: cutText(notice.title, 250),
				body: cutText(notice.body, 10_000),
				type: notice.alert?.isRecovered === true ? 'success' : types[loudness(notice)],
				format: 'text',
			},
			explain: answer => explain(answer, service, key),
		};
	},
});

const explain = ({status}: StatusAnswer, service: string, key: string | undefined) => {
	if (status === 204) {
		return key === undefined
			? deliveryFailure('not-found', `${service} understands none of the addresses of this channel (204).`, {hint: 'Check "urls" in notify.json.'})
			: deliveryFailure('not-found', `${service} has nothing stored under the key of this channel (204).`, {hint: 'Store the addresses there under that key, or check "key" in notify.json.'});
	}

	// Some of the addresses may have the notice.
	return status === 424
		? deliveryFailure('server-error', `${service} could not notify all of its addresses (424).`, {
			hint: 'Its own log says which one failed. It is not sent again, since the others have it.',
			isFinal: true,
		})
		: undefined;
};
