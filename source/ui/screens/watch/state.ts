import type {JobProgress, WatchStatus} from '../../../watch/types.js';
import type {WatchLink} from '../../services.js';
import type {ListState} from '../../parts/list.js';

/**
In the order in which they stand on the screen and Tab goes through them. `news` are alerts and events.
*/
export const watchPanes = ['jobs', 'libraries', 'news'] as const;
export type WatchPane = typeof watchPanes[number];

/**
What is known of a daemon: its last `status`, brought up to date by each event since.
*/
export type WatchKnown = {
	status: WatchStatus;
	/**
	Of the jobs that run, by job id.
	*/
	progress: ReadonlyMap<string, JobProgress>;
	/**
	What the last alert said that is over.
	*/
	recovered: string | undefined;
};

export type WatchState = {
	/**
	Undefined where no daemon runs.
	*/
	source: {isOwn: boolean; who: string} | undefined;
	/**
	Undefined as long as nothing was heard of it.
	*/
	link: WatchLink | undefined;
	/**
	Undefined before the first status; the last known stays when the connection is lost.
	*/
	known: WatchKnown | undefined;
	focus: WatchPane;
	lists: Readonly<Record<WatchPane, ListState>>;
	/**
	Counts on while the screen is looked at, for what is told in minutes from now.
	*/
	ticks: number;
	/**
	The app was opened for this screen, so that to close it is to quit.
	*/
	isFirst: boolean;
};
