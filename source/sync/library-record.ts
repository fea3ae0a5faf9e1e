import {isAppError} from '../base/errors.js';
import {formatCount, plural} from '../base/text/format.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
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
	/**
	Shows that the catalogue has although the server does not list them: made up for their episodes, or given by their keys alone.
	*/
	placeholders?: number;
	unlisted?: number;
	lastImport: (ImportTotals & {finishedAt: string; complete: boolean}) | undefined;
};

/**
`loadedStore` is asked for only where the catalogue has more than the server, because its records tell why.

@throws AppError of the server. A fault of one library only leaves its count undefined.
*/
export const libraryRows = async (
	plex: Pick<PlexClient, 'sections' | 'page'>,
	header: CatalogHeader,
	chosen: readonly string[] | undefined,
	loadedStore?: () => Promise<Pick<CatalogStore, 'page'>>,
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
		const hasMore = serverCount !== undefined && catalogCount > serverCount;
		const unlisted = hasMore && loadedStore !== undefined && top === 'show' ? await countUnlisted(await loadedStore(), id) : {};
		const surplus = surplusOf({
			serverCount, catalogCount, held: known?.sync?.held?.items ?? 0, ...unlisted,
		});
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
			...unlisted,
			lastImport: known?.lastImport,
		};
	}));
};

/**
Before the first import, all libraries that can be imported are ticked.
*/
export const tickedAtFirst = (rows: readonly LibraryRow[]): LibraryRow[] => {
	const isFirst = rows.every(({lastImport}) => lastImport === undefined);
	return rows.map(row => isFirst ? {...row, isChosen: row.disabledReason === undefined} : row);
};

/**
What the server no longer lists stays in the catalogue until a sync removes it, or for as long as it is held.
*/
export const surplusOf = ({serverCount, catalogCount, held, placeholders = 0, unlisted = 0}: {
	serverCount: number | undefined;
	catalogCount: number;
	held: number;
	placeholders?: number;
	unlisted?: number;
}): string | undefined => {
	if (serverCount === undefined || catalogCount <= serverCount) {
		return undefined;
	}

	const more = `The catalogue has ${formatCount(catalogCount - serverCount)} more than the server`;
	const reasons = [
		...placeholders === 0 ? [] : [`${plural(placeholders, 'is a placeholder', 'are placeholders')} for what the server does not give, although it has episodes of it`],
		...unlisted === 0 ? [] : [plural(unlisted, 'is not in the list of the server, which gives it for its episodes', 'are not in the list of the server, which gives them for their episodes')],
		...held === 0 ? [] : [`${plural(held, 'item is', 'items are')} gone from the server and held until they are accepted or come back`],
		...held === 0 && catalogCount - serverCount > placeholders + unlisted ? ['a sync shows what became of the rest'] : [],
	];
	return `${more}: ${reasons.join('; ')}.`;
};

/**
What was asked for by its key has no fingerprint, because it is in no listing.
*/
const countUnlisted = async (store: Pick<CatalogStore, 'page'>, libraryId: string) => {
	let placeholders = 0;
	let unlisted = 0;
	for await (const items of storedItems(store, {libraryId, type: 'show'})) {
		for (const {placeholder, fingerprints, missingSince} of items) {
			if (placeholder === true) {
				placeholders++;
			} else if (fingerprints === undefined && missingSince === undefined) {
				unlisted++;
			}
		}
	}

	return {...placeholders > 0 && {placeholders}, ...unlisted > 0 && {unlisted}};
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
