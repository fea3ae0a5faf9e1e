import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {createHandler} from '../handler.js';
import {
	createFaultBox,
	isOwnFault,
	type OwnFault,
	type PlexTvFault,
} from '../knobs/faults.js';
import {describeRequest, type DemoRequest} from '../request.js';
import {listen} from '../server.js';
import {
	createAccounts,
	createPins,
	type Accounts,
	type DemoPin,
} from './accounts.js';
import type {DemoAccount, DemoPlexTvOptions, DemoResource} from './options.js';
import {answerPlexTv, type PlexTvContext} from './routes.js';

type SeenRequest = {
	method: string;
	/**
	With its query, never with a token.
	*/
	path: string;
	hasToken: boolean;
	clientIdentifier: string | undefined;
	/**
	By the clock of the server.
	*/
	atMs: number;
};

type DemoPlexTv = {
	/**
	Origin without a trailing slash.
	*/
	url: string;
	account: DemoAccount;
	/**
	Does what a person does at plex.tv/link, or behind the link.

	@throws when there is no such code, or no longer.
	*/
	approve: (code: string, options?: {asAccount?: Partial<DemoAccount>}) => void;
	/**
	The codes that can be approved, oldest first.
	*/
	openPins: () => ReadonlyArray<Readonly<Pick<DemoPin, 'code' | 'isStrong'>>>;
	/**
	Creates a token of somebody who is already signed in.
	*/
	issueToken: (account?: Partial<DemoAccount>) => string;
	revoke: (token: string) => void;
	setServers: (servers: readonly DemoResource[]) => void;
	setFaults: (faults: readonly PlexTvFault[]) => void;
	setExpiresIn: (seconds: number) => void;
	/**
	The latest 1,000, oldest first.
	*/
	requests: () => readonly SeenRequest[];
	close: () => Promise<void>;
};

const keptRequests = 1000;

/**
Starts a local plex.tv with one account and the given servers: a double for tests, and for trying out the sign-in.

@throws AppError `unreachable` when the port is taken or forbidden.
*/
export const startDemoPlexTv = async (options: DemoPlexTvOptions): Promise<DemoPlexTv> => {
	const {port = 0, host = '127.0.0.1', approveAfterMs, now = () => performance.now(), calendarOffsetMs = 0} = options;
	let {servers, expiresInSeconds = 900} = options;
	let ownFaults: readonly OwnFault[] = [];
	const accounts = createAccounts(options.account);
	const pins = createPins({now, expiresInSeconds: () => expiresInSeconds, code: options.code});
	const faults = createFaultBox([]);
	const seen: SeenRequest[] = [];
	const closing = new AbortController();
	const setFaults = (all: readonly PlexTvFault[]) => {
		ownFaults = all.filter(fault => isOwnFault(fault));
		faults.set(all.filter(fault => !isOwnFault(fault)));
	};

	setFaults(options.faults ?? []);
	const context: PlexTvContext = {
		accounts,
		pins,
		servers: () => servers,
		fault: kind => ownFaults.find(fault => fault.kind === kind) as never,
		approveAfterMs,
		now,
		isoOf: ms => new Date(Date.now() + calendarOffsetMs + ms - now()).toISOString(),
	};
	const handle = createHandler({
		faults,
		signal: closing.signal,
		onRequest(request, message) {
			seen.push({
				method: request.method,
				path: describeRequest(request),
				hasToken: request.token !== undefined,
				clientIdentifier: clientOf(request, message),
				atMs: now(),
			});
			if (seen.length > keptRequests) {
				seen.shift();
			}
		},
		async wait(_request, slowMs) {
			if (slowMs > 0) {
				await sleep(slowMs, undefined, {signal: closing.signal});
			}
		},
		answer: (request, message) => answerPlexTv({...request, clientIdentifier: clientOf(request, message)}, context),
	});
	const server = createServer((message, response) => {
		void handle(message, response);
	});
	await listen(server, port, host);
	const address = server.address() as AddressInfo;
	return {
		url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
		account: accounts.main,
		approve(code, {asAccount} = {}) {
			const pin = pins.findByCode(code);
			if (pin === undefined) {
				throw new Error(`No code ${code} can be approved.`);
			}

			pin.token ??= accounts.issueToken(memberOf(accounts, asAccount));
		},
		openPins: () => pins.open().map(({code, isStrong}) => ({code, isStrong})),
		issueToken: account => accounts.issueToken(memberOf(accounts, account)),
		revoke: accounts.revoke,
		setServers(next) {
			servers = next;
		},
		setFaults,
		setExpiresIn(seconds) {
			expiresInSeconds = seconds;
		},
		requests: () => [...seen],
		async close() {
			if (closing.signal.aborted) {
				return;
			}

			closing.abort();
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
};

const memberOf = ({main}: Accounts, account: Partial<DemoAccount> = {}): DemoAccount => ({...main, ...account});

const clientOf = ({query}: DemoRequest, {headers}: IncomingMessage): string | undefined => {
	const header = headers['x-plex-client-identifier'];
	return typeof header === 'string' ? header : query.get('X-Plex-Client-Identifier') ?? undefined;
};
