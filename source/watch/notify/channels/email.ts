import {Buffer} from 'node:buffer';
import {connect, type Socket} from 'node:net';
import * as z from 'zod';
import {errorCode, AppError, type ErrorCode} from '../../../base/errors.js';
import {clean} from '../../../base/text/clean.js';
import {redact} from '../../../base/text/redact.js';
import {deliveryFailure, type Channel} from '../channel.js';
import {channelSchema, defineChannel, oneLine} from '../channel-module.js';
import {
	cutText,
	loudness,
	plainBody,
	plainTitle,
} from '../notice.js';
import {throwIfAborted} from '../programs.js';

type Mailbox = {name: string | undefined; address: string};

/**
Reads `me@example.org`, `root@localhost` or `Me <me@example.org>`. Undefined for anything else, also for several at once.
*/
const readMailbox = (text: string): Mailbox | undefined => {
	const {name, inside, alone} = /^(?:(?<name>[^\p{Control}"<>@]*|"[^\p{Control}"<>]*" *)<(?<inside>[^<>]+)>|(?<alone>[^<>]+))$/v.exec(text.trim())?.groups ?? {};
	const address = (inside ?? alone ?? '').trim();
	const isAddress = /^[^\s"\(\),:;<>@\[\\\]]{1,64}@(?:[\p{Letter}\p{Number}\-_]+(?:\.[\p{Letter}\p{Number}\-_]+)*|\[[\p{ASCII_Hex_Digit}.:]+\])$/v.test(address);
	const shown = (name ?? '').replaceAll('"', '').trim();
	return isAddress ? {name: shown === '' ? undefined : shown, address} : undefined;
};

const address = z.string().max(254).refine(text => readMailbox(text) !== undefined, 'It must be one address such as me@example.org or Me <me@example.org>');

const schema = channelSchema('email', {
	host: oneLine.max(253),
	port: z.int().min(1).max(65_535).optional(),
	security: z.enum(['starttls', 'tls', 'none']).optional().meta({description: 'starttls when absent: nothing is sent in the clear'}),
	user: oneLine.optional(),
	password: oneLine.optional(),
	from: address,
	to: z.union([address, z.array(address).min(1).max(20)]),
});

type Written = z.infer<typeof schema>;

type EmailOptions = {
	/**
	Certificate authorities (PEM) that replace those of the system, and the name that the certificate must have instead of the host.
	*/
	tls?: {ca: string; servername: string};
	timeouts?: {connectMs: number; readMs: number};
};

/**
Sends plain text through SMTP. By default the connection is encrypted before anything else is sent, and the certificate is checked.
*/
export const createEmail = ({
	name, host, security = 'starttls', port = security === 'tls' ? 465 : 587, user, password, from, to,
}: Written, {tls, timeouts = {connectMs: 10_000, readMs: 20_000}}: EmailOptions = {}): Channel => ({
	name,
	kind: 'email',
	async send(notice, signal) {
		const {createTransport} = await import('nodemailer');
		throwIfAborted(signal);
		const transport = createTransport({
			host,
			port,
			secure: security === 'tls',
			// eslint-disable-next-line @typescript-eslint/naming-convention -- nodemailer calls it so
			...security === 'starttls' && {requireTLS: true},
			// eslint-disable-next-line @typescript-eslint/naming-convention -- nodemailer calls it so
			...security === 'none' && {ignoreTLS: true},
			...user !== undefined && {auth: {user, pass: password ?? ''}},
			...tls !== undefined && {tls},
			getSocket(_options, callback) {
				const socket = connectAsSystem({host, port, signal}, timeouts.connectMs);
				socket.once('error', callback);
				socket.once('connect', () => {
					socket.off('error', callback);
					callback(null, {connection: socket});
				});
			},
			connectionTimeout: timeouts.connectMs,
			greetingTimeout: timeouts.connectMs,
			socketTimeout: timeouts.readMs,
			disableFileAccess: true,
			disableUrlAccess: true,
			logger: false,
		});
		const {promise: aborted, reject} = Promise.withResolvers<never>();
		const abort = () => {
			transport.close();
			reject(new AppError('cancelled', 'The e-mail was cancelled.'));
		};

		signal.addEventListener('abort', abort, {once: true});
		try {
			const sent = transport.sendMail({
				from: sender(from),
				to: [to].flat().map(text => recipient(text)),
				subject: cutText(plainTitle(notice), 200),
				text: `${plainBody(notice)}\n`,
				// If it is sent twice, most mail programs show it once.
				messageId: `<${notice.id}@reelcat.invalid>`,
				date: new Date(notice.at),
				headers: {
					'X-Reelcat-Notice': notice.id,
					'Auto-Submitted': 'auto-generated',
					// SpamAssassin counts X-Priority, which says the same, as a sign of spam.
					...loudness(notice) === 'error' && {Importance: 'high'}, // eslint-disable-line @typescript-eslint/naming-convention -- a header
				},
			});
			const {rejected} = await Promise.race([aborted, sent]);
			if (rejected.length > 0) {
				throw deliveryFailure('malformed', `The mail server ${host} takes no mail for ${rejected.join(', ')}.`, {
					hint: 'Check "to" in notify.json. It is not sent again, since the other addresses have it.',
					isFinal: true,
				});
			}
		} catch (error) {
			throw error instanceof AppError ? error : mailError(error, host, secretsOf(user, password));
		} finally {
			signal.removeEventListener('abort', abort);
			transport.close();
		}
	},
});

/**
Asks the system for the address of the host, which knows `/etc/hosts` and `extra_hosts` of a container. nodemailer would ask the name server by itself, and the system only about hosts that this one does not know.
*/
const connectAsSystem = (place: {host: string; port: number; signal: AbortSignal}, connectMs: number): Socket => {
	const socket = connect(place);
	const giveUp = () => {
		socket.destroy(Object.assign(new Error('There was no connection in time.'), {code: 'ETIMEDOUT'}));
	};

	socket.setTimeout(connectMs, giveUp);
	return socket.once('connect', () => {
		socket.setTimeout(0, giveUp);
	});
};

const sender = (from: string) => {
	const {name = 'reelcat', address: at} = readMailbox(from)!;
	return {name, address: at};
};

const recipient = (to: string) => {
	const {name = '', address: at} = readMailbox(to)!;
	return {name, address: at};
};

// A server may repeat what it was told.
const secretsOf = (user = '', password = ''): string[] =>
	password === '' ? [] : [password, ...[password, `\0${user}\0${password}`].map(text => Buffer.from(text).toString('base64'))];

/**
`secrets` are kept out of what is quoted.
*/
const mailError = (error: unknown, host: string, secrets: readonly string[]): AppError => {
	const code = errorCode(error) ?? 'unknown reason';
	const reply = replyOf(error, secrets);
	const [kind, what, hint] = wanted(reply, code) ?? words.get(code) ?? (isTls(error) ? words.get('ETLS')! : words.get('ECONNECTION')!);
	return new AppError(kind, `The mail server ${host} ${what} (${code}).${reply === undefined ? '' : ` It says: ${reply}`}`, {hint, cause: error});
};

/**
What the server answered, on one line. To a login nothing but the number is quoted, because the answer may repeat the password in any form.
*/
const replyOf = (error: unknown, secrets: readonly string[]): string | undefined => {
	const {response, command = ''} = error as {response?: unknown; command?: string};
	if (typeof response !== 'string' || response.trim() === '') {
		return undefined;
	}

	const reply = command.startsWith('AUTH') ? /^\d{3}/v.exec(response)?.[0] ?? '' : cutText(redact(clean(response).trim(), secrets), 200);
	return reply === '' ? undefined : `${reply.endsWith('.') ? reply.slice(0, -1) : reply}.`;
};

/**
What a refusal asks for: servers have one code for all of it, so the words decide.
*/
const wanted = (reply: string | undefined, code: string): Words | undefined => {
	if (reply === undefined || code === 'EAUTH') {
		return undefined;
	}

	if (/starttls|\btls\b|encrypt/iv.test(reply)) {
		return ['tls', 'wants an encrypted connection first', 'Set "security" to "starttls" in notify.json, or leave it out.'];
	}

	if (/\bauth|log ?in|credential|sign ?in|relay/iv.test(reply)) {
		return ['unauthorized', 'wants a login before it takes this mail', 'Write "user" and "password" into notify.json, and check "from" and "to".'];
	}

	return reply.startsWith('4') ? ['unreachable', 'does not take this mail now', 'It is tried again later.'] : undefined;
};

const isTls = (error: unknown) => error instanceof Error && /certificate|tls|ssl|self[ \-]signed/iv.test(error.message);

const later = 'It is tried again later. Check host, port and security in notify.json.';

type Words = readonly [code: ErrorCode, what: string, hint: string];

const nameless: Words = ['unreachable', 'has a name that cannot be looked up', 'Check the spelling in notify.json, and the network of this machine.'];

const words: ReadonlyMap<string, Words> = new Map([
	['EAUTH', ['unauthorized', 'does not accept user and password', 'Check both in notify.json; many providers want a password made for one program.']],
	['ENOAUTH', ['unauthorized', 'wants a user and a password', 'Write both into notify.json.']],
	['EENVELOPE', ['malformed', 'does not accept mail from or to these addresses', 'Check "from" and "to" in notify.json.']],
	['EMESSAGE', ['malformed', 'does not accept this message', 'Its own log says why.']],
	['ETIMEDOUT', ['timeout', 'did not answer in time', later]],
	['ETLS', ['tls', 'offers no encrypted connection that can be trusted', 'Nothing was sent. Check "security" in notify.json; NODE_EXTRA_CA_CERTS names a certificate authority of your own.']],
	['ENOTFOUND', nameless],
	['EAI_AGAIN', nameless],
	['ECONNECTION', ['unreachable', 'cannot be reached', later]],
]);

export default defineChannel({
	schema,
	secrets: ['password'],
	example: {
		name: 'mail',
		kind: 'email',
		host: 'smtp.example.org',
		port: 587,
		security: 'starttls',
		user: 'me@example.org',
		passwordFile: '/run/secrets/smtp-password',
		from: 'reelcat@example.org',
		to: ['me@example.org'],
	},
	where: ({to}) => [to].flat().join(', '),
	create: written => createEmail(written),
});
