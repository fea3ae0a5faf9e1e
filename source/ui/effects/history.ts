import {clean} from '../../text/clean.js';
import {periodName} from '../state/history.js';
import {browseScreen, topScreen} from '../state/stack.js';
import {failureOf} from './failure.js';
import type {ServerOptions} from './servers.js';

/**
What the history tells, asked for when its screen is opened.
*/
export const createHistory = ({services, get, dispatch}: ServerOptions) => {
	const ask = async (task: () => Promise<string[]>) => {
		const top = topScreen(get());
		const key = 'key' in top ? top.key : -1;
		try {
			dispatch({type: 'history-loaded', key, lines: await task()});
		} catch (error) {
			dispatch({type: 'history-failed', key, failure: failureOf(error)});
		}
	};

	return {
		async openChanges(days: number) {
			dispatch({
				type: 'history-opened', name: 'changes', subject: String(days), crumb: periodName(days),
			});
			await ask(async () => services.changes({days}, get().size.columns));
		},
		/**
		Of the sync whose result is on the screen.
		*/
		async openRun(runId: string) {
			dispatch({
				type: 'history-opened', name: 'changes', subject: runId, crumb: 'Changes of this sync',
			});
			// It may have ended yesterday and still be on the screen.
			await ask(async () => services.changes({days: 30, runId}, get().size.columns));
		},
		async openTimeline() {
			const top = topScreen(get());
			const id = top.name === 'detail' ? top.id : browseScreen(get())?.list.selectedId;
			if (id === undefined) {
				return;
			}

			dispatch({
				type: 'history-opened', name: 'timeline', subject: id, crumb: clean(services.index.get(id)?.title ?? 'Timeline'),
			});
			await ask(async () => services.timeline(id, get().size.columns));
		},
	};
};
