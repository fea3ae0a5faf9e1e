import {paceWords} from '../../sync/pace-words.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, formatInstant, plural} from '../../base/text/format.js';
import {createMoments, type Moments} from '../../base/text/moments.js';
import {plainPaint} from '../../base/text/style.js';
import type {LibraryNames} from '../../catalog/library-names.js';
import type {LockHolder} from '../../catalog/catalog-store.js';
import type {Library} from '../../catalog/types.js';
import {holderWords} from '../../catalog/writer-words.js';
import type {Job, WatchStatus} from '../../watch/types.js';
import {changesLine} from '../../history/changes-line.js';
import {
	jobCounts,
	modeWords,
	pushWords,
	triggerWords,
} from '../job-words.js';
import {withServerColumn} from '../printers/server-column.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import {healthTones, jobTones} from '../printers/tones.js';
import type {Presentation} from '../report.js';

type WatchedRow = {library: WatchStatus['libraries'][number]; moments: Moments};

const watchedColumns: ReadonlyArray<ReportColumn<WatchedRow>> = [
	{heading: 'Library', isFlexible: true, cell: ({library}) => clean(library.title).trim()},
	{heading: 'State', cell: ({library}) => library.state},
	{heading: 'Items', align: 'right', cell: ({library}) => formatCount(library.items)},
	{heading: 'Last', cell: ({library, moments}) => library.lastRunAt === undefined ? 'never' : moments.past(library.lastRunAt)},
	{heading: 'Next', cell: ({library, moments}) => library.nextRunAt === undefined ? '' : `${modeWords[library.nextMode ?? 'incremental']} ${moments.future(library.nextRunAt)}`},
	{heading: 'Last changes', isFlexible: true, cell: ({library}) => library.lastChanges === undefined ? '' : changesLine(library.lastChanges)},
];

/**
The state of a running daemon.
*/
export const statusReport: Presentation<WatchStatus> = {
	text(status, options) {
		const {paint = plainPaint} = options;
		const moments = createMoments(new Date(status.now), false);
		const {clock, future} = moments;
		const {server, push, alerts, load, settings} = status;
		const slower = paceWords(load?.reason as Parameters<typeof paceWords>[0]);
		return [
			`reelcat ${status.version} has watched since ${clock(status.startedAt)} (process ${status.pid}): ${paint(healthTones[status.health], status.health)}`,
			...status.reasons.map(reason => paint('warn', `  ${clean(reason)}`)),
			`Server        ${server === undefined ? 'not reached yet' : `${clean(server.name)}, ${server.isReachable ? 'reachable' : 'not reachable'} since ${clock(server.since)}`}`,
			`Push          ${pushWords(push)} since ${clock(push.since)}${push.reason === undefined ? '' : `: ${clean(push.reason)}`}`,
			`Schedule      every ${settings.interval}, in full every ${settings.fullEvery}${settings.quietHours === undefined ? '' : `, quiet ${settings.quietHours}`}${settings.isAudited ? ', audited' : ''}`,
			...status.quietUntil === undefined ? [] : [`Quiet hours   end ${future(status.quietUntil)}`],
			`Requests      ${formatCount(status.requests)} so far${load === undefined ? '' : `, ${plural(load.limit, 'request')} at a time`}${slower === undefined ? '' : ` (${slower})`}`,
			`Jobs          ${jobCounts(status.jobs)}`,
			'',
			...reportTable(watchedColumns, status.libraries.map(library => ({library, moments})), options),
			...alerts.length === 0 ? [] : ['', ...alerts.map(alert => paint('warn', `! ${clean(alert.message)} (since ${clock(alert.since)})`))],
		];
	},
	json: status => status,
};

