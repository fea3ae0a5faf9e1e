import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	access,
	open,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {watchHere} from '../helpers/daemon-process.js';
import {cleanEnv, cliFile} from '../helpers/terminal.js';

const withServer = async (t: ExecutionContext): Promise<{server: DemoServer; env: Record<string, string>}> => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	return {server, env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}};
};

const addFilm = ({library}: DemoServer, ratingKey: string, title: string) => {
	const [row] = library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	library.addItem('3', 1, {
		...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
	});
};

const isThere = async (file: string) => {
	try {
		await access(file);
		return true;
	} catch {
		return false;
	}
};

test('a daemon takes in what the server tells, is asked and steered from other processes, and ends in order', withHousehold, async (t, {home}) => {
	const {server, env} = await withServer(t);
	const data = path.join(home, '.local/share/reelcat');
	const settings = path.join(home, '.config/reelcat/settings.json');
	t.is((await runHere(home, ['jobs'], {env})).stderr, 'No daemon is running. Start one with: reelcat --watch\nThere is no job.\n');
	const daemon = watchHere(home, {env, args: ['--library', 'Classics']});
	await daemon.says(/Classics: 8 added/v);
	await daemon.says(/reports its changes/v);

	addFilm(server, '700001', 'Told by the Server');
	await daemon.says(/Classics: 1 added/v);
	t.regex((await runHere(home, ['ls', 'told by the server'], {env})).stdout, /Told by the Server/v);

	const asked = async (...args: string[]) => runHere(home, args, {env});
	let {stdout: status} = await asked('status');
	// The server may tell of the same film again, which is one more job.
	while (/Classics +running/v.test(status)) {
		({stdout: status} = await asked('status'));
	}

	t.regex(status, /Demo Theatre, reachable[\s\S]*Classics +idle +9/v);
	t.false(status.includes('Films'));
	t.is((await asked('healthcheck')).exitCode, 0);
	const refreshed = await asked('refresh', 'classics', '--wait', '--json');
	const {jobs} = JSON.parse(refreshed.stdout) as {jobs: Array<{id: string; state: string; trigger: string}>};
	const [job] = jobs;
	t.like(job, {state: 'done', trigger: 'request'});
	t.regex((await asked('jobs')).stdout, /asked for/v);
	const again = await asked('jobs', 'run-now', job!.id, '--json');
	t.regex(again.stdout + again.stderr, /cannot be run now/v);
	t.is((await asked('refresh', 'No Such Library')).exitCode, 2);

	server.setFaults([{kind: 'silence', path: '/library/sections/3/all'}]);
	const waiting = asked('refresh', 'classics', '--full', '--wait');
	let running: {id: string} | undefined;
	while (running === undefined) {
		const {jobs: all} = JSON.parse((await asked('jobs', '--json')).stdout) as {jobs: Array<{id: string; state: string}>};
		running = all.find(({state}) => state === 'running');
	}

	await asked('jobs', 'cancel', running.id);
	t.is((await waiting).exitCode, 1, 'What was cancelled was not done.');
	server.setFaults([]);

	const sync = await asked('sync');
	t.is(sync.exitCode, 6);
	t.regex(sync.stderr, /reelcat refresh/v);
	const second = await asked('--watch', '--no-api');
	t.is(second.exitCode, 6);
	t.regex(second.stderr, /reelcat status/v);

	const stored = JSON.parse(await readFile(settings, 'utf8')) as Record<string, unknown>;
	await writeFile(settings, JSON.stringify({...stored, watch: {interval: '42m'}}));
	daemon.child.kill('SIGHUP');
	await daemon.says(/settings were read again/v);
	t.regex((await asked('status')).stdout, /every 42m/v);
	await writeFile(settings, JSON.stringify({...stored, watch: {interval: 'now and then'}}));
	daemon.child.kill('SIGHUP');
	await daemon.says(/new settings were not applied/v);
	t.regex((await asked('status')).stdout, /every 42m/v);
	await writeFile(settings, JSON.stringify(stored));

	const startMs = performance.now();
	daemon.child.kill('SIGTERM');
	const {exitCode, stderr} = await daemon.finished;
	t.true(performance.now() - startMs < 10_000);
	t.is(exitCode, 143);
	t.is(stderr, '');
	t.true(daemon.lines().every(({level, time, msg}) => ['info', 'warn', 'error'].includes(level) && Date.parse(time) > 0 && msg !== ''));
	t.false(await isThere(path.join(data, 'daemon.json')));
	t.is((await asked('healthcheck')).exitCode, 1);
	t.is((await asked('verify')).exitCode, 0);
	t.regex((await asked('status')).stdout, /No daemon is running[\s\S]*Classics +9/v);
	const left = await asked('jobs');
	t.regex(left.stdout, /asked for/v);
	t.regex(left.stderr, /the queue that the last one left/v);
	t.regex((await asked('refresh', 'classics')).stderr, /so reelcat syncs here/v);
});

