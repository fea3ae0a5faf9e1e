import {askDaemon} from '../app/daemon-link.js';
import {AppError} from '../base/errors.js';
import {jobsReport} from '../reports/daemon/daemon-reports.js';
import {clean} from '../base/text/clean.js';
import type {Job} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';
import {decisiveExitCode, exitCodes} from './exit-codes.js';
import type {CommandContext} from './command.js';
import {printData} from './report-command.js';
import {runSyncCommand} from './sync.js';

export const runRefreshCommand = async (context: CommandContext): Promise<number> => {
	const {session, io, flags, input} = context;
	const {file, answer: jobs} = await askDaemon(session, io.env, async client => {
		const mode = flags.boolean('full') === true ? 'full' : 'incremental';
		const server = session.serverName();
		const asked: Job[] = [];
		for (const library of input.length === 0 ? [undefined] : input) {
			asked.push(...await client.refresh({library, mode, ...server !== undefined && {server}}));
		}

		return flags.boolean('wait') === true ? allEnded(client, asked, context) : asked;
	});
	if (file === undefined) {
		io.say('No daemon is running, so reelcat syncs here.');
		return runSyncCommand(context);
	}

	if (jobs === undefined) {
		throw new AppError('locked', `A daemon (process ${file.pid}) is running without an API, so it cannot be asked.`, {hint: 'Start it without --no-api, or end it and sync here.'});
	}

	await printData(context, jobsReport, {jobs, idLength: 8, now: new Date()});
	// A job that somebody has paused or cancelled did not do what was asked for, either.
	const failed = jobs.filter(({state}) => state !== 'done' && endStates.has(state));
	const faults = failed.map(({fault}) => fault?.code).filter(code => code !== undefined);
	return failed.length === 0 ? exitCodes.ok.code : decisiveExitCode(faults) ?? exitCodes.failed.code;
};

const endStates: ReadonlySet<Job['state']> = new Set(['done', 'cancelled', 'parked', 'waiting', 'paused']);

// Resolves when none of the jobs runs or is about to.
const allEnded = async (watcher: Pick<Watcher, 'subscribe' | 'job'>, jobs: readonly Job[], {io, signal}: CommandContext): Promise<Job[]> => {
	const latest = new Map(jobs.map(job => [job.id, job]));
	await new Promise<void>((resolve, reject) => {
		const learn = (job: Job) => {
			const before = latest.get(job.id);
			if (before === undefined) {
				return;
			}

			if (before.state !== job.state) {
				io.say(`${clean(job.library.title).trim()}: ${job.state}`);
			}

			latest.set(job.id, job);
			if (!latest.values().every(({state}) => endStates.has(state))) {
				return;
			}

			unsubscribe();
			resolve();
		};

		const unsubscribe = watcher.subscribe(({event}) => {
			const told = event.type === 'job' ? [event.job] : (event.type === 'status' ? event.status.jobs : []);
			for (const job of told) {
				learn(job);
			}
		});
		signal.addEventListener('abort', () => {
			unsubscribe();
			reject(new AppError('cancelled', 'No longer waiting; the daemon goes on.'));
		}, {once: true});
	});
	return latest.values().toArray();
};
