import type {CatalogHeader, Library} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {isNamed} from '../sync/select.js';
import {clean} from '../base/text/clean.js';
import type {CommandContext} from './command.js';

/**
The libraries of the catalogue that a name (title, key or uuid) and `--server` mean; all without either.

@throws AppError 'usage' that lists what exists
*/
export const pickLibraries = async ({session}: Pick<CommandContext, 'session'>, header: CatalogHeader, name: string | undefined): Promise<Library[]> => {
	const serverId = await serverIdOf(session, header);
	const own = header.libraries.filter(library => serverId === undefined || library.serverId === serverId);
	const matches = name === undefined ? own : own.filter(library => isNamed(library, name));
	if (name !== undefined && matches.length === 0) {
		const existing = own.map(({title}) => `"${clean(title.trim())}"`).join(', ');
		throw new AppError('usage', `There is no library "${clean(name)}" in the catalogue.`, {
			hint: existing === '' ? 'Nothing has been imported yet: reelcat import' : `There is: ${existing}.`,
		});
	}

	return matches;
};

/**
The same as ids, but undefined where nothing was named: then what belongs to no library any more counts, too.
*/
export const pickLibraryIds = async (context: Pick<CommandContext, 'session'>, header: CatalogHeader, name: string | undefined): Promise<string[] | undefined> => {
	if (name === undefined && context.session.serverName() === undefined) {
		return undefined;
	}

	const libraries = await pickLibraries(context, header, name);
	return libraries.map(({id}) => id);
};

/**
The id of the server that `--server` names. The catalogue knows servers that may have been forgotten since.
*/
const serverIdOf = async (session: CommandContext['session'], {servers}: CatalogHeader): Promise<string | undefined> => {
	const wanted = session.serverName();
	if (wanted === undefined) {
		return undefined;
	}

	const [match, ...others] = servers.filter(({id, name}) => id === wanted || name.trim().toLowerCase() === wanted.trim().toLowerCase());
	if (match !== undefined && others.length === 0) {
		return match.id;
	}

	const {id} = await session.pickServer();
	return id;
};
