import type {SavedQuery} from '../catalog/saved-query.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {ColumnChoices} from '../query/column-choices.js';
import type {QueryWorld} from '../query/language/query-source.js';
import type {CatalogIndex, ItemDetail, ReadRecordValues} from '../query/types.js';
import type {ReportQuestion} from '../reports/registry.js';
import type {ReportRow} from '../reports/report-row.js';
import type {ImportResult, Problem, SyncEvent} from '../sync/events.js';
import type {LibraryRow} from '../sync/library-record.js';
import type {Watcher} from '../watch/watcher.js';
import type {Picture, PictureWish} from './graphics/picture.js';
import type {PictureMode, PictureSetting} from './graphics/picture-kind.js';

/**
All that the app may ask for. The session implements it on Plex and the store; tests pass their own object.

Every promise rejects with an `AppError` only.
*/
export type UiServices = {
	initial: {
		version: string;
		connection: Connection | undefined;
		/**
		The first address in the form, such as the last one used. Never a token.
		*/
		formUrl: string;
		/**
		PLEX_TOKEN or --token-file gave the token, so the form does not ask for it.
		*/
		hasToken: boolean;
		catalog: CatalogHeader;
		/**
		A sentence that says which process writes, where this one only reads.
		*/
		readOnlyReason: string | undefined;
		/**
		Something that the user must know first, such as a damaged catalogue that was moved aside.
		*/
		notice: string | undefined;
		opensWatch?: boolean;
		/**
		The keys of the settings, unchecked; `readKeySettings` reads them.
		*/
		keys?: unknown;
		/**
		The theme of the settings; one that is not known counts as none.
		*/
		theme?: string | undefined;
		columns?: ColumnChoices;
		isMouseOn: boolean;
	};
	/**
	Remembers whether the app uses the mouse.
	*/
	keepMouse: (isOn: boolean) => Promise<void>;
	/**
	The daemon that keeps the catalogue in step, if one runs. Then only the daemon syncs: the app asks it, and does not call `startImport`, `startSync` and `retry`.
	*/
	watch?: WatchPart;
	/**
	What `watch.who` is by now; undefined while that daemon has ended, when the app does its own runs. Missing where it stays.
	*/
	watching?: () => string | undefined;
	/**
	Loads the catalogue into `index`, and resolves when everything can be browsed.
	*/
	load: (onProgress: (share: number) => void) => Promise<void>;
	/**
	Reads a typed address: what of it leads to the server, and a sentence when something was left out. Returns undefined for a text that is no address; `connect` then says why.
	*/
	readAddress?: (text: string) => {url: string; leftOut: string | undefined} | undefined;
	/**
	An aborted attempt leaves nothing behind.
	*/
	connect: (target: ConnectTarget, options?: {signal?: AbortSignal}) => Promise<Connection>;
	/**
	Known servers, and who is signed in. This asks nobody.
	*/
	servers: () => Promise<{account: string | undefined; servers: ServerChoice[]}>;
	nearby: (options: {signal: AbortSignal}) => Promise<NearbyChoice[]>;
	signIn: (options: SignInRequest) => Promise<{account: string; servers: ServerChoice[]}>;
	/**
	All libraries of the connected server, in the order of the server, with their counts in the catalogue.
	*/
	libraries: () => Promise<LibraryRow[]>;
	/**
	Keeps the theme in the settings.
	*/
	chooseTheme?: (name: string) => Promise<void>;
	/**
	Keeps the columns of the lists in the settings.
	*/
	keepColumns?: (choices: ColumnChoices) => Promise<void>;
	chooseLibraries: (libraryIds: readonly string[]) => Promise<void>;
	/**
	Resolves when the run has ended, also when it was cancelled. News goes to `onEvent`.
	*/
	startImport: (libraryIds: readonly string[]) => Promise<ImportResult>;
	/**
	Syncs libraries, or all of the catalogue when none is named. Otherwise as `startImport`.
	*/
	startSync: (libraryIds?: readonly string[]) => Promise<ImportResult>;
	/**
	The rows of a report. A question with a query may be aborted.

	@throws {QueryError}
	*/
	report: (question: ReportQuestion, options?: {signal?: AbortSignal}) => Promise<ReportRow[]>;
	/**
	Removes the held items of these libraries, which are gone from their server. Resolves with their number.
	*/
	acceptRemovals: (libraryIds: readonly string[]) => Promise<number>;
	/**
	Tries the items of these problems again, and the libraries of problems without an item.
	*/
	retry: (problems: readonly Problem[]) => Promise<ImportResult>;
	/**
	Stops the run. What was committed stays.
	*/
	cancelImport: () => void;
	/**
	What was logged since this process started, as lines for people, the newest last; only the last ones are kept. `onLine` tells of each further line.
	*/
	log?: {
		lines: () => readonly string[];
		onLine: (listener: () => void) => () => void;
	};
	index: CatalogIndex;
	/**
	What a query may mean now.
	*/
	queryWorld: () => QueryWorld;
	/**
	Keeps a query under a name, in the place of one that has this name.

	@throws {QueryError} if the query is wrong
	@throws AppError 'usage' for a name that cannot be used
	*/
	saveQuery?: (saved: SavedQuery) => Promise<void>;
	/**
	Reads for `index.list` what the index does not hold.
	*/
	readValues?: ReadRecordValues;
	header: () => CatalogHeader;
	pictures?: PictureService;
	detail: (id: string) => Promise<ItemDetail | undefined>;
	itemTools: ItemTools;
	onEvent: (listener: (event: SyncEvent) => void) => () => void;
	/**
	The newest notice, see `initial.notice`. Reading the catalogue, or another process, may bring one.
	*/
	notice: () => string | undefined;
	/**
	What `initial.readOnlyReason` is by now; missing where it stays.
	*/
	readOnlyReason?: () => string | undefined;
	/**
	`index`, `header` and perhaps `notice`, `watching` and `readOnlyReason` have changed.
	*/
	onCatalogChange: (listener: () => void) => () => void;
};

