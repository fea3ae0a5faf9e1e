import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import http from 'node:http';
import net, {type AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import tls from 'node:tls';
import {inspect} from 'node:util';
import type {ExecutionContext} from 'ava';
import {systemClock} from '../../../source/base/clock.js';
import {AppError} from '../../../source/base/errors.js';
import {createNotifyHttp} from '../../../source/watch/notify/http.js';
import type {Notice} from '../../../source/watch/notify/notice.js';
import {formsIn} from '../../helpers/canary.js';

export type Received = {method: string; url: string; headers: http.IncomingHttpHeaders; body: string};

/**
A notification service on this machine, which accepts everything by default.
*/
export const startService = async (t: ExecutionContext, respond: (response: http.ServerResponse, received: Received) => unknown = response => response.end('{}')) => {
	const received: Received[] = [];
	const take = async (request: http.IncomingMessage, response: http.ServerResponse) => {
		const call = {
			method: request.method!, url: request.url!, headers: request.headers, body: await text(request),
		};
		received.push(call);
		respond(response, call);
	};

	const server = http.createServer((request, response) => {
		void take(request, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
		server.closeAllConnections();
	});
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received};
};

export const httpParts = (t: ExecutionContext, timeouts?: Parameters<typeof createNotifyHttp>[0]['timeouts']) => {
	const client = createNotifyHttp({clock: systemClock, ...timeouts !== undefined && {timeouts}});
	t.teardown(() => {
		client.close();
	});
	return {http: client, clock: systemClock, env: {}};
};

export const never = () => new AbortController().signal;

/**
A title with everything that is dangerous: another line, another header, markup, a mention, a terminal escape, a shell command.
*/
export const hostileTitle = 'Evil\r\nBcc: all@example.org\r\n\u{1B}]0;owned\u{7} <b>&@everyone <!channel> [link](http://evil.example) $(touch owned) `id` "\u{202E}';

export const makeNotice = (fields: Partial<Notice> = {}): Notice => ({
	id: 'alert-1234', at: '2026-03-01T12:00:00.000Z', topic: 'alerts', level: 'error', title: 'The disk is nearly full', body: 'The disk of /data is nearly full.\nMake room on it.', ...fields,
});

export const recovered: Partial<Notice> = {
	alert: {
		kind: 'disk-low', subject: '/data', since: '2026-03-01T11:00:00Z', isRecovered: true, lastedMs: 3_600_000,
	},
};

/**
@throws when the promise resolves, or rejects with anything but an `AppError`.
*/
export const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
	try {
		await promise;
	} catch (error) {
		if (error instanceof AppError) {
			return error;
		}

		throw error;
	}

	throw new Error('It did not fail.');
};

/**
The forms of secrets that appear in any text made from an error.
*/
export const secretsIn = (error: unknown, ...secrets: readonly string[]): string[] => {
	const shown = [inspect(error, {depth: 9, showHidden: true}), JSON.stringify(error, Object.getOwnPropertyNames(error)), String(error)].join('\n');
	return secrets.flatMap(secret => formsIn(shown, secret));
};

export type Mail = {from: string; to: string[]; data: string; isEncrypted: boolean; user?: string};

export type MailServerOptions = {
	/**
	It refuses every command.
	*/
	isRefusing?: boolean;
	hasStartTls?: boolean;
	/**
	Encrypted from the first byte.
	*/
	isTls?: boolean;
	/**
	It never answers.
	*/
	isMute?: boolean;
	/**
	What it answers to MAIL FROM.
	*/
	toMail?: string;
	/**
	The only address for which it takes no mail.
	*/
	unknownAddress?: string;
};

const fixture = async (name: string) => readFile(new URL(`../../../fixtures/tls/${name}`, import.meta.url), 'utf8');

export const mailTls = async () => ({ca: await fixture('test-ca.pem'), servername: 'mail.0123456789abcdef0123456789abcdef.plex.direct'});

/**
The part of an SMTP server that one mail needs.
*/
export const startMailServer = async (t: ExecutionContext, {isRefusing = false, hasStartTls = true, isMute = false, isTls = false, toMail = '250 ok', unknownAddress}: MailServerOptions = {}) => {
	const mails: Mail[] = [];
	const commands: string[] = [];
	const secureContext = tls.createSecureContext({key: await fixture('plex-direct.key.pem'), cert: await fixture('plex-direct.pem')});
	const sockets = new Set<net.Socket>();

	const talk = (socket: net.Socket, isEncrypted: boolean) => {
		let mail: Mail = {
			from: '', to: [], data: '', isEncrypted,
		};
		let isData = false;
		let pending = '';
		const say = (line: string) => {
			socket.write(`${line}\r\n`);
		};

		const answer = (line: string) => {
			commands.push(line);
			const [verb = ''] = line.toUpperCase().split(' ', 1);
			switch (verb) {
				case 'EHLO': {
					socket.write(`250-localhost\r\n${hasStartTls && !isEncrypted ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN\r\n`);

					break;
				}

				case 'STARTTLS': {
					if (!hasStartTls) {
						say('502 not here');
						break;
					}

					say('220 go on');
					socket.removeAllListeners('data');
					const secure = new tls.TLSSocket(socket, {isServer: true, secureContext});
					secure.on('error', () => undefined);
					talk(secure, true);

					break;
				}

				case 'AUTH': {
					const [, user] = Buffer.from(line.split(' ', 3)[2] ?? '', 'base64').toString().split('\0', 2);
					mail.user = user!;
					say(isRefusing ? `535 refused ${line}` : '235 welcome');

					break;
				}

				case 'MAIL': {
					mail.from = line;
					say(toMail);

					break;
				}

				case 'RCPT': {
					if (line === `RCPT TO:<${unknownAddress}>`) {
						say('550 5.1.1 User unknown');
						break;
					}

					mail.to.push(line);
					say('250 ok');

					break;
				}

				case 'DATA': {
					isData = true;
					say('354 go on');

					break;
				}

				case 'QUIT': {
					say('221 bye');
					socket.end();

					break;
				}

				default: {
					say('250 ok');
				}
			}
		};

		socket.on('data', (chunk: Uint8Array) => {
			pending += new TextDecoder().decode(chunk);
			for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
				const line = pending.slice(0, end);
				pending = pending.slice(end + 2);
				if (!isData) {
					answer(line);
				} else if (line === '.') {
					isData = false;
					mails.push(mail);
					mail = {...mail, data: ''};
					say('250 taken');
				} else {
					mail.data += `${line}\r\n`;
				}
			}
		});
		if (!isEncrypted && !isMute) {
			say('220 localhost ready');
		}
	};

	const server = net.createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		if (isTls) {
			const secure = new tls.TLSSocket(socket, {isServer: true, secureContext});
			secure.on('error', () => undefined);
			secure.write('220 localhost ready\r\n');
			talk(secure, true);
		} else {
			talk(socket, false);
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	return {port: (server.address() as AddressInfo).port, mails, commands};
};
