import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	mkdir,
	readFile,
	readdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {text as allOf} from 'node:stream/consumers';
import test from 'ava';
import {filesWith, recordRequests} from '../helpers/canary.js';
import {
	credentialsFile,
	readCredentials,
	resourceOf,
	saidBy,
	startAccount,
	startServer,
} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';
import {cleanEnv, cliFile, createHome} from '../helpers/terminal.js';

const requests = recordRequests();

const tokensAt = (url: string) => requests.to(url).flatMap(({headers}) => headers.filter(([name]) => name === 'x-plex-token').map(([, value]) => value));

type Listed = {servers: Array<{id: string; name: string; url?: string; current: boolean; nearby: boolean; owned?: boolean; owner?: string}>};
type Imported = {libraries: Array<{imported: number; mode?: string}>};

const listed = ({stdout}: {stdout: string}) => (JSON.parse(stdout) as Listed).servers;
const imported = ({stdout}: {stdout: string}) => JSON.parse(stdout) as Imported;

const codeShown = /enter the code {2}(?<code>[\dA-Z]{4})/v;
const nowhere = 'http://127.0.0.1:9';

// The keychain package reads the environment of its process.
const runWithoutBus = async (home: string, env: Record<string, string>, args: readonly string[]) => runReelcat(home, args, {env: {...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere'}});

test('signing in shows a code and a link, lists the servers with owner, nearness and latency, and then nothing need be named nor plex.tv be asked', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, env, run} = await startAccount(t, home, {
		approveAfterMs: Infinity,
		servers: [
			resourceOf(server),
			resourceOf(server, {
				name: 'Attic', machineIdentifier: 'attic', isOwned: false, ownerName: 'Ann', isPresent: false, connections: [{uri: nowhere}],
			}),
		],
	});
	const {child, finished} = startReelcat(home, ['login'], {env});
	const {groups} = await saidBy(child, codeShown);
	plexTv.approve(groups!['code']!);
	const {exitCode, stdout, stderr} = await finished;
	t.is(exitCode, 0, 'It says: ' + stderr);
	t.regex(stderr, /https:\/\/plex\.tv\/link[\s\S]*https:\/\/app\.plex\.tv\/auth#\?clientID=/v);
	t.regex(stdout, /^Signed in as Usherette\.$/mv);
	t.regex(stdout, /Demo Theatre +you +\S+ +127\.0\.0\.1:\d+, local, \d+ ms/v);
	t.regex(stdout, /Attic +Ann .*offline, says plex\.tv/v);
	t.regex(stderr, /"reelcat import" takes Demo Theatre/v);
	t.deepEqual(tokensAt(server.url), [], 'who is there is asked without a token');

	const asked = plexTv.requests().length;
	const libraries = await run(['libraries']);
	t.regex(libraries.stdout, /Classics/v);
	const first = await run(['import', 'Classics', '--json']);
	t.is(first.exitCode, 0, first.stderr);
	t.true(imported(first).libraries[0]!.imported > 0);
	const synced = await run(['sync', '--json']);
	t.is(synced.exitCode, 0, synced.stderr);
	t.deepEqual(imported(synced).libraries.map(({mode}) => mode), ['skip']);
	t.is(plexTv.requests().length, asked);
	t.true(tokensAt(server.url).every(token => token === server.token) && tokensAt(server.url).length > 0);
});

test('login --json tells each step as an object on a line of its own, without any token', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {run} = await startAccount(t, home, {servers: [resourceOf(server)]});
	const {exitCode, stdout, stderr} = await run(['login', '--json']);
	t.is(exitCode, 0, 'It says: ' + stderr);
	const steps = stdout.trimEnd().split('\n').map(line => JSON.parse(line) as {type: string});
	t.deepEqual(steps.map(({type}) => type), ['code-shown', 'approved', 'signed-in']);
	t.like(steps[0], {schema: 1, linkUrl: 'https://plex.tv/link'});
	t.like(steps[2], {
		schema: 1, ok: true, account: {title: 'Usherette'}, servers: [{
			id: server.machineIdentifier, owned: true, url: server.url, nearness: 'local',
		}],
	});
	const {account} = await readCredentials(home);
	t.false([server.token, account!.token].some(token => (stdout + stderr).includes(token)));
});

test('login --json whose reader has gone ends with the code that was read: it signs in, or asks for no other one', withHousehold, async (t, {home}) => {
	for (const isApproved of [false, true]) {
		const {plexTv, env} = await startAccount(t, home, {servers: [], approveAfterMs: Infinity});
		const child = spawn(process.execPath, [cliFile, 'login', '--json'], {env: cleanEnv(home, env), stdio: ['ignore', 'pipe', 'pipe']});
		const said = allOf(child.stderr);
		const [line] = await once(child.stdout, 'data') as [Uint8Array];
		child.stdout.destroy();
		await once(child.stdout, 'close');
		if (isApproved) {
			plexTv.approve((JSON.parse(new TextDecoder().decode(line)) as {code: string}).code);
		} else {
			plexTv.setFaults([{kind: 'expiredPins'}]);
		}

		const [exitCode] = await once(child, 'exit') as [number];
		t.is(exitCode, isApproved ? 0 : 4);
		t.is(plexTv.requests().filter(({method}) => method === 'POST').length, 2, 'a short and a long code, once');
		t.regex(await said, isApproved ? /^$/v : /nobody would read the next one/v);
	}

	t.is((await readCredentials(home)).account?.title, 'Usherette');
});

test('at a terminal a QR code is drawn, and Ctrl-C ends the wait with 130 and keeps nothing', withHousehold, async (t, {home, sit}) => {
	const {env} = await startAccount(t, home, {servers: [], approveAfterMs: Infinity});
	const person = sit({args: ['login'], env, rows: 60});
	const screen = await person.sees('Ctrl-C cancels');
	t.regex(screen, /[▀▄█]{5}/v);
	const cells = person.styledCells().flat().filter(({text}) => /[▀▄█]/v.test(text));
	t.true(cells.every(({foreground, background}) => foreground === 15 && background === 0), 'It is light on dark in every terminal, because some readers know no other codes.');
	person.type('\u{3}');
	t.is((await person.exit).exitCode, 130);
	t.false(person.written().includes('bug'));
	const files = await readdir(path.join(home, '.local', 'share', 'reelcat')).catch(() => []);
	t.deepEqual(files, []);
});

for (const [where, terminal] of [['without UTF-8', {LC_ALL: 'C'}], ['on the Linux console, whose fonts lack half-blocks,', {TERM: 'linux'}]] as const) {
	test(`${where} what is light in a QR code is a light area`, withHousehold, async (t, {home, sit}) => {
		const {env} = await startAccount(t, home, {servers: [], approveAfterMs: Infinity});
		const person = sit({args: ['login'], env: {...env, ...terminal}, rows: 60});
		await person.sees('Ctrl-C cancels');
		const cells = person.styledCells().flat().filter(({background}) => background !== undefined);
		t.true(cells.length > 1000);
		t.true(cells.every(({text, foreground, background}) => background === (text === '#' ? foreground : 0)));
		t.true(cells.some(({text, background}) => text === '#' && background === 15));
		person.type('\u{3}');
		t.is((await person.exit).exitCode, 130);
	});
}

test('codes that expire are renewed three times, then it ends with 4, and who was signed in before still is', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const before = await readFile(credentialsFile(home), 'utf8');
	const made = () => plexTv.requests().filter(({method}) => method === 'POST').length;
	const madeBefore = made();
	plexTv.setFaults([{kind: 'expiredPins'}]);
	const {exitCode, stderr, stdout} = await run(['login', '--json']);
	t.is(exitCode, 4, 'It says: ' + stderr);
	t.is(made() - madeBefore, 8, 'a short and a long code, four times');
	t.is(stdout.split('"code-expired"').length - 1, 4);
	t.regex(stderr, /Nobody approved[\s\S]*Sign in again with "reelcat login"/v);
	t.is(await readFile(credentialsFile(home), 'utf8'), before);
});

