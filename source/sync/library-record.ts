import type {ItemType, Library, Server} from '../catalog/types.js';
import type {Section, ServerInfo} from '../plex/types.js';

/**
What a section of each type is made of, parents first, so that a child is never stored before its parent.
*/
const typesOf: Readonly<Record<string, readonly ItemType[]>> = {
	movie: ['movie'],
	show: ['show', 'season', 'episode'],
};

export const importedTypes = (sectionType: string): readonly ItemType[] => Object.hasOwn(typesOf, sectionType) ? typesOf[sectionType]! : [];

/**
Why a section cannot be imported, as a sentence; `undefined` when it can.
*/
export const unsupportedReason = (sectionType: string): string | undefined => {
	if (importedTypes(sectionType).length > 0) {
		return undefined;
	}

	const names: Readonly<Record<string, string>> = {artist: 'Music', photo: 'Photos'};
	const name = Object.hasOwn(names, sectionType) ? names[sectionType]! : 'Libraries of this type';
	return `${name} cannot be imported: reelcat keeps movies and shows.`;
};

export const libraryFromSection = (section: Section, serverId: string, known?: Library): Library => ({
	id: section.id,
	serverId,
	key: section.key,
	title: section.title,
	type: section.type,
	...(section.agent !== undefined && {agent: section.agent}),
	...(section.language !== undefined && {language: section.language}),
	locations: section.locations,
	counts: known?.counts ?? {
		movie: 0,
		show: 0,
		season: 0,
		episode: 0,
	},
	...(known?.lastImport !== undefined && {lastImport: known.lastImport}),
	...(known?.sync !== undefined && {sync: known.sync}),
});

export const serverRecord = (info: ServerInfo, url: string): Server => ({
	id: info.id,
	name: info.name,
	...(info.version !== undefined && {version: info.version}),
	url,
});
