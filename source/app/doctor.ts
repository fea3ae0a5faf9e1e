import {lookup} from 'node:dns/promises';
import {rm, writeFile} from 'node:fs/promises';
import {connect, isIP} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {errorCode, isAppError} from '../base/errors.js';
import {freeBytesOf, makeFolders} from '../base/file-system.js';
import {readCertificate} from '../plex/certificate.js';
import {addressInPlexDirect} from '../plex/plex-direct.js';
import {proxyFor, proxyOptions} from '../base/http/proxy.js';
import type {PlexClient, Section} from '../plex/types.js';
import {parseServerUrl} from '../plex/url.js';
import type {KnownServer} from '../servers/server-book.js';
import {importableSections} from '../sync/select.js';
import {clean} from '../base/text/clean.js';
import {formatBytes, plural} from '../base/text/format.js';
import {examineNotifications, examineStandingQueries, examineTimeZone} from './doctor-checks.js';
import type {Session} from './session.js';
import {withPlexTv} from './sign-in-account.js';

type Verdict = {
	status: 'ok' | 'warn' | 'fail' | 'skipped';
	text: string;
	// What to do.
	hint?: string | undefined;
};

// `check` is a word or two for what was examined.
export type DoctorFinding = Verdict & {check: string};

type Examination = {
	session: Session;
	env: NodeJS.ProcessEnv;
	version: string;
	terminal: {isTerminal: boolean; isInteractive: boolean; isColor: boolean; isAscii: boolean; columns: number | undefined};
	signal: AbortSignal;
	report: (finding: DoctorFinding) => void;
};

/**
Examines the whole chain from this machine to the libraries of the server, link by link. It skips the links behind a broken one, and reports that.

@returns whether nothing failed
*/
export const isChainSound = async (examination: Examination): Promise<boolean> => {
	const {session, env, signal} = examination;
	let isSound = true;
	const report = (finding: DoctorFinding) => {
		isSound &&= finding.status !== 'fail';
		examination.report(finding);
	};

	// Resolves to whether the chain goes on.
	const hasPassed = async (check: string, examine: () => Verdict | Promise<Verdict>): Promise<boolean> => {
		try {
			const verdict = await examine();
			report({check, ...verdict});
			return verdict.status !== 'fail';
		} catch (error) {
			if (!isAppError(error) || signal.aborted) {
				throw error;
			}

			report({check, ...fail(error.message, error.hint)});
			return false;
		}
	};

	await hasPassed('version', () => ok(`reelcat ${examination.version} on Node.js ${process.versions.node}, ${process.platform} ${process.arch}.`));
	await hasPassed('terminal', () => terminalVerdict(examination));
	await hasPassed('time zone', async () => examineTimeZone(env));
	for (const [name, folder] of Object.entries(session.folders())) {
		await hasPassed(`${name} folder`, async () => folderVerdict(folder));
	}

	await hasPassed('keys', async () => keysVerdict(session));
	await hasPassed('disk', async () => diskVerdict(session.folders().data));
	await hasPassed('catalogue', async () => catalogVerdict(session));
	await hasPassed('notifications', async () => ok(await examineNotifications(session, env)));
	await hasPassed('queries', async () => ok(await examineStandingQueries(session)));
	await hasPassed('proxy', () => proxyVerdict(env));
	await hasPassed('plex.tv', async () => accountVerdict(session, signal));
	let isBroken = false;
	for (const [check, examine] of serverLinks(examination)) {
		if (isBroken) {
			report({check, status: 'skipped', text: 'Skipped, because an earlier check failed.'});
		} else {
			// The clock of a server can be asked for even if its libraries cannot be read.
			isBroken = !await hasPassed(check, examine) && check !== 'libraries';
		}
	}

	return isSound;
};

const ok = (text: string): Verdict => ({status: 'ok', text});

const warn = (text: string, hint?: string): Verdict => ({status: 'warn', text, hint});

const fail = (text: string, hint?: string): Verdict => ({status: 'fail', text, hint});

