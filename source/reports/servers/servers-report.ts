import type {ChosenConnection} from '../../plex/candidates.js';
import type {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import type {Presentation} from '../report.js';

export type ShownServer = {
	id: string;
	name: string;
	url: string | undefined;
	isCurrent: boolean;
	version?: string | undefined;
	isOwned?: boolean | undefined;
	ownerName?: string | undefined;
	/**
	Whether plex.tv believes that it is online.
	*/
	isPresent?: boolean | undefined;
	isPinned?: boolean;
	/**
	Whether it answered in this network but is not connected.
	*/
	isNearby?: boolean;
	reached?: ChosenConnection | undefined;
	failure?: AppError | undefined;
};

const columns: ReadonlyArray<ReportColumn<ShownServer>> = [
	// Commands use this server if none is named.
	{heading: ' ', cell: server => server.isCurrent ? '*' : '', tone: () => 'accent'},
	{heading: 'Server', isFlexible: true, cell: server => server.name},
	{heading: 'Owner', isFlexible: true, cell: server => ownerOf(server)},
	{heading: 'Version', isFlexible: true, cell: server => server.version},
	{
		heading: 'Connection', isFlexible: true, cell: server => connectionOf(server), tone: ({failure}) => failure === undefined ? undefined : 'bad',
	},
	{heading: 'Id', cell: server => clean(server.id).slice(0, 8), tone: () => 'dim'},
];

/**
Servers as `reelcat servers` and `reelcat login` list them.
*/
export const serversReport: Presentation<readonly ShownServer[]> = {
	text: (servers, options) => servers.length === 0
		? ['No server is known yet. "reelcat login" signs in, "reelcat servers add URL" connects one by its address.']
		: reportTable(columns, servers, options),
	json: servers => ({
		schema: 1,
		servers: servers.map(({id, name, url, isCurrent, isOwned, ownerName, version, isPinned = false, isNearby = false, reached}) => ({
			id, name, url, current: isCurrent, owned: isOwned, owner: ownerName, version, pinned: isPinned, nearby: isNearby, latencyMs: reached?.winner.latencyMs,
		})),
	}),
};

const ownerOf = ({isOwned, ownerName}: ShownServer) => isOwned === undefined ? '' : (isOwned ? 'you' : ownerName ?? 'shared');

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
