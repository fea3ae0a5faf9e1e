import type {Page} from './library/library.js';

/**
Newer servers give at most this many rows at a time ([WS] #237, plex_nfo_exporter#12).
*/
export const pageCap = 1000;

/**
`undefined` when the request has no container size at all, `'bad'` when it makes no sense.
*/
export const readPage = (query: URLSearchParams): Page | 'bad' | undefined => {
	const start = query.get('X-Plex-Container-Start') ?? '0';
	const size = query.get('X-Plex-Container-Size');
	if (size === null) {
		return undefined;
	}

	return !/^\d+$/v.test(start) || !/^\d+$/v.test(size) ? 'bad' : {start: Number(start), size: Math.min(Number(size), pageCap)};
};

export const pageHeaders = ({start}: Page, total: number): Record<string, string> => ({
	'X-Plex-Container-Start': String(start),
	'X-Plex-Container-Total-Size': String(total),
});
