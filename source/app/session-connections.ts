import {hash} from 'node:crypto';
import {defined} from '../catalog/values.js';
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
import type {Programs} from './opening.js';
import type {Film} from './player.js';

export type Connected = {
	plex: PlexClient;
	server: ServerInfo;
	isDemo: boolean;
	// Tells the user of this token from other users, without naming anyone.
	viewer: string;
	// Gives the function that listens to what the server tells about its libraries. Only the daemon needs the library for it.
	loadPush: () => Promise<(handlers: Pick<NotificationsOptions, 'onHints' | 'onState' | 'clock' | 'times'>) => {close: () => void}>;
	/**
	Plays a film of this server with mpv. Resolves when its window was closed.

	@throws AppError
	*/
	play: (film: Film, programs: Programs) => Promise<void>;
	// Closes the connection before the session ends.
	close: () => void;
};

export type ConnectOptions = {
	// Replaces what the command line, the environment and the settings say.
	target?: {url: string; token: string | undefined; pin?: CertificatePin | undefined};
	// A known server other than the one on the command line.
	server?: string;
	// Keep address and token for the next start. A token from the environment or a file is never kept.
	remember?: boolean;
	onRequest?: (event: RequestEvent) => void;
	signal?: AbortSignal;
};

export type ConnectionsOptions = {
	env: NodeJS.ProcessEnv;
	version: string;
	concurrency?: number;
	// Ends every request.
	signal?: AbortSignal;
	isDemo: () => boolean;
	// Keeps a token out of all reports.
	hide: (token: string | undefined) => void;
	/**
	Servers that answer in this network; none where REELCAT_NO_DISCOVERY is set.

	@throws AppError 'cancelled'
	*/
	nearby: (signal: AbortSignal) => Promise<DiscoveredServer[]>;
	/**
	What --token-file names, if anything.

	@throws AppError 'usage'
	*/
	tokenFromFile: () => Promise<string | undefined>;
	settings: () => Settings;
	credentials: () => Promise<Credentials>;
	/**
	Like `credentials`, but where a token is given, credentials that cannot be read are told once and count as empty.

	@throws AppError
	*/
	usableCredentials: () => Promise<Credentials>;
	/**
	@throws AppError 'usage' for a REELCAT_PLEXTV_URL that no token may go to
	*/
	plexTv: () => Promise<PlexTv>;
	identify: Identify;
	// From the command line, the environment or systemd.
	givenToken: () => Promise<string | undefined>;
	// An address is in the environment, so a given token belongs to the server there.
	hasGivenAddress: boolean;
};

type Check = (url: string, token: string | undefined, pin: CertificatePin | undefined) => Promise<PlexClient>;

