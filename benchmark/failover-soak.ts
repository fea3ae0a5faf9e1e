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
Three daemons keep one catalogue in PostgreSQL in step: two for the same server, and one for another server. Of the two, the one that writes is killed, again and again, right after both servers got a film; the other one takes over, and a new one stands by. At the end every film is there once, in the catalogue and in its history, and the daemon of the other server has never stopped.

Usage: npm run soak:failover [-- FAILOVERS (default 200)]
*/
const failovers = Number(process.argv[2] ?? 200);
const database = await startPostgres();
const {schema, text: store} = database.address();
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-failover-'));
const daemons = new Set<ReturnType<typeof watchHere>>();

const startSide = async (name: string, seed: number) => {
	const plex = await startDemoServer({
		movies: 20, shows: 2, name, seed,
	});
	const env = {PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store};
	const home = await mkdtemp(path.join(folder, `${name}-`));
	return {
		name,
		close: plex.close,
		run: async (...args: string[]) => runReelcat(home, args, {env}),
		async watch() {
			const daemon = watchHere(await mkdtemp(path.join(folder, `${name}-`)), {env});
			daemons.add(daemon);
			return daemon;
		},
		addFilm(number: number) {
			const [row] = plex.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
			const ratingKey = String(700_000 + number);
			plex.library.addItem('3', 1, {
				...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`, title: `Handover ${name} ${number}`, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
			});
		},
	};
};

const sides = [await startSide('Attic', 1), await startSide('Barn', 2)] as const;
const [attic, barn] = sides;

const end = async (daemon: ReturnType<typeof watchHere>, signal: NodeJS.Signals) => {
	daemons.delete(daemon);
	daemon.child.kill(signal);
	if (daemon.child.exitCode === null && daemon.child.signalCode === null) {
		await once(daemon.child, 'exit');
	}
};

const countFaults = async (): Promise<number> => {
	const {stdout} = await attic.run('ls', 'handover', '--json');
	const {items} = JSON.parse(stdout) as {items: Array<{title: string}>};
	const titles = items.map(({title}) => title);
	const wanted = sides.flatMap(({name}) => Array.from({length: failovers}, (_, index) => `Handover ${name} ${index + 1}`));
	const missing = wanted.filter(title => !titles.includes(title));
	const twice = titles.length - new Set(titles).size;
	const events = await database.query<{line: string}>(`SELECT line FROM ${schema}.history`);
	const added = events.map(({line}) => JSON.parse(line) as {kind: string; title?: string}).filter(({kind, title}) => kind === 'added' && title?.startsWith('Handover') === true);
	const told = wanted.filter(wantedTitle => added.filter(({title}) => title === wantedTitle).length !== 1);
	const gaps = await database.query(`SELECT FROM ${schema}.catalog WHERE revision <> (SELECT max(revision) FROM ${schema}.commits)`);
	const verified = await attic.run('verify');
	console.log(`missing ${missing.length}, twice ${twice}, not told as added exactly once ${told.length}, of ${wanted.length}; ${verified.stdout.trim()}`);
	return missing.length + twice + told.length + gaps.length + (verified.exitCode === 0 ? 0 : 1);
};

const takeoverMs: number[] = [];
let problems = 0;
try {
	for (const {run} of sides) {
		const imported = await run('import', '--all');
		if (imported.exitCode !== 0) {
			throw new Error(imported.stderr);
		}
	}

	const steady = await barn.watch();
	await steady.says(/Watching/v);
	let active = await attic.watch();
	await active.says(/Watching/v);
	for (let number = 1; number <= failovers; number++) {
		const standby = await attic.watch();
		await standby.says(/Standing by/v);
		for (const {addFilm} of sides) {
			addFilm(number);
		}

		// Some are killed before they hear of the film, some while they read it, and some when it is committed.
		await delay(Math.random() * 1500);
		await end(active, 'SIGKILL');
		const killedMs = performance.now();
		await standby.says(/Watching/v);
		takeoverMs.push(performance.now() - killedMs);
		active = standby;
		if (number % 10 === 0) {
			console.log(`${number} of ${failovers}: the slowest took ${(Math.max(...takeoverMs) / 1000).toFixed(1)} s`);
		}
	}

	// Watching is said once: it never had to begin again.
	const stopped = steady.child.exitCode === null ? steady.lines().filter(({msg}) => msg.startsWith('Watching')).length - 1 : 1;
	await end(active, 'SIGTERM');
	await end(steady, 'SIGTERM');
	for (const {run} of sides) {
		await run('sync');
	}

	problems = stopped + await countFaults();
} finally {
	for (const {child} of daemons) {
		child.kill('SIGKILL');
	}

	await Promise.all(sides.map(async ({close}) => close()));
	await database.close();
	await rm(folder, {recursive: true, force: true});
}

judge([
	{what: 'the slowest takeover, ms', is: Math.max(...takeoverMs), limit: 10_000},
	{what: 'films lost, twice, or told more or less than once; stops of the other daemon; faults of verify', is: problems, limit: 0},
]);
