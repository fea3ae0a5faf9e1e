import {once} from 'node:events';
import test from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer} from '../../source/demo/server.js';
import {watchHere} from '../helpers/daemon-process.js';
import {startPostgres} from '../helpers/postgres-server.js';
import {runReelcat} from '../helpers/run-reelcat.js';
import {temporaryFolder} from '../helpers/store-records.js';

const database = await startPostgres();
test.after.always(async () => {
	await database.close();
});

const world = async (t: Parameters<typeof temporaryFolder>[0]) => {
	const plex = await startDemoServer({movies: 20, shows: 2});
	t.teardown(plex.close);
	const env = {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: database.address().text};
	const homes = [await temporaryFolder(t), await temporaryFolder(t)] as const;
	const run = async (args: string[], home: string = homes[0], others: Record<string, string> = {}) => runReelcat(home, args, {env: {...env, ...others}});
	return {
		plex, env, homes, run,
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

test('a second daemon stands by, and takes over from one that was killed; nothing of the changes is lost', async t => {
	const {plex, env, homes, run} = await world(t);
	t.is((await run(['import', '--all'])).exitCode, 0);
	const first = watchHere(homes[0], {env});
	t.teardown(() => first.child.kill('SIGKILL'));
	await first.says(/Watching/v);
	const second = watchHere(homes[1], {env});
	t.teardown(() => second.child.kill('SIGKILL'));
	await second.says(/Standing by: Another reelcat/v);
	const refused = await run(['sync'], homes[1]);
	t.is(refused.exitCode, 6, refused.stderr);
	first.child.kill('SIGKILL');
	await once(first.child, 'exit');
	const [row] = plex.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	plex.library.addItem('3', 1, {
		...structuredClone(row), ratingKey: '700001', key: '/library/metadata/700001', title: 'The Handover', guid: 'plex://movie/700001', Guid: [], Media: [],
	});
	const killedMs = performance.now();
	await second.says(/Watching/v);
	t.true(performance.now() - killedMs < 10_000);
	await second.says(/Classics: 1 added/v);
	t.regex((await run(['ls', 'handover'])).stdout, /The Handover/v);
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
