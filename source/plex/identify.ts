import {AppError} from '../base/errors.js';
import {createPlexClient, type PlexClientOptions} from './client.js';
import type {
	CallOptions,
	PlexClient,
	ServerIdentity,
	ServerInfo,
} from './types.js';

export type Identify = (uri: string, signal: AbortSignal) => Promise<ServerIdentity>;

/**
Sends one `GET /identity` per call over its own connection. The server is not verified yet, so no token is sent, whatever is in `options`.
*/
export const createIdentify = (options: Omit<PlexClientOptions, 'url' | 'token' | 'signal' | 'retry' | 'concurrency'>): Identify => async (uri, signal) => {
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

/**
Checks that this is a Plex server and that it accepts the token. It is asked for its identity without the token first, so that nothing secret goes to a stranger. `known` is that identity when it was already asked.

@throws AppError `unreachable`, `timeout`, `tls`, `not-plex`, `starting-up`, `unauthorized` and others, each with a hint. A client with `retry: {limit: 0}` answers soonest.
*/
export const checkServer = async (
	client: Pick<PlexClient, 'identity' | 'server'>,
	{known, ...options}: CallOptions & {known?: ServerIdentity} = {},
): Promise<ServerInfo> => {
	const identity = known ?? await client.identity(options);
	const server = await client.server(options);
	if (server.id !== identity.id) {
		throw new AppError('not-plex', 'Two different servers answer at this address.', {
			hint: 'A proxy may spread the requests: use the address of one server.',
		});
	}

	return {...server, version: server.version ?? identity.version, isClaimed: identity.isClaimed};
};
