import type {CatalogStore} from '../catalog/catalog-store.js';
import type {
	Library,
	Run,
	Server,
	SyncMode,
} from '../catalog/types.js';
import type {Normalize, PlexClient, Section} from '../plex/types.js';
import type {Entities} from './entities.js';
import type {Report} from './events.js';
import type {Knowledge} from './knowledge.js';
import type {ReadListings} from './list-reading.js';
import type {LibraryPlan, SyncPace} from './plan.js';
import type {HoldLimits} from './removals.js';
import type {StoredItems} from './stored-items.js';
import type {Tally} from './tally.js';

export type LibraryWork = {
	plex: PlexClient;
	store: CatalogStore;
	/**
	A process that runs again and again keeps it.
	*/
	knowledge: Knowledge;
	normalize: Normalize;
	entities: Entities;
	/**
	As it is to be stored, with the state of the last sync.
	*/
	library: Library;
	/**
	Given if the library was deleted on the server and made anew, so that every ratingKey is another one.
	*/
	formerUuid: string | undefined;
	server: Server;
	/**
	The section as it was before anything else was asked.
	*/
	section: Section;
	plan: LibraryPlan;
	/**
	Of its collections and of the playlists, if they were looked at before.
	*/
	listings?: ReadListings | undefined;
	/**
	Given with the last library of a run that also reads the playlists of the server: the library that has their state, and what the run does at most.
	*/
	playlists?: {homeId: string; mode: SyncMode; read: ReadListings | undefined} | undefined;
	/**
	Ids of the libraries of this run in which it is not clear what some ratingKeys stand for.
	*/
	unclear: Set<string>;
	pace: SyncPace;
	limits: HoldLimits;
	/**
	Whose marks the view states are, see `SyncState`.
	*/
	viewer: string | undefined;
	runId: string;
	running: Run;
	now: Date;
	clock: () => Date;
	isDryRun: boolean;
	report: Report;
	signal: AbortSignal;
	monotonicMs: () => number;
	/**
	When the work on this library began, by `monotonicMs`.
	*/
	startedMs: number;
	tally: Tally;
};

export type PreparedWork = LibraryWork & {stored: StoredItems};

export const isImport = ({plan: {mode}}: Pick<LibraryWork, 'plan'>): boolean => mode === 'import' || mode === 'retry';

/**
The library was never complete. Its items are not changes, so the history does not tell them.
*/
export const isFirst = ({library}: LibraryWork): boolean => library.sync === undefined;
