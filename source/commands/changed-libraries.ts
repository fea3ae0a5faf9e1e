import {currentServerId} from '../app/current-server.js';
import {AppError} from '../base/errors.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import type {CommandContext} from './command.js';
import {requireLibrary} from './report-command.js';

/**
The libraries that a command will change. Names mean libraries of the current server unless they tell another one. Without names, those libraries of the current server are meant that `isConcerned` says.

@throws AppError 'usage' for a name of no library, and if libraries of several servers could be meant
*/
export const changedLibraries = async ({session}: Pick<CommandContext, 'session'>, header: CatalogHeader, names: readonly string[], isConcerned: (library: Library) => boolean): Promise<Library[]> => {
	const current = await currentServerId(session, header);
	const scope = session.serverName() === undefined ? {near: current} : {within: current};
	if (names.length > 0) {
		return [...new Set(names.map(name => requireLibrary(header, name, scope)))];
	}

	const meant = header.libraries.filter(library => isConcerned(library) && (current === undefined || library.serverId === current));
	const serverIds = [...new Set(meant.map(({serverId}) => serverId))];
	if (serverIds.length > 1) {
		const {serverName, placed} = createLibraryNames(header);
		const servers = serverIds.map(id => serverName(id) ?? id);
		throw new AppError('usage', `Libraries of several servers are concerned (${servers.join(', ')}), and none of them is the current server.`, {
			hint: `Name the server with --server "${servers[0]!}", or the library as in "${placed(meant[0]!.id)!}", or choose a server for good with "reelcat servers use NAME".`,
		});
	}

	return meant;
};
