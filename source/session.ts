import {hash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {PlexTv} from './account/plex-tv.js';
import {AppError, errorCode, isAppError} from './errors.js';
import type {Identify} from './find-servers.js';
import type {Pin} from './plex/certificate.js';
import type {DemoServer} from './demo/server.js';
import type {
	PlexClient,
	RequestEvent,
	ServerIdentity,
	ServerInfo,
} from './plex/types.js';
import {parseServerUrl} from './plex/url.js';
import type {OpenCatalogOptions, OpenedCatalog} from './store/catalog-context.js';
import {openCatalog} from './store/catalog-store.js';
import {knownServers, pickServer, type KnownServer} from './server-book.js';
import type {Credentials} from './store/credentials.js';
import {resolveFolders, type Folders} from './store/folders.js';
import {openSettings, type Settings} from './store/settings.js';
import {clean} from './text/clean.js';

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
};

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
		if (token !== undefined && token.trim() !== '') {
			tokens.add(token.trim());
		}
	};

	keepSecret(env['PLEX_TOKEN']);

	const folders = () => resolveFolders(env, options.homeFolder, {isDemo});
	const getSettings = () => {
		settings ??= openSettings(folders().config);
		return settings;
	};

	const credentials = async () => {
		const {openCredentials} = await import('./store/credentials.js');
		const {systemKeychain} = await import('./store/keychain.js');
		const opened = await openCredentials(path.join(folders().data, 'credentials.json'), {keychain: systemKeychain, isForKeychain: options.isForKeychain ?? false});
		for (const {token} of [...opened.servers(), ...[opened.account()].filter(account => account !== undefined)]) {
			keepSecret(token);
		}

		return opened;
	};

	const plexTvs = new Set<PlexTv>();
	const plexTv = async () => {
		const {createPlexTv} = await import('./account/plex-tv.js');
		const created = createPlexTv({
			clientIdentifier: getSettings().clientIdentifier(),
			version,
			...(nonEmpty(env['REELCAT_PLEXTV_URL']) !== undefined && {baseUrl: nonEmpty(env['REELCAT_PLEXTV_URL'])!}),
			...(options.signal !== undefined && {signal: options.signal}),
		});
		plexTvs.add(created);
		return created;
	};

	const createClient = async (url: string, token: string | undefined, {onRequest, signal = options.signal}: ConnectOptions, {isCheck, pin}: {isCheck: boolean; pin?: Pin | undefined}) => {
		keepSecret(token);
		// The first screen is up sooner without the HTTP library.
		const {createPlexClient} = await import('./plex/client.js');
		if (token !== undefined) {
			options.onToken?.(token);
		}

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
			connection: {proxyEnv: env, ...(pin !== undefined && {pin})},
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
	const givenToken = async () => await tokenFromFile() ?? nonEmpty(env['PLEX_TOKEN']) ?? await systemdToken(env);

	const identify: Identify = async (uri, signal) => {
		const client = await createClient(uri, undefined, {signal}, {isCheck: true});
		try {
			return (await client.identity()).id;
		} finally {
			client.close();
			clients.delete(client);
		}
	};

	const connected = async (url: string, server: ServerInfo, {token, pin, connectOptions}: {token: string | undefined; pin: Pin | undefined; connectOptions: ConnectOptions}): Promise<Connected> => ({
		plex: await createClient(url, token, connectOptions, {isCheck: false, pin}),
		server,
		isDemo,
		viewer: isDemo ? 'demo' : viewerOf(token, getSettings().clientIdentifier()),
	});

	const check = async (url: string, {token, pin, known, connectOptions}: {token: string | undefined; pin: Pin | undefined; known: ServerIdentity; connectOptions: ConnectOptions}) => {
		const {checkServer} = await import('./plex/connect.js');
		return checkServer(await createClient(url, token, connectOptions, {isCheck: true, pin}), {known});
	};

	const connectTo = async (url: string, typedToken: string | undefined, connectOptions: ConnectOptions): Promise<Connected> => {
		const stored = isDemo ? undefined : await credentials();
		const pin = connectOptions.target?.pin ?? stored?.servers().find(server => server.url === url)?.pin;
		const stranger = await createClient(url, undefined, connectOptions, {isCheck: true, pin});
		const known = await stranger.identity();
		// Only now is it known which server this is, and with that which stored token may be sent to it.
		const token = typedToken ?? await givenToken() ?? stored?.server(known.id)?.token;
		const server = await check(url, {
			token, pin, known, connectOptions,
		});
		if (connectOptions.remember === true) {
			getSettings().setServer({id: server.id, name: server.name, url});
			if (typedToken !== undefined || pin !== undefined || stored?.server(server.id) !== undefined) {
				await stored?.put({
					id: server.id, name: server.name, url, ...typedToken !== undefined && {token: typedToken}, ...pin !== undefined && {pin},
				});
			}
		}

		return connected(url, server, {token, pin, connectOptions});
	};

	/**
	Where a known server is now, and proof that it is the one.
	*/
	const locate = async (known: KnownServer, connectOptions: ConnectOptions): Promise<{url: string; identity: ServerIdentity}> => {
		const {signal = options.signal ?? new AbortController().signal} = connectOptions;
		try {
			const client = await createClient(known.url, undefined, connectOptions, {isCheck: true, pin: known.pin});
			const identity = await client.identity();
			if (identity.id !== known.id) {
				throw new AppError('not-plex', `Another server than ${clean(known.name)} answers at ${new URL(known.url).host}.`, {hint: '"reelcat servers add URL" names its new address.'});
			}

			return {url: known.url, identity};
		} catch (error) {
			// A certificate that has changed is no reason to look elsewhere: it is to be seen.
			if (!isAppError(error) || error.code === 'cancelled' || known.pin !== undefined) {
				throw error;
			}

			const {findAgain} = await import('./find-servers.js');
			const {winner, others} = await findAgain({
				id: known.id, name: known.name, url: known.url, others: known.others ?? [],
			}, error, {identify, signal, ask: [async () => addressesOfAccount(known.id, signal), async () => addressesNearby(known.id, signal)]});
			await moved(known, winner.uri, [...others.map(({uri, nearness}) => ({uri, nearness})), {uri: known.url, nearness: 'remote' as const}]);
			return {url: winner.uri, identity: await (await createClient(winner.uri, undefined, connectOptions, {isCheck: true})).identity()};
		}
	};

	const resourceOfAccount = async (serverId: string, signal: AbortSignal) => {
		const account = (await credentials()).account();
		if (account?.token === undefined) {
			return undefined;
		}

		const {servers} = await (await plexTv()).resources(account.token, {signal});
		return servers.find(({id}) => id === serverId);
	};

	const addressesOfAccount = async (serverId: string, signal: AbortSignal) => {
		const resource = await resourceOfAccount(serverId, signal);
		const {candidatesOf} = await import('./account/candidates.js');
		return resource === undefined ? [] : candidatesOf(resource);
	};

	const moved = async (known: KnownServer, url: string, others: NonNullable<KnownServer['others']>) => {
		const stored = await credentials();
		if (stored.server(known.id) !== undefined) {
			await stored.put({id: known.id, url, others: others.slice(0, 20)});
		}

		const current = getSettings().server();
		if (current?.id === known.id) {
			getSettings().setServer({...current, url});
		}
	};

	const connectKnown = async (known: KnownServer, connectOptions: ConnectOptions): Promise<Connected> => {
		const {url, identity} = await locate(known, connectOptions);
		const {pin} = known;
		const given = await givenToken();
		const token = given ?? known.token;
		try {
			const server = await check(url, {
				token, pin, known: identity, connectOptions,
			});
			return await connected(url, server, {token, pin, connectOptions});
		} catch (error) {
			if (!isAppError(error, 'unauthorized') || given !== undefined || known.isOfAccount !== true) {
				throw error;
			}

			// Tokens of servers are given out anew now and then; the account can tell.
			const fresh = (await resourceOfAccount(known.id, connectOptions.signal ?? options.signal ?? new AbortController().signal))?.accessToken;
			if (fresh === undefined || fresh === token) {
				throw error;
			}

			keepSecret(fresh);
			const server = await check(url, {
				token: fresh, pin, known: identity, connectOptions,
			});
			await (await credentials()).put({id: known.id, url, token: fresh});
			return connected(url, server, {token: fresh, pin, connectOptions});
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

			const address = connectOptions.target?.url ?? (connectOptions.server ?? options.server === undefined ? givenUrl() : undefined);
			return address === undefined
				? connectKnown(pickServer(await servers(), connectOptions.server ?? options.server), connectOptions)
				: connectTo(parseServerUrl(address), nonEmpty(connectOptions.target?.token), connectOptions);
		},
		servers,
		pickServer: async (name = options.server) => pickServer(await servers(), name),
		serverName: () => options.server,
		credentials,
		plexTv,
		identify,
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
	const {startDemoServer} = await import('./demo/server.js');
	return startDemoServer({});
};

/**
Nothing of the token can be got back from it: a token has far more bits than a person could try.
*/
const viewerOf = (token: string | undefined, salt: string) => hash('sha256', `${salt}\0${token ?? ''}`, 'hex').slice(0, 16);

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();

/**
systemd hands a credential named plex-token to a service as a file (LoadCredential=).
*/
const systemdToken = async (env: NodeJS.ProcessEnv) => {
	const folder = nonEmpty(env['CREDENTIALS_DIRECTORY']);
	const file = folder === undefined ? undefined : path.join(folder, 'plex-token');
	return file !== undefined && existsSync(file) ? readTokenFile(file) : undefined;
};

const readTokenFile = async (file: string): Promise<string> => {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new AppError('usage', `The token file ${file} cannot be read${errorCode(error) === undefined ? '' : ` (${errorCode(error)})`}.`, {
			hint: 'Name a file that holds the Plex token and nothing else.',
			cause: error,
		});
	}

	const token = text.trim();
	if (token === '') {
		throw new AppError('usage', `The token file ${file} is empty.`, {
			hint: 'It must hold the Plex token on one line and nothing else.',
		});
	}

	return token;
};
