import {isAppError} from '../base/errors.js';
import {formatCount, plural} from '../base/text/format.js';
import {defined} from '../catalog/values.js';
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

export const libraryFromSection = ({
	id, uuid, key, title, type, agent, scanner, hidden, language, locations,
}: Section, serverId: string, known?: Library): Library => defined({
	id,
	uuid: uuid === id ? undefined : uuid,
	serverId,
	key,
	title,
	type,
	agent,
	scanner,
	hidden,
	language,
	locations,
	counts: known?.counts ?? {
		movie: 0, show: 0, season: 0, episode: 0,
	},
	lastImport: known?.lastImport,
	sync: known?.sync,
});

export const serverRecord = ({id, machineIdentifier, name, version}: ServerInfo, url: string): Server => defined({
	id, machineIdentifier: machineIdentifier === id ? undefined : machineIdentifier, name, version, url,
});

export type LibraryRow = {
	id: string;
	key: string;
	title: string;
	type: string;
	scanner?: string;
	/**
	0 shown everywhere, 1 not on the home screen, 2 nor in searches.
	*/
	hidden?: number;
	disabledReason: string | undefined;
	isChosen: boolean;
	/**
	Movies or shows on the server; undefined if they could not be counted.
	*/
	serverCount: number | undefined;
	catalogCount: number;
	/**
	A sentence that says why the catalogue has more than the server; absent when it has not.
	*/
	surplus?: string;
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
		const {
			id, key, title, type, scanner, hidden,
		} = section;
		const known = header.libraries.find(library => library.id === id);
		const [top] = importedTypes(type);
		const serverCount = top === undefined ? undefined : await countRows(plex, key, top);
		const catalogCount = top === undefined || known === undefined ? 0 : known.counts[top];
		const surplus = surplusOf({serverCount, catalogCount, held: known?.sync?.held?.items ?? 0});
		return {
			id,
			key,
			title,
			type,
			...defined({scanner, hidden}),
			disabledReason: unsupportedReason(type),
			isChosen: chosen?.includes(id) ?? false,
			serverCount,
			catalogCount,
			...surplus !== undefined && {surplus},
			lastImport: known?.lastImport,
		};
	}));
};

/**
What the server no longer lists stays in the catalogue until a sync removes it, or for as long as it is held.
*/
export const surplusOf = ({serverCount, catalogCount, held}: {serverCount: number | undefined; catalogCount: number; held: number}): string | undefined => {
	if (serverCount === undefined || catalogCount <= serverCount) {
		return undefined;
	}

	const more = `The catalogue has ${formatCount(catalogCount - serverCount)} more than the server`;
	return held > 0
		? `${more}: ${plural(held, 'item is', 'items are')} gone from the server and held until they are accepted or come back.`
		: `${more}: a sync shows what became of the rest.`;
};

const countRows = async (plex: Pick<PlexClient, 'page'>, sectionKey: string, type: ItemType) => {
	try {
		const {total} = await plex.page({
			sectionKey, type, start: 0, size: 0,
		});
		return total;
	} catch (error) {
		if (isAppError(error) && ['not-found', 'forbidden', 'server-error', 'malformed'].includes(error.code)) {
			return undefined;
		}

		throw error;
	}
};