test('a code that another account approves signs that account in, and what was known still works', withHousehold, async (t, {home}) => {
	const [first, second] = await Promise.all([startServer(t), startServer(t, {seed: 2, name: 'Other House'})]);
	const {plexTv, env, run, login} = await startAccount(t, home, {servers: [resourceOf(first)]});
	await login();
	await plexTv.close();
	const other = await startAccount(t, home, {servers: [resourceOf(second, {name: 'Other House'})], approveAfterMs: Infinity});
	const {child, finished} = startReelcat(home, ['login'], {env: other.env});
	const {groups} = await saidBy(child, codeShown);
	other.plexTv.approve(groups!['code']!, {asAccount: {title: 'Ann', uuid: 'ann'}});
	const {exitCode, stdout, stderr} = await finished;
	t.is(exitCode, 0, 'It says: ' + stderr);
	t.regex(stdout, /Signed in as Ann\.[\s\S]*Other House/v);
	t.like((await readCredentials(home)).account, {title: 'Ann', uuid: 'ann'});
	t.deepEqual(listed(await other.run(['servers', '--json'])).map(({name, current}) => [name, current]), [['Demo Theatre', true], ['Other House', false]]);
	t.is((await run(['libraries', '--server', 'Demo Theatre'], env)).exitCode, 0);
	t.is((await run(['libraries', '--server', 'other house'], env)).exitCode, 0);
});

