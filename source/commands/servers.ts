import {rekeyServer} from '../app/join-catalog.js';
import {withWriter} from '../app/run-engine.js';
import {AppError, isAppError} from '../base/errors.js';
import {isServerCalled} from '../catalog/library-names.js';
import type {CatalogHeader, Server} from '../catalog/types.js';
import type {SeenCertificate} from '../plex/certificate.js';
import type {ServerInfo} from '../plex/types.js';
import {readServerUrl} from '../plex/url.js';
import {serversReport, type ShownServer} from '../reports/servers/servers-report.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {serverIdIn, serverIn} from '../sync/identification.js';
import {serverRecord} from '../sync/library-record.js';
import {inTransaction} from '../sync/run-record.js';
import {askLine} from './ask.js';
import {print, type CommandContext} from './command.js';
import {printData} from './report-command.js';
import {serverActions} from './words.js';

export const runServersCommand = async (context: CommandContext): Promise<number> => {
	const [action, name, ...others] = context.input;
	if (others.length > 0 || (action !== undefined && name === undefined)) {
		throw new AppError('usage', 'Say "add URL", "use NAME", "remove NAME", "merge NAME", "separate NAME", or nothing.', {hint: 'For instance: reelcat servers add http://nas:32400'});
	}

	if (action === undefined) {
		return list(context);
	}

	const act = actions.get(action);
	if (act === undefined) {
		throw new AppError('usage', `There is no "reelcat servers ${clean(action)}".`, {hint: orNearest(action, serverActions, `There is: ${serverActions.join(', ')}.`)});
	}

	return act(context, name!);
};

// Returns undefined if plex.tv cannot be asked, so that the known servers are listed all the same.
const findOfAccount = async ({session, io, signal}: CommandContext) => {
	try {
		const {accountServers} = await import('../app/sign-in-account.js');
		return await accountServers(session, {signal});
	} catch (error) {
		if (!isAppError(error) || error.code === 'cancelled') {
			throw error;
		}

		io.say([error.message, error.hint ?? ''].join(' ').trim());
		return undefined;
	}
};

const list = async (context: CommandContext): Promise<number> => {
	const {session, flags, signal} = context;
	const isFinding = flags.boolean('find') === true;
	const account = isFinding ? await findOfAccount(context) : undefined;
	const nearby = isFinding ? await session.nearby(signal) : [];
	const known = await session.servers();
	const shown: ShownServer[] = known.map(({id, name, url, isCurrent, pin}) => {
		const found = account?.servers.find(server => server.id === id);
		return {
			isOwned: undefined, ownerName: undefined, version: undefined, isPresent: undefined, ...found, id, name, url, isCurrent, isPinned: pin !== undefined,
		};
	});
	const others = account?.servers.filter(({id}) => known.every(server => server.id !== id)) ?? [];
	const strangers = new Map(nearby.filter(({id}) => [...known, ...others].every(server => server.id !== id)).map(server => [server.id, server]));
	return printData(context, serversReport, [
		...shown,
		...others.map(server => ({...server, url: undefined, isCurrent: false})),
		...Array.from(strangers.values(), ({id, name, version, uri}) => ({
			id, name, version, url: uri, isCurrent: false, isNearby: true,
		})),
	]);
};

const add = async (context: CommandContext, address: string): Promise<number> => {
	const {url, leftOut} = readServerUrl(address);
	const {session, io, signal} = context;
	if (leftOut !== undefined) {
		io.say(leftOut);
	}

	const token = await session.tokenFromFile();
	const connect = async (pin?: SeenCertificate) => session.connect({
		target: {url, token, ...pin !== undefined && {pin: {fingerprint: pin.fingerprint, certificate: pin.certificate}}}, remember: true, signal,
	});
	const {server} = await connect().catch(async (error: unknown) => {
		if (!url.startsWith('https:') || !isAppError(error, 'tls')) {
			throw error;
		}

		return connect(await acceptCertificate(context, url, error));
	});
	await tellConnected(context, {...server, url}, `Connected to ${clean(server.name)} at ${url}.\n`);
	return 0;
};

// As with a host key of SSH, a person accepts a certificate once, and no other is accepted afterwards.
const acceptCertificate = async ({io, flags, signal}: CommandContext, url: string, failure: AppError): Promise<SeenCertificate> => {
	const {readCertificate} = await import('../plex/certificate.js');
	const seen = await readCertificate(url, {signal});
	const {host} = new URL(url);
	io.say(`${failure.message} It shows this certificate:`);
	io.say(`  SHA-256  ${seen.fingerprint}`);
	io.say(`  For      ${clean(seen.subject)}, issued by ${clean(seen.issuer)}`);
	io.say(`  Valid    ${clean(seen.validFrom)} to ${clean(seen.validTo)}`);
	const given = flags.string('accept');
	if (given !== undefined) {
		if (normalized(given) === normalized(seen.fingerprint)) {
			return seen;
		}

		throw new AppError('tls', `The certificate of ${host} is not the one that --accept names.`, {hint: 'Compare it with the one on the server itself. Nothing was sent.'});
	}

	if (!io.isTerminal) {
		throw new AppError('tls', `The certificate of ${host} has not been accepted.`, {hint: `Compare it with the one on the server itself, then: reelcat servers add ${url} --accept ${seen.fingerprint}`});
	}

	const answer = await askLine('Is this the certificate of your server? If you accept it, no other one is accepted from now on. Type yes to accept: ', {io, signal});
	if (answer.trim().toLowerCase() !== 'yes') {
		throw new AppError('tls', 'The certificate was not accepted.', {hint: 'Nothing was sent to the server.'});
	}

	return seen;
};