/**
Makes the clients of one session, which find and check their server.
*/
export const createConnections = (options: Omit<ConnectionsOptions, 'credentials'>) => {
	const {env, version, concurrency, isDemo, settings, usableCredentials: credentials, identify, givenToken} = options;
	const clients = new Set<PlexClient>();
	const connectionOf = (pin: CertificatePin | undefined) => ({...!isDemo() && {proxyEnv: env}, ...pin !== undefined && {pin}});

	const createClient = async (url: string, token: string | undefined, {onRequest, signal = options.signal}: ConnectOptions, {isCheck, pin}: {isCheck: boolean; pin?: CertificatePin | undefined}) => {
		options.hide(token);
		// The first screen is up sooner without the HTTP library.
		const {createPlexClient} = await import('../plex/client.js');
		const client = createPlexClient({
			url,
			clientIdentifier: await settings().clientIdentifier(),
			version,
			...defined({
				token, concurrency, onRequest, signal,
			}),
			// A person is waiting for the verdict, so a failure is reported without a retry.
			...(isCheck && {retry: {limit: 0}}),
			// No proxy could reach the demo, which is in this process.
			connection: connectionOf(pin),
		});
		clients.add(client);
		return client;
	};

	const connected = async ({url, token, pin}: Way, server: ServerInfo, connectOptions: ConnectOptions): Promise<Connected> => {
		const plex = await createClient(url, token, connectOptions, {isCheck: false, pin});
		return {
			plex,
			server,
			isDemo: isDemo(),
			viewer: isDemo() ? 'demo' : viewerOf(token, await settings().clientIdentifier()),
			async loadPush() {
				const [{openNotifications}, clientIdentifier] = await Promise.all([import('../plex/notifications/connection.js'), settings().clientIdentifier()]);
				return handlers => openNotifications({
					baseUrl: plex.baseUrl,
					token,
					headers: requestHeaders({clientIdentifier, version}),
					connection: connectionOf(pin),
					...handlers,
				});
			},
			async play(film, programs) {
				const {playWithMpv} = await import('./player.js');
				await playWithMpv(film, {
					...programs, baseUrl: plex.baseUrl, token, isPinned: pin !== undefined,
				});
			},
			close() {
				discard(plex);
			},
		};
	};

	const discard = (client: PlexClient) => {
		client.close();
		clients.delete(client);
	};

	// Clients that only check are closed once the way is known: a process that runs for months finds it many times.
	const withChecks = async (connectOptions: ConnectOptions, connect: (check: Check) => Promise<Connected>): Promise<Connected> => {
		const opened = new Set<PlexClient>();
		try {
			return await connect(async (url, token, pin) => {
				const client = await createClient(url, token, connectOptions, {isCheck: true, pin});
				opened.add(client);
				return client;
			});
		} finally {
			for (const client of opened) {
				discard(client);
			}
		}
	};

	/**
	Connects to whatever server is at an address.

	@throws AppError
	*/
	const connectTo = async (url: string, typedToken: string | undefined, connectOptions: ConnectOptions): Promise<Connected> => withChecks(connectOptions, async check => {
		const stored = isDemo() ? undefined : await credentials();
		const pin = connectOptions.target?.pin ?? stored?.servers().find(server => server.url === url)?.pin;
		const stranger = await check(url, undefined, pin);
		const known = await stranger.identity();
		// Only now we know which server this is, and so which stored token may be sent to it.
		const kept = stored?.server(known.id);
		const token = typedToken ?? await givenToken() ?? kept?.token;
		if (token === undefined && kept?.tokenFault !== undefined) {
			throw kept.tokenFault;
		}

		const {checkServer} = await import('../plex/identify.js');
		const server = await checkServer(await check(url, token, pin), {known});
		if (connectOptions.remember === true) {
			const place = {id: server.id, name: server.name, url};
			const writer = await settings().writer();
			writer.setServer(place);
			if (typedToken !== undefined || pin !== undefined || kept !== undefined) {
				await stored?.put({...place, ...defined({token: typedToken, pin})});
			}
		}

		return connected({url, token, pin}, server, connectOptions);
	});

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

	/**
	Connects to a known server, wherever it is now.

	@throws AppError
	*/
	const connectKnown = async (known: KnownServer, connectOptions: ConnectOptions): Promise<Connected> => withChecks(connectOptions, async check => {
		const {reachServer} = await import('../servers/reach-server.js');
		const {server, ...way} = await reachServer(known, {
			createClient: async ({url, token, pin}) => check(url, token, pin),
			identify,
			nearby: options.nearby,
			credentials,
			settings,
			resource,
			hide: options.hide,
			// A token beside an address in the environment belongs to the server there.
			givenToken: options.hasGivenAddress ? await options.tokenFromFile() : await givenToken(),
			signal: connectOptions.signal ?? options.signal ?? new AbortController().signal,
		});
		return connected(way, server, connectOptions);
	});

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

// The token cannot be got back from it: a token has far more bits than a person could try.
const viewerOf = (token: string | undefined, salt: string) => hash('sha256', `${salt}\0${token ?? ''}`, 'hex').slice(0, 16);
