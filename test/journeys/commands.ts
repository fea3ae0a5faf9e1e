import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {
	chmod,
	copyFile,
	mkdir,
	readFile,
	readdir,
	truncate,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {exportRecordSchema} from '../../source/export/record.js';
import {startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runHere} from '../helpers/run-here.js';
import {runReelcat, startReelcat, type Finished} from '../helpers/run-reelcat.js';
import {cleanEnv, cliFile} from '../helpers/terminal.js';

type ImportObject = {
	schema: number;
	ok: boolean;
	libraries: Array<Record<'expected' | 'imported' | 'unchanged' | 'failed' | 'skipped', number> & {id: string; title: string}>;
	errors: Array<{code: string; message: string; hint: string}>;
	requests: number;
	bytes: number;
};

const escape = '\u{1B}';
const dataFolder = (home: string) => path.join(home, '.local/share/reelcat/demo');
const document = (home: string) => path.join(dataFolder(home), 'catalog.json');

test('without a terminal the demo is imported, summed up and listed, without escape codes, and ends with 0', withHousehold, async (t, {home}) => {
	const {exitCode, stdout, stderr} = await runReelcat(home, ['--demo']);
	t.is(exitCode, 0, 'It says: ' + stderr);
	t.regex(stdout, /Films: 188 expected = 188 imported \+ 0 unchanged \+ 0 failed \+ 0 skipped/v);
	t.regex(stdout, /movie +Nosferatu +1922/v);
	t.false((stdout + stderr).includes(escape));
});

test('doctor --demo examines the demo server, whatever proxy there is, and --server may name no other one', withHousehold, async (t, {home}) => {
	const {exitCode, stdout} = await runHere(home, ['doctor', '--demo', '--server', 'demo theatre'], {env: {HTTP_PROXY: 'http://127.0.0.1:9'}});
	t.is(exitCode, 0, 'It says: ' + stdout);
	t.regex(stdout, /^ok +server +Demo Theatre at http:\/\/127\.0\.0\.1:/mv);
	t.deepEqual(stdout.matchAll(/^ok +(?<check>port|identity|token|libraries|clock) /gmv).map(({groups}) => groups!['check']).toArray(), ['port', 'identity', 'token', 'libraries', 'clock']);
	const help = await runHere(home, ['doctor', '--help']);
	for (const {groups} of stdout.matchAll(/^\S+ +(?<check>[\w.]+(?: [\w.]+)?) {2}/gmv)) {
		t.true(help.stdout.includes(groups!['check']!.replace(/^.* folder$/v, 'folders')), groups!['check']);
	}

	const other = await runHere(home, ['import', '--demo', '--server', 'Attic']);
	t.is(other.exitCode, 2);
	t.regex(other.stderr, /There is no server "Attic" with --demo, only "Demo Theatre"\./v);
});

test('import --json ends with one documented object whose equation holds, and a second import finds nothing new', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t);
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const first = await runHere(home, ['import', '--all', '--json'], {env});
	t.is(first.exitCode, 0, first.stderr);
	const imported = JSON.parse(first.stdout) as ImportObject;
	t.is(imported.schema, 1);
	t.true(imported.ok);
	t.true(imported.libraries.length >= 5);
	for (const library of imported.libraries) {
		t.is(library.expected, library.imported + library.unchanged + library.failed + library.skipped, library.title);
	}

	t.true(imported.requests > 0 && imported.bytes > 0);
	const second = JSON.parse((await runHere(home, ['import', '--json'], {env})).stdout) as ImportObject;
	t.true(second.libraries.every(({expected, unchanged}) => expected === unchanged));
});

