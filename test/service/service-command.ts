import {
	chmod,
	mkdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {Command} from '../../source/commands/command.js';
import {serviceCommand} from '../../source/commands/entries/daemon.js';
import {runServiceCommand} from '../../source/commands/service.js';
import {isAppError, type AppError} from '../../source/base/errors.js';
import type {OwnPaths} from '../../source/service/own-path.js';
import {unitMarker} from '../../source/service/unit.js';
import {setUp as setUpHome} from './_context.js';

/**
The command as if it were installed elsewhere.
*/
const commandOf = (own: OwnPaths): Command => ({...serviceCommand, run: async context => runServiceCommand(context, () => own)});

const command = commandOf({node: '/opt/node 24/bin/node', cli: '/opt/reelcat/dist/cli.js'});

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;

const setUp = async (t: ExecutionContext, {systemctl = '', systemdRun = ''}: {systemctl?: string; systemdRun?: string} = {}) => {
	const world = await setUpHome(t);
	await world.tool('systemctl', systemctl);
	await world.tool('systemd-run', systemdRun);
	const file = path.join(world.home, '.config/systemd/user/reelcat.service');
	return {
		...world,
		file,
		unit: async () => readFile(file, 'utf8'),
		service: async (...argv: string[]) => world.run(command, 'service', ...argv),
		/**
		What was asked of systemctl, without the question whether it is there.
		*/
		steps: async () => (await world.calls()).filter(line => line.startsWith('systemctl') && !line.includes('show')),
	};
};

const usage = async (t: ExecutionContext, work: Promise<unknown>): Promise<AppError> => {
	const error = await t.throwsAsync<AppError>(work);
	t.true(isAppError(error, 'usage'));
	return error;
};

onLinux('install writes the unit, makes the folders that it may write to, and enables it', async t => {
	const {home, file, unit, service, steps} = await setUp(t);
	const {exitCode, stdout, stderr} = await service('install');
	t.is(exitCode, 0);
	t.is(stderr, '');
	t.true(stdout.startsWith(`Wrote ${file}.\n`));
	t.regex(stdout, /loginctl enable-linger/v);
	t.is((await stat(file)).mode % 0o1000, 0o644);
	const text = await unit();
	t.true(text.startsWith(unitMarker));
	t.regex(text, /^ExecStart=:"\/opt\/node 24\/bin\/node" \/opt\/reelcat\/dist\/cli\.js --watch$/mv);
	for (const folder of ['.config', '.local/share', '.local/state']) {
		t.is((await stat(path.join(home, folder, 'reelcat'))).mode % 0o1000, 0o700);
	}

	t.deepEqual(await steps(), ['systemctl --user daemon-reload', 'systemctl --user enable reelcat.service']);
});

onLinux('done again it changes nothing, and a service that runs goes on', async t => {
	const {service, unit, steps, file} = await setUp(t);
	await service('install', '--now');
	const before = await unit();
	const {stdout} = await service('install', '--now');
	t.is(await unit(), before);
	t.true(stdout.startsWith(`${file} is up to date.\n`));
	const all = await steps();
	t.deepEqual([all[2], all[5]], ['systemctl --user restart reelcat.service', 'systemctl --user start reelcat.service']);
});

onLinux('what it is given holds for the service: options, folders, the credential', async t => {
	const {home, env, unit, service} = await setUp(t);
	const token = path.join(home, 'plex token');
	await writeFile(token, 'secret-token\n');
	env['REELCAT_DATA_DIR'] = path.join(home, 'data dir');
	env['PLEX_URL'] = 'http://nas:32400/?X-Plex-Token=secret-token';
	env['NODE_OPTIONS'] = '--require /editor/boot.js';
	await service('install', '--credential', token, '--server', 'Attic', '--concurrency', '2', '--', '--interval', '30m', '--library', 'TV Shows');
	const text = await unit();
	t.true(text.includes('ExecStart=:"/opt/node 24/bin/node" /opt/reelcat/dist/cli.js --server Attic --concurrency 2 --watch --interval 30m --library "TV Shows"\n'));
	t.true(text.includes(`LoadCredential=plex-token:${token}\n`));
	t.true(text.includes(`Environment="REELCAT_DATA_DIR=${home}/data dir"\n`));
	t.true(text.includes('Environment=PLEX_URL=http://nas:32400\n'));
	t.false(text.includes('NODE_OPTIONS'));
	t.false(text.includes('secret-token'));
	t.true(text.includes(`ReadWritePaths=${home}/.config/reelcat "${home}/data dir" ${home}/.local/state/reelcat\n`));
});

onLinux('the service may write the scheduled exports', async t => {
	const {home, unit, service} = await setUp(t);
	await mkdir(path.join(home, '.config/reelcat'), {recursive: true});
	await mkdir(path.join(home, 'kodi'));
	const profile = (name: string, output: string, every?: string) => ({
		name, format: 'csv', output, every,
	});
	await writeFile(path.join(home, '.config/reelcat/settings.json'), JSON.stringify({
		exports: [profile('page', '/srv/www/page.html', '1d'), profile('kodi', path.join(home, 'kodi'), '7d'), profile('by-hand', '/mnt/all.csv')],
	}));
	await service('install');
	t.true((await unit()).includes(`/.local/state/reelcat -/srv/www -${home}/kodi\n`));
});

onLinux('the demo is served in its own folders', async t => {
	const {home, unit, service} = await setUp(t);
	await service('install', '--demo');
	const text = await unit();
	t.regex(text, /cli\.js --demo --watch$/mv);
	t.true(text.includes(`${home}/.local/share/reelcat/demo`));
});

onLinux('secrets of the shell stay out of the unit, and that is said', async t => {
	const {env, unit, service} = await setUp(t);
	Object.assign(env, {PLEX_TOKEN: 'canary-1', HTTPS_PROXY: 'http://ann:canary-2@proxy:3128', REELCAT_API_TOKEN: 'canary-3'});
	const {stdout, stderr} = await service('install');
	t.false(`${stdout}${stderr}${await unit()}`.includes('canary'));
	for (const name of ['PLEX_TOKEN', 'HTTPS_PROXY', 'REELCAT_API_TOKEN']) {
		t.regex(stderr, new RegExp(`^${name} is not in the unit`, 'mv'));
	}
});

onLinux('the address of a database is kept with whole paths, and one with a password is left out', async t => {
	const {env, unit, service} = await setUp(t);
	await service('install', '--store', 'postgres://me@db.example/films?sslrootcert=ca.pem');
	t.regex(await unit(), /ExecStart=.* --store "postgres:\/\/me@db\.example\/films\?sslrootcert=%%2F\S+ca\.pem" --watch$/mv);
	env['REELCAT_STORE'] = 'postgres://me@db.example/films';
	await service('install', '--force');
	// Tokens lie in the data folder, not in that of the one catalogue.
	t.regex(await unit(), /ReadWritePaths=\S+ \S+\/\.local\/share\/reelcat \S+$/mv);
	env['REELCAT_STORE'] = 'postgres://me:canary-4@db.example/films';
	const {stdout, stderr} = await service('install', '--force', '--demo');
	t.false(`${stdout}${stderr}${await unit()}`.includes('canary'));
	t.regex(stderr, /^REELCAT_STORE is not in the unit/mv);
});

onLinux('a credential that holds nothing is refused before anything is written', async t => {
	const {file, service} = await setUp(t);
	await usage(t, service('install', '--credential', '/does/not/exist'));
	await t.throwsAsync(stat(file), {code: 'ENOENT'});
});

onLinux('the unit of somebody else is neither replaced nor removed without --force', async t => {
	const {file, unit, service, steps} = await setUp(t);
	await mkdir(path.dirname(file), {recursive: true});
	await writeFile(file, '[Service]\nExecStart=/bin/true\n');
	for (const action of ['install', 'remove']) {
		const {message} = await usage(t, service(action));
		t.is(message, `${file} was not written by reelcat.`);
	}

	t.is(await unit(), '[Service]\nExecStart=/bin/true\n');
	t.deepEqual(await steps(), []);
	t.is((await service('install', '--force')).exitCode, 0);
	t.true((await unit()).startsWith(unitMarker));
});

onLinux('remove stops it and takes the unit away; twice is as good as once', async t => {
	const {home, file, service, steps} = await setUp(t);
	await service('install');
	const {exitCode, stdout} = await service('remove');
	t.is(exitCode, 0);
	t.is(stdout, `Removed ${file}. The catalogue stays.\n`);
	await t.throwsAsync(stat(file), {code: 'ENOENT'});
	t.true((await stat(path.join(home, '.local/share/reelcat'))).isDirectory());
	t.deepEqual((await steps()).slice(2), ['systemctl --user disable --now reelcat.service', 'systemctl --user daemon-reload']);
	const again = await service('remove');
	t.is(again.exitCode, 0);
	t.is(again.stdout, 'No service is installed.\n');
	t.is((await steps()).length, 4);
});

onLinux('where no systemd can be reached, the unit is written and the rest is told', async t => {
	const {service, unit, steps, calls} = await setUp(t, {systemctl: 'echo "Failed to connect to bus" >&2; exit 1'});
	const {exitCode, stdout, stderr} = await service('install', '--now');
	t.is(exitCode, 0);
	t.regex(stdout, /^Wrote /v);
	t.deepEqual(stderr.split('\n').slice(1, 4), ['  systemctl --user daemon-reload', '  systemctl --user enable reelcat.service', '  systemctl --user restart reelcat.service']);
	t.deepEqual(await steps(), []);
	t.false((await calls()).some(line => line.startsWith('systemd-run')));
	// What needs a user namespace could keep it from starting, and nobody could say.
	t.notRegex(await unit(), /PrivateUsers/v);
	const removed = await service('remove');
	t.regex(removed.stderr, /systemctl --user disable --now reelcat\.service/v);
});

onLinux('a step that systemd refuses is told in its words, cleaned, with what is left to do', async t => {
	const {service} = await setUp(t, {systemctl: String.raw`case "$*" in *enable*) printf 'No \033[2Jway.\n' >&2; exit 1;; esac`});
	const {exitCode, stderr} = await service('install', '--now');
	t.is(exitCode, 1);
	t.is(stderr, [
		'"systemctl --user enable reelcat.service" failed (exit code 1): No way.',
		'When that is fixed, run:',
		'  systemctl --user enable reelcat.service',
		'  systemctl --user restart reelcat.service',
		'',
	].join('\n'));
});

onLinux('the sandbox is as tight as services can really have it here', async t => {
	const {service, unit, tool, calls} = await setUp(t);
	await service('install');
	t.regex(await unit(), /^PrivateUsers=yes$/mv);
	t.true((await calls()).some(line => line.startsWith('systemd-run --user --wait --collect --quiet') && line.includes('--property=PrivateUsers=yes') && line.endsWith(' /bin/true')));
	await tool('systemd-run', 'case "$*" in *PrivateUsers*) exit 217;; esac');
	await service('install');
	t.notRegex(await unit(), /^PrivateUsers/mv);
	t.regex(await unit(), /^ProtectSystem=strict$/mv);
	await tool('systemd-run', 'exit 226');
	await service('install');
	t.notRegex(await unit(), /^ProtectSystem/mv);
});

onLinux('show prints the unit and writes nothing', async t => {
	const {home, file, service} = await setUp(t);
	const {exitCode, stdout} = await service('show', '--', '--audit');
	t.is(exitCode, 0);
	t.regex(stdout, /--watch --audit$/mv);
	await t.throwsAsync(stat(file), {code: 'ENOENT'});
	await t.throwsAsync(stat(path.join(home, '.config')), {code: 'ENOENT'});
});

onLinux('scripts get one object', async t => {
	const {file, service} = await setUp(t);
	t.deepEqual(JSON.parse((await service('install', '--now', '--json')).stdout), {
		schema: 1, ok: true, file, isChanged: true, isEnabled: true, isStarted: true, byHand: [], leftOut: [],
	});
	t.deepEqual(JSON.parse((await service('remove', '--json')).stdout), {
		schema: 1, ok: true, file, wasThere: true, byHand: [],
	});
});

onLinux('from a place that does not last, nothing is installed', async t => {
	const {run, file} = await setUp(t);
	for (const cli of ['/home/ann/.npm/_npx/0a1b/node_modules/reelcat/dist/cli.js', '/home/ann/.cache/pnpm/dlx-1f/node_modules/reelcat/dist/cli.js', '/tmp/bunx-1000-reelcat/dist/cli.js', '/var/tmp/reelcat/dist/cli.js']) {
		const {message, hint} = await usage(t, run(commandOf({node: '/usr/bin/node', cli}), 'service', 'install'));
		t.is(message, `This reelcat runs from ${cli}, which will not stay there.`);
		t.regex(hint ?? '', /npm install --global/v);
	}

	await t.throwsAsync(stat(file), {code: 'ENOENT'});
});

onLinux('a folder where nothing may be written is told as such', async t => {
	const {home, service} = await setUp(t);
	await writeFile(path.join(home, '.config'), 'a file, not a folder');
	await chmod(path.join(home, '.config'), 0o600);
	const error = await t.throwsAsync(service('install'));
	t.true(isAppError(error, 'not-writable'));
});

onLinux('options of the daemon that it would refuse are refused, and nothing is installed', async t => {
	const {service, file} = await setUp(t);
	for (const options of [['--intervall', '30m'], ['--interval', 'now and then'], ['--quiet-hours', '25:00-26:00'], ['import']]) {
		await usage(t, service('install', '--', ...options));
	}

	await t.throwsAsync(stat(file), {code: 'ENOENT'});
});

test('an action that does not exist is named, and so are those that do', async t => {
	const {service} = await setUp(t);
	for (const argv of [[], ['start'], ['remove', 'all']]) {
		const {hint} = await usage(t, service(...argv));
		t.is(hint, 'There is: reelcat service install, remove, show.');
	}
});
