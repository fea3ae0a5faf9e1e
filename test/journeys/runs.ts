import {execFileSync} from 'node:child_process';
import {
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {runsJsonSchema, type RunsJson} from '../../source/reports/run/run-report.js';
import {startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {startReelcat} from '../helpers/run-reelcat.js';

const logsOf = async (home: string, below = ''): Promise<string[]> => readdir(path.join(home, '.local/state/reelcat', below, 'logs')).catch(() => []);

const runsOf = async (home: string, args: readonly string[] = []): Promise<RunsJson['runs']> => {
	const {stdout} = await runHere(home, ['runs', '--json', ...args]);
	return runsJsonSchema.parse(JSON.parse(stdout)).runs;
};

test('an import and a sync are listed with their logs; a sync with nothing to do leaves neither', withHousehold, async (t, {home}) => {
	await runHere(home, ['import', '--demo', 'Classics']);
	await runHere(home, ['sync', '--demo', '--full', 'Classics']);
	const idle = await runHere(home, ['sync', '--demo', 'Classics']);
	t.regex(idle.stdout, /nothing has changed/v);
	const runs = await runsOf(home, ['--demo']);
	t.deepEqual(runs.map(({command, status}) => [command, status]), [['sync', 'done'], ['import', 'done']]);
	const logs = await logsOf(home, 'demo');
	t.is(logs.length, 2);
	t.true(runs.every(({log}) => logs.includes(log!)));

	const table = await runHere(home, ['runs', '--demo']);
	t.regex(table.stdout, /import +done +Classics +(?<items>\d+) = \k<items> imported/v);
	const log = await runHere(home, ['runs', '--demo', runs[1]!.id.slice(0, 10), '--log']);
	t.is(log.exitCode, 0, log.stderr);
	t.regex(log.stdout, /GET \/library\/sections\/\d+\/all: 200, \d+ ms/v);
	t.is(log.stdout.match(/ GET /gv)!.length, runs[1]!.requests + 3, 'with the three that found the server and its libraries');
});

test('--verbose writes pages and commits, and shows on stderr what it writes', withHousehold, async (t, {home}) => {
	const {stdout, stderr} = await runHere(home, ['import', '--demo', 'Classics', '--verbose', '--json']);
	t.true((JSON.parse(stdout) as {ok: boolean}).ok);
	const shown = stderr.split('\n').filter(line => /^\d{2}:\d{2}:\d{2}\.\d{3} /v.test(line));
	t.true(shown.some(line => /Classics: a page of \d+ rows/v.test(line)));
	t.true(shown.some(line => /Classics: revision \d+ committed/v.test(line)));
	const log = await runHere(home, ['runs', 'latest', '--log', '--demo']);
	t.deepEqual(log.stdout.trimEnd().split('\n'), shown);
});

test('an import that is killed is listed as running before, as interrupted after, and its log is there', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t, {latencyMs: 150, movies: 4000});
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const {child, finished} = startReelcat(home, ['import', 'Films'], {env});
	// The log is opened at the first commit; its first lines follow a moment later.
	let log = '';
	while (!log.includes('Begin with Films')) {
		({stdout: log} = await runHere(home, ['runs', 'latest', '--log']));
	}

	let runs = await runsOf(home);
	t.deepEqual(runs.map(({status}) => status), ['running']);
	child.kill('SIGKILL');
	await finished;
	runs = await runsOf(home);
	t.deepEqual(runs.map(({status}) => status), ['interrupted']);
	const {stdout} = await runHere(home, ['runs', 'latest', '--log']);
	t.regex(stdout, /Begin with Films/v);
});

test('no log and no output holds the token, whatever goes wrong and however much is logged', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t);
	const file = path.join(home, 'token.txt');
	await writeFile(file, `${token}\n`);
	const outputs = [
		await runHere(home, ['import', 'Classics', '--verbose', '--url', url, '--token-file', file]),
		await runHere(home, ['sync', 'Classics', '--full', '--verbose'], {env: {PLEX_URL: url, PLEX_TOKEN: token}}),
		await runHere(home, ['import', '--verbose'], {env: {PLEX_URL: url, PLEX_TOKEN: `wrong-${token}`}}),
		await runHere(home, ['import', '--verbose'], {env: {PLEX_URL: 'http://127.0.0.1:9', PLEX_TOKEN: token}}),
		await runHere(home, ['runs', 'latest', '--log', '--json']),
	];
	t.deepEqual(outputs.map(({exitCode}) => exitCode), [0, 0, 4, 5, 0], outputs.map(({stderr}) => stderr).join('\n'));
	t.is((await logsOf(home)).length, 4);
	t.false(outputs.some(({stdout, stderr}) => (stdout + stderr).includes(token)));
	await rm(file);
	t.is(execFileSync('/bin/sh', ['-c', `grep -rlF '${token}' '${home}' || true`], {encoding: 'utf8'}), '');
});

test('logs that cannot be written cost one line on stderr, and nothing else', withHousehold, async (t, {home}) => {
	const blocked = path.join(home, 'blocked');
	await writeFile(blocked, '');
	const {exitCode, stderr} = await runHere(home, ['import', '--demo', 'Classics'], {env: {REELCAT_STATE_DIR: path.join(blocked, 'state')}});
	t.is(exitCode, 0, 'It says: ' + stderr);
	t.is(stderr.match(/No log is kept/gv)!.length, 1);
	t.is((await runsOf(home, ['--demo']))[0]!.status, 'done');
	t.is(await readFile(blocked, 'utf8'), '');
});
