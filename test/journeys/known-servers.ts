import {readFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {
	credentialsFile,
	readCredentials,
	resourceOf,
	startAccount,
	startServer,
} from '../helpers/account-world.js';
import {recordRequests} from '../helpers/canary.js';
import {withHousehold} from '../helpers/household.js';
import type {Finished} from '../helpers/run-reelcat.js';

const requests = recordRequests();

const tokensAt = (url: string) => requests.to(url).flatMap(({headers}) => headers.filter(([name]) => name === 'x-plex-token').map(([, value]) => value));

type Imported = {
	libraries: Array<Record<'expected' | 'imported' | 'unchanged' | 'failed' | 'skipped', number> & {id: string; title: string; mode?: string; held?: number; changes?: Record<string, number>}>;
	errors: Array<{code: string; hint: string; library: string}>;
};

const imported = ({stdout}: Finished) => JSON.parse(stdout) as Imported;
const itemsOf = ({stdout}: Finished) => (JSON.parse(stdout) as {items: Array<{id: string; libraryId: string; title: string; ratingKey: string}>}).items;
const portOf = (url: string) => Number(new URL(url).port);

const succeeds = (t: ExecutionContext, {exitCode, stderr}: Finished) => {
	t.is(exitCode, 0, 'It says: ' + stderr);
};

test('a token that the server takes back in mid-import keeps what came; with the next one from plex.tv the rest is asked for, and only that', withHousehold, async (t, {home}) => {
	const server = await startServer(t, {token: 'first-token-of-server', movies: 600});
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	server.setFaults([{kind: 'tokenRevoked', after: 12}]);
	const cut = await run(['import', 'Films', '--json']);
	const [films] = imported(cut).libraries;
	t.true(films!.imported > 0 && films!.failed + films!.skipped > 0);
	t.true(imported(cut).errors.some(({code, hint}) => code === 'unauthorized' && hint.includes('Sign in again with "reelcat login"')));
	t.is(cut.exitCode, 4, 'a refused token decides, although a part was kept');

	// Neither has plex.tv another one, so a person must act.
	const stuck = await run(['import', 'Films']);
	t.is(stuck.exitCode, 4, stuck.stderr);
	t.regex(stuck.stderr, /Sign in again with "reelcat login"; what is in the catalogue stays/v);
	t.is(itemsOf(await run(['ls', '--json'])).length, films!.imported);

	await server.close();
	const renewed = await startServer(t, {token: 'second-token-of-server', movies: 600, port: portOf(server.url)});
	plexTv.setServers([resourceOf(renewed)]);
	const rest = await run(['import', 'Films', '--json']);
	succeeds(t, rest);
	const [whole] = imported(rest).libraries;
	t.is(whole!.unchanged, films!.imported);
	t.is(whole!.imported, films!.failed + films!.skipped);
	const detailed = renewed.requests.latest().flatMap(path => /^\/library\/metadata\/(?<keys>[\d,]+)/v.exec(path)?.groups?.['keys']?.split(',') ?? []);
	t.is(detailed.length, whole!.imported);
});

test('a server that moved is found again through plex.tv, then at addresses that worked before, and a stranger in its place gets no token', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	const moved = await startServer(t, {token: server.token});
	await server.close();
	const stranger = await startServer(t, {seed: 2, port: portOf(server.url)});
	const before = tokensAt(stranger.url).length;
	plexTv.setServers([resourceOf(moved)]);
	succeeds(t, await run(['libraries']));
	t.deepEqual((await readCredentials(home)).servers.map(({url}) => url), [moved.url]);
	t.deepEqual(stranger.requests.counts(), {'/identity': stranger.requests.total()});
	t.true(stranger.requests.total() > 0, 'the old address was tried at all');
	t.is(tokensAt(stranger.url).length, before);

	const asked = plexTv.requests().length;
	succeeds(t, await run(['libraries']));
	t.is(plexTv.requests().length, asked, 'from now on it is known where it is');

	await plexTv.close();
	await moved.close();
	await stranger.close();
	const next = await startServer(t, {seed: 3, port: portOf(moved.url)});
	const back = await startServer(t, {token: server.token, port: portOf(server.url)});
	const beforeNext = tokensAt(next.url).length;
	succeeds(t, await run(['libraries']));
	t.deepEqual((await readCredentials(home)).servers.map(({url}) => url), [back.url]);

	await back.close();
	const gone = await run(['libraries']);
	t.is(gone.exitCode, 5, gone.stderr);
	t.true(gone.stderr.includes(new URL(back.url).host), gone.stderr);
	t.regex(gone.stderr, /is the address of another Plex server/v);
	t.deepEqual(next.requests.counts(), {'/identity': next.requests.total()});
	t.is(tokensAt(next.url).length, beforeNext);
});