const normalized = (fingerprint: string) => fingerprint.replaceAll(/[^\da-f]/giv, '').toUpperCase();

const use = async (context: CommandContext, wanted: string): Promise<number> => {
	const {session} = context;
	const {id, name, url} = await session.pickServer(wanted);
	const writer = await session.settings().writer();
	writer.setServer({id, name, url});
	await tellServer(context, {id, name}, `${clean(name)} is the current server from now on.\n`);
	return 0;
};

const remove = async (context: CommandContext, wanted: string): Promise<number> => {
	const {session} = context;
	const {id, name} = await session.pickServer(wanted);
	const credentials = await session.credentials();
	await credentials.delete(id);
	const writer = await session.settings().writer();
	writer.forgetServer(id);

	await tellServer(context, {id, name}, `${clean(name)} is forgotten. Its libraries stay in the catalogue.\n`);
	return 0;
};

const serverOfCatalog = ({servers}: CatalogHeader, wanted: string): Server => {
	const [match, ...others] = servers.filter(server => isServerCalled(server, wanted));
	if (match !== undefined && others.length === 0) {
		return match;
	}

	const existing = servers.map(({id, name}) => `"${clean(name).trim()}" (${clean(id)})`).join(', ');
	throw new AppError('usage', match === undefined ? `The catalogue has no server "${clean(wanted)}".` : `${others.length + 1} servers of the catalogue are called "${clean(wanted)}".`, {
		hint: existing === '' ? 'Nothing has been imported yet: reelcat import' : orNearest(wanted, match === undefined ? servers.map(({name}) => name) : [], `Name one, by its id if need be. There is: ${existing}.`),
	});
};

const merge = async (context: CommandContext, wanted: string): Promise<number> => {
	const {session, signal} = context;
	const connected = await session.connect({signal});
	const name = clean(connected.server.name).trim();
	const id = await withWriter(session, {}, async store => {
		await store.load();
		const header = store.header();
		const known = serverOfCatalog(header, wanted);
		const today = serverIn(header, connected.server.id);
		if (today !== undefined && today.id !== known.id && header.libraries.some(({serverId, lastImport}) => serverId === today.id && lastImport !== undefined)) {
			throw new AppError('usage', `The catalogue already has libraries of "${name}" beside those of "${clean(known.name).trim()}".`, {
				hint: 'Only a server that has no libraries in the catalogue yet can be taken for another one.',
			});
		}

		await rekeyServer(store, known, connected);
		if (today !== undefined && today.id !== known.id) {
			// "separate" has made it. It stays without libraries, and must not share the name.
			await inTransaction(store, async transaction => transaction.putServer({...today, name: today.id}));
		}

		return known.id;
	});
	await tellServer(context, {id, name}, `"${name}" is the server "${clean(wanted)}" of the catalogue from now on. Nothing in the catalogue was changed; the next sync brings it in step.\n`);
	return 0;
};

const separate = async (context: CommandContext, wanted: string): Promise<number> => {
	const {session, signal} = context;
	const {server, plex} = await session.connect({signal});
	const id = await withWriter(session, {}, async store => {
		await store.load();
		const header = store.header();
		const own = serverIdIn(header, server.id);
		if (serverOfCatalog(header, wanted).id === own) {
			throw new AppError('usage', `"${clean(server.name).trim()}" is the server "${clean(wanted)}" of the catalogue already.`, {hint: 'If it is another one, go back to a backup from before that ("reelcat restore FILE") and say so then.'});
		}

		await inTransaction(store, async transaction => {
			await transaction.putServer(serverRecord({...server, id: own, machineIdentifier: server.id}, plex.baseUrl));
		});
		return own;
	});
	await tellServer(context, {id, name: server.name}, `"${clean(server.name).trim()}" is another server than "${clean(wanted)}" for the catalogue from now on.\n`);
	return 0;
};

const actions = new Map<string, typeof use>(Object.entries({
	add, use, remove, merge, separate,
} satisfies Record<typeof serverActions[number], typeof use>));

export const runConnectCommand = async (context: CommandContext): Promise<number> => {
	const {input, session, signal} = context;
	if (session.isDemo()) {
		throw new AppError('usage', 'You need not connect to the demo server.', {hint: 'Use --demo with the other commands.'});
	}

	const url = input[0] ?? session.givenUrl();
	if (url === undefined || input.length > 1) {
		throw new AppError('usage', 'Name the address of one Plex server.', {hint: 'For instance: reelcat connect http://nas:32400 --token-file token.txt'});
	}

	const {server, plex} = await session.connect({
		target: {url, token: await session.tokenFromFile()},
		remember: true,
		signal,
	});
	await tellConnected(context, {...server, url: plex.baseUrl}, `Connected to ${clean(server.name)} (Plex Media Server ${clean(server.version ?? 'of unknown version')}) at ${plex.baseUrl}.\n`);
	return 0;
};

const tellConnected = async (context: CommandContext, {id, name, version, url}: ServerInfo & {url: string}, text: string) => print(context, {
	ok: true, server: {
		id, name, version, url,
	},
}, text);

const tellServer = async (context: CommandContext, server: Pick<ServerInfo, 'id' | 'name'>, text: string) => print(context, {ok: true, server}, text);
