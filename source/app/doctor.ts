import {lookup} from 'node:dns/promises';
import {
	mkdir,
	rm,
	statfs,
	writeFile,
} from 'node:fs/promises';
import {connect, isIP} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {readCertificate} from '../plex/certificate.js';
import {addressInPlexDirect} from '../plex/plex-direct.js';
import {proxyFor, proxyOptions} from '../base/http/proxy.js';
import type {PlexClient} from '../plex/types.js';
import {parseServerUrl} from '../plex/url.js';
import type {KnownServer} from '../servers/server-book.js';
import {importableSections} from '../sync/select.js';
import {clean} from '../base/text/clean.js';
import {formatBytes, plural} from '../base/text/format.js';
import type {Session} from './session.js';

export type DoctorFinding = {
	/**
	What was looked at, in a word or two.
	*/
	check: string;
	status: 'ok' | 'warn' | 'fail' | 'skipped';
	/**
	A sentence.
	*/
	text: string;
	/**
	What to do.
	*/
	hint?: string | undefined;
};

export type Examination = {
	session: Session;
	env: NodeJS.ProcessEnv;
	version: string;
	terminal: {isInteractive: boolean; isColor: boolean; isAscii: boolean; columns: number | undefined};
	signal: AbortSignal;
	report: (finding: DoctorFinding) => void;
};

/**
Looks at the whole chain from this machine to the libraries of the server, link by link. What depends on a broken link is skipped, and said to be.

@returns whether nothing failed
*/
export const isChainSound = async (examination: Examination): Promise<boolean> => {
	const {report: tell, session, signal} = examination;
	let isWell = true;
	const report = (finding: DoctorFinding) => {
		isWell &&= finding.status !== 'fail';
		tell(finding);
	};

	/**
	@returns whether the chain goes on
	*/
	const hasPassed = async (check: string, task: () => Promise<Omit<DoctorFinding, 'check'>>): Promise<boolean> => {
		try {
			const finding = await task();
			report({check, ...finding});
			return finding.status !== 'fail';
		} catch (error) {
			if (!isAppError(error) || signal.aborted) {
				throw error;
			}

			report({
				check, status: 'fail', text: error.message, hint: error.hint,
			});
			return false;
		}
	};

	await hasPassed('version', async () => versionFinding(examination));
	await hasPassed('terminal', async () => terminalFinding(examination));
	for (const [name, folder] of Object.entries(session.folders())) {
		await hasPassed(`${name} folder`, async () => folderFinding(folder));
	}

	await hasPassed('disk', async () => diskFinding(session.folders().data));
	await hasPassed('catalogue', async () => catalogFinding(session));
	await hasPassed('proxy', async () => proxyFinding(examination.env));
	await hasPassed('plex.tv', async () => accountFinding(session, signal));
	await examineServer(examination, hasPassed, report);
	return isWell;
};

type Look = (check: string, task: () => Promise<Omit<DoctorFinding, 'check'>>) => Promise<boolean>;

