import type {SortField} from '../query/types.js';
import {wasCutShort} from './screens/import/reduce.js';
import {selectedLibrary} from './screens/libraries/reduce.js';
import {isReport, kindsOf, selectedRow} from './screens/report/reduce.js';
import {
	baseScreen,
	browseScreen,
	isImporting,
	isTyping,
	topScreen,
} from './stack.js';
import type {BrowseScreen, ScreenName, UiState} from './ui-state.js';
import {
	cannotAct,
	cannotAsk,
	cannotBrowseWatched,
	cannotPause,
	cannotSyncWatched,
	noRunOfJob,
	nothingWatched,
} from './screens/watch/reasons.js';
import {willEndWatch} from './screens/watch/reduce.js';

export type ActionId =
	| 'sign-in-again'
	| 'down' | 'up' | 'half-down' | 'half-up' | 'page-down' | 'page-up' | 'top' | 'bottom'
	| 'open' | 'back' | 'start-import' | 'tick' | 'tick-all' | 'filter' | 'sort' | 'reverse'
	| 'detail-down' | 'detail-up' | 'pane' | 'retry' | 'refresh' | 'import-library' | 'sync' | 'changes' | 'runs' | 'held' | 'log' | 'kind' | 'timeline' | 'longer' | 'shorter' | 'accept-removals' | 'jobs' | 'change-server'
	| 'confirm-quit' | 'close' | 'quit' | 'interrupt' | 'help' | 'repaint' | 'suspend'
	| 'next-pane' | 'previous-pane' | 'browse-library' | 'pause-job' | 'cancel-job' | 'retry-job' | 'run-job-now' | 'move-job-up' | 'move-job-down' | 'full-sync'
	| 'accept' | 'cancel' | 'next-field' | 'previous-field'
	| 'caret-left' | 'caret-right' | 'caret-start' | 'caret-end' | 'erase' | 'erase-forward' | 'clear';

export type Action = {
	id: ActionId;
	/**
	Names as `keyNames` gives them; a sequence is written with a space.
	*/
	keys: readonly string[];
	/**
	For the footer: one or two words.
	*/
	label: string;
	/**
	For the help screen: what it does.
	*/
	help: string;
	screens: readonly ScreenName[];
	/**
	Where the footer shows it.
	*/
	hints?: readonly ScreenName[];
	/**
	Works while text is typed, and only then.
	*/
	isForTyping?: true;
	/**
	Works in both.
	*/
	isAlways?: true;
	/**
	Why it cannot be done now, a sentence; undefined when it can.
	*/
	disabledReason?: (state: UiState) => string | undefined;
};

const reports: readonly ScreenName[] = ['changes', 'timeline', 'runs', 'run', 'log', 'held'];
const screens: readonly ScreenName[] = ['connect', 'sign-in', 'libraries', 'import', 'problem', 'browse', 'detail', ...reports, 'watch', 'text'];
const everywhere: readonly ScreenName[] = [...screens, 'help', 'sort', 'quit'];
const lists: readonly ScreenName[] = ['libraries', 'import', 'browse', 'detail', 'problem', ...reports, 'watch', 'text', 'help'];
const openable: readonly ScreenName[] = ['import', 'browse', ...reports];
const filterable: readonly ScreenName[] = ['browse', ...reports];
/**
Where one looks around: the reports can be opened from here.
*/
const places: readonly ScreenName[] = ['libraries', 'import', 'browse', 'detail', ...reports, 'watch'];
const menus: readonly ScreenName[] = [...lists, 'connect', 'sort'];

type SortChoice = {
	field: SortField;
	label: string;
	/**
	Where the rows have it.
	*/
	levels: ReadonlyArray<BrowseScreen['level']>;
};

