import type {CatalogHeader} from '../../../catalog/types.js';
import {layoutOf} from '../../layout.js';
import type {LibraryRow} from '../../services.js';
import {replaceIds} from '../../parts/list.js';
import type {MessageOf} from '../../messages.js';
import {topScreen} from '../../stack.js';
import type {Failure, LibrariesState, UiState} from '../../ui-state.js';

const canTick = (row: LibraryRow) => row.disabledReason === undefined;

/**
What is known of the libraries without asking the server.
*/
export const libraryRowsFromCatalog = (header: CatalogHeader): LibraryRow[] => header.libraries.map(library => ({
	id: library.id,
	key: library.key,
	title: library.title,
	type: library.type,
	disabledReason: undefined,
	isChosen: false,
	serverCount: undefined,
	catalogCount: topCount(library),
	lastImport: library.lastImport,
}));

const topCount = ({type, counts}: CatalogHeader['libraries'][number]) => type === 'show' ? counts.show : counts.movie;

const withLibraries = (state: UiState, change: Partial<LibrariesState>): UiState =>
	({...state, libraries: {...state.libraries, ...change}});

export const setRows = (state: UiState, rows: readonly LibraryRow[]): UiState => withLibraries(state, {
	rows,
	list: replaceIds(state.libraries.list, rows.map(({id}) => id)),
});

export const selectedLibrary = ({libraries: {rows, list}}: UiState): LibraryRow | undefined =>
	rows.find(({id}) => id === list.selectedId);

export const chosenIds = ({libraries}: UiState): string[] =>
	libraries.rows.filter(row => row.isChosen && canTick(row)).map(({id}) => id);

export const tick = (state: UiState): UiState => setRows(state, state.libraries.rows.map(row =>
	row.id === state.libraries.list.selectedId && canTick(row) ? {...row, isChosen: !row.isChosen} : row));

/**
All, or none when all are ticked already.
*/
export const tickAll = (state: UiState): UiState => {
	const {rows} = state.libraries;
	const isChosen = rows.some(row => canTick(row) && !row.isChosen);
	return setRows(state, rows.map(row => canTick(row) ? {...row, isChosen} : row));
};

/**
What was imported from this server stays, and can be browsed, when its library has gone from there.
*/
const goneRows = ({header, connection}: UiState, rows: readonly LibraryRow[]): LibraryRow[] => {
	const ids = new Set(rows.map(({id}) => id));
	const gone = header.libraries.filter(({id, serverId}) => serverId === connection?.serverId && !ids.has(id));
	return libraryRowsFromCatalog({...header, libraries: gone})
		.filter(({catalogCount}) => catalogCount > 0)
		.map(row => ({...row, disabledReason: 'No longer on the server; l browses what was imported.'}));
};

/**
The failure stands below the rows; where these leave no room for it, it is a message.
*/
const failed = (state: UiState, failure: Failure): UiState => {
	const isInSight = state.libraries.rows.length + 6 <= layoutOf(state).bodyRows || topScreen(state).name !== 'libraries';
	return {
		...withLibraries(state, {status: 'failed', failure}),
		message: isInSight ? state.message : {text: [failure.message, failure.hint].filter(text => text !== undefined).join(' '), tone: 'bad'},
	};
};

export const reduceLibraries = (
	state: UiState,
	message: MessageOf<'libraries-started' | 'libraries-loaded' | 'libraries-failed'>,
): UiState => {
	if (message.type === 'libraries-started') {
		return withLibraries(state, {status: 'loading', generation: message.generation, failure: undefined});
	}

	if (message.generation !== state.libraries.generation) {
		return state;
	}

	return message.type === 'libraries-loaded'
		? setRows(withLibraries(state, {status: 'ready'}), [...message.rows, ...goneRows(state, message.rows)])
		: failed(state, message.failure);
};

/**
Counts and last imports follow the catalogue at once; what the server has is asked again when an import ends.
*/
export const followCatalog = (state: UiState, header: CatalogHeader): UiState => {
	const known = new Map(libraryRowsFromCatalog(header).map(row => [row.id, row]));
	const rows = state.libraries.rows.map(row => {
		const newest = known.get(row.id);
		known.delete(row.id);
		return newest === undefined ? row : {...row, catalogCount: newest.catalogCount, lastImport: newest.lastImport};
	});
	return setRows({...state, header}, state.libraries.status === 'ready' ? rows : [...rows, ...known.values()]);
};