const libraryColumns: ReadonlyArray<ReportColumn<Library>> = [
	{heading: 'Library', isFlexible: true, cell: ({title}) => clean(title).trim()},
	{heading: 'Items', align: 'right', cell: ({counts}) => formatCount(counts.movie + counts.show + counts.season + counts.episode)},
	{heading: 'Last looked at', cell: ({sync}) => sync === undefined ? 'never completely' : formatInstant(sync.lookedAt)},
	{heading: 'Last in full', cell: ({sync}) => sync === undefined ? '' : formatInstant(sync.fullAt)},
	{
		heading: 'Held', align: 'right', cell: ({sync}) => formatCount(sync?.held?.items ?? 0), tone: ({sync}) => sync?.held === undefined ? 'dim' : 'warn',
	},
];

/**
What the catalogue says if no daemon of this machine can be asked. `pid` is the process id of a daemon without an API; undefined if none runs. `otherServer` is a sentence about a daemon that watches another server than the asked one. `writers` are all who write at the moment, where that may be several.
*/
export const unwatchedReport: Presentation<{pid: number | undefined; otherServer?: string | undefined; revision: number; writers: readonly LockHolder[]; libraries: readonly Library[]; names: LibraryNames}> = {
	text: ({pid, otherServer, libraries, writers, names}, options) => [
		otherServer ?? (pid === undefined ? 'No daemon is running. Start one with: reelcat --watch' : `A daemon is running (process ${pid}) without an API, so its state is unknown.`),
		...writers.map(writer => `Written by ${clean(holderWords(writer))}.`),
		...(libraries.length === 0 ? [] : ['', ...reportTable(withServerColumn(libraryColumns, names, ({id}) => id), libraries, options)]),
	],
	json: ({pid, otherServer, revision, libraries, writers, names}) => ({
		schema: 1,
		isWatched: pid !== undefined && otherServer === undefined,
		revision,
		...writers.length > 0 && {writers},
		libraries: libraries.map(({id, title, counts, sync}) => ({
			id, title, ...names.serverOf(id), counts, lookedAt: sync?.lookedAt, sweptAt: sync?.sweptAt, fullAt: sync?.fullAt, held: sync?.held?.items ?? 0,
		})),
	}),
};

type JobRow = {job: Job; shortId: string; moments: Moments};

const jobColumns: ReadonlyArray<ReportColumn<JobRow>> = [
	{heading: 'Job', cell: ({shortId}) => shortId, tone: () => 'dim'},
	{heading: 'Library', isFlexible: true, cell: ({job}) => clean(job.library.title).trim()},
	{heading: 'What', cell: ({job}) => modeWords[job.mode]},
	{heading: 'State', cell: ({job}) => job.state, tone: ({job}) => jobTones[job.state]},
	{
		heading: 'When',
		cell: ({job, moments}) => job.state === 'waiting' && job.dueAt !== undefined ? moments.future(job.dueAt) : moments.past(job.finishedAt ?? job.startedAt ?? job.createdAt),
	},
	{heading: 'Tries', align: 'right', cell: ({job}) => String(job.attempts)},
	{heading: 'Why', cell: ({job}) => triggerWords[job.trigger]},
	{
		heading: 'Result', isFlexible: true, cell: ({job}) => outcomeOf(job), tone: ({job}) => job.fault === undefined ? undefined : 'bad',
	},
];

/**
Jobs of the daemon, as `reelcat jobs` and `reelcat refresh` list them. `idLength` is how many characters of an id are shown.
*/
export const jobsReport: Presentation<{jobs: readonly Job[]; idLength: number; now: Date}> = {
	text({jobs, idLength, now}, options) {
		const moments = createMoments(now, false);
		const serverIds = new Set(jobs.map(({library}) => library.serverId).filter(id => id !== undefined));
		const shown: ReadonlyArray<ReportColumn<JobRow>> = serverIds.size > 1 ? jobColumns.toSpliced(2, 0, {heading: 'Server', cell: ({job}) => clean(job.library.server ?? '')}) : jobColumns;
		return reportTable(shown, jobs.map(job => ({job, shortId: job.id.slice(0, idLength), moments})), options);
	},
	json: ({jobs}) => ({schema: 1, jobs}),
};

const outcomeOf = ({fault, note, changes}: Job) => [fault?.message, note, changes === undefined ? undefined : changesLine(changes)]
	.filter(text => text !== undefined)
	.map(text => clean(text))
	.join(' ');