const examineServer = async ({session, env, signal}: Examination, hasPassed: Look, report: Examination['report']) => {
	const links = ['name', 'port', 'certificate', 'identity', 'token', 'libraries', 'clock'];
	const skip = (from: string) => {
		for (const check of links.slice(links.indexOf(from))) {
			report({check, status: 'skipped', text: 'Depends on what failed before.'});
		}
	};

	let target: Pick<KnownServer, 'url' | 'name'> & Partial<KnownServer> = {url: '', name: ''};
	const isKnown = await hasPassed('server', async () => {
		const given = session.serverName() === undefined ? session.givenUrl() : undefined;
		if (session.isDemo()) {
			throw new AppError('usage', 'The demo server is built in: there is nothing to examine.', {hint: 'Leave --demo out.'});
		}

		target = given === undefined ? await session.pickServer() : await serverAt(parseServerUrl(given), session);
		return {status: 'ok', text: `${clean(target.name)} at ${target.url}${target.pin === undefined ? '' : ', with a pinned certificate'}.`};
	});
	if (!isKnown) {
		skip('name');
		return;
	}

	const url = new URL(target.url);
	const isProxied = proxyFor({isHttps: url.protocol === 'https:'}, env) !== undefined;
	let address = url.hostname.replaceAll(/^\[|\]$/gv, '');
	const steps: Array<[check: string, task: () => Promise<Omit<DoctorFinding, 'check'>>]> = [
		['name', async () => {
			const {finding, found} = await nameFinding(address);
			address = found;
			return finding;
		}],
		['port', async () => isProxied ? {status: 'skipped', text: 'A proxy stands between.'} : portFinding(address, Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port), signal)],
		['certificate', async () => certificateFinding(target, signal)],
	];
	for (const [check, task] of steps) {
		if (!await hasPassed(check, task)) {
			skip(links[links.indexOf(check) + 1]!);
			return;
		}
	}

	let plex: PlexClient | undefined;
	const isIdentified = await hasPassed('identity', async () => {
		// Whoever shows a pinned certificate is asked with it below.
		const {id} = target.pin === undefined ? await session.identify(target.url, signal) : target;
		return target.id === undefined || id === target.id
			? {status: 'ok', text: `A Plex server answers, ${clean((id ?? '').slice(0, 8))}….`}
			: {status: 'fail', text: 'Another Plex server answers at this address.', hint: '"reelcat servers add URL" names the new address of yours.'};
	});
	const hasToken = isIdentified && await hasPassed('token', async () => {
		const connected = await session.connect({signal});
		({plex} = connected);
		return {status: 'ok', text: `${clean(connected.server.name)}, Plex Media Server ${clean(connected.server.version ?? 'of unknown version')}, takes the token.`};
	});
	if (!hasToken || plex === undefined) {
		skip(isIdentified ? 'libraries' : 'token');
		return;
	}

	const client: PlexClient = plex;
	await hasPassed('libraries', async () => librariesFinding(client, signal));
	await hasPassed('clock', async () => clockFinding(client, signal));
};

/**
Whoever answers at an address that was given is welcome, unless a certificate was accepted there.
*/
const serverAt = async (url: string, session: Session): Promise<Pick<KnownServer, 'url' | 'name'> & Partial<KnownServer>> => {
	const known = await session.servers();
	return known.find(server => server.url === url && server.pin !== undefined) ?? {url, name: new URL(url).host};
};

const versionFinding = ({version}: Examination): Omit<DoctorFinding, 'check'> => ({status: 'ok', text: `reelcat ${version} on Node.js ${process.versions.node}, ${process.platform} ${process.arch}.`});

const terminalFinding = ({terminal: {isInteractive, isColor, isAscii, columns}, env}: Examination): Omit<DoctorFinding, 'check'> => {
	if (!isInteractive) {
		return {status: 'ok', text: 'Not a terminal: commands work, the app needs one.'};
	}

	const parts = [
		`${env['TERM'] ?? 'unknown'}, ${plural(columns ?? 80, 'column')}`,
		isColor ? 'colour' : 'no colour',
		isAscii ? 'ASCII only' : 'Unicode',
	];
	return isAscii
		? {status: 'warn', text: `${parts.join(', ')}.`, hint: 'Titles in other scripts show better in a UTF-8 locale, for instance LANG=C.UTF-8.'}
		: {status: 'ok', text: `${parts.join(', ')}.`};
};

const folderFinding = async (folder: string): Promise<Omit<DoctorFinding, 'check'>> => {
	const file = path.join(folder, `.reelcat-doctor-${process.pid}`);
	try {
		await mkdir(folder, {recursive: true, mode: 0o700});
		await writeFile(file, '', {flag: 'wx', mode: 0o600});
		await rm(file);
		return {status: 'ok', text: `${folder} can be written.`};
	} catch (error) {
		return {status: 'fail', text: `${folder} cannot be written (${errorCode(error) ?? 'unknown reason'}).`, hint: 'Check its owner and permissions, or name other folders with REELCAT_DATA_DIR, REELCAT_CONFIG_DIR and REELCAT_STATE_DIR.'};
	}
};

