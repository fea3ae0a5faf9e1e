import {layoutOf} from '../../layout.js';
import type {MessageOf} from '../../messages.js';
import {topScreen} from '../../stack.js';
import type {DetailState, UiState} from '../../ui-state.js';

/**
The item whose detail should be on the screen, if any.
*/
export const wantedDetail = (state: UiState): string | undefined => {
	const top = topScreen(state);
	if (top.name === 'detail') {
		return top.id;
	}

	return top.name === 'browse' && layoutOf(state).pane !== 'none' ? top.list.selectedId : undefined;
};

/**
The old detail stays on the screen until the new one is there: nothing is blanked to show that something loads.
*/
export const reduceDetail = (state: UiState, message: MessageOf<'detail-started' | 'detail-loaded' | 'detail-failed'>): UiState => {
	const {detail} = state;
	if (message.type === 'detail-started') {
		const isKept = detail.id === message.id && detail.status === 'ready';
		return isKept
			? state
			: {
				...state,
				detail: {
					...detail, id: message.id, status: 'loading', failure: undefined,
				},
			};
	}

	if (message.id !== detail.id) {
		return state;
	}

	const change: Partial<DetailState> = message.type === 'detail-loaded'
		? {status: message.sections === undefined ? 'missing' : 'ready', sections: message.sections, failure: undefined}
		: {status: 'failed', failure: message.failure};
	return {...state, detail: {...detail, ...change}};
};
