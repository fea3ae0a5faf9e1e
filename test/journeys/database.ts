import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {readStoreAddress} from '../../source/store/postgres/address.js';
import {watchHere} from '../helpers/daemon-process.js';
import {startPostgres} from '../helpers/postgres-server.js';
import {runReelcat} from '../helpers/run-reelcat.js';
import {temporaryFolder} from '../helpers/store-records.js';

const database = await startPostgres();
test.after.always(async () => {
	await database.close();
});

// Each test starts many processes, which a busy machine is slow to start.
const patienceMs = 240_000;

const world = async (t: ExecutionContext) => {
	t.timeout(patienceMs);
	const plex = await startDemoServer({movies: 20, shows: 2});
	t.teardown(plex.close);
	const {schema, text} = database.address();
	const env = {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: text};
	const homes = [await temporaryFolder(t), await temporaryFolder(t)] as const;
	const run = async (args: string[], home: string = homes[0], others: Record<string, string> = {}) => runReelcat(home, args, {env: {...env, ...others}});
	return {
		plex, env, homes, run, schema,
	};
};

test('an import into a database is read from any machine as one from a document is', async t => {
	const {run, homes} = await world(t);
	const imported = await run(['import', '--all']);
	t.is(imported.exitCode, 0, imported.stderr);
	t.is((await run(['import', '--all'], homes[1], {REELCAT_STORE: ''})).exitCode, 0);
	const comparable = (text: string) => text.split('\n').filter(line => line !== '').map(line => {
		const {firstSeenAt: _, ...record} = JSON.parse(line) as Record<string, unknown>;
		return record;
	});
	const [fromDatabase, fromDocument] = [await run(['export'], homes[1]), await run(['export'], homes[1], {REELCAT_STORE: ''})];
	t.true(fromDatabase.stdout.length > 10_000);
	t.deepEqual(comparable(fromDatabase.stdout), comparable(fromDocument.stdout));
	for (const args of [['ls', 'type:movie', '--json'], ['libraries'], ['verify'], ['runs'], ['sync'], ['backup'], ['backup', '--check'], ['collections']]) {
		const {exitCode, stdout, stderr} = await run(args);
		t.is(exitCode, 0, `${args.join(' ')}: ${stderr}`);
		t.not(stdout, '', args.join(' '));
	}

	t.regex((await run(['doctor'])).stdout, /ok +catalogue +6 libraries in postgres:\/\/reelcat@127\.0\.0\.1/v);
	const {exitCode, stderr} = await run(['repair']);
	t.is(exitCode, 2);
	t.regex(stderr, /lies in the database postgres:/v);
});

