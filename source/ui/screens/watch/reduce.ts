import type {UiServices} from '../../services.js';
import type {
	Alert,
	Job,
	WatchedLibrary,
	WatchNote,
} from '../../../watch/types.js';
import {
	emptyList,
	moveTo,
	replaceIds,
	type ListState,
} from '../../parts/list.js';
import type {MessageOf} from '../../messages.js';
import {push} from '../../stack.js';
import type {UiState} from '../../ui-state.js';
import {foldWatch, orderJobs} from './fold.js';
import {
	watchPanes,
	type WatchKnown,
	type WatchPane,
	type WatchState,
} from './state.js';

export const initialWatch = (watch: UiServices['watch'], isFirst: boolean): WatchState => ({
	source: watch === undefined ? undefined : {isOwn: watch.isOwn, who: watch.who},
	link: undefined,
	known: undefined,
	focus: 'jobs',
	lists: {jobs: emptyList, libraries: emptyList, news: emptyList},
	ticks: 0,
	isFirst,
});

/**
The daemon runs in this process and ends with it.
*/
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
A pane that nobody moves in shows its newest rows; else what is selected stays so, and the first row on the screen as well while that is possible.
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

	return {...state, watch: {...watch, known, lists}};
};

export const reduceWatch = (state: UiState, message: MessageOf<'watch-event' | 'watch-link' | 'watch-order' | 'watch-tick' | 'watch-opened'>): UiState => {
	const {watch} = state;
	switch (message.type) {
		case 'watch-event': {
			const {event} = message;
			const known = foldWatch(watch.known, event);
			if (known === undefined || known === watch.known) {
				return state;
			}

			// Whoever hears the whole status is connected, whatever was said before.
			const isBack = event.type === 'status' && watch.link?.isUp === false;
			const heard = isBack ? {...state, watch: {...watch, link: {isUp: true, since: event.status.now}}} : state;
			return withKnown(heard, known);
		}

		case 'watch-link': {
			return {...state, watch: {...watch, link: message.link}};
		}

		case 'watch-order': {
			return watch.known === undefined ? state : withKnown(state, orderJobs(watch.known, message.ids));
		}

		case 'watch-tick': {
			return {...state, watch: {...watch, ticks: watch.ticks + 1}};
		}

		case 'watch-opened': {
			return selectJob(showWatch(state), message.jobId);
		}
	}
};

const selectJob = (state: UiState, jobId: string | undefined): UiState => {
	const {lists} = state.watch;
	const index = jobId === undefined ? -1 : lists.jobs.ids.indexOf(jobId);
	return {
		...state,
		watch: {...state.watch, focus: 'jobs', lists: index === -1 ? lists : {...lists, jobs: moveTo(lists.jobs, index)}},
	};
};

/**
Put the watch on the screen. When it lies deeper already, what is above it is left.
*/
export const showWatch = (state: UiState): UiState => {
	const at = state.stack.findIndex(({name}) => name === 'watch');
	return at === -1 ? push(state, {name: 'watch'}) : {...state, stack: state.stack.slice(0, at + 1)};
};

/**
Tab and Shift-Tab.
*/
export const focusPane = (state: UiState, step: 1 | -1): UiState => {
	const at = watchPanes.indexOf(state.watch.focus);
	const focus = watchPanes[(at + step + watchPanes.length) % watchPanes.length]!;
	return {...state, watch: {...state.watch, focus}};
};

export const withWatchList = (state: UiState, change: (list: ListState) => ListState): UiState => {
	const {focus, lists} = state.watch;
	return {...state, watch: {...state.watch, lists: {...lists, [focus]: change(lists[focus])}}};
};

/**
The job that the cursor is on.
*/
export const selectedJob = ({watch: {known, focus, lists}}: UiState): Job | undefined =>
	focus === 'jobs' ? known?.status.jobs.find(({id}) => id === lists.jobs.selectedId) : undefined;

/**
The library that the cursor is on, or that of the job that it is on.
*/
export const selectedWatched = (state: UiState): WatchedLibrary | undefined => {
	const {known, focus, lists} = state.watch;
	const wanted = focus === 'libraries' ? lists.libraries.selectedId : selectedJob(state)?.library.id;
	return known?.status.libraries.find(({id}) => id === wanted);
};

export const selectedNews = ({watch: {known, focus, lists}}: UiState): NewsItem | undefined =>
	focus === 'news' && known !== undefined ? newsOf(known).find(({id}) => id === lists.news.selectedId) : undefined;

export const runningJobs = ({watch: {known}}: UiState): Job[] => known?.status.jobs.filter(({state}) => state === 'running') ?? [];
