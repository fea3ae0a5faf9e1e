import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {PlexClient} from '../plex/types.js';
import {libraryRows, tickedAtFirst} from '../sync/library-record.js';
import type {UiServices} from '../ui/services.js';
import type {Session} from './session.js';

type AppLibrariesOptions = Pick<UiServices, 'startImport'> & {
	joined: () => Promise<{plex: PlexClient; server: {id: string}}>;
	header: () => CatalogHeader;
	loadedStore: () => Promise<CatalogStore>;
};

/**
The libraries of the server with their ticks.
*/
export const createAppLibraries = (session: Session, {joined, header, loadedStore, startImport}: AppLibrariesOptions): Pick<UiServices, 'libraries' | 'chooseLibraries' | 'startImport'> => {
	// Ticks that no person has set. They are remembered with the import that they start.
	let firstTicks: readonly string[] = [];
	const chooseLibraries = async (libraryIds: readonly string[]) => {
		const {server} = await joined();
		const writer = await session.settings().writer();
		writer.setChosenLibraries(server.id, libraryIds);
	};

	return {
		async libraries() {
			const {plex, server} = await joined();
			const chosen = session.settings().chosenLibraries(server.id);
			const rows = await libraryRows(plex, header(), chosen, loadedStore);
			if (chosen !== undefined) {
				return rows;
			}

			const ticked = tickedAtFirst(rows);
			firstTicks = ticked.filter(({isChosen}) => isChosen).map(({id}) => id);
			return ticked;
		},
		chooseLibraries,
		async startImport(libraryIds) {
			if (libraryIds.length > 0 && libraryIds.join(' ') === firstTicks.join(' ')) {
				await chooseLibraries(libraryIds);
			}

			return startImport(libraryIds);
		},
	};
};
