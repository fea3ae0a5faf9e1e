/**
Runs a daemon for 30 simulated days against a demo server that changes all the time and fails in every way it can: restarts, dead and silent sockets, 429 and 503, a disk that comes and goes. The clock jumps and changes to summer time, and the daemon itself restarts. The daemon runs in this process, with its catalogue on the disk; the server runs in another process.

At the end of each day the catalogue must equal a fresh import. In the end no job may have been lost or run twice, no notice may have been sent twice, and the memory must be as on the first day.

Usage: npm run soak:watch [-- --days 30 --minutes 10 --changesPerDay 110]
*/
import {spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {AppError} from '../source/base/errors.js';
import type {DemoFault} from '../source/demo/knobs/faults.js';
import {createPlexClient} from '../source/plex/client.js';
import {requestHeaders} from '../source/plex/identity-headers.js';
import {normalize} from '../source/plex/normalize/normalize.js';
import {openNotifications} from '../source/plex/notifications/connection.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {newRun} from '../source/sync/run-record.js';
import {defaultAlertLimits} from '../source/watch/alerts/alert-facts.js';
import {createDaemon, type Daemon} from '../source/watch/daemon.js';
import {openQueueFile} from '../source/watch/jobs/queue-file.js';
import {openNotifier} from '../source/watch/notify/notifier.js';
import type {Job} from '../source/watch/types.js';
import {readWatchSettings} from '../source/watch/watch-settings.js';
import {judge} from './judge.js';
import {soakedLibraries, type Deed} from './soak-deed.js';
import {createScaledClock} from './scaled-clock.js';

const {values} = parseArgs({
	options: {
		days: {type: 'string', default: '30'},
		minutes: {type: 'string', default: '10'},
		changesPerDay: {type: 'string', default: '110'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
	},
});
const days = Number(values.days);
const changesPerDay = Number(values.changesPerDay);
const dayMs = 86_400_000;
const realDayMs = Number(values.minutes) * 60_000 / days;
// Two weeks before clocks go forward in Berlin.
const clock = createScaledClock(new Date('2026-03-15T05:00:00Z'), dayMs / realDayMs);
// Connections are real, so they need real time to open and to answer.
const pushClock = createScaledClock(new Date(), 100);
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-soak-'));
console.log(`${days} days in ${values.minutes} minutes, seed ${values.seed}`);

let state = Number(values.seed) + 1;
const random = () => {
	// Lehmer's generator: the same seed gives the same sequence, as far as timing allows.
	state = (state * 48_271) % 2_147_483_647;
	return state / 2_147_483_647;
};

const demo = spawn(process.execPath, ['--import=tsx', fileURLToPath(new URL('restless-demo.ts', import.meta.url)), '150', '2'], {stdio: ['pipe', 'pipe', 'inherit']});
process.once('exit', () => {
	demo.kill();
});
const answers: Array<(answer: Record<string, unknown>) => void> = [];
const nextAnswer = async () => new Promise<Record<string, unknown>>(resolve => {
	answers.push(resolve);
});
createInterface({input: demo.stdout}).on('line', line => {
	answers.shift()?.(JSON.parse(line) as Record<string, unknown>);
});
const {url, token} = await nextAnswer() as {url: string; token: string};
const tell = async (deed: Deed): Promise<unknown> => {
	demo.stdin.write(`${JSON.stringify(deed)}\n`);
	const {answer} = await nextAnswer();
	return answer ?? undefined;
};

const delivered = new Map<string, number>();
const ends = new Map<string, number>();
const requested = new Set<string>();
let alerts = 0;

const openOne = async () => {
	const store = await openCatalog({folder, now: clock.now});
	await store.load();
	const notifier = await openNotifier({
		file: path.join(folder, 'notices.json'),
		channels: [{
			settings: {
				name: 'soak', on: ['alerts', 'changes', 'imports'], minLevel: 'info', quiet: {quietHours: undefined, quietErrors: false, timeZone: undefined},
			},
			channel: {
				name: 'soak',
				kind: 'webhook',
				async send({id}) {
					if (random() < 0.05) {
						throw new AppError('unreachable', 'The channel fails now and then.');
					}

					delivered.set(id, (delivered.get(id) ?? 0) + 1);
				},
			},
		}],
		digest: {rhythm: {everyMs: 3_600_000}},
		store,
		narrowing: {
			async index() {
				throw new Error('No channel has a query.');
			},
			queryWorld: () => ({now: clock.now(), libraries: [], servers: []}),
		},
		limits: defaultAlertLimits,
		clock,
		random,
	});
	const daemon = createDaemon({
		version: '1.0.0',
		pid: process.pid,
		store,
		async connect({signal, onRequest}) {
			const plex = createPlexClient({
				url, token, clientIdentifier: 'soak', version: '1.0.0', retry: {limit: 1}, timeouts: {responseMs: 3000, readMs: 3000}, onRequest,
			});
			try {
				const server = await plex.server({signal});
				return {
					plex,
					server,
					viewer: 'viewer',
					openPush: handlers => openNotifications({
						baseUrl: url, token, headers: requestHeaders({clientIdentifier: 'soak', version: '1.0.0'}), clock: pushClock, ...handlers,
					}),
					close: plex.close,
				};
			} catch (error) {
				plex.close();
				throw error;
			}
		},
		normalize,
		settings: readWatchSettings({
			interval: '2h', fullEvery: '0 3 * * *', quietHours: '18:00-20:00', timeZone: 'Europe/Berlin', pollEvery: '5m',
		}, {only: soakedLibraries}),
		chosenLibraries: () => undefined,
		chooseLibraries() {/* all three, each time */},
		queueFile: openQueueFile({folder, now: clock.now}),
		withLog: async (_job, work) => work({run: newRun(clock.now()), onEvent() {/* nobody reads it */}}),
		disk: async () => undefined,
		alarm: notifier,
		onOutcome: notifier.onChanges,
		clock,
		random,
	});
	const seen = new Map<string, Job['state']>();
	daemon.subscribe(({event}) => {
		if (event.type === 'alert') {
			alerts++;
		}

		if (event.type !== 'job' || event.job.state === seen.get(event.job.id)) {
			return;
		}

		seen.set(event.job.id, event.job.state);
		if (!(event.job.state === 'done' || event.job.state === 'cancelled')) {
			return;
		}

		ends.set(event.job.id, (ends.get(event.job.id) ?? 0) + 1);
		seen.delete(event.job.id);
	});
	await daemon.start();
	return {
		daemon,
		async close() {
			await daemon.close();
			await notifier.close();
			await store.close({isQuick: true});
		},
	};
};

let {daemon, close} = await openOne();
const restart = async () => {
	await close();
	({daemon, close} = await openOne());
};

const until = async (what: string, isTrue: (daemon: Daemon) => boolean | Promise<boolean>, seconds: number) => {
	const endMs = performance.now() + (seconds * 1000);
	while (!await isTrue(daemon)) {
		if (performance.now() > endMs) {
			const {notes, jobs, push} = daemon.statusNow();
			throw new Error(`Never happened: ${what}. ${JSON.stringify({push, jobs: jobs.slice(0, 5), notes: notes.slice(0, 15)}, undefined, 1)}`);
		}

		await sleep(30);
	}
};

const calm = async () => {
	await tell({deed: 'faults', faults: []});
	await tell({deed: 'replug'});
	await tell({deed: 'freeze', isFrozen: false});
	await tell({deed: 'refuse'});
};

const trouble: Array<() => Promise<void>> = [
	async () => {
		// The server restarts.
		await tell({deed: 'faults', faults: [{kind: 'reset'}]});
		await tell({deed: 'refuse', status: 503});
		await tell({deed: 'drop'});
	},
	async () => {
		await tell({deed: 'drop'});
	},
	async () => {
		await tell({deed: 'freeze', isFrozen: true});
	},
	async () => {
		await tell({
			deed: 'faults', faults: [{
				kind: 'status', status: 429, retryAfterSeconds: 1, times: 3,
			} satisfies DemoFault],
		});
	},
	async () => {
		await tell({deed: 'faults', faults: [{kind: 'status', status: 503, times: 5}, {kind: 'truncatedJson', after: 3, times: 2}]});
	},
	async () => {
		await tell({deed: 'unplug'});
	},
	async () => {
		clock.jump((random() < 0.5 ? -1 : 1) * random() * 3 * 3_600_000);
	},
	async () => {
		await restart();
	},
	async () => {
		const jobs = await daemon.refresh({library: soakedLibraries[Math.floor(random() * 3)], mode: random() < 0.5 ? 'full' : 'incremental'});
		for (const {id} of jobs) {
			requested.add(id);
		}
	},
];

const deeds = ['add', 'add', 'edit', 'edit', 'remove', 'remove', 'rekey', 'replace', 'watch'] as const;

const memory = () => {
	globalThis.gc!();
	globalThis.gc!();
	const {heapUsed, external, rss} = process.memoryUsage();
	return {usedMb: (heapUsed + external) / (2 ** 20), rssMb: rss / (2 ** 20)};
};

const memories: Array<ReturnType<typeof memory>> = [];
let changed = 0;
let differing = 0;
for (let day = 1; day <= days; day++) {
	const startMs = performance.now();
	for (let slot = 0; slot < changesPerDay; slot++) {
		await tell({deed: deeds[Math.floor(random() * deeds.length)]!, pick: Math.floor(random() * 100_000)});
		changed++;
		if (random() < 0.12) {
			await trouble[Math.floor(random() * trouble.length)]!();
		} else if (random() < 0.25) {
			await calm();
		}

		const dueMs = startMs + (realDayMs * (slot + 1) / changesPerDay);
		await sleep(Math.max(0, dueMs - performance.now()));
	}

	await calm();
	// Clock jumps may have delayed the schedule, but not the notifications and the comparison after each connection.
	await until(`day ${day}: it listens`, one => one.statusNow().push.state === 'connected', 60);
	let difference: string | undefined;
	const endMs = performance.now() + 60_000;
	do {
		await until(`day ${day}: all is done`, one => one.statusNow().jobs.every(({state: jobState}) => ['done', 'cancelled', 'waiting', 'parked'].includes(jobState)), 60);
		difference = await tell({deed: 'compare', folder}) as string | undefined;
	} while (difference !== undefined && performance.now() < endMs);

	if (difference !== undefined) {
		differing++;
		console.log(`day ${day} differs: ${difference}`);
	}

	memories.push(memory());
	const {usedMb, rssMb} = memories.at(-1)!;
	console.log(`day ${day}: ${changed} changes, ${ends.size} jobs, ${delivered.size} notices, ${alerts} alerts, ${usedMb.toFixed(1)} MB used, ${rssMb.toFixed(0)} MB resident`);
}

await until('every job that was asked for has ended', () => [...requested].every(id => ends.has(id)), 60);
await close();
demo.kill();
await rm(folder, {recursive: true});
judge([
	{what: 'days on which the catalogue was not what the server had', is: differing, limit: 0},
	{what: 'jobs that were asked for and lost', is: [...requested].filter(id => !ends.has(id)).length, limit: 0},
	{what: 'jobs that ended twice', is: ends.values().filter(count => count > 1).toArray().length, limit: 0},
	{what: 'notices that came twice', is: delivered.values().filter(count => count > 1).toArray().length, limit: 0},
	{what: 'memory in use after the last day ÷ after the first', is: memories.at(-1)!.usedMb / memories[0]!.usedMb, limit: 1.2},
]);
