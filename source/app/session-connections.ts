import {hash} from 'node:crypto';
import type {CertificatePin} from '../plex/certificate.js';
import type {Identify} from '../plex/identify.js';
import {requestHeaders} from '../plex/identity-headers.js';
import type {NotificationsOptions} from '../plex/notifications/connection.js';
import type {PlexClient, RequestEvent, ServerInfo} from '../plex/types.js';
import type {Credentials} from '../servers/credentials.js';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import type {Way} from '../servers/reach-server.js';
import type {KnownServer} from '../servers/server-book.js';
import type {Settings} from '../store/settings.js';
import type {DiscoveredServer} from '../plex/gdm.js';

export type Connected = {
	plex: PlexClient;
	server: ServerInfo;
	isDemo: boolean;
	/**
	Tells the user of this token from those of others, without naming anyone.
	*/
	viewer: string;
	/**
	Listen to what the server tells of its libraries.
	*/
	openPush: (handlers: PushHandlers) => {close: () => void};
	/**
	Where it is not needed any more before the session ends.
	*/
	close: () => void;
};

type PushHandlers = Pick<NotificationsOptions, 'onHints' | 'onState' | 'clock' | 'times'>;

export type ConnectOptions = {
	/**
	Instead of what the command line, the environment and the settings say.
	*/
	target?: {url: string; token: string | undefined; pin?: CertificatePin | undefined};
	/**
	Another server than the one that is named on the command line.
	*/
	server?: string;
	/**
	Keep address and token for the next start. A token from the environment or a file is never kept.
	*/
	remember?: boolean;
	onRequest?: (event: RequestEvent) => void;
	signal?: AbortSignal;
};

export type ConnectionsOptions = {
	env: NodeJS.ProcessEnv;
	version: string;
	concurrency?: number;
	/**
	Ends every request.
	*/
	signal?: AbortSignal;
	isDemo: () => boolean;
	/**
	Keeps a token out of all reports.
	*/
	hide: (token: string | undefined) => void;
	nearby: (signal: AbortSignal) => Promise<DiscoveredServer[]>;
	tokenFromFile: () => Promise<string | undefined>;
	settings: () => Settings;
	credentials: () => Promise<Credentials>;
	plexTv: () => Promise<PlexTv>;
	identify: Identify;
	/**
	From the command line, the environment or systemd.
	*/
	givenToken: () => Promise<string | undefined>;
	/**
	An address stands in the environment, so a token that is given belongs to the server there.
	*/
	hasGivenAddress: boolean;
};

/**
The clients of one session, and how they find and check their server.
*/
export type Connections = {
	/**
	To the server at an address, whoever that is.

	@throws AppError
	*/
	connectTo: (url: string, typedToken: string | undefined, options: ConnectOptions) => Promise<Connected>;
	/**
	To a server that is known, wherever it is now.

	@throws AppError
	*/
	connectKnown: (known: KnownServer, options: ConnectOptions) => Promise<Connected>;
	close: () => void;
};

