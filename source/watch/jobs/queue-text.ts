import * as z from 'zod';
import {AppError} from '../../base/errors.js';
import {escapeObeyed} from '../../base/text/json.js';
import type {Job} from '../types.js';
import {jobSchema} from './job-schema.js';
import type {Queue} from './queue.js';

const schema = 1;
const historyKept = 50;

const endedStates = new Set(['done', 'cancelled']);

const fileSchema = z.object({
	schema: z.literal(schema),
	cancelling: z.array(z.string()),
	jobs: z.array(jobSchema.refine(({state}) => !endedStates.has(state))),
	history: z.array(jobSchema.refine(({state}) => endedStates.has(state))),
}).refine(({jobs, history}) => {
	const ids = [...jobs, ...history].map(({id}) => id);
	return new Set(ids).size === ids.length;
}, 'an id stands there twice');

/**
A queue as one JSON document with a job per line. Touches are left out: after a restart nobody knows their items any more, and a look at the whole library does their work.
*/
export const queueText = ({jobs, history, cancelling}: Queue): string => {
	const kept = jobs.filter(({mode}) => mode !== 'touch');
	const ended = history.filter(({mode}) => mode !== 'touch').slice(0, historyKept);
	const ids = cancelling.filter(id => kept.some(job => job.id === id));
	return escapeObeyed([
		`{"schema":${schema},"cancelling":${JSON.stringify(ids)},"jobs":[`,
		...lines(kept),
		'],"history":[',
		...lines(ended),
		']}\n',
	].join('\n'));
};

/**
@throws AppError 'newer' or 'damaged'; `file` names it to a person
*/
export const parseQueue = (text: string, file: string): Queue => {
	const document = parseJson(text, file);
	const head = z.object({schema: z.int().min(schema)}).safeParse(document);
	if (head.success && head.data.schema > schema) {
		throw new AppError('newer', `${file} was written by a newer reelcat (format ${head.data.schema}; this one knows up to ${schema}).`, {
			hint: 'Update reelcat. The file is left as it is.',
		});
	}

	const {data, error} = fileSchema.safeParse(document);
	if (data === undefined) {
		const {path, message} = error.issues[0]!;
		throw damaged(file, [path.join('.'), message].filter(Boolean).join(': '));
	}

	const {jobs, history, cancelling} = data;
	return {jobs, history, cancelling};
};

/**
The schema puts the fields into one order, so that equal queues are equal texts.
*/
const lines = (jobs: readonly Job[]) => jobs.map((job, index) => `${JSON.stringify(jobSchema.parse(job))}${index === jobs.length - 1 ? '' : ','}`);

const parseJson = (text: string, file: string): unknown => {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) {
			throw damaged(file, 'it is not JSON');
		}

		throw error;
	}
};

const damaged = (file: string, reason: string) => new AppError('damaged', `The jobs in ${file} cannot be read (${reason}).`);
