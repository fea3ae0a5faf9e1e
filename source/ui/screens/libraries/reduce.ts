import type {CatalogHeader} from '../../../catalog/types.js';
import type {LibraryRow} from '../../../sync/library-record.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {replaceIds} from '../../parts/list.js';
import type {KeyBinding} from '../../screen-module.js';
import {isImporting, topScreen, type UiState} from '../../ui-state.js';
import {librariesHeight} from './layout.js';
import {libraryRowsFromCatalog, type LibrariesState} from './state.js';

const canTick = (row: LibraryRow) => row.disabledReason === undefined;

const withLibraries = (state: UiState, change: Partial<LibrariesState>): UiState =>
	({...state, libraries: {...state.libraries, ...change}});

export const withLibraryRows = (state: UiState, rows: readonly LibraryRow[]): UiState => withLibraries(state, {
	rows,
	list: replaceIds(state.libraries.list, rows.map(({id}) => id)),
});

export const selectedLibrary = ({libraries: {rows, list}}: UiState): LibraryRow | undefined =>
	rows.find(({id}) => id === list.selectedId);

export const noLibraryHere = (state: UiState): string | undefined => {
	const row = selectedLibrary(state);
	return row === undefined ? 'There is no library here.' : row.disabledReason;
};

export const chosenIds = ({libraries}: UiState): string[] =>
	libraries.rows.filter(row => row.isChosen && canTick(row)).map(({id}) => id);

export const tick = (state: UiState): UiState => withLibraryRows(state, state.libraries.rows.map(row =>
	row.id === state.libraries.list.selectedId && canTick(row) ? {...row, isChosen: !row.isChosen} : row));

export const tickAll = (state: UiState): UiState => {
	const {rows} = state.libraries;
	const isChosen = rows.some(row => canTick(row) && !row.isChosen);
	return withLibraryRows(state, rows.map(row => canTick(row) ? {...row, isChosen} : row));
};

/**
Imported libraries that the server no longer has. They stay, and can be browsed.
*/
const goneRows = ({header, connection}: UiState, rows: readonly LibraryRow[]): LibraryRow[] => {
	const ids = new Set(rows.map(({id}) => id));
	const gone = header.libraries.filter(({id, serverId}) => serverId === connection?.serverId && !ids.has(id));
	return libraryRowsFromCatalog({...header, libraries: gone})
		.filter(({catalogCount}) => catalogCount > 0)
		.map(row => ({...row, disabledReason: 'No longer on the server; l browses what was imported.'}));
};

export const librariesStarted = message((state, generation: number) =>
	withLibraries(state, {status: 'loading', generation, failure: undefined}));

export const librariesLoaded = message((state, {generation, rows}: {generation: number; rows: readonly LibraryRow[]}) =>
	generation === state.libraries.generation
		? withLibraryRows(withLibraries(state, {status: 'ready'}), [...withCatalogCounts(rows, state), ...goneRows(state, rows)])
		: state);

/**
The list of the server brings the ticks, and libraries that the catalogue does not have. What the catalogue has can be browsed meanwhile.
*/
export const awaitedList = ({connection, libraries: {status, rows}}: UiState, needsRows: KeyBinding['needsRows']): string | undefined => {
	const isOnItsWay = connection !== undefined && (status === 'idle' || status === 'loading');
	const isNeeded = needsRows === 'all' || (needsRows === 'first' && rows.length === 0);
	return isOnItsWay && isNeeded ? 'the list of libraries' : undefined;
};

/**
The failure is shown below the rows. When there is no room for it, it becomes a message.
*/
export const librariesFailed = message((state, {generation, failure}: {generation: number; failure: ShownFailure}) => {
	if (generation !== state.libraries.generation) {
		return state;
	}

	const isInSight = librariesHeight(state) + 5 <= layoutOf(state).bodyRows || topScreen(state).name !== 'libraries';
	return {
		...withLibraries({...state, kept: state.kept?.screen === 'libraries' ? undefined : state.kept}, {status: 'failed', failure}),
		message: isInSight ? state.message : {text: [failure.message, failure.hint].filter(text => text !== undefined).join(' '), tone: 'bad'},
	};
});

/**
The rows of a list that the server was asked for a while ago, with the counts and last imports that the catalogue has now. Where a daemon has taken in other items since, the server has another number as well; an import asks again at its end.
*/
const withCatalogCounts = (rows: readonly LibraryRow[], {header, job}: Pick<UiState, 'header' | 'job'>): LibraryRow[] => {
	const known = new Map(libraryRowsFromCatalog(header).map(row => [row.id, row]));
	return rows.map(({surplus, serverCount, ...row}) => {
		const {catalogCount = row.catalogCount, lastImport = row.lastImport} = known.get(row.id) ?? {};
		const isOld = catalogCount !== row.catalogCount && !isImporting({job});
		return {
			...row, catalogCount, lastImport, serverCount: isOld ? undefined : serverCount, ...surplus !== undefined && !isOld && {surplus},
		};
	});
};

/**
Counts and last imports follow the catalogue at once. The server is asked again only when an import ends.
*/
const followCatalog = (state: UiState, header: CatalogHeader): UiState => {
	const rows = withCatalogCounts(state.libraries.rows, {...state, header});
	const shown = new Set(rows.map(({id}) => id));
	const others = libraryRowsFromCatalog(header).filter(({id}) => !shown.has(id));
	return {
		...withLibraryRows({...state, header}, state.libraries.status === 'ready' ? rows : [...rows, ...others]),
		revision: state.revision + 1,
	};
};

export const catalogChanged = message(followCatalog, {isNews: true, mayBringNotice: true});

export const librariesSummed = message((state, sums: LibrariesState['sums']) => withLibraries(state, {sums}), {isNews: true});

export const loadStarted = message<void>(state => ({...state, load: {status: 'loading', share: 0, failure: undefined}}));

export const loadProgress = message((state, share: number) => ({...state, load: {...state.load, share}}), {isNews: true});

export const loadFinished = message(
	(state, header: CatalogHeader): UiState => ({...followCatalog(state, header), load: {status: 'ready', share: 1, failure: undefined}}),
	{mayBringNotice: true},
);

export const loadFailed = message(
	(state, failure: ShownFailure): UiState => ({...state, load: {...state.load, status: 'failed', failure}}),
	{mayBringNotice: true},
);
