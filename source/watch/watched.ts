import type {CatalogHeader} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import {isNamed, syncableSections} from '../sync/select.js';
import type {Watched} from './library-board.js';
import {settingsOf, type WatchSettings} from './watch-settings.js';

export type WatchedOptions = {
	/**
	Of the server; undefined as long as nobody could ask it.
	*/
	sections: readonly Section[] | undefined;
	header: CatalogHeader;
	serverId: string | undefined;
	chosen: readonly string[] | undefined;
	settings: Pick<WatchSettings, 'only' | 'libraries'>;
};

export type WatchedLibraries = Array<Watched & {key: string}>;

/**
Which libraries are watched: those of the catalogue and those that are ticked, or all where there are none yet. One that the server no longer lists stays, so that this is found and told.
*/
export const watchedLibraries = ({sections, header, serverId, chosen, settings}: WatchedOptions): WatchedLibraries => {
	const stored = header.libraries.filter(library => library.lastImport !== undefined && (serverId === undefined || library.serverId === serverId));
	const listed = sections === undefined ? [] : syncableSections(sections, header.libraries, chosen);
	const unlisted = stored.filter(({id}) => listed.every(section => section.id !== id));
	return [...listed, ...unlisted]
		.filter(library => settings.only.length === 0 || settings.only.some(name => isNamed(library, name)))
		.map(({id, key, title, type, ...library}) => ({
			id, key, title, type, isPaused: settingsOf(settings, {
				id, key, title, ...library,
			})?.isPaused === true,
		}));
};
