import type {CatalogIndex} from '../query/types.js';
import type {PictureWish} from './graphics/picture.js';
import type {Region} from './input/pointer.js';
import type {Layout} from './layout.js';
import type {Line, Span} from './line.js';
import type {UiMessage} from './messages.js';
import type {ClipboardWay} from './output/clipboard.js';
import type {TextEdit} from './parts/text-field.js';
import type {UiServices} from './services.js';
import type {Glyphs, Theme} from './theme.js';
import type {Screen, UiState} from './ui-state.js';

export type EffectContext = {
	services: UiServices;
	get: () => UiState;
	dispatch: (message: UiMessage) => void;
	quit: (exitCode: number) => void;
	suspend: () => Promise<void>;
	/**
	Does an action as its key would on the screen that is now on top.
	*/
	pressKey: (key: KeyBinding) => void;
	repaint: () => Promise<void>;
	/**
	Sends a text to the clipboard of the terminal. Returns how, since no terminal answers whether it took it; `none`: there is no way, and nothing was sent.
	*/
	copy: (text: string) => ClipboardWay;
	/**
	A monotonic clock, in milliseconds.
	*/
	now: () => number;
	/**
	How long the cursor rests before a detail or pictures are asked for.
	*/
	restMs: number;
	/**
	How long a key that begins something waits for another one. Then a digit opens the library of its tab, and else the app shows what may follow; undefined means never.
	*/
	tabMs: number | undefined;
	/**
	How often a list under a running import is read again, at most.
	*/
	relistMs: number;
	/**
	Runs a task that a key or a timer began and that nobody waits for. An `AppError` is shown; any other error ends the app.
	*/
	guard: (task: () => void | Promise<void>) => Promise<void>;
	/**
	Runs a listener of a service or a timer, so that a bug of the screen does not end up in the engine that called it.
	*/
	safely: (task: () => void) => void;
};

/**
Something that a screen keeps between two effects, such as a request that can be aborted. It is made on first use, once for each running app.
*/
export const perApp = <Kept>(create: (context: EffectContext) => Kept) => {
	const all = new WeakMap<EffectContext, {kept: Kept}>();
	return (context: EffectContext): Kept => {
		const known = all.get(context) ?? {kept: create(context)};
		all.set(context, known);
		return known.kept;
	};
};

/**
Tells whether a key is pressed a second time within `withinMs`, on the same subject.
*/
export const secondPress = (withinMs: number) => perApp(({now}) => {
	let last = {subject: '', atMs: -Infinity};
	return {
		isSecond(subject = ''): boolean {
			const isAgain = subject === last.subject && now() - last.atMs <= withinMs;
			last = {subject, atMs: now()};
			return isAgain;
		},
	};
});

export type ActionChoice = {value: string; title: string; note?: string};

/**
An action: its keys and its effect. The footer, the help, `docs/keys.md` and the keys themselves come from these.
*/
export type KeyBinding = {
	id: string;
	/**
	Names as `keyNames` gives them; a sequence is written with a space. The settings may give it others, see `keysOf`.
	*/
	keys: readonly string[];
	label: string | ((state: UiState) => string);
	help: string;
	/**
	Names or groups of screens. A key of one screen, and a key that works everywhere, have none.
	*/
	on?: readonly string[];
	/**
	The footer shows it. A screen may name further keys in its `hints`.
	*/
	isHint?: true;
	/**
	Works while text is typed, and only then.
	*/
	isForTyping?: true;
	/**
	Works while text is typed and while none is.
	*/
	isAlways?: true;
	/**
	A number before it means something.
	*/
	takesCount?: true;
	/**
	It needs the first rows of a list, or all that a list will have once it is complete. What people type in one go, such as `l5j` or `lt`, must not depend on how fast they are read.
	*/
	needsRows?: 'first' | 'all';
	/**
	The settings cannot give it other keys.
	*/
	isFixed?: true;
	/**
	Why it cannot be done now, a sentence; undefined when it can.
	*/
	disabledReason?: (state: UiState) => string | undefined;
	/**
	What the palette asks for in its line, and then does instead of the update and the effect. Without `choices` any text will do.
	*/
	argument?: {
		asks: string;
		choices?: (state: UiState) => readonly ActionChoice[];
		run: (context: EffectContext, value: string) => void | Promise<void>;
	};
	/**
	`count` is the number typed before the key, as in `5j`.
	*/
	update?: (state: UiState, count: number | undefined) => UiState;
	/**
	Runs after `update`. `before` is the state in which the key was pressed.
	*/
	effect?: (context: EffectContext, before: UiState) => void | Promise<void>;
};

/**
What a key awaits on a screen that only lists rows.
*/
export const awaitedRows = ({needsRows}: Pick<KeyBinding, 'needsRows'>, areOnTheirWay: boolean): string | undefined => areOnTheirWay && needsRows !== undefined ? 'the rows' : undefined;

