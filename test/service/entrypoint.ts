import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {runTool} from '../../source/service/user-manager.js';
import {setUp as setUpHome} from './_context.js';

const onPosix = process.platform === 'win32' ? test.skip : test;

const script = path.resolve('docker/entrypoint.sh');

/**
The entry of the container, with programs that say how they were called in place of those that need root.
*/
const setUp = async (t: ExecutionContext, {user = 0, owner = '1000:1000'}: {user?: number; owner?: string} = {}) => {
	const {home, tool, calls, env} = await setUpHome(t);
	await tool('id', `echo ${user}`);
	await tool('stat', `echo ${owner}`);
	await tool('find');
	await tool('setpriv');
	await tool('node', `umask >> '${home}/calls'`);
	return {
		tool,
		async enter(settings: Record<string, string>, ...args: string[]) {
			const result = await runTool('/bin/sh', [script, ...args], {env: {...env, ...settings, REELCAT_PROGRAM: '/app/cli.js'}, timeoutMs: 10_000});
			return {...result, calls: (await calls()).filter(line => !/^(?:id|stat) /v.test(line))};
		},
	};
};

onPosix('root is given up for PUID and PGID, with all that it may do', async t => {
	const {enter} = await setUp(t, {owner: '1026:100'});
	const {exitCode, calls} = await enter({PUID: '1026', PGID: '100'}, '--watch', '--api', '0.0.0.0:32480');
	t.is(exitCode, 0);
	t.deepEqual(calls, ['setpriv --reuid=1026 --regid=100 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all node /app/cli.js --watch --api 0.0.0.0:32480']);
});

onPosix('without PUID it is user 1000, and a volume of somebody else is given to it', async t => {
	const {enter} = await setUp(t, {owner: '0:0'});
	const {calls} = await enter({}, '--watch');
	t.is(calls[0], 'find /config -xdev ( ! -user 1000 -o ! -group 1000 ) -exec chown -h 1000:1000 {} +');
	t.regex(calls[1] ?? '', /^setpriv --reuid=1000 --regid=1000 /v);
});

onPosix('a disk that lets no owner be set is told, and tried', async t => {
	const {enter, tool} = await setUp(t, {owner: '0:0'});
	await tool('find', 'exit 1');
	const {exitCode, stderr, calls} = await enter({}, '--watch');
	t.is(exitCode, 0);
	t.regex(stderr, /^reelcat: not everything in \/config could be given to user 1000, group 1000\./v);
	t.regex(calls.at(-1) ?? '', /^setpriv /v);
});

onPosix('with --user there is nothing to give up', async t => {
	const {enter} = await setUp(t, {user: 4242, owner: '0:0'});
	const {calls} = await enter({PUID: '1026', UMASK: '027'}, 'healthcheck');
	t.deepEqual(calls, ['node /app/cli.js healthcheck', '0027']);
});

onPosix('arguments arrive as they are', async t => {
	const {enter, tool} = await setUp(t, {user: 4242});
	await tool('node', String.raw`printf '%s\n' "$@" >&2`);
	const {stderr} = await enter({}, 'ls', '--library', 'TV  Shows', '$(id)', '');
	t.is(stderr, '/app/cli.js\nls\n--library\nTV  Shows\n$(id)\n\n');
});

onPosix('root as PUID and settings that mean nothing are refused before anything is done', async t => {
	const refusals: Array<[settings: Record<string, string>, message: string]> = [
		[{PUID: '0'}, 'PUID must not be 0: reelcat needs no root.'],
		[{PUID: '00'}, 'PUID must not be 0: reelcat needs no root.'],
		[{PUID: 'ann'}, 'PUID must be the number of a user, but is "ann".'],
		[{PGID: '1;id'}, 'PGID must be the number of a group, but is "1;id".'],
		[{UMASK: '9'}, 'UMASK must be an octal number such as 077, but is "9".'],
	];
	for (const [settings, message] of refusals) {
		const {enter} = await setUp(t);
		const {exitCode, stderr, calls} = await enter(settings, '--watch');
		t.is(exitCode, 2);
		t.true(stderr.startsWith(`reelcat: ${message}`), `It said ${stderr}`);
		t.deepEqual(calls, []);
	}
});
