import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {
	lstat,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';
import {startReelcat} from '../helpers/run-reelcat.js';
import {cleanEnv, cliFile} from '../helpers/terminal.js';

const dataOf = (home: string) => path.join(home, '.local', 'share', 'reelcat');

const underUmask = async (umask: string, home: string, args: readonly string[], env: Record<string, string>) => {
	const child = spawn('/bin/sh', ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, cliFile, ...args], {env: cleanEnv(home, env), cwd: home, stdio: 'ignore'});
	const [code] = await once(child, 'close') as [number];
	return code;
};

/**
Everything below a folder whose mode is open to others.
*/
const openIn = async (folder: string): Promise<string[]> => {
	const found: string[] = [];
	const look = async (file: string) => {
		const stats = await lstat(file);
		const wanted = stats.isDirectory() ? 0o700 : 0o600;
		if ((stats.mode & 0o777) !== wanted) { // eslint-disable-line no-bitwise
			found.push(`${file} ${(stats.mode & 0o777).toString(8)}`); // eslint-disable-line no-bitwise
		}

		if (stats.isDirectory()) {
			for (const name of await readdir(file)) {
				await look(path.join(file, name));
			}
		}
	};

	await look(folder);
	return found;
};

test('whatever the umask is, and however open folders were before, only their owner may enter them', withHousehold, async (t, {home}) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token};
	const folders = ['.config/reelcat', '.local/share/reelcat', '.local/state/reelcat'].map(name => path.join(home, name));
	t.is(await underUmask('000', home, ['import'], env), 0);
	t.deepEqual((await Promise.all(folders.map(async folder => openIn(folder)))).flat(), []);

	for (const folder of [...folders, path.join(folders[1]!, 'history'), path.join(folders[1]!, 'backups'), path.join(folders[2]!, 'logs')]) {
		spawnSync('chmod', ['777', folder]);
	}

	t.is(await underUmask('000', home, ['import'], env), 0);
	t.deepEqual((await Promise.all(folders.map(async folder => openIn(folder)))).flat(), []);

	const shared = path.join(home, 'shared');
	await mkdir(shared, {mode: 0o755});
	await writeFile(path.join(shared, 'holiday.jpg'), '');
	t.is((await runHere(home, ['import'], {env: {...env, REELCAT_DATA_DIR: shared}})).exitCode, 0);
	t.is((await lstat(shared)).mode & 0o777, 0o755); // eslint-disable-line no-bitwise
});

test('the record of the writer is not written through a link', withHousehold, async (t, {home}) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const outside = path.join(home, 'outside');
	await writeFile(outside, 'mine');
	await mkdir(dataOf(home), {recursive: true});
	await symlink(outside, path.join(dataOf(home), 'catalog.lock.json'));
	t.is((await runHere(home, ['import'], {env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}})).exitCode, 0);
	t.is(await readFile(outside, 'utf8'), 'mine');
});

test('a record that names a running writer on another machine means exit 6 with a way out, and an old one does not', withHousehold, async (t, {home}) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token};
	const record = path.join(dataOf(home), 'catalog.lock.json');
	await mkdir(dataOf(home), {recursive: true});
	await writeFile(record, JSON.stringify({pid: 5, host: 'attic', startedAt: new Date().toISOString()}));
	const refused = await runHere(home, ['import'], {env});
	t.is(refused.exitCode, 6);
	t.regex(refused.stderr, /process 5 on attic, since \d{4}-\d{2}-\d{2} \d{2}:\d{2}\)[\s\S]*remove .*catalog\.lock\.json/v);
	// Times are those of a clock on the wall.
	t.notRegex(refused.stderr, /\d{2}T\d{2}/v);
	await writeFile(record, JSON.stringify({pid: 5, host: 'attic', startedAt: '2026-01-01T00:00:00.000Z'}));
	t.is((await runHere(home, ['import'], {env})).exitCode, 0);
});

/**
The daemon may write something of its own into the folder that it has made anew, while this one is being removed.
*/
const putBack = async (away: string, folder: string) => {
	for (let tries = 0; ; tries++) {
		try {
			await rm(folder, {recursive: true, force: true, maxRetries: 10});
			await rename(away, folder);
			return;
		} catch (error) {
			if (tries === 100 || !['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
				throw error;
			}
		}
	}
};

test('a daemon whose folder is taken away says so at the next change, is not healthy, and goes on when it is back', withHousehold, async (t, {home}) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const token = 'a-token-that-is-long-enough-for-the-api-of-a-daemon';
	const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token, REELCAT_API_TOKEN: token};
	const {child, finished} = startReelcat(home, ['--watch', '--api', '127.0.0.1:0', '--library', 'Classics'], {env});
	t.teardown(() => {
		child.kill('SIGKILL');
	});
	let out = '';
	child.stdout!.on('data', chunk => {
		out += String(chunk);
	});
	const until = async (pattern: RegExp) => {
		while (!pattern.test(out) && child.exitCode === null) {
			await setTimeout(50);
		}

		t.regex(out, pattern);
	};

	await until(/added/v);
	const [row] = server.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	const add = (ratingKey: string) => {
		server.library.addItem('3', 1, {
			...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title: `New ${ratingKey}`, titleSort: ratingKey, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
		});
	};

	const away = path.join(home, 'away');
	const folder = dataOf(home);
	await rename(folder, away);
	add('700001');
	await until(/Nothing can be saved/v);
	await t.throwsAsync(lstat(path.join(folder, 'catalog.json')), {code: 'ENOENT'});
	const port = /listens on port (?<port>\d+)/v.exec(out)!.groups!['port']!;
	const response = await fetch(`http://127.0.0.1:${port}/api/v1/status`, {headers: {authorization: `Bearer ${token}`}});
	const status = await response.json() as {health: string; alerts: Array<{kind: string}>};
	t.is(status.health, 'degraded');
	t.true(status.alerts.some(({kind}) => kind === 'saving-stopped'));
	await putBack(away, folder);
	add('700002');
	await until(/Changes are saved again/v);

	// Deleted files are written anew, because the folder is still the same.
	await Promise.all(['catalog.json', 'catalog.journal'].map(async name => rm(path.join(folder, name))));
	add('700003');
	let titles = '';
	while (!titles.includes('New 700003') && child.exitCode === null) {
		titles = (await runHere(home, ['ls', '--limit=100'], {env})).stdout;
	}

	for (const title of ['New 700001', 'New 700002', 'New 700003']) {
		t.true(titles.includes(title), `${title} is in the list`);
	}

	child.kill('SIGTERM');
	t.is((await finished).exitCode, 143);
});
