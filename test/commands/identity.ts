import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {runHere} from '../helpers/run-here.js';
import {createHome} from '../helpers/terminal.js';

const small: DemoServerOptions = {
	movies: 0, shows: 0, push: 'none', token: 'token-of-the-test',
};

/**
An empty home, and servers that listen until the test ends. `run` asks the given server.
*/
const setUp = async (t: ExecutionContext) => {
	const {home, remove} = await createHome();
	const servers: DemoServer[] = [];
	t.teardown(async () => {
		await Promise.all(servers.map(async server => server.close()));
		await remove();
	});
	return {
		home,
		async serve(options: DemoServerOptions) {
			const server = await startDemoServer({...small, ...options});
			servers.push(server);
			return server;
		},
		async run(server: DemoServer, ...args: string[]) {
			return runHere(home, args, {env: {PLEX_URL: server.url, PLEX_TOKEN: server.token, REELCAT_NO_DISCOVERY: '1'}});
		},
		async idsByTitle(server: DemoServer) {
			const {stdout} = await runHere(home, ['export'], {env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}});
			return stdout.split('\n').filter(line => line !== '').map(line => {
				const {id, title} = JSON.parse(line) as {id: string; title: string};
				return `${title} ${id}`;
			}).toSorted();
		},
	};
};

test('a server that comes back with another machineIdentifier is the same server: nothing is doubled, and ids are kept', async t => {
	const {home, serve, run, idsByTitle} = await setUp(t);
	const server = await serve({name: 'Attic'});
	t.is((await run(server, 'import', 'Classics')).exitCode, 0);
	const before = await idsByTitle(server);
	server.setMachineIdentifier('b'.repeat(40));
	t.regex((await run(server, 'libraries')).stdout, /Classics .*\b(?<count>\d+) +\k<count>\b/v);
	const revision = async () => (await run(server, 'status', '--json')).stdout;
	const untouched = await revision();
	t.regex((await run(server, 'sync', '--dry-run', '--full-every', '3')).stderr, /"Attic" has another machineIdentifier than before/v);
	t.is(await revision(), untouched);
	t.notRegex(await readFile(path.join(home, '.config', 'reelcat', 'settings.json'), 'utf8'), /fullSyncDays/v);
	const again = await run(server, 'import', 'Classics');
	t.is(again.exitCode, 0);
	t.regex(again.stderr, /"Attic" has another machineIdentifier than before/v);
	t.regex(again.stdout, / 0 imported \+ /v);
	t.deepEqual(await idsByTitle(server), before);
	t.is((await run(server, 'verify', '--server')).exitCode, 0);
	// It is told once.
	t.notRegex((await run(server, 'sync')).stderr, /machineIdentifier/v);
	const separated = await run(server, 'servers', 'separate', 'Attic');
	t.is(separated.exitCode, 2, 'It says: ' + separated.stdout);
});

test('a server that was set up from a copy of another one has libraries of its own, and neither touches the other', async t => {
	const {serve, run, idsByTitle} = await setUp(t);
	const attic = await serve({name: 'Attic'});
	const barn = await serve({name: 'Barn', machineIdentifier: 'b'.repeat(40)});
	t.is((await run(attic, 'import', 'Classics')).exitCode, 0);
	const films = (await idsByTitle(attic)).length;
	const [gone] = barn.library.page('3', 1, {start: 0, size: 1}) as Array<{ratingKey: string}>;
	barn.library.removeItem(gone!.ratingKey);
	t.is((await run(barn, 'import', 'Classics')).exitCode, 0);
	t.is((await idsByTitle(attic)).length, films + films - 1);
	t.regex((await run(attic, 'sync', '--full')).stdout, /nothing has changed|no changes/v);
	t.regex((await run(barn, 'sync', '--full')).stdout, /nothing has changed|no changes/v);
	t.is((await run(attic, 'verify', '--server')).exitCode, 0);
	t.is((await run(barn, 'verify', '--server')).exitCode, 0);
});

