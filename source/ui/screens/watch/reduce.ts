import type {
	Alert,
	Job,
	WatchedLibrary,
	WatchEvent,
	WatchNote,
} from '../../../watch/types.js';
import {message} from '../../messages.js';
import {moveTo, replaceIds, type ListState} from '../../parts/list.js';
import type {WatchLink} from '../../services.js';
import {show, type UiState} from '../../ui-state.js';
import {foldWatch, orderJobs} from './fold.js';
import {
	watchPanes,
	type WatchKnown,
	type WatchPane,
} from './state.js';
import {sentence} from './words.js';

export const willEndWatch = ({watch}: Pick<UiState, 'watch'>): boolean => watch.source?.isOwn === true;

export type NewsItem = {id: string; alert: Alert} | {id: string; note: WatchNote};

/**
Alerts first, then what has happened, newest first.
*/
export const newsOf = ({status: {alerts, notes}}: WatchKnown): NewsItem[] => [
	...alerts.map(alert => ({id: `alert ${alert.kind} ${alert.subject}`, alert})),
	...notes.map(note => ({id: `note ${note.id}`, note})),
];

const idsOf = (known: WatchKnown, pane: WatchPane): string[] => pane === 'news' ? newsOf(known).map(({id}) => id) : known.status[pane].map(({id}) => id);

/**
A pane without the focus shows its newest rows. In any other, the selection stays, and so does the first row on the screen where possible.
*/
const followIds = (list: ListState, ids: readonly string[], isFocused: boolean): ListState => {
	if (!isFocused && list.cursor === 0) {
		return {
			...list, ids, selectedId: ids[0], top: 0,
		};
	}

	return {...replaceIds(list, ids), top: list.top};
};

const hasSameRows = (pane: WatchPane, before: WatchKnown | undefined, after: WatchKnown) => {
	if (before === undefined) {
		return false;
	}

	return pane === 'news'
		? before.status.alerts === after.status.alerts && before.status.notes === after.status.notes
		: before.status[pane] === after.status[pane];
};

const withKnown = (state: UiState, known: WatchKnown): UiState => {
	const {watch} = state;
	const lists = {...watch.lists};
	for (const pane of watchPanes) {
		if (!hasSameRows(pane, watch.known, known)) {
			lists[pane] = followIds(lists[pane], idsOf(known, pane), watch.focus === pane);
		}
	}

	const next = {...state, watch: {...watch, known, lists}};
	return watch.known === undefined ? selectJob(next, newestJob(known)) : next;
};

/**
The job that runs, else the one that was made last: what waits since long ago stands above it.
*/
const newestJob = (known: WatchKnown | undefined): string | undefined => {
	const jobs = known?.status.jobs ?? [];
	const newest = jobs.toSorted((left, right) => right.createdAt.localeCompare(left.createdAt));
	return (newest.find(({state}) => state === 'running') ?? newest[0])?.id;
};

export const watchEvent = message((state, event: WatchEvent) => {
	const {watch} = state;
	const known = foldWatch(watch.known, event);
	if (known === undefined || known === watch.known) {
		return state;
	}

	// A message with the whole status means that the daemon is connected.
	const isBack = event.type === 'status' && watch.link?.isUp === false;
	const heard = isBack ? {...state, watch: {...watch, link: {isUp: true, since: event.status.now}}} : state;
	return withKnown(heard, known);
}, {isNews: true});

export const watchLink = message((state, link: WatchLink) => ({...state, watch: {...state.watch, link}}), {isNews: true});

/**
A daemon beside the app has ended, or one is there again.
*/
export const watchTurned = message((state, who: string | undefined) => ({
	...state,
	watch: {...state.watch, source: who === undefined ? undefined : {isOwn: false, who}},
	...who === undefined && {message: {text: `${sentence(state.watch.source?.who ?? 'the daemon')} has ended; this app writes now.`, tone: 'plain' as const}},
}));

export const watchOrder = message((state, ids: readonly string[]) =>
	state.watch.known === undefined ? state : withKnown(state, orderJobs(state.watch.known, ids)));

export const watchOpened = message((state, {jobId}: {jobId: string | undefined}) => selectJob(showWatch(state), jobId));

const selectJob = (state: UiState, jobId: string | undefined): UiState => {
	const {lists} = state.watch;
	const index = jobId === undefined ? -1 : lists.jobs.ids.indexOf(jobId);
	return {
		...state,
		watch: {...state.watch, focus: 'jobs', lists: index === -1 ? lists : {...lists, jobs: moveTo(lists.jobs, index)}},
	};
};

export const watchScreen = ({watch}: Pick<UiState, 'watch'>) => ({name: 'watch', tellsWriter: true, isFirst: watch.isFirst} as const);

/**
Back on a watch that is open already, the cursor is where it was.
*/
export const showWatch = (state: UiState): UiState => {
	const shown = show(state, watchScreen(state));
	return state.stack.some(({name}) => name === 'watch') ? shown : selectJob(shown, newestJob(state.watch.known));
};

export const focusPane = (state: UiState, step: 1 | -1): UiState => {
	const at = watchPanes.indexOf(state.watch.focus);
	return focusOn(state, watchPanes[(at + step + watchPanes.length) % watchPanes.length]!);
};

export const focusOn = (state: UiState, focus: WatchPane): UiState => ({...state, watch: {...state.watch, focus}});

export const withWatchList = (state: UiState, change: (list: ListState) => ListState): UiState => {
	const {focus, lists} = state.watch;
	return {...state, watch: {...state.watch, lists: {...lists, [focus]: change(lists[focus])}}};
};

export const selectedJob = ({watch: {known, focus, lists}}: UiState): Job | undefined =>
	focus === 'jobs' ? known?.status.jobs.find(({id}) => id === lists.jobs.selectedId) : undefined;

export const selectedWatched = (state: UiState): WatchedLibrary | undefined => {
	const {known, focus, lists} = state.watch;
	const wanted = focus === 'libraries' ? lists.libraries.selectedId : selectedJob(state)?.library.id;
	return known?.status.libraries.find(({id}) => id === wanted);
};

export const selectedNews = ({watch: {known, focus, lists}}: UiState): NewsItem | undefined =>
	focus === 'news' && known !== undefined ? newsOf(known).find(({id}) => id === lists.news.selectedId) : undefined;

export const runningJobs = ({watch: {known}}: UiState): Job[] => known?.status.jobs.filter(({state}) => state === 'running') ?? [];

export const cannotAskDaemon = ({watch: {source, link, known}}: UiState): string | undefined => {
	if (source === undefined) {
		return 'No daemon is running. Start one with: reelcat --watch';
	}

	if (link?.isUp === false) {
		return 'The daemon does not answer; this works again as soon as it does.';
	}

	return known === undefined ? 'The daemon has not sent its state yet.' : undefined;
};
