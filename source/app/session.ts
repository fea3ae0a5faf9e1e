import path from 'node:path';
import {linkSignals} from '../base/abort.js';
import {AppError, isAppError} from '../base/errors.js';
import {once} from '../base/once.js';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import {readSystemdToken, readTokenFile} from '../servers/given-token.js';
import type {DemoServer} from '../demo/server.js';
import type {Identify} from '../plex/identify.js';
import type {ServerInfo} from '../plex/types.js';
import {clean} from '../base/text/clean.js';
import {isServerCalled} from '../catalog/library-names.js';
import {defined} from '../catalog/values.js';
import {readServerUrl} from '../plex/url.js';
import {knownServers, pickServer, type KnownServer} from '../servers/server-book.js';
import {resolveFolders} from '../store/folders.js';
import {openSettings, type Settings} from '../store/settings.js';
import {
	createConnections,
	type Connected,
	type ConnectionsOptions,
	type ConnectOptions,
} from './session-connections.js';
import {createSessionStore, type SessionStore} from './session-store.js';

export type SessionOptions = Pick<ConnectionsOptions, 'env' | 'version' | 'concurrency' | 'signal'> & {
	homeFolder: string;
	isDemo: boolean;
	url?: string;
	tokenFile?: string;
	// Name, address or id of a known server.
	server?: string;
	// The address of a PostgreSQL database that has the catalogue.
	store?: string;
	// Ends any question to a database while a catalogue is opened, and those of a reader at any time.
	stop?: AbortSignal;
	// New tokens go into the keychain of the system.
	isForKeychain?: boolean;
	// Told of every token before it is used, so that no report contains it.
	onToken?: (token: string) => void;
	// Told, once each, what was left out of the given address, and that credentials cannot be read.
	onNotice?: (sentence: string) => void;
};

/**
The settings, Plex clients and catalogue of one user, or of the demo. Its functions throw an AppError.
*/
export type Session = Pick<ConnectionsOptions, 'isDemo' | 'settings' | 'tokenFromFile' | 'credentials' | 'usableCredentials' | 'plexTv' | 'identify' | 'nearby'> & SessionStore & {
	// From the command line or the environment; a stored address is in the settings.
	givenUrl: () => string | undefined;
	hasGivenToken: () => boolean;
	// Every token that is or was in use here.
	secrets: () => Iterable<string>;
	connect: (options?: ConnectOptions) => Promise<Connected>;
	/**
	The known servers, by name.

	@throws AppError 'damaged'
	*/
	servers: () => Promise<KnownServer[]>;
	/**
	Finds a server by `name`, or by the name on the command line.

	@throws AppError 'usage' that lists what exists
	*/
	pickServer: (name?: string) => Promise<KnownServer>;
	// The name on the command line.
	serverName: () => string | undefined;
	// Keeps a token out of all reports.
	hide: (token: string) => void;
	// Switches to the demo server and its own folders.
	useDemo: () => void;
	close: () => Promise<void>;
};

