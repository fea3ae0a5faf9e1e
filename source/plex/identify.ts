import {createPlexClient, type PlexClientOptions} from './client.js';
import type {ServerIdentity} from './types.js';

/**
Asks the machine at an address which Plex server it is.

@throws AppError
*/
export type Identify = (uri: string, signal: AbortSignal) => Promise<ServerIdentity>;

export type IdentifyOptions = Omit<PlexClientOptions, 'url' | 'token' | 'signal' | 'retry' | 'concurrency'>;

/**
One `GET /identity` per call, over a connection of its own that ends with it. Whoever answers is a stranger still: no token goes along, whatever is in `options`.
*/
export const createIdentify = (options: IdentifyOptions): Identify => async (uri, signal) => {
	const client = createPlexClient({
		...options,
		url: uri,
		token: '',
		signal,
		retry: {limit: 0},
		concurrency: 1,
	});
	try {
		return await client.identity();
	} finally {
		client.close();
	}
};
