import {
	chmod,
	mkdtemp,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {NodeNotifier} from 'node-notifier';
import {systemClock} from '../../../source/base/clock.js';
import {createCommand} from '../../../source/watch/notify/channels/command.js';
import {createDesktop} from '../../../source/watch/notify/channels/desktop.js';
import {createTerminalChannel} from '../../../source/watch/notify/channels/terminal.js';
import {createVirtualClock} from '../../helpers/virtual-clock.js';
import {
	failureOf,
	hostileTitle,
	makeNotice,
	never,
	recovered,
	secretsIn,
} from './_stand-ins.js';

const canary = 'canary0123456789abcdefcanary';

const makeFolder = async (t: ExecutionContext) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-notify-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	return folder;
};

/**
A program that writes down how it was called.
*/
const writeProgram = async (folder: string, name: string, ending = '') => {
	const file = path.join(folder, name);
	const seen = path.join(folder, `${name}.json`);
	await writeFile(file, `#!${process.execPath}
let input = '';
process.stdin.on('data', chunk => { input += chunk; }).on('end', () => {
	require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify({argv: process.argv.slice(2), env: process.env, input}));
	console.log('x'.repeat(1000000));
	${ending}
});
`);
	await chmod(file, 0o755);
	return {file, read: async () => JSON.parse(await readFile(seen, 'utf8')) as {argv: string[]; env: NodeJS.ProcessEnv; input: string}};
};

test('a program gets JSON on its input, the short of it in its environment, and no token', async t => {
	const folder = await makeFolder(t);
	const program = await writeProgram(folder, 'tell');
	const env = {
		PATH: process.env['PATH'], HOME: '/home/me', PLEX_TOKEN: canary, REELCAT_API_TOKEN: canary, SMTP_PASSWORD: canary, NODE_OPTIONS: `--title=${canary}`,
	};
	await createCommand({
		name: 'x', kind: 'command', argv: [program.file, '--to', 'a b; $(touch owned)'], env: {OWN: 'value'},
	}, {clock: systemClock, env}).send(makeNotice({title: hostileTitle, ...recovered}), never());
	const seen = await program.read();
	t.deepEqual(seen.argv, ['--to', 'a b; $(touch owned)']);
	t.like(JSON.parse(seen.input), {schema: 1, id: 'alert-1234', alert: {isRecovered: true}});
	t.false(seen.input.includes('\u{1B}'));
	t.like(seen.env, {
		HOME: '/home/me', OWN: 'value', REELCAT_NOTICE_ID: 'alert-1234', REELCAT_NOTICE_TOPIC: 'alerts', REELCAT_NOTICE_LEVEL: 'error', REELCAT_ALERT_KIND: 'disk-low', REELCAT_ALERT_RECOVERED: '1',
	});
	t.false(JSON.stringify(seen).includes(canary));
});

test('a program that fails, is not there or may not be run is told by what happened', async t => {
	const folder = await makeFolder(t);
	const failing = await writeProgram(folder, 'fails', 'process.exitCode = 3;');
	const plain = path.join(folder, 'plain');
	await writeFile(plain, '');
	const run = async (file: string) => failureOf(createCommand({name: 'x', kind: 'command', argv: [file, canary]}, {clock: systemClock, env: process.env}).send(makeNotice(), never()));
	const failed = await run(failing.file);
	t.is(failed.message, 'The program fails of the channel x ended with code 3.');
	t.deepEqual(secretsIn(failed, canary), []);
	t.is((await run(path.join(folder, 'nothing'))).code, 'not-found');
	t.is((await run(plain)).code, 'forbidden');
});

test('a program that does not end is ended in its time, with what it has started', async t => {
	const folder = await makeFolder(t);
	const pidFile = path.join(folder, 'pid');
	const clock = createVirtualClock();
	const sending = failureOf(createCommand({
		name: 'x', kind: 'command', argv: ['/bin/sh', '-c', `sleep 600 & echo $! > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; wait`], timeout: '20s',
	}, {clock, env: process.env}).send(makeNotice(), never()));
	const pid = await eventually(async () => Number(await readFile(pidFile, 'utf8')));
	await clock.advance(20_000);
	t.is((await sending).code, 'timeout');
	await eventually(async () => {
		// A zombie whose parent is gone is as good as ended.
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
		if (!stat.includes(') Z')) {
			throw new Error('It still runs.');
		}
	});
	t.is(clock.pending(), 0);
});

const eventually = async <Value>(look: () => Promise<Value>): Promise<Value> => {
	for (let tries = 0; ; tries++) {
		try {
			return await look();
		} catch (error) {
			if (tries > 500) {
				throw error;
			}

			await sleep(10);
		}
	}
};

test('on Linux the desktop is told by notify-send, whose markup and escapes no title can use', async t => {
	const folder = await makeFolder(t);
	const program = await writeProgram(folder, 'notify-send');
	const env = {PATH: `${folder}:${process.env['PATH']}`, DISPLAY: ':0', PLEX_TOKEN: canary};
	const channel = createDesktop({name: 'x', kind: 'desktop'}, {clock: systemClock, env, platform: 'linux'});
	await channel.send(makeNotice({title: '--help "$(touch owned)"', body: String.raw`<b>Alien</b> & C:\new`}), never());
	const seen = await program.read();
	t.deepEqual(seen.argv, ['--app-name=reelcat', '--urgency=critical', '--', '--help "$(touch owned)"', String.raw`&lt;b&gt;Alien&lt;/b&gt; &amp; C:\\new`]);
	t.is(seen.env['DISPLAY'], ':0');
	t.is(seen.env['PLEX_TOKEN'], undefined);
});

