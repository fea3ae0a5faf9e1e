import {toXml} from './xml.js';

/**
What a route answers. `sendAnswer` decides how it travels.
*/
export type DemoAnswer = {
	status: number;
	contentType: string;
	headers?: Record<string, string>;
	body: string | Uint8Array;
};

const reasons: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/**
Plex answers errors with a small page, whatever the Accept header says ([PKC], [TAU]).
*/
export const htmlAnswer = (status: number): DemoAnswer => {
	const reason = reasons[status] ?? 'Error';
	return {status, contentType: 'text/html', body: `<html><head><title>${reason}</title></head><body><h1>${status} ${reason}</h1></body></html>`};
};

type DemoContainer = Record<string, unknown>;

/**
`contentChangedAt` may exceed what a JavaScript number holds. It is kept as text and written as the bare number that Plex sends.
*/
const toJson = (container: DemoContainer): string =>
	JSON.stringify({MediaContainer: container}).replaceAll(/"contentChangedAt":"(?<digits>\d+)"/gv, '"contentChangedAt":$<digits>');

export const containerAnswer = (container: DemoContainer, {wantsJson, headers}: {wantsJson: boolean; headers?: Record<string, string>}): DemoAnswer => ({
	status: 200,
	contentType: wantsJson ? 'application/json' : 'text/xml;charset=utf-8',
	...(headers !== undefined && {headers}),
	body: wantsJson ? toJson(container) : toXml(container),
});