test('an account without servers, one with a relay only, one with IPv6 only and one with broken entries each say what there is', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const v6 = await startServer(t, {host: '::1', seed: 2}).catch(() => undefined);
	const {plexTv, env} = await startAccount(t, home, {
		servers: [resourceOf(server, {
			connections: [
				{uri: nowhere, isLocal: true},
				{uri: server.url, isRelay: true},
			],
		})],
	});
	const loginElsewhere = async () => {
		const {home: other, remove} = await createHome();
		t.teardown(remove);
		return runHere(other, ['login'], {env});
	};

	plexTv.setFaults([{kind: 'emptyResources'}]);
	const empty = await loginElsewhere();
	t.is(empty.exitCode, 0, empty.stderr);
	t.regex(empty.stdout, /no servers[\s\S]*servers add URL/v);

	plexTv.setFaults([{kind: 'onlyRelay'}]);
	const relayed = await loginElsewhere();
	t.regex(relayed.stdout, /Demo Theatre .*relay, \d+ ms/v);

	plexTv.setFaults([{kind: 'malformedResources'}]);
	const broken = await loginElsewhere();
	t.is(broken.exitCode, 0, broken.stderr);
	t.regex(broken.stdout, /Demo Theatre .*relay, \d+ ms/v);
	t.regex(broken.stderr, /Entry 1 was left out: it is not an object[\s\S]*"No id" was left out: it does not say which/v);

	if (v6 === undefined) {
		t.log('IPv6 was not tried: this machine has none.');
		return;
	}

	plexTv.setServers([resourceOf(v6, {connections: [{uri: v6.url, isLocal: true, isIPv6: true}]})]);
	plexTv.setFaults([{kind: 'onlyIPv6'}]);
	const far = await loginElsewhere();
	t.regex(far.stdout, /Demo Theatre .*\[::1\]:\d+, local, \d+ ms/v);
});

test('without plex.tv there is no signing in, and it ends with 5; a server that is known works all the same', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const before = await readFile(credentialsFile(home), 'utf8');
	await plexTv.close();
	const down = await run(['login']);
	t.is(down.exitCode, 5, down.stderr);
	t.regex(down.stderr, /plex\.tv .*cannot be reached[\s\S]*What is stored is kept/v);
	t.is(await readFile(credentialsFile(home), 'utf8'), before);
	t.is((await run(['libraries'])).exitCode, 0);
});

