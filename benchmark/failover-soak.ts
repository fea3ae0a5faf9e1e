import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import type {PlexRow} from '../source/demo/library/row.js';
import {startDemoServer} from '../source/demo/server.js';
import {watchHere} from '../test/helpers/daemon-process.js';
import {startPostgres} from '../test/helpers/postgres-server.js';
import {runReelcat} from '../test/helpers/run-reelcat.js';
import {judge} from './judge.js';

/**
Two daemons watch the same server for one catalogue in PostgreSQL. The one that writes is killed, again and again, right after a film was added; the other one takes over, and a new one stands by. At the end every film is there once, in the catalogue and in its history.

Usage: npm run soak:failover [-- FAILOVERS (default 200)]
*/
const failovers = Number(process.argv[2] ?? 200);
const database = await startPostgres();
const plex = await startDemoServer({movies: 20, shows: 2});
const {schema, text: store} = database.address();
const env = {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store};
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-failover-'));
let homes = 0;

const homeOf = async (number: number) => mkdtemp(path.join(folder, `home-${number}-`));
const watch = async () => watchHere(await homeOf(homes++), {env});
const run = async (...args: string[]) => runReelcat(folder, args, {env});

const addFilm = (number: number) => {
	const [row] = plex.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
	const ratingKey = String(700_000 + number);
	plex.library.addItem('3', 1, {
		...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title: `Handover ${number}`, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
	});
};

const takeoverMs: number[] = [];
let problems = 0;
try {
	const imported = await run('import', '--all');
	if (imported.exitCode !== 0) {
		throw new Error(imported.stderr);
	}

	let active = await watch();
	await active.says(/Watching/v);
	for (let number = 1; number <= failovers; number++) {
		const standby = await watch();
		await standby.says(/Standing by/v);
		addFilm(number);
		// Some are killed before they hear of the film, some while they read it, and some when it is committed.
		await delay(Math.random() * 1500);
		active.child.kill('SIGKILL');
		await once(active.child, 'exit');
		const killedMs = performance.now();
		await standby.says(/Watching/v);
		takeoverMs.push(performance.now() - killedMs);
		active = standby;
		if (number % 10 === 0) {
			console.log(`${number} of ${failovers}: the slowest took ${(Math.max(...takeoverMs) / 1000).toFixed(1)} s`);
		}
	}

	active.child.kill('SIGTERM');
	await active.finished;
	await run('sync');
	const films = await run('ls', 'handover', '--json');
	const {items} = JSON.parse(films.stdout) as {items: Array<{title: string}>};
	const titles = items.map(({title}) => title);
	const missing = Array.from({length: failovers}, (_, index) => `Handover ${index + 1}`).filter(title => !titles.includes(title));
	const twice = titles.length - new Set(titles).size;
	const events = await database.query<{line: string}>(`SELECT line FROM ${schema}.history`);
	const added = events.map(({line}) => JSON.parse(line) as {kind: string; title?: string}).filter(({kind, title}) => kind === 'added' && title?.startsWith('Handover') === true);
	const verified = await run('verify');
	problems = missing.length + twice + Math.abs(added.length - failovers) + (verified.exitCode === 0 ? 0 : 1);
	console.log(`missing ${missing.length}, twice ${twice}, told as added ${added.length} of ${failovers}; ${verified.stdout.trim()}`);
} finally {
	await plex.close();
	await database.close();
	await rm(folder, {recursive: true, force: true});
}

judge([
	{what: 'the slowest takeover, ms', is: Math.max(...takeoverMs), limit: 10_000},
	{what: 'films lost, twice, or told more or less than once; faults of verify', is: problems, limit: 0},
]);