/**
What can be done with items besides looking at them.
*/
export type ItemTools = {
	/**
	The size of all files of these items and of what is below them, without copies that Plex made; undefined for more items than can be added up quickly.
	*/
	sizeOf: (ids: readonly string[]) => Promise<number | undefined>;
	/**
	The export record of each item, one line of JSON each; undefined where that is longer than `mostLength`.
	*/
	records: (ids: readonly string[], mostLength: number) => Promise<string | undefined>;
	/**
	Writes the export records to a new file in the working folder.
	*/
	exportTo: (ids: readonly string[]) => Promise<{file: string; items: number}>;
	/**
	Opens an address in the browser. Resolves to the reason why it could not, without a full stop; to undefined once it is open.
	*/
	openAddress: (address: string) => Promise<string | undefined>;
	/**
	Plays an item with mpv. Resolves when its window was closed.
	*/
	play: (id: string) => Promise<void>;
};

export type PictureService = {
	setting: PictureSetting;
	/**
	Whether the optional package for it is installed.
	*/
	canDecode: () => boolean;
	/**
	The picture of an item, from the disk or the server; undefined where it has none.
	*/
	load: (wish: PictureWish & {mode: PictureMode}, options: {signal: AbortSignal}) => Promise<Picture | undefined>;
};

export type WatchPart = {
	watcher: Watcher;
	/**
	The daemon runs in this process and ends with it: `reelcat --watch`.
	*/
	isOwn: boolean;
	/**
	The name of the daemon, for the middle of a sentence: `the daemon (process 4711)`.
	*/
	who: string;
	/**
	Reports the state of the connection at once and whenever it changes; missing when it cannot be lost. A `status` event also means that it is back.
	*/
	onLink?: (listener: (link: WatchLink) => void) => () => void;
};

/**
The state of the connection to a daemon; `since` is an ISO instant.
*/
export type WatchLink = {
	isUp: boolean;
	since: string;
	reason?: string;
};

export type ServerChoice = {
	id: string;
	name: string;
	/**
	A few words: where it is, whose it is, or why it cannot be reached.
	*/
	detail: string;
	isWorking: boolean;
};

export type NearbyChoice = {
	id: string;
	name: string;
	url: string;
};

export type SignInNews =
	| {type: 'code-shown'; code: string | undefined; linkUrl: string; authUrl: string}
	| {type: 'waiting'; remainingMs: number}
	| {type: 'code-expired' | 'approved'}
	| {type: 'trouble'; message: string};

export type SignInRequest = {
	signal: AbortSignal;
	report: (news: SignInNews) => void;
	/**
	Resolves when the person wants a new code.
	*/
	renew: () => Promise<void>;
};

export type ConnectTarget = {kind: 'demo'} | {kind: 'known'; id: string; name: string} | {kind: 'server'; url: string; token: string | undefined};

export type Connection = {
	serverId: string;
	serverName: string;
	serverVersion: string | undefined;
	url: string;
	isDemo: boolean;
};