test('two servers of one name share a catalogue: the id tells them apart, and neither touches what is of the other', withHousehold, async (t, {home}) => {
	const [one, two] = await Promise.all([startServer(t), startServer(t, {seed: 2})]);
	const {run, login} = await startAccount(t, home, {servers: [resourceOf(one), resourceOf(two)]});
	const {stderr} = await login();
	t.regex(stderr, /servers use NAME/v);
	const [idOne, idTwo] = [one.machineIdentifier, two.machineIdentifier];
	for (const args of [['libraries'], ['libraries', '--server', 'demo theatre'], ['servers', 'use', 'Demo Theatre']]) {
		const unclear = await run(args);
		t.is(unclear.exitCode, 2, args.join(' '));
		t.true(unclear.stderr.includes(idOne.slice(0, 8)) && unclear.stderr.includes(idTwo.slice(0, 8)), unclear.stderr);
	}

	const missing = await run(['libraries', '--server', 'nobody']);
	t.is(missing.exitCode, 2);
	t.regex(missing.stderr, /no server "nobody"/v);

	succeeds(t, await run(['servers', 'use', idOne.slice(0, 8)]));
	const ofOne = imported(await run(['import', 'Classics', '--json'])).libraries;
	const ofTwo = imported(await run(['import', 'Classics', '--json', '--server', idTwo])).libraries;
	t.not(ofOne[0]!.id, ofTwo[0]!.id);
	const items = itemsOf(await run(['ls', '--json']));
	t.is(items.length, ofOne[0]!.imported + ofTwo[0]!.imported);
	t.is(new Set(items.map(({id}) => id)).size, items.length);
	succeeds(t, await run(['verify']));

	const [gone] = one.library.page('3', 1, {start: 0, size: 1}) as [{ratingKey: string}];
	one.library.removeItem(gone.ratingKey);
	const synced = await run(['sync', '--full', '--json']);
	succeeds(t, synced);
	t.deepEqual(imported(synced).libraries.map(({id, changes}) => [id, changes!['removed']]), [[ofOne[0]!.id, 1]]);
	const syncedTwo = await run(['sync', '--full', '--json', '--server', idTwo]);
	succeeds(t, syncedTwo);
	t.deepEqual(imported(syncedTwo).libraries.map(({id, held, changes}) => [id, held, changes]), [[ofTwo[0]!.id, 0, {}]]);
	t.deepEqual(itemsOf(await run(['lost', '--held', '--json'])), []);
	t.deepEqual(itemsOf(await run(['lost', '--json'])).map(({libraryId}) => libraryId), [ofOne[0]!.id]);
	t.is(itemsOf(await run(['ls', '--json'])).length, items.length - 1);
	for (const args of [['--server'], ['--server', idTwo]]) {
		const proved = await run(['verify', '--json', ...args]);
		succeeds(t, proved);
		t.like(JSON.parse(proved.stdout), {ok: true, server: {id: args[1] ?? idOne, compared: args[1] === undefined ? ofOne[0]!.imported - 1 : ofTwo[0]!.imported, differences: []}});
	}

	// What lies about in the environment belongs to the address beside it.
	succeeds(t, await run(['libraries', '--server', idTwo], {PLEX_URL: one.url, PLEX_TOKEN: one.token}));
	succeeds(t, await run(['servers', 'remove', idOne.slice(0, 8)]));
	succeeds(t, await run(['libraries']));
	t.false((await readFile(credentialsFile(home), 'utf8')).includes(one.token));
	t.is(itemsOf(await run(['ls', '--json'])).length, items.length - 1);
	t.deepEqual([...new Set(tokensAt(one.url))], [one.token]);
	t.deepEqual([...new Set(tokensAt(two.url))], [two.token]);
});

