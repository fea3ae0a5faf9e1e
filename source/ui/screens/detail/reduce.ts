import type {DetailSection} from '../../../query/detail-field.js';
import {message} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {push, type Screen, type UiState} from '../../ui-state.js';
import type {DetailState} from './state.js';

export type DetailScreen = {name: 'detail'; id: string; scroll: number};

export const isDetail = (screen: Screen): screen is DetailScreen => screen.name === 'detail';

export const detailOpened = message((state, id: string) => push<DetailScreen>(state, {name: 'detail', id, scroll: 0}));

const changeDetail = (state: UiState, id: string, change: Partial<DetailState>): UiState =>
	id === state.detail.id ? {...state, detail: {...state.detail, ...change}} : state;

/**
The old detail stays on the screen until the new one is there: nothing is blanked to show that something loads.
*/
export const detailStarted = message((state, id: string): UiState => state.detail.id === id && state.detail.status === 'ready'
	? state
	: {
		...state,
		detail: {
			...state.detail, id, status: 'loading', failure: undefined,
		},
	});

export const detailLoaded = message((state, {id, sections}: {id: string; sections: readonly DetailSection[] | undefined}) =>
	changeDetail(state, id, {status: sections === undefined ? 'missing' : 'ready', sections, failure: undefined}));

export const detailFailed = message((state, {id, failure}: {id: string; failure: ShownFailure}) =>
	changeDetail(state, id, {status: 'failed', failure}));
