import path from 'node:path';
import * as z from 'zod';
import {changeKinds} from '../../catalog/kinds.js';
import {AppError, isAppError} from '../../base/errors.js';
import {nodeFileSystem, type FileSystem} from '../../base/file-system.js';
import {createKeptFile, filePlace, type TextPlace} from '../../base/kept-file.js';
import {createLoop} from '../../base/loop.js';
import {escapeObeyed} from '../../base/text/json.js';
import {jobSchema, type Job} from '../types.js';
import {emptyQueue, type Queue} from './queue.js';

const schema = 1;
const historyKept = 50;

const endedStates = new Set(['done', 'cancelled']);

/**
The file must not hold a job without an id, nor a kind of change that this version does not know.
*/
const keptJob = jobSchema.extend({
	id: z.string().min(1),
	changes: z.partialRecord(z.enum(changeKinds), z.int().nonnegative()).optional(),
});

export const queueSchema: z.ZodType<Queue> = z.object({
	schema: z.literal(schema),
	cancelling: z.array(z.string()),
	// Older versions wrote none.
	pausing: z.array(z.string()).default([]),
	jobs: z.array(keptJob.refine(({state}) => !endedStates.has(state))),
	history: z.array(keptJob.refine(({state}) => endedStates.has(state))),
}).refine(({jobs, history}) => {
	const ids = [...jobs, ...history].map(({id}) => id);
	return new Set(ids).size === ids.length;
}, 'an id stands there twice').transform(({jobs, history, cancelling, pausing}) => ({
	jobs, history, cancelling, pausing,
}));

const versionSchema = z.object({schema: z.int().min(schema)});

/**
Parsing orders the fields, so that equal queues give equal texts.
*/
const lines = (jobs: readonly Job[]) => jobs.map((job, index) => `${JSON.stringify(keptJob.parse(job))}${index === jobs.length - 1 ? '' : ','}`);

/**
A queue as a JSON document with one job per line. Touches are left out, because their items are forgotten in a restart and a comparison of the whole library covers them.
*/
export const queueText = ({jobs, history, cancelling, pausing}: Queue): string => {
	const kept = jobs.filter(({mode}) => mode !== 'touch');
	const ended = history.filter(({mode}) => mode !== 'touch').slice(0, historyKept);
	const [cancelled, paused] = [cancelling, pausing].map(ids => JSON.stringify(ids.filter(id => kept.some(job => job.id === id))));
	return escapeObeyed([
		`{"schema":${schema},"cancelling":${cancelled},"pausing":${paused},"jobs":[`,
		...lines(kept),
		'],"history":[',
		...lines(ended),
		']}\n',
	].join('\n'));
};

const comesByItself: ReadonlySet<Job['trigger']> = new Set(['start', 'schedule', 'catch-up']);

/**
A job that runs this long is worth writing to the file.
*/
export const longRunMs = 5000;

/**
Leaves out jobs that come again by themselves after a restart, unless they changed something or take long. So a daemon that finds nothing to do writes nothing, but a job that ends the process again and again is known.
*/
export const worthKeeping = (queue: Queue, now: Date): Queue => {
	const isKept = ({state, trigger, startedAt, changes = {}}: Job): boolean => {
		const isLong = state === 'running' && startedAt !== undefined && now.getTime() - Date.parse(startedAt) >= longRunMs;
		const hasChanged = Object.values(changes).some(count => (count ?? 0) > 0);
		return !comesByItself.has(trigger) || isLong || hasChanged || !['queued', 'running', 'done'].includes(state);
	};

	return {...queue, jobs: queue.jobs.filter(job => isKept(job)), history: queue.history.filter(job => isKept(job))};
};

type QueueFileOptions = {
	/**
	The data folder; it must exist.
	*/
	folder: string;
	fs?: FileSystem | undefined;
	now?: (() => Date) | undefined;
	/**
	Gets a sentence if the file was set aside.
	*/
	note?: ((text: string) => void) | undefined;
	/**
	Where the queue is kept instead of the folder, once it is written.
	*/
	place?: TextPlace | undefined;
};

/**
Keeps the queue in `jobs.json`, or where the database has it. Only one process may have it open.
*/
export const openQueueFile = ({folder, fs = nodeFileSystem, now = () => new Date(), note, place: other}: QueueFileOptions) => {
	const own = filePlace(path.join(folder, 'jobs.json'), {fs, now});
	// A daemon that did not know its server yet has left its queue in the folder.
	const place = other === undefined ? own : {...other, read: async () => await other.read() ?? own.read()};
	const {name} = place;
	const file = createKeptFile(name, {
		schema: queueSchema,
		toText: queueText,
		place,
		damaged: reason => new AppError('damaged', `The jobs in ${name} cannot be read (${reason}).`),
		newer(json) {
			const {data} = versionSchema.safeParse(json);
			return data === undefined || data.schema <= schema
				? undefined
				: new AppError('newer', `${name} was written by a newer reelcat (format ${data.schema}; this one knows up to ${schema}).`, {
					hint: 'Update reelcat. The file is left as it is.',
				});
		},
	});
	let wanted: Queue = emptyQueue;
	let failure: {error: unknown} | undefined;
	let isClosed = false;

	const loop = createLoop(async () => {
		try {
			await file.write(wanted);
			failure = undefined;
		} catch (error) {
			// A later write makes up for this one.
			failure = {error};
		}
	});

	return {
		/**
		Reads the queue. A job that ran when it was written is still `running`; the message `recover` deals with it. The queue is empty if there is no file, or if the file cannot be understood and is set aside.

		@throws AppError 'newer' for the file of a newer version, which stays; 'not-writable' if the file cannot be read
		*/
		async load(): Promise<Queue> {
			try {
				return await file.read() ?? emptyQueue;
			} catch (error) {
				if (!isAppError(error, 'damaged')) {
					throw error;
				}

				const aside = await place.setAside();
				note?.(`${error.message} It was set aside as ${aside ?? name}; the queue starts empty, and the schedule adds what is due.`);
				return emptyQueue;
			}
		},
		/**
		Resolves once this queue, or one that was saved after it, is on the disk. An unchanged queue is not written again.

		@throws AppError 'disk-full' or 'not-writable'; the old file is untouched then
		*/
		async save(queue: Queue) {
			if (isClosed) {
				throw new AppError('cancelled', `${name} is closed: reelcat is ending.`);
			}

			wanted = queue;
			loop.kick();
			await loop.idle();
			if (failure !== undefined) {
				throw failure.error;
			}
		},
		/**
		Waits for a write that is under way. Nothing can be saved afterwards.
		*/
		async close() {
			isClosed = true;
			await loop.idle();
		},
	};
};
