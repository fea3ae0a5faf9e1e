import type {Notice} from './notice.js';

/**
What a message may say of an address: its host, without user, password and path.
*/
export const hostOf = (url: string): string => URL.parse(url)?.host ?? 'an unknown address';

/**
With a path below an address that may have one itself.
*/
export const urlBelow = (base: string, path: string): URL => {
	const url = new URL(base);
	url.pathname = `${url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname}${path}`;
	url.search = '';
	url.hash = '';
	return url;
};

/**
A notice that is sent twice, because the process ended between sending and noting it, carries the same id twice.
*/
export const noticeHeader = ({id}: Pick<Notice, 'id'>): Record<string, string> => ({'x-reelcat-notice': id});

export const jsonHeaders = (notice: Pick<Notice, 'id'>): Record<string, string> => ({'content-type': 'application/json; charset=utf-8', ...noticeHeader(notice)});