const sortChoices: readonly SortChoice[] = [
	{field: 'title', label: 'Title', levels: ['movie', 'show', 'season', 'episode']},
	{field: 'number', label: 'Number', levels: ['season', 'episode']},
	{field: 'year', label: 'Year', levels: ['movie', 'show', 'season', 'episode']},
	{field: 'added', label: 'Date added', levels: ['movie', 'show', 'season', 'episode']},
	{field: 'duration', label: 'Length', levels: ['movie', 'episode']},
	{field: 'resolution', label: 'Resolution', levels: ['movie', 'episode']},
	{field: 'rating', label: 'Rating', levels: ['movie', 'show', 'episode']},
];

/**
What the list on the screen, or under the menu, can be sorted by.
*/
export const sortFieldsOf = (state: UiState): SortChoice[] => {
	const level = browseScreen(state)?.level;
	return sortChoices.filter(({levels}) => level !== undefined && levels.includes(level));
};

const readOnly = ({readOnlyReason}: UiState) => readOnlyReason;

const cannotImport = (state: UiState) => {
	if (isImporting(state)) {
		return 'An import is running; w shows it, Ctrl-C cancels it.';
	}

	// Where a daemon runs, it is asked to.
	if (state.watch.source !== undefined) {
		return cannotAsk(state);
	}

	const offline = state.connection === undefined ? 'Not connected to a server; press c on Libraries to connect.' : undefined;
	return readOnly(state) ?? offline;
};

const cannotStart = (state: UiState) =>
	cannotImport(state) ?? (state.libraries.rows.some(row => row.isChosen && row.disabledReason === undefined)
		? undefined
		: 'Tick a library with Space first, or press l to browse one.');

const cannotRetry = (state: UiState) =>
	cannotImport(state) ?? (wasCutShort(state.job) || state.job.progress.problems.length > 0 ? undefined : 'Nothing failed, so there is nothing to retry.');

const cannotPane = ({size}: UiState) => size.columns < 80 || (size.columns < 120 && size.rows < 16)
	? 'The terminal is too small for the pane; Enter opens the detail.'
	: undefined;

const noLibrary = (state: UiState) => {
	const row = selectedLibrary(state);
	return row === undefined ? 'There is no library here.' : row.disabledReason;
};

const noRow = (state: UiState) => {
	const screen = topScreen(state);
	if (screen.name === 'browse') {
		return screen.list.ids.length === 0 ? 'There is nothing to open here.' : undefined;
	}

	if (screen.name === 'libraries') {
		const row = selectedLibrary(state);
		return row === undefined || row.catalogCount === 0 ? noLibrary(state) : undefined;
	}

	if (isReport(screen)) {
		return selectedRow(screen)?.opens === undefined ? 'This row opens nothing.' : undefined;
	}

	const hasFindings = state.job.isSync && state.job.result !== undefined;
	return !hasFindings && screen.name === 'import' && state.job.problems.ids.length === 0 ? 'There is no problem to open.' : undefined;
};

const noKinds = (state: UiState) => {
	const screen = topScreen(state);
	return isReport(screen) && kindsOf(screen).length < 2 && screen.kind === undefined ? 'All rows are of one kind.' : undefined;
};

const noPeriod = (state: UiState) => {
	const screen = topScreen(state);
	return isReport(screen) && !('days' in screen.question) ? 'These are the changes of one run; C on another screen shows those of a period.' : undefined;
};

const noRun = (state: UiState) => {
	const screen = topScreen(state);
	if (screen.name === 'watch') {
		return noRunOfJob(state);
	}

	if (screen.name === 'import') {
		return state.job.result === undefined ? 'The log can be opened when the run has ended.' : undefined;
	}

	return isReport(screen) && screen.name === 'runs' && selectedRow(screen)?.opens === undefined ? 'There is no run here.' : undefined;
};

const noItem = (state: UiState) => {
	const screen = topScreen(state);
	const isEmpty = screen.name === 'browse' && screen.list.selectedId === undefined;
	return isEmpty || (isReport(screen) && selectedRow(screen)?.opens?.name !== 'detail') ? 'There is no item here.' : undefined;
};

const noNewCode = ({signIn: {status}}: UiState) => status === 'expired' || status === 'failed' ? undefined : 'The code on the screen still works.';

