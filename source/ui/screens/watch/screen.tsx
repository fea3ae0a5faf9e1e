import {formatInstant} from '../../../base/text/format.js';
import {actionError} from '../../../watch/jobs/job-actions.js';
import type {JobAction} from '../../../watch/kinds.js';
import {moveTo, placeIn, scrollTo} from '../../parts/list.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {baseScreen, type UiState} from '../../ui-state.js';
import {openLibrary} from '../browse/effects.js';
import {textOpened} from '../text/screen.js';
import {
	askForJob,
	cancelSelectedJob,
	followDaemon,
	refreshSelected,
} from './effects.js';
import {jobText} from './job-lines.js';
import {watchLayout} from './layout.js';
import {watchedText} from './library-lines.js';
import {newsText, watchLines} from './lines.js';
import {
	cannotAskDaemon,
	focusPane,
	selectedJob,
	selectedNews,
	selectedWatched,
	withWatchList,
} from './reduce.js';
import {watchRegions} from './regions.js';
import {watchSentences} from './spoken.js';
import {watchPanes} from './state.js';

/**
Why the action would be refused on the selected job, as far as this app can tell. The daemon has the last word.
*/
const cannotAct = (action: JobAction) => (state: UiState): string | undefined => {
	const reason = cannotAskDaemon(state);
	const job = selectedJob(state);
	return reason ?? (job === undefined ? 'There is no job here; press Tab for the jobs.' : actionError(job, action, state.watch.known?.status.jobs));
};

const pauseAction = (state: UiState): 'pause' | 'resume' => selectedJob(state)?.state === 'paused' ? 'resume' : 'pause';

const noLibrary = (state: UiState) =>
	selectedWatched(state) === undefined ? 'No library is selected; press Tab for the libraries.' : undefined;

const cannotSync = (state: UiState) => cannotAskDaemon(state) ?? noLibrary(state);

const actionKey = (action: JobAction, key: Omit<KeyBinding, 'disabledReason' | 'effect'>): KeyBinding => ({
	...key,
	disabledReason: cannotAct(action),
	effect: async context => askForJob(context, action),
});

const keys: readonly KeyBinding[] = [
	{
		id: 'next-pane', keys: ['tab'], label: 'next pane', help: 'The next pane: jobs, libraries, alerts and events', isHint: true,
		update: state => focusPane(state, 1),
	},
	{
		id: 'previous-pane', keys: ['shift-tab'], label: 'previous pane', help: 'The previous pane',
		update: state => focusPane(state, -1),
	},
	{
		id: 'pause-job', keys: ['p'], label: pauseAction, help: 'Pause or resume the job', isHint: true,
		disabledReason: state => cannotAct(pauseAction(state))(state),
		effect: async (context, before) => askForJob(context, pauseAction(before)),
	},
	{
		id: 'cancel-job', keys: ['x'], label: 'cancel', help: 'Cancel the job; press it twice for a running one; r retries it', isHint: true,
		disabledReason: cannotAct('cancel'),
		effect: cancelSelectedJob,
	},
	actionKey('retry', {
		id: 'retry-job', keys: ['r'], label: 'retry', help: 'Try the job again that failed, was parked or cancelled', isHint: true,
	}),
	actionKey('run-now', {
		id: 'run-job-now', keys: ['n'], label: 'run now', help: 'Run the job now, before all others', isHint: true,
	}),
	actionKey('move-up', {
		id: 'move-job-up', keys: ['K'], label: 'earlier', help: 'Move the job up in the queue',
	}),
	actionKey('move-down', {
		id: 'move-job-down', keys: ['J'], label: 'later', help: 'Move the job down in the queue',
	}),
	{
		id: 'sync', keys: ['R', 's'], label: 'sync', help: 'Sync the selected library, or the one of the job, now', isHint: true,
		disabledReason: cannotSync,
		effect: async context => refreshSelected(context, 'incremental'),
	},
	{
		id: 'full-sync', keys: ['S', 'I'], label: 'full sync', help: 'Compare all of the library with the server now',
		disabledReason: cannotSync,
		effect: async context => refreshSelected(context, 'full'),
	},
	{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'details', help: 'Details of the job, library, alert or event', isHint: true,
		disabledReason: state => selectedWatched(state) ?? selectedJob(state) ?? selectedNews(state) ? undefined : 'There is nothing to open here.',
		effect({dispatch}, before) {
			const job = selectedJob(before);
			const library = selectedWatched(before);
			const news = selectedNews(before);
			if (job !== undefined) {
				dispatch(textOpened({crumb: 'Job', text: jobText(job, formatInstant)}));
			} else if (library !== undefined) {
				dispatch(textOpened({crumb: 'Library', text: watchedText(library, formatInstant)}));
			} else if (news !== undefined) {
				dispatch(textOpened({crumb: 'alert' in news ? 'Alert' : 'Event', text: newsText(news, formatInstant)}));
			}
		},
	},
	{
		id: 'browse-library', keys: ['b'], label: 'browse', help: 'Browse the selected library, or the one of the job',
		disabledReason: noLibrary,
		effect(context, before) {
			const library = selectedWatched(before);
			if (library !== undefined) {
				openLibrary(context, library.id);
			}
		},
	},
];

export const watchModule = screenModule({
	name: 'watch',
	title: 'Watch',
	helpTitle: 'Keys of the watch',
	spokenName: 'watch',
	place: 'on the watch',
	groups: ['place', 'list'],
	hints: ['close'],
	keys,
	crumb: () => 'Watch',
	positionText: ({watch: {lists, focus}}) => placeIn(lists[focus]),
	cursor: {
		position(state) {
			const {focus, lists} = state.watch;
			return {at: lists[focus].cursor, length: lists[focus].ids.length, rows: watchLayout(state).rows[focus]};
		},
		moveTo: (state, _, at) => withWatchList(state, list => moveTo(list, at)),
	},
	keepVisible(state) {
		const {lists} = state.watch;
		if (baseScreen(state).name !== 'watch') {
			return state;
		}

		const {rows} = watchLayout(state);
		const next = {...lists};
		for (const pane of watchPanes) {
			next[pane] = scrollTo(lists[pane], rows[pane]);
		}

		return watchPanes.every(pane => next[pane] === lists[pane]) ? state : {...state, watch: {...state.watch, lists: next}};
	},
	regions: watchRegions,
	view: watchLines,
	spoken: watchSentences,
	start: followDaemon,
});
