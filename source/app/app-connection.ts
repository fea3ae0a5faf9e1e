import {isAppError} from '../base/errors.js';
import type {RequestEvent} from '../plex/types.js';
import {readServerUrl, shownServerUrl, type ReadAddress} from '../plex/url.js';
import type {FoundServer} from '../servers/find-servers.js';
import type {Connection, ServerChoice, UiServices} from '../ui/services.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';

/**
Connects the screens to a server, and lists the servers to choose from.
*/
export type AppConnection = Pick<UiServices, 'servers' | 'nearby' | 'signIn'> & {
	// Connects unless it is connected already.
	ensure: () => Promise<Connected>;
	connect: (target: Parameters<UiServices['connect']>[0], signal: AbortSignal | undefined) => Promise<Connection>;
	// A known server is not asked before the first screen is up, since browsing works without it.
	initial: () => Promise<Connection | undefined>;
};

export const createAppConnection = (session: Session, {onRequest}: {onRequest: (event: RequestEvent) => void}): AppConnection => {
	let connected: Connected | undefined;
	let connecting: Promise<Connected> | undefined;
	const ensure = async (): Promise<Connected> => {
		if (connected === undefined) {
			connecting ??= session.connect({onRequest});
			try {
				connected = await connecting;
			} finally {
				connecting = undefined;
			}
		}

		return connected;
	};

	return {
		ensure,
		async connect(target, signal) {
			connected = await session.connect({
				...(target.kind === 'known' && {server: target.id}),
				...(target.kind === 'server' && {target: {url: target.url, token: target.token}, remember: true}),
				...(signal !== undefined && {signal}),
				onRequest,
			});
			if (target.kind === 'known') {
				const {plex, server} = connected;
				const writer = await session.settings().writer();
				writer.setServer({id: server.id, name: server.name, url: plex.baseUrl});
			}

			return connectionOf(connected);
		},
		async servers() {
			const [known, credentials] = await Promise.all([session.servers(), session.usableCredentials()]);
			return {
				account: credentials.account()?.title,
				servers: known.map(({id, name, url, isCurrent}) => ({
					id, name, detail: `${new URL(url).host}${isCurrent ? ', connected last' : ''}`, isWorking: true,
				})),
			};
		},
		async nearby({signal}) {
			try {
				const found = await session.nearby(signal);
				return new Map(found.map(({id, name, uri}) => [id, {id, name, url: uri}])).values().toArray();
			} catch (error) {
				if (isAppError(error, 'cancelled')) {
					return [];
				}

				throw error;
			}
		},
		async signIn({signal, report, renew}) {
			const {signInAccount} = await import('./sign-in-account.js');
			const {user, servers} = await signInAccount(session, {
				signal,
				renew,
				report(event) {
					report(event.type === 'trouble' ? {type: 'trouble', message: event.error.message} : event);
				},
			});
			return {account: user.title, servers: servers.map(server => choiceOf(server))};
		},
		async initial() {
			return session.isDemo() ? connectionOf(await ensure()) : expectedConnection(session);
		},
	};
};

const choiceOf = ({id, name, version, isOwned, ownerName, isPresent, reached, failure}: FoundServer): ServerChoice => {
	const whose = isOwned ? 'yours' : `shared by ${ownerName ?? 'somebody'}`;
	const where = reached === undefined
		? (isPresent ? failure?.message ?? 'not reached' : 'offline, says plex.tv')
		: `${reached.winner.class}, ${reached.winner.latencyMs} ms`;
	return {
		id, name, detail: [whose, version, where].filter(part => part !== undefined).join('; '), isWorking: reached !== undefined,
	};
};

const connectionOf = ({plex, server: {id, name, version}, isDemo}: Connected): Connection => ({
	serverId: id, serverName: name, serverVersion: version, url: plex.baseUrl, isDemo,
});

/**
Reads the address in the form. For a text that is no address it returns undefined, and connecting says what is wrong.
*/
export const readTypedAddress = (text: string): ReadAddress | undefined => shownServerUrl(text) === undefined ? undefined : readServerUrl(text);

/**
Returns the address on the command line or in the environment, without secrets.
*/
export const shownGivenUrl = (session: Session): string | undefined => {
	const url = session.givenUrl();
	return url === undefined ? undefined : shownServerUrl(url);
};

const expectedConnection = async (session: Session): Promise<Connection | undefined> => {
	const givenUrl = session.givenUrl() === undefined ? undefined : shownGivenUrl(session) ?? 'an unknown server';
	const isNamed = session.serverName() !== undefined;
	const known = await session.servers();
	const stored = isNamed ? await session.pickServer() : known.find(({isCurrent}) => isCurrent);
	const unasked = {serverVersion: undefined, isDemo: false};
	if (isNamed || givenUrl === undefined || stored?.url === givenUrl) {
		return stored && {
			serverId: stored.id, serverName: stored.name, url: stored.url, ...unasked,
		};
	}

	return session.hasGivenToken()
		? {
			serverId: '', serverName: givenUrl, url: givenUrl, ...unasked,
		}
		: undefined;
};
