import type {AppError} from '../base/errors.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Library, Run, Server} from '../catalog/types.js';
import type {Normalize, PlexClient, Section} from '../plex/types.js';
import type {Entities} from './entities.js';
import type {LibraryResult, Problem, Report} from './events.js';
import type {Knowledge} from './knowledge.js';
import type {LibraryPlan, SyncPace} from './plan.js';
import type {HoldLimits} from './removals.js';

/**
What the import or sync of one library works with.
*/
export type LibraryWork = {
	plex: PlexClient;
	store: CatalogStore;
	/**
	Kept from run to run, where there is a next one.
	*/
	knowledge: Knowledge;
	normalize: Normalize;
	entities: Entities;
	/**
	As it is to be stored, with the state of the last sync.
	*/
	library: Library;
	server: Server;
	/**
	The section as it was before anything else was asked.
	*/
	section: Section;
	plan: LibraryPlan;
	pace: SyncPace;
	limits: HoldLimits;
	/**
	Whose marks the view states are, see `SyncState`.
	*/
	viewer: string | undefined;
	runId: string;
	/**
	The record of the run, for the first commit.
	*/
	running: Run;
	/**
	When the run began.
	*/
	now: Date;
	clock: () => Date;
	isDryRun: boolean;
	report: Report;
	signal: AbortSignal;
	monotonicMs: () => number;
};

export type LibraryOutcome = {
	result: LibraryResult;
	problems: Problem[];
	/**
	The fault that ended this library early, if any.
	*/
	fault: AppError | undefined;
};

export const isImport = ({plan: {mode}}: Pick<LibraryWork, 'plan'>): boolean => mode === 'import' || mode === 'retry';

/**
Nothing of the library was ever complete: what is found is no change, so it is not told in the history.
*/
export const isFirst = ({library}: Pick<LibraryWork, 'library'>): boolean => library.sync === undefined;
