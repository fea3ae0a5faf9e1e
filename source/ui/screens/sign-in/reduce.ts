import type {MessageOf} from '../../messages.js';
import {push, topScreen} from '../../stack.js';
import type {SignInState, UiState} from '../../ui-state.js';

export const noSignIn: SignInState = {
	attempt: 0, status: 'idle', code: undefined, linkUrl: '', authUrl: '', remainingMs: undefined, trouble: undefined, failure: undefined,
};

const withSignIn = (state: UiState, change: Partial<SignInState>): UiState => ({...state, signIn: {...state.signIn, ...change}});

/**
Esc: whatever comes of this attempt is dropped.
*/
export const leaveSignIn = (state: UiState): UiState => withSignIn(state, {status: 'idle', attempt: state.signIn.attempt + 1});

export const openSignIn = (state: UiState, {attempt}: MessageOf<'sign-in-started'>): UiState => {
	const started = {...state, signIn: {...noSignIn, attempt, status: 'starting' as const}};
	return topScreen(state).name === 'sign-in' ? started : push(started, {name: 'sign-in'});
};

export const reduceSignIn = (state: UiState, message: MessageOf<'sign-in-event' | 'signed-in' | 'sign-in-failed'>): UiState => {
	if (message.attempt !== state.signIn.attempt) {
		return state;
	}

	if (message.type === 'sign-in-failed') {
		return withSignIn(state, {status: 'failed', failure: message.failure});
	}

	if (message.type === 'signed-in') {
		const {account, servers} = message;
		const best = servers.find(({isWorking}) => isWorking) ?? servers[0];
		const stack = state.stack.filter(({name}) => name !== 'sign-in');
		return {
			...withSignIn(state, {status: 'idle'}),
			stack: stack.length === 0 ? [{name: 'connect'}] : stack,
			connect: {
				...state.connect, account, known: servers, failure: undefined, choice: best === undefined ? 'account' : `known ${best.id}`,
			},
		};
	}

	const {event} = message;
	switch (event.type) {
		case 'code-shown': {
			const {code, linkUrl, authUrl} = event;
			return withSignIn(state, {
				status: 'waiting', code, linkUrl, authUrl, trouble: undefined,
			});
		}

		case 'waiting': {
			return withSignIn(state, {status: 'waiting', remainingMs: event.remainingMs, trouble: undefined});
		}

		case 'code-expired': {
			return withSignIn(state, {status: 'expired', remainingMs: undefined});
		}

		case 'trouble': {
			return withSignIn(state, {trouble: event.message});
		}

		case 'approved': {
			return withSignIn(state, {status: 'finding'});
		}
	}
};
