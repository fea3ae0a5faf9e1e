import type {JobProgress, WatchStatus} from '../../../watch/types.js';
import {emptyList, type ListState} from '../../parts/list.js';
import type {UiServices, WatchLink} from '../../services.js';

/**
In the order on the screen, which is also the order of Tab. `news` are alerts and events.
*/
export const watchPanes = ['jobs', 'libraries', 'news'] as const;
export type WatchPane = typeof watchPanes[number];

/**
The last `status` of a daemon, updated by each event since then.
*/
export type WatchKnown = {
	status: WatchStatus;
	/**
	By the id of each running job.
	*/
	progress: ReadonlyMap<string, JobProgress>;
	/**
	The message of the alert that ended last.
	*/
	recovered: string | undefined;
};

export type WatchState = {
	source: {isOwn: boolean; who: string} | undefined;
	link: WatchLink | undefined;
	/**
	Undefined before the first status. The last one stays when the connection is lost.
	*/
	known: WatchKnown | undefined;
	focus: WatchPane;
	lists: Readonly<Record<WatchPane, ListState>>;
	isFirst: boolean;
};

export const initialWatch = (watch: UiServices['watch'], isFirst: boolean): WatchState => ({
	source: watch === undefined ? undefined : {isOwn: watch.isOwn, who: watch.who},
	link: undefined,
	known: undefined,
	focus: 'jobs',
	lists: {jobs: emptyList, libraries: emptyList, news: emptyList},
	isFirst,
});
