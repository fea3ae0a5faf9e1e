import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {
	asInCatalogue,
	createLibraryNames,
	isServerCalled,
	listLibraryNames,
	type NamedServer,
} from '../catalog/library-names.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {acceptRemovals} from '../sync/accept.js';
import type {DaemonCore} from './daemon-options.js';
import {activeLibraries} from './daemon-state.js';
import {actionError} from './jobs/job-actions.js';
import {allJobs, findJob} from './jobs/queue.js';
import type {JobRunner} from './job-runner.js';
import type {JobAction} from './kinds.js';
import type {ServerLink} from './server-link.js';
import type {
	AcceptedRemovals,
	Job,
	LibraryName,
	NumberedEvent,
	WatchStatus,
} from './types.js';
import {libraryNameOf, namedLibraries} from './watched.js';

/**
`library` is the title, key or id of a library, perhaps with its server as in `Films@Barn`; all libraries of the daemon are meant if it is absent. `server` is the name or the beginning of the id of a server, for a caller who wants to be sure.
*/
type LibraryRequest = {library?: string | undefined; server?: string | undefined};

export type RefreshRequest = LibraryRequest & {mode?: 'incremental' | 'full' | undefined};

/**
A daemon that can be asked and steered: the daemon in this process, or one at the other end of the HTTP API.
*/
export type Watcher = {
	status: () => Promise<WatchStatus>;
	/**
	Asks for comparisons. The same call twice gives the same jobs as long as they have not ended.

	@throws AppError 'usage' for a library that is not watched, or of another server
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
	Removes the held items of one library or of all of a server, between two jobs. The server is that of the daemon unless the request tells another one of the catalogue.

	@throws AppError 'usage' for an unknown library or server
	*/
	accept: (request: LibraryRequest) => Promise<AcceptedRemovals[]>;
	/**
	Tells all events from now on, or all after the event with the number `after`. Without that number, or if it is forgotten, a `status` comes first.
	*/
	subscribe: (listener: (numbered: NumberedEvent) => void, options?: {after?: number | undefined}) => () => void;
};

type WatcherOptions = {
	core: DaemonCore;
	store: CatalogStore;
	link: Pick<ServerLink, 'server'>;
	runner: Pick<JobRunner, 'between'>;
	statusNow: () => WatchStatus;
	subscribe: Watcher['subscribe'];
	hurry: () => void;
};

/**
The daemon in this process. `api/verbs.ts` offers the same calls over HTTP.
*/
export const createWatcher = ({core, store, link, runner, statusNow, subscribe, hurry}: WatcherOptions): Watcher => {
	const ownServer = (): NamedServer | undefined => {
		const server = link.server();
		return server && asInCatalogue(server, store.header());
	};

	const servers = (): NamedServer[] => {
		const [own, known] = [ownServer(), store.header().servers];
		return own === undefined || known.some(({id}) => id === own.id) ? known : [...known, own];
	};

	const requireServer = (name: string): NamedServer => {
		const [server, ...others] = servers().filter(entry => isServerCalled(entry, name));
		if (server === undefined || others.length > 0) {
			throw new AppError('usage', server === undefined ? `There is no server "${clean(name)}" in the catalogue.` : `Several servers are called "${clean(name)}".`, {
				hint: orNearest(name, server === undefined ? servers().map(entry => entry.name) : [], `There is: ${servers().map(entry => `"${clean(entry.name)}" (${entry.id.slice(0, 8)})`).join(', ')}.`),
			});
		}

		return server;
	};

	// Every job asks the server of the daemon.
	const requireOwnServer = (name: string | undefined) => {
		const own = ownServer();
		if (name !== undefined && requireServer(name).id !== own?.id) {
			throw new AppError('usage', `This daemon watches ${clean(own?.name ?? 'no server yet')}, not "${clean(name)}".`, {hint: 'Sync the other server with "reelcat sync" once this daemon has ended.'});
		}
	};

	const watchedNamed = (name: string | undefined, isPausedToo: boolean) => {
		const {watched} = core.state();
		return namedLibraries(name, {all: isPausedToo ? watched : activeLibraries({watched}), watched, servers: servers()});
	};

	// What is held may be of a library or a server that is not watched now.
	const heldNamed = (name: string | undefined, server: string | undefined): LibraryName[] => {
		if (name === undefined && server === undefined) {
			return watchedNamed(undefined, true);
		}

		const {libraries} = store.header();
		const unknown = core.state().watched.filter(({id}) => libraries.every(library => library.id !== id));
		const all = [...libraries, ...unknown].map(({id, serverId, key, title}) => ({
			id, serverId, key, title,
		}));
		const names = createLibraryNames({libraries: all, servers: servers()});
		const within = server === undefined ? undefined : requireServer(server).id;
		if (name === undefined) {
			return all.filter(({serverId}) => serverId === within);
		}

		const library = names.one(name, {within, near: within === undefined ? ownServer()?.id : undefined});
		if (library === undefined) {
			throw new AppError('usage', `There is no library "${clean(name)}".`, {hint: orNearest(name, all.map(({title}) => title), `There is: ${listLibraryNames(names, all)}.`)});
		}

		return [library];
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
		async refresh({library, server, mode = 'incremental'}) {
			requireOwnServer(server);
			const libraries = watchedNamed(library, false);
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
		async accept({library: name, server}) {
			const ids = new Set(heldNamed(name, server).map(({id}) => id));
			const removals = await runner.between(async () => acceptRemovals(store, store.header().libraries.filter(({id}) => ids.has(id)), {now: core.clock.now}));
			const {serverOf} = createLibraryNames(store.header());
			const accepted = removals.map(({library: {id, title}, removed}) => ({...libraryNameOf({id, title, ...serverOf(id)}), removed}));
			core.dispatch({type: 'accepted', accepted, revision: store.header().revision});
			return accepted;
		},
		subscribe,
	};
};