test('the demo can be tried in a database that is named for it, and stays away from a real catalogue', async t => {
	const {run, homes} = await world(t);
	const attic = await startDemoServer({
		movies: 3, shows: 0, name: 'Attic', machineIdentifier: 'a77c'.repeat(10),
	});
	t.teardown(attic.close);
	const [own, real] = [database.address().text, database.address().text];
	const imported = await run(['import', '--demo', '--store', own]);
	t.is(imported.exitCode, 0, imported.stderr);
	t.regex((await run(['ls', '--demo', '--store', own, 'curator'], homes[1])).stdout, /The Curator's Choice/v);
	t.is((await run(['sync', '--demo', '--store', own], homes[1])).exitCode, 0);
	t.is((await run(['import', '--all'], homes[0], {REELCAT_STORE: real, PLEX_URL: attic.url, PLEX_TOKEN: attic.token})).exitCode, 0);
	// The tables of an older version stay as they are.
	const {schema} = readStoreAddress(real);
	await database.query(`DROP INDEX ${schema}.items_missing; DELETE FROM ${schema}.kysely_migration WHERE name >= '008'`);
	const tables = async () => database.query(`SELECT name FROM ${schema}.kysely_migration UNION SELECT indexname FROM pg_indexes WHERE schemaname = '${schema}' ORDER BY 1`);
	const before = await tables();
	const {exitCode, stderr} = await run(['import', '--demo', '--store', real]);
	t.deepEqual(await tables(), before);
	t.is(exitCode, 2);
	t.regex(stderr, /has the server "Attic", and the demo needs one of its own\.\n.*\?schema=demo/v);
	// What is set for the real catalogue does not count.
	t.regex((await run(['store', '--demo'], homes[0], {REELCAT_STORE: real})).stdout, /demo\n/v);
});

test('a second daemon stands by, and takes over from one that was killed; nothing of the changes is lost, and a database that is set back is told', async t => {
	const {plex, env, homes, run, schema} = await world(t);
	t.is((await run(['import', '--all'])).exitCode, 0);
	const startedMs = performance.now();
	const first = watchHere(homes[0], {env});
	t.teardown(() => first.child.kill('SIGKILL'));
	await first.says(/Watching/v);
	const startMs = performance.now() - startedMs;
	const second = watchHere(homes[1], {env});
	t.teardown(() => second.child.kill('SIGKILL'));
	await second.says(/Standing by: Another reelcat/v);
	const refused = await run(['sync'], homes[1]);
	t.is(refused.exitCode, 6, refused.stderr);
	first.child.kill('SIGKILL');
	await once(first.child, 'exit');
	addFilm(plex, '700001', 'The Handover');
	const killedMs = performance.now();
	await second.says(/Watching/v);
	// A busy machine is slow to start a daemon in any case.
	t.true(performance.now() - killedMs < 9000 + startMs);
	await second.says(/Classics: 1 added/v);
	t.regex((await run(['ls', 'handover'])).stdout, /The Handover/v);
	await database.query(`DROP SCHEMA ${schema} CASCADE`);
	t.is((await run(['import', '--all'])).exitCode, 0);
	await second.says(/"warn".*no longer has the commit that was read last/v);
	t.is((await run(['refresh', '--wait'], homes[1])).exitCode, 0);
	second.child.kill('SIGTERM');
	const {exitCode} = await second.finished;
	t.is(exitCode, 143);
	t.is((await run(['verify'])).exitCode, 0);
});

test('a daemon that ends while it stands by says nothing of a fault', async t => {
	const {env, homes, run} = await world(t);
	t.is((await run(['import', '--all'])).exitCode, 0);
	const first = watchHere(homes[0], {env});
	t.teardown(() => first.child.kill('SIGKILL'));
	await first.says(/Watching/v);
	const second = watchHere(homes[1], {env});
	await second.says(/Standing by/v);
	second.child.kill('SIGTERM');
	const {exitCode} = await second.finished;
	t.is(exitCode, 143);
	first.child.kill('SIGTERM');
	await first.finished;
});

/**
Two servers and two machines, each of which watches its own server, with the name by which it knows it.
*/
const twoServers = async (t: ExecutionContext) => {
	t.timeout(patienceMs);
	const store = database.address().text;
	const start = async (name: string, seed: number) => {
		const plex = await startDemoServer({
			movies: 20, shows: 2, name, seed,
		});
		t.teardown(plex.close);
		return {plex, env: {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store}};
	};

	const [attic, barn] = [await start('Attic', 1), await start('Barn', 2)];
	const watch = async ({env}: typeof attic, home: string) => {
		const daemon = watchHere(home, {env});
		t.teardown(() => daemon.child.kill('SIGKILL'));
		return daemon;
	};

	const run = async (server: typeof attic, args: string[], home: string) => runReelcat(home, args, {env: server.env});
	return {
		attic, barn, watch, run, home: async () => temporaryFolder(t),
	};
};

const addFilm = ({library}: Pick<DemoServer, 'library'>, ratingKey: string, title: string) => {
	const [row] = library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	library.addItem('3', 1, {
		...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
	});
};

type Told = {writers: Array<{servers: Array<{name: string}>}>};

test('two daemons write for two servers at the same time, and when one is killed, its stand-by takes over while the other goes on', async t => {
	const {attic, barn, watch, run, home} = await twoServers(t);
	const homes = [await home(), await home(), await home(), await home()] as const;
	// Nobody has imported anything yet, and both begin at once.
	const imports = await Promise.all([run(attic, ['import', '--all'], homes[0]), run(barn, ['import', '--all'], homes[1])]);
	t.deepEqual(imports.map(({exitCode, stderr}) => exitCode === 0 ? '' : stderr), ['', '']);
	const startedMs = performance.now();
	const daemons = [await watch(attic, homes[0]), await watch(barn, homes[1])] as const;
	await Promise.all(daemons.map(async daemon => daemon.says(/Watching/v)));
	const startMs = performance.now() - startedMs;
	const {stdout} = await run(attic, ['store', '--json'], homes[3]);
	t.deepEqual((JSON.parse(stdout) as Told).writers.map(({servers}) => servers.map(({name}) => name).join(' ')).toSorted(), ['Attic', 'Barn']);
	const words = await run(attic, ['store'], homes[3]);
	t.regex(words.stdout, /Written by +process \d+ on .*, for "(?:Attic|Barn)"\nWritten by +process \d+ on /v);
	t.regex((await run(attic, ['status'], homes[3])).stdout, /process \d+ on .*, for "Barn"/v);

	addFilm(attic.plex, '700001', 'From the Attic');
	addFilm(barn.plex, '700002', 'From the Barn');
	await Promise.all(daemons.map(async daemon => daemon.says(/Classics.*: 1 added/v)));
	t.regex((await run(attic, ['ls', 'from the'], homes[3])).stdout, /From the Attic[\s\S]*From the Barn/v);

	// The whole catalogue is nobody's to replace now, and each server has its writer.
	const refused = await run(attic, ['restore', '--empty', '--yes'], homes[3]);
	t.is(refused.exitCode, 6, refused.stderr);
	t.regex(refused.stderr, /2 other reelcats/v);
	const sync = await run(attic, ['sync'], homes[3]);
	t.is(sync.exitCode, 6, sync.stderr);
	t.regex(sync.stderr, /for "Attic"\) writes to this catalogue for the same server/v);

	const standby = await watch(attic, homes[2]);
	await standby.says(/Standing by: Another reelcat .*Attic/v);
	daemons[0].child.kill('SIGKILL');
	await once(daemons[0].child, 'exit');
	addFilm(attic.plex, '700003', 'From the Handover');
	addFilm(barn.plex, '700004', 'From the Meanwhile');
	const killedMs = performance.now();
	await standby.says(/Watching/v);
	t.true(performance.now() - killedMs < 9000 + startMs);
	await Promise.all([standby.says(/Classics.*: 1 added/v), daemons[1].says(/Classics.*: 1 added/v, 2)]);
	for (const daemon of [standby, daemons[1]]) {
		daemon.child.kill('SIGTERM');
		t.is((await daemon.finished).exitCode, 143);
	}

	for (const title of ['Attic', 'Barn', 'Handover', 'Meanwhile']) {
		const {items} = JSON.parse((await run(attic, ['ls', `"from the ${title}"`, '--json'], homes[3])).stdout) as {items: unknown[]};
		t.is(items.length, 1, `the film from the ${title}`);
	}

	const verified = await run(attic, ['verify'], homes[3]);
	t.is(verified.exitCode, 0, verified.stdout);
});

test('a command finds the daemon of its machine, and a second daemon needs a folder of its own', async t => {
	const {attic, barn, watch, run, home} = await twoServers(t);
	const shared = await home();
	const others = await home();
	t.is((await run(attic, ['import', '--all'], shared)).exitCode, 0);
	t.is((await run(barn, ['import', '--all'], others)).exitCode, 0);
	const first = await watch(attic, shared);
	await first.says(/Connected to Attic/v);
	t.regex((await run(attic, ['status'], shared)).stdout, /Attic/v);
	const refreshed = await run(attic, ['refresh', '--wait'], shared);
	t.is(refreshed.exitCode, 0, refreshed.stderr);
	const second = await run(barn, ['--watch'], shared);
	t.is(second.exitCode, 6, second.stderr);
	t.regex(second.stderr, /Another daemon \(process \d+ on .*\) uses the folder .*REELCAT_DATA_DIR, .*"reelcat servers add".* --api/sv);
	const elsewhere = await watch(barn, others);
	await elsewhere.says(/Watching/v);
	first.child.kill('SIGTERM');
	await first.finished;
	t.regex((await run(attic, ['status'], shared)).stdout, /No daemon is running/v);
});
