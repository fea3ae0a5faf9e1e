import type {CatalogHeader} from '../catalog/types.js';
import type {DetailSection} from '../query/detail-field.js';
import type {ListQuery} from '../query/types.js';
import type {ReportName, ReportQuestion, ReportRow} from '../reports/report-row.js';
import type {ImportResult, Problem} from '../sync/events.js';
import type {ImportProgress} from '../sync/progress.js';
import type {
	Connection,
	LibraryRow,
	NearbyChoice,
	ServerChoice,
} from './services.js';
import type {ListState} from './parts/list.js';
import type {TextField} from './parts/text-field.js';
import type {WatchState} from './screens/watch/state.js';

export type Failure = {
	message: string;
	hint: string | undefined;
};

export type ScreenName = 'connect' | 'sign-in' | 'libraries' | 'import' | 'problem' | 'browse' | 'detail' | ReportName | 'watch' | 'text' | 'help' | 'sort' | 'quit';

/**
A level of browsing: the movies or shows of a library, the seasons of a show, the episodes of a season.
*/
export type BrowseScreen = {
	name: 'browse';
	/**
	Tells answers for this screen from those for one that was left.
	*/
	key: number;
	level: 'movie' | 'show' | 'season' | 'episode';
	/**
	Where in the catalogue this is, for the header line.
	*/
	crumb: string;
	query: ListQuery;
	filter: TextField;
	isFiltering: boolean;
	list: ListState;
	/**
	What the rows are the answer to; undefined before the first.
	*/
	answered: string | undefined;
	answeredText: string;
	/**
	Rows without the filter.
	*/
	total: number;
	/**
	Numbers missing between the rows of a season or a show.
	*/
	gaps: readonly number[];
	failure: Failure | undefined;
	paneScroll: number;
};

/**
Rows that tell of changes, of runs, or of what is held. Most open something.
*/
export type ReportScreen = {
	name: ReportName;
	/**
	Tells answers for this screen from those for one that was left.
	*/
	key: number;
	question: ReportQuestion;
	/**
	For the header line.
	*/
	crumb: string;
	/**
	All of them; undefined before the answer.
	*/
	rows: readonly ReportRow[] | undefined;
	failure: Failure | undefined;
	filter: TextField;
	isFiltering: boolean;
	/**
	Only rows of this kind.
	*/
	kind: string | undefined;
	/**
	Of the rows that match.
	*/
	list: ListState;
};

export type TextScreen =
	| {name: 'problem'; problem: Problem; scroll: number}
	| {name: 'detail'; id: string; scroll: number}
	| {name: 'text'; crumb: string; text: string; scroll: number}
	| {name: 'help'; of: ScreenName; isTyping: boolean; scroll: number};

export type Screen =
	| BrowseScreen
	| ReportScreen
	| TextScreen
	| {name: 'connect' | 'sign-in' | 'libraries' | 'import' | 'watch' | 'quit'}
	| {name: 'sort'; cursor: number};

/**
With the id of a server that is known, or that answers in this network.
*/
export type ConnectChoice = 'account' | 'server' | 'demo' | `known ${string}` | `nearby ${string}`;
export type ConnectField = 'url' | 'token';

export type ConnectState = {
	choice: ConnectChoice;
	/**
	Who is signed in.
	*/
	account: string | undefined;
	known: readonly ServerChoice[];
	nearby: readonly NearbyChoice[];
	/**
	The form is open and keys are text.
	*/
	field: ConnectField | undefined;
	url: TextField;
	token: TextField;
	/**
	Tells the answer of this attempt from that of a cancelled one.
	*/
	attempt: number;
	isConnecting: boolean;
	failure: Failure | undefined;
};

export type SignInState = {
	/**
	Tells news of this attempt from that of a cancelled one.
	*/
	attempt: number;
	status: 'idle' | 'starting' | 'waiting' | 'expired' | 'finding' | 'failed';
	code: string | undefined;
	linkUrl: string;
	authUrl: string;
	remainingMs: number | undefined;
	/**
	Why plex.tv does not answer for now.
	*/
	trouble: string | undefined;
	failure: Failure | undefined;
};

export type LibrariesState = {
	status: 'idle' | 'loading' | 'ready' | 'failed';
	generation: number;
	rows: readonly LibraryRow[];
	list: ListState;
	failure: Failure | undefined;
};

export type Job = {
	status: 'none' | 'running' | 'cancelling' | 'finished' | 'failed';
	/**
	A retry covers some items only, so its totals are not those of a library.
	*/
	isRetry: boolean;
	/**
	Brings libraries in step instead of importing them anew.
	*/
	isSync: boolean;
	libraryIds: readonly string[];
	progress: ImportProgress;
	result: ImportResult | undefined;
	failure: Failure | undefined;
	problems: ListState;
};

export type DetailState = {
	id: string | undefined;
	status: 'loading' | 'ready' | 'missing' | 'failed';
	sections: readonly DetailSection[] | undefined;
	failure: Failure | undefined;
};

export type UiState = {
	version: string;
	size: {columns: number; rows: number};
	hasToken: boolean;
	readOnlyReason: string | undefined;
	notice: string | undefined;
	connection: Connection | undefined;
	header: CatalogHeader;
	load: {status: 'loading' | 'ready' | 'failed'; share: number; failure: Failure | undefined};
	/**
	Grows with every change of the catalogue, so that lists know when they are old.
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
	job: Job;
	watch: WatchState;
	detail: DetailState;
	/**
	Undefined follows the width of the terminal.
	*/
	isPaneOn: boolean | undefined;
	/**
	Digits and first keys of a sequence that wait for what follows.
	*/
	count: string;
	prefix: string;
	message: {text: string; tone: 'plain' | 'good' | 'warn' | 'bad'} | undefined;
};
