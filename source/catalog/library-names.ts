import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';

/**
What a library must have to be named. `serverId` is the id of its server in the catalogue.
*/
export type NamedLibrary = {id: string; serverId: string; key: string; title: string; uuid?: string | undefined};

export type NamedServer = {id: string; name: string; machineIdentifier?: string | undefined};

/**
`within`: only the libraries of this server are meant. `near`: a name without a server means a library of this server, and `Title@Server` may mean any.
*/
export type NameScope = {within?: string | undefined; near?: string | undefined};

// As a person sees and types it. Cleaning may leave a mark at the edge, so it is done twice.
const plain = (text: string) => clean(clean(text).trim()).trim();
const fold = (text: string) => plain(text).normalize('NFC').toLowerCase();

const shortestIdPart = 4;
const idPartLength = 8;

/**
Whether a person means this server: its name in any case, or the beginning of its machineIdentifier or id.
*/
export const isServerCalled = ({id, name, machineIdentifier}: NamedServer, text: string): boolean => {
	const wanted = fold(text);
	return wanted !== '' && (fold(name) === wanted || [id, machineIdentifier].some(known => {
		const folded = fold(known ?? '');
		return folded === wanted || (wanted.length >= shortestIdPart && folded.startsWith(wanted));
	}));
};

/**
The server as the catalogue has it; itself, if the catalogue does not have it.
*/
export const asInCatalogue = (server: NamedServer, {servers}: {servers: readonly NamedServer[]}): NamedServer =>
	servers.find(({id, machineIdentifier}) => id === server.id || machineIdentifier === server.id) ?? server;

/**
Both sides of each @, since titles and names of servers may contain one.
*/
export const splitsAtServer = (text: string): Array<{library: string; server: string}> => Array.from(text.matchAll(/@/gv), ({index}) => ({
	library: text.slice(0, index), server: text.slice(index + 1),
}));

/**
Whether a person means this library of its server: by its title in any case, its key, id or uuid, or by `Title#key`, which tells two libraries of one title on one server apart.
*/
export const isCalledAlone = ({id, uuid, key, title}: Omit<NamedLibrary, 'serverId'>, text: string): boolean => {
	const wanted = fold(text);
	return wanted !== '' && [title, key, id, uuid, `${plain(title)}#${key}`].some(name => name !== undefined && fold(name) === wanted);
};

/**
Whether a person means this library of that server: alone, or with its server behind an @.
*/
export const isCalledAt = (library: Omit<NamedLibrary, 'serverId'>, server: NamedServer, text: string): boolean => splitsAtServer(text)
	.some(split => isServerCalled(server, split.server) && isCalledAlone(library, split.library));

const quoted = (names: readonly string[]) => names.map(name => `"${name}"`).join(', ');

export type LibraryNames<Library extends NamedLibrary = NamedLibrary> = {
	/**
	Whether there are libraries of several servers, so that lists must tell the server.
	*/
	hasSeveralServers: boolean;
	/**
	All libraries that a person may mean by a name.
	*/
	find: (text: string, scope?: NameScope) => Library[];
	/**
	The library that a name means; undefined if there is none.

	@throws AppError 'usage' if there are several; it lists them
	*/
	one: (text: string, scope?: NameScope) => Library | undefined;
	/**
	The name to print, which `find` resolves to exactly this library: its title, or `Title@Server` where another library has the same title. Undefined for an unknown id.
	*/
	printed: (libraryId: string) => string | undefined;
	/**
	The same, but always with the server if there are libraries of several servers; for headings and sentences without a column for the server.
	*/
	placed: (libraryId: string) => string | undefined;
	/**
	The name of a server, with the beginning of its id where another server has the same name.
	*/
	serverName: (serverId: string) => string | undefined;
	/**
	The fields that tell the server of a library in JSON; empty for an unknown id. What belongs to no library, such as playlists, goes by the id of its server.
	*/
	serverOf: (placeId: string) => {serverId?: string; server?: string};
};

