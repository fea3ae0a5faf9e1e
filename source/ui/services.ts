import type {CatalogHeader} from '../catalog/types.js';
import type {CatalogIndex, ItemDetail} from '../query/types.js';
import type {ReportQuestion} from '../reports/registry.js';
import type {ReportRow} from '../reports/report-row.js';
import type {ImportResult, Problem, SyncEvent} from '../sync/events.js';
import type {LibraryRow} from '../sync/library-rows.js';
import type {Watcher} from '../watch/watcher.js';

export type {LibraryRow} from '../sync/library-rows.js';

/**
What the app may ask for. The session joins it to Plex and the store; tests pass an object of the same type.

Every promise rejects with an `AppError` only.
*/
export type UiServices = {
	/**
	How the app starts: what was connected before, or nothing on the first run.
	*/
	initial: {
		version: string;
		connection: Connection | undefined;
		/**
		What the form shows at first, for instance a remembered address. Never a token.
		*/
		formUrl: string;
		/**
		Where PLEX_TOKEN or --token-file gave the token, so that the form need not ask.
		*/
		hasToken: boolean;
		catalog: CatalogHeader;
		/**
		Another process writes; this one only reads. A sentence that says who.
		*/
		readOnlyReason: string | undefined;
		/**
		Something that the user must know before all else, such as a damaged catalogue that was moved aside.
		*/
		notice: string | undefined;
		/**
		Start on the watch screen, as `reelcat --watch` does.
		*/
		opensWatch?: boolean;
	};
	/**
	A daemon that keeps the catalogue in step, where one runs. Then it alone syncs: what the person wants synced is asked of it, and `startImport`, `startSync` and `retry` are not called.
	*/
	watch?: WatchPart;
	/**
	Load the catalogue into `index`; resolves when everything can be browsed.
	*/
	load: (onProgress: (share: number) => void) => Promise<void>;
	/**
	`signal` aborts the attempt: nothing is remembered of it.
	*/
	connect: (target: ConnectTarget, options?: {signal?: AbortSignal}) => Promise<Connection>;
	/**
	Servers that are known, without asking anyone, and who is signed in.
	*/
	servers: () => Promise<{account: string | undefined; servers: ServerChoice[]}>;
	/**
	Servers that answer in this network.
	*/
	nearby: (options: {signal: AbortSignal}) => Promise<NearbyChoice[]>;
	/**
	Sign in with Plex, and find the servers of the account.
	*/
	signIn: (options: SignInRequest) => Promise<{account: string; servers: ServerChoice[]}>;
	/**
	All libraries of the connected server, in the server's order, with what the catalogue has of them.
	*/
	libraries: () => Promise<LibraryRow[]>;
	/**
	Remembered for the next start.
	*/
	chooseLibraries: (libraryIds: readonly string[]) => Promise<void>;
	/**
	Resolves when the run has ended, also when it was cancelled. News goes to `onEvent`.
	*/
	startImport: (libraryIds: readonly string[]) => Promise<ImportResult>;
	/**
	Bring libraries in step with the server; all of the catalogue when none is named. Otherwise as `startImport`.
	*/
	startSync: (libraryIds?: readonly string[]) => Promise<ImportResult>;
	/**
	What has changed, what was run, what is held: rows to choose from.
	*/
	report: (question: ReportQuestion) => Promise<ReportRow[]>;
	/**
	Remove what is gone from the server and held. Resolves with the number of items.
	*/
	acceptRemovals: () => Promise<number>;
	/**
	Try the items, and the libraries without an item, of these problems again.
	*/
	retry: (problems: readonly Problem[]) => Promise<ImportResult>;
	/**
	What was committed stays.
	*/
	cancelImport: () => void;
	index: CatalogIndex;
	/**
	The newest header of the catalogue.
	*/
	header: () => CatalogHeader;
	detail: (id: string) => Promise<ItemDetail | undefined>;
	onEvent: (listener: (event: SyncEvent) => void) => () => void;
	/**
	What the user must know before all else, as `initial.notice`, but newest: reading the catalogue, or another process, may bring it.
	*/
	notice: () => string | undefined;
	/**
	`index`, `header` and perhaps `notice` have changed.
	*/
	onCatalogChange: (listener: () => void) => () => void;
};

export type WatchPart = {
	watcher: Watcher;
	/**
	The daemon runs in this very process and ends with it: `reelcat --watch`.
	*/
	isOwn: boolean;
	/**
	Who watches, as it stands in the middle of a sentence: `the daemon (process 4711)`.
	*/
	who: string;
	/**
	Tells how the connection stands, at once and whenever that changes; left out where it cannot be lost. A `status` event says that it is back, too.
	*/
	onLink?: (listener: (link: WatchLink) => void) => () => void;
};

/**
How the connection to a daemon stands, and since when (an ISO instant).
*/
export type WatchLink = {
	isUp: boolean;
	since: string;
	/**
	Why it is lost, a sentence.
	*/
	reason?: string;
};

/**
A server that was connected before, or that the account may use.
*/
export type ServerChoice = {
	id: string;
	name: string;
	/**
	Where it is, whose it is, or why it cannot be reached; a few words.
	*/
	detail: string;
	isWorking: boolean;
};

/**
A server that answers in this network.
*/
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
