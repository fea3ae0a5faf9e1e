import type {ChosenConnection} from '../plex/candidates.js';
import type {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {tableLines, type TableOptions} from './table.js';

export type ShownServer = {
	id: string;
	name: string;
	url: string | undefined;
	isCurrent: boolean;
	version?: string | undefined;
	isOwned?: boolean | undefined;
	ownerName?: string | undefined;
	/**
	plex.tv believes that it is online.
	*/
	isPresent?: boolean | undefined;
	isPinned?: boolean;
	/**
	Answered in this network, and is not connected.
	*/
	isNearby?: boolean;
	reached?: ChosenConnection | undefined;
	failure?: AppError | undefined;
};

/**
The lines of `reelcat servers`; `*` is the one that is meant without a name.
*/
export const serversTable = (servers: readonly ShownServer[], options: TableOptions = {}): string[] => tableLines([
	{heading: ' '},
	{heading: 'Server', isFlexible: true},
	{heading: 'Owner', isFlexible: true},
	{heading: 'Version', isFlexible: true},
	{heading: 'Connection', isFlexible: true},
	{heading: 'Id'},
], servers.map(server => [
	server.isCurrent ? '*' : '',
	server.name,
	ownerOf(server),
	server.version ?? '',
	connectionOf(server),
	clean(server.id).slice(0, 8),
]), options);

const ownerOf = ({isOwned, ownerName}: ShownServer) => {
	if (isOwned === undefined) {
		return '';
	}

	return isOwned ? 'you' : ownerName ?? 'shared';
};

const connectionOf = ({url, reached, failure, isPresent, isPinned = false, isNearby = false}: ShownServer): string => {
	if (failure !== undefined) {
		return isPresent === false ? 'offline, says plex.tv' : failure.message;
	}

	const parts = [
		url === undefined ? 'not connected' : new URL(url).host,
		...reached === undefined ? [] : [`${reached.winner.class}, ${reached.winner.latencyMs} ms`],
		...isPinned ? ['pinned certificate'] : [],
		...isNearby ? ['in this network, not connected'] : [],
	];
	return parts.join(', ');
};
