import {Buffer} from 'node:buffer';
import {existsSync} from 'node:fs';
import {
	chmod,
	mkdir,
	readdir,
	readFile,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as wait} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {startDemoServer} from '../../source/demo/server.js';
import {withHousehold, type Household} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {runReelcat} from '../helpers/run-reelcat.js';

/**
A program that writes down its arguments and its environment, and what is in the files that it is told to include, and then waits for a file `close`.
*/
const spy = (name: string, more = '') => `#!/bin/sh
printf '%s\\n' "$@" > "$HOME/${name}-arguments.new"
env > "$HOME/${name}-environment"
for argument do
	case $argument in --include=*)
		file=\${argument#--include=}
		cp "$file" "$HOME/${name}-config"
		stat -c '%a' "$file" "$(dirname "$file")" > "$HOME/${name}-modes"
	esac
done
mv "$HOME/${name}-arguments.new" "$HOME/${name}-arguments"
${more}
`;

/**
Puts into a folder the programs that the spies need, so that a PATH of this folder alone has no player of this machine.
*/
const linkPrograms = async (bin: string) => {
	const folders = process.env['PATH']!.split(':');
	for (const name of ['sh', 'env', 'cp', 'mv', 'stat', 'dirname', 'sleep']) {
		const file = folders.map(folder => path.join(folder, name)).find(found => existsSync(found));
		await symlink(file!, path.join(bin, name));
	}
};

const untilRead = async (file: string): Promise<string> => {
	for (let tries = 0; tries < 1500; tries++) {
		try {
			return await readFile(file, 'utf8');
		} catch {
			await wait(20);
		}
	}

	throw new Error(`${file} never came.`);
};

const setUp = async (t: ExecutionContext, {home, sit}: Household, env: Record<string, string> = {}) => {
	const {url, token, close} = await startDemoServer({movies: 3, shows: 0});
	t.teardown(close);
	const [bin, temporary] = [path.join(home, 'bin'), path.join(home, 'temporary')];
	await Promise.all([bin, temporary].map(async folder => mkdir(folder)));
	await linkPrograms(bin);
	const all = {
		PLEX_URL: url, PLEX_TOKEN: token, PATH: bin, TMPDIR: temporary, DISPLAY: ':77', ...env,
	};
	const imported = await runHere(home, ['import', '--all'], {env: all});
	t.is(imported.exitCode, 0, imported.stderr);
	const person = sit({env: all});
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(/1\/\d+/v);
	const program = async (name: string, more?: string) => {
		await writeFile(path.join(bin, name), spy(name, more));
		await chmod(path.join(bin, name), 0o755);
	};

	return {
		person, url, token, close, program, temporary,
	};
};