test('trouble at plex.tv while somebody signs in is told and waited out, and a sign-in whose servers cannot be listed is kept', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run} = await startAccount(t, home, {
		servers: [resourceOf(server)],
		faults: [
			{
				kind: 'status', status: 503, path: '/api/v2/pins/', times: 1,
			},
			{kind: 'html200', path: '/api/v2/resources'},
		],
	});
	const {exitCode, stdout, stderr} = await run(['login', '--json']);
	t.is(exitCode, 5, 'It says: ' + stderr);
	const steps = stdout.trimEnd().split('\n').map(line => JSON.parse(line) as {type?: string; error?: {code: string}});
	t.deepEqual(steps.map(({type, error}) => [type, error?.code]), [['code-shown', undefined], ['trouble', 'server-error'], ['approved', undefined], [undefined, 'not-plex']]);
	t.regex(stderr, /Something else answers in place of plex\.tv/v);
	plexTv.setFaults([]);
	const found = listed(await run(['servers', '--find', '--json'])).filter(({nearby}) => !nearby);
	t.like(found, [{id: server.machineIdentifier, url: server.url, owned: true}]);
	t.is((await run(['libraries'])).exitCode, 0);
});

test('a sign-in that plex.tv no longer accepts is said by doctor and servers --find, loses nothing, and the known server works', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const before = await readFile(credentialsFile(home), 'utf8');
	plexTv.revoke((await readCredentials(home)).account!.token);
	const doctor = await run(['doctor']);
	t.is(doctor.exitCode, 1, doctor.stderr);
	t.regex(doctor.stdout, /FAIL +plex\.tv .*no longer accepts the sign-in\.\n +Sign in again with "reelcat login"/v);
	t.regex(doctor.stdout, /ok +token/v);
	const found = await run(['servers', '--find', '--json']);
	t.regex(found.stderr, /no longer accepts the sign-in\. Sign in again with "reelcat login"/v);
	t.deepEqual(listed(found).filter(({nearby}) => !nearby).map(({id}) => id), [server.machineIdentifier], 'what is known is listed all the same');
	t.is((await run(['libraries'])).exitCode, 0);
	t.is(await readFile(credentialsFile(home), 'utf8'), before);
});

test('logout takes the sign-in back at plex.tv, forgets account and servers, and keeps the catalogue', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const own = await startServer(t, {seed: 2, name: 'By Hand'});
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const tokenFile = path.join(home, 'token');
	await writeFile(tokenFile, own.token);
	t.is((await run(['servers', 'add', own.url, '--token-file', tokenFile])).exitCode, 0);
	t.is((await run(['import', 'Classics', '--server', 'Demo Theatre'])).exitCode, 0);
	const {token} = (await readCredentials(home)).account!;
	const out = await run(['logout']);
	t.is(out.exitCode, 0, out.stderr);
	t.regex(out.stdout, /Signed out\. Forgotten: Demo Theatre\. The catalogue stays\./v);
	t.like(plexTv.requests().at(-1), {method: 'DELETE', path: '/api/v2/users/signout', hasToken: true});
	t.deepEqual(await filesWith(home, token), []);
	t.deepEqual(await filesWith(home, server.token), []);
	t.deepEqual(listed(await run(['servers', '--json'])).map(({name}) => name), ['By Hand'], 'what was added by hand stays');
	t.regex((await run(['ls'])).stdout, /\d{4}/v);
	t.is((await run(['verify'])).exitCode, 0);
	const again = await run(['logout', '--json']);
	t.like(JSON.parse(again.stdout), {ok: true, wasSignedIn: false});

	await login();
	await plexTv.close();
	const offline = await run(['logout']);
	t.is(offline.exitCode, 0, offline.stderr);
	t.regex(offline.stderr, /could not be revoked at plex\.tv: .*Remove reelcat under Authorized Devices/v);
	t.false('account' in await readCredentials(home));
	t.deepEqual(await filesWith(home, server.token), []);
	const nothing = await run(['libraries', '--server', 'Demo Theatre']);
	t.is(nothing.exitCode, 2);
	t.regex(nothing.stderr, /no server "Demo Theatre"/v);
});

