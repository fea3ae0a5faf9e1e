import {isAppError} from '../base/errors.js';
import type {
	CatalogHeader,
	ImportTotals,
	ItemType,
	Library,
	Server,
} from '../catalog/types.js';
import type {PlexClient, Section, ServerInfo} from '../plex/types.js';

/**
Item types by type of section. Parents come first, so that a child is never stored before its parent.
*/
const typesOf = new Map<string, readonly ItemType[]>([
	['movie', ['movie']],
	['show', ['show', 'season', 'episode']],
]);

export const importedTypes = (sectionType: string): readonly ItemType[] => typesOf.get(sectionType) ?? [];

/**
A sentence that says why a section cannot be imported, or `undefined` if it can.
*/
export const unsupportedReason = (sectionType: string): string | undefined => {
	if (importedTypes(sectionType).length > 0) {
		return undefined;
	}

	const names = new Map([['artist', 'Music'], ['photo', 'Photos']]);
	return `${names.get(sectionType) ?? 'Libraries of this type'} cannot be imported: reelcat keeps movies and shows.`;
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
		movie: 0, show: 0, season: 0, episode: 0,
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

/**
A library on the server, with what the catalogue has of it.
*/
export type LibraryRow = {
	id: string;
	key: string;
	title: string;
	type: string;
	/**
	A sentence, see `unsupportedReason`.
	*/
	disabledReason: string | undefined;
	isChosen: boolean;
	/**
	Movies or shows on the server; undefined if they could not be counted.
	*/
	serverCount: number | undefined;
	/**
	Movies or shows in the catalogue.
	*/
	catalogCount: number;
	lastImport: (ImportTotals & {finishedAt: string; complete: boolean}) | undefined;
};

/**
@throws AppError of the server. A fault of one library only leaves its count undefined.
*/
export const libraryRows = async (
	plex: Pick<PlexClient, 'sections' | 'page'>,
	header: CatalogHeader,
	chosen: readonly string[] | undefined,
): Promise<LibraryRow[]> => {
	const sections = await plex.sections();
	return Promise.all(sections.map(async section => {
		const known = header.libraries.find(({id}) => id === section.id);
		const [type] = importedTypes(section.type);
		return {
			id: section.id,
			key: section.key,
			title: section.title,
			type: section.type,
			disabledReason: unsupportedReason(section.type),
			isChosen: chosen?.includes(section.id) ?? false,
			serverCount: await countTop(plex, section),
			catalogCount: type === undefined || known === undefined ? 0 : known.counts[type],
			lastImport: known?.lastImport,
		};
	}));
};

const countTop = async (plex: Pick<PlexClient, 'page'>, {key, type}: Section) => {
	const [top] = importedTypes(type);
	if (top === undefined) {
		return undefined;
	}

	try {
		const {total} = await plex.page({
			sectionKey: key, type: top, start: 0, size: 0,
		});
		return total;
	} catch (error) {
		if (isAppError(error) && ['not-found', 'forbidden', 'server-error', 'malformed'].includes(error.code)) {
			return undefined;
		}

		throw error;
	}
};
