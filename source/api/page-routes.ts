import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {ok, type Route} from './port.js';

const unzip = promisify(gunzip);

/**
A browser must not guess the type, show the page within another one, hand its address on, or give it to other sites.
*/
const guarded = {
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Referrer-Policy': 'no-referrer',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Cross-Origin-Opener-Policy': 'same-origin',
};

const isGzipTaken = (header: string | string[] | undefined) => String(header ?? '').split(',').some(part => {
	const [name = '', quality = 'q=1'] = part.split(';', 2).map(text => text.trim());
	return ['gzip', '*'].includes(name) && Number(quality.slice('q='.length)) > 0;
});

const posterDays = 1;

/**
The catalogue for a browser. All addresses are relative to the page, so that it also works below a path of a proxy.
*/
export const pageRoutes: readonly Route[] = [
	{
		method: 'GET',
		id: 'getPage',
		path: '/',
		summary: 'The catalogue as a page for a browser',
		access: 'page',
		responses: {200: 'page'},
		async handle({page}, {headers}) {
			const {gzipped, tag} = await page.document();
			const answer = {
				...guarded, 'Cache-Control': 'private, no-cache', ETag: `"${tag}"`, Vary: 'Accept-Encoding',
			};
			if (headers['if-none-match']?.includes(`"${tag}"`)) {
				return {status: 304, body: undefined, headers: answer};
			}

			const isPacked = isGzipTaken(headers['accept-encoding']);
			return {
				status: 200,
				body: isPacked ? gzipped : await unzip(gzipped),
				headers: {...answer, 'Content-Type': 'text/html; charset=utf-8', ...isPacked && {'Content-Encoding': 'gzip'}},
			};
		},
	},
	{
		method: 'GET',
		id: 'getPageRevision',
		path: '/page/revision',
		summary: 'Which revision of the catalogue there is now; the page asks from time to time',
		access: 'page',
		responses: {200: z.object({revision: z.int().nonnegative()})},
		handle: ({page}) => ok({revision: page.revision()}),
	},
	{
		method: 'GET',
		id: 'getPagePoster',
		path: '/page/posters/:id',
		summary: 'The poster of an item, for the page',
		access: 'page',
		params: z.object({id: z.string().min(1).max(200)}),
		responses: {200: 'picture'},
		// Somebody who scrolls through a wall asks for many.
		perMinute: 6000,
		async handle({page}, {params: {id}, signal}) {
			const poster = await page.poster(id!, signal);
			if (poster === undefined) {
				throw new AppError('not-found', 'There is no poster of this item.');
			}

			return {
				status: 200,
				body: poster.bytes,
				headers: {...guarded, 'Content-Type': poster.type, 'Cache-Control': `private, max-age=${posterDays * 86_400}`},
			};
		},
	},
];