type Examined = {schema: number; ok: boolean; findings: Array<{check: string; status: string; text: string; hint?: string}>};

test('doctor finds the broken link, says what to do, and skips what depends on it', withHousehold, async (t, {home}) => {
	const server = await startServer(t, {token: 'first-token-of-server'});
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const examine = async () => {
		const {exitCode, stdout, stderr} = await run(['doctor', '--json']);
		t.is(stdout.trimEnd().split('\n').length, 1);
		const {ok, findings} = JSON.parse(stdout) as Examined;
		t.is(exitCode, ok ? 0 : 1, 'It says: ' + stderr);
		t.true(findings.every(({status, hint}) => status !== 'fail' || hint !== undefined));
		const named = (wanted: string) => findings.filter(({status}) => status === wanted).map(({check}) => check);
		return {failed: named('fail'), skipped: named('skipped'), passed: named('ok')};
	};

	const well = await examine();
	t.deepEqual([...well.failed, ...well.skipped], []);
	t.true(['plex.tv', 'server', 'port', 'identity', 'token', 'libraries'].every(check => well.passed.includes(check)));

	await server.close();
	const closed = await examine();
	t.deepEqual(closed.failed, ['port']);
	t.deepEqual(closed.skipped, ['certificate', 'identity', 'token', 'libraries', 'clock']);

	const port = Number(new URL(server.url).port);
	const stranger = await startServer(t, {seed: 2, port});
	const strange = await examine();
	t.deepEqual(strange.failed, ['identity']);
	t.deepEqual(strange.skipped, ['token', 'libraries', 'clock']);
	t.deepEqual(stranger.requests.counts(), {'/identity': stranger.requests.total()});
	await stranger.close();

	await startServer(t, {token: 'second-token-of-server', port});
	const refused = await examine();
	t.deepEqual(refused.failed, ['token']);
	t.deepEqual(refused.skipped, ['libraries', 'clock']);

	await plexTv.close();
	const {stdout} = await run(['doctor']);
	t.regex(stdout, /WARN +plex\.tv .*cannot be reached/v, 'known servers work without it');
});

test('credentials of the first version are read, and become the second at the next change', withHousehold, async (t, {home}) => {
	const [first, second] = await Promise.all([startServer(t), startServer(t, {seed: 2})]);
	const file = credentialsFile(home);
	await mkdir(path.dirname(file), {recursive: true});
	const old = JSON.stringify({format: 'reelcat-credentials', version: 1, servers: [first, second].map(({machineIdentifier: id, url, token}) => ({id, url, token}))});
	await writeFile(file, old, {mode: 0o600});
	const {run, plexTv} = await startAccount(t, home, {servers: []});
	const {host} = new URL(second.url);
	const used = await run(['libraries', '--server', host]);
	t.is(used.exitCode, 0, used.stderr);
	t.is(await readFile(file, 'utf8'), old, 'reading changes nothing');
	t.is((await run(['servers', 'remove', host])).exitCode, 0);
	const {version, servers} = await readCredentials(home);
	t.is(version, 2);
	t.deepEqual(servers, [{id: first.machineIdentifier, url: first.url, token: first.token}]);
	t.is((await run(['libraries'])).exitCode, 0);
	t.deepEqual(plexTv.requests(), []);
});

