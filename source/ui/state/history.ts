import type {MessageOf} from './messages.js';
import {push, topScreen} from './stack.js';
import type {HistoryScreen, UiState} from './types.js';

/**
Periods of the Changes screen, in days.
*/
export const periods = [1, 7, 30, 365] as const;

/**
A new period takes the place of the old one.
*/
export const openHistory = (state: UiState, {name, subject, crumb}: MessageOf<'history-opened'>): UiState => {
	const screen: HistoryScreen = {
		name, key: state.nextKey, subject, crumb, lines: undefined, failure: undefined, scroll: 0,
	};
	const next = {...state, nextKey: state.nextKey + 1};
	return topScreen(state).name === name ? {...next, stack: [...state.stack.slice(0, -1), screen]} : push(next, screen);
};

export const reduceHistory = (state: UiState, message: MessageOf<'history-loaded' | 'history-failed'>): UiState => ({
	...state,
	stack: state.stack.map(screen => isAsked(screen, message.key)
		? {...screen, ...(message.type === 'history-loaded' ? {lines: message.lines} : {failure: message.failure})}
		: screen),
});

const isAsked = (screen: UiState['stack'][number], key: number): screen is HistoryScreen =>
	(screen.name === 'changes' || screen.name === 'timeline') && screen.key === key;

/**
The period before or after the one on the screen.
*/
export const otherPeriod = (state: UiState, step: 1 | -1): number => {
	const top = topScreen(state);
	const at = top.name === 'changes' ? periods.findIndex(days => String(days) === top.subject) : 1;
	return periods[Math.max(0, Math.min(periods.length - 1, at + step))]!;
};

export const periodName = (days: number): string => days === 1 ? 'Changes of a day' : `Changes of ${days} days`;
