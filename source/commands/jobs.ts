import {askNamedDaemon} from '../app/daemon-link.js';
import {AppError} from '../base/errors.js';
import {jobsReport} from '../reports/daemon/daemon-reports.js';
import {defaultLimit} from '../reports/flags.js';
import {shortIdLength} from '../reports/printers/table.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {actionError} from '../watch/jobs/job-actions.js';
import {allJobs, findJob} from '../watch/jobs/queue.js';
import {reduceQueue} from '../watch/jobs/reduce-queue.js';
import {jobActions, type JobAction} from '../watch/kinds.js';
import type {Job} from '../watch/types.js';
import type {CommandContext} from './command.js';
import {printData} from './report-command.js';

export const runJobsCommand = async (context: CommandContext): Promise<number> => {
	const {input, session, io} = context;
	const [word, name, ...rest] = input;
	const action = jobActions.find(entry => entry === word);
	if ((word !== undefined && action === undefined) || (action !== undefined && name === undefined) || rest.length > 0) {
		throw new AppError('usage', word !== undefined && action === undefined ? `There is no action "${clean(word)}".` : 'Name an action and one job.', {
			hint: orNearest(action === undefined ? word ?? '' : '', jobActions, `For instance: reelcat jobs retry 1a2b3c4d. Actions are ${jobActions.join(', ')}.`),
		});
	}

	const {answer, serverId, otherServer} = await askNamedDaemon(session, io.env, async client => {
		const jobs = await client.jobs();
		return action === undefined ? jobs : [await client.act(pick(jobs, name!).id, action)];
	});
	if (otherServer !== undefined && action !== undefined) {
		throw new AppError('usage', otherServer, {hint: 'Leave out --server to control a job of this daemon.'});
	}

	const jobs = answer ?? await (action === undefined ? readQueue(context, otherServer) : changeQueue(context, action, name!, serverId));
	await tell(context, ofServer(jobs, serverId));
	return 0;
};

const ofServer = (jobs: readonly Job[], serverId: string | undefined) => jobs.filter(({library}) => serverId === undefined || (library.serverId ?? serverId) === serverId);

const pick = (jobs: readonly Job[], name: string): Job => {
	const matches = jobs.filter(({id}) => id.startsWith(name));
	if (matches.length === 1) {
		return matches[0]!;
	}

	throw new AppError('usage', matches.length === 0 ? `There is no job whose id begins with "${clean(name)}".` : `${matches.length} jobs have an id that begins with "${clean(name)}".`, {
		hint: '"reelcat jobs" lists them.',
	});
};

const tell = async (context: CommandContext, jobs: readonly Job[]) => {
	const limit = context.flags.number('limit') ?? defaultLimit;
	const isEnded = ({state}: Job) => state === 'done' || state === 'cancelled';
	const shown = [...jobs.filter(job => !isEnded(job)), ...jobs.filter(job => isEnded(job)).slice(0, limit)];
	if (shown.length === 0 && context.flags.boolean('json') !== true) {
		context.io.say('There is no job.');
		return;
	}

	await printData(context, jobsReport, {jobs: shown, idLength: shortIdLength(jobs), now: new Date()});
};

// Loaded only where no daemon answers: the schemas of everything that a daemon reports would be made at every start.
const queues = async () => import('../app/daemon-folder.js');

const readQueue = async ({io, session}: CommandContext, otherServer: string | undefined): Promise<Job[]> => {
	const {readLeftQueue} = await queues();
	const jobs = allJobs(await readLeftQueue(session));
	io.say(otherServer ?? (jobs.length === 0 ? 'No daemon is running. Start one with: reelcat --watch' : 'No daemon is running; this is the queue that the last one left.'));
	return jobs;
};

const changeQueue = async ({io, session}: CommandContext, action: JobAction, name: string, serverId: string | undefined): Promise<Job[]> => {
	const {withSessionQueue} = await queues();
	return withSessionQueue(session, 'A daemon without an API cannot be controlled; start it without --no-api.', async file => {
		const queue = await file.load();
		const job = pick(ofServer(allJobs(queue), serverId), name);
		const refusal = actionError(job, action, allJobs(queue));
		if (refusal !== undefined) {
			throw new AppError('usage', refusal);
		}

		const after = reduceQueue(queue, {
			type: 'act', id: job.id, action, at: new Date(),
		});
		await file.save(after);
		await file.close();
		io.say('No daemon is running; the next one starts with this queue.');
		return [findJob(after, job.id)!];
	});
};
