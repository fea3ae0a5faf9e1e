import {isAppError, requireAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {Hint} from '../plex/notifications/hints.js';
import type {RequestEvent, Section} from '../plex/types.js';
import {stampsOf} from '../sync/plan.js';
import type {DaemonConnection, DaemonCore, DaemonOptions} from './daemon-options.js';
import {activeLibraries} from './daemon-state.js';
import {createReach} from './reach.js';
import type {DaemonFacts} from './status.js';
import {movedLibraries, unknownNames, watchedLibraries} from './watched.js';

type ServerLinkOptions = Pick<DaemonOptions, 'store' | 'serverId' | 'connect' | 'chosenLibraries' | 'chooseLibraries'> & {
	core: DaemonCore;
	onRequest: (event: RequestEvent) => void;
	onHints: (hints: readonly Hint[]) => void;
};

export type ServerLink = ReturnType<typeof createServerLink>;

const noteUnknownNames = (core: ServerLinkOptions['core'], options: Parameters<typeof unknownNames>[0]): void => {
	for (const text of unknownNames(options)) {
		core.note(text, 'warn');
	}
};

/**
The connection of a daemon to its server, the notifications, and the list of libraries.
*/
export const createServerLink = ({store, serverId, connect, chosenLibraries, chooseLibraries, core, onRequest, onHints}: ServerLinkOptions) => {
	const {clock, random} = core;
	let listed: {sections: Section[]; atMs: number} | undefined;
	let polledStamps: ReadonlyMap<string, string> = new Map();
	let push: {close: () => void} | undefined;
	let earlierRequests = 0;

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

	// Nobody has asked the server yet; where it cannot be told, `guess` is as good as any.
	const lastKnown = (guess: string | undefined) => store.header().servers.find(({id}) => id === (serverId ?? guess));

	const whatIsKnown = () => ({sections: listed?.sections, header: store.header(), settings: core.state().settings});

	const readWatched = () => {
		const server = reach.current()?.server;
		const chosen = server === undefined ? undefined : chosenLibraries(server.id);
		const watched = watchedLibraries({...whatIsKnown(), server: server ?? lastKnown(store.header().servers[0]?.id), chosen});
		core.dispatch({type: 'watched', watched});
		// An empty catalogue means all libraries. This must not change when the first library is there.
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
			earlierRequests += connection.plex.usage().requests;
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
			noteUnknownNames(core, {...whatIsKnown(), server: connection.server, chosen: chosenLibraries(connection.server.id)});
			readWatched();
			core.dispatch({type: 'connected'});
			openPush(connection);
		},
	});

	/**
	The libraries of the server. A list from before `sinceMs` (monotonic) is asked for again, so that one request serves all jobs that were wanted before it.
	*/
	const sectionsSince = async (connection: DaemonConnection, sinceMs: number, signal?: AbortSignal): Promise<Section[]> => {
		if (listed === undefined || listed.atMs <= sinceMs) {
			await list(connection, signal);
			readWatched();
		}

		return listed!.sections;
	};

	return {
		...reach,
		/**
		Tries to connect if an attempt is due.

		@returns Whether the server can be asked
		*/
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
		/**
		Compares the stamps of all libraries with one request, for a server that sends no notifications. What a sync leaves undone, as an item that cannot be read, waits for the schedule: stamps that stand still are no reason to try again each minute.
		*/
		async poll() {
			const connection = reach.current();
			if (connection === undefined) {
				return;
			}

			try {
				const sections = await sectionsSince(connection, Infinity);
				const before = polledStamps;
				polledStamps = new Map(sections.map(section => [section.id, JSON.stringify(stampsOf(section))]));
				const libraries = movedLibraries(activeLibraries(core.state()), {
					sections, header: store.header(), now: clock.now(), viewer: connection.viewer,
				}).filter(({id}) => before.get(id) !== polledStamps.get(id));
				core.dispatch({
					type: 'wanted', libraries, mode: 'incremental', trigger: 'schedule',
				});
			} catch (error) {
				requireAppError(error);
				reach.lost(error);
			}
		},
		readWatched,
		/**
		The server as it was last known.
		*/
		server(): DaemonFacts['server'] {
			return reach.current()?.server ?? lastKnown(store.header().libraries[0]?.serverId);
		},
		/**
		Requests since the start.
		*/
		requests: () => earlierRequests + (reach.current()?.plex.usage().requests ?? 0),
		closePush,
		close: reach.close,
	};
};