export const createConnections = (options: ConnectionsOptions): Connections => {
	const {env, version, concurrency, isDemo, settings, credentials, identify, givenToken} = options;
	const clients = new Set<PlexClient>();
	const connectionOf = (pin: CertificatePin | undefined) => ({...!isDemo() && {proxyEnv: env}, ...pin !== undefined && {pin}});

	const createClient = async (url: string, token: string | undefined, {onRequest, signal = options.signal}: ConnectOptions, {isCheck, pin}: {isCheck: boolean; pin?: CertificatePin | undefined}) => {
		options.hide(token);
		// The first screen is up sooner without the HTTP library.
		const {createPlexClient} = await import('../plex/client.js');
		const client = createPlexClient({
			url,
			...(token !== undefined && {token}),
			clientIdentifier: settings().clientIdentifier(),
			version,
			...(concurrency !== undefined && {concurrency}),
			...(onRequest !== undefined && {onRequest}),
			// A person is waiting for the verdict: what is wrong is said at once.
			...(isCheck && {retry: {limit: 0}}),
			...(signal !== undefined && {signal}),
			// The demo is in this process: no proxy could reach it.
			connection: connectionOf(pin),
		});
		clients.add(client);
		return client;
	};

	const connected = async ({url, token, pin}: Way, server: ServerInfo, connectOptions: ConnectOptions): Promise<Connected> => {
		const plex = await createClient(url, token, connectOptions, {isCheck: false, pin});
		const {openNotifications} = await import('../plex/notifications/connection.js');
		return {
			plex,
			server,
			isDemo: isDemo(),
			viewer: isDemo() ? 'demo' : viewerOf(token, settings().clientIdentifier()),
			openPush: handlers => openNotifications({
				baseUrl: plex.baseUrl,
				token,
				headers: requestHeaders({clientIdentifier: settings().clientIdentifier(), version}),
				connection: connectionOf(pin),
				...handlers,
			}),
			close() {
				discard(plex);
			},
		};
	};

	const discard = (client: PlexClient) => {
		client.close();
		clients.delete(client);
	};

	/**
	Those that only look are not needed once the way is known; a process that runs for months finds it many times.
	*/
	const createChecks = (connectOptions: ConnectOptions) => {
		const opened = new Set<PlexClient>();
		return {
			async create(url: string, token: string | undefined, pin: CertificatePin | undefined) {
				const client = await createClient(url, token, connectOptions, {isCheck: true, pin});
				opened.add(client);
				return client;
			},
			close() {
				for (const client of opened) {
					discard(client);
				}
			},
		};
	};

	const connectTo = async (url: string, typedToken: string | undefined, connectOptions: ConnectOptions): Promise<Connected> => {
		const checks = createChecks(connectOptions);
		try {
			return await connectChecked(url, typedToken, {checks, connectOptions});
		} finally {
			checks.close();
		}
	};

	const connectChecked = async (url: string, typedToken: string | undefined, {checks, connectOptions}: {checks: ReturnType<typeof createChecks>; connectOptions: ConnectOptions}): Promise<Connected> => {
		const stored = isDemo() ? undefined : await credentials();
		const pin = connectOptions.target?.pin ?? stored?.servers().find(server => server.url === url)?.pin;
		const stranger = await checks.create(url, undefined, pin);
		const known = await stranger.identity();
		// Only now is it known which server this is, and with that which stored token may be sent to it.
		const token = typedToken ?? await givenToken() ?? stored?.server(known.id)?.token;
		const {checkServer} = await import('../plex/identify.js');
		const server = await checkServer(await checks.create(url, token, pin), {known});
		if (connectOptions.remember === true) {
			settings().setServer({id: server.id, name: server.name, url});
			if (typedToken !== undefined || pin !== undefined || stored?.server(server.id) !== undefined) {
				await stored?.put({
					id: server.id, name: server.name, url, ...typedToken !== undefined && {token: typedToken}, ...pin !== undefined && {pin},
				});
			}
		}

		return connected({url, token, pin}, server, connectOptions);
	};

	const resource = async (serverId: string, signal: AbortSignal) => {
		const stored = await credentials();
		const token = stored.account()?.token;
		if (token === undefined) {
			return undefined;
		}

		const asked = await options.plexTv();
		const {servers: listed} = await asked.resources(token, {signal});
		return listed.find(({id}) => id === serverId);
	};

	const connectKnown = async (known: KnownServer, connectOptions: ConnectOptions): Promise<Connected> => {
		const {reachServer} = await import('../servers/reach-server.js');
		const checks = createChecks(connectOptions);
		try {
			const {server, ...way} = await reachServer(known, {
				createClient: async ({url, token, pin}) => checks.create(url, token, pin),
				identify,
				nearby: options.nearby,
				credentials,
				settings,
				resource,
				hide: options.hide,
				// A token that lies about beside an address is of the server there.
				givenToken: options.hasGivenAddress ? await options.tokenFromFile() : await givenToken(),
				signal: connectOptions.signal ?? options.signal ?? new AbortController().signal,
			});
			return await connected(way, server, connectOptions);
		} finally {
			checks.close();
		}
	};

	return {
		connectTo,
		connectKnown,
		close() {
			for (const client of clients) {
				client.close();
			}
		},
	};
};

/**
Nothing of the token can be got back from it: a token has far more bits than a person could try.
*/
const viewerOf = (token: string | undefined, salt: string) => hash('sha256', `${salt}\0${token ?? ''}`, 'hex').slice(0, 16);
