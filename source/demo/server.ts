import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {AppError, errorCode} from '../base/errors.js';
import {createHandler} from './handler.js';
import {createFaultBox} from './knobs/faults.js';
import {createLatency, type Latency, type LatencyModel} from './knobs/latency-model.js';
import {createRequestLog} from './knobs/request-log.js';
import type {DemoServerControls, DemoServerKnobs, DemoSession} from './knobs/server-knobs.js';
import {hexOf} from './library/dice.js';
import {createLibrary, type DemoLibrary} from './library/library.js';
import {createPushServer} from './push/push.js';
import {createPlexAnswers} from './routes/routes.js';

export type DemoServerOptions = DemoServerKnobs & {
	/**
	0 takes any free port.
	*/
	port?: number;
	/**
	@default '127.0.0.1'
	*/
	host?: string;
	/**
	Random when absent.
	*/
	token?: string;
	/**
	Movies in all sections together. About 70 odd and well-known ones are always there.
	@default 200
	*/
	movies?: number;
	/**
	Shows in all sections together, of about 100 episodes each. The 11 odd ones are always there.
	@default 20
	*/
	shows?: number;
	/**
	The same seed and size give the same library, to the byte.
	@default 1
	*/
	seed?: number;
	/**
	Before each answer.
	@default 0
	*/
	latencyMs?: number;
	/**
	@default 'Demo Theatre'
	*/
	name?: string;
	/**
	Refuse lists without a container size, as some servers do since 2025 (plex_nfo_exporter#12). Others only warn in their log, and there are clients that rely on it (@ctrl/plex).
	@default true
	*/
	requiresSize?: boolean;
};

export type DemoServer = DemoServerControls & {
	/**
	Origin without a trailing slash.
	*/
	url: string;
	token: string;
	machineIdentifier: string;
	library: DemoLibrary;
	/**
	Breaks open connections and frees the port. May be called twice.
	*/
	close: () => Promise<void>;
};

export const demoMachineIdentifier = (seed = 1): string => hexOf(40, seed, 40);

/**
Starts a Plex server with an invented library on loopback: for the first look of a new user, as a double for tests, and as the load for benchmarks.

@throws AppError `usage` for an impossible size, `unreachable` when the port is taken or forbidden.
*/
export const startDemoServer = async (options: DemoServerOptions = {}): Promise<DemoServer> => {
	const {
		port = 0, host = '127.0.0.1', token = randomBytes(10).toString('hex'), movies = 200, shows = 20, seed = 1, latencyMs = 0, name = 'Demo Theatre', brokenRows = false, requiresSize = true, honoursSlim = true, honoursFilters = true,
	} = options;
	const library = createLibrary({
		seed, movies, shows, brokenRows,
	});
	let machineIdentifier = options.machineIdentifier ?? demoMachineIdentifier(seed);
	const faults = createFaultBox(options.faults ?? []);
	const log = createRequestLog();
	const closing = new AbortController();
	let sessions: readonly DemoSession[] = [];
	let latency: Latency | undefined;
	const setLatencyModel = (model: LatencyModel | undefined) => {
		latency = model === undefined ? undefined : createLatency(model);
	};

	setLatencyModel(options.latencyModel);
	const answers = createPlexAnswers({isKept: options.keepsAnswers ?? false});
	const handle = createHandler({
		faults,
		signal: closing.signal,
		onRequest(request, _message, response) {
			log.started(request);
			response.once('close', log.ended);
		},
		async wait(request, slowMs) {
			const waitMs = latencyMs + slowMs;
			if (waitMs > 0) {
				await sleep(waitMs, undefined, {signal: closing.signal});
			}

			await latency?.(request, library, closing.signal);
		},
		answer(request, _message, strikes) {
			const gone = strikes('sectionGone');
			if (gone !== undefined) {
				library.removeSection(gone.sectionKey);
			}

			return answers(request, {
				library, machineIdentifier, name, requiresSize, honoursSlim, honoursFilters, sessions, strikes,
			}, token);
		},
	});
	const pushServer = createPushServer({mode: options.push, token, library});
	const server = createServer((request, response) => {
		if (!pushServer.onRequest(request, response)) {
			void handle(request, response);
		}
	});
	server.on('upgrade', pushServer.onUpgrade);
	await listen(server, port, host);
	const address = server.address() as AddressInfo;
	return {
		url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
		token,
		get machineIdentifier() {
			return machineIdentifier;
		},
		library,
		requests: log,
		setFaults: faults.set,
		setLatencyModel,
		setMachineIdentifier(next) {
			machineIdentifier = next;
		},
		setSessions(next) {
			sessions = next;
		},
		push: pushServer.push,
		async close() {
			if (closing.signal.aborted) {
				return;
			}

			closing.abort();
			server.close();
			pushServer.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
};

export const listen = async (server: Server, port: number, host: string) => {
	try {
		server.listen(port, host);
		await once(server, 'listening');
	} catch (error) {
		throw new AppError('unreachable', `The demo server could not start on ${host}:${port} (${errorCode(error) ?? 'unknown reason'}).`, {
			hint: 'Choose another port, or 0 for any free one.',
			cause: error,
		});
	}
};
