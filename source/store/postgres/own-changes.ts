import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import type {CatalogHeader} from '../../catalog/types.js';
import type {StagedChanges} from './staged-changes.js';

/**
Makes sure that changes are only of servers for which this process may write; of all, if it writes the whole catalogue.

@throws {AppError} `locked` for a library that another server has taken meanwhile
*/
export const requireOwn = ({puts, removes, before, servers, libraries}: StagedChanges, {header, servers: own}: {header: CatalogHeader; servers: ReadonlySet<string> | undefined}): void => {
	if (own === undefined) {
		return;
	}

	const serverOf = new Map(header.libraries.map(({id, serverId}) => [id, serverId]));
	// Two servers that were copied from one another have libraries with the same uuid, and each asks for it as the id.
	const taken = libraries.find(({id, serverId}) => (serverOf.get(id) ?? serverId) !== serverId);
	if (taken !== undefined) {
		throw new AppError('locked', `The library "${clean(taken.title).trim()}" of another server has just come into the catalogue under the same id.`, {hint: 'Nothing was overwritten. Start the command again: it gets another id then.'});
	}

	const written = [
		...puts.values().flatMap(({record}) => 'serverId' in record ? [record.serverId] : []),
		...removes.flatMap(id => serverOf.get(before.get(id)?.libraryId ?? '') ?? []),
		...libraries.map(({serverId}) => serverId),
		...servers.map(({id}) => id),
	];
	const stranger = written.find(id => !own.has(id));
	if (stranger !== undefined || own.size === 0) {
		throw new TypeError(`This process does not write for the server ${stranger ?? '(none)'}.`);
	}
};