test('credentials that cannot be read are left as they are, and nobody is asked to sign in for nothing', withHousehold, async (t, {home}) => {
	const {run, plexTv} = await startAccount(t, home, {servers: []});
	const file = credentialsFile(home);
	await mkdir(path.dirname(file), {recursive: true});
	const damaged = '{"format":"reelcat-credentials","version":2,"servers":[{"id":"a","tok';
	await writeFile(file, damaged);
	for (const args of [['login'], ['logout'], ['servers'], ['libraries']]) {
		const {exitCode, stderr} = await run(args);
		t.is(exitCode, 7, `${args[0]}: ${stderr}`);
		t.true(stderr.includes(file));
	}

	t.is(await readFile(file, 'utf8'), damaged);
	t.deepEqual(plexTv.requests(), []);
});

test('with credentials that cannot be read, a token that is given is used, and they are left as they are', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {run} = await startAccount(t, home, {servers: []});
	const file = credentialsFile(home);
	const damaged = '{"format":"reelcat-credentials","version":2,"servers":[{"id":"a","tok';
	t.is((await run(['connect', server.url], {PLEX_TOKEN: server.token})).exitCode, 0);
	await mkdir(path.dirname(file), {recursive: true});
	await writeFile(file, damaged);
	const tokenFile = path.join(home, 'token');
	await writeFile(tokenFile, `${server.token}\n`);
	const [given, inFile] = [{PLEX_TOKEN: server.token}, ['--token-file', tokenFile]];
	const uses: Array<readonly [args: string[], env?: Record<string, string>]> = [
		[['libraries', '--url', server.url], given],
		[['libraries', '--url', server.url, ...inFile]],
		[['libraries'], given],
		[['libraries', ...inFile]],
		[['connect', server.url], given],
		[['servers', '--json'], given],
		[['import', 'Classics'], given],
		[['sync'], given],
	];
	for (const [args, env] of uses) {
		const {exitCode, stderr} = await run(args, env);
		t.is(exitCode, 0, `${args.join(' ')}: ${stderr}`);
		t.is(stderr.split(`${file}, which holds the tokens, cannot be read. The given token is used.`).length, 2, `${args.join(' ')}: ${stderr}`);
	}

	t.is((await run(['login'], given)).exitCode, 7, 'nobody signs in for nothing');
	t.is(await readFile(file, 'utf8'), damaged);
});

const inKeychain = async (file: string, {url, machineIdentifier}: {url: string; machineIdentifier: string}) => {
	await mkdir(path.dirname(file), {recursive: true});
	await writeFile(file, JSON.stringify({
		format: 'reelcat-credentials', version: 2, account: {uuid: 'u', title: 'Ada', isInKeychain: true}, servers: [{
			id: machineIdentifier, name: 'Loft', url, isInKeychain: true, isOfAccount: true,
		}],
	}), {mode: 0o600});
};

test('without a keychain, login --keychain is refused before anybody is asked', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {env, plexTv} = await startAccount(t, home, {servers: [resourceOf(server)]});
	const {exitCode, stderr} = await runWithoutBus(home, env, ['login', '--keychain']);
	t.is(exitCode, 8);
	t.regex(stderr, /keychain of this system does not answer[\s\S]*Sign in without --keychain/v);
	t.deepEqual(plexTv.requests(), []);

	const kept = await runWithoutBus(home, env, ['--store', 'postgres://me@127.0.0.1:1/reelcat', 'store', 'password']);
	t.is(kept.exitCode, 8);
	t.regex(kept.stderr, /keychain of this system does not answer[\s\S]*REELCAT_STORE_PASSWORD_FILE/v);
});

