import type {CatalogHeader, ImportTotals} from '../catalog/types.js';
import {isAppError} from '../base/errors.js';
import type {PlexClient, Section} from '../plex/types.js';
import {importedTypes, unsupportedReason} from './library-record.js';

/**
A library as it is on the server, with what the catalogue has of it.
*/
export type LibraryRow = {
	id: string;
	key: string;
	title: string;
	type: string;
	/**
	Why it cannot be imported; a sentence.
	*/
	disabledReason: string | undefined;
	isChosen: boolean;
	/**
	On the server now: movies, or shows; absent when it could not be counted.
	*/
	serverCount: number | undefined;
	/**
	In the catalogue: movies, or shows.
	*/
	catalogCount: number;
	lastImport: (ImportTotals & {finishedAt: string; complete: boolean}) | undefined;
};

/**
@throws AppError unless it concerns one library only: then its count is absent.
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
			sectionKey: key,
			type: top,
			start: 0,
			size: 0,
		});
		return total;
	} catch (error) {
		if (isAppError(error, 'not-found') || isAppError(error, 'forbidden') || isAppError(error, 'server-error') || isAppError(error, 'malformed')) {
			return undefined;
		}

		throw error;
	}
};
