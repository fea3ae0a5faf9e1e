import {hash} from 'node:crypto';
import path from 'node:path';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import {readSystemdToken, readTokenFile} from '../servers/given-token.js';
import type {Pin} from '../plex/certificate.js';
import type {DemoServer} from '../demo/server.js';
import type {DiscoveredServer} from '../plex/gdm-reply.js';
import type {Identify} from '../plex/identify.js';
import {requestHeaders} from '../plex/identity-headers.js';
import type {NotificationsOptions} from '../plex/notifications/connection.js';
import type {
	PlexClient,
	RequestEvent,
	ServerInfo,
} from '../plex/types.js';
import {parseServerUrl} from '../plex/url.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../store/catalog-context.js';
import {openCatalog} from '../store/open-catalog.js';
import type {Way} from '../servers/reach-server.js';
import {knownServers, pickServer, type KnownServer} from '../servers/server-book.js';
import type {Credentials} from '../servers/credentials.js';
import {resolveFolders, type Folders} from '../store/folders.js';
import {openSettings, type Settings} from '../store/settings.js';

export type SessionOptions = {
	env: NodeJS.ProcessEnv;
	homeFolder: string;
	version: string;
	isDemo: boolean;
	url?: string;
	tokenFile?: string;
	/**
	Which of the known servers, by name, address or id.
	*/
	server?: string;
	/**
	New tokens go into the keychain of the system.
	*/
	isForKeychain?: boolean;
	concurrency?: number;
	/**
	Ends every request.
	*/
	signal?: AbortSignal;
	/**
	Told of every token before it is used, so that it can be kept out of reports.
	*/
	onToken?: (token: string) => void;
};

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

export type PushHandlers = Pick<NotificationsOptions, 'onHints' | 'onState' | 'clock' | 'times'>;

