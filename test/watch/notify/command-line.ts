import {
	chmod,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {CommandContext} from '../../../source/commands/command.js';
import {notifyCommand} from '../../../source/commands/entries/daemon.js';
import {parseCommandLine} from '../../../source/commands/parse.js';
import {createSession} from '../../../source/app/session.js';
import {channelKinds} from '../../../source/watch/notify/channel-kinds.js';
import {plainPaint} from '../../../source/base/text/style.js';
import {formsIn} from '../../helpers/canary.js';
import {failureOf, startService} from './_stand-ins.js';

const canary = 'canary0123456789abcdefcanary';

const setUp = async (t: ExecutionContext, config?: unknown) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-notify-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	const file = path.join(folder, 'notify.json');
	if (config !== undefined) {
		await writeFile(file, JSON.stringify(config));
		await chmod(file, 0o600);
	}

	const hidden: string[] = [];
	const run = async (...argv: string[]) => {
		const {command, input, flags} = parseCommandLine([notifyCommand], ['notify', ...argv]);
		let stdout = '';
		const session = createSession({
			env: {REELCAT_CONFIG_DIR: folder}, homeFolder: folder, version: '0', isDemo: false, onToken(token) {
				hidden.push(token);
			},
		});
		const context: CommandContext = {
			input,
			flags,
			io: {
				env: {},
				stdin: process.stdin,
				stdout: process.stdout,
				stderr: process.stderr,
				isRead: () => true,
				async out(text) {
					stdout += String(text);
				},
				say() {/* nothing is said */},
				isTerminal: false,
				isInteractive: false,
				isScreenReader: false,
				isConsole: false,
				isColor: false,
				paint: plainPaint,
				paintMessages: plainPaint,
				onContinue: () => () => {/* nobody stops it */},
				isAscii: false,
				columns: undefined,
				async suspend() {/* there is no shell */},
				async readSize() {/* there is no size */},
				onWindowChange: () => () => {/* there is no window */},
				log() {/* nothing is logged */},
				onHangUp: () => () => {/* nobody hangs up */},
				onNotice() {/* none comes */},
				onBug: () => () => {/* nothing is shown that a bug could spoil */},
				onEnd: () => () => {/* nothing is left on a screen */},
			},
			signal: new AbortController().signal,
			session,
			version: '0',
		};
		const exitCode = await command.run(context);
		t.deepEqual(formsIn(stdout, canary), []);
		return {exitCode, stdout};
	};

	return {file, run, hidden};
};

const channel = (name: string, url: string, fields: Record<string, unknown> = {}) => ({
	name, kind: 'webhook', url: `${url}/${canary}`, secret: canary, ...fields,
});

test('a test is sent through every channel, and ends with 0, 3 or 1', async t => {
	const good = await startService(t);
	const bad = await startService(t, response => response.writeHead(401).end());
	const {run, hidden} = await setUp(t, {schema: 1, channels: [channel('good', good.url, {on: ['imports']}), channel('bad', bad.url)]});
	const all = await run('test');
	t.is(all.exitCode, 3);
	t.regex(all.stdout, /^good +webhook +ok +\d+ ms$/mv);
	t.regex(all.stdout, /^bad +webhook +failed +\d+ ms$/mv);
	t.regex(all.stdout, /^bad: The webhook does not accept the secrets of this channel \(401\)\.$/mv);
	t.true(hidden.includes(canary));
	t.is((await run('test', 'GOOD')).exitCode, 0);
	t.is((await run('test', 'bad')).exitCode, 1);
	t.is(good.received.length, 2);
	t.is(bad.received.length, 2);

	const json = JSON.parse((await run('test', '--json')).stdout) as {channels: unknown[]};
	t.like(json, {schema: 1, ok: false});
	t.like(json.channels, {0: {name: 'good', ok: true}, 1: {name: 'bad', ok: false, error: {code: 'unauthorized'}}});
});

test('only the queries of the channels that are tried are checked, after it is known which these are', async t => {
	const {url} = await startService(t);
	const {run} = await setUp(t, {schema: 1, channels: [channel('right', url), channel('wrong', url, {query: 'gener:drama'})]});
	t.is((await run('test', 'right')).exitCode, 0);
	t.regex((await failureOf(run('test', 'nobody'))).message, /no channel "nobody"/v);
	t.regex((await failureOf(run('test', 'wrong'))).message, /query of the channel wrong/v);
});

test('the list shows what each channel is told of, and no secret', async t => {
	const {run, file} = await setUp(t, {
		schema: 1, channels: [
			channel('hook', 'https://hook.example.org', {on: ['alerts'], minLevel: 'warn', quietHours: '22:00-07:00'}),
			{
				name: 'phone', kind: 'ntfy', topic: 'films', token: canary,
			},
		],
	});
	const {exitCode, stdout} = await run('list');
	t.is(exitCode, 0);
	t.deepEqual(stdout.split('\n').map(line => line.replaceAll(/ {2,}/gv, ' | ')), [
		'Channel | Kind | Where | Notified of | From | Quiet hours',
		'hook | webhook | alerts | warn | 22:00-07:00',
		'phone | ntfy | ntfy.sh | alerts, changes, imports, queries | info',
		'',
	]);
	const json = JSON.parse((await run('list', '--json')).stdout) as {channels: unknown[]};
	t.like(json, {schema: 1, file});
	t.like(json.channels[1], {name: 'phone', where: 'ntfy.sh', minLevel: 'info'});
});

test('without a file it says where to put one, with an example', async t => {
	const {run, file} = await setUp(t);
	for (const [action, exitCode] of [['list', 0], ['test', 2]] as const) {
		const ran = await run(action);
		t.is(ran.exitCode, exitCode);
		t.true(ran.stdout.includes(`Write ${file}`));
		t.true(ran.stdout.includes('"kind": "ntfy"'));
		t.deepEqual(JSON.parse((await run(action, '--json')).stdout), {schema: 1, file, channels: []});
	}
});

test('there is an example of every kind', async t => {
	const {run} = await setUp(t);
	for (const kind of channelKinds) {
		t.like(JSON.parse((await run('example', kind)).stdout), {schema: 1, channels: {0: {kind}}});
	}
});

test('what is not understood is told with what there is', async t => {
	const {run} = await setUp(t, {schema: 1, channels: [channel('hook', 'https://hook.example.org')]});
	for (const [argv, message] of [
		[[], /Say "test"/v],
		[['sing'], /Say "test"/v],
		[['example'], /Name a kind/v],
		[['example', 'pigeon'], /no kind of channel "pigeon"/v],
		[['test', 'nobody'], /no channel "nobody"/v],
		[['list', 'hook'], /fewer words/v],
		[['test', 'a', 'b'], /fewer words/v],
	] as const) {
		const error = await failureOf(run(...argv));
		t.is(error.code, 'usage');
		t.regex(error.message, message);
		t.truthy(error.hint);
	}
});
