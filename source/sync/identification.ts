import {spareLibraryId, spareServerId} from '../catalog/identity.js';
import type {CatalogHeader, Library, Server} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import {seerOf} from './removals.js';

export const machineIdentifierOf = ({id, machineIdentifier}: Server): string => machineIdentifier ?? id;

export const uuidOf = ({id, uuid}: Library): string => uuid ?? id;

/**
The server of the catalogue that calls itself so today.
*/
export const serverIn = ({servers}: Pick<CatalogHeader, 'servers'>, machineIdentifier: string): Server | undefined =>
	servers.find(server => machineIdentifierOf(server) === machineIdentifier);

/**
The id that the catalogue has or would have for a server.
*/
export const serverIdIn = (header: Pick<CatalogHeader, 'servers'>, machineIdentifier: string): string => {
	const known = serverIn(header, machineIdentifier);
	if (known !== undefined) {
		return known.id;
	}

	const taken = new Set(header.servers.map(({id}) => id));
	let id = machineIdentifier;
	for (let attempt = 2; taken.has(id); attempt++) {
		id = spareServerId(machineIdentifier, attempt);
	}

	return id;
};

/**
Gives each section of a server the id of its library in the catalogue. A section belongs to the library of this server with the same uuid, whatever libraries other servers have: a copy of a server has the same uuids.

A section that is new may be a library that was deleted and made anew (Maintainerr#1302): the server no longer lists that library, which has the same type, and a folder or the title in common. Another viewer may just not see the library, so only the viewer who saw it last is believed.
*/
export const identifySections = (sections: readonly Section[], {libraries}: Pick<CatalogHeader, 'libraries'>, {serverId, viewer}: {serverId: string; viewer: string | undefined}): Section[] => {
	const own = libraries.filter(library => library.serverId === serverId);
	const isSeenBy = ({sync}: Library) => sync !== undefined && [undefined, viewer].includes(seerOf(sync));
	const vanished = new Set(own.filter(library => isSeenBy(library) && sections.every(({uuid}) => uuid !== uuidOf(library))));
	const isTaken = (id: string) => libraries.some(library => library.id === id);

	return sections.map(section => {
		const library = own.find(known => uuidOf(known) === section.uuid) ?? takeBest(vanished, section);
		const {uuid} = section;
		return {...section, id: library?.id ?? (isTaken(uuid) ? spareLibraryId(serverId, uuid) : uuid)};
	});
};

const takeBest = (vanished: Set<Library>, section: Section): Library | undefined => {
	const [best] = [...vanished]
		.map(library => ({library, likeness: likeness(library, section)}))
		.filter(({likeness}) => likeness > 0)
		.toSorted((left, right) => right.likeness - left.likeness);
	if (best === undefined) {
		return undefined;
	}

	vanished.delete(best.library);
	return best.library;
};

const likeness = (library: Library, section: Section): number => {
	if (library.type !== section.type) {
		return 0;
	}

	const hasFolder = library.locations.some(location => section.locations.includes(location));
	const hasTitle = library.title.trim().toLowerCase() === section.title.trim().toLowerCase();
	return (hasFolder ? 2 : 0) + (hasTitle ? 1 : 0);
};

/**
The section is not the one that the library was read from.
*/
export const isMadeAnew = (library: Library, section: Section): boolean => uuidOf(library) !== section.uuid;

export type Twin = {
	server: Server;
	/**
	The server lists every library that the catalogue has of it.
	*/
	isWhole: boolean;
};

/**
The servers of the catalogue whose libraries an unknown server lists. Either it is one of them with a new machineIdentifier, or it was set up from a copy of its disk.
*/
export const findTwins = ({servers, libraries}: Pick<CatalogHeader, 'servers' | 'libraries'>, sections: readonly Section[]): Twin[] => servers.flatMap(server => {
	const own = libraries.filter(({serverId, lastImport}) => serverId === server.id && lastImport !== undefined);
	const shared = own.filter(library => sections.some(({uuid, type}) => uuid === uuidOf(library) && type === library.type));
	return shared.length === 0 ? [] : [{server, isWhole: shared.length === own.length}];
});
