import {placeInWords} from '../../parts/list.js';
import type {Job} from '../../../watch/types.js';
import {formatInstant, plural} from '../../../base/text/format.js';
import {lineText} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import {jobCounts, modeWords, pushWords} from '../../../reports/job-words.js';
import {percentOf} from '../../../sync/share.js';
import {shareOfJob} from '../../parts/format.js';
import type {WatchKnown, WatchState} from './state.js';
import {newsOf, type NewsItem} from './reduce.js';
import {endWords} from './job-lines.js';
import {noDaemonLines} from './lines.js';
import {libraryNotes, libraryWords, sentence} from './words.js';

/**
The watch for a screen reader. It changes only when something happens: it has no running clocks, and shows progress in steps of 10 percent.
*/
export const watchSentences = ({watch}: UiState): string[] => {
	const {source, known} = watch;
	if (source === undefined) {
		return noDaemonLines(1000).map(spans => lineText(spans).trim());
	}

	if (known === undefined) {
		return ['Asking the daemon for its state.'];
	}

	const {status} = known;
	const {health, reasons, server, push, jobs, quietUntil} = status;
	return [
		`${sentence(source.who)}: ${health}. ${reasons.join(' ')}`.trim(),
		`${server === undefined ? 'No server' : `${server.name}: ${server.isReachable ? 'reachable' : `not reachable since ${formatInstant(server.since)}`}`}, ${pushWords(push)}.`,
		...quietUntil === undefined ? [] : [`Quiet until ${formatInstant(quietUntil)}.`],
		`Jobs: ${jobCounts(jobs)}.`,
		...jobs.filter(({state}) => state === 'running').map(job => runningSentence(job, known)),
		...latestNotes(known),
		selectionSentence(watch, known),
	];
};

export const alarmSentences = ({watch: {source, link, known}}: UiState): string[] => {
	if (source === undefined) {
		return [];
	}

	return [
		...link?.isUp === false ? [`No word from the daemon since ${formatInstant(link.since)}. ${link.reason ?? ''}`.trim()] : [],
		...known?.status.alerts.map(({message}) => `Alert: ${message}`) ?? [],
		...known?.recovered === undefined ? [] : [`Over: ${known.recovered}`],
	];
};

const runningSentence = ({id, library, mode}: Job, {progress}: WatchKnown): string => {
	const told = progress.get(id);
	const expected = told?.expected ?? 0;
	const step = told === undefined ? 0 : Math.floor(percentOf(shareOfJob(told)) / 10) * 10;
	return `${library.title}: ${modeWords[mode]} runs${expected === 0 ? '' : `, ${step} percent`}.`;
};

/**
Several notes may come at once, so the oldest is spoken first.
*/
const latestNotes = ({status: {notes}}: WatchKnown): string[] => notes.slice(0, 3).toReversed().map(({at, text}) => `${formatInstant(at)}: ${text}`);

const selectionSentence = ({focus, lists}: WatchState, known: WatchKnown): string => {
	const {selectedId} = lists[focus];
	const at = placeInWords(lists[focus]);
	if (focus === 'jobs') {
		const job = known.status.jobs.find(({id}) => id === selectedId);
		return job === undefined ? 'No jobs.' : `Job ${at}: ${job.library.title}, ${jobWords(job)}.`;
	}

	if (focus === 'libraries') {
		const library = known.status.libraries.find(({id}) => id === selectedId);
		return library === undefined
			? 'No library is watched.'
			: `Library ${at}: ${[library.title, libraryWords(library), plural(library.items, 'item'), libraryNotes(library)].filter(text => text !== '').join(', ')}.`;
	}

	const item = newsOf(known).find(({id}) => id === selectedId);
	return item === undefined ? 'Nothing has happened yet.' : `Event ${at}: ${newsWords(item)}`;
};

const newsWords = (item: NewsItem) => 'alert' in item ? `alert since ${formatInstant(item.alert.since)}: ${item.alert.message}` : item.note.text;

const jobWords = (job: Job): string => [
	modeWords[job.mode],
	job.state,
	...job.dueAt === undefined ? [] : [`again at ${formatInstant(job.dueAt)}`],
	(job.fault?.message ?? endWords(job)).replace(/\.$/v, ''),
].filter(text => text !== '').join(', ');
