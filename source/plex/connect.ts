import {AppError} from '../base/errors.js';
import type {
	CallOptions,
	PlexClient,
	ServerIdentity,
	ServerInfo,
} from './types.js';

/**
Is this a Plex server, and does it take the token? It is asked who it is first, without the token, so that nothing secret goes to a stranger; `known` is what it said when that has been done.

@throws AppError `unreachable`, `timeout`, `tls`, `not-plex`, `starting-up`, `unauthorized` and the like, each with what to do next. A client with `retry: {limit: 0}` tells soonest.
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