export type ScreenProps<Entry extends Screen = Screen> = {
	readonly state: UiState;
	readonly screen: Entry;
	readonly index: Pick<CatalogIndex, 'get'>;
	readonly theme: Theme;
	readonly layout: Layout;
	readonly now: Date;
	/**
	Nothing moves by itself: for slow links.
	*/
	readonly isStill: boolean;
};

export type Position = {
	at: number;
	length: number;
	rows: number;
	/**
	How many stand side by side, where a row has more than one.
	*/
	across?: number;
};

/**
A screen: its names, its keys, and how it looks and sounds. `Entry` is its entry on the stack. The registry lists all screens; nothing else names them one by one.
*/
export type ScreenModule<Entry extends Screen = Screen> = {
	name: string;
	/**
	Heading in `docs/keys.md`.
	*/
	title: string;
	helpTitle: string;
	typingTitle?: string;
	spokenName: string;
	/**
	Ends the sentence `… is not available` for a key that does nothing here.
	*/
	place: string | ((screen: Entry) => string);
	/**
	Groups of screens that share keys: `place`, where reports can be opened; `view`, which shows the catalogue and can be read again; `catalog`, where libraries are synced; `list` and `menu`, where a cursor moves.
	*/
	groups?: ReadonlyArray<'place' | 'view' | 'catalog' | 'list' | 'menu'>;
	/**
	Ids of shared keys that its footer shows.
	*/
	hints?: readonly string[];
	keys?: readonly KeyBinding[];
	keysElsewhere?: readonly KeyBinding[];
	/**
	What a key needs that is still on its way, such as `the list of libraries`. The key is kept until it is there.
	*/
	awaited?: (state: UiState, key: Pick<KeyBinding, 'needsRows'>) => string | undefined;
	/**
	What the header calls it, where its entry has no `crumb`.
	*/
	crumb?: (state: UiState) => string;
	headerSpans?: (screen: Entry, glyphs: Glyphs) => Span[];
	/**
	Where the cursor is, such as `3/17`; empty when there is nothing to tell.
	*/
	positionText?: (state: UiState, screen: Entry) => string;
	/**
	Where there is room for borders, the border of its panel shows the position, and the header need not.
	*/
	hasOwnPosition?: true;
	cursor?: {
		position: (state: UiState, screen: Entry) => Position;
		/**
		`at` may be out of range.
		*/
		moveTo: (state: UiState, screen: Entry, at: number) => UiState;
	};
	/**
	The parts of its lines that answer to the mouse, counted from its first line.
	*/
	regions?: (state: UiState, screen: Entry) => Region[];
	typing?: {
		isOpen: (state: UiState, screen: Entry) => boolean;
		insert: (state: UiState, text: string) => UiState;
		edit: (state: UiState, edit: TextEdit) => UiState;
	};
	narrowing?: {
		isNarrowed: (screen: Entry) => boolean;
		clear: (state: UiState) => UiState;
	};
	/**
	What Esc does here instead of one step back. `onBack` is its effect.
	*/
	back?: (state: UiState, screen: Entry) => UiState | undefined;
	onBack?: (context: EffectContext, before: UiState) => void;
	/**
	What `r` does here besides reading the catalogue again; for the group `view`.
	*/
	refresh?: {
		update?: (state: UiState) => UiState;
		effect?: (context: EffectContext) => Promise<void>;
	};
	/**
	Scrolls its lists until their cursors are on the screen. Returns the same state when nothing has to move.
	*/
	keepVisible?: (state: UiState) => UiState;
	/**
	Whose pictures should be on the screen, the most wanted first.
	*/
	pictures?: (state: UiState, screen: Entry, index: Pick<CatalogIndex, 'get'>) => PictureWish[];
	/**
	The lines between the header and the footer; undefined where lines are not enough, and `app.tsx` has an element for the screen. So whoever only needs the keys loads no Ink.
	*/
	view: (props: ScreenProps<Entry>) => Line[] | undefined;
	/**
	The screen as sentences for a screen reader. Each should change only when it is worth hearing.
	*/
	spoken: (state: UiState, screen: Entry, index: Pick<CatalogIndex, 'get'>) => string[];
	/**
	Called once when the app has started. The function that it returns is called when the app ends.
	*/
	start?: (context: EffectContext) => (() => void) | void;
	/**
	Called after each message, to ask for what the state now wants to show.
	*/
	follow?: (context: EffectContext) => void;
};

/**
Makes a module for the registry. It only ever gets screens of its own name, so the cast is safe.
*/
export const screenModule = <Entry extends Screen>(module: ScreenModule<Entry>): ScreenModule => module as unknown as ScreenModule;

export const spokenLines = (lines: readonly Line[]): string[] =>
	lines.map(spans => spans.map(({text}) => text).join('').trim()).filter(text => text !== '');
