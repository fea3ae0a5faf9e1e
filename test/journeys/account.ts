import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {recordRequests} from '../helpers/canary.js';
import {
	credentialsFile,
	readCredentials,
	resourceOf,
	saidBy,
	startAccount,
	startServer,
} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';
import {createHome} from '../helpers/terminal.js';

const requests = recordRequests();

const tokensAt = (url: string) => requests.to(url).flatMap(({headers}) => headers.filter(([name]) => name === 'x-plex-token').map(([, value]) => value));

type Listed = {servers: Array<{id: string; name: string; url?: string; current: boolean; owned?: boolean; owner?: string}>};
type Imported = {libraries: Array<Record<'expected' | 'imported' | 'unchanged' | 'failed' | 'skipped', number> & {id: string; title: string; mode?: string; held?: number; changes?: Record<string, number>}>; errors: Array<{code: string; hint: string}>};

const listed = ({stdout}: {stdout: string}) => (JSON.parse(stdout) as Listed).servers;
const imported = ({stdout}: {stdout: string}) => JSON.parse(stdout) as Imported;

const codeShown = /enter the code {2}(?<code>[\dA-Z]{4})/v;
const nowhere = 'http://127.0.0.1:9';

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
	t.is(exitCode, 0, stderr);
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
});

test('login --json tells each step as an object on a line of its own, without any token', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {run} = await startAccount(t, home, {servers: [resourceOf(server)]});
	const {exitCode, stdout, stderr} = await run(['login', '--json']);
	t.is(exitCode, 0, stderr);
	const steps = stdout.trimEnd().split('\n').map(line => JSON.parse(line) as {type: string});
	t.deepEqual(steps.map(({type}) => type), ['code-shown', 'approved', 'signed-in']);
	t.like(steps[0], {schema: 1, linkUrl: 'https://plex.tv/link'});
	t.like(steps[2], {schema: 1, ok: true, account: {title: 'Usherette'}, servers: [{id: server.machineIdentifier, owned: true, url: server.url, nearness: 'local'}]});
	const {account} = await readCredentials(home);
	t.false([server.token, account!.token].some(token => (stdout + stderr).includes(token)));
});

test('at a terminal a QR code is drawn, and Ctrl-C ends the wait with 130 and keeps nothing', withHousehold, async (t, {home, sit}) => {
	const {env} = await startAccount(t, home, {servers: [], approveAfterMs: Infinity});
	const person = sit({args: ['login'], env, rows: 60});
	const screen = await person.sees('Ctrl-C cancels');
	t.regex(screen, /[▀▄█]{5}/v);
	person.type('\u0003');
	t.is((await person.exit).exitCode, 130);
	t.false(person.written().includes('bug'));
	const files = await readdir(path.join(home, '.local', 'share', 'reelcat')).catch(() => []);
	t.deepEqual(files, []);
});

test('codes that expire are renewed three times, then it ends with 4, and who was signed in before still is', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const before = await readFile(credentialsFile(home), 'utf8');
	const made = () => plexTv.requests().filter(({method}) => method === 'POST').length;
	const madeBefore = made();
	plexTv.setFaults([{kind: 'expiredPins'}]);
	const {exitCode, stderr, stdout} = await run(['login', '--json']);
	t.is(exitCode, 4, stderr);
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
	t.is(exitCode, 0, stderr);
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
				...v6 === undefined ? [] : [{uri: v6.url, isLocal: true, isIPv6: true}],
			],
			machineIdentifier: server.machineIdentifier,
		})],
	});
	const loginElsewhere = async () => {
		const {home: other, remove} = await createHome();
		t.teardown(remove);
		return runReelcat(other, ['login'], {env});
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
	t.regex(broken.stderr, /Entry 1 was left out: it is no object[\s\S]*"No id" was left out: it does not say which/v);

	if (v6 === undefined) {
		t.log('IPv6 was not tried: this machine has none.');
	} else {
		plexTv.setServers([resourceOf(v6, {connections: [{uri: v6.url, isLocal: true, isIPv6: true}]})]);
		plexTv.setFaults([{kind: 'onlyIPv6'}]);
		const far = await loginElsewhere();
		t.regex(far.stdout, /Demo Theatre .*\[::1\]:\d+, local, \d+ ms/v);
	}
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

test('a sign-in that plex.tv no longer accepts is said by doctor and servers --find, loses nothing, and the known server works', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const before = await readFile(credentialsFile(home), 'utf8');
	plexTv.revoke((await readCredentials(home)).account!.token);
	const doctor = await run(['doctor']);
	t.is(doctor.exitCode, 1, doctor.stderr);
	t.regex(doctor.stdout, /FAIL +plex\.tv .*does not accept the sign-in any more\.\n +Sign in again with "reelcat login"/v);
	t.regex(doctor.stdout, /ok +token/v);
	const found = await run(['servers', '--find']);
	t.is(found.exitCode, 4, found.stderr);
	t.regex(found.stderr, /Sign in again with "reelcat login"/v);
	t.is((await run(['libraries'])).exitCode, 0);
	t.is(await readFile(credentialsFile(home), 'utf8'), before);
});
