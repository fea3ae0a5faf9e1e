import {
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';

const withServer = async (t: ExecutionContext) => {
	const server = await startDemoServer({movies: 10, shows: 0});
	t.teardown(server.close);
	const [row] = server.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	return {
		server,
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token},
		addFilm(ratingKey: string, title: string) {
			server.library.addItem('3', 1, {
				...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title, titleSort: title, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
			});
		},
	};
};

const watchArgs = ['--watch', '--library', 'Classics', '--api', '127.0.0.1:0'];

test('the dashboard shows what is told at every size, and a second reelcat beside it is its viewer until it ends, and again of the next one', withHousehold, async (t, {home, sit}) => {
	const {env, addFilm} = await withServer(t);
	const person = sit({
		columns: 120, rows: 40, env, args: watchArgs,
	});
	await person.sees(/Classics +sync +✓ done[\s\S]*8 added/v);
	await person.sees(/notifications by websocket/v);
	addFilm('700001', 'AAA Told by the Server');
	await person.sees(/Classics +items +✓ done[\s\S]*1 added/v);
	person.resize(80, 24);
	await person.sees(screen => screen.split('\n').length === 24 && /Classics +✓ idle/v.test(screen));
	person.resize(40, 10);
	await person.sees(screen => screen.split('\n').length === 10 && screen.includes('1 added'));
	person.resize(120, 40);
	await person.sees(/Title +State +Items/v);

	const viewer = sit({columns: 100, rows: 24, env});
	await viewer.sees(/The daemon \(process \d+\) writes/v);
	viewer.type('jj');
	await viewer.sees(/[>›] .*Classics/v);
	viewer.type('b');
	await viewer.sees('AAA Told by the Server');
	addFilm('700002', 'AAB Added While Looking');
	await viewer.sees('AAB Added While Looking');
	viewer.type('R');
	await viewer.sees(/Watch/v);
	await viewer.sees(/Classics +sync +✓ done/v);

	const {api} = JSON.parse(await readFile(path.join(home, '.local/share/reelcat/daemon.json'), 'utf8')) as {api: {url: string}};
	const address = new URL(api.url).host;
	person.type('q');
	await person.sees(/y quit/v);
	person.type('y');
	t.is((await person.exit).exitCode, 0);
	t.false(person.isAlternateScreen());
	await viewer.sees(/The daemon \(process \d+\) has ended; this app writes now\./v);
	t.notRegex(viewer.screen(), /writes and runs|daemon lost/v);
	await viewer.sees('No daemon is running.');
	addFilm('700003', 'AAC Synced Alone');
	viewer.type('\u{1B}');
	await viewer.sees('AAB Added While Looking');
	viewer.type('R');
	await viewer.sees('In step: 1 added.');
	viewer.type('\u{1B}');
	await viewer.sees('AAC Synced Alone');

	const next = sit({
		columns: 120, rows: 40, env, args: [...watchArgs.slice(0, -1), address],
	});
	await next.sees(/Classics +✓ idle/v);
	await viewer.sees(new RegExp(String.raw`The daemon \(process ${next.pid}\) writes`, 'v'));
	addFilm('700004', 'AAD Told Again');
	await viewer.sees('AAD Told Again');
	viewer.type('R');
	await viewer.sees(/Watch[\s\S]*Classics +sync +✓ done/v);
	viewer.type('Q');
	await viewer.exit;
});

test('Ctrl-C asks once and ends at the second time, and a signal gives the terminal back', withHousehold, async (t, {sit}) => {
	const {env} = await withServer(t);
	const person = sit({
		columns: 80, rows: 24, env, args: watchArgs,
	});
	await person.sees(/8 added/v);
	person.type('\u{3}');
	await person.sees(/Press Ctrl-C again/v);
	person.type('\u{3}');
	t.is((await person.exit).exitCode, 130);
	t.false(person.isAlternateScreen());

	const other = sit({
		columns: 80, rows: 24, env, args: watchArgs,
	});
	await other.sees(/notifications by websocket/v);
	other.signal('SIGTERM');
	t.is((await other.exit).exitCode, 143);
	t.false(other.isAlternateScreen());
});

test('no secret of a daemon is in its files, its answers, its screen or its arguments', withHousehold, async (t, {home, sit}) => {
	const {env} = await withServer(t);
	const config = path.join(home, '.config/reelcat');
	const data = path.join(home, '.local/share/reelcat');
	t.is((await runHere(home, ['import', 'Classics'], {env})).exitCode, 0);
	const hook = 'canary-of-the-webhook-0123456789';
	await writeFile(path.join(config, 'notify.json'), JSON.stringify({
		schema: 1, channels: [{
			name: 'hook', kind: 'webhook', url: `http://127.0.0.1:9/${hook}`, secret: 'canary-of-the-signature',
		}],
	}), {mode: 0o600});
	const apiToken = 'canary-of-the-api-0123456789';
	const person = sit({
		columns: 120, rows: 40, env: {...env, REELCAT_API_TOKEN: apiToken}, args: watchArgs,
	});
	await person.sees(/notifications by websocket/v);
	const file = JSON.parse(await readFile(path.join(data, 'daemon.json'), 'utf8')) as {pid: number; api: {url: string}};
	const ask = async (route: string) => {
		const response = await fetch(`${file.api.url}${route}`, {headers: {Authorization: `Bearer ${apiToken}`}});
		return response.text();
	};

	const answers = await Promise.all(['/api/v1/status', '/api/v1/jobs', '/metrics', '/api/v1/openapi.json', '/api/v1/changes?since=2020-01-01T00:00:00Z', '/nothing'].map(async route => ask(route)));
	const listed = await runHere(home, ['notify', 'list', '--json'], {env});
	const tested = await runHere(home, ['notify', 'test'], {env});
	const args = await readFile(`/proc/${file.pid}/cmdline`, 'utf8');
	person.type('Q');
	person.type('\u{3}');
	person.type('\u{3}');
	await person.exit;

	const files = await Promise.all(['daemon.json', 'jobs.json', 'notices.json', 'catalog.json'].map(async name => readFile(path.join(data, name), 'utf8').catch(() => '')));
	const logs = path.join(home, '.local/state/reelcat/logs');
	const logged = await Promise.all((await readdir(logs)).map(async name => readFile(path.join(logs, name), 'utf8')));
	const told = [...answers, listed.stdout, listed.stderr, tested.stdout, tested.stderr, args, person.written(), ...files, ...logged].join('\n');
	t.true(told.length > 1000);
	for (const secret of [env.PLEX_TOKEN, apiToken, hook, 'canary-of-the-signature']) {
		t.false(told.includes(secret), `a secret that begins with ${secret.slice(0, 12)} was told`);
	}

	for (const name of await readdir(data)) {
		const {mode} = await stat(path.join(data, name));
		// The lock holds nothing.
		t.true(mode.toString(8).endsWith('00') || name === 'catalog.lock', `${name} is readable by others`);
	}
});
