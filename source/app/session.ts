import path from 'node:path';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import {readSystemdToken, readTokenFile} from '../servers/given-token.js';
import type {DemoServer} from '../demo/server.js';
import type {DiscoveredServer} from '../plex/gdm.js';
import type {Identify} from '../plex/identify.js';
import {parseServerUrl} from '../plex/url.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../store/catalog-context.js';
import {openCatalog} from '../store/open-catalog.js';
import {knownServers, pickServer, type KnownServer} from '../servers/server-book.js';
import type {Credentials} from '../servers/credentials.js';
import {resolveFolders, type Folders} from '../store/folders.js';
import {openSettings, type Settings} from '../store/settings.js';
import {createConnections, type Connected, type ConnectOptions} from './session-connections.js';

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
	const {env, version} = options;
	let {isDemo} = options;
	let settings: Settings | undefined;
	let demoServer: Promise<DemoServer> | undefined;
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

	const connections = createConnections({
		...options,
		isDemo: () => isDemo,
		settings: getSettings,
		credentials,
		plexTv,
		identify,
		nearby,
		hide: keepSecret,
		tokenFromFile,
		givenToken,
		hasGivenAddress: nonEmpty(env['PLEX_URL']) !== undefined,
	});

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
				return connections.connectTo(url, token, {...connectOptions, remember: false});
			}

			const name = connectOptions.server ?? options.server;
			// A server that is named wins over an address that lies about in the environment.
			const address = connectOptions.target?.url ?? (name === undefined ? givenUrl() : undefined);
			return address === undefined
				? connections.connectKnown(pickServer(await servers(), name), connectOptions)
				: connections.connectTo(parseServerUrl(address), nonEmpty(connectOptions.target?.token), connectOptions);
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
			connections.close();
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

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
