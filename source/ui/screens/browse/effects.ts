import type {UiServices} from '../../services.js';
import {browseScreen} from '../../stack.js';
import type {BrowseScreen} from '../../ui-state.js';
import type {Store} from '../../store.js';
import {createDetails} from '../detail/effects.js';
import {failureOf} from '../../effects/failure.js';
import {queryOf, questionOf} from './reduce.js';

export type AnswerOptions = {
	services: UiServices;
	store: Store;
	guard: (task: () => void | Promise<void>) => Promise<void>;
	now: () => number;
	restMs: number;
	relistMs: number;
};

/**
Sees to it that what the state asks for gets its answer: the rows of the list that is open, and the detail of the row that the cursor rests on. `follow` is called after each change; an old question is aborted or its answer dropped.
*/
export const createAnswers = ({services, store, guard, now, restMs, relistMs}: AnswerOptions) => {
	const details = createDetails({
		services, store, guard, restMs, relistMs,
	});
	let listing: {key: number; question: string; abort: AbortController} | undefined;
	let listedAtMs = -Infinity;
	let listTimer: NodeJS.Timeout | undefined;

	/**
	Numbers missing between the rows of a show or a season.
	*/
	const gapsOf = async ({level, query}: BrowseScreen): Promise<readonly number[]> => {
		const parent = level === 'season' ? query.showId : query.seasonId;
		const detail = parent === undefined ? undefined : await services.detail(parent);
		return detail?.gaps ?? [];
	};

	const list = async () => {
		listTimer = undefined;
		const state = store.get();
		const screen = browseScreen(state);
		if (screen === undefined || state.load.status !== 'ready') {
			return;
		}

		const {key} = screen;
		const question = questionOf(screen, state.revision);
		const abort = new AbortController();
		listing = {key, question, abort};
		try {
			const ids = await services.index.list(queryOf(screen), {signal: abort.signal});
			const total = screen.filter.text === '' ? ids.length : services.index.count(screen.query);
			const gaps = await gapsOf(screen);
			if (!abort.signal.aborted) {
				store.dispatch({
					type: 'list-loaded', key, question, ids, total, gaps,
				});
			}
		} catch (error) {
			if (!abort.signal.aborted) {
				store.dispatch({
					type: 'list-failed', key, question, failure: failureOf(error),
				});
			}
		} finally {
			listedAtMs = now();
			if (listing?.abort === abort) {
				listing = undefined;
			}
		}

		follow();
	};

	const followList = () => {
		const state = store.get();
		const screen = browseScreen(state);
		if (screen === undefined || state.load.status !== 'ready') {
			return;
		}

		const question = questionOf(screen, state.revision);
		if (screen.answered === question || (listing?.key === screen.key && listing.question === question)) {
			return;
		}

		// The user waits for an answer to another question; a changed catalogue only makes the rows a little old.
		const isAsked = screen.answered === undefined || questionOf(screen, 0) !== withoutRevision(screen.answered);
		if (isAsked) {
			listing?.abort.abort();
			clearTimeout(listTimer);
			void guard(list);
		} else if (listing === undefined) {
			listTimer ??= setTimeout(() => {
				void guard(list);
			}, Math.max(0, listedAtMs + relistMs - now()));
		}
	};

	const follow = () => {
		followList();
		details.follow();
	};

	return {
		follow,
		forgetDetail: details.forget,
		stop() {
			listing?.abort.abort();
			clearTimeout(listTimer);
			details.stop();
		},
	};
};

const withoutRevision = (question: string) => question.replace(/^\[\d+,/v, '[0,');
