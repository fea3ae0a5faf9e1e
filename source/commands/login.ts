import type {SignInEvent} from '../servers/plex-tv/sign-in.js';
import {AppError} from '../base/errors.js';
import {serversReport} from '../reports/servers/servers-report.js';
import type {SignedIn} from '../app/sign-in-account.js';
import {clean} from '../base/text/clean.js';
import {formatClock} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import {qrLines, qrRuns} from '../base/text/qr.js';
import {
	print,
	tableLook,
	type CommandContext,
} from './command.js';

const mostRenewals = 3;

export const runLoginCommand = async (context: CommandContext): Promise<number> => {
	const {session, io, flags, signal} = context;
	if (session.isDemo()) {
		throw new AppError('usage', 'The demo server needs no sign-in.', {hint: 'Leave --demo out.'});
	}

	const isJson = flags.boolean('json') === true;
	// The other commands start sooner if this is loaded late.
	const {signInAccount} = await import('../app/sign-in-account.js');
	let told = Promise.resolve();
	const signedIn = await signInAccount(session, {
		signal,
		report: isJson
			? event => {
				told = reportJson(context, event);
			}
			: reportText(context),
		// At once, since nobody may be there to press a key.
		async renew() {
			await told;
			if (isJson && !io.isRead()) {
				throw new AppError('unauthorized', 'The code has expired, and nobody would read the next one.', {hint: 'Sign in again with "reelcat login".'});
			}
		},
		maxRenewals: mostRenewals,
	});
	await (isJson ? io.out(jsonLine(signedInJson(signedIn))) : printSignedIn(context, signedIn));
	return 0;
};

const reportJson = async ({io}: CommandContext, event: SignInEvent) => {
	const {type} = event;
	if (type === 'code-shown') {
		const {code, linkUrl, authUrl, expiresAtMs} = event;
		const expiresInSeconds = Math.round((expiresAtMs - performance.now()) / 1000);
		await io.out(jsonLine({
			schema: 1, type, code, linkUrl, authUrl, expiresInSeconds,
		}));
	} else if (type === 'trouble') {
		const {code, message, hint} = event.error;
		await io.out(jsonLine({schema: 1, type, error: {code, message, hint}}));
	} else if (type !== 'waiting') {
		await io.out(jsonLine({schema: 1, type}));
	}
};

const reportText = ({io}: CommandContext) => (event: SignInEvent) => {
	switch (event.type) {
		case 'code-shown': {
			const {code, linkUrl, authUrl, expiresAtMs} = event;
			if (code !== undefined) {
				io.say(`Open ${linkUrl} on any device and enter the code  ${code}`);
			}

			io.say(`${code === undefined ? 'Open' : 'Or open'} this link: ${authUrl}`);
			if (io.isInteractive) {
				for (const line of qrLines(code === undefined ? authUrl : `${linkUrl}/?pin=${code}`, {isAscii: io.isAscii || io.isConsole})) {
					io.stderr.write(`${qrRuns(line).map(({text, tone}) => io.paintMessages(tone, text)).join('')}\n`);
				}
			}

			io.say(`Waiting for you; the code expires in ${formatClock(expiresAtMs - performance.now())}. Ctrl-C cancels.`);
			break;
		}

		case 'code-expired': {
			io.say('The code has expired.');
			break;
		}

		case 'trouble': {
			io.say(`${event.error.message} Still waiting.`);
			break;
		}

		case 'approved': {
			io.say('Approved. Looking for your servers …');
			break;
		}

		case 'waiting': {
			break;
		}
	}
};

const printSignedIn = async (context: CommandContext, {user, servers, leftOut}: SignedIn) => {
	const {io, session} = context;
	await io.out(`Signed in as ${clean(user.title)}.\n`);
	for (const sentence of leftOut) {
		io.say(clean(sentence));
	}

	if (servers.length === 0) {
		await io.out('This account has no servers, and none is shared with it. "reelcat servers add URL" connects one by its address.\n');
		return;
	}

	await io.out(`${serversReport.text(servers.map(server => ({...server, url: server.reached?.winner.uri, isCurrent: false})), tableLook(io)).join('\n')}\n`);
	const current = session.settings().server()?.name;
	if (servers.every(({reached}) => reached === undefined)) {
		io.say('None of them can be reached from here. "reelcat doctor" tells why.');
	} else {
		io.say(current === undefined
			? 'Choose one with "reelcat servers use NAME", or name one with --server.'
			: `"reelcat import" takes ${clean(current)}; --server names another.`);
	}
};

const signedInJson = ({user, servers, leftOut}: SignedIn) => ({
	schema: 1,
	type: 'signed-in',
	ok: true,
	account: {uuid: user.uuid, title: user.title},
	servers: servers.map(({id, name, version, isOwned, ownerName, isPresent, reached, failure}) => ({
		id,
		name,
		version,
		owned: isOwned,
		owner: ownerName,
		present: isPresent,
		url: reached?.winner.uri,
		nearness: reached?.winner.class,
		latencyMs: reached?.winner.latencyMs,
		error: failure && {code: failure.code, message: failure.message},
	})),
	leftOut,
});

export const runLogoutCommand = async (context: CommandContext): Promise<number> => {
	const {session, io, flags, signal} = context;
	const {signOutAccount} = await import('../app/sign-in-account.js');
	const signedOut = await signOutAccount(session, {signal});
	const {isRevoked, reason, forgotten = []} = signedOut ?? {};
	const text = `Signed out.${forgotten.length === 0 ? '' : ` Forgotten: ${forgotten.map(name => clean(name)).join(', ')}.`} The catalogue stays.\n`;
	await print(
		context,
		{
			ok: true, wasSignedIn: signedOut !== undefined, revoked: isRevoked, forgotten,
		},
		signedOut === undefined ? 'Nobody is signed in.\n' : text,
	);
	if (isRevoked === false && flags.boolean('json') !== true) {
		io.say(`The sign-in could not be revoked at plex.tv: ${reason ?? ''} Remove reelcat under Authorized Devices on plex.tv to be sure.`);
	}

	return 0;
};