const noOtherServer = (state: UiState) => willEndWatch(state) ? 'This server is being watched; quit, and start reelcat without --watch to choose another.' : undefined;

/**
A daemon does it between two jobs.
*/
const cannotRemove = (state: UiState) => state.watch.source === undefined ? cannotImport(state) : undefined;

const nothingHeld = (state: UiState) => cannotRemove(state) ?? (state.header.libraries.some(({sync}) => sync?.held !== undefined)
	? undefined
	: 'Nothing is held: what is gone from the server was removed, or nothing is gone.');

/**
Every key of the app. The footer, the help and the keys themselves come from this table.
*/
export const actions: readonly Action[] = [
	{
		id: 'accept', keys: ['enter'], label: 'next', help: 'Next field; on the last one, connect', screens: ['connect'], hints: ['connect'], isForTyping: true,
	},
	{
		id: 'accept', keys: ['enter'], label: 'keep', help: 'Keep the filter and go to the list', screens: filterable, hints: filterable, isForTyping: true,
	},
	{
		id: 'cancel', keys: ['escape'], label: 'cancel', help: 'Leave the form; what was typed stays', screens: ['connect'], hints: ['connect'], isForTyping: true,
	},
	{
		id: 'cancel', keys: ['escape'], label: 'clear', help: 'Clear the filter and go to the list', screens: filterable, hints: filterable, isForTyping: true,
	},
	{
		id: 'next-field', keys: ['tab', 'down'], label: 'other field', help: 'Next field', screens: ['connect'], hints: ['connect'], isForTyping: true,
	},
	{
		id: 'next-field', keys: ['down', 'tab'], label: 'down', help: 'Down, while filtering', screens: filterable, hints: filterable, isForTyping: true,
	},
	{
		id: 'previous-field', keys: ['shift-tab', 'up'], label: 'previous', help: 'Previous field', screens: ['connect'], isForTyping: true,
	},
	{
		id: 'previous-field', keys: ['up', 'shift-tab'], label: 'up', help: 'Up, while filtering', screens: filterable, hints: filterable, isForTyping: true,
	},
	{
		id: 'caret-left', keys: ['left', 'ctrl-b'], label: 'left', help: 'Move the caret left', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'caret-right', keys: ['right', 'ctrl-f'], label: 'right', help: 'Move the caret right', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'caret-start', keys: ['home', 'ctrl-a'], label: 'start', help: 'Move the caret to the start', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'caret-end', keys: ['end', 'ctrl-e'], label: 'end', help: 'Move the caret to the end', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'erase', keys: ['backspace', 'ctrl-h'], label: 'erase', help: 'Erase the character before the caret', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'erase-forward', keys: ['delete', 'ctrl-d'], label: 'erase', help: 'Erase the character under the caret', screens: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'clear', keys: ['ctrl-u'], label: 'clear', help: 'Clear the text', screens: ['connect', ...filterable], isForTyping: true,
	},

	{
		id: 'confirm-quit', keys: ['y', 'enter'], label: 'quit', help: 'Cancel what runs and quit; what is committed stays', screens: ['quit'], hints: ['quit'],
	},
	{
		id: 'start-import', keys: ['enter'], label: 'import', help: 'Import the ticked libraries', screens: ['libraries'], hints: ['libraries'], disabledReason: cannotStart,
	},
	{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'open', help: 'Open what is selected', screens: openable, hints: openable, disabledReason: noRow,
	},
	{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'choose', help: 'Choose what is selected', screens: ['connect', 'sort'], hints: ['connect', 'sort'],
	},
	{
		id: 'next-pane', keys: ['tab'], label: 'next pane', help: 'The next pane: jobs, libraries, alerts and events', screens: ['watch'], hints: ['watch'],
	},
	{
		id: 'previous-pane', keys: ['shift-tab'], label: 'pane before', help: 'The pane before', screens: ['watch'],
	},
	{
		id: 'pause-job', keys: ['p'], label: 'pause', help: 'Pause the job, or let it go on', screens: ['watch'], hints: ['watch'], disabledReason: cannotPause,
	},
	{
		id: 'cancel-job', keys: ['x'], label: 'cancel', help: 'Cancel the job; one that runs wants the key twice, r brings it back', screens: ['watch'], hints: ['watch'], disabledReason: cannotAct('cancel'),
	},
	{
		id: 'retry-job', keys: ['r'], label: 'retry', help: 'Try the job again that failed, was parked or cancelled', screens: ['watch'], hints: ['watch'], disabledReason: cannotAct('retry'),
	},
	{
		id: 'run-job-now', keys: ['n'], label: 'run now', help: 'Run the job now, before all others', screens: ['watch'], hints: ['watch'], disabledReason: cannotAct('run-now'),
	},
	{
		id: 'move-job-up', keys: ['K'], label: 'earlier', help: 'Move the job up in the queue', screens: ['watch'], disabledReason: cannotAct('move-up'),
	},
	{
		id: 'move-job-down', keys: ['J'], label: 'later', help: 'Move the job down in the queue', screens: ['watch'], disabledReason: cannotAct('move-down'),
	},
	{
		id: 'sync', keys: ['R', 's'], label: 'sync', help: 'Sync the selected library, or that of the job, now', screens: ['watch'], hints: ['watch'], disabledReason: cannotSyncWatched,
	},
	{
		id: 'full-sync', keys: ['S', 'I'], label: 'full sync', help: 'Compare all of the library with the server now', screens: ['watch'], disabledReason: cannotSyncWatched,
	},
	{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'details', help: 'All that is known of the job, library, alert or event', screens: ['watch'], hints: ['watch'], disabledReason: nothingWatched,
	},
	{
		id: 'browse-library', keys: ['b'], label: 'browse', help: 'Browse the selected library, or that of the job', screens: ['watch'], disabledReason: cannotBrowseWatched,
	},
	{
		id: 'sign-in-again', keys: ['enter'], label: 'new code', help: 'Ask for a new code, where the old one has expired or none came', screens: ['sign-in'], hints: ['sign-in'], disabledReason: noNewCode,
	},
	{
		id: 'open', keys: ['l', 'right', 'b'], label: 'browse', help: 'Browse the selected library', screens: ['libraries'], hints: ['libraries'], disabledReason: noRow,
	},
	{
		id: 'tick', keys: ['space'], label: 'tick', help: 'Tick or untick the library', screens: ['libraries'], hints: ['libraries'], disabledReason: noLibrary,
	},
	{
		id: 'tick-all', keys: ['a'], label: 'all', help: 'Tick all libraries, or none', screens: ['libraries'], hints: ['libraries'],
	},
	{
		id: 'filter', keys: ['/'], label: 'filter', help: 'Filter as you type', screens: filterable, hints: filterable,
	},
	{
		id: 'kind', keys: ['f'], label: 'one kind', help: 'Only rows of one kind, such as what was added; again for the next kind', screens: ['changes', 'timeline', 'runs', 'held'], hints: ['changes', 'runs'], disabledReason: noKinds,
	},
	{
		id: 'sort', keys: ['s'], label: 'sort', help: 'Choose what to sort by', screens: ['browse'], hints: ['browse'],
	},
	{
		id: 'reverse', keys: ['S'], label: 'reverse', help: 'Reverse the order', screens: ['browse', 'sort'],
	},
	{
		id: 'pane', keys: ['p'], label: 'pane', help: 'Show or hide the detail pane', screens: ['browse'], hints: ['browse'], disabledReason: cannotPane,
	},
	{
		id: 'detail-down', keys: ['J'], label: 'scroll down', help: 'Scroll the detail down', screens: ['browse', 'detail'], hints: ['detail'],
	},
	{
		id: 'detail-up', keys: ['K'], label: 'scroll up', help: 'Scroll the detail up', screens: ['browse', 'detail'], hints: ['detail'],
	},
	{
		id: 'retry', keys: ['r'], label: 'retry', help: 'Try what failed again', screens: ['import'], hints: ['import'], disabledReason: cannotRetry,
	},
	{
		id: 'refresh', keys: ['r'], label: 'refresh', help: 'Read this view again', screens: ['libraries', 'browse', 'detail', ...reports],
	},
	{
		id: 'sync', keys: ['R'], label: 'sync', help: 'Bring the catalogue in step with the server; in a list, this library', screens: ['libraries', 'browse', 'detail'], hints: ['libraries', 'browse'], disabledReason: cannotImport,
	},
	{
		id: 'changes', keys: ['C'], label: 'changes', help: 'What has changed on the server; after a sync and for a run, what it found', screens: places, hints: ['import'],
	},
	{
		id: 'runs', keys: ['H'], label: 'runs', help: 'Every import and sync, with its changes, problems and log', screens: places,
	},
	{
		id: 'log', keys: ['L'], label: 'log', help: 'The log of the run', screens: ['runs', 'run', 'import', 'watch'], hints: ['runs', 'run'], disabledReason: noRun,
	},
	{
		id: 'held', keys: ['M'], label: 'missing', help: 'What is gone from the server and held, until you accept it', screens: places,
	},
	{
		id: 'timeline', keys: ['t'], label: 'timeline', help: 'All that happened to this item', screens: ['browse', 'detail', 'held'], hints: ['detail', 'held'], disabledReason: noItem,
	},
	{
		id: 'longer', keys: [']'], label: 'longer', help: 'A longer period', screens: ['changes'], hints: ['changes'], disabledReason: noPeriod,
	},
	{
		id: 'shorter', keys: ['['], label: 'shorter', help: 'A shorter period', screens: ['changes'], hints: ['changes'], disabledReason: noPeriod,
	},
	{
		id: 'accept-removals', keys: ['A'], label: 'accept', help: 'Remove what is gone from the server and held; asks by wanting the key twice', screens: ['libraries', 'held'], hints: ['held'], disabledReason: nothingHeld,
	},
	{
		id: 'import-library', keys: ['I'], label: 'import', help: 'Import this library again', screens: ['libraries', 'browse', 'detail'],
		disabledReason: state => cannotImport(state) ?? (baseScreen(state).name === 'libraries' ? noLibrary(state) : undefined),
	},
	{
		id: 'jobs', keys: ['w'], label: 'watch', help: 'Watch the daemon; where none runs, the import that was started here', screens: ['libraries', 'browse', 'detail', ...reports], hints: ['detail'],
	},
	{
		id: 'change-server', keys: ['c'], label: 'server', help: 'Sign in, or connect to another server', screens: ['libraries', 'import'],
		disabledReason: state => isImporting(state) ? 'An import is running; Ctrl-C cancels it.' : (readOnly(state) ?? noOtherServer(state)),
	},

	{
		id: 'down', keys: ['j', 'down'], label: 'down', help: 'Down; 5j moves five rows', screens: menus, hints: ['connect', 'problem', 'help', 'sort'],
	},
	{
		id: 'up', keys: ['k', 'up'], label: 'up', help: 'Up', screens: menus, hints: ['connect', 'problem', 'help', 'sort'],
	},
	{
		id: 'half-down', keys: ['ctrl-d'], label: 'half a page down', help: 'Half a page down', screens: lists,
	},
	{
		id: 'half-up', keys: ['ctrl-u'], label: 'half a page up', help: 'Half a page up', screens: lists,
	},
	{
		id: 'page-down', keys: ['ctrl-f', 'pagedown'], label: 'page down', help: 'A page down', screens: lists,
	},
	{
		id: 'page-up', keys: ['ctrl-b', 'pageup'], label: 'page up', help: 'A page up', screens: lists,
	},
	{
		id: 'top', keys: ['g g', 'home'], label: 'first', help: 'First row', screens: menus,
	},
	{
		id: 'bottom', keys: ['G', 'end'], label: 'last', help: 'Last row; 17G goes to row 17', screens: menus,
	},

	{
		id: 'back', keys: ['escape', 'h', 'left'], label: 'back', help: 'One step back; clears the filter first', screens: everywhere, hints: ['sign-in', 'import', 'problem', 'detail', 'text', 'help', 'sort', 'quit', ...reports],
	},
	{
		id: 'close', keys: ['q'], label: 'close', help: 'Close this screen; quit on the first one', screens: everywhere, hints: ['connect', 'libraries', 'browse', 'import', 'watch'],
	},
	{
		id: 'help', keys: ['?', 'f1'], label: 'help', help: 'The keys of this screen', screens: everywhere, hints: screens,
	},
	{
		id: 'help', keys: ['f1'], label: 'help', help: 'The keys of this screen', screens: ['connect', ...filterable], hints: ['connect', ...filterable], isForTyping: true,
	},
	{
		id: 'quit', keys: ['Q'], label: 'quit', help: 'Quit at once; what is committed stays', screens: everywhere,
	},
	{
		id: 'interrupt', keys: ['ctrl-c'], label: 'cancel', help: 'Cancel a running import; twice, or with nothing running here, quit', screens: everywhere, isAlways: true,
	},
	{
		id: 'suspend', keys: ['ctrl-z'], label: 'suspend', help: 'Suspend reelcat; fg brings it back', screens: everywhere, isAlways: true,
	},
	{
		id: 'repaint', keys: ['ctrl-l'], label: 'repaint', help: 'Paint the screen again', screens: everywhere, isAlways: true,
	},
];