export type ConnectOptions = {
	/**
	Instead of what the command line, the environment and the settings say.
	*/
	target?: {url: string; token: string | undefined; pin?: Pin | undefined};
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

/**
Where the parts are joined: settings, Plex clients and the catalogue of one user, or of the demo.
*/
export type Session = {
	isDemo: () => boolean;
	folders: () => Folders;
	settings: () => Settings;
	/**
	From the command line or the environment; a stored address is in the settings.
	*/
	givenUrl: () => string | undefined;
	hasGivenToken: () => boolean;
	/**
	Every token that is or was in use here, for what must not be written anywhere.
	*/
	secrets: () => Iterable<string>;
	/**
	What --token-file names, if anything.
	@throws AppError 'usage'
	*/
	tokenFromFile: () => Promise<string | undefined>;
	/**
	@throws AppError
	*/
	connect: (options?: ConnectOptions) => Promise<Connected>;
	/**
	@throws AppError
	*/
	openStore: (options?: Pick<OpenCatalogOptions, 'access' | 'onDamaged' | 'restoreFrom'>) => Promise<OpenedCatalog>;
	/**
	What is known of servers, by name.

	@throws AppError 'damaged'
	*/
	servers: () => Promise<KnownServer[]>;
	/**
	The server that is meant, by the name on the command line unless another is given.

	@throws AppError 'usage' that lists what exists
	*/
	pickServer: (name?: string) => Promise<KnownServer>;
	/**
	Which server was named on the command line.
	*/
	serverName: () => string | undefined;
	credentials: () => Promise<Credentials>;
	/**
	@throws AppError 'usage' for a REELCAT_PLEXTV_URL that no token may go to
	*/
	plexTv: () => Promise<PlexTv>;
	/**
	Who is at an address, asked without a token.
	*/
	identify: Identify;
	/**
	Servers that answer in this network; none where REELCAT_NO_DISCOVERY is set.

	@throws AppError 'cancelled'
	*/
	nearby: (signal: AbortSignal) => Promise<DiscoveredServer[]>;
	/**
	Keep this out of all reports.
	*/
	hide: (token: string) => void;
	/**
	From now on the demo server and its own folders.
	*/
	useDemo: () => void;
	close: () => Promise<void>;
};

export const createSession = (options: SessionOptions): Session => {
	const {env, version, concurrency} = options;
	let {isDemo} = options;
	let settings: Settings | undefined;
	let demoServer: Promise<DemoServer> | undefined;
	const clients = new Set<PlexClient>();
	const tokens = new Set<string>();
	const keepSecret = (token: string | undefined) => {
		const secret = nonEmpty(token);
		if (secret === undefined) {
			return;
		}

		tokens.add(secret);
		options.onToken?.(secret);
	};

	keepSecret(env['PLEX_TOKEN']);

	const folders = () => resolveFolders(env, options.homeFolder, {isDemo});
	const getSettings = () => {
		settings ??= openSettings(folders().config);
		return settings;
	};

	const credentials = async () => {
		const {openCredentials} = await import('../servers/credentials.js');
		const {systemKeychain} = await import('../servers/keychain.js');
		const opened = await openCredentials(path.join(folders().data, 'credentials.json'), {keychain: systemKeychain, isForKeychain: options.isForKeychain ?? false});
		for (const {token} of [...opened.servers(), ...[opened.account()].filter(account => account !== undefined)]) {
			keepSecret(token);
		}

		return opened;
	};

	const plexTvs = new Set<PlexTv>();
	const plexTv = async () => {
		const {createPlexTv} = await import('../servers/plex-tv/plex-tv.js');
		const created = createPlexTv({
			clientIdentifier: getSettings().clientIdentifier(),
			version,
			proxyEnv: env,
			...(nonEmpty(env['REELCAT_PLEXTV_URL']) !== undefined && {baseUrl: nonEmpty(env['REELCAT_PLEXTV_URL'])!}),
			...(options.signal !== undefined && {signal: options.signal}),
		});
		plexTvs.add(created);
		return created;
	};

	const connectionOf = (pin: Pin | undefined) => ({...!isDemo && {proxyEnv: env}, ...pin !== undefined && {pin}});

	const createClient = async (url: string, token: string | undefined, {onRequest, signal = options.signal}: ConnectOptions, {isCheck, pin}: {isCheck: boolean; pin?: Pin | undefined}) => {
		keepSecret(token);
		// The first screen is up sooner without the HTTP library.
		const {createPlexClient} = await import('../plex/client.js');
		const client = createPlexClient({
			url,
			...(token !== undefined && {token}),
			clientIdentifier: getSettings().clientIdentifier(),
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

	const demoTarget = async () => {
		demoServer ??= startDemo();
		const {url, token} = await demoServer;
		return {url, token};
	};

	const givenUrl = () => nonEmpty(options.url) ?? nonEmpty(env['PLEX_URL']);

	const tokenFromFile = async () => options.tokenFile === undefined ? undefined : readTokenFile(options.tokenFile);
	const givenToken = async () => await tokenFromFile() ?? nonEmpty(env['PLEX_TOKEN']) ?? await readSystemdToken(nonEmpty(env['CREDENTIALS_DIRECTORY']));

	const identify: Identify = async (uri, signal) => {
		const {createIdentify} = await import('../plex/identify.js');
		return createIdentify({clientIdentifier: getSettings().clientIdentifier(), version, connection: {proxyEnv: env}})(uri, signal);
	};

	const nearby = async (signal: AbortSignal): Promise<DiscoveredServer[]> => {
		if (nonEmpty(env['REELCAT_NO_DISCOVERY']) !== undefined) {
			return [];
		}

		const {discoverServers} = await import('../plex/gdm.js');
		return discoverServers({signal});
	};

	const connected = async ({url, token, pin}: Way, server: ServerInfo, connectOptions: ConnectOptions): Promise<Connected> => {
		const plex = await createClient(url, token, connectOptions, {isCheck: false, pin});
		const {openNotifications} = await import('../plex/notifications/connection.js');
		return {
			plex,
			server,
			isDemo,
			viewer: isDemo ? 'demo' : viewerOf(token, getSettings().clientIdentifier()),
			openPush: handlers => openNotifications({
				baseUrl: plex.baseUrl,
				token,
				headers: requestHeaders({clientIdentifier: getSettings().clientIdentifier(), version}),
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
			async create(url: string, token: string | undefined, pin: Pin | undefined) {
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
		const stored = isDemo ? undefined : await credentials();
		const pin = connectOptions.target?.pin ?? stored?.servers().find(server => server.url === url)?.pin;
		const stranger = await checks.create(url, undefined, pin);
		const known = await stranger.identity();
		// Only now is it known which server this is, and with that which stored token may be sent to it.
		const token = typedToken ?? await givenToken() ?? stored?.server(known.id)?.token;
		const {checkServer} = await import('../plex/connect.js');
		const server = await checkServer(await checks.create(url, token, pin), {known});
		if (connectOptions.remember === true) {
			getSettings().setServer({id: server.id, name: server.name, url});
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

		const asked = await plexTv();
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
				nearby,
				credentials,
				settings: getSettings,
				resource,
				hide: keepSecret,
				// A token that lies about beside an address is of the server there.
				givenToken: nonEmpty(env['PLEX_URL']) === undefined ? await givenToken() : await tokenFromFile(),
				signal: connectOptions.signal ?? options.signal ?? new AbortController().signal,
			});
			return await connected(way, server, connectOptions);
		} finally {
			checks.close();
		}
	};

	const servers = async () => knownServers(await credentials(), getSettings());

	return {
		isDemo: () => isDemo,
		folders,
		settings: getSettings,
		givenUrl,
		secrets: () => tokens,
		tokenFromFile,
		hasGivenToken: () => options.tokenFile !== undefined || nonEmpty(env['PLEX_TOKEN']) !== undefined,
		async connect(connectOptions = {}) {
			if (isDemo) {
				const {url, token} = await demoTarget();
				return connectTo(url, token, {...connectOptions, remember: false});
			}

			const name = connectOptions.server ?? options.server;
			// A server that is named wins over an address that lies about in the environment.
			const address = connectOptions.target?.url ?? (name === undefined ? givenUrl() : undefined);
			return address === undefined
				? connectKnown(pickServer(await servers(), name), connectOptions)
				: connectTo(parseServerUrl(address), nonEmpty(connectOptions.target?.token), connectOptions);
		},
		servers,
		pickServer: async (name = options.server) => pickServer(await servers(), name),
		serverName: () => options.server,
		credentials,
		plexTv,
		identify,
		nearby,
		hide: keepSecret,
		openStore: async (storeOptions = {}) => openCatalog({folder: folders().data, ...storeOptions}),
		useDemo() {
			isDemo = true;
			settings = undefined;
		},
		async close() {
			for (const client of clients) {
				client.close();
			}

			for (const created of plexTvs) {
				created.close();
			}

			const server = await demoServer?.catch(() => undefined);
			await server?.close();
		},
	};
};

const startDemo = async () => {
	const {startDemoServer} = await import('../demo/server.js');
	return startDemoServer({});
};

/**
Nothing of the token can be got back from it: a token has far more bits than a person could try.
*/
const viewerOf = (token: string | undefined, salt: string) => hash('sha256', `${salt}\0${token ?? ''}`, 'hex').slice(0, 16);

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
