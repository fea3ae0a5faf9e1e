import {paceWords} from '../../sync/pace-words.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, formatInstant, plural} from '../../base/text/format.js';
import {createMoments, type Moments} from '../../base/text/moments.js';
import type {Library} from '../../catalog/types.js';
import type {WatchStatus} from '../../watch/types.js';
import {changesLine} from '../../history/changes-line.js';
import {jobCounts, modeWords, pushWords} from '../job-words.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
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
		const moments = createMoments(new Date(status.now), false);
		const {past, future} = moments;
		const {server, push, alerts, load, settings} = status;
		const slower = paceWords(load?.reason as Parameters<typeof paceWords>[0]);
		return [
			`reelcat ${status.version} watches since ${past(status.startedAt)} (process ${status.pid}): ${status.health}`,
			...status.reasons.map(reason => `  ${clean(reason)}`),
			`Server        ${server === undefined ? 'not reached yet' : `${clean(server.name)}, ${server.isReachable ? 'reachable' : 'not reachable'} since ${past(server.since)}`}`,
			`Notifications ${pushWords(push)} since ${past(push.since)}${push.reason === undefined ? '' : `: ${clean(push.reason)}`}`,
			`Schedule      every ${settings.interval}, in full every ${settings.fullEvery}${settings.quietHours === undefined ? '' : `, quiet ${settings.quietHours}`}${settings.isAudited ? ', audited' : ''}`,
			...status.quietUntil === undefined ? [] : [`Quiet         for another while: ends ${future(status.quietUntil)}`],
			`Requests      ${formatCount(status.requests)} so far${load === undefined ? '' : `, ${plural(load.limit, 'request')} at a time`}${slower === undefined ? '' : ` (${slower})`}`,
			`Jobs          ${jobCounts(status.jobs)}`,
			'',
			...reportTable(watchedColumns, status.libraries.map(library => ({library, moments})), options),
			...alerts.length === 0 ? [] : ['', ...alerts.map(alert => `! ${clean(alert.message)} (since ${past(alert.since)})`)],
		];
	},
	json: status => status,
};

const libraryColumns: ReadonlyArray<ReportColumn<Library>> = [
	{heading: 'Library', isFlexible: true, cell: ({title}) => clean(title).trim()},
	{heading: 'Items', align: 'right', cell: ({counts}) => String(counts.movie + counts.show + counts.season + counts.episode)},
	{heading: 'Last looked at', cell: ({sync}) => sync === undefined ? 'never completely' : formatInstant(sync.lookedAt)},
	{heading: 'Last in full', cell: ({sync}) => sync === undefined ? '' : formatInstant(sync.fullAt)},
	{heading: 'Held', align: 'right', cell: ({sync}) => String(sync?.held?.items ?? 0)},
];

/**
What the files of the catalogue say if no daemon can be asked. `pid` is the process id of a daemon without an API; undefined if none runs.
*/
export const unwatchedReport: Presentation<{pid: number | undefined; revision: number; libraries: readonly Library[]}> = {
	text: ({pid, libraries}, options) => [
		pid === undefined ? 'No daemon runs. Start one with: reelcat --watch' : `A daemon runs (process ${pid}), without an API to ask it.`,
		...(libraries.length === 0 ? [] : ['', ...reportTable(libraryColumns, libraries, options)]),
	],
	json: ({pid, revision, libraries}) => ({
		schema: 1,
		isWatched: pid !== undefined,
		revision,
		libraries: libraries.map(({id, title, counts, sync}) => ({
			id, title, counts, lookedAt: sync?.lookedAt, sweptAt: sync?.sweptAt, fullAt: sync?.fullAt, held: sync?.held?.items ?? 0,
		})),
	}),
};
