import path from 'node:path';
import * as z from 'zod';
import {AppError} from '../../errors.js';
import {durableWrite} from '../../store/durable-write.js';
import {guarded, ifExists} from '../../store/file-error.js';
import {nodeFileSystem, type FileSystem} from '../../store/file-system.js';
import {setAside} from '../../store/set-aside.js';
import {
	jobModes,
	jobStates,
	jobTriggers,
	type Job,
} from '../types.js';
import {emptyQueue, type Queue} from './queue.js';

export type QueueFile = {
	/**
	@throws AppError 'newer' for a file of a later reelcat, 'not-writable' for one that cannot be reached
	*/
	load: () => Promise<Queue>;
	/**
	Later calls win over earlier ones; writes nothing where the file would stay as it is.

	@throws AppError 'disk-full', 'not-writable'
	*/
	save: (queue: Queue) => Promise<void>;
	/**
	Waits for what is being written.
	*/
	close: () => Promise<void>;
	/**
	What a person must know of the file, a sentence.
	*/
	readonly notice: string | undefined;
};

const schemaVersion = 1;
const keptEnded = 50;

const instant = z.iso.datetime({offset: true});

export const jobSchema = z.object({
	id: z.string().min(1),
	library: z.object({id: z.string(), title: z.string()}),
	mode: z.enum(jobModes),
	state: z.enum(jobStates),
	trigger: z.enum(jobTriggers),
	createdAt: instant,
	dueAt: instant.optional(),
	startedAt: instant.optional(),
	finishedAt: instant.optional(),
	attempts: z.int().min(0),
	fault: z.object({code: z.string(), message: z.string(), hint: z.string().optional()}).optional(),
	note: z.string().optional(),
	runId: z.string().optional(),
	changes: z.partialRecord(z.string(), z.int()).optional(),
});

const fileSchema = z.object({
	schema: z.literal(schemaVersion),
	jobs: z.array(jobSchema),
	history: z.array(jobSchema),
});

/**
The queue on the disk, in `jobs.json`. What comes again by itself is not kept: touches, which a comparison at the next start makes up for, and runs by schedule that went well.
*/
export const openQueueFile = ({folder, fs = nodeFileSystem, now = () => new Date()}: {folder: string; fs?: FileSystem; now?: () => Date}): QueueFile => {
	const file = path.join(folder, 'jobs.json');
	let onDisk: string | undefined;
	let wanted: string | undefined;
	let writing: Promise<void> | undefined;
	let notice: string | undefined;

	const read = async (): Promise<string | undefined> => {
		const handle = await guarded(file, 'read', async () => ifExists(fs.open(file, 'r')));
		if (handle === undefined) {
			return undefined;
		}

		try {
			return String(await handle.readFile());
		} finally {
			await handle.close();
		}
	};

	const writeWanted = async () => {
		for (let text = wanted; text !== undefined && text !== onDisk; text = wanted) {
			await durableWrite(file, [text], {fs});
			onDisk = text;
		}
	};

	return {
		async load() {
			const text = await read();
			if (text === undefined) {
				return emptyQueue();
			}

			const parsed = parse(text);
			if (parsed === 'newer') {
				throw new AppError('newer', `${file} was written by a newer reelcat.`, {hint: 'Update reelcat, or move the file away: the queue starts empty then.'});
			}

			if (parsed === undefined) {
				const aside = await guarded(file, 'put aside', async () => setAside(file, {fs, now}));
				notice = `The queue of jobs could not be read and was set aside as ${aside}. It starts empty; every library is compared anyway.`;
				return emptyQueue();
			}

			onDisk = text;
			return parsed;
		},
		async save(queue) {
			wanted = textOf(queue);
			writing ??= writeWanted().finally(() => {
				writing = undefined;
			});
			await writing;
		},
		async close() {
			await writing?.catch(() => {/* told to who saved */});
		},
		get notice() {
			return notice;
		},
	};
};

const parse = (text: string): Queue | 'newer' | undefined => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	const version = z.object({schema: z.int()}).safeParse(value);
	if (version.success && version.data.schema > schemaVersion) {
		return 'newer';
	}

	const checked = fileSchema.safeParse(value);
	return checked.success ? checked.data as Queue : undefined;
};

/**
A line for each job, so that people and `diff` can read it.
*/
const textOf = ({jobs, history}: Queue): string => {
	const list = (entries: readonly Job[]) => entries.length === 0 ? '[]' : `[\n${entries.map(job => JSON.stringify(job)).join(',\n')}\n]`;
	return `{"schema":${schemaVersion},"jobs":${list(jobs.filter(job => isKept(job)))},"history":${list(history.filter(job => isKept(job)).slice(0, keptEnded))}}\n`;
};

const comesByItself = new Set<Job['trigger']>(['schedule', 'catch-up', 'start']);

const isKept = ({mode, trigger, state}: Job): boolean => mode !== 'touch'
	&& !(comesByItself.has(trigger) && ['queued', 'running', 'done'].includes(state));
