import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {shownServerUrl} from '../plex/url.js';
import type {Settings} from '../store/settings.js';
import type {Credentials, ServerCredentials} from './credentials.js';

export type KnownServer = ServerCredentials & {
	name: string;
	/**
	The server that is used when none is named.
	*/
	isCurrent: boolean;
};

/**
Lists all known servers by name: those with credentials, and those that were connected without stored credentials.
*/
export const knownServers = (credentials: Pick<Credentials, 'servers'>, settings: Pick<Settings, 'server' | 'servers'>): KnownServer[] => {
	const current = settings.server();
	const stored = credentials.servers();
	const connected = new Map(settings.servers().map(server => [server.id, server]));
	const all: ServerCredentials[] = [...stored, ...connected.values().filter(({id}) => stored.every(server => server.id !== id))];
	const nameOf = ({id, name, url}: ServerCredentials) => name ?? connected.get(id)?.name ?? new URL(url).host;
	return all
		.map(server => ({...server, name: nameOf(server), isCurrent: server.id === current?.id || all.length === 1}))
		.toSorted((left, right) => `${left.name} ${left.id}`.localeCompare(`${right.name} ${right.id}`, 'en'));
};

/**
Finds the server that a person means: its name without regard to case, its address, or the beginning of its id. Without a name it is the current one.

@throws AppError `usage` that lists the servers there are.
*/
export const pickServer = (known: readonly KnownServer[], name: string | undefined): KnownServer => {
	if (known.length === 0) {
		throw new AppError('usage', name === undefined ? 'No Plex server is known yet.' : `There is no server "${clean(name)}": none is known yet.`, {
			hint: 'Sign in with "reelcat login", name an address with "reelcat servers add URL", set PLEX_URL and PLEX_TOKEN, or try --demo.',
		});
	}

	const matches = name === undefined ? known.filter(({isCurrent}) => isCurrent) : known.filter(server => isMeant(server, name));
	const [match] = matches;
	if (match !== undefined && matches.length === 1) {
		return match;
	}

	const list = known.map(server => `"${clean(server.name)}" (${clean(server.id.slice(0, 8))}, ${new URL(server.url).host})`).join(', ');
	if (name === undefined) {
		throw new AppError('usage', 'Several servers are known, so one must be named.', {hint: `Use --server NAME, or choose one for good with "reelcat servers use NAME". There is: ${list}.`});
	}

	throw new AppError('usage', matches.length === 0 ? `There is no server "${clean(name)}".` : `${matches.length} servers are called "${clean(name)}".`, {
		hint: matches.length === 0 ? orNearest(name, known.map(server => server.name), `There is: ${list}.`) : `Name one by the beginning of its id. There is: ${list}.`,
	});
};

const shortestIdPart = 4;

const isMeant = ({id, name, url}: KnownServer, wanted: string) => {
	const text = wanted.trim().toLowerCase();
	return name.trim().toLowerCase() === text
		|| id.toLowerCase() === text
		|| (text.length >= shortestIdPart && id.toLowerCase().startsWith(text))
		|| url === wanted
		|| (/[\/?]/v.test(wanted) && url === shownServerUrl(wanted))
		|| new URL(url).host === text;
};
