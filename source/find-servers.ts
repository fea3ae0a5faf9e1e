import {
	candidatesOf,
	probe,
	ranked,
	type Candidate,
	type Reached,
} from './account/candidates.js';
import type {PlexTv} from './account/plex-tv.js';
import type {PlexResource} from './account/resources.js';
import {isAppError, type AppError} from './errors.js';

export type Identify = (uri: string, signal: AbortSignal) => Promise<string>;

/**
A server of the account, and where it was found.
*/
export type FoundServer = Pick<PlexResource, 'id' | 'name' | 'version' | 'isOwned' | 'ownerName' | 'isPresent' | 'accessToken'> & {
	reached: Reached | undefined;
	failure: AppError | undefined;
};

export type AccountServers = {
	servers: FoundServer[];
	/**
	What plex.tv listed and could not be used, in sentences.
	*/
	leftOut: readonly string[];
};

/**
All servers of an account, own ones first, each tried at all its addresses.

@throws AppError when plex.tv does not tell them; a server that is not reached is none.
*/
export const findAccountServers = async (plexTv: Pick<PlexTv, 'resources'>, token: string, {identify, signal}: {identify: Identify; signal: AbortSignal}): Promise<AccountServers> => {
	const {servers, leftOut} = await plexTv.resources(token, {signal});
	const found = await Promise.all(servers.map(async resource => find(resource, {identify, signal})));
	return {
		servers: found.toSorted((left, right) => left.isOwned === right.isOwned ? left.name.localeCompare(right.name, 'en') : Number(right.isOwned) - Number(left.isOwned)),
		leftOut,
	};
};

const find = async (resource: PlexResource, {identify, signal}: {identify: Identify; signal: AbortSignal}): Promise<FoundServer> => {
	const {id, name, version, isOwned, ownerName, isPresent, accessToken} = resource;
	const base = {
		id, name, version, isOwned, ownerName, isPresent, accessToken,
	};
	try {
		const reached = await probe(candidatesOf(resource), {
			serverId: id, name, identify, signal,
		});
		return {...base, reached, failure: undefined};
	} catch (error) {
		if (!isAppError(error) || error.code === 'cancelled') {
			throw error;
		}

		return {...base, reached: undefined, failure: error};
	}
};

export type Lost = {
	id: string;
	name: string;
	url: string;
	others: readonly Candidate[];
};

/**
A server that does not answer where it did: at the addresses that were kept for this day, at those that plex.tv knows now, and in this network.

@throws AppError `failure`, where nothing else is known; else what became of each address.
*/
export const findAgain = async ({id, name, others}: Lost, failure: AppError, {identify, signal, ask}: {
	identify: Identify;
	signal: AbortSignal;
	/**
	Who may know more: each answers with addresses, or not at all.
	*/
	ask: ReadonlyArray<() => Promise<readonly Candidate[]>>;
}): Promise<Reached> => {
	const answers = await Promise.allSettled(ask.map(async one => one()));
	const candidates = ranked([...others, ...answers.flatMap(answer => answer.status === 'fulfilled' ? answer.value : [])]);
	if (candidates.length === 0) {
		throw failure;
	}

	return probe(candidates, {
		serverId: id, name, identify, signal,
	});
};
