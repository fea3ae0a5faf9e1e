import {Buffer} from 'node:buffer';
import {Resolver} from 'node:dns';
import test from 'ava';
import type {ErrorCode} from '../../../source/base/errors.js';
import {adviceOf} from '../../../source/watch/notify/channel.js';
import emailChannel, {createEmail} from '../../../source/watch/notify/channels/email.js';
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
	t.regex(mail!.data, /^Importance: high$/mv);
	t.notRegex(mail!.data, /^X-Priority:/mv);
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

test('a connection may be encrypted from its first byte, also to a host with a name', async t => {
	const server = await startMailServer(t, {isTls: true});
	const channel = written(server.port, {host: 'localhost', security: 'tls'});
	await createEmail(channel, {tls: await mailTls()}).send(makeNotice(), never());
	t.true(server.mails[0]!.isEncrypted);
	t.is((await failureOf(createEmail(channel).send(makeNotice(), never()))).code, 'tls');
	const {ca} = await mailTls();
	t.is((await failureOf(createEmail(channel, {tls: {ca, servername: 'localhost'}}).send(makeNotice(), never()))).code, 'tls');
	t.is(server.mails.length, 1);
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

const replies: ReadonlyArray<readonly [reply: string, code: ErrorCode, what: RegExp, hint: RegExp]> = [
	['530 5.7.0 Must issue a STARTTLS command first', 'tls', /wants an encrypted connection first/v, /"security"/v],
	['530 5.7.1 Authentication required', 'unauthorized', /wants a login before/v, /"user" and "password"/v],
	['554 5.7.1 <me@example.org>: Relay access denied', 'unauthorized', /wants a login before/v, /"user" and "password"/v],
	['550 5.1.0 \u{1B}[31mThis sender is unwelcome', 'malformed', /does not accept mail from or to these addresses/v, /"from" and "to"/v],
	['451 4.7.1 Greylisted, come again', 'unreachable', /does not take this mail now/v, /tried again/v],
];

for (const [reply, code, what, hint] of replies) {
	test(`the reply ${reply.slice(0, 9)} is quoted, and it is said what the server wants`, async t => {
		const server = await startMailServer(t, {toMail: reply});
		const error = await failureOf(createEmail(written(server.port, {security: 'none', user: undefined, password: undefined})).send(makeNotice(), never()));
		t.is(error.code, code);
		t.regex(error.message, what);
		t.true(error.message.endsWith(` It says: ${reply.replace('\u{1B}[31m', '')}.`), error.message);
		t.regex(error.hint!, hint);
	});
}

test('a reply that repeats the password is quoted without it', async t => {
	const forms = [password, Buffer.from(password).toString('base64'), Buffer.from(`\0me\0${password}`).toString('base64')];
	const server = await startMailServer(t, {toMail: `550 no ${forms.join(' ')} here`});
	const error = await failureOf(createEmail(written(server.port), {tls: await mailTls()}).send(makeNotice(), never()));
	t.regex(error.message, /It says: 550 no \[token\] \[token\] \[token\] here\./v);
	t.deepEqual(secretsIn(error, password), []);
});

test('an address that the server refuses is named, and the others do not get the mail twice', async t => {
	const server = await startMailServer(t, {unknownAddress: 'me@example.org'});
	const error = await failureOf(createEmail(written(server.port), {tls: await mailTls()}).send(makeNotice(), never()));
	t.is(error.code, 'malformed');
	t.is(error.message, 'The mail server 127.0.0.1 takes no mail for me@example.org.');
	t.true(adviceOf(error).isFinal);
	t.deepEqual(server.mails.map(({to}) => to), [['RCPT TO:<you@example.org>']]);
});

test('addresses may be local or have a name, and each is one address', async t => {
	const server = await startMailServer(t);
	const isTaken = (fields: Record<string, unknown>) => emailChannel.schema.safeParse({...written(server.port), ...fields}).success;
	await createEmail(written(server.port, {from: 'Attic, upstairs <root@localhost>', to: ['Größe <me@example.org>', '"A B" <a@b>', 'root@localhost']}), {tls: await mailTls()}).send(makeNotice(), never());
	const [mail] = server.mails;
	t.is(mail!.from, 'MAIL FROM:<root@localhost>');
	t.deepEqual(mail!.to, ['RCPT TO:<me@example.org>', 'RCPT TO:<a@b>', 'RCPT TO:<root@localhost>']);
	t.regex(mail!.data, /^From: "Attic, upstairs" <root@localhost>$/mv);
	for (const good of ['me@example.org', 'root@localhost', 'Name <a@b>', 'a+b@[192.0.2.7]']) {
		t.true(isTaken({from: good, to: good}), `for ${good}`);
	}

	for (const bad of ['', 'me', '@b', 'a@', 'a@b, c@d', 'a@b c@d', 'A <a@b>, B <c@d>', 'A <a@b', 'a@b\r\nBcc: c@d', 'A <a@b> x', '<>', 'a@b@c', 'A <c@d> <a@b>', 'a@-..b']) {
		t.false(isTaken({to: bad}), `for ${bad}`);
	}
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

test.serial('the system says where a host is, and the name server only through it', async t => {
	const server = await startMailServer(t);
	const {resolve4} = Resolver.prototype;
	t.teardown(() => {
		Object.assign(Resolver.prototype, {resolve4});
	});
	// A name server that knows another address than the file /etc/hosts.
	Object.assign(Resolver.prototype, {
		resolve4(_host: string, callback: (error: undefined, addresses: string[]) => void) {
			callback(undefined, ['127.0.0.2']);
		},
	});
	await createEmail(written(server.port, {host: 'localhost'}), {tls: await mailTls()}).send(makeNotice(), never());
	t.is(server.mails.length, 1);
	// Too long to be asked for.
	const error = await failureOf(createEmail(written(server.port, {host: `${'a'.repeat(64)}.invalid`})).send(makeNotice(), never()));
	t.is(error.code, 'unreachable');
	t.regex(error.message, /has a name that cannot be looked up/v);
});
