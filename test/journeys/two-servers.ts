import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {DemoServer} from '../../source/demo/server.js';
import {startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {startReelcat, type Finished} from '../helpers/run-reelcat.js';

// Both servers of a person have a library "Films"; "Series" of Attic and "Classics" of Barn are theirs alone.
const ownLibraries = {Attic: 'Series', Barn: 'Classics'} as const;
type Name = keyof typeof ownLibraries;

type World = {
	servers: Readonly<Record<Name, DemoServer>>;
	run: (args: readonly string[], env?: Record<string, string>) => Promise<Finished>;
	/**
	The environment that makes one server the given one.
	*/
	at: (name: Name) => Record<string, string>;
	ok: (args: readonly string[], env?: Record<string, string>) => Promise<string>;
	json: <Value>(args: readonly string[], env?: Record<string, string>) => Promise<Value>;
};

const withTwoServers = async (t: ExecutionContext, home: string): Promise<World> => {
	const servers = {
		Attic: await startServer(t, {name: 'Attic', seed: 1, token: 'token-of-attic'}),
		Barn: await startServer(t, {name: 'Barn', seed: 2, token: 'token-of-barn'}),
	};
	const run: World['run'] = async (args, env = {}) => runHere(home, args, {env: {REELCAT_NO_DISCOVERY: '1', ...env}});
	const ok: World['ok'] = async (args, env) => {
		const {exitCode, stdout, stderr} = await run(args, env);
		t.is(exitCode, 0, `${args.join(' ')}: ${stderr}${stdout}`);
		return stdout;
	};

	const at: World['at'] = name => ({PLEX_URL: servers[name].url, PLEX_TOKEN: servers[name].token});
	await ok(['import', 'Films', 'Series'], at('Attic'));
	await ok(['import', 'Films', 'Classics'], at('Barn'));
	return {
		servers, run, at, ok, json: async <Value>(args: readonly string[], env?: Record<string, string>) => JSON.parse(await ok([...args, '--json'], env)) as Value,
	};
};

/**
Lets both servers know of their two libraries by name and token, as `reelcat servers` keeps them; Barn is added last and so is the current one.
*/
const addServers = async ({servers, ok}: World, home: string) => {
	for (const name of ['Attic', 'Barn'] as const) {
		const file = path.join(home, name);
		await writeFile(file, servers[name].token);
		await ok(['servers', 'add', servers[name].url, '--token-file', file]);
	}
};

// Most films of each server vanish, which is held.
const loseFilms = async ({servers, ok, at}: World) => {
	for (const name of ['Attic', 'Barn'] as const) {
		const {library} = servers[name];
		const rows = library.page('1', 1, {start: 0, size: 10_000}) as Array<{ratingKey: string}>;
		for (const {ratingKey} of rows.slice(2)) {
			library.removeItem(ratingKey);
		}

		await ok(['sync', 'Films'], at(name));
	}
};

type Lost = {items: Array<{library: string; server: string; serverId: string}>};
const heldServers = async ({json}: World) => {
	const {items} = await json<Lost>(['lost', '--held']);
	return [...new Set(items.map(({server}) => server))].toSorted();
};

test('accept means the current server, and another one only if it is named', withHousehold, async (t, {home}) => {
	const world = await withTwoServers(t, home);
	await loseFilms(world);
	const {run, ok, at} = world;
	t.deepEqual(await heldServers(world), ['Attic', 'Barn']);

	// Nobody has chosen a server, so it cannot be told which one is meant.
	for (const args of [['accept'], ['accept', 'Films'], ['accept', '--json']]) {
		const {exitCode, stdout, stderr} = await run(args);
		t.is(exitCode, 2, 'It says: ' + stdout + stderr);
		t.regex(stderr, /Films@Attic/v);
	}

	t.deepEqual(await heldServers(world), ['Attic', 'Barn']);
	const elsewhere = await run(['accept', 'Series'], at('Barn'));
	t.is(elsewhere.exitCode, 2);
	t.regex(elsewhere.stderr, /There is no library "Series" of Barn in the catalogue\.\n +Another server has it: "Series@Attic"/v);

	t.regex(await ok(['accept', 'Films'], at('Barn')), /^films@barn: \d+ items removed/iv);
	t.deepEqual(await heldServers(world), ['Attic']);
	t.is(await ok(['accept'], at('Barn')), 'Nothing is held.\n');
	t.is(await ok(['accept', 'Films'], at('Barn')), 'Nothing is held.\n');
	t.deepEqual(await heldServers(world), ['Attic']);

	t.regex(await ok(['accept', 'films@attic'], at('Barn')), /^Films@Attic: \d+ items removed/v);
	t.deepEqual(await heldServers(world), []);
});

test('the chosen server is the current one, and --server names another one', withHousehold, async (t, {home}) => {
	const world = await withTwoServers(t, home);
	await loseFilms(world);
	await addServers(world, home);
	const {json, ok, run} = world;
	const both = await run(['accept', 'Films@Barn', '--server', 'Attic']);
	t.is(both.exitCode, 2, both.stdout);
	const {libraries} = await json<{libraries: Array<{title: string; server: string; removed: number}>}>(['accept']);
	t.deepEqual(libraries.map(({title, server}) => [title, server]), [['Films', 'Barn']]);
	t.deepEqual(await heldServers(world), ['Attic']);
	t.regex(await ok(['accept', '--server', 'attic']), /^Films@Attic: /v);
	t.deepEqual(await heldServers(world), []);
});

test('lists tell the server as soon as there are two, and a shared title must be completed', withHousehold, async (t, {home}) => {
	const world = await withTwoServers(t, home);
	const {run, ok, json, servers} = world;
	t.regex(await ok(['ls']), /^ *Key +Type.* Server +Id\n/v);
	const {items} = await json<{items: Array<{serverId: string; server: string; libraryId: string}>}>(['ls']);
	t.deepEqual([...new Set(items.map(({server}) => server))].toSorted(), ['Attic', 'Barn']);
	t.is(new Set(items.map(({serverId}) => serverId)).size, 2);

	for (const args of [['ls', '--library', 'Films'], ['diff', '--library', 'Films'], ['lost', '--library', 'Films'], ['export', '--library', 'Films']]) {
		const {exitCode, stderr} = await run(args);
		t.is(exitCode, 2, args.join(' '));
		t.regex(stderr, /"Films" may mean 2 libraries\.\n +Name one of them: "Films@Attic", "Films@Barn"\./v);
	}

	const ofBarn = await json<{items: Array<{server: string}>}>(['ls', '--library', 'Films@Barn']);
	t.deepEqual(new Set(ofBarn.items.map(({server}) => server)), new Set(['Barn']));
	t.is(ofBarn.items.length, items.filter(({server, libraryId}) => server === 'Barn' && libraryId === (ofBarn.items[0] as unknown as {libraryId: string}).libraryId).length);
	t.deepEqual(await json(['ls', '--library', 'Films', '--server', 'Barn']), ofBarn);
	t.deepEqual(await json(['ls', '--library', `1@${servers.Barn.machineIdentifier.slice(0, 8)}`]), ofBarn);

	await loseFilms(world);
	t.regex(await ok(['lost', '--held']), /^When .* Server +Id\n/v);
	t.regex(await ok(['accept', 'Films@Barn']), /^Films@Barn: /v);
	const told = await ok(['diff']);
	t.regex(told, /^Films@Barn: \d+ removed, \d+ collections changed$/mv);
	t.regex(told, /^What .* Server +Id$/mv);
	const {libraries} = await json<{libraries: Array<{title: string; server: string; changes: unknown[]}>}>(['diff', '--kind', 'removed']);
	t.deepEqual(libraries.filter(({changes}) => changes.length > 0).map(({title, server}) => [title, server]), [['Films', 'Barn']]);
	t.regex(await ok(['status']), /^Library +Server /mv);
});

test('sync, import and libraries go to the server that is named behind the title', withHousehold, async (t, {home}) => {
	const world = await withTwoServers(t, home);
	const {run, ok, json, servers, at} = world;
	const unknown = await run(['sync', 'Films@Attic']);
	t.is(unknown.exitCode, 2);
	t.regex(unknown.stderr, /No way to Attic is known/v);
	const other = await run(['sync', 'Films@Attic'], at('Barn'));
	t.is(other.exitCode, 2);
	t.regex(other.stderr, /There is no library "Films@Attic" on Barn/v);

	await addServers(world, home);
	const asked = {Attic: servers.Attic.requests.total(), Barn: servers.Barn.requests.total()};
	await ok(['sync', 'Films@Attic', '--full']);
	t.true(servers.Attic.requests.total() > asked.Attic);
	t.is(servers.Barn.requests.total(), asked.Barn, 'the current server is not asked');
	const several = await run(['import', 'Films@Attic', 'Films@Barn']);
	t.is(several.exitCode, 2);
	t.regex(several.stderr, /several servers/v);

	type Listed = {server: {name: string}; libraries: Array<{title: string; isChosen: boolean}>};
	const chosen = await json<Listed>(['libraries', '--choose', 'Series@Attic']);
	t.is(chosen.server.name, 'Attic');
	t.deepEqual(chosen.libraries.filter(({isChosen}) => isChosen).map(({title}) => title), ['Series']);
	const current = await json<Listed>(['libraries']);
	t.is(current.server.name, 'Barn');
	t.deepEqual(current.libraries.filter(({isChosen}) => isChosen), []);
	t.regex(await ok(['libraries']), / Server\n(?:.* Barn\n)+$/v);
});

test('a daemon accepts for its own server unless another one is told, and its API tells the server', withHousehold, async (t, {home}) => {
	const world = await withTwoServers(t, home);
	await loseFilms(world);
	await addServers(world, home);
	const {run, ok, json} = world;
	const api = {REELCAT_API_TOKEN: 'token-of-the-api-for-tests'};
	const {child, finished} = startReelcat(home, ['--watch', '--server', 'Attic', '--api', '127.0.0.1:0'], {env: {REELCAT_NO_DISCOVERY: '1', ...api}});
	t.teardown(() => {
		child.kill('SIGKILL');
	});
	const url = await new Promise<string>((resolve, reject) => {
		let said = '';
		child.stdout!.on('data', (data: Uint8Array) => {
			said += new TextDecoder().decode(data);
			const port = /port (?<port>\d+)/v.exec(said)?.groups?.['port'];
			if (port !== undefined && said.includes('Connected to Attic')) {
				resolve(`http://127.0.0.1:${port}`);
			}
		});
		child.once('exit', () => {
			reject(new Error(`The daemon ended: ${said}`));
		});
	});
	const ask = async (route: string, body?: unknown) => {
		const response = await fetch(`${url}/api/v1/${route}`, {
			headers: {authorization: `Bearer ${api.REELCAT_API_TOKEN}`, ...body !== undefined && {'content-type': 'application/json'}},
			...body !== undefined && {method: 'POST', body: JSON.stringify(body)},
		});
		return {status: response.status, body: await response.json() as Record<string, never>};
	};

	const entries = await ask('items?limit=500');
	const {items} = entries.body as unknown as {items: Array<{server: string; serverId: string}>};
	t.deepEqual([...new Set(items.map(({server}) => server))].toSorted(), ['Attic', 'Barn']);
	const {changes} = (await ask('changes?since=2020-01-01T00:00:00Z')).body as unknown as {changes: Array<{server: string}>};
	t.deepEqual([...new Set(changes.map(({server}) => server))].toSorted(), ['Attic', 'Barn']);
	const {libraries} = (await ask('status')).body as unknown as {libraries: Array<{title: string; server: string}>};
	t.deepEqual(libraries.map(({title, server}) => `${title} ${server}`).toSorted(), ['Films Attic', 'Series Attic']);

	t.is((await ask('refresh', {library: 'Films@Barn'})).status, 400);
	t.is((await ask('refresh', {server: 'Barn'})).status, 400);
	const refused = await run(['refresh', '--server', 'Barn'], api);
	t.is(refused.exitCode, 2, refused.stderr);
	t.regex(refused.stderr, /This daemon watches Attic/v);

	t.regex(await ok(['status', '--server', 'Attic'], api), /^reelcat .* has watched since/v);
	t.regex(await ok(['status', '--server', 'Barn'], api), /^The daemon \(process \d+\) watches Attic, not "Barn"\.\n\nLibrary +Server .*\n(?:.* Barn .*\n)+$/v);
	const {isWatched} = await json<{isWatched: boolean}>(['status', '--server', 'Barn'], api);
	t.false(isWatched);
	type Jobs = {jobs: Array<{id: string; library: {server: string}}>};
	await ok(['refresh', 'Films', '--wait'], api);
	const {jobs} = await json<Jobs>(['jobs'], api);
	t.deepEqual(await json<Jobs>(['jobs', '--server', 'Attic'], api), {schema: 1, jobs} as unknown as Jobs);
	t.deepEqual(new Set(jobs.map(({library}) => library.server)), new Set(['Attic']));
	t.deepEqual(await json(['jobs', '--server', 'Barn'], api), {schema: 1, jobs: []});
	for (const args of [['jobs', 'retry', jobs[0]!.id, '--server', 'Barn'], ['healthcheck', '--server', 'Barn'], ['status', '--server', 'Nowhere'], ['jobs', '--server', 'Nowhere']]) {
		const {exitCode, stdout, stderr} = await run(args, api);
		t.is(exitCode, args[0] === 'healthcheck' ? 1 : 2, args.join(' '));
		t.regex(stderr + stdout, args.includes('Barn') ? /watches Attic, not "Barn"/v : /There is no server "Nowhere"/v);
	}

	t.is((await run(['healthcheck', '--server', 'Attic'], api)).exitCode, 0);

	// Barn is the current server of the command line.
	t.regex(await ok(['accept', 'Films'], api), /^Films@Barn: /v);
	t.deepEqual(await heldServers(world), ['Attic']);
	t.is((await ask('accept', {server: 'Nowhere'})).status, 400);
	const accepted = await ask('accept', {library: 'Films'});
	t.is(accepted.status, 200);
	t.deepEqual((accepted.body as unknown as {libraries: Array<{server: string}>}).libraries.map(({server}) => server), ['Attic']);
	t.deepEqual(await heldServers(world), []);
	t.deepEqual(await json<{libraries: unknown[]}>(['accept'], api), {schema: 1, libraries: []});
	child.kill('SIGTERM');
	await finished;

	// The queue that it has left.
	const left = await json<Jobs>(['jobs', '--server', 'Attic']);
	t.deepEqual(await json(['jobs', '--server', 'Barn']), {schema: 1, jobs: []});
	const {stderr} = await run(['jobs', 'retry', left.jobs[0]!.id, '--server', 'Barn']);
	t.regex(stderr, /There is no job whose id begins/v);
});
