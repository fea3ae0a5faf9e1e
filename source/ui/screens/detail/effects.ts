import {detailSections} from '../../../query/detail-sections.js';
import type {UiServices} from '../../services.js';
import {topScreen} from '../../stack.js';
import type {AnswerOptions} from '../browse/effects.js';
import {failureOf} from '../../effects/failure.js';
import {wantedDetail} from './reduce.js';

/**
Loads the detail of the item that should be on the screen, once the cursor rests on it.
*/
export const createDetails = ({services, store, guard, restMs, relistMs}: Omit<AnswerOptions, 'now'>) => {
	let timer: NodeJS.Timeout | undefined;
	let askedId: string | undefined;
	let askedRevision = -1;

	const load = async (id: string) => {
		store.dispatch({type: 'detail-started', id});
		try {
			store.dispatch({type: 'detail-loaded', id, sections: await sectionsOf(services, id)});
		} catch (error) {
			store.dispatch({type: 'detail-failed', id, failure: failureOf(error)});
		}
	};

	return {
		follow() {
			const state = store.get();
			const id = wantedDetail(state);
			if (state.load.status !== 'ready' || (id === askedId && state.revision === askedRevision)) {
				return;
			}

			if (id !== askedId) {
				clearTimeout(timer);
				timer = undefined;
			}

			const isPane = topScreen(state).name === 'browse';
			const waitMs = id === askedId ? relistMs : (isPane ? restMs : 0);
			askedId = id;
			askedRevision = state.revision;
			if (id !== undefined) {
				// Commits may follow one another more quickly than a detail is read, so they must not put it off for ever.
				timer ??= setTimeout(() => {
					timer = undefined;
					void guard(async () => load(id));
				}, waitMs);
			}
		},
		/**
		Ask again for what is on the screen.
		*/
		forget() {
			askedRevision = -1;
		},
		stop() {
			clearTimeout(timer);
		},
	};
};

const sectionsOf = async (services: UiServices, id: string) => {
	const detail = await services.detail(id);
	return detail && detailSections(detail, {titleOf: other => services.index.get(other)?.title});
};