test('when plex.tv is away, a server that takes its token no more says so itself, and nothing is forgotten', withHousehold, async (t, {home}) => {
	const server = await startServer(t, {token: 'first-token-of-server'});
	const {plexTv, run, login} = await startAccount(t, home, {servers: [resourceOf(server)]});
	await login();
	await Promise.all([plexTv.close(), server.close()]);
	await startServer(t, {token: 'second-token-of-server', port: portOf(server.url)});
	const before = await readFile(credentialsFile(home), 'utf8');
	const {exitCode, stderr} = await run(['libraries']);
	t.is(exitCode, 4, 'It says: ' + stderr);
	t.regex(stderr, /does not accept the token[\s\S]*plex\.tv .*cannot be reached/v);
	t.is(await readFile(credentialsFile(home), 'utf8'), before);
});

test('a shared server that refuses one library gives the others, and import and doctor say which it was', withHousehold, async (t, {home}) => {
	const server = await startServer(t, {faults: [{kind: 'status', status: 403, path: '/library/sections/3/all'}]});
	const {run, login} = await startAccount(t, home, {servers: [resourceOf(server, {isOwned: false, ownerName: 'Ann'})]});
	t.regex((await login()).stdout, /Demo Theatre +Ann/v);
	const partly = await run(['import', 'Films', 'Classics', '--json']);
	t.is(partly.exitCode, 3, partly.stderr);
	const {libraries, errors} = imported(partly);
	t.true(libraries.find(({title}) => title === 'Films')!.imported > 0);
	t.deepEqual(errors.map(({code, library}) => [code, library]), [['forbidden', libraries.find(({title}) => title.startsWith('Classics'))!.id]]);
	t.regex(errors[0]!.hint, /Ask the owner/v);
	const table = await run(['libraries']);
	succeeds(t, table);
	t.regex(table.stdout, /Classics +movie +–/v);
	const doctor = await run(['doctor']);
	t.is(doctor.exitCode, 1);
	t.regex(doctor.stdout, /FAIL +libraries +1 of \d+ libraries cannot be read\. Classics: The token may not read/v);
});

test('an address that was copied from a browser leads to its server, and the token in it is neither used, kept nor shown', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const {run} = await startAccount(t, home, {servers: []});
	const env = {PLEX_TOKEN: server.token};
	for (const tail of ['/library/sections/1/all?X-Plex-Token=copied-s3cr3t', '/web/index.html#!/server/abc?X-Plex-Token=copied-s3cr3t', '/desktop']) {
		const listed = await run(['libraries'], {...env, PLEX_URL: `${server.url}${tail}`});
		succeeds(t, listed);
		t.true(listed.stderr.includes(`Only ${server.url} is used as the address of the server; what followed it was left out.`), listed.stderr);
		t.notRegex(listed.stdout + listed.stderr, /s3cr3t/v);
	}

	const pasted = `${server.url}/library/sections?X-Plex-Token=copied-s3cr3t`;
	const added = await run(['servers', 'add', pasted], env);
	succeeds(t, added);
	t.regex(added.stderr, /So was the token in it/v);
	succeeds(t, await run(['libraries', '--server', pasted], env));
	const refused = await run(['login', pasted], env);
	t.is(refused.exitCode, 2);
	const answers = [added, refused, await run(['servers', 'use', `${pasted}&other`], {})];
	t.notRegex(answers.map(({stdout, stderr}) => stdout + stderr).join(''), /s3cr3t/v);
	t.notRegex(JSON.stringify(await readCredentials(home).catch(() => '')), /s3cr3t/v);
	t.true(tokensAt(server.url).every(token => token === server.token));
});