test('a daemon that is killed leaves nothing in the way of the next one, which finds what was missed', withHousehold, async (t, {home}) => {
	const {server, env} = await withServer(t);
	const first = watchHere(home, {env, args: ['--library', 'Classics']});
	await first.says(/Classics: 8 added/v);
	first.child.kill('SIGKILL');
	await first.finished;
	t.regex((await runHere(home, ['status'], {env})).stdout, /No daemon is running/v);
	addFilm(server, '700001', 'Added Meanwhile');
	const next = watchHere(home, {env, args: ['--library', 'Classics']});
	await next.says(/Classics: 1 added/v);
	next.child.kill('SIGINT');
	t.is((await next.finished).exitCode, 130);
	t.is((await runHere(home, ['verify'], {env})).exitCode, 0);
});

test('the journal of systemd gets the level of each line, and a pipe plain JSON', withHousehold, async (t, {home}) => {
	const environment = {PLEX_URL: 'http://127.0.0.1:9', PLEX_TOKEN: 'no-server-has-it'};
	const journal = await open(path.join(home, 'journal'), 'w+');
	const {dev, ino} = await journal.stat({bigint: true});
	const env = {...environment, JOURNAL_STREAM: `${dev}:${ino}`};
	const child = spawn(process.execPath, [cliFile, '--watch', '--no-api'], {env: cleanEnv(home, env), stdio: ['ignore', journal.fd, 'ignore']});
	const exit = once(child, 'exit');
	const written = async () => readFile(path.join(home, 'journal'), 'utf8');
	while (child.exitCode === null && !(await written()).includes('"level":"error"')) {
		await sleep(20);
	}

	child.kill('SIGTERM');
	t.is((await exit)[0], 143);
	await journal.close();
	t.regex(await written(), /^<6>\{"level":"info",[^\n]*\n<3>\{"level":"error",[^\n]*The server cannot be used/v);
	const piped = watchHere(home, {env});
	await piped.says(/^\{"level":"error"/v);
	piped.child.kill('SIGTERM');
	await piped.finished;
});

test('a daemon makes the saved exports that have a rhythm, also one that is saved while it runs', withHousehold, async (t, {home}) => {
	const {env} = await withServer(t);
	const daemon = watchHere(home, {env, args: ['--library', 'Classics']});
	await daemon.says(/Classics: 8 added/v);
	const file = path.join(home, 'films.csv');
	t.like(await runHere(home, ['exports', 'save', 'films', '--columns', 'title', '-o', file, '--every', '1d'], {env}), {exitCode: 0});
	t.regex((await runHere(home, ['exports', 'save', 'stream', '--every', '1d'], {env})).stderr, /--every needs a file/v);
	t.regex((await runHere(home, ['exports', 'save', 'often', '-o', file, '--every', 'often'], {env})).stderr, /--every does not understand|is not a duration/v);
	// What it does after each job, it does after this one, too.
	t.like(await runHere(home, ['refresh', 'Classics'], {env}), {exitCode: 0});
	await daemon.says(/The saved export films was made/v);
	const written = await readFile(file, 'utf8');
	t.is(written.trimEnd().split('\n').length, 9);
	daemon.child.kill('SIGTERM');
	t.is((await daemon.finished).exitCode, 143);
});

test('what cannot be watched is said before anything begins', withHousehold, async (t, {home}) => {
	const {env} = await withServer(t);
	const refused = async (...args: string[]) => runHere(home, ['--watch', ...args], {env});
	t.like(await refused('--interval', 'often'), {exitCode: 2});
	t.like(await refused('--quiet-hours', '25:00-26:00'), {exitCode: 2});
	const wide = await refused('--api', '0.0.0.0:nonsense');
	t.is(wide.exitCode, 2);
	t.regex(wide.stderr, /--api cannot be/v);
	const unwatched = await runHere(home, ['--interval', '5m'], {env});
	t.is(unwatched.exitCode, 2);
	t.regex(unwatched.stderr, /Add --watch/v);
});
