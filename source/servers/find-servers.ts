import {AppError, isAppError} from '../base/errors.js';
import type {ServerAddresses} from '../plex/candidate-ranking.js';
import {chooseConnection, type ChosenConnection} from '../plex/candidates.js';
import type {Identify} from '../plex/identify.js';
import type {PlexTv} from './plex-tv/plex-tv.js';
import type {PlexResource} from './plex-tv/resources.js';

export type FoundServer = PlexResource & {
	reached: ChosenConnection | undefined;
	failure: AppError | undefined;
};

type Asking = {identify: Identify; signal: AbortSignal};

/**
Tries all servers of an account at all their addresses. Own servers come first.

@throws AppError when plex.tv does not list them. A server that cannot be reached is not an error.
*/
export const findAccountServers = async (plexTv: Pick<PlexTv, 'resources'>, token: string, asking: Asking) => {
	const {servers, leftOut} = await plexTv.resources(token, {signal: asking.signal});
	const found = await Promise.all(servers.map(async resource => find(resource, asking)));
	return {
		servers: found.toSorted((left, right) => left.isOwned === right.isOwned ? left.name.localeCompare(right.name, 'en') : Number(right.isOwned) - Number(left.isOwned)),
		leftOut,
	};
};

const find = async (resource: PlexResource, asking: Asking): Promise<FoundServer> => {
	try {
		return {...resource, reached: await chooseConnection(resource, asking), failure: undefined};
	} catch (error) {
		if (isAppError(error, 'cancelled') || !isAppError(error)) {
			throw error;
		}

		return {...resource, reached: undefined, failure: error};
	}
};

/**
Sources for the address of a server. A rejected promise means that the source knows nothing.
*/
type Knowing = {
	resource: Promise<PlexResource | undefined>;
	nearby: Promise<readonly string[]>;
};

/**
Finds a server that no longer answers at its address: at the stored addresses, at those that plex.tv lists now, and in the local network.

@throws AppError `failure` when no other address is known, otherwise that and the result of each address.
*/
export const findAgain = async ({id, others}: {id: string; others: readonly string[]}, failure: AppError, {resource, nearby, ...asking}: Asking & Knowing): Promise<ChosenConnection> => {
	const [listed, answering] = await Promise.allSettled([resource, nearby]);
	const known = listed.status === 'fulfilled' ? listed.value : undefined;
	const remembered = [...others, ...answering.status === 'fulfilled' ? answering.value : []];
	if (known === undefined && remembered.length === 0) {
		throw failure;
	}

	try {
		return await chooseConnection({
			...unknown, ...known, id, remembered,
		}, asking);
	} catch (error) {
		if (!isAppError(error, 'unreachable')) {
			throw error;
		}

		const {message, hint} = error;
		throw new AppError('unreachable', `${failure.message} ${message}`, {...(hint !== undefined && {hint})});
	}
};

const unknown: Omit<ServerAddresses, 'id'> = {
	isOwned: true, isHttpsRequired: false, publicAddressMatches: false, connections: [],
};
