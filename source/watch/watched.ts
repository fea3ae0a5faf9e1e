import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import {defaultPace, planLibrary} from '../sync/plan.js';
import {isNamed, syncableSections} from '../sync/select.js';
import type {LibraryName} from './types.js';
import {settingsOf, type WatchSettings} from './watch-settings.js';

type WatchedOptions = {
	/**
	The list of the server; undefined as long as the server could not be asked.
	*/
	sections: readonly Section[] | undefined;
	header: CatalogHeader;
	serverId: string | undefined;
	chosen: readonly string[] | undefined;
	settings: Pick<WatchSettings, 'only' | 'libraries'>;
};

export type WatchedLibraries = Array<LibraryName & {key: string; type: string; isPaused: boolean}>;

/**
The watched libraries: those in the catalogue and those that a person ticked, or all if there are none yet. A library that the server no longer lists stays, so that a job can find that out and tell.
*/
export const watchedLibraries = ({sections, header, serverId, chosen, settings}: WatchedOptions): WatchedLibraries => {
	const stored = header.libraries.filter(library => library.lastImport !== undefined && (serverId === undefined || library.serverId === serverId));
	const listed = sections === undefined ? [] : syncableSections(sections, header.libraries, chosen);
	const unlisted = stored.filter(({id}) => listed.every(section => section.id !== id));
	return [...listed, ...unlisted]
		.filter(library => settings.only.length === 0 || settings.only.some(name => isNamed(library, name)))
		.map(library => {
			const {id, key, title, type} = library;
			return {
				id, key, title, type, isPaused: settingsOf(settings, library)?.isPaused === true,
			};
		});
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
The libraries that a person means by a title, key or id; `all` if no name is given.

@throws AppError 'usage' if there is none
*/
export const namedLibraries = (name: string | undefined, {all, watched}: {all: WatchedLibraries; watched: WatchedLibraries}): WatchedLibraries => {
	const meant = name === undefined ? all : watched.filter(library => isNamed(library, name));
	if (meant.length === 0) {
		throw new AppError('usage', name === undefined ? 'No library is watched.' : `No library "${clean(name)}" is watched.`, {
			hint: watched.length === 0 ? 'The server may not have been reached yet.' : `There is: ${watched.map(({title}) => `"${clean(title).trim()}"`).join(', ')}.`,
		});
	}

	return meant;
};
