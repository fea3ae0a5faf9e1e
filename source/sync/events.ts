import type {ErrorCode} from '../base/errors.js';
import type {ChangeKind} from '../catalog/history.js';
import type {
	HeldReason,
	ImportTotals,
	ItemType,
	SyncMode,
} from '../catalog/types.js';
import type {RequestEvent} from '../plex/types.js';

/**
A fault of one item, or of a whole library if it has no `ratingKey`.
*/
export type Problem = {
	library: {id: string; title: string};
	ratingKey: string | undefined;
	title: string | undefined;
	stage: 'list' | 'detail' | 'normalize' | 'save';
	code: ErrorCode;
	message: string;
	hint: string;
};

export const noTotals: ImportTotals = {
	expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0,
};

export type LibraryResult = ImportTotals & {
	id: string;
	title: string;
	durationMs: number;
	/**
	False when a listing broke off or the run was cancelled.
	*/
	complete: boolean;
	/**
	Absent for an import that has nothing to say beyond its totals.
	*/
	sync?: SyncedLibrary;
};

export type SyncedLibrary = {
	mode: SyncMode;
	changes: ChangeCounts;
	/**
	Number of removals that wait to be accepted, from this run or earlier ones.
	*/
	held: number;
	heldReason?: HeldReason | undefined;
	/**
	Why something was left undone, in sentences.
	*/
	notes: string[];
	/**
	The library was deleted on the server and made anew, and its items were recognised.
	*/
	isMadeAnew?: boolean;
};

export type ChangeCounts = Partial<Record<ChangeKind, number>>;

/**
`expected = imported + unchanged + failed + skipped` holds for every library and for the sum.
*/
export type ImportResult = {
	runId: string;
	ok: boolean;
	cancelled: boolean;
	libraries: LibraryResult[];
	errors: Problem[];
	requests: number;
	bytes: number;
	durationMs: number;
};

export type Phase = 'waiting' | 'counting' | 'importing' | 'finishing' | 'done' | 'failed' | 'cancelled';

export type SyncEvent =
	| RequestEvent
	/**
	A sentence for a person about the whole run.
	*/
	| {type: 'remark'; text: string}
	| {type: 'run-started'; runId: string; startedAt: string; libraries: Array<{id: string; title: string; libraryType: string}>}
	| {type: 'library-planned'; libraryId: string; mode: SyncMode; reason: string}
	| {type: 'library-phase'; libraryId: string; phase: Phase}
	/**
	How many rows the server has announced. May be corrected while pages come in.
	*/
	| {type: 'library-counted'; libraryId: string; expected: number}
	| {type: 'rows-listed'; libraryId: string; itemType: ItemType; rows: number}
	/**
	These items are durable now, or were equal to what is stored.
	*/
	| {type: 'items-committed'; libraryId: string; imported: number; unchanged: number; lastTitle: string | undefined; revision: number}
	| {type: 'changes-found'; libraryId: string; changes: ChangeCounts}
	| {type: 'removals-held'; libraryId: string; title: string; items: number; reason: HeldReason}
	/**
	These items were found unchanged.
	*/
	| {type: 'items-compared'; libraryId: string; imported: number; unchanged: number}
	| {type: 'items-skipped'; libraryId: string; count: number; reason: string}
	| {type: 'problem'; problem: Problem; failed: number}
	| {type: 'library-finished'; result: LibraryResult}
	| {type: 'run-finished'; result: ImportResult};

export type Report = (event: SyncEvent) => void;