test('libraries are imported by title, key or uuid, and a wrong name lists what exists', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t);
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const {stdout} = await runHere(home, ['import', 'FILMS', '3', '--json'], {env});
	t.deepEqual((JSON.parse(stdout) as ImportObject).libraries.map(({title}) => title.trim()).toSorted(), ['Classics', 'Films']);
	const wrong = await runHere(home, ['import', 'Flims'], {env});
	t.is(wrong.exitCode, 2);
	t.regex(wrong.stderr, /no library "Flims"[\s\S]*"Films" \(key 1\)/v);
	const music = await runHere(home, ['import', 'Music'], {env});
	t.is(music.exitCode, 2);
	t.regex(music.stderr, /Music cannot be imported/v);
});

test('a choice made on the command line is what a bare import takes', withHousehold, async (t, {home}) => {
	const {exitCode, stdout} = await runHere(home, ['libraries', '--demo', '--choose', 'Classics']);
	t.is(exitCode, 0);
	t.regex(stdout, /\* +3 +Classics/v);
	const imported = JSON.parse((await runHere(home, ['import', '--demo', '--json'])).stdout) as ImportObject;
	t.deepEqual(imported.libraries.map(({title}) => title.trim()), ['Classics']);
});

test('an export is the same bytes twice, every line fits the public schema, and no other item has its id', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const first = await runReelcat(home, ['export', '--demo', '--format', 'ndjson']);
	const second = await runHere(home, ['export', '--demo']);
	t.is(first.stdout, second.stdout);
	const records = first.stdout.trimEnd().split('\n').map(line => exportRecordSchema().parse(JSON.parse(line)));
	t.is(new Set(records.map(({id}) => id)).size, records.length);
	t.true(records.length > 1600);
	const ids = new Set(records.map(({id}) => id));
	const shared = records.filter(({files}) => files.some(({sharedWith}) => (sharedWith?.length ?? 0) > 0));
	t.true(shared.length > 1);
	t.true(shared.every(({files}) => files.every(({sharedWith}) => (sharedWith ?? []).every(id => ids.has(id)))));
	for (const {type, show, season} of records) {
		t.true(type !== 'episode' || (ids.has(show!.id) && ids.has(season!.id)));
	}
});

test('ls searches without regard to case and accents, and show tells everything about one item', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const found = await runHere(home, ['ls', '--demo', '--json', 'cafe', 'linnea']);
	const {items} = JSON.parse(found.stdout) as {items: Array<{id: string; title: string}>};
	t.deepEqual(items.map(({title}) => title), ['Café Linnéa']);
	const shown = await runHere(home, ['show', '--demo', items[0]!.id]);
	t.regex(shown.stdout, /Title +Café Linnéa[\s\S]*Cast[\s\S]*Plex guid/v);
	const none = await runHere(home, ['show', '--demo', 'qwertyzzz']);
	t.is(none.exitCode, 1);
	t.regex(none.stderr, /no item qwertyzzz/v);
});

test('a pipe gets whole cells, also where a shell exports how wide its terminal is', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const [whole, told] = await Promise.all([runReelcat(home, ['ls', '--demo']), runReelcat(home, ['ls', '--demo'], {env: {COLUMNS: '20', LINES: '5'}})]);
	t.true(whole.stdout.length > 10_000);
	t.is(told.stdout, whole.stdout);
});

test('a reader that has seen enough ends the listing quietly', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const child = spawn('/bin/sh', ['-c', `'${process.execPath}' '${cliFile}' export --demo | head -1 | wc -l`], {env: cleanEnv(home), stdio: ['ignore', 'pipe', 'pipe']});
	const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
	t.is(stdout.trim(), '1');
	t.is(stderr, '');
	t.is(exitCode, 0);
});