const fewBytes = 500_000_000;

const diskFinding = async (folder: string): Promise<Omit<DoctorFinding, 'check'>> => {
	const {bavail, bsize} = await statfs(folder).catch(() => ({bavail: NaN, bsize: NaN}));
	const freeBytes = bavail * bsize;
	if (Number.isNaN(freeBytes)) {
		return {status: 'warn', text: 'The free space of the disk is not known.'};
	}

	return freeBytes < fewBytes
		? {status: 'warn', text: `Only ${formatBytes(freeBytes)} are free where the catalogue is kept.`, hint: 'A catalogue of 50,000 items takes some 150 MB, and twice that while it is written anew.'}
		: {status: 'ok', text: `${formatBytes(freeBytes)} are free.`};
};

const catalogFinding = async (session: Session): Promise<Omit<DoctorFinding, 'check'>> => {
	const store = await session.openStore({access: 'read'});
	try {
		const {libraries} = store.header();
		return {status: 'ok', text: libraries.length === 0 ? 'Empty so far.' : `${plural(libraries.length, 'library', 'libraries')}; "reelcat verify" proves them.`};
	} finally {
		await store.close();
	}
};

const proxyFinding = (env: NodeJS.ProcessEnv): Omit<DoctorFinding, 'check'> => {
	const {proxyEnv} = proxyOptions(env);
	const named = [true, false].map(isHttps => proxyFor({isHttps}, proxyEnv)).filter(host => host !== undefined);
	return {status: 'ok', text: named.length === 0 ? 'None.' : `${[...new Set(named)].join(', ')}${proxyEnv?.['NO_PROXY'] === undefined ? '' : `, not for ${clean(proxyEnv['NO_PROXY'])}`}.`};
};

const accountFinding = async (session: Session, signal: AbortSignal): Promise<Omit<DoctorFinding, 'check'>> => {
	const credentials = await session.credentials();
	const account = credentials.account();
	if (account?.token === undefined) {
		return {status: 'ok', text: 'Nobody is signed in; a server with a token of its own needs nobody to be.'};
	}

	const plexTv = await session.plexTv();
	try {
		const {title} = await plexTv.user(account.token, {signal});
		return {status: 'ok', text: `Signed in as ${clean(title)}.`};
	} catch (error) {
		if (!isAppError(error) || error.code === 'unauthorized' || error.code === 'cancelled') {
			throw error;
		}

		// Servers that are known work without it.
		return {status: 'warn', text: error.message, hint: error.hint};
	} finally {
		plexTv.close();
	}
};

const nameFinding = async (host: string): Promise<{finding: Omit<DoctorFinding, 'check'>; found: string}> => {
	if (isIP(host) !== 0) {
		return {finding: {status: 'ok', text: 'An address needs no looking up.'}, found: host};
	}

	try {
		const addresses = await lookup(host, {all: true});
		return {finding: {status: 'ok', text: `${host} is ${addresses.map(({address}) => address).join(', ')}.`}, found: addresses[0]?.address ?? host};
	} catch (error) {
		const known = addressInPlexDirect(host);
		const text = `${host} cannot be looked up (${errorCode(error) ?? 'unknown reason'}).`;
		return known === undefined
			? {finding: {status: 'fail', text, hint: 'Check the spelling and the DNS settings of this machine; the IP address of the server works too.'}, found: host}
			: {finding: {status: 'warn', text: `${text} The router refuses such names (DNS rebinding protection); reelcat dials ${known}, which is in the name.`, hint: 'Nothing needs to be done. Other programs need plex.direct allowed in the router.'}, found: known};
	}
};

const portTimeoutMs = 5000;

