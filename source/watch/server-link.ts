import type {Clock} from '../base/clock.js';
import {AppError, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {Hint} from '../plex/notifications/hints.js';
import type {RequestEvent, Section} from '../plex/types.js';
import type {DaemonConnection, DaemonCore, DaemonOptions} from './daemon-options.js';
import {activeLibraries} from './daemon-state.js';
import {createReach, type Reach, type ReachState} from './reach.js';
import type {StatusFacts} from './status.js';
import {movedLibraries, watchedLibraries} from './watched.js';

type ServerLinkOptions = Pick<DaemonOptions, 'store' | 'connect' | 'chosenLibraries' | 'chooseLibraries'> & {
	core: DaemonCore;
	clock: Clock;
	random: () => number;
	onRequest: (event: RequestEvent) => void;
	onHints: (hints: readonly Hint[]) => void;
};

/**
A daemon's way to its server: the connection, the notifications, and what the server lists.
*/
export type ServerLink = Pick<Reach<DaemonConnection>, 'current' | 'get' | 'hurry' | 'lost' | 'retryAtMs'> & {
	state: () => ReachState;
	/**
	Tries to connect if it is time to.

	@returns whether the server can be asked
	*/
	isReady: (signal?: AbortSignal) => Promise<boolean>;
	/**
	The libraries of the server, asked for once for all jobs that were wanted before. What was heard before `sinceMs` is too old.
	*/
	sectionsSince: (connection: DaemonConnection, sinceMs: number, signal?: AbortSignal) => Promise<Section[]>;
	/**
	Compares stamps, with one request for all libraries: for a server that sends no notifications.
	*/
	poll: () => Promise<void>;
	/**
	Finds out again which libraries are watched.
	*/
	readWatched: () => void;
	/**
	The server as it was last known.
	*/
	server: () => StatusFacts['server'];
	/**
	Requests since the start.
	*/
	requests: () => number;
	closePush: () => void;
	close: () => void;
};

export const createServerLink = ({store, connect, chosenLibraries, chooseLibraries, core, clock, random, onRequest, onHints}: ServerLinkOptions): ServerLink => {
	let listed: {sections: Section[]; atMs: number} | undefined;
	let push: {close: () => void} | undefined;
	let requestsOfBefore = 0;

	const list = async ({plex}: DaemonConnection, signal?: AbortSignal) => {
		const atMs = clock.monotonicMs();
		listed = {sections: await plex.sections({signal}), atMs};
	};

	const closePush = () => {
		push?.close();
		push = undefined;
	};

	const openPush = (connection: DaemonConnection) => {
		closePush();
		push = connection.openPush({
			onHints(hints) {
				core.dispatch({type: 'push-heard'});
				onHints(hints);
			},
			onState(news) {
				core.dispatch({type: 'push', news});
			},
		});
	};

	const readWatched = () => {
		const server = reach.current()?.server;
		const chosen = server === undefined ? undefined : chosenLibraries(server.id);
		const header = store.header();
		const watched = watchedLibraries({
			sections: listed?.sections, header, serverId: server?.id ?? header.servers[0]?.id, chosen, settings: core.state().settings,
		});
		core.dispatch({type: 'watched', watched});
		// If all are meant because there are none yet, all stay meant when the first one is there.
		if (server !== undefined && chosen === undefined && watched.length > 0) {
			chooseLibraries(server.id, watched.map(({id}) => id));
		}
	};

	const reach = createReach<DaemonConnection>({
		async connect(signal) {
			const connection = await connect({signal, onRequest});
			try {
				await list(connection, signal);
				return connection;
			} catch (error) {
				connection.close();
				throw error;
			}
		},
		disconnect(connection) {
			requestsOfBefore += connection.plex.usage().requests;
			connection.close();
		},
		clock,
		random,
		onChange(change) {
			if (!change.isReachable) {
				closePush();
				core.dispatch({type: 'unreachable', error: change.error});
				return;
			}

			const connection = reach.current()!;
			core.note(`Connected to ${clean(connection.server.name)}.`);
			readWatched();
			core.dispatch({type: 'connected'});
			openPush(connection);
		},
	});

	const sectionsSince: ServerLink['sectionsSince'] = async (connection, sinceMs, signal) => {
		if (listed === undefined || listed.atMs <= sinceMs) {
			await list(connection, signal);
			readWatched();
		}

		return listed!.sections;
	};

	return {
		...reach,
		async isReady(signal = new AbortController().signal) {
			try {
				await reach.get(signal);
				return true;
			} catch (error) {
				if (isAppError(error)) {
					return false;
				}

				throw error;
			}
		},
		sectionsSince,
		async poll() {
			const connection = reach.current();
			if (connection === undefined) {
				return;
			}

			try {
				const sections = await sectionsSince(connection, Infinity);
				const libraries = movedLibraries(activeLibraries(core.state()), {
					sections, header: store.header(), now: clock.now(), viewer: connection.viewer,
				});
				core.dispatch({
					type: 'wanted', libraries, mode: 'incremental', trigger: 'schedule',
				});
			} catch (error) {
				if (!(error instanceof AppError)) {
					throw error;
				}

				reach.lost(error);
			}
		},
		readWatched,
		server() {
			const {servers, libraries} = store.header();
			return reach.current()?.server ?? servers.find(({id}) => id === libraries[0]?.serverId);
		},
		requests: () => requestsOfBefore + (reach.current()?.plex.usage().requests ?? 0),
		closePush,
		close: reach.close,
	};
};