test('where there is no desktop, or nothing to tell it with, that is said', async t => {
	const channel = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform, load?: () => Promise<never>) =>
		createDesktop({name: 'x', kind: 'desktop'}, {
			clock: systemClock, env, platform, ...load !== undefined && {load},
		});
	t.regex((await failureOf(channel({PATH: '/nowhere'}, 'linux').send(makeNotice(), never()))).message, /has no desktop/v);
	t.is((await failureOf(channel({PATH: '/nowhere', DISPLAY: ':0'}, 'linux').send(makeNotice(), never()))).code, 'not-found');
	const missing = await failureOf(channel({}, 'darwin', async () => {
		throw Object.assign(new Error('Cannot find package'), {code: 'ERR_MODULE_NOT_FOUND'});
	}).send(makeNotice(), never()));
	t.regex(missing.message, /node-notifier, which is not installed/v);
});

test('elsewhere node-notifier tells it; one that says nothing until somebody clicks is not waited for', async t => {
	const calls: unknown[] = [];
	const clock = createVirtualClock();
	const answers: Array<(callback: (error: Error | null) => void) => void> = [ // eslint-disable-line @typescript-eslint/no-restricted-types -- as node-notifier calls it
		callback => {
			callback(null);
		},
		callback => {
			callback(new Error(canary));
		},
		() => {/* waits for a click */},
	];
	const notifier: Pick<NodeNotifier, 'notify'> = {
		notify(options: unknown, callback?: unknown) {
			calls.push(options);
			answers.shift()!(callback as (error: Error | null) => void); // eslint-disable-line @typescript-eslint/no-restricted-types -- as node-notifier calls it
			return notifier as NodeNotifier;
		},
	};
	const load = async () => notifier;
	const channel = createDesktop({name: 'x', kind: 'desktop'}, {
		clock, env: {}, platform: 'darwin', load,
	});
	await channel.send(makeNotice({title: 'A title'}), never());
	t.like(calls[0], {title: 'A title', wait: false});
	const error = await failureOf(channel.send(makeNotice(), never()));
	t.deepEqual(secretsIn(error, canary), []);
	const waiting = channel.send(makeNotice(), never());
	await clock.advance(10_000);
	await t.notThrowsAsync(waiting);
	t.is(clock.pending(), 0);
});

test('node-notifier is there and can be loaded', async t => {
	const {default: notifier} = await import('node-notifier');
	t.is(typeof notifier.notify, 'function');
});

const shown = async (env: NodeJS.ProcessEnv, notice = makeNotice(), options: {protocol?: 'auto' | 'osc9' | 'osc777' | 'none'; bell?: boolean} = {}) => {
	let text = '';
	await createTerminalChannel({name: 'x', kind: 'terminal', ...options}, {
		env, write(part) {
			text += part;
		},
	}).send(notice, never());
	return text;
};

test('a terminal is told in the sequence that it knows, and rings', async t => {
	const notice = makeNotice({title: 'Low; disk', body: 'One\nTwo; three'});
	t.is(await shown({TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, notice), '\u{1B}]9;reelcat: Low; disk. One Two; three\u{7}\u{7}');
	t.is(await shown({TERM: 'foot'}, notice), '\u{1B}]777;notify;reelcat: Low, disk;One Two; three\u{1B}\\\u{7}');
	t.is(await shown({TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm'}, notice, {bell: false}), '\u{1B}]777;notify;reelcat: Low, disk;One Two; three\u{1B}\\');
	t.is(await shown({TERM: 'linux'}, notice), '\u{7}');
	t.is(await shown({}, notice), '\u{7}');
});

test('tmux hands the sequence on, with its escapes doubled', async t => {
	const text = await shown({TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}, makeNotice({title: 'Low', body: 'One'}), {protocol: 'osc777'});
	t.is(text, '\u{1B}Ptmux;\u{1B}\u{1B}]777;notify;reelcat: Low;One\u{1B}\u{1B}\\\u{1B}\\\u{7}');
});

test('no title gets out of its sequence', async t => {
	for (const protocol of ['osc9', 'osc777'] as const) {
		const text = await shown({TERM: 'xterm'}, makeNotice({title: hostileTitle, body: `${hostileTitle}\u{9C}\u{7}\u{1B}\\`}), {protocol, bell: false});
		const end = protocol === 'osc9' ? '\u{7}' : '\u{1B}\\';
		t.true(text.endsWith(end));
		// eslint-disable-next-line no-control-regex, regexp/no-control-character -- controls are what must not be there
		t.notRegex(text.slice(1, -end.length), /[\u{0}-\u{1F}\u{7F}-\u{9F}]/v);
	}
});

test('without a terminal the channel says that it cannot be used', async t => {
	const channel = createTerminalChannel({name: 'x', kind: 'terminal'}, undefined);
	t.truthy(channel.unavailable);
	t.is((await failureOf(channel.send(makeNotice(), never()))).code, 'usage');
});