type Target = Pick<KnownServer, 'url' | 'name'> & Partial<KnownServer>;

// Each link relies on the ones before it.
const serverLinks = ({session, env, signal}: Examination): Array<[check: string, examine: () => Promise<Verdict>]> => {
	let target: Target;
	let address: string;
	let plex: PlexClient;
	return [
		['server', async () => {
			const given = session.serverName() === undefined ? session.givenUrl() : undefined;
			if (session.isDemo()) {
				const {plex: {baseUrl}, server: {id, name}} = await session.connect({signal});
				target = {id, name, url: baseUrl};
			} else {
				target = given === undefined ? await session.pickServer() : await serverAt(parseServerUrl(given), session);
			}

			address = new URL(target.url).hostname.replaceAll(/^\[|\]$/gv, '');
			return ok(`${clean(target.name)} at ${target.url}${target.pin === undefined ? '' : ', with a pinned certificate'}.`);
		}],
		['name', async () => {
			const {verdict, found} = await lookUp(address);
			address = found;
			return verdict;
		}],
		['port', async () => {
			const {protocol, port} = new URL(target.url);
			const isHttps = protocol === 'https:';
			return session.isDemo() || proxyFor({isHttps}, env) === undefined
				? portVerdict(address, Number(port === '' ? (isHttps ? 443 : 80) : port), signal)
				: {status: 'skipped', text: 'A proxy is in between.'};
		}],
		['certificate', async () => certificateVerdict(target, signal)],
		['identity', async () => {
			// A server with a pinned certificate is asked with the token below, where the certificate is checked.
			const {id} = target.pin === undefined ? await session.identify(target.url, signal) : target;
			return target.id === undefined || id === target.id
				? ok(`A Plex server answers, ${clean((id ?? '').slice(0, 8))}….`)
				: fail('Another Plex server answers at this address.', '"reelcat servers add URL" sets the new address of your server.');
		}],
		['token', async () => {
			const connected = await session.connect({signal});
			({plex} = connected);
			return ok(`${clean(connected.server.name)}, Plex Media Server ${clean(connected.server.version ?? 'of unknown version')}, accepts the token.`);
		}],
		['libraries', async () => librariesVerdict(plex, signal)],
		['clock', async () => clockVerdict(plex, signal)],
	];
};

// Any server at a given address will do, unless a certificate was accepted there.
const serverAt = async (url: string, session: Session): Promise<Target> => {
	const known = await session.servers();
	return known.find(server => server.url === url && server.pin !== undefined) ?? {url, name: new URL(url).host};
};

const terminalVerdict = ({terminal: {isTerminal, isInteractive, isColor, isAscii, columns}, env}: Examination): Verdict => {
	if (!isInteractive) {
		return ok(isTerminal ? 'TERM says that this terminal cannot show screens: commands work, but the app needs one that can.' : 'This is not a terminal: commands work, but the app needs one.');
	}

	const text = `${env['TERM'] ?? 'unknown'}, ${plural(columns ?? 80, 'column')}, ${isColor ? 'colour' : 'no colour'}, ${isAscii ? 'ASCII only' : 'Unicode'}.`;
	return isAscii ? warn(text, 'Titles in other scripts show better in a UTF-8 locale, for instance LANG=C.UTF-8.') : ok(text);
};

const folderVerdict = async (folder: string): Promise<Verdict> => {
	const file = path.join(folder, `.reelcat-doctor-${process.pid}`);
	try {
		await makeFolders(folder, {mode: 0o700});
		await writeFile(file, '', {flag: 'wx', mode: 0o600});
		await rm(file);
		return ok(`${folder} can be written.`);
	} catch (error) {
		return fail(`${folder} cannot be written (${errorCode(error) ?? 'unknown reason'}).`, 'Check its owner and permissions, or name other folders with REELCAT_DATA_DIR, REELCAT_CONFIG_DIR and REELCAT_STATE_DIR.');
	}
};

