import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {cleanEnv, cliFile, createHome} from '../helpers/terminal.js';

const {home, remove} = await createHome();
test.after.always(remove);

// `redirection` is what follows the command in a shell.
const runInShell = (args: readonly string[], redirection: string, before = '', folder = home) =>
	spawnSync('/bin/sh', ['-c', `${before}"$@" ${redirection}`, 'sh', process.execPath, cliFile, ...args], {env: cleanEnv(folder), cwd: folder, encoding: 'utf8'});

const commandLines = [
	['--version'],
	['--help'],
	['import', '--demo', 'Classics'],
	['sync', '--demo', '--json', 'Classics'],
	['ls', '--demo'],
	['ls', '--demo', '--json'],
	['lost', '--demo', '--format', 'csv'],
	['export', '--demo'],
	['status', '--demo'],
	['backup', '--demo', '--list'],
	['api', 'token'],
];

const onLinux = existsSync('/dev/full') ? test.serial : test.serial.skip;

onLinux('a command whose output is not taken says so in a sentence and ends with 8', t => {
	for (const args of commandLines) {
		const {status, stderr} = runInShell(args, '>/dev/full');
		t.is(status, 8, `${args.join(' ')}: ${stderr}`);
		t.true(stderr.endsWith('reelcat: The output could not be written: the disk is full (ENOSPC).\n  Check what stdout leads to, and try again.\n'), `${args.join(' ')}: ${stderr}`);
	}
});

onLinux('a command whose messages and output are not taken ends with 8', t => {
	t.is(runInShell(['ls', '--demo', '--json'], '>/dev/full 2>&1').status, 8);
});

onLinux('a command whose messages alone are not taken does its work', t => {
	t.is(runInShell(['import', '--demo', '--json', 'Classics'], '>answer 2>/dev/full').status, 0);
	t.true((JSON.parse(readFileSync(path.join(home, 'answer'), 'utf8')) as {ok: boolean}).ok);
});

test.serial('output that a file takes only in part is no success', t => {
	const {status, stderr} = runInShell(['--help'], '>part', 'ulimit -f 1; ');
	t.regex(stderr, /The output could not be written: the file is too large \(EFBIG\)\./v);
	t.is(status, 8);
	t.true(readFileSync(path.join(home, 'part')).length > 0);
});

test.serial('a reader that has read enough is no failure', t => {
	runInShell(['ls', '--demo', '--json'], '; echo $? >code; } | true', '{ ');
	t.is(readFileSync(path.join(home, 'code'), 'utf8'), '0\n');
});

const startHome = async (t: ExecutionContext) => {
	const own = await createHome();
	t.teardown(own.remove);
	const data = path.join(own.home, '.local/share/reelcat/demo');
	return {
		home: own.home,
		isLocked: () => existsSync(path.join(data, 'catalog.lock.json')),
		backups: () => existsSync(path.join(data, 'backups')) ? readdirSync(path.join(data, 'backups')).length : 0,
		runs: () => (JSON.parse(runInShell(['runs', '--demo', '--json'], '', '', own.home).stdout) as {runs: unknown[]}).runs.length,
		/**
		Runs a command whose output has no reader after a moment, and gives its exit code.
		*/
		codeOf(args: readonly string[], reader: string) {
			runInShell(args, `; echo $? >code; } ${reader}`, '{ ', own.home);
			return readFileSync(path.join(own.home, 'code'), 'utf8').trim();
		},
	};
};

test.serial('what changes the catalogue is done in order and to its end, whoever reads stdout', async t => {
	const {isLocked, backups, runs, codeOf} = await startHome(t);
	t.is(codeOf(['import', '--demo', '--all'], '2>&1 | head -n 1'), '0');
	t.false(isLocked());
	t.is(backups(), 1);
	t.is(runs(), 1);
	t.is(codeOf(['sync', '--demo', '--json'], '2>&1 | exec true'), '0');
	t.false(isLocked());
	t.is(codeOf(['repair', '--demo', '--yes', '--from-server'], '2>&1 | exec true'), '0');
	t.false(isLocked());
	t.is(runs(), 2);
	t.is(codeOf(['backup', '--demo'], '| exec true'), '0');
	t.false(isLocked());
	t.is(backups(), 2);
});

test.serial('a check that failed says so with its exit code, whoever reads stdout', async t => {
	const {codeOf} = await startHome(t);
	t.is(codeOf(['verify', '--demo', '--json'], '| exec true'), '1');
});

onLinux('an import whose output is not taken is done in order and to its end', async t => {
	const {home: own, isLocked, backups} = await startHome(t);
	runInShell(['import', '--demo', 'Classics'], '>/dev/full', '', own);
	t.false(isLocked());
	t.is(backups(), 1);
});

test.serial('an import that failed in part says so with its exit code, whoever reads stdout', async t => {
	const own = await createHome();
	t.teardown(own.remove);
	const server = await startDemoServer({port: 0, faults: [{kind: 'status', status: 403, path: '/library/sections/3/all'}]});
	t.teardown(server.close);
	const child = spawn('/bin/sh', ['-c', '{ "$@" 2>&1; echo $? >code; } | head -n 1', 'sh', process.execPath, cliFile, 'import', 'Films', 'Classics'], {
		env: cleanEnv(own.home, {PLEX_URL: server.url, PLEX_TOKEN: server.token}), cwd: own.home, stdio: 'ignore',
	});
	await once(child, 'close');
	t.is(readFileSync(path.join(own.home, 'code'), 'utf8'), '3\n');
});

test.serial('an import whose messages nobody reads does all its work', t => {
	runInShell(['import', '--demo', '--json'], '>whole 2>&3; echo $? >code; } 3>&1 | exec true', '{ ');
	t.is(readFileSync(path.join(home, 'code'), 'utf8'), '0\n');
	const {ok, libraries} = JSON.parse(readFileSync(path.join(home, 'whole'), 'utf8')) as {ok: boolean; libraries: unknown[]};
	t.true(ok && libraries.length > 1);
});

test.serial('a daemon whose log nobody reads any more ends in order, and not as one that is done', t => {
	const {stderr} = runInShell(['--watch', '--demo', '--no-api'], '; echo $? >code; } | head -n 1', '{ ');
	t.is(readFileSync(path.join(home, 'code'), 'utf8'), '8\n');
	t.regex(stderr, /^reelcat: The output could not be written/v);
	t.false(existsSync(path.join(home, '.local/share/reelcat/demo/daemon.json')));
});
