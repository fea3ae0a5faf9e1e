import {plural} from '../base/text/format.js';
import {picturesAskedAgain} from './graphics/reduce.js';
import {readAgain, say} from './messages.js';
import type {TextEdit} from './parts/text-field.js';
import {secondPress, type KeyBinding, type Position} from './screen-module.js';
import {browseScreen} from './screens/browse/reduce.js';
import {forgetDetail} from './screens/detail/effects.js';
import {cancelImport, startSync} from './screens/import/effects.js';
import {cannotImport} from './screens/import/reduce.js';
import {loadCatalog} from './screens/libraries/effects.js';
import {askToQuit} from './screens/quit/screen.js';
import {moduleOf} from './screens/registry.js';
import {refreshReports} from './screens/report/effects.js';
import {willEndWatch} from './screens/watch/reduce.js';
import {libraryTabs, tabOpened} from './tabs.js';
import {
	isAtFirst,
	isImporting,
	pop,
	topScreen,
	type UiState,
} from './ui-state.js';

/**
A digit is also the beginning of a count; the controller waits for what follows.
*/
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

const editing = (id: string, edit: TextEdit, key: Pick<KeyBinding, 'keys' | 'label' | 'help'>): KeyBinding => ({
	...key,
	id,
	isForTyping: true,
	update: state => moduleOf(topScreen(state)).typing?.edit(state, edit) ?? state,
});

export const editingKeys: readonly KeyBinding[] = [
	editing('caret-left', 'left', {keys: ['left', 'ctrl-b'], label: 'left', help: 'Move the caret left'}),
	editing('caret-right', 'right', {keys: ['right', 'ctrl-f'], label: 'right', help: 'Move the caret right'}),
	editing('word-left', 'word-left', {keys: ['ctrl-left', 'alt-b'], label: 'word left', help: 'Move the caret a word left'}),
	editing('word-right', 'word-right', {keys: ['ctrl-right', 'alt-f'], label: 'word right', help: 'Move the caret a word right'}),
	editing('caret-start', 'start', {keys: ['home', 'ctrl-a'], label: 'start', help: 'Move the caret to the start'}),
	editing('caret-end', 'end', {keys: ['end', 'ctrl-e'], label: 'end', help: 'Move the caret to the end'}),
	editing('erase', 'erase', {keys: ['backspace', 'ctrl-h'], label: 'erase', help: 'Erase the character before the caret'}),
	editing('erase-forward', 'erase-forward', {keys: ['delete', 'ctrl-d'], label: 'erase', help: 'Erase the character under the caret'}),
	editing('erase-word', 'erase-word', {keys: ['ctrl-w'], label: 'erase word', help: 'Erase the word before the caret, up to a blank'}),
	editing('erase-word-forward', 'erase-word-forward', {keys: ['alt-d'], label: 'erase word', help: 'Erase the word behind the caret'}),
	editing('erase-to-end', 'erase-to-end', {keys: ['ctrl-k'], label: 'erase rest', help: 'Erase everything behind the caret'}),
	editing('clear', 'clear', {keys: ['ctrl-u'], label: 'clear', help: 'Clear the text'}),
];

export const catalogKeys: readonly KeyBinding[] = [
	{
		id: 'tab', keys: digits, isFixed: true, label: 'library', help: 'Open a library, if no other key follows at once', on: ['place'],
		argument: {
			asks: 'Library',
			choices: ({header: {libraries}}) => libraries.map(({id, title, counts}) => ({value: id, title, note: plural(counts.movie + counts.show, 'title')})),
			run({get, dispatch}, id) {
				const library = get().header.libraries.find(known => known.id === id);
				if (library !== undefined) {
					dispatch(tabOpened(library));
				}
			},
		},
		effect({dispatch}, before) {
			const library = libraryTabs(before)[Number(before.count) - 1];
			dispatch(library === undefined ? say({text: `There is no library ${before.count}.`, tone: 'warn'}) : tabOpened(library));
		},
	},
	{
		id: 'refresh', keys: ['r'], label: 'refresh', help: 'Read this view again', on: ['view'],
		update: state => (moduleOf(topScreen(state)).refresh?.update ?? readAgain)(state),
		async effect(context) {
			const {get} = context;
			forgetDetail(context);
			context.dispatch(picturesAskedAgain());
			await refreshReports(context);
			if (get().load.status === 'failed') {
				await loadCatalog(context);
			}

			await moduleOf(topScreen(get())).refresh?.effect?.(context);
		},
	},
	{
		id: 'sync', keys: ['R'], label: 'sync', help: 'Bring the catalogue in step with the server; in a list, this library', on: ['catalog'],
		disabledReason: cannotImport,
		async effect(context) {
			const id = browseScreen(context.get())?.query.libraryId;
			await startSync(context, id === undefined ? undefined : [id]);
		},
	},
];

const moving = (id: string, on: readonly string[], target: (position: Required<Position>, count: number | undefined) => number, key: Pick<KeyBinding, 'keys' | 'label' | 'help'>): KeyBinding => ({
	...key,
	id,
	on,
	takesCount: true,
	needsRows: 'first',
	update(state, count) {
		const screen = topScreen(state);
		const {cursor} = moduleOf(screen);
		return cursor === undefined ? state : cursor.moveTo(state, screen, target({across: 1, ...cursor.position(state, screen)}, count));
	},
});

