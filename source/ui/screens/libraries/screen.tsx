import {formatCount} from '../../../base/text/format.js';
import {scrollTo} from '../../parts/list.js';
import {
	screenModule,
	spokenLines,
	type EffectContext,
	type KeyBinding,
} from '../../screen-module.js';
import {placedTitle} from '../../library-titles.js';
import {show, type UiState} from '../../ui-state.js';
import {libraryOpened} from '../browse/reduce.js';
import {startImport} from '../import/effects.js';
import {cannotImport} from '../import/reduce.js';
import {
	followCatalogChanges,
	followSums,
	loadCatalog,
	loadLibraries,
} from './effects.js';
import {shownRows} from './layout.js';
import {libraryLines, noLibraries} from './lines.js';
import {
	awaitedList,
	chosenIds,
	noLibraryHere,
	selectedLibrary,
	tick,
	tickAll,
} from './reduce.js';
import {libraryRegions, moveLibrary} from './regions.js';

const cannotStart = (state: UiState) =>
	cannotImport(state) ?? (chosenIds(state).length > 0 ? undefined : 'Tick a library with Space first, or press l to browse one.');

const rememberChosen = async ({services, get}: EffectContext) => services.chooseLibraries(chosenIds(get()));

const keys: readonly KeyBinding[] = [
	{
		id: 'start-import', keys: ['enter'], label: 'import', help: 'Import the ticked libraries', isHint: true, needsRows: 'all',
		disabledReason: cannotStart,
		effect: async context => startImport(context, chosenIds(context.get())),
	},
	{
		id: 'open', keys: ['l', 'right', 'b'], label: 'browse', help: 'Browse the selected library', isHint: true, needsRows: 'first',
		disabledReason(state) {
			const row = selectedLibrary(state);
			return row === undefined || row.catalogCount === 0 ? noLibraryHere(state) : undefined;
		},
		effect({dispatch}, before) {
			const row = selectedLibrary(before);
			if (row !== undefined) {
				dispatch(libraryOpened(row));
			}
		},
	},
	{
		id: 'tick', keys: ['space'], label: 'tick', help: 'Tick or untick the library', isHint: true, needsRows: 'all',
		disabledReason: noLibraryHere,
		update: tick,
		effect: rememberChosen,
	},
	{
		id: 'tick-all', keys: ['a'], label: 'all', help: 'Tick all libraries, or none', isHint: true, needsRows: 'all',
		update: tickAll,
		effect: rememberChosen,
	},
];

const librarySentences = (state: UiState): string[] => {
	const row = selectedLibrary(state);
	if (row === undefined) {
		return spokenLines(noLibraries(state, 1000));
	}

	const {ids, cursor} = state.libraries.list;
	const ticked = row.disabledReason ?? (row.isChosen ? 'ticked' : 'not ticked');
	return [`Library ${cursor + 1} of ${ids.length}: ${placedTitle(state, row)}, ${ticked}, ${formatCount(row.catalogCount)} in the catalogue.`];
};

export const librariesModule = screenModule({
	name: 'libraries',
	title: 'Libraries',
	helpTitle: 'Keys of the libraries',
	spokenName: 'libraries',
	place: 'for libraries',
	groups: ['place', 'view', 'catalog', 'list'],
	hints: ['sync', 'close'],
	keys,
	keysElsewhere: [{
		id: 'libraries', keys: ['g l'], label: 'libraries', help: 'Go to the list of libraries', on: ['place'],
		update: state => show(state, {name: 'libraries'}),
	}],
	awaited: (state, {needsRows}) => awaitedList(state, needsRows),
	cursor: {
		position: state => ({at: state.libraries.list.cursor, length: state.libraries.list.ids.length, rows: shownRows(state)}),
		moveTo: (state, _, at) => moveLibrary(state, at),
	},
	regions: libraryRegions,
	refresh: {
		update: state => state.connection === undefined
			? {...state, message: {text: 'Not connected to a server; press c to connect.', tone: 'warn'}}
			: state,
		effect: loadLibraries,
	},
	keepVisible(state) {
		const list = scrollTo(state.libraries.list, shownRows(state));
		return list === state.libraries.list ? state : {...state, libraries: {...state.libraries, list}};
	},
	view: libraryLines,
	spoken: librarySentences,
	start(context) {
		const unsubscribe = followCatalogChanges(context);
		void context.guard(async () => loadCatalog(context));
		void context.guard(async () => loadLibraries(context));
		return unsubscribe;
	},
	follow: followSums,
});