test('P plays with mpv while the app stays up; the token is in a private file that is gone afterwards, and nowhere else', withHousehold, async (t, household) => {
	const {home} = household;
	const {person, url, token, program, temporary} = await setUp(t, household);
	person.type('/metropolis\r');
	await person.sees(/1\/1 \(/v);
	person.type('P');
	await person.sees('mpv is not installed here');
	await program('mpv', 'while [ ! -e "$HOME/close" ]; do sleep 0.1; done; exit 2');
	person.type('P');
	const given = await untilRead(path.join(home, 'mpv-arguments'));
	t.regex(given, /^--force-media-title=Metropolis$/mv);
	const urls = given.slice(given.indexOf('\n--\n') + 4).trim().split('\n');
	t.true(urls.length > 0 && urls.every(text => text.startsWith(`${url}/library/parts/`)));
	const environment = await readFile(path.join(home, 'mpv-environment'), 'utf8');
	t.regex(environment, /^DISPLAY=:77$/mv);
	t.false(given.includes(token));
	t.false(environment.includes(token));
	t.false(environment.includes('PLEX_'));
	const config = await readFile(path.join(home, 'mpv-config'), 'utf8');
	t.true(config.startsWith(`http-header-fields-append=%${token.length + 14}%X-Plex-Token: ${token}\n`));
	t.regex(config, /^tls-verify=yes$/mv);
	t.is(await readFile(path.join(home, 'mpv-modes'), 'utf8'), '600\n700\n');

	person.type('?');
	await person.sees('Keys of the list');
	// A key takes messages away, so Esc must not come after the one that is looked for.
	person.type('\u{1B}');
	await person.sees(screen => !screen.includes('Keys of the list'));
	await writeFile(path.join(home, 'close'), '');
	await person.sees('mpv could not play "Metropolis" (code 2)');
	t.deepEqual((await readdir(temporary)).filter(name => name.startsWith('reelcat-mpv')), []);
	t.false(person.written().includes(token));
	person.type('Q');
	t.is((await person.exit).exitCode, 0);
});

test('P without a server or a desktop says so, and starts nothing', withHousehold, async (t, household) => {
	const {home} = household;
	const {person, close, program} = await setUp(t, household);
	await program('mpv');
	await close();
	person.type('P');
	await person.sees(/refused|cannot be reached|does not answer|nothing listens/iv);
	t.false((await readdir(home)).includes('mpv-arguments'));
	person.type('Q');
	await person.exit;
});

test('o gives the opener an address of Plex Web without a token; over SSH the address is shown and goes to the clipboard', withHousehold, async (t, household) => {
	const {home} = household;
	const {person, token, program} = await setUp(t, household);
	await program('xdg-open');
	person.type('o');
	const given = await untilRead(path.join(home, 'xdg-open-arguments'));
	t.regex(given, /^https:\/\/app\.plex\.tv\/desktop\/#!\/server\/[^\/]+\/details\?key=%2Flibrary%2Fmetadata%2F\d+\n$/v);
	await person.sees('Opened in Plex Web');
	const environment = await readFile(path.join(home, 'xdg-open-environment'), 'utf8');
	t.false(`${given}${environment}`.includes(token));
	person.type('Q');
	await person.exit;

	const far = household.sit({env: {SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', DISPLAY: ':77', TMUX: '/tmp/none,1,0'}});
	await far.sees(/Films[ \-─]+Movies/v);
	far.type('l');
	await far.sees(/1\/\d+/v);
	far.type('o');
	await far.sees('https://app.plex.tv/desktop/');
	const copied = Buffer.from(given.trim()).toString('base64');
	t.true(far.written().includes(`\u{1B}]52;c;${copied}\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;${copied}\u{7}\u{1B}\\`));
	far.type('Q');
	await far.exit;
});

test('marked movies are copied by OSC 52 and written as NDJSON to a private file, and the screen stays as it was', withHousehold, async (t, household) => {
	const {home} = household;
	const {person} = await setUp(t, household);
	person.type('  ');
	await person.sees(/2 marked, [\d.]+ [GKMT]B {2}3\//v);
	person.type('y');
	await person.sees('Copy of 2 items');
	person.type('r');
	await person.sees('Sent to the clipboard: the records of 2 items.');
	const {data} = person.requests().find(({code}) => code === 52)!;
	const records = Buffer.from(data.replace(/^c;/v, ''), 'base64').toString().split('\n').map(text => JSON.parse(text) as {schema: number; title: string});
	t.is(records.length, 2);
	t.true(person.screen().includes('2 marked'));
	t.true(person.screen().includes(records[1]!.title.slice(0, 12)), person.screen());
	person.type('e');
	await person.sees('Written, 2 records as NDJSON');
	const name = (await readdir(home)).find(entry => entry.endsWith('.ndjson'))!;
	const file = path.join(home, name);
	t.is((await stat(file)).mode % 0o1000, 0o600);
	const exported = await runHere(home, ['export']);
	for (const written of (await readFile(file, 'utf8')).trim().split('\n')) {
		t.true(exported.stdout.split('\n').includes(written));
	}

	person.type('Q');
	await person.exit;
});

test('show --open gives the opener the address of the one item, without a token, and prints it where no browser can be opened', withHousehold, async (t, household) => {
	const {home} = household;
	const {url, token, program} = await setUp(t, household);
	const env = {
		PLEX_URL: url, PLEX_TOKEN: token, PATH: `${path.join(home, 'bin')}:${process.env['PATH']!}`, DISPLAY: ':77',
	};
	const open = async (more: Record<string, string> = {}, ...args: string[]) => runReelcat(home, ['show', 'metropolis', '--open', ...args], {env: {...env, ...more}});
	// It runs on as a browser does, and the command does not wait for it.
	await program('xdg-open', 'sleep 20');
	const opened = await open();
	t.like(opened, {exitCode: 0, stdout: '', stderr: 'Opened in Plex Web: "Metropolis".\n'});
	const given = await untilRead(path.join(home, 'xdg-open-arguments'));
	t.regex(given, /^https:\/\/app\.plex\.tv\/desktop\/#!\/server\/[^\/]+\/details\?key=%2Flibrary%2Fmetadata%2F\d+\n$/v);
	t.false(given.includes(token));
	t.false((await readFile(path.join(home, 'xdg-open-environment'), 'utf8')).includes(token));

	t.like(await open({SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22'}), {exitCode: 0, stdout: given, stderr: 'Over SSH no browser of yours can be opened; this is its address in Plex Web.\n'});
	await program('xdg-open', 'exit 3');
	const failed = await open({}, '--json');
	t.deepEqual(JSON.parse(failed.stdout), {schema: 1, address: given.trim(), opened: false});
	const none = await runReelcat(home, ['show', 'zardoz', '--open'], {env});
	t.is(none.exitCode, 1);
	t.regex(none.stderr, /There is no item zardoz in the catalogue/v);
});