const portFinding = async (host: string, port: number, signal: AbortSignal): Promise<Omit<DoctorFinding, 'check'>> => new Promise(resolve => {
	const socket = connect({host, port, signal});
	const end = (finding: Omit<DoctorFinding, 'check'>) => {
		socket.destroy();
		resolve(finding);
	};

	socket.setTimeout(portTimeoutMs, () => {
		end({status: 'fail', text: `Port ${port} of ${host} does not answer.`, hint: 'The machine may be off, or a firewall in the way.'});
	});
	socket.once('connect', () => {
		end({status: 'ok', text: `Port ${port} of ${host} is open.`});
	});
	socket.once('error', error => {
		end({status: 'fail', text: `Port ${port} of ${host} is closed (${errorCode(error) ?? 'unknown reason'}).`, hint: 'Check that Plex Media Server is running and that the port is right (usually 32400).'});
	});
});

const certificateFinding = async ({url, pin}: Pick<KnownServer, 'url'> & Partial<KnownServer>, signal: AbortSignal): Promise<Omit<DoctorFinding, 'check'>> => {
	if (!url.startsWith('https:')) {
		return {status: 'ok', text: 'Plain http, without a certificate: fine in your own network.'};
	}

	const seen = await readCertificate(url, {signal});
	if (pin !== undefined) {
		return seen.fingerprint === pin.fingerprint
			? {status: 'ok', text: 'The pinned one.'}
			: {status: 'fail', text: `Not the pinned one: it is now ${seen.fingerprint}. Somebody may be in between.`, hint: 'If the server has a new certificate, "reelcat servers add" with its address asks anew.'};
	}

	return seen.reason === undefined
		? {status: 'ok', text: `For ${clean(seen.subject)}, by ${clean(seen.issuer)}, valid to ${clean(seen.validTo)}.`}
		: {status: 'fail', text: `Not trusted by this machine (${clean(seen.reason)}): for ${clean(seen.subject)}, by ${clean(seen.issuer)}, SHA-256 ${seen.fingerprint}.`, hint: '"reelcat servers add" with its address lets you accept it for this server alone.'};
};

const librariesFinding = async (plex: PlexClient, signal: AbortSignal): Promise<Omit<DoctorFinding, 'check'>> => {
	const sections = await plex.sections({signal});
	const wanted = importableSections(sections);
	const refused: string[] = [];
	for (const {key, title, type} of wanted) {
		try {
			await plex.page({
				sectionKey: key, type: type === 'show' ? 'show' : 'movie', start: 0, size: 0, signal,
			});
		} catch (error) {
			if (!isAppError(error) || error.code === 'cancelled') {
				throw error;
			}

			refused.push(`${clean(title).trim()}: ${error.message}`);
		}
	}

	if (wanted.length === 0) {
		return {status: 'warn', text: 'The token sees no movie or show library.', hint: 'Ask the owner of the server to share one, or use the token of the owner.'};
	}

	return refused.length === 0
		? {status: 'ok', text: `${plural(wanted.length, 'movie or show library', 'movie and show libraries')} can be read.`}
		: {status: 'fail', text: `${refused.length} of ${wanted.length} libraries cannot be read. ${refused.slice(0, 3).join(' ')}`, hint: 'Ask the owner of the server for access.'};
};

const mostSkewSeconds = 120;

const clockFinding = async (plex: PlexClient, signal: AbortSignal): Promise<Omit<DoctorFinding, 'check'>> => {
	const [section] = importableSections(await plex.sections({signal}));
	const answer = section === undefined
		? undefined
		: await plex.page({
			sectionKey: section.key, type: section.type === 'show' ? 'show' : 'movie', start: 0, size: 0, signal,
		});
	if (answer?.serverSeconds === undefined) {
		return {status: 'ok', text: 'The server does not say what time it is.'};
	}

	const skewSeconds = Math.round(Math.abs(answer.serverSeconds - (Date.now() / 1000)));
	return skewSeconds > mostSkewSeconds
		? {status: 'warn', text: `The clocks of this machine and of the server are ${skewSeconds} s apart.`, hint: 'Syncs go by the clock of the server and work all the same; certificates and times in lists may not. Set both clocks by NTP.'}
		: {status: 'ok', text: `${skewSeconds} s apart from that of the server.`};
};