/**
Knows how the libraries of a catalogue, or of one server, are called.
*/
export const createLibraryNames = <Library extends NamedLibrary>({libraries, servers}: {libraries: readonly Library[]; servers: readonly NamedServer[]}): LibraryNames<Library> => {
	const serverById = new Map(servers.map(server => [server.id, server]));
	const byId = new Map(libraries.map(library => [library.id, library]));
	const hasSeveralServers = new Set(libraries.map(({serverId}) => serverId)).size > 1;

	// A library whose server is unknown can still be named by the id of the server.
	const serverOfLibrary = ({serverId}: Pick<Library, 'serverId'>): NamedServer => serverById.get(serverId) ?? {id: serverId, name: ''};

	const find = (text: string, {within, near}: NameScope = {}): Library[] => {
		const candidates = within === undefined ? libraries : libraries.filter(({serverId}) => serverId === within);
		const byOwnId = candidates.filter(({id}) => id === text.trim());
		if (byOwnId.length > 0) {
			return byOwnId;
		}

		return candidates.filter(library => ((near === undefined || library.serverId === near) && isCalledAlone(library, text))
			|| isCalledAt(library, serverOfLibrary(library), text));
	};

	const meansOnly = (text: string, {id}: Library) => {
		const found = find(text);
		return found.length === 1 && found[0]!.id === id;
	};

	// From the shortest to one that is always its own.
	const formsOf = ({key, title, serverId}: Library): {alone: string[]; withServer: string[]} => {
		const server = serverOfLibrary({serverId});
		const identifier = server.machineIdentifier ?? server.id;
		const [shown, numbered] = [plain(title), `${plain(title)}#${key}`];
		const marks = [...plain(server.name) === '' ? [] : [plain(server.name)], identifier.slice(0, idPartLength), identifier, server.id];
		const withServer = marks.flatMap(mark => shown === '' ? [`${key}@${mark}`] : [`${shown}@${mark}`, `${numbered}@${mark}`]);
		return {alone: shown === '' ? [] : [shown], withServer};
	};

	const nameOf = (library: Library, isPlaced: boolean): string => {
		const {alone, withServer} = formsOf(library);
		const forms = isPlaced && hasSeveralServers ? withServer : [...alone, ...hasSeveralServers ? [] : [`${plain(library.title)}#${library.key}`], ...withServer];
		return forms.find(form => plain(form) === form && meansOnly(form, library)) ?? library.id;
	};

	const remembered = (isPlaced: boolean) => {
		const names = new Map<string, string>();
		return (libraryId: string): string | undefined => {
			const library = byId.get(libraryId);
			if (library === undefined) {
				return undefined;
			}

			const name = names.get(libraryId) ?? nameOf(library, isPlaced);
			names.set(libraryId, name);
			return name;
		};
	};

	const printed = remembered(false);
	const serverName = (serverId: string) => {
		const server = serverById.get(serverId);
		if (server === undefined) {
			return undefined;
		}

		const isShared = servers.some(other => other.id !== serverId && fold(other.name) === fold(server.name));
		return isShared ? `${plain(server.name)} (${(server.machineIdentifier ?? server.id).slice(0, idPartLength)})` : plain(server.name);
	};

	return {
		hasSeveralServers,
		find,
		one(text, scope) {
			const found = find(text, scope);
			if (found.length > 1) {
				throw new AppError('usage', `"${clean(text)}" may mean ${found.length} libraries.`, {hint: `Name one of them: ${quoted(found.map(({id}) => printed(id)!))}.`});
			}

			return found[0];
		},
		printed,
		placed: remembered(true),
		serverName,
		serverOf(placeId) {
			const serverId = byId.get(placeId)?.serverId ?? serverById.get(placeId)?.id;
			const name = serverId === undefined ? undefined : serverById.get(serverId)?.name;
			return {...serverId !== undefined && {serverId}, ...name !== undefined && {server: name}};
		},
	};
};

type NamedHeader = Parameters<typeof createLibraryNames>[0];

const namesOfHeader = new WeakMap<NamedHeader, LibraryNames>();

/**
The names of a header, made once for each header, for what asks again with every frame.
*/
export const libraryNamesOf = (header: NamedHeader): LibraryNames => {
	const names = namesOfHeader.get(header) ?? createLibraryNames(header);
	namesOfHeader.set(header, names);
	return names;
};

/**
The names of libraries in quotation marks, for a hint.
*/
export const listLibraryNames = <Library extends NamedLibrary>(names: LibraryNames<Library>, libraries: readonly Library[]): string =>
	quoted(libraries.map(({id}) => names.printed(id)!));