const keysVerdict = async (session: Session): Promise<Verdict> => {
	const keys = session.settings().keys();
	if (keys === undefined) {
		return ok('The app has its own keys; "keys" in settings.json changes them.');
	}

	const {readKeySettings} = await import('../ui/key-settings.js');
	const {changes, faults} = readKeySettings(keys);
	return faults.length === 0
		? ok(`settings.json gives keys to ${plural(changes.size, 'action')} of the app.`)
		: warn(`settings.json: ${faults.join(' ')}`, 'docs/keys.md has the ids of the actions and the names of the keys.');
};

const fewBytes = 500_000_000;

const diskVerdict = async (folder: string): Promise<Verdict> => {
	const freeBytes = await freeBytesOf(folder).catch(() => undefined);
	if (freeBytes === undefined) {
		return warn('The free space of the disk is not known.');
	}

	return freeBytes < fewBytes
		? warn(`Only ${formatBytes(freeBytes)} are free on the disk of the catalogue.`, 'A catalogue of 50,000 items takes about 150 MB, and twice that while it is rewritten.')
		: ok(`${formatBytes(freeBytes)} are free.`);
};

const catalogVerdict = async (session: Session): Promise<Verdict> => {
	const store = await session.openStore({access: 'read'});
	try {
		await store.prove();
		const {libraries} = store.header();
		const database = session.storeAddress();
		const place = database === undefined ? '' : ` in ${clean(database.text)}`;
		const text = libraries.length === 0 ? `The catalogue${place} is empty.` : `${plural(libraries.length, 'library', 'libraries')}${place}; "reelcat verify" checks them.`;
		const advice = await store.advice?.();
		return advice === undefined ? ok(text) : warn(`${text} ${advice.text}`, advice.hint);
	} finally {
		await store.close();
	}
};

const proxyVerdict = (env: NodeJS.ProcessEnv): Verdict => {
	const {proxyEnv} = proxyOptions(env);
	const hosts = new Set([true, false].map(isHttps => proxyFor({isHttps}, proxyEnv)).filter(host => host !== undefined));
	return ok(hosts.size === 0 ? 'None.' : `${[...hosts].join(', ')}${proxyEnv?.['NO_PROXY'] === undefined ? '' : `, not for ${clean(proxyEnv['NO_PROXY'])}`}.`);
};

const accountVerdict = async (session: Session, signal: AbortSignal): Promise<Verdict> => {
	const credentials = await session.credentials();
	const {token, tokenFault} = credentials.account() ?? {};
	if (tokenFault !== undefined) {
		throw tokenFault;
	}

	if (token === undefined) {
		return ok('Nobody is signed in. A server with its own token does not need it.');
	}

	return withPlexTv(session, async plexTv => {
		try {
			const {title} = await plexTv.user(token, {signal});
			return ok(`Signed in as ${clean(title)}.`);
		} catch (error) {
			if (!isAppError(error) || error.code === 'unauthorized' || error.code === 'cancelled') {
				throw error;
			}

			// Known servers work without plex.tv.
			return warn(error.message, error.hint);
		}
	});
};

const lookUp = async (host: string): Promise<{verdict: Verdict; found: string}> => {
	if (isIP(host) !== 0) {
		return {verdict: ok('This is an IP address, so there is no name to look up.'), found: host};
	}

	try {
		const addresses = await lookup(host, {all: true});
		return {verdict: ok(`${host} is ${addresses.map(({address}) => address).join(', ')}.`), found: addresses[0]?.address ?? host};
	} catch (error) {
		const known = addressInPlexDirect(host);
		const text = `${host} cannot be looked up (${errorCode(error) ?? 'unknown reason'}).`;
		return known === undefined
			? {verdict: fail(text, 'Check the spelling and the DNS settings of this machine; the IP address of the server works too.'), found: host}
			: {verdict: warn(`${text} The router refuses such names (DNS rebinding protection); reelcat dials ${known}, which is in the name.`, 'Nothing needs to be done. Other programs need plex.direct allowed in the router.'), found: known};
	}
};

