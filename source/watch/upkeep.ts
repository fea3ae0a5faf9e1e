import {requireAppError} from '../base/errors.js';
import type {Alarm} from './alerts/alerts.js';
import type {DaemonCore, DaemonOptions} from './daemon-options.js';
import {worthKeeping} from './jobs/queue-file.js';
import {createBackupRounds} from './backup-rounds.js';
import {createFaults} from './faults.js';
import type {News} from './news.js';
import {alertFacts, type DaemonFacts} from './status.js';
import type {WatchStatus} from './types.js';

type UpkeepOptions = Pick<DaemonOptions, 'store' | 'queueFile' | 'backups'> & {
	core: DaemonCore;
	alarm: Alarm;
	facts: () => DaemonFacts;
	statusNow: () => WatchStatus;
	tell: News['tell'];
};

/**
Whether a backup is due takes reading a folder, so we do not ask after every job.
*/
const backupEveryMs = 10 * 60_000;

/**
A status is large, and jobs have events of their own.
*/
const statusEveryMs = 1000;

/**
What a daemon does beside its jobs: it writes the queue file, makes backups, judges alerts and tells its status. Nobody waits for any of that.
*/
export const createUpkeep = ({store, queueFile, backups, core, alarm, facts, statusNow, tell}: UpkeepOptions) => {
	const {clock} = core;
	let working: Promise<unknown> = Promise.resolve();
	let backedUpAtMs = -Infinity;
	let cancelStatus: (() => void) | undefined;
	const faults = createFaults((level, text) => {
		core.note(text, level);
	});
	const rounds = backups && createBackupRounds(backups, clock);

	/**
	Notes a failure once, until the work succeeds again or fails in another way.
	*/
	const attempt = async (complaint: string, work: () => Promise<unknown>) => {
		try {
			await work();
			faults.clear(complaint);
		} catch (error) {
			requireAppError(error);

			faults.tell(complaint, `${complaint}: ${error.message}`);
		}
	};

	const begin = (complaint: string, work: () => Promise<unknown>) => {
		working = Promise.all([working, attempt(complaint, work)]);
	};

	const judge = async () => {
		const {raised, recovered} = await alarm.judge({...alertFacts(facts()), backups: rounds?.facts()});
		for (const [alerts, isRecovered] of [[raised, false], [recovered, true]] as const) {
			for (const alert of alerts) {
				core.note(alert.message, isRecovered ? 'info' : 'error');
				tell({type: 'alert', alert, isRecovered});
			}
		}
	};

	const keepQueue = () => {
		begin('The queue could not be written, so a restart may forget jobs', async () => queueFile.save(worthKeeping(core.state().queue, clock.now())));
	};

	const tellStatus = () => {
		tell({type: 'status', status: statusNow()});
	};

	return {
		keepQueue,
		/**
		Makes the daily backup, if it is due.
		*/
		backUp() {
			if (clock.monotonicMs() - backedUpAtMs < backupEveryMs) {
				return;
			}

			backedUpAtMs = clock.monotonicMs();
			begin('The daily backup of the catalogue failed', async () => store.backupIfDue());
		},
		/**
		Checks one backup, if one is due; call it while no job is running.
		*/
		checkBackups() {
			if (rounds?.isDue() === true) {
				begin('The backups could not be checked', async () => {
					if (await rounds.checkNext()) {
						await judge();
					}
				});
			}
		},
		/**
		Judges alerts, and tells which are new and which have recovered.
		*/
		judge() {
			begin('The alerts could not be evaluated', judge);
		},
		tellStatus,
		/**
		Tells the status within a second, with everything that changes until then.
		*/
		tellStatusSoon() {
			cancelStatus ??= clock.after(statusEveryMs, () => {
				cancelStatus = undefined;
				tellStatus();
			});
		},
		/**
		Writes the queue once more and waits for all writes.
		*/
		async close() {
			cancelStatus?.();
			keepQueue();
			await working;
		},
	};
};
