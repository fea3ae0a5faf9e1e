import {asInCatalogue, createLibraryNames} from '../catalog/library-names.js';
import type {Library} from '../catalog/types.js';
import type {UiState} from './ui-state.js';

type Known = Pick<UiState, 'header' | 'connection' | 'watch'>;

/**
The name of a library with its server, as soon as the catalogue has libraries of several servers.
*/
export const placedTitle = ({header, connection}: Pick<UiState, 'header' | 'connection'>, {id, title}: {id: string; title: string}): string => {
	const {hasSeveralServers, placed} = createLibraryNames(header);
	// What is not in the catalogue yet was listed by the connected server.
	const own = connection === undefined ? title : `${title}@${connection.serverName}`;
	return hasSeveralServers ? placed(id) ?? own : title;
};

/**
The id in the catalogue of the server that the app works with: that of the daemon, else the connected one, else the only one of the catalogue.
*/
const serverIdHere = ({header, connection, watch}: Known): string | undefined => {
	const watched = watch.source === undefined ? undefined : watch.known?.status.server;
	const server = watched ?? (connection && {id: connection.serverId, name: connection.serverName});
	return server === undefined ? undefined : asInCatalogue(server, header).id;
};

/**
The libraries whose held removals can be accepted now: those of the server that the app works with. Without one they must be of one server.
*/
export const heldHere = (state: Known): Library[] => {
	const {header} = state;
	const held = header.libraries.filter(({sync}) => sync?.held !== undefined);
	const here = serverIdHere(state);
	if (!createLibraryNames(header).hasSeveralServers) {
		return held;
	}

	const own = here === undefined ? held : held.filter(({serverId}) => serverId === here);
	return new Set(own.map(({serverId}) => serverId)).size > 1 ? [] : own;
};
