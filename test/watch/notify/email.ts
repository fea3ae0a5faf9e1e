import test from 'ava';
import {createEmail} from '../../../source/watch/notify/channels/email.js';
import {
	failureOf,
	hostileTitle,
	mailTls,
	makeNotice,
	never,
	secretsIn,
	startMailServer,
} from './_stand-ins.js';

const password = 'canary0123456789abcdefcanary';
const written = (port: number, fields: Partial<Parameters<typeof createEmail>[0]> = {}) => ({
	name: 'mail', kind: 'email' as const, host: '127.0.0.1', port, user: 'me', password, from: 'reelcat@example.org', to: ['me@example.org', 'you@example.org'], ...fields,
});

test('a mail goes out encrypted, in plain text, to all addresses, with an id that is the same each time', async t => {
	const server = await startMailServer(t);
	await createEmail(written(server.port), {tls: await mailTls()}).send(makeNotice({body: 'Größe: 1 GB\nzweite Zeile'}), never());
	t.is(server.mails.length, 1);
	const [mail] = server.mails;
	t.true(mail!.isEncrypted);
	t.is(mail!.user, 'me');
	t.is(mail!.from, 'MAIL FROM:<reelcat@example.org>');
	t.deepEqual(mail!.to, ['RCPT TO:<me@example.org>', 'RCPT TO:<you@example.org>']);
	t.regex(mail!.data, /^Message-ID: <alert-1234@reelcat\.invalid>$/mv);
	t.regex(mail!.data, /^X-Reelcat-Notice: alert-1234$/mv);
	t.regex(mail!.data, /^Subject: The disk is nearly full$/mv);
	t.regex(mail!.data, /^Content-Type: text\/plain; charset=utf-8$/mv);
	t.regex(mail!.data, /Gr=C3=B6=C3=9Fe: 1 GB\r\nzweite Zeile/v);
});

test('no title adds a header or a recipient', async t => {
	const server = await startMailServer(t);
	await createEmail(written(server.port), {tls: await mailTls()}).send(makeNotice({title: hostileTitle, body: '.\r\nMAIL FROM:<evil@example.org>\r\n.\r\nBcc: all@example.org'}), never());
	t.is(server.mails.length, 1);
	const [headers] = server.mails[0]!.data.split('\r\n\r\n', 1);
	t.notRegex(headers!, /^bcc/imv);
	t.is(server.mails[0]!.to.length, 2);
	t.false(server.commands.some(command => command.includes('evil') || command.includes('all@')));
});

test('without encryption nothing is said, unless the person wants it so', async t => {
	const plain = await startMailServer(t, {hasStartTls: false});
	const error = await failureOf(createEmail(written(plain.port), {tls: await mailTls()}).send(makeNotice(), never()));
	t.is(error.code, 'tls');
	t.false(plain.commands.some(command => command.startsWith('AUTH')));
	t.deepEqual(plain.mails, []);

	await createEmail(written(plain.port, {security: 'none'})).send(makeNotice(), never());
	t.is(plain.mails.length, 1);
	t.false(plain.mails[0]!.isEncrypted);
});

test('a certificate that nobody vouches for gets no password', async t => {
	const server = await startMailServer(t);
	const error = await failureOf(createEmail(written(server.port)).send(makeNotice(), never()));
	t.is(error.code, 'tls');
	t.false(server.commands.some(command => command.startsWith('AUTH')));
});

test('a password that is refused is told without it, whatever the server repeats', async t => {
	const server = await startMailServer(t, {isRefusing: true});
	const error = await failureOf(createEmail(written(server.port), {tls: await mailTls()}).send(makeNotice(), never()));
	t.is(error.code, 'unauthorized');
	t.deepEqual(secretsIn(error, password), []);
});

test('a server that says nothing, is not there, or is no longer wanted is left in time', async t => {
	const mute = await startMailServer(t, {isMute: true});
	t.is((await failureOf(createEmail(written(mute.port), {timeouts: {connectMs: 100, readMs: 100}}).send(makeNotice(), never()))).code, 'timeout');
	t.is((await failureOf(createEmail(written(9), {timeouts: {connectMs: 1000, readMs: 1000}}).send(makeNotice(), never()))).code, 'unreachable');

	const controller = new AbortController();
	const sending = failureOf(createEmail(written(mute.port)).send(makeNotice(), controller.signal));
	controller.abort();
	t.is((await sending).code, 'cancelled');
});
