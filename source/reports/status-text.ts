import {paceWords} from '../sync/pace-words.js';
import {clean} from '../base/text/clean.js';
import {formatCount, plural} from '../base/text/format.js';
import {createMoments} from '../base/text/moments.js';
import type {WatchStatus} from '../watch/types.js';
import {changesLine} from '../history/changes-line.js';
import {jobCounts, modeWords, pushWords} from './job-words.js';
import {tableLines, type TableOptions} from './table.js';

/**
The lines of `reelcat status`.
*/
export const statusLines = (status: WatchStatus, options: TableOptions): string[] => {
	const {past, future} = createMoments(new Date(status.now), false);
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
		...tableLines([
			{heading: 'Library', isFlexible: true},
			{heading: 'State'},
			{heading: 'Items', align: 'right'},
			{heading: 'Last'},
			{heading: 'Next'},
			{heading: 'Last changes', isFlexible: true},
		], status.libraries.map(library => [
			clean(library.title).trim(),
			library.state,
			formatCount(library.items),
			library.lastRunAt === undefined ? 'never' : past(library.lastRunAt),
			library.nextRunAt === undefined ? '' : `${modeWords[library.nextMode ?? 'incremental']} ${future(library.nextRunAt)}`,
			library.lastChanges === undefined ? '' : changesLine(library.lastChanges),
		]), options),
		...alerts.length === 0 ? [] : ['', ...alerts.map(alert => `! ${clean(alert.message)} (since ${past(alert.since)})`)],
	];
};