export const createSession = (options: SessionOptions): Session => {
	const {env, version} = options;
	let {isDemo} = options;
	let settings: Settings | undefined;
	let demoServer: Promise<DemoServer> | undefined;
	let isNoticeGiven = false;
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

	const ownFolders = () => resolveFolders(env, options.homeFolder, {isDemo});
	const getSettings = () => {
		settings ??= openSettings(ownFolders().config);
		return settings;
	};

	const closing = new AbortController();
	const {keychain, hastyKeychain} = keychainsOf(options, closing.signal);

	const sessionStore = createSessionStore({
		...options, isDemo: () => isDemo, demoStore: options.isDemo ? options.store : undefined, ownFolders, keepSecret, keychain,
	});

	const credentials = async (ofKeychain = keychain) => {
		const {openCredentials} = await import('../servers/credentials.js');
		const opened = await openCredentials(path.join(ownFolders().data, 'credentials.json'), {keychain: await ofKeychain(), isForKeychain: options.isForKeychain ?? false});
		for (const known of [...opened.servers(), opened.account()]) {
			keepSecret(known?.token);
		}

		return opened;
	};

	const {plexTv, close: closePlexTvs} = createPlexTvs(options, getSettings);
	const givenUrl = () => nonEmpty(options.url) ?? nonEmpty(env['PLEX_URL']);
	const tokenFromFile = async () => options.tokenFile === undefined ? undefined : readTokenFile(options.tokenFile);
	const hasGivenToken = () => options.tokenFile !== undefined || nonEmpty(env['PLEX_TOKEN']) !== undefined;
	const givenToken = async () => await tokenFromFile() ?? nonEmpty(env['PLEX_TOKEN']) ?? await readSystemdToken(nonEmpty(env['CREDENTIALS_DIRECTORY']));
	let isUnreadableTold = false;
	const usableCredentials = async () => {
		try {
			return await credentials(hasGivenToken() ? hastyKeychain : keychain);
		} catch (error) {
			if (!isAppError(error) || error.code === 'cancelled' || await givenToken() === undefined) {
				throw error;
			}

			if (!isUnreadableTold) {
				isUnreadableTold = true;
				options.onNotice?.(`${error.message} The given token is used.`);
			}

			const {unreadableCredentials} = await import('../servers/credentials.js');
			return unreadableCredentials(error);
		}
	};

	const identify: Identify = async (uri, signal) => {
		const {createIdentify} = await import('../plex/identify.js');
		return createIdentify({clientIdentifier: await getSettings().clientIdentifier(), version, connection: isDemo ? {} : {proxyEnv: env}})(uri, signal);
	};

	const nearby: Session['nearby'] = async signal => {
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
		usableCredentials,
		plexTv,
		identify,
		nearby,
		hide: keepSecret,
		tokenFromFile,
		givenToken,
		hasGivenAddress: nonEmpty(env['PLEX_URL']) !== undefined,
	});

	const servers = async () => knownServers(await usableCredentials(), getSettings());

	return {
		isDemo: () => isDemo,
		settings: getSettings,
		givenUrl,
		secrets: () => tokens,
		tokenFromFile,
		hasGivenToken,
		async connect(connectOptions = {}) {
			if (isDemo) {
				demoServer ??= import('../demo/server.js').then(async ({startDemoServer}) => startDemoServer({}));
				const {url, token} = await demoServer;
				const connected = await connections.connectTo(url, token, {...connectOptions, remember: false});
				requireDemo(options, connected.server);
				return connected;
			}

			const name = connectOptions.server ?? options.server;
			// A named server wins over an address in the environment.
			const address = connectOptions.target?.url ?? (name === undefined ? givenUrl() : undefined);
			if (address === undefined) {
				return connections.connectKnown(pickServer(await servers(), name), connectOptions);
			}

			const {url, leftOut} = readServerUrl(address);
			if (leftOut !== undefined && !isNoticeGiven) {
				isNoticeGiven = true;
				options.onNotice?.(leftOut);
			}

			return connections.connectTo(url, nonEmpty(connectOptions.target?.token), connectOptions);
		},
		servers,
		pickServer: async (name = options.server) => pickServer(await servers(), name),
		serverName: () => options.server,
		credentials,
		usableCredentials,
		plexTv,
		identify,
		nearby,
		hide: keepSecret,
		...sessionStore,
		useDemo() {
			isDemo = true;
			settings = undefined;
		},
		async close() {
			closing.abort();
			connections.close();
			closePlexTvs();
			const server = await demoServer?.catch(() => undefined);
			await server?.close();
		},
	};
};

/**
Who was given a token does not wait long for others.
*/
const keychainsOf = ({stop, onNotice}: SessionOptions, closing: AbortSignal) => {
	const keychain = once(async () => {
		const {createSystemKeychain} = await import('../servers/keychain.js');
		return createSystemKeychain({
			signal: linkSignals([stop, closing]).signal,
			onWait: once(() => onNotice?.('The keychain may be asking for its password on the screen of this machine.')),
		});
	});
	return {
		keychain,
		async hastyKeychain() {
			const {inHaste} = await import('../servers/keychain.js');
			return inHaste(await keychain());
		},
	};
};

// The app may change to the demo, whatever server it was started with.
const requireDemo = ({isDemo, server}: SessionOptions, demo: ServerInfo) => {
	if (isDemo && server !== undefined && !isServerCalled(demo, server)) {
		throw new AppError('usage', `There is no server "${clean(server)}" with --demo, only "${demo.name}".`, {hint: 'Leave --demo or --server out.'});
	}
};

const createPlexTvs = ({env, version, signal}: SessionOptions, settings: () => Settings) => {
	const made = new Set<PlexTv>();
	return {
		async plexTv() {
			const {createPlexTv} = await import('../servers/plex-tv/plex-tv.js');
			const created = createPlexTv({
				clientIdentifier: await settings().clientIdentifier(),
				version,
				proxyEnv: env,
				...defined({baseUrl: nonEmpty(env['REELCAT_PLEXTV_URL']), signal}),
			});
			made.add(created);
			return created;
		},
		close() {
			for (const created of made) {
				created.close();
			}
		},
	};
};

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