test('a wrong command line ends with 2 and says what is right', withHousehold, async (t, {home}) => {
	const cases: Array<[string[], RegExp]> = [
		[['frobnicate'], /no command "frobnicate"[\s\S]*import/v],
		[['import', '--frob'], /no option --frob/v],
		[['ls', '--all'], /--all does not belong to "ls"/v],
		[['import', '--token', 'abc'], /no --token/v],
		[['ls', '--type', 'film'], /no item type "film"[\s\S]*movie, show, season, episode/v],
		[['export', '--format', 'xml'], /no export format "xml"/v],
		[['import'], /No Plex server is known yet/v],
		[[], /needs a terminal/v],
	];
	const results = await Promise.all(cases.map(async ([args]) => runHere(home, args)));
	for (const [index, [args, message]] of cases.entries()) {
		t.is(results[index]!.exitCode, 2, args.join(' '));
		t.regex(results[index]!.stderr, message);
		t.is(results[index]!.stdout, '');
		const {stdout} = await runHere(home, [...args, '--json']);
		t.like(JSON.parse(stdout), {ok: false, error: {code: 'usage'}});
	}
});

test('a server that cannot be reached ends with 5, a wrong or missing token with 4, in plain words and without the token', withHousehold, async (t, {home}) => {
	const {url} = await startServer(t);
	const closed = await runHere(home, ['import'], {env: {PLEX_URL: 'http://127.0.0.1:9', PLEX_TOKEN: 'canary-token'}});
	t.is(closed.exitCode, 5, closed.stderr);
	const wrong = await runHere(home, ['import', '--json'], {env: {PLEX_URL: url, PLEX_TOKEN: 'canary-token'}});
	t.is(wrong.exitCode, 4, wrong.stderr);
	t.like(JSON.parse(wrong.stdout), {schema: 1, ok: false, error: {code: 'unauthorized'}});
	const missing = await runHere(home, ['libraries'], {env: {PLEX_URL: url}});
	t.is(missing.exitCode, 4, missing.stderr);
	t.false([closed, wrong, missing].some(({stdout, stderr}) => (stdout + stderr).includes('canary-token')));
});

test('a token file connects, is kept privately for the next command, and an environment token is never stored', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t);
	const {exitCode} = await runHere(home, ['libraries'], {env: {PLEX_URL: url, PLEX_TOKEN: token}});
	t.is(exitCode, 0);
	const grep = () => execFileSync('/bin/sh', ['-c', `grep -rlF '${token}' '${home}' || true`], {encoding: 'utf8'}).trim();
	t.is(grep(), '');
	const file = path.join(home, 'token.txt');
	await writeFile(file, `${token}\n`);
	const connected = await runHere(home, ['connect', url, '--token-file', file]);
	t.is(connected.exitCode, 0, connected.stderr);
	t.deepEqual(grep().split('\n').toSorted(), [path.join(home, '.local/share/reelcat/credentials.json'), file].toSorted());
	const again = await runHere(home, ['libraries', '--json']);
	t.is(again.exitCode, 0, again.stderr);
});

test('a second writer ends with 6 and says who holds the catalogue, while readers work', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t, {latencyMs: 150, movies: 4000});
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const first = startReelcat(home, ['import', 'Films'], {env});
	await new Promise<void>(resolve => {
		first.child.stderr!.on('data', (data: Uint8Array) => {
			if (new TextDecoder().decode(data).includes('Importing')) {
				resolve();
			}
		});
	});
	const second = await runHere(home, ['import', 'Films'], {env});
	t.is(second.exitCode, 6, second.stderr);
	t.regex(second.stderr, new RegExp(`process ${first.child.pid}`, 'v'));
	const reader = await runHere(home, ['ls']);
	t.is(reader.exitCode, 0, reader.stderr);
	first.child.kill('SIGTERM');
	const {exitCode} = await first.finished;
	t.is(exitCode, 143);
});

const hasItems = ({stdout}: Finished) => stdout.includes('ratingKey');