test('when the keychain no longer gives the tokens, sync and doctor say so, a given token works, and signing in again mends it', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {env} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await inKeychain(credentialsFile(home), server);
	for (const args of [['import', 'Classics'], ['sync']]) {
		const {exitCode, stderr} = await runWithoutBus(home, env, args);
		t.is(exitCode, 4, `${args.join(' ')}: ${stderr}`);
		t.regex(stderr, /The keychain of this system [\s\S]*It should have the token of (?:Loft|Ada)\.\n {2}Sign in again/v);
	}

	const {stdout} = await runWithoutBus(home, env, ['doctor']);
	t.regex(stdout, /FAIL +plex\.tv +The keychain of this system/v);
	t.regex(stdout, /FAIL +token +The keychain of this system/v);
	t.is((await runWithoutBus(home, {...env, PLEX_TOKEN: server.token}, ['import', 'Classics'])).exitCode, 0);
	t.is((await runWithoutBus(home, env, ['login'])).exitCode, 0);
	t.is((await runWithoutBus(home, env, ['sync'])).exitCode, 0);
});

test('a sign-in that cannot be kept is taken back at plex.tv', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {run, plexTv} = await startAccount(t, home, {servers: [resourceOf(server)]});
	// There is nothing to be read, and nothing can be made.
	const blocked = path.join(home, 'blocked');
	await symlink(path.join(home, 'not', 'there'), blocked);
	const {exitCode, stderr} = await run(['login'], {REELCAT_DATA_DIR: blocked});
	t.is(exitCode, 8, 'It says: ' + stderr);
	t.like(plexTv.requests().at(-1), {method: 'DELETE', path: '/api/v2/users/signout', hasToken: true});
});

test('names from plex.tv reach a terminal or a pipe without any control character', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const name = 'Evil\u{1B}]0;title\u{7} \u{202E}server\r\n';
	const {run, login} = await startAccount(t, home, {
		account: {title: 'Mallory\u{1B}[2J'},
		servers: [
			resourceOf(server, {name, isOwned: false, ownerName: 'owner\u{1B}[31m'}),
			resourceOf(server, {
				name, machineIdentifier: '__proto__', isOwned: false, isPresent: true, connections: [{uri: nowhere}],
			}),
		],
	});
	const signedIn = await login();
	t.regex(signedIn.stdout, /Mallory[\s\S]*Evil/v);
	const outputs = [signedIn, ...await Promise.all([
		run(['login', '--json']),
		run(['servers', '--find']),
		run(['servers', 'use', 'nobody']),
		run(['doctor']),
	])];
	for (const {stdout, stderr} of outputs) {
		t.is((stdout + stderr).match(/[[\p{Control}\u{202A}-\u{202E}\u{2066}-\u{2069}]--\n]/gv), null);
	}
});

test('a wrong command line for accounts and servers ends with 2 and says what is right', withHousehold, async (t, {home}) => {
	const {run, plexTv} = await startAccount(t, home, {servers: []});
	const cases: Array<[string[], RegExp]> = [
		[['login', '--demo'], /needs no sign-in/v],
		[['login', 'me@example.test'], /takes no arguments/v],
		[['servers', 'add'], /Say "add URL"/v],
		[['servers', 'frobnicate', 'x'], /There is: add, use, remove/v],
		[['servers', 'add', 'ftp://nas'], /http/v],
		[['servers', 'add', 'http://user:secret@nas:32400'], /http/v],
		[['servers', 'use', 'attic'], /none is known yet/v],
		[['libraries', '--server'], /--server needs one value/v],
	];
	const results = await Promise.all(cases.map(async ([args]) => run(args)));
	for (const [index, [args, message]] of cases.entries()) {
		const {exitCode, stderr, stdout} = results[index]!;
		t.is(exitCode, 2, `${args.join(' ')}: ${stderr}`);
		t.regex(stderr, message);
		t.false((stdout + stderr).includes('secret'));
	}

	t.deepEqual(plexTv.requests(), []);
	const {exitCode, stderr} = await runHere(home, ['login'], {env: {REELCAT_PLEXTV_URL: 'http://plex.example'}});
	t.is(exitCode, 2, 'It says: ' + stderr);
	t.regex(stderr, /must not be sent to the address/v);
});
