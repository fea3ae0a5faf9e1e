import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {
	asInCatalogue,
	createLibraryNames,
	isCalledAlone,
	isCalledAt,
	listLibraryNames,
	type NamedLibrary,
	type NamedServer,
} from '../catalog/library-names.js';
import type {CatalogHeader} from '../catalog/types.js';
import {defined} from '../catalog/values.js';
import type {Section} from '../plex/types.js';
import {defaultPace, planLibrary} from '../sync/plan.js';
import {syncableSections} from '../sync/select.js';
import type {LibraryName} from './types.js';
import {settingsOf, type WatchSettings} from './watch-settings.js';

type WatchedOptions = {
	/**
	The list of the server; undefined as long as the server could not be asked.
	*/
	sections: readonly Section[] | undefined;
	header: CatalogHeader;
	server: NamedServer | undefined;
	chosen: readonly string[] | undefined;
	settings: Pick<WatchSettings, 'only' | 'libraries'>;
};

export type WatchedLibraries = Array<LibraryName & {serverId: string; key: string; type: string; isPaused: boolean}>;

/**
The name of a library, without what else is known of it.
*/
export const libraryNameOf = ({id, title, serverId, server}: LibraryName): LibraryName => defined({
	id, title, serverId, server,
});

/**
The watched libraries: those in the catalogue and those that a person ticked, or all if there are none yet. A library that the server no longer lists stays, so that a job can find that out and tell.
*/
export const watchedLibraries = ({sections, header, server: connected, chosen, settings}: WatchedOptions): WatchedLibraries => {
	// Without a server the catalogue is empty, and nothing was listed.
	if (connected === undefined) {
		return [];
	}

	const server = asInCatalogue(connected, header);

	const stored = header.libraries.filter(library => library.lastImport !== undefined && library.serverId === server.id);
	const listed = sections === undefined ? [] : syncableSections(sections, header.libraries, {serverId: server.id, chosen});
	const unlisted = stored.filter(({id}) => listed.every(section => section.id !== id));
	return [...listed, ...unlisted]
		.filter(library => settings.only.length === 0 || settings.only.some(name => isCalled(library, server, name)))
		.map(({id, key, title, type}) => {
			const library = {
				id, title, serverId: server.id, server: server.name, key, type,
			};
			return {...library, isPaused: settingsOf(settings, library)?.isPaused === true};
		});
};

const isCalled = (library: Omit<NamedLibrary, 'serverId'>, server: NamedServer, name: string) => isCalledAlone(library, name) || isCalledAt(library, server, name);

/**
What is said of each name that was given and means no library there.
*/
export const unknownNames = (options: WatchedOptions & {server: NamedServer}): string[] => {
	const {settings, server, header} = options;
	const all = watchedLibraries({...options, settings: {...settings, only: []}});
	const known = asInCatalogue(server, header);
	return settings.only
		.filter(name => all.every(library => !isCalled(library, known, name)))
		.map(name => `There is no library "${clean(name)}" to watch on ${clean(server.name)}. ${orNearest(name, all.map(({title}) => title), `There is: ${all.map(({title}) => `"${clean(title).trim()}"`).join(', ')}.`)}`);
};

/**
The schedule of the daemon says when a full comparison is due, not the pace.
*/
export const watchPace = {...defaultPace, fullEveryMs: Infinity};

/**
The libraries whose stamps show that something may have changed.
*/
export const movedLibraries = (watched: WatchedLibraries, {sections, header, now, viewer}: {sections: readonly Section[]; header: CatalogHeader; now: Date; viewer: string}): WatchedLibraries => watched.filter(library => {
	const section = sections.find(({id}) => id === library.id);
	const stored = header.libraries.find(({id}) => id === library.id);
	return section === undefined
		? stored?.sync?.goneSince === undefined
		: planLibrary(stored, section, {
			pace: watchPace, now, isFull: false, viewer,
		}).mode !== 'skip';
});

/**
The libraries of the daemon that a person means by a name; `all` if no name is given.

@throws AppError 'usage' if there is none, or if the name may mean several
*/
export const namedLibraries = (name: string | undefined, {all, watched, servers}: {all: WatchedLibraries; watched: WatchedLibraries; servers: readonly NamedServer[]}): WatchedLibraries => {
	const names = createLibraryNames({libraries: watched, servers});
	const one = name === undefined ? undefined : names.one(name);
	const meant = name === undefined ? all : [one].filter(library => library !== undefined);
	if (meant.length === 0) {
		throw new AppError('usage', name === undefined ? 'No library is watched.' : `No library "${clean(name)}" is watched.`, {
			hint: watched.length === 0 ? 'The server may not have been reached yet.' : orNearest(name ?? '', watched.map(({title}) => title), `There is: ${listLibraryNames(names, watched)}.`),
		});
	}

	return meant;
};
