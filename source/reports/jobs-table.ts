import {clean} from '../base/text/clean.js';
import {createMoments} from '../base/text/moments.js';
import type {Job} from '../watch/types.js';
import {changesLine} from '../history/changes-line.js';
import {modeWords, triggerWords} from './job-words.js';
import {tableLines, type TableOptions} from './table.js';

/**
The lines of `reelcat jobs`. Of an id as much as tells it from the others.
*/
export const jobsTable = (jobs: readonly Job[], {now, idLength, ...options}: TableOptions & {now: Date; idLength: number}): string[] => {
	const {past, future} = createMoments(now, false);
	return tableLines([
		{heading: 'Job'},
		{heading: 'Library', isFlexible: true},
		{heading: 'What'},
		{heading: 'State'},
		{heading: 'When'},
		{heading: 'Tries', align: 'right'},
		{heading: 'Why'},
		{heading: 'What came of it', isFlexible: true},
	], jobs.map(job => [
		job.id.slice(0, idLength),
		clean(job.library.title).trim(),
		modeWords[job.mode],
		job.state,
		job.state === 'waiting' && job.dueAt !== undefined ? future(job.dueAt) : past(job.finishedAt ?? job.startedAt ?? job.createdAt),
		String(job.attempts),
		triggerWords[job.trigger],
		[job.fault?.message, job.note, job.changes === undefined ? undefined : changesLine(job.changes)].filter(text => text !== undefined).map(text => clean(text)).join(' '),
	]), options);
};
