import type {Clock} from '../base/clock.js';
import {isAppError} from '../base/errors.js';
import type {Alarm} from './alerts/alerts.js';
import type {DaemonCore, DaemonOptions} from './daemon-options.js';
import {worthKeeping} from './jobs/queue-file.js';
import type {News} from './news.js';
import {alertFacts, type DaemonFacts} from './status.js';
import type {WatchStatus} from './types.js';

type UpkeepOptions = Pick<DaemonOptions, 'store' | 'queueFile'> & {
	core: DaemonCore;
	clock: Clock;
	alarm: Alarm;
	facts: () => DaemonFacts;
	statusNow: () => WatchStatus;
	tell: News['tell'];
};

/**
What a daemon does beside its jobs: it keeps the queue on the disk, makes backups, judges what is wrong and tells its status. Nobody waits for any of that.
*/
type Upkeep = {
	keepQueue: () => void;
	/**
	Makes the daily backup, if it is due.
	*/
	backUp: () => void;
	/**
	Compares what is wrong with what was told, and tells the difference.
	*/
	judge: () => void;
	tellStatus: () => void;
	/**
	Within a second, together with whatever else changes until then.
	*/
	tellStatusSoon: () => void;
	/**
	Keeps the queue once more and waits for everything that is being written.
	*/
	close: () => Promise<void>;
};

/**
To find out whether a backup is due, a folder is read.
*/
const backupEveryMs = 10 * 60_000;

/**
A status is long, and jobs tell their own news.
*/
const statusEveryMs = 1000;

export const createUpkeep = ({store, queueFile, core, clock, alarm, facts, statusNow, tell}: UpkeepOptions): Upkeep => {
	let working: Promise<unknown> = Promise.resolve();
	let backedUpAtMs = -Infinity;
	let cancelStatus: (() => void) | undefined;
	const failing = new Set<string>();

	/**
	Tells a failure once, until the work succeeds again.
	*/
	const attempt = async (complaint: string, work: () => Promise<unknown>) => {
		try {
			await work();
			failing.delete(complaint);
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			if (!failing.has(complaint)) {
				failing.add(complaint);
				core.note(`${complaint}: ${error.message}`, 'warn');
			}
		}
	};

	const begin = (complaint: string, work: () => Promise<unknown>) => {
		working = Promise.all([working, attempt(complaint, work)]);
	};

	const judge = async () => {
		const {raised, recovered} = await alarm.judge(alertFacts(facts()));
		for (const [alerts, isRecovered] of [[raised, false], [recovered, true]] as const) {
			for (const alert of alerts) {
				core.note(alert.message, isRecovered ? 'info' : 'error');
				tell({type: 'alert', alert, isRecovered});
			}
		}
	};

	const keepQueue = () => {
		begin('The queue could not be written, so that a restart may forget jobs', async () => queueFile.save(worthKeeping(core.state().queue, clock.now())));
	};

	const tellStatus = () => {
		tell({type: 'status', status: statusNow()});
	};

	return {
		keepQueue,
		backUp() {
			if (!(clock.monotonicMs() - backedUpAtMs >= backupEveryMs)) {
				return;
			}

			backedUpAtMs = clock.monotonicMs();
			begin('The daily backup of the catalogue failed', async () => store.backupIfDue());
		},
		judge() {
			begin('What is wrong could not be judged', judge);
		},
		tellStatus,
		tellStatusSoon() {
			cancelStatus ??= clock.after(statusEveryMs, () => {
				cancelStatus = undefined;
				tellStatus();
			});
		},
		async close() {
			cancelStatus?.();
			keepQueue();
			await working;
		},
	};
};