const lists = ['list'];
const listsAndMenus = ['list', 'menu'];
const half = (rows: number) => Math.max(1, Math.floor(rows / 2));
const page = (rows: number) => Math.max(1, rows - 1);

/**
A movement may lead out of range; a screen then goes to its nearest end.
*/
export const movementKeys: readonly KeyBinding[] = [
	moving('down', listsAndMenus, ({at, across}, count = 1) => at + (count * across), {keys: ['j', 'down'], label: 'down', help: 'Down; 5j moves five rows'}),
	moving('up', listsAndMenus, ({at, across}, count = 1) => at - (count * across), {keys: ['k', 'up'], label: 'up', help: 'Up'}),
	moving('half-down', lists, ({at, rows, across}, count = 1) => at + (count * half(rows) * across), {keys: ['ctrl-d'], label: 'half a page down', help: 'Half a page down'}),
	moving('half-up', lists, ({at, rows, across}, count = 1) => at - (count * half(rows) * across), {keys: ['ctrl-u'], label: 'half a page up', help: 'Half a page up'}),
	moving('page-down', lists, ({at, rows, across}, count = 1) => at + (count * page(rows) * across), {keys: ['ctrl-f', 'pagedown'], label: 'page down', help: 'A page down'}),
	moving('page-up', lists, ({at, rows, across}, count = 1) => at - (count * page(rows) * across), {keys: ['ctrl-b', 'pageup'], label: 'page up', help: 'A page up'}),
	moving('top', listsAndMenus, (_, count = 1) => count - 1, {keys: ['g g', 'home'], label: 'first', help: 'First row'}),
	moving('bottom', listsAndMenus, ({length}, count = length) => count - 1, {keys: ['G', 'end'], label: 'last', help: 'Last row; 17G goes to row 17'}),
];

/**
Goes one step back, but never out of the app.
*/
const back = (state: UiState): UiState => {
	const screen = topScreen(state);
	const module = moduleOf(screen);
	const own = module.back?.(state, screen);
	if (own !== undefined) {
		return own;
	}

	if (module.narrowing?.isNarrowed(screen) === true) {
		return module.narrowing.clear(state);
	}

	if (state.stack.length > 1) {
		return pop(state);
	}

	return state.notice === undefined ? {...state, message: {text: 'Press q to quit.', tone: 'plain'}} : {...state, notice: undefined};
};

const willEndWork = (state: UiState) => isImporting(state) || willEndWatch(state);

const interrupts = secondPress(2000);

export const leavingKeys: readonly KeyBinding[] = [
	{
		id: 'back', keys: ['escape', 'h', 'left'], label: 'back', help: 'One step back; clears marks first, then the filter',
		update: back,
		effect(context, before) {
			moduleOf(topScreen(before)).onBack?.(context, before);
		},
	},
	{
		id: 'close', keys: ['q'], label: state => isAtFirst(state) ? 'quit' : 'close', help: 'Close this screen; quit on the first one',
		update(state) {
			if (isAtFirst(state)) {
				return willEndWork(state) ? askToQuit(state) : state;
			}

			return back(moduleOf(topScreen(state)).narrowing?.clear(state) ?? state);
		},
		effect(context, before) {
			if (!isAtFirst(before)) {
				moduleOf(topScreen(before)).onBack?.(context, before);
			} else if (!willEndWork(before)) {
				context.quit(0);
			}
		},
	},
];

export const appKeys: readonly KeyBinding[] = [
	{
		id: 'quit', keys: ['Q'], label: 'quit', help: 'Quit at once; what is committed stays',
		effect(context) {
			context.services.cancelImport();
			context.quit(0);
		},
	},
	{
		id: 'interrupt', keys: ['ctrl-c'], isFixed: true, label: ({job}) => job.status === 'cancelling' ? 'quit' : 'cancel', help: 'Cancel a running import; twice, or with nothing running here, quit', isAlways: true,
		effect(context) {
			const {get, dispatch, quit} = context;
			const isSecond = interrupts(context).isSecond();
			if (!isSecond && isImporting(get())) {
				cancelImport(context);
			} else if (!isSecond && willEndWatch(get())) {
				dispatch(say({text: 'Watching ends with this app. Press Ctrl-C again to quit.', tone: 'warn'}));
			} else {
				quit(130);
			}
		},
	},
	{
		id: 'mouse', keys: ['ctrl-t'], label: 'mouse', help: 'Use the mouse or not; while it is used, Shift-drag selects text', isAlways: true,
		update: state => ({
			...state,
			isMouseOn: !state.isMouseOn,
			message: {text: state.isMouseOn ? 'The mouse is off: it selects text again.' : 'The mouse is on. Hold Shift and drag to select text.', tone: 'plain'},
		}),
		effect: async ({services, get}) => services.keepMouse(get().isMouseOn),
	},
	{
		id: 'suspend', keys: ['ctrl-z'], label: 'suspend', help: 'Suspend reelcat; fg brings it back', isAlways: true,
		effect: async ({suspend}) => suspend(),
	},
	{
		id: 'repaint', keys: ['ctrl-l'], label: 'repaint', help: 'Paint the screen again', isAlways: true,
		effect: async ({repaint}) => repaint(),
	},
];
