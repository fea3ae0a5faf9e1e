import type {IncomingMessage} from 'node:http';
import type {RowRange} from './library/library.js';

/**
A request as the routes see it. What Plex reads from a header or from the query alike is in `query` ([OFF]), except the token, which is kept apart so that it is never logged.
*/
export type DemoRequest = {
	method: string;
	path: string;
	query: URLSearchParams;
	token: string | undefined;
	wantsJson: boolean;
	wantsGzip: boolean;
};

const pagingNames = ['X-Plex-Container-Start', 'X-Plex-Container-Size'];

/**
@returns Undefined for a target that is not an address.
*/
export const readRequest = ({method = 'GET', url = '/', headers}: IncomingMessage): DemoRequest | undefined => {
	const target = URL.parse(url, 'http://demo');
	if (target === null) {
		return undefined;
	}

	const {pathname: written, searchParams: query} = target;
	const pathname = written.length > 1 && written.endsWith('/') ? written.slice(0, -1) : written;
	const header = (name: string) => {
		const value = headers[name.toLowerCase()];
		return typeof value === 'string' ? value : undefined;
	};

	const token = header('X-Plex-Token') ?? query.get('X-Plex-Token') ?? undefined;
	query.delete('X-Plex-Token');
	for (const name of pagingNames) {
		const value = header(name);
		if (value !== undefined && !query.has(name)) {
			query.set(name, value);
		}
	}

	return {
		method,
		// Keys may be joined by an encoded comma, and any path may end in a slash.
		path: pathname.replaceAll(/%2c/giv, ','),
		query,
		token,
		wantsJson: prefersJson(header('Accept')) ?? prefersJson(query.get('Accept') ?? undefined) ?? false,
		wantsGzip: (header('Accept-Encoding') ?? '').includes('gzip'),
	};
};

/**
What is named first counts. A client that takes anything has no preference.
*/
const prefersJson = (accept = ''): boolean | undefined => {
	const kind = /json|xml/v.exec(accept)?.[0];
	return kind === undefined ? undefined : kind === 'json';
};

export const describeRequest = ({path, query}: DemoRequest): string => query.size === 0 ? path : `${path}?${query.toString()}`;

/**
Newer servers give at most this many rows at a time ([WS] #237, plex_nfo_exporter#12).
*/
const pageCap = 1000;

/**
@returns Undefined when the request has no container size at all, `'bad'` when the size makes no sense.
*/
export const readRange = (query: URLSearchParams): RowRange | 'bad' | undefined => {
	const start = query.get('X-Plex-Container-Start') ?? '0';
	const size = query.get('X-Plex-Container-Size');
	if (size === null) {
		return undefined;
	}

	return !/^\d+$/v.test(start) || !/^\d+$/v.test(size) ? 'bad' : {start: Number(start), size: Math.min(Number(size), pageCap)};
};

export const pageHeaders = ({start}: RowRange, total: number): Record<string, string> => ({
	'X-Plex-Container-Start': String(start),
	'X-Plex-Container-Total-Size': String(total),
});

/**
The ratingKeys of a detail call. Empty for any other path.
*/
export const detailKeys = (path: string): string[] => /^\/library\/metadata\/(?<keys>[^\/]+)$/v.exec(path)?.groups?.['keys']?.split(',') ?? [];