/**
What can be pressed on a screen, in the order of the table. Overlays have their own.
*/
export const actionsOf = (screen: ScreenName, isTypingNow: boolean): Action[] => actions.filter(action =>
	action.screens.includes(screen) && (action.isAlways === true || (action.isForTyping === true) === isTypingNow));

export type Resolved =
	| {kind: 'action'; action: Action}
	| {kind: 'refused'; reason: string}
	| {kind: 'prefix'; prefix: string}
	| {kind: 'none'};

/**
What a key means now.
*/
export const resolveKey = (state: UiState, key: string): Resolved => {
	const {name} = topScreen(state);
	const isText = isTyping(state);
	const live = actionsOf(name, isText);
	const sequence = state.prefix === '' ? key : `${state.prefix} ${key}`;
	const action = live.find(({keys}) => keys.includes(sequence)) ?? live.find(({keys}) => keys.includes(key));
	if (action !== undefined) {
		const reason = action.disabledReason?.(state);
		return reason === undefined ? {kind: 'action', action} : {kind: 'refused', reason};
	}

	if (live.some(({keys}) => keys.some(known => known.startsWith(`${sequence} `)))) {
		return {kind: 'prefix', prefix: sequence};
	}

	const elsewhere = isText ? undefined : actions.find(({keys, isForTyping}) => isForTyping === undefined && keys.includes(key));
	return elsewhere === undefined ? {kind: 'none'} : {kind: 'refused', reason: notHere(elsewhere, state)};
};

const placeNames: Record<ScreenName, string> = {
	connect: 'while connecting',
	'sign-in': 'while signing in',
	libraries: 'for libraries',
	import: 'on the import screen',
	problem: 'for a problem',
	browse: 'in a list',
	detail: 'in the detail',
	changes: 'among the changes',
	timeline: 'in a timeline',
	runs: 'among the runs',
	run: 'for a run',
	log: 'in a log',
	held: 'for what is held',
	watch: 'on the watch',
	text: 'in a text',
	help: 'in the help',
	sort: 'in the sort menu',
	quit: 'in this question',
};

const notHere = ({help, keys}: Action, state: UiState) => {
	const screen = topScreen(state);
	const place = screen.name === 'browse' ? `for ${screen.level}s` : placeNames[screen.name];
	return `${keys[0]!} (${help.charAt(0).toLowerCase()}${help.slice(1)}) is not available ${place}.`;
};