const portTimeoutMs = 5000;

const portVerdict = async (host: string, port: number, signal: AbortSignal): Promise<Verdict> => new Promise(resolve => {
	const socket = connect({host, port, signal});
	const end = (verdict: Verdict) => {
		socket.destroy();
		resolve(verdict);
	};

	socket.setTimeout(portTimeoutMs, () => {
		end(fail(`Port ${port} of ${host} does not answer.`, 'The machine may be off, or a firewall in the way.'));
	});
	socket.once('connect', () => {
		end(ok(`Port ${port} of ${host} is open.`));
	});
	socket.once('error', error => {
		end(fail(`Port ${port} of ${host} is closed (${errorCode(error) ?? 'unknown reason'}).`, 'Check that Plex Media Server is running and that the port is right (usually 32400).'));
	});
});

const certificateVerdict = async ({url, pin}: Target, signal: AbortSignal): Promise<Verdict> => {
	if (!url.startsWith('https:')) {
		return ok('Plain http, without a certificate: fine in your own network.');
	}

	const seen = await readCertificate(url, {signal});
	if (pin !== undefined) {
		return seen.fingerprint === pin.fingerprint
			? ok('It is the pinned certificate.')
			: fail(`It is not the pinned certificate: it is now ${seen.fingerprint}. Somebody may be intercepting the connection.`, 'If the server has a new certificate, "reelcat servers add" with its address asks again.');
	}

	return seen.reason === undefined
		? ok(`For ${clean(seen.subject)}, by ${clean(seen.issuer)}, valid to ${clean(seen.validTo)}.`)
		: fail(`Not trusted by this machine (${clean(seen.reason)}): for ${clean(seen.subject)}, by ${clean(seen.issuer)}, SHA-256 ${seen.fingerprint}.`, '"reelcat servers add" with its address lets you accept it for this server alone.');
};

// A page without rows costs the server little, and shows that the library may be read.
const emptyPage = async (plex: PlexClient, {key, type}: Section, signal: AbortSignal) => plex.page({
	sectionKey: key, type: type === 'show' ? 'show' : 'movie', start: 0, size: 0, signal,
});

const librariesVerdict = async (plex: PlexClient, signal: AbortSignal): Promise<Verdict> => {
	const sections = await plex.sections({signal});
	const wanted = importableSections(sections);
	const refused: string[] = [];
	for (const section of wanted) {
		try {
			await emptyPage(plex, section, signal);
		} catch (error) {
			if (!isAppError(error) || error.code === 'cancelled') {
				throw error;
			}

			refused.push(`${clean(section.title).trim()}: ${error.message}`);
		}
	}

	if (wanted.length === 0) {
		return warn('The token sees no movie or show library.', 'Ask the owner of the server to share one, or use the token of the owner.');
	}

	return refused.length === 0
		? ok(`${plural(wanted.length, 'movie or show library', 'movie and show libraries')} can be read.`)
		: fail(`${refused.length} of ${wanted.length} libraries cannot be read. ${refused.slice(0, 3).join(' ')}`, 'Ask the owner of the server for access.');
};

const mostSkewSeconds = 120;

const clockVerdict = async (plex: PlexClient, signal: AbortSignal): Promise<Verdict> => {
	const [section] = importableSections(await plex.sections({signal}));
	const answer = section && await emptyPage(plex, section, signal);
	if (answer?.serverSeconds === undefined) {
		return ok('The server does not say what time it is.');
	}

	const skewSeconds = Math.round(Math.abs(answer.serverSeconds - (Date.now() / 1000)));
	return skewSeconds > mostSkewSeconds
		? warn(`The clocks of this machine and of the server are ${skewSeconds} s apart.`, 'Syncs use the clock of the server and still work, but certificates and times in lists may be wrong. Set both clocks with NTP.')
		: ok(`${skewSeconds} s apart from that of the server.`);
};
