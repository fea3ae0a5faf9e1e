import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import {request as forward} from 'node:http';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {DemoServer} from '../../source/demo/server.js';
import {readCertificate} from '../../source/plex/certificate.js';
import {credentialsFile, readCredentials, startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';

const fixture = async (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

/**
What stands before a server that speaks https with a certificate of its own.
*/
const startTls = async (t: ExecutionContext, behind: DemoServer, {certificate, port = 0}: {certificate: string; port?: number}) => {
	let requests = 0;
	const server = createServer({key: await fixture(`${certificate}.key.pem`), cert: await fixture(`${certificate}.pem`)}, (request, response) => {
		requests++;
		request.pipe(forward(`${behind.url}${request.url}`, {method: request.method!, headers: request.headers}, answer => {
			response.writeHead(answer.statusCode!, answer.headers);
			answer.pipe(response);
		}));
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const {port: taken} = server.address() as AddressInfo;
	const close = async () => {
		if (!server.listening) {
			return;
		}

		server.close();
		server.closeAllConnections();
		await once(server, 'close');
	};

	t.teardown(close);
	return {
		url: `https://127.0.0.1:${taken}`, port: taken, close, requests: () => requests,
	};
};

const keepToken = async (home: string, token: string) => {
	const file = path.join(home, 'token');
	await writeFile(file, token);
	return ['--token-file', file];
};

test('a self-signed server is refused with its fingerprint, accepted by the right one only, and from then on no other certificate gets a request', withHousehold, async (t, {home, sit}) => {
	const behind = await startServer(t);
	const tls = await startTls(t, behind, {certificate: 'pinned'});
	const token = await keepToken(home, behind.token);
	const {fingerprint} = await readCertificate(tls.url);
	const refused = await runHere(home, ['servers', 'add', tls.url, ...token]);
	t.is(refused.exitCode, 5, refused.stderr);
	t.true(refused.stderr.includes(`reelcat servers add ${tls.url} --accept ${fingerprint}`), refused.stderr);
	const wrong = await runHere(home, ['servers', 'add', tls.url, '--accept', fingerprint.replace(/^../v, '00'), ...token]);
	t.is(wrong.exitCode, 5, wrong.stderr);
	t.regex(wrong.stderr, /not the one that --accept names/v);
	t.is(tls.requests(), 0);
	await t.throwsAsync(readFile(credentialsFile(home)), {code: 'ENOENT'});

	const right = await runHere(home, ['servers', 'add', tls.url, '--accept', fingerprint.toLowerCase().replaceAll(':', ''), '--json', ...token]);
	t.is(right.exitCode, 0, right.stderr);
	t.like(JSON.parse(right.stdout), {ok: true, server: {id: behind.machineIdentifier, url: tls.url}});
	const used = await runHere(home, ['libraries']);
	t.is(used.exitCode, 0, used.stderr);
	const byAddress = await runHere(home, ['libraries', '--url', tls.url]);
	t.is(byAddress.exitCode, 0, byAddress.stderr);
	for (const args of [[], ['--url', tls.url]]) {
		const well = await runHere(home, ['doctor', ...args]);
		t.is(well.exitCode, 0, `${well.stdout}${well.stderr}`);
		t.regex(well.stdout, /certificate +It is the pinned certificate/v);
	}

	await tls.close();
	const changed = await startTls(t, behind, {certificate: 'changed', port: tls.port});
	const loud = await runHere(home, ['libraries']);
	t.is(loud.exitCode, 5, loud.stderr);
	t.regex(loud.stderr, /another certificate than the one that was accepted .*Somebody may be intercepting the connection, so nothing was sent/v);
	t.true(loud.stderr.includes(fingerprint));
	const ill = await runHere(home, ['doctor']);
	t.is(ill.exitCode, 1);
	t.regex(ill.stdout, /FAIL +certificate +It is not the pinned certificate/v);
	const again = await runHere(home, ['servers', 'add', tls.url]);
	t.is(again.exitCode, 5);
	t.is(changed.requests(), 0);

	const {fingerprint: next} = await readCertificate(tls.url);
	const person = sit({args: ['servers', 'add', tls.url], columns: 150});
	const screen = await person.sees('Type yes to accept');
	t.true(screen.includes(next));
	t.regex(screen, /For +\S+, issued by/v);
	person.type('yes\r');
	await person.sees(/Connected to Demo Theatre/v);
	t.is((await person.exit).exitCode, 0);
	t.true(changed.requests() > 0);
	t.like((await readCredentials(home)).servers, [{id: behind.machineIdentifier, token: behind.token, pin: {fingerprint: next}}]);
	const onward = await runHere(home, ['libraries']);
	t.is(onward.exitCode, 0, onward.stderr);
});

for (const [what, keys, exitCode] of [['any other answer', 'y\r', 5], ['Ctrl-C', '\u{3}', 130], ['the end of the input', '\u{4}', 5]] as const) {
	test(`asked for a certificate, ${what} accepts nothing and sends nothing`, withHousehold, async (t, {home, sit}) => {
		const tls = await startTls(t, await startServer(t), {certificate: 'pinned'});
		const person = sit({args: ['servers', 'add', tls.url]});
		await person.sees('Type yes to accept');
		person.type(keys);
		await person.sees(exitCode === 5 ? 'The certificate was not accepted.' : 'cancelled');
		t.is((await person.exit).exitCode, exitCode);
		t.false(person.written().includes('bug'));
		t.is(tls.requests(), 0);
		await t.throwsAsync(readFile(credentialsFile(home)), {code: 'ENOENT'});
	});
}
