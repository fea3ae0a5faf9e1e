import type {JobAction} from '../../source/watch/kinds.js';
import type {
	Alert,
	Job,
	WatchedLibrary,
	WatchEvent,
	WatchNote,
	WatchStatus,
} from '../../source/watch/types.js';
import type {Watcher} from '../../source/watch/watcher.js';
import type {WatchLink, WatchPart} from '../../source/ui/services.js';

/**
An instant on the day of the test screens, in the time zone in which the tests run.
*/
export const today = (hours: number, minutes = 0): string => new Date(2026, 0, 15, hours, minutes).toISOString();

export const job = (id: string, change: Partial<Job> = {}): Job => ({
	id,
	library: {id: 'movies', title: 'Movies'},
	mode: 'incremental',
	state: 'queued',
	trigger: 'schedule',
	createdAt: today(11, 50),
	attempts: 0,
	...change,
});

export const watched = (id: string, change: Partial<WatchedLibrary> = {}): WatchedLibrary => ({
	id,
	title: id,
	type: 'movie',
	state: 'idle',
	items: 4812,
	lastRunAt: today(11, 57),
	lastMode: 'incremental',
	nextRunAt: today(12, 12),
	nextMode: 'incremental',
	failures: 0,
	held: 0,
	...change,
});

export const alert = (change: Partial<Alert> = {}): Alert => ({
	kind: 'sync-failing',
	subject: 'anime',
	since: today(11, 3),
	message: 'The sync of Anime failed 3 times.',
	hint: 'Look at its log with L.',
	...change,
});

export const note = (id: number, change: Partial<WatchNote> = {}): WatchNote => ({
	id, at: today(11, id), level: 'info', text: `Event ${id}.`, ...change,
});

export const watchStatus = (change: Partial<WatchStatus> = {}): WatchStatus => ({
	schema: 1,
	version: '0.1.0',
	pid: 4711,
	startedAt: today(9, 30),
	now: today(12),
	health: 'ok',
	reasons: [],
	server: {
		id: 'server', name: 'Attic', version: '1.41.0.8992-8463ad060', isReachable: true, since: today(9, 30),
	},
	push: {
		state: 'connected', via: 'websocket', since: today(9, 31), lastEventAt: today(11, 58),
	},
	libraries: [],
	jobs: [],
	alerts: [],
	notes: [],
	requests: 12_345,
	revision: 4812,
	settings: {interval: '15m', fullEvery: '7d', isAudited: false},
	...change,
});

/**
A home server on a busy day: something of everything.
*/
export const busyStatus = (): WatchStatus => watchStatus({
	health: 'degraded',
	reasons: ['The sync of Anime failed 3 times.'],
	load: {limit: 1, reason: 'streaming'},
	libraries: [
		watched('movies', {
			title: 'Movies', state: 'running', lastChanges: {added: 3, upgraded: 1}, lastChangedAt: today(10),
		}),
		watched('shows', {
			title: 'Shows', type: 'show', state: 'queued', items: 38_211, lastMode: 'full', lastRunAt: today(6),
		}),
		watched('anime', {
			title: 'アニメ', type: 'show', state: 'failing', items: 412, failures: 3,
		}),
		watched('kids', {
			title: 'Kids', state: 'held', items: 90, held: 5, lastChanges: {removed: 12},
		}),
		watched('old', {
			title: 'Old tapes', state: 'parked', items: 7, failures: 5,
		}),
	],
	jobs: [
		job('run', {state: 'running', startedAt: today(11, 59), attempts: 1}),
		job('next', {
			library: {id: 'shows', title: 'Shows'}, mode: 'full', trigger: 'request', createdAt: today(11, 59),
		}),
		job('later', {library: {id: 'kids', title: 'Kids'}, state: 'paused'}),
		job('again', {
			library: {id: 'anime', title: 'アニメ'},
			state: 'waiting',
			attempts: 3,
			dueAt: today(12, 2),
			fault: {code: 'timeout', message: 'The server did not answer within 30 seconds.'},
		}),
		job('stuck', {
			library: {id: 'old', title: 'Old tapes'},
			state: 'parked',
			attempts: 5,
			fault: {code: 'server-error', message: 'The server answered with status 500.', hint: 'Look at the log of the server.'},
		}),
		job('past', {
			state: 'done', mode: 'touch', trigger: 'notification', finishedAt: today(11, 40), changes: {added: 3, upgraded: 1}, runId: 'run-7', attempts: 1,
		}),
		job('gone', {library: {id: 'shows', title: 'Shows'}, state: 'cancelled', finishedAt: today(11, 20)}),
	],
	progress: {
		jobId: 'run', phase: 'importing', done: 2012, expected: 4812, ratePerSecond: 118, etaMs: 63_000, lastTitle: 'Alien',
	},
	alerts: [alert()],
	notes: [
		note(40, {text: 'Movies: 3 added, 1 upgraded.'}),
		note(3, {level: 'warn', text: 'The sync of Anime failed: the server did not answer within 30 seconds.'}),
		note(1, {text: 'Connected to Attic.'}),
	],
});

/**
A daemon that says what a test tells it to say, and records what it is asked.
*/
export const fakeWatch = ({status = watchStatus(), ...part}: Partial<Omit<WatchPart, 'watcher'>> & {status?: WatchStatus} = {}) => {
	const calls: string[] = [];
	const listeners = new Set<(event: WatchEvent) => void>();
	const linkListeners = new Set<(link: WatchLink) => void>();
	let failure: Error | undefined;
	let queue = status.jobs;
	const answer = <Value>(value: Value): Value => {
		if (failure !== undefined) {
			throw failure;
		}

		return value;
	};

	const watcher: Watcher = {
		status: async () => status,
		async refresh({library = 'all', mode = 'incremental'}) {
			calls.push(`refresh ${library} ${mode}`);
			return answer([job(`new-${library}`, {library: {id: library, title: library}, mode, trigger: 'request'})]);
		},
		async accept() {
			calls.push('accept');
			return answer([{id: 'films', title: 'Films', removed: 3}]);
		},
		jobs: async () => queue,
		job: async id => queue.find(one => one.id === id)!,
		async act(id: string, action: JobAction) {
			calls.push(`${action} ${id}`);
			return answer(queue.find(one => one.id === id) ?? job(id));
		},
		subscribe(listener) {
			let number = 0;
			const tell = (event: WatchEvent) => {
				listener({id: number++, event});
			};

			tell({type: 'status', status});
			listeners.add(tell);
			return () => {
				listeners.delete(tell);
			};
		},
	};
	const watch: WatchPart = {
		watcher,
		isOwn: false,
		who: 'the daemon (process 4711)',
		onLink(listener) {
			linkListeners.add(listener);
			return () => {
				linkListeners.delete(listener);
			};
		},
		...part,
	};
	return {
		watch,
		calls,
		tell(event: WatchEvent) {
			for (const listener of listeners) {
				listener(event);
			}
		},
		link(link: WatchLink) {
			for (const listener of linkListeners) {
				listener(link);
			}
		},
		listeners: () => listeners.size + linkListeners.size,
		failWith(error: Error | undefined) {
			failure = error;
		},
		reorder(jobs: Job[]) {
			queue = jobs;
		},
	};
};
