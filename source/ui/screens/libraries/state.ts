import type {CatalogHeader} from '../../../catalog/types.js';
import type {LibrarySum} from '../../../query/library-sums.js';
import type {LibraryRow} from '../../../sync/library-record.js';
import type {ShownFailure} from '../../parts/failure.js';
import {emptyList, replaceIds, type ListState} from '../../parts/list.js';

export type LibrariesState = {
	status: 'idle' | 'loading' | 'ready' | 'failed';
	/**
	Tells the answer to the newest question from an older one.
	*/
	generation: number;
	rows: readonly LibraryRow[];
	/**
	By the id of the library; of what the catalogue has.
	*/
	sums: ReadonlyMap<string, LibrarySum>;
	list: ListState;
	failure: ShownFailure | undefined;
};

export const libraryRowsFromCatalog = (header: CatalogHeader): LibraryRow[] => header.libraries.map(library => ({
	id: library.id,
	key: library.key,
	title: library.title,
	type: library.type,
	disabledReason: undefined,
	isChosen: false,
	serverCount: undefined,
	catalogCount: library.type === 'show' ? library.counts.show : library.counts.movie,
	lastImport: library.lastImport,
}));

export const initialLibraries = (header: CatalogHeader): LibrariesState => {
	const rows = libraryRowsFromCatalog(header);
	return {
		status: 'idle', generation: 0, rows, sums: new Map(), list: replaceIds(emptyList, rows.map(({id}) => id)), failure: undefined,
	};
};
