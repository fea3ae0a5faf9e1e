import type {CatalogHeader} from '../catalog/types.js';
import type {DetailSection} from '../query/detail-field.js';
import type {ReportQuestion, ReportRow} from '../reports/report-row.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {WatchEvent} from '../watch/types.js';
import type {ActionId} from './keymap.js';
import type {
	Connection,
	LibraryRow,
	NearbyChoice,
	ServerChoice,
	SignInNews,
	WatchLink,
} from './services.js';
import type {
	BrowseScreen,
	Failure,
	UiState,
} from './ui-state.js';

/**
Everything that can change what is on the screen: keys, and answers of the services. An answer carries the key, attempt or generation of its question, and is dropped when the question is no longer asked.
*/
export type UiMessage =
	| {type: 'action'; id: ActionId; count: number | undefined}
	| {type: 'typed'; text: string}
	| {type: 'digit'; digit: string}
	| {type: 'prefix'; prefix: string}
	| {type: 'rest'}
	| {type: 'noticed'; notice: string | undefined}
	| {type: 'say'; text: string; tone: NonNullable<UiState['message']>['tone']}
	| {type: 'resized'; columns: number; rows: number}
	| {type: 'load-started'}
	| {type: 'load-progress'; share: number}
	| {type: 'load-finished'; header: CatalogHeader}
	| {type: 'load-failed'; failure: Failure}
	| {type: 'catalog-changed'; header: CatalogHeader}
	| {type: 'connect-started'; attempt: number}
	| {type: 'connected'; attempt: number; connection: Connection}
	| {type: 'connect-failed'; attempt: number; failure: Failure}
	| {type: 'servers-known'; account: string | undefined; servers: readonly ServerChoice[]}
	| {type: 'servers-nearby'; servers: readonly NearbyChoice[]}
	| {type: 'sign-in-started'; attempt: number}
	| {type: 'sign-in-event'; attempt: number; event: SignInNews}
	| {type: 'signed-in'; attempt: number; account: string; servers: readonly ServerChoice[]}
	| {type: 'sign-in-failed'; attempt: number; failure: Failure}
	| {type: 'libraries-started'; generation: number}
	| {type: 'libraries-loaded'; generation: number; rows: readonly LibraryRow[]}
	| {type: 'libraries-failed'; generation: number; failure: Failure}
	| {type: 'browse-opened'; screen: Pick<BrowseScreen, 'level' | 'crumb' | 'query'>}
	| {type: 'detail-opened'; id: string}
	| {type: 'report-opened'; question: ReportQuestion; crumb: string}
	| {type: 'report-loaded'; key: number; rows: readonly ReportRow[]}
	| {type: 'report-failed'; key: number; failure: Failure}
	| {type: 'text-opened'; crumb: string; text: string}
	| {type: 'list-loaded'; key: number; question: string; ids: readonly string[]; total: number; gaps: readonly number[]}
	| {type: 'list-failed'; key: number; question: string; failure: Failure}
	| {type: 'detail-started'; id: string}
	| {type: 'detail-loaded'; id: string; sections: readonly DetailSection[] | undefined}
	| {type: 'detail-failed'; id: string; failure: Failure}
	| {type: 'import-started'; libraryIds: readonly string[]; isRetry: boolean; isSync: boolean}
	| {type: 'import-cancelling'}
	| {type: 'import-finished'; result: ImportResult}
	| {type: 'import-failed'; failure: Failure}
	| {type: 'sync-event'; event: SyncEvent; nowMs: number}
	| {type: 'watch-event'; event: WatchEvent}
	| {type: 'watch-link'; link: WatchLink}
	| {type: 'watch-order'; ids: readonly string[]}
	| {type: 'watch-tick'}
	| {type: 'watch-opened'; jobId: string | undefined};

export type MessageOf<Type extends UiMessage['type']> = Extract<UiMessage, {type: Type}>;
