import {Buffer} from 'node:buffer';
import {existsSync} from 'node:fs';
import {
	mkdir,
	mkdtemp,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {createServer} from 'node:http';
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {startDemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {
	argumentsOf,
	createCanary,
	filesWith,
	formsIn,
	formsOf,
	recordRequests,
} from '../helpers/canary.js';
import {withHousehold, type Household} from '../helpers/household.js';
import {runReelcat, type Finished} from '../helpers/run-reelcat.js';

const requests = recordRequests();
const credentialsFile = path.join('.local', 'share', 'reelcat', 'credentials.json');
const plantedBug = new URL('../helpers/planted-bug.js', import.meta.url).href;

const hasProc = existsSync('/proc/self/cmdline');
const sayWithoutProc = (t: ExecutionContext) => {
	if (!hasProc) {
		t.log('The arguments of processes were not looked at: this system has no /proc.');
	}
};

/**
Node's own reports hold the environment, and with it a token that is in there.
*/
const diagnostics = (folder: string) => `--report-uncaught-exception --report-on-fatalerror --report-dir=${folder} --trace-uncaught --trace-warnings`;

/**
A server that takes only the canary, and a home in which everything that reelcat writes stays, temporary files too.
*/
const prepare = async (t: ExecutionContext, {home}: Household, options: DemoServerOptions = {}) => {
	const canary = createCanary();
	const server = await startDemoServer({
		token: canary, movies: 0, shows: 0, ...options,
	});
	t.teardown(server.close);
	const temporary = path.join(home, 'tmp');
	await mkdir(temporary);
	// Beside the home, so that the search of the home needs no exception for it.
	const elsewhere = await mkdtemp(path.join(tmpdir(), 'reelcat-token-'));
	t.teardown(async () => rm(elsewhere, {recursive: true}));
	const tokenFile = path.join(elsewhere, 'token');
	await writeFile(tokenFile, `${canary}\n`);
	const env = {TMPDIR: temporary};
	const run = async (args: readonly string[], more: Record<string, string> = {}) => runReelcat(home, args, {env: {...env, ...more}});
	return {
		server, canary, tokenFile, env, run, connect: async () => run(['connect', server.url, '--token-file', tokenFile]),
	};
};

const keepsSecret = (t: ExecutionContext, canary: string, {stdout, stderr}: Pick<Finished, 'stdout' | 'stderr'>, where: string) => {
	t.deepEqual(formsIn(stdout, canary), [], `${where}: ${stdout}`);
	t.deepEqual(formsIn(stderr, canary), [], `${where}: ${stderr}`);
};

/**
The token travels in its header and in nothing else, and not with the question who is there, which comes first.
*/
const travelsWell = (t: ExecutionContext, url: string, canary: string) => {
	const seen = requests.to(url);
	t.is(seen[0]?.url, '/identity');
	t.true(seen.some(({headers}) => headers.some(([, value]) => value === canary)), 'the token was used at all');
	for (const {url: asked, headers} of seen) {
		t.deepEqual(formsIn(asked, canary), [], asked);
		const carriers = headers.filter(([name, value]) => formsIn(`${name}: ${value}`, canary).length > 0);
		t.deepEqual(carriers, asked === '/identity' ? [] : [['x-plex-token', canary]], asked);
	}
};

const isOnlyInCredentials = async (t: ExecutionContext, home: string, canary: string) => {
	t.deepEqual(await filesWith(home, canary), [credentialsFile]);
	const {mode} = await stat(path.join(home, credentialsFile));
	t.is(mode % 0o1000, 0o600);
};

test('the search finds a token in each of its forms, in files and their names, on a terminal, in arguments and in requests', withHousehold, async (t, {home, sit}) => {
	const canary = createCanary();
	t.deepEqual(formsIn('nothing of that kind', canary), []);
	for (const [name, text] of formsOf(canary)) {
		t.true(formsIn(`before ${text} behind`, canary).includes(name), text);
	}

	// As a part of what was encoded, wherever it begins.
	for (const before of ['', 'a', 'ab', 'abc']) {
		const whole = Buffer.from(`${before}${canary}:more`);
		t.deepEqual(formsIn(whole.toString('base64'), canary), ['base64']);
		t.deepEqual(formsIn(whole.toString('base64url'), canary), ['base64']);
		t.deepEqual(formsIn(whole.toString('hex'), canary), ['hex']);
	}

	await mkdir(path.join(home, 'deep', 'down'), {recursive: true});
	await writeFile(path.join(home, 'deep', 'down', 'log'), Buffer.concat([Buffer.from([0, 255]), Buffer.from(canary)]));
	await writeFile(path.join(home, Buffer.from(canary).toString('hex')), '');
	t.deepEqual(await filesWith(home, canary), [Buffer.from(canary).toString('hex'), 'deep/down/log']);

	const reports = path.join(home, 'reports');
	await mkdir(reports);
	const crashed = sit({shell: `'${process.execPath}' -e 'throw new Error("planted")'`, env: {NODE_OPTIONS: diagnostics(reports), PLEX_TOKEN: canary}});
	await crashed.exit;
	t.is((await filesWith(reports, canary)).length, 1);

	const person = sit({shell: `echo '${canary}'; '${process.execPath}' -e 'process.stdin.resume()' '${canary}'; exit`, columns: 20});
	await person.sees(screen => screen.replaceAll('\n', '').includes(canary));
	t.deepEqual(formsIn(person.written(), canary), ['plain']);
	const look = async () => hasProc ? argumentsOf(person.pid) : ['neither', 'there'];
	let found = await look();
	// The shell comes before what it starts.
	while (found.length < 2) {
		found = await look();
	}

	t.is(found.some(line => formsIn(line, canary).length > 0), hasProc);
	sayWithoutProc(t);

	const server = createServer((_request, response) => {
		response.end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	await (await fetch(`${url}/?X-Plex-Token=${encodeURIComponent(canary)}`, {headers: {'X-Other': canary}})).text();
	const [seen] = requests.to(url);
	t.deepEqual(formsIn(seen!.url, canary), ['plain', 'percent']);
	t.true(seen!.headers.some(([name, value]) => name === 'x-other' && value === canary));
});

test('a token that is typed into the form is sent in a header, kept in one private file, and is nowhere else', withHousehold, async (t, household) => {
	const {home, sit} = household;
	const {server, canary, env, run} = await prepare(t, household);
	const person = sit({columns: 80, rows: 24, env});
	const argumentLists: string[] = [];
	const look = async () => {
		argumentLists.push(...hasProc ? await argumentsOf(person.pid) : []);
	};

	await person.sees('Plex server address');
	person.type('j\r');
	person.type(`${server.url}\t${canary}`);
	await person.sees(new RegExp(`Token +•{${canary.length}}`, 'v'));
	await look();
	person.type('\r');
	await person.sees(/\[x\] Films/v);
	person.type('\r');
	await person.sees('Imported without errors');
	await look();
	person.type('Q');
	await person.exit;
	t.deepEqual(formsIn(person.written(), canary), []);
	await isOnlyInCredentials(t, home, canary);

	const id = '1000020';
	const outputs = await Promise.all([
		['libraries'], ['libraries', '--json'], ['ls'], ['ls', '--json'], ['show', id], ['show', id, '--json'], ['export'],
	].map(async args => ({args, finished: await run(args)})));
	const imports = [{args: ['import'], finished: await run(['import'])}, {args: ['import', '--json'], finished: await run(['import', '--json'])}];
	for (const {args, finished} of [...outputs, ...imports]) {
		t.is(finished.exitCode, 0, `${args.join(' ')}: ${finished.stderr}`);
		t.not(finished.stdout, '');
		keepsSecret(t, canary, finished, args.join(' '));
	}

	await isOnlyInCredentials(t, home, canary);
	travelsWell(t, server.url, canary);
	t.is(argumentLists.length >= 2, hasProc);
	t.deepEqual(argumentLists.filter(line => formsIn(line, canary).length > 0), []);
	sayWithoutProc(t);
});

test('an address with a token in it shows neither on the screen nor in a file', withHousehold, async (t, household) => {
	const {home, sit} = household;
	const {server, canary, env} = await prepare(t, household);
	const person = sit({columns: 120, rows: 24, env: {...env, PLEX_URL: `${server.url}/?X-Plex-Token=${encodeURIComponent(canary)}`, PLEX_TOKEN: canary}});
	await person.sees(/\[x\] Films/v);
	person.type('c');
	await person.sees('Plex server address');
	person.type('\r');
	await person.sees(/Address +http/v);
	person.type('\u{3}');
	await person.exit;
	t.deepEqual(formsIn(person.written(), canary), []);
	t.deepEqual(await filesWith(home, canary), []);
});

test('a stored token goes to no stranger, to no other server of Plex and along no redirect', withHousehold, async (t, household) => {
	const {home} = household;
	const {server, canary, tokenFile, run, connect} = await prepare(t, household);
	const connected = await connect();
	t.is(connected.exitCode, 0, connected.stderr);
	const other = await startDemoServer({movies: 0, shows: 0, seed: 2});
	t.teardown(other.close);
	const stranger = await startDemoServer({movies: 0, shows: 0, faults: [{kind: 'html200'}]});
	t.teardown(stranger.close);
	const elsewhere = await startDemoServer({movies: 0, shows: 0});
	t.teardown(elsewhere.close);

	// Also a token that was given for it is not sent before it is known who is there.
	const given = await run(['connect', stranger.url, '--token-file', tokenFile]);
	t.is(given.exitCode, 5, given.stderr);
	keepsSecret(t, canary, given, 'what is not Plex');
	const asked = await Promise.all([
		run(['import'], {PLEX_URL: other.url}),
		run(['libraries', '--json'], {PLEX_URL: stranger.url}),
	]);
	for (const finished of asked) {
		t.not(finished.exitCode, 0);
		t.not(finished.stderr, '');
		keepsSecret(t, canary, finished, 'another server');
	}

	for (const pattern of [/^\/identity$/v, /^\/$/v, /^\/library\/sections$/v]) {
		server.setFaults([{kind: 'redirect', location: `${elsewhere.url}/owned`, path: pattern}]);
		const redirected = await run(['libraries', '--json']);
		t.is(redirected.exitCode, 5, redirected.stderr);
		keepsSecret(t, canary, redirected, 'a redirect');
	}

	for (const {url} of [other, stranger, elsewhere]) {
		t.deepEqual(requests.to(url).filter(({url: target, headers}) => formsIn(target + JSON.stringify(headers), canary).length > 0), []);
	}

	t.true(requests.to(other.url).length > 1 && requests.to(stranger.url).length > 0);
	t.deepEqual(requests.to(elsewhere.url), []);
	travelsWell(t, server.url, canary);
	await isOnlyInCredentials(t, home, canary);
});

test('a token that is withdrawn in mid-import is in no message about it', withHousehold, async (t, household) => {
	const {home} = household;
	const {server, canary, run, connect} = await prepare(t, household);
	await connect();
	for (const args of [['import'], ['import', '--json']]) {
		server.setFaults([{
			kind: 'status', status: 401, body: {text: `<p>${canary} is no good: ${encodeURIComponent(canary)}</p>`}, path: /^\/library\/metadata/v,
		}]);
		const ended = await run(args);
		t.not(ended.exitCode, 0);
		t.regex(ended.stderr + ended.stdout, /does not accept the token/v);
		keepsSecret(t, canary, ended, args.join(' '));
	}

	await isOnlyInCredentials(t, home, canary);
	travelsWell(t, server.url, canary);
});

test('a crash tells what happened without the token, wherever that came from', withHousehold, async (t, household) => {
	const {home, sit} = household;
	const {server, canary, tokenFile, env, run, connect} = await prepare(t, household);
	const withBug = (way: string) => ({NODE_OPTIONS: `--import=${plantedBug} ${diagnostics(home)}`, REELCAT_TEST_BUG: way});
	const crashed = await Promise.all([
		...['uncaught', 'rejected', 'command'].map(async way => run(['libraries', '--token-file', tokenFile], {...withBug(way), PLEX_URL: server.url})),
		run(['libraries', '--json'], {...withBug('uncaught'), PLEX_URL: server.url, PLEX_TOKEN: canary}),
	]);
	await connect();
	crashed.push(await run(['import'], withBug('command')));
	for (const finished of crashed) {
		t.is(finished.exitCode, 1, finished.stderr);
		t.regex(finished.stderr, /planted: GET \/\?X-Plex-Token=\[token\]/v);
		keepsSecret(t, canary, finished, 'a crash');
	}

	const person = sit({columns: 100, rows: 30, env: {...env, ...withBug('uncaught')}});
	const {exitCode} = await person.exit;
	t.is(exitCode, 1);
	await person.sees(/reelcat has a bug: .*planted/v);
	t.false(person.isAlternateScreen());
	t.true(person.modes()[25]);
	t.deepEqual(formsIn(person.written(), canary), []);
	travelsWell(t, server.url, canary);
	await isOnlyInCredentials(t, home, canary);
});
