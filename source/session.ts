import {hash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from './errors.js';
import type {DemoServer} from './demo/server.js';
import type {PlexClient, RequestEvent, ServerInfo} from './plex/types.js';
import {parseServerUrl} from './plex/url.js';
import type {OpenCatalogOptions, OpenedCatalog} from './store/catalog-context.js';
import {openCatalog} from './store/catalog-store.js';
import {openCredentials} from './store/credentials.js';
import {resolveFolders, type Folders} from './store/folders.js';
import {openSettings, type Settings} from './store/settings.js';

export type SessionOptions = {
	env: NodeJS.ProcessEnv;
	homeFolder: string;
	version: string;
	isDemo: boolean;
	url?: string;
	tokenFile?: string;
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
	target?: {url: string; token: string | undefined};
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

	const credentials = async () => openCredentials(path.join(folders().data, 'credentials.json'));

	const createClient = async (url: string, token: string | undefined, {onRequest, signal = options.signal}: ConnectOptions, {isCheck}: {isCheck: boolean}) => {
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
	const givenToken = async () => await tokenFromFile() ?? nonEmpty(env['PLEX_TOKEN']);

	const connectTo = async (url: string, typedToken: string | undefined, connectOptions: ConnectOptions): Promise<Connected> => {
		const stranger = await createClient(url, undefined, connectOptions, {isCheck: true});
		const known = await stranger.identity();
		const stored = await credentials();
		// Only now is it known which server this is, and with that which stored token may be sent to it.
		const token = typedToken ?? await givenToken() ?? stored.get(known.id);
		const {checkServer} = await import('./plex/connect.js');
		const server = await checkServer(await createClient(url, token, connectOptions, {isCheck: true}), {known});
		if (connectOptions.remember === true) {
			getSettings().setServer({id: server.id, name: server.name, url});
			if (typedToken !== undefined) {
				await stored.set(server.id, typedToken, url);
			}
		}

		return {
			plex: await createClient(url, token, connectOptions, {isCheck: false}),
			server,
			isDemo,
			viewer: isDemo ? 'demo' : viewerOf(token, getSettings().clientIdentifier()),
		};
	};

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

			const address = connectOptions.target?.url ?? givenUrl() ?? getSettings().server()?.url;
			if (address === undefined) {
				throw new AppError('usage', 'No Plex server is known yet.', {
					hint: 'Set PLEX_URL and PLEX_TOKEN, run "reelcat connect URL --token-file FILE", or try --demo.',
				});
			}

			return connectTo(parseServerUrl(address), nonEmpty(connectOptions.target?.token), connectOptions);
		},
		openStore: async (storeOptions = {}) => openCatalog({folder: folders().data, ...storeOptions}),
		useDemo() {
			isDemo = true;
			settings = undefined;
		},
		async close() {
			for (const client of clients) {
				client.close();
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
