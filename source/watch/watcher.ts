import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {acceptRemovals} from '../sync/accept.js';
import type {DaemonCore} from './daemon-options.js';
import {activeLibraries} from './daemon-state.js';
import {actionError} from './jobs/job-actions.js';
import {allJobs, findJob} from './jobs/queue.js';
import type {JobRunner} from './job-runner.js';
import type {JobAction} from './kinds.js';
import type {
	AcceptedRemovals,
	Job,
	NumberedEvent,
	WatchStatus,
} from './types.js';
import {namedLibraries} from './watched.js';

/**
`library` is the title, key or id of a library; all libraries are meant if it is absent.
*/
export type RefreshRequest = {library?: string | undefined; mode?: 'incremental' | 'full' | undefined};

/**
A daemon that can be asked and steered: the daemon in this process, or one at the other end of the HTTP API.
*/
export type Watcher = {
	status: () => Promise<WatchStatus>;
	/**
	Asks for comparisons. The same call twice gives the same jobs as long as they have not ended.

	@throws AppError 'usage' for a library that is not watched
	*/
	refresh: (request: RefreshRequest) => Promise<Job[]>;
	jobs: () => Promise<Job[]>;
	/**
	@throws AppError 'not-found'
	*/
	job: (id: string) => Promise<Job>;
	/**
	@throws AppError 'not-found', or 'usage' if the state of the job does not allow it
	*/
	act: (id: string, action: JobAction) => Promise<Job>;
	/**
	Removes the held items of one library or of all, between two jobs.

	@throws AppError 'usage' for a library that is not watched
	*/
	accept: (request: {library?: string | undefined}) => Promise<AcceptedRemovals[]>;
	/**
	Tells all events from now on, or all after the event with the number `after`. Without that number, or if it is forgotten, a `status` comes first.
	*/
	subscribe: (listener: (numbered: NumberedEvent) => void, options?: {after?: number | undefined}) => () => void;
};

type WatcherOptions = {
	core: DaemonCore;
	store: CatalogStore;
	runner: Pick<JobRunner, 'between'>;
	statusNow: () => WatchStatus;
	subscribe: Watcher['subscribe'];
	hurry: () => void;
};

/**
The daemon in this process. `api/verbs.ts` offers the same calls over HTTP.
*/
export const createWatcher = ({core, store, runner, statusNow, subscribe, hurry}: WatcherOptions): Watcher => {
	const named = (name: string | undefined, isPausedToo: boolean) => {
		const {watched} = core.state();
		return namedLibraries(name, {all: isPausedToo ? watched : activeLibraries({watched}), watched});
	};

	const jobs = () => allJobs(core.state().queue);

	const requireJob = (id: string): Job => {
		const job = findJob(core.state().queue, id);
		if (job === undefined) {
			throw new AppError('not-found', `There is no job "${clean(id)}".`, {hint: '"reelcat jobs" lists them.'});
		}

		return job;
	};

	return {
		status: async () => statusNow(),
		async refresh({library, mode = 'incremental'}) {
			const libraries = named(library, false);
			hurry();
			return core.dispatch({
				type: 'wanted', libraries, mode, trigger: 'request',
			});
		},
		jobs: async () => jobs(),
		job: async id => requireJob(id),
		async act(id, action) {
			const refusal = actionError(requireJob(id), action, jobs());
			if (refusal !== undefined) {
				throw new AppError('usage', refusal);
			}

			core.dispatch({type: 'act', id, action});
			return requireJob(id);
		},
		async accept({library: name}) {
			const ids = new Set(named(name, true).map(({id}) => id));
			const removals = await runner.between(async () => acceptRemovals(store, store.header().libraries.filter(({id}) => ids.has(id)), {now: core.clock.now}));
			const accepted = removals.map(({library: {id, title}, removed}) => ({id, title, removed}));
			core.dispatch({type: 'accepted', accepted, revision: store.header().revision});
			return accepted;
		},
		subscribe,
	};
};