test('where only a person can tell, nothing is imported before "servers merge" or "servers separate"', async t => {
	const {serve, run, idsByTitle} = await setUp(t);
	const server = await serve({name: 'Attic'});
	t.is((await run(server, 'import', 'Classics', 'Home Clips')).exitCode, 0);
	const before = await idsByTitle(server);
	server.setMachineIdentifier('b'.repeat(40));
	server.library.removeSection('5');
	const asked = await run(server, 'sync');
	t.is(asked.exitCode, 2);
	t.regex(asked.stderr, /has libraries of "Attic"\.[\s\S]*servers merge "Attic"/v);
	t.deepEqual(await idsByTitle(server), before);
	t.is((await run(server, 'servers', 'merge', 'Nobody')).exitCode, 2);
	t.is((await run(server, 'servers', 'merge', 'Attic')).exitCode, 0);
	t.is((await run(server, 'sync')).exitCode, 0);
	t.deepEqual(await idsByTitle(server), before);

	server.setMachineIdentifier('d'.repeat(40));
	t.is((await run(server, 'servers', 'separate', 'Attic')).exitCode, 0);
	t.is((await run(server, 'servers', 'merge', 'b'.repeat(40))).exitCode, 0);
	t.is((await run(server, 'ls', '--server', 'Attic')).exitCode, 0, 'The one that was separated has no libraries and keeps no name.');

	server.setMachineIdentifier('c'.repeat(40));
	t.is((await run(server, 'sync')).exitCode, 2);
	const separated = await run(server, 'servers', 'separate', 'Attic', '--json');
	t.like(JSON.parse(separated.stdout), {ok: true, server: {id: 'c'.repeat(40), name: 'Attic'}});
	t.is((await run(server, 'import', 'Classics')).exitCode, 0);
	t.true((await idsByTitle(server)).length > before.length);
});

test('a library that was made anew over the same folder keeps ids, history and first-seen dates, and nothing is lost', async t => {
	for (const command of ['sync', 'import']) {
		const {serve, run, idsByTitle} = await setUp(t);
		const server = await serve({name: 'Attic'});
		t.is((await run(server, 'import', 'Classics')).exitCode, 0);
		const before = await idsByTitle(server);
		server.library.remakeSection('3', {key: '33', uuid: 'made-anew', firstKey: 800_000});
		const anew = await run(server, command, 'Classics');
		t.is(anew.exitCode, 0);
		t.regex(anew.stdout, /made anew/v);
		t.deepEqual(await idsByTitle(server), before);
		t.regex((await run(server, 'lost')).stdout, /Nothing was lost/v);
		t.regex((await run(server, 'lost', '--held')).stdout, /Nothing is missing/v);
		t.regex((await run(server, 'diff')).stdout, /made anew/v);
		t.is((await run(server, 'verify', '--server')).exitCode, 0);
		t.regex((await run(server, 'sync')).stdout, /nothing has changed/v);
	}
});

test('when the only chosen library is gone, no other one is imported in its place', async t => {
	const {serve, run} = await setUp(t);
	const server = await serve({name: 'Attic'});
	t.is((await run(server, 'libraries', '--choose', 'Classics')).exitCode, 0);
	t.is((await run(server, 'import')).exitCode, 0);
	server.library.removeSection('3');
	t.regex((await run(server, 'sync')).stdout, /^Classics: nothing has changed\.[^:]*no longer lists/v);
	const again = await run(server, 'import');
	t.is(again.exitCode, 1);
	t.regex(again.stderr, /no longer has the chosen libraries/v);
});

test('a catalogue cannot be compared with a server that it does not know', async t => {
	const {serve, run} = await setUp(t);
	t.is((await run(await serve({}), 'import', 'Classics')).exitCode, 0);
	const stranger = await serve({seed: 2});
	const {exitCode, stderr} = await run(stranger, 'verify', '--server');
	t.is(exitCode, 1);
	t.regex(stderr, /nothing of the server/v);
});
