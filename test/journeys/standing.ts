import {
	chmod,
	mkdir,
	readFile,
	readdir,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {watchHere} from '../helpers/daemon-process.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';

const addFilm = ({library}: DemoServer, ratingKey: string, title: string) => {
	const [row] = library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	library.addItem('3', 1, {
		...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
	});
};

/**
A server, and a channel that writes each notice as a line of a file.
*/
const setUp = async (t: ExecutionContext, home: string, query?: string) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const sent = path.join(home, 'sent.ndjson');
	const config = path.join(home, '.config/reelcat');
	await mkdir(config, {recursive: true, mode: 0o700});
	const file = path.join(config, 'notify.json');
	const script = `process.stdin.pipe(require('node:fs').createWriteStream(${JSON.stringify(sent)}, {flags: 'a'}))`;
	const configure = async (narrowedBy: string | undefined) => {
		await writeFile(file, JSON.stringify({
			schema: 1,
			channels: [{
				name: 'script', kind: 'command', argv: [process.execPath, '-e', script], on: ['changes', 'queries'], ...narrowedBy !== undefined && {query: narrowedBy},
			}],
			digest: {every: 'immediately'},
		}));
		await chmod(file, 0o600);
	};

	await configure(query);
	const sentSoFar = async () => {
		const text = await readFile(sent, 'utf8').catch(() => '');
		return text.split('\n').filter(line => line.endsWith('}')).map(line => JSON.parse(line) as {topic: string; title: string; body: string});
	};

	return {
		server,
		configure,
		sentSoFar,
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token},
		/**
		Waits until so many notices have gone out and nothing waits any more.
		*/
		async sends(count: number) {
			const endMs = performance.now() + 30_000;
			const waiting = async () => (JSON.parse(await readFile(path.join(home, '.local/share/reelcat/notices.json'), 'utf8')) as {outbox: {waiting: unknown[]}}).outbox.waiting.length;
			while ((await sentSoFar()).length < count || await waiting() > 0) {
				if (performance.now() > endMs) {
					throw new Error(`There were never ${count} notices: ${JSON.stringify(await sentSoFar())}`);
				}

				await sleep(50);
			}
		},
	};
};

test('a daemon tells what enters a standing query, also what came while it was killed, and each only once', withHousehold, async (t, {home}) => {
	const {server, env, sends, sentSoFar} = await setUp(t, home, 'title:nothing');
	const first = watchHere(home, {env, args: ['--library', 'Classics']});
	await first.says(/Classics: 8 added/v);
	await first.says(/reports its changes/v);
	t.is((await runHere(home, ['queries', 'save', 'told', 'title:told'], {env})).exitCode, 0);
	t.is((await runHere(home, ['queries', 'watch', 'told'], {env})).exitCode, 0);
	addFilm(server, '700001', 'Not of Interest');
	await first.says(/@told is followed from now on\. It finds 0 now/v);
	addFilm(server, '700002', 'Told at Once');
	await first.says(/@told: 1 came \(Told at Once\)/v);
	await sends(1);
	first.child.kill('SIGKILL');
	await first.finished;
	addFilm(server, '700003', 'Told Later');
	const second = watchHere(home, {env, args: ['--library', 'Classics']});
	await second.says(/@told: 1 came \(Told Later\)/v);
	await sends(2);
	second.child.kill('SIGTERM');
	await second.finished;
	t.false(second.lines().some(({msg}) => msg.includes('Told at Once')));
	// The query of the channel keeps the digests away, and not the standing queries.
	const notices = await sentSoFar();
	t.deepEqual(notices.map(({topic, title, body}) => [topic, title, body]), [
		['queries', '@told: 1 item came', 'Came: Told at Once'], ['queries', '@told: 1 item came', 'Came: Told Later'],
	]);
	t.deepEqual(await readdir(path.join(home, '.local/share/reelcat/standing')), ['query-told.json']);
});

test('a wrong query of a channel is told with its place, at the start, by the test and by the doctor', withHousehold, async (t, {home}) => {
	const {env, configure} = await setUp(t, home, 'year:<1950 gener:drama');
	const told = /The query of the channel script in .*notify\.json is wrong\. There is no field gener; did you mean genre\?\n {2}year:<1950 gener:drama\n {13}\^{5}\n/v;
	for (const args of [['--watch', '--no-api'], ['notify', 'test']]) {
		const {exitCode, stderr} = await runHere(home, args, {env});
		t.is(exitCode, 2, args.join(' '));
		t.regex(stderr, told, args.join(' '));
	}

	const {exitCode, stdout} = await runHere(home, ['doctor'], {env});
	t.is(exitCode, 1);
	t.regex(stdout, /FAIL {2}notifications {2}The query of the channel script .* is wrong\. There is no field gener; did you mean genre\?\n +At "gener", character 12 of the query\./v);

	// A library may still be imported, so it is no reason not to watch.
	await configure('library:kids');
	const daemon = watchHere(home, {env, args: ['--library', 'Classics']});
	await daemon.says(/There is no library .*kids.*Until that is known/v);
	await daemon.says(/Classics: 8 added/v);
	daemon.child.kill('SIGTERM');
	await daemon.finished;
	t.regex((await runHere(home, ['notify', 'test'], {env})).stderr, /There is no library "kids"/v);
	await configure('library:classics');
	t.regex((await runHere(home, ['doctor'], {env})).stdout, /ok {4}notifications {2}1 channel in notify\.json/v);
	t.is((await runHere(home, ['notify', 'test'], {env})).exitCode, 0);
});

test('the doctor says when times of day are not those of the machine', withHousehold, async (t, {home}) => {
	t.regex((await runHere(home, ['doctor'])).stdout, /^ok +time zone +Times of day are those of \S+\.$/mv);
	// Only the programs of the system follow such a rule.
	t.regex((await runHere(home, ['doctor'], {env: {TZ: 'REEL-13:37'}})).stdout, /^WARN +time zone +Times of day are not those of the machine, which has \+1337 now\.\n +Set TZ to a name/mv);
});