test('Ctrl-C ends an import with 130, keeps what was committed, and the equation counts the rest as skipped', withHousehold, async (t, {home}) => {
	const {url, token} = await startServer(t, {latencyMs: 150, movies: 6000});
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const {child, finished} = startReelcat(home, ['import', 'Films', '--json'], {env});
	while (!hasItems(await runHere(home, ['ls', '--json', '--limit', '1']))) {
		// The import has not committed anything yet.
		await sleep(20);
	}

	child.kill('SIGINT');
	const {exitCode, stdout} = await finished;
	t.is(exitCode, 130);
	const [films] = (JSON.parse(stdout) as ImportObject).libraries;
	t.true(films!.imported > 0 && films!.skipped > 0);
	t.is(films!.expected, films!.imported + films!.skipped);
	const {items} = JSON.parse((await runHere(home, ['ls', '--json'])).stdout) as {items: unknown[]};
	t.is(items.length, films!.imported);
});

test('Ctrl-C ends a comparison with the server with 130, also while it waits for a list', withHousehold, async (t, {home}) => {
	const server = await startServer(t);
	const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token};
	await runHere(home, ['import', 'Films'], {env});
	server.setFaults([{kind: 'silence', path: '/collections'}]);
	server.requests.reset();
	const {child, finished} = startReelcat(home, ['verify', '--server', '--json'], {env});
	while (child.exitCode === null && server.requests.latest().every(request => !request.includes('/collections'))) {
		await sleep(20);
	}

	child.kill('SIGINT');
	const {exitCode, stdout, stderr} = await finished;
	t.is(exitCode, 130, `It says: ${stderr}`);
	t.like(JSON.parse(stdout), {ok: false, error: {code: 'cancelled'}});
});

test('a catalogue that was cut by hand, or is newer, ends with 7 and is left as it is', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const whole = await readFile(document(home), 'utf8');
	await copyFile(document(home), `${document(home)}.whole`);
	await truncate(document(home), Math.floor(whole.length / 2));
	const cut = await readFile(document(home), 'utf8');
	for (const args of [['ls'], ['import', 'Films'], ['export']]) {
		const {exitCode, stderr} = await runHere(home, [...args, '--demo']);
		t.is(exitCode, 7, `${args.join(' ')}: ${stderr}`);
	}

	t.is(await readFile(document(home), 'utf8'), cut);
	const newer = whole.replace('"schemaVersion":6', '"schemaVersion":99');
	await writeFile(document(home), newer);
	const {exitCode, stderr} = await runHere(home, ['import', '--demo', 'Films']);
	t.is(exitCode, 7, 'It says: ' + stderr);
	t.regex(stderr, /newer/v);
	t.is(await readFile(document(home), 'utf8'), newer);
});

const isRoot = process.getuid?.() === 0;

test('a data folder that cannot be written ends with 8 and says which', withHousehold, async (t, {home}) => {
	const blocked = path.join(home, 'blocked');
	if (isRoot) {
		// Root may write anywhere, but not below a file.
		await writeFile(blocked, '');
	} else {
		await mkdir(blocked, {mode: 0o500});
	}

	const {exitCode, stderr} = await runHere(home, ['import', '--demo'], {env: {REELCAT_DATA_DIR: path.join(blocked, 'data')}});
	t.is(exitCode, 8, 'It says: ' + stderr);
	t.regex(stderr, /blocked/v);
	await chmod(blocked, 0o700);
});

