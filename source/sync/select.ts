import {createLibraryNames, type NamedServer} from '../catalog/library-names.js';
import type {Library} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {Section} from '../plex/types.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import type {Problem} from './events.js';
import type {ImportTarget} from './sync.js';
import {unsupportedReason} from './library-record.js';

/**
Finds the sections of a server that are named on a command line, see `createLibraryNames`.

@throws AppError 'usage' for a name that matches nothing, several libraries, or something that cannot be imported; it lists what exists
*/
export const selectSections = (sections: readonly Section[], names: readonly string[], server: NamedServer): Section[] => {
	const known = createLibraryNames({libraries: sections.map(section => ({...section, serverId: server.id})), servers: [server]});
	const selected = new Map<string, Section>();
	for (const name of names) {
		const id = known.one(name)?.id;
		const section = sections.find(entry => entry.id === id);
		if (section === undefined) {
			throw new AppError('usage', `There is no library "${clean(name)}" on ${clean(server.name)}.`, {hint: orNearest(name, importableSections(sections).map(({title}) => title), listing(sections))});
		}

		const reason = unsupportedReason(section.type);
		if (reason !== undefined) {
			throw new AppError('usage', `The library "${clean(section.title)}" was not imported. ${reason}`, {hint: listing(sections)});
		}

		selected.set(section.id, section);
	}

	return selected.values().toArray();
};

export const importableSections = (sections: readonly Section[]): Section[] =>
	sections.filter(({type}) => unsupportedReason(type) === undefined);

// A line break in a title would make lines that look like ours.
const listing = (sections: readonly Section[]) => {
	const names = importableSections(sections).map(({key, title}) => `"${clean(title).trim()}" (key ${key})`);
	return names.length === 0 ? 'This server has no movie or show library.' : `There is: ${names.join(', ')}.`;
};

/**
@throws AppError 'not-found' when the server has none of the libraries any more
*/
export const selectById = (sections: readonly Section[], libraryIds: readonly string[]): ImportTarget[] => {
	const gone = libraryIds.filter(id => sections.every(section => section.id !== id));
	const found = importableSections(sections).filter(({id}) => libraryIds.includes(id));
	if (gone.length > 0 && found.length === 0) {
		throw new AppError('not-found', 'The server no longer has the chosen libraries.', {hint: listing(sections)});
	}

	return found.map(section => ({section}));
};

export const retryTargets = (sections: readonly Section[], problems: readonly Problem[]): ImportTarget[] =>
	importableSections(sections).flatMap(section => {
		const own = problems.filter(({library}) => library.id === section.id);
		if (own.length === 0) {
			return [];
		}

		const ratingKeys = own.flatMap(({ratingKey}) => ratingKey === undefined ? [] : [ratingKey]);
		return [ratingKeys.length < own.length ? {section} : {section, ratingKeys: [...new Set(ratingKeys)]}];
	});

/**
Sections that a sync without names looks at: those that were imported and those that are ticked, or all where there are none yet. If the server lists none of them for now, it looks at none.
*/
export const syncableSections = (sections: readonly Section[], libraries: readonly Library[], {serverId, chosen = []}: {serverId: string; chosen: readonly string[] | undefined}): Section[] => {
	const imported = libraries.filter(library => library.serverId === serverId && library.lastImport !== undefined).map(({id}) => id);
	const wanted = new Set([...imported, ...chosen]);
	return importableSections(sections).filter(({id}) => wanted.size === 0 || wanted.has(id));
};
