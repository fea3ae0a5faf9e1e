import {clean} from '../../base/text/clean.js';
import {createMoments, type Moments} from '../../base/text/moments.js';
import {changesLine} from '../../history/changes-line.js';
import type {Job} from '../../watch/types.js';
import {modeWords, triggerWords} from '../job-words.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import type {Presentation} from '../report.js';

type Row = {job: Job; shortId: string; moments: Moments};

const columns: ReadonlyArray<ReportColumn<Row>> = [
	{heading: 'Job', cell: ({shortId}) => shortId},
	{heading: 'Library', isFlexible: true, cell: ({job}) => clean(job.library.title).trim()},
	{heading: 'What', cell: ({job}) => modeWords[job.mode]},
	{heading: 'State', cell: ({job}) => job.state},
	{
		heading: 'When',
		cell: ({job, moments}) => job.state === 'waiting' && job.dueAt !== undefined ? moments.future(job.dueAt) : moments.past(job.finishedAt ?? job.startedAt ?? job.createdAt),
	},
	{heading: 'Tries', align: 'right', cell: ({job}) => String(job.attempts)},
	{heading: 'Why', cell: ({job}) => triggerWords[job.trigger]},
	{heading: 'What came of it', isFlexible: true, cell: ({job}) => outcomeOf(job)},
];

/**
Jobs of the daemon, as `reelcat jobs` and `reelcat refresh` list them. `idLength` is how many characters of an id are shown.
*/
export const jobsReport: Presentation<{jobs: readonly Job[]; idLength: number; now: Date}> = {
	text({jobs, idLength, now}, options) {
		const moments = createMoments(now, false);
		return reportTable(columns, jobs.map(job => ({job, shortId: job.id.slice(0, idLength), moments})), options);
	},
	json: ({jobs}) => ({schema: 1, jobs}),
};

const outcomeOf = ({fault, note, changes}: Job) => [fault?.message, note, changes === undefined ? undefined : changesLine(changes)]
	.filter(text => text !== undefined)
	.map(text => clean(text))
	.join(' ');
