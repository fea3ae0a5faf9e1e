import {clean} from '../base/text/clean.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {ColumnChoices} from '../query/column-choices.js';
import type {Glance} from '../query/detail-glance.js';
import type {DetailSection} from '../query/detail-sections.js';
import type {Totals} from '../query/totals.js';
import type {PicturesState} from './graphics/state.js';
import type {ShownFailure} from './parts/failure.js';
import type {TextField} from './parts/text-field.js';
import type {ConnectState, SignInState} from './screens/connect/state.js';
import type {ImportJob} from './screens/import/state.js';
import type {LibrariesState} from './screens/libraries/state.js';
import type {WatchState} from './screens/watch/state.js';
import type {Connection} from './services.js';
import type {ThemeName} from './theme.js';

export type Screen = {
	name: string;
	/**
	Lies on top of another screen, which shows through: the help, a menu, a question.
	*/
	isOverlay?: true;
	/**
	The app was opened for this screen, so that to close it is to quit.
	*/
	isFirst?: boolean;
	crumb?: string;
	filter?: TextField;
	isFiltering?: boolean;
	/**
	The part of the filter that cannot be understood, in UTF-16 units.
	*/
	filterFault?: {start: number; end: number} | undefined;
	/**
	Shows the detail of the selected row beside or below its list, where there is room. False also hides the pane of the lists beneath.
	*/
	hasPane?: boolean;
	tellsWriter?: true;
	/**
	Its lists are drawn in panels with borders, where there is room for them.
	*/
	isInPanels?: true;
};

export const detailTabs = ['overview', 'files', 'history', 'ids'] as const;

export type DetailTab = typeof detailTabs[number];

/**
The detail that was asked for last, on its own screen or in the pane of a list.
*/
export type DetailState = {
	id: string | undefined;
	status: 'loading' | 'ready' | 'missing' | 'failed';
	sections: readonly DetailSection[] | undefined;
	glance: Glance | undefined;
	/**
	It stays when the cursor goes to another item.
	*/
	tab: DetailTab;
	failure: ShownFailure | undefined;
	/**
	Width by height of its picture.
	*/
	shape?: number;
};

/**
What was pressed or pasted and waits for `what` on a screen, which is told by its name and its place on the stack. The keys are as they were pressed: what they mean may depend on those before them.
*/
export type KeptKeys = {keys: ReadonlyArray<string | Pasted>; what: string; screen: string; depth: number};

export type Pasted = {pasted: string};

/**
The state that screens share. A screen keeps its own state in its entry on the stack.
*/
export type UiState = {
	version: string;
	size: {columns: number; rows: number};
	/**
	Keys of the settings, by the id of the action.
	*/
	keyChanges: ReadonlyMap<string, readonly string[]>;
	hasToken: boolean;
	readOnlyReason: string | undefined;
	notice: string | undefined;
	connection: Connection | undefined;
	header: CatalogHeader;
	/**
	Of the whole catalogue; undefined until it is summed up.
	*/
	totals: Totals | undefined;
	load: {status: 'loading' | 'ready' | 'failed'; share: number; failure: ShownFailure | undefined};
	/**
	Grows with every change of the catalogue, so that lists know when they are out of date.
	*/
	revision: number;
	/**
	Bottom first, never empty.
	*/
	stack: readonly Screen[];
	nextKey: number;
	connect: ConnectState;
	signIn: SignInState;
	libraries: LibrariesState;
	job: ImportJob;
	watch: WatchState;
	detail: DetailState;
	pictures: PicturesState;
	/**
	Filters that were kept, newest first.
	*/
	filterHistory: readonly string[];
	/**
	Ids of the actions that were done from the palette, newest first.
	*/
	recentActions: readonly string[];
	themeName: ThemeName;
	/**
	Undefined follows the width of the terminal.
	*/
	isPaneOn: boolean | undefined;
	isMouseOn: boolean;
	/**
	The columns of the lists.
	*/
	columnChoices: ColumnChoices;
	/**
	Digits, and first keys of a sequence, that wait for the next key.
	*/
	count: string;
	prefix: string;
	/**
	They have waited for so long that the app shows what may follow.
	*/
	isWaitShown: boolean;
	/**
	Keys that were pressed too early and are done once what they need is there.
	*/
	kept: KeptKeys | undefined;
	message: {text: string; tone: 'plain' | 'good' | 'warn' | 'bad'} | undefined;
};

export const topScreen = (state: UiState): Screen => state.stack.at(-1)!;

export const baseScreen = (state: UiState): Screen =>
	state.stack.findLast(({isOverlay}) => isOverlay !== true) ?? topScreen(state);

/**
What the header calls a screen about one thing: its title, or `otherwise` where the screen beneath is called so already.
*/
export const crumbFor = (state: UiState, title: string, otherwise: string): string => {
	const name = clean(title);
	return topScreen(state).crumb === name ? otherwise : name;
};

export const push = <Entry extends Screen>(state: UiState, screen: Entry): UiState => ({...state, stack: [...state.stack, screen]});

export const pop = (state: UiState): UiState => state.stack.length > 1 ? {...state, stack: state.stack.slice(0, -1)} : state;

export const replaceTop = <Entry extends Screen>(state: UiState, screen: Entry): UiState => ({...state, stack: [...state.stack.slice(0, -1), screen]});

/**
Puts a screen on top. When the screen is already on the stack, closes the screens above it.
*/
export const show = (state: UiState, screen: Screen): UiState => {
	const at = state.stack.findIndex(({name}) => name === screen.name);
	return at === -1 ? push(state, screen) : {...state, stack: state.stack.slice(0, at + 1)};
};

/**
Changes the screens of one kind, wherever they are on the stack. Returns the same state when none changes.
*/
export const changeScreens = <Entry extends Screen>(state: UiState, isOne: (screen: Screen) => screen is Entry, change: (screen: Entry) => Entry): UiState => {
	const stack = state.stack.map(screen => isOne(screen) ? change(screen) : screen);
	return stack.every((screen, index) => screen === state.stack[index]) ? state : {...state, stack};
};

export const isAtFirst = (state: UiState): boolean => state.stack.length === 1 || topScreen(state).isFirst === true;

export const isImporting = ({job}: Pick<UiState, 'job'>): boolean => job.status === 'running' || job.status === 'cancelling';