test('the demo never touches the real catalogue and settings, nor a proxy', withHousehold, async (t, {home}) => {
	const {exitCode} = await runHere(home, ['import', '--demo', 'Classics'], {env: {HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9'}});
	t.is(exitCode, 0);
	t.deepEqual(await readdir(path.join(home, '.local/share/reelcat')), ['demo']);
	t.deepEqual(await readdir(path.join(home, '.config/reelcat')), ['demo']);
});

test('hostile titles and paths reach a pipe without any control character', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const outputs = await Promise.all([
		runReelcat(home, ['ls', '--demo']),
		runHere(home, ['ls', '--demo', '--type', 'episode']),
		runHere(home, ['ls', '--demo', '--json']),
		runHere(home, ['libraries', '--demo']),
		runHere(home, ['export', '--demo']),
	]);
	const raw = await readFile(document(home), 'utf8');
	t.true(raw.includes(String.raw`\u001b]0;`), 'the catalogue keeps what the server sent');
	for (const {stdout, exitCode} of outputs) {
		t.is(exitCode, 0);
		t.is(stdout.match(/[[\p{Control}\u{202A}-\u{202E}\u{2066}-\u{2069}]--\n]/gv), null);
	}
});

const inShell = process.platform === 'win32' ? test.skip : test;

inShell('a command that needs the folder of the shell says when it is gone, and one that does not goes on', withHousehold, async (t, {home}) => {
	const inLostFolder = (...args: readonly string[]) => spawnSync('sh', ['-c', 'mkdir lost && cd lost && rmdir ../lost && exec "$@"', 'sh', process.execPath, cliFile, ...args], {cwd: home, env: cleanEnv(home), encoding: 'utf8'});
	const {status, stderr} = inLostFolder('exports', 'save', 'all', '-o', 'all.csv');
	t.is(status, 2);
	t.is(stderr, 'reelcat: The folder in which reelcat was started is gone.\n  Go to another one with cd.\n');
	t.is(inLostFolder('exports').status, 0);
});

inShell('without a terminal a hang-up ends nothing, so nohup works, of which Node.js undoes the effect', withHousehold, async (t, {home}) => {
	const {child, finished} = startReelcat(home, ['demo-server']);
	await once(child.stdout!, 'readable');
	child.kill('SIGHUP');
	await sleep(500);
	child.kill('SIGTERM');
	t.is((await finished).exitCode, 143);
});

test('a process ends when it is done, although somebody listens to a channel within it, as pm2 does', withHousehold, async (t, {home}) => {
	const listening = `data:text/javascript,${encodeURIComponent('process.on("message", () => {})')}`;
	for (const args of [['--version'], ['--help'], ['queries'], ['ls', 'there:is-no-such-field']]) {
		const child = spawn(process.execPath, ['--import', listening, cliFile, ...args], {env: cleanEnv(home), stdio: ['ignore', 'ignore', 'ignore', 'ipc']});
		t.teardown(() => {
			child.kill('SIGKILL');
		});
		const [code] = await once(child, 'exit', {signal: AbortSignal.timeout(30_000)}) as [number];
		t.is(code, args[0] === 'ls' ? 2 : 0);
	}
});

test('without a home folder a command says so, unless it is told where its folders are', withHousehold, async (t, {home}) => {
	const run = async (env: NodeJS.ProcessEnv) => runReelcat(home, ['queries'], {env: {HOME: '', ...env}});
	const {exitCode, stderr} = await run({});
	t.is(exitCode, 2);
	t.is(stderr, 'reelcat: There is no home folder: HOME is not set.\n  Set HOME, or REELCAT_CONFIG_DIR, REELCAT_DATA_DIR and REELCAT_STATE_DIR.\n');
	t.is((await run({REELCAT_CONFIG_DIR: home, REELCAT_DATA_DIR: home, REELCAT_STATE_DIR: home})).exitCode, 0);
});

test('a user whom the system does not know, and who has no HOME, can change settings', withHousehold, async (t, {home}) => {
	const unknownUser = `data:text/javascript,${encodeURIComponent(`
		import os from 'node:os';
		import {syncBuiltinESMExports} from 'node:module';
		os.homedir = os.userInfo = () => {
			throw new Error('A system error occurred: uv_os_homedir returned ENOENT');
		};
		syncBuiltinESMExports();
	`)}`;
	const run = async (...args: string[]) => runReelcat(home, args, {
		env: {
			HOME: '', NODE_OPTIONS: `--import=${unknownUser}`, REELCAT_CONFIG_DIR: home, REELCAT_DATA_DIR: home, REELCAT_STATE_DIR: home,
		},
	});
	t.like(await run('queries', 'save', 'unseen', 'watched:no'), {exitCode: 0, stderr: ''});
	t.regex((await run('queries')).stdout, /unseen +watched:no/v);
});
