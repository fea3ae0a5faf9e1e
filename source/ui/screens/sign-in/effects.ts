import {message, say} from '../../messages.js';
import {failureOf, type ShownFailure} from '../../parts/failure.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import type {ServerChoice, SignInNews} from '../../services.js';
import {push, topScreen, type UiState} from '../../ui-state.js';
import {connectKnown} from '../connect/effects.js';
import {noSignIn, type SignInState} from '../connect/state.js';

const withSignIn = (state: UiState, change: Partial<SignInState>): UiState => ({...state, signIn: {...state.signIn, ...change}});

/**
Everything that this attempt still brings is dropped.
*/
export const leaveSignIn = (state: UiState): UiState => withSignIn(state, {status: 'idle', attempt: state.signIn.attempt + 1});

const signInStarted = message((state, attempt: number) => {
	const started = {...state, signIn: {...noSignIn, attempt, status: 'starting' as const}};
	return topScreen(state).name === 'sign-in' ? started : push(started, {name: 'sign-in'});
});

const changeOf = (event: SignInNews): Partial<SignInState> => {
	switch (event.type) {
		case 'code-shown': {
			const {code, linkUrl, authUrl} = event;
			return {
				status: 'waiting', code, linkUrl, authUrl, trouble: undefined,
			};
		}

		case 'waiting': {
			return {status: 'waiting', remainingMs: event.remainingMs, trouble: undefined};
		}

		case 'code-expired': {
			return {status: 'expired', remainingMs: undefined};
		}

		case 'trouble': {
			return {trouble: event.message};
		}

		case 'approved': {
			return {status: 'finding'};
		}
	}
};

const ofAttempt = <Told extends {attempt: number}>(change: (state: UiState, told: Told) => UiState) =>
	message((state, told: Told) => told.attempt === state.signIn.attempt ? change(state, told) : state);

const signInTold = ofAttempt((state, {event}: {attempt: number; event: SignInNews}) => withSignIn(state, changeOf(event)));

const signInFailed = ofAttempt((state, {failure}: {attempt: number; failure: ShownFailure}) => withSignIn(state, {status: 'failed', failure}));

const signedIn = ofAttempt((state, {account, servers}: {attempt: number; account: string; servers: readonly ServerChoice[]}) => {
	const best = servers.find(({isWorking}) => isWorking) ?? servers[0];
	const stack = state.stack.filter(({name}) => name !== 'sign-in');
	return {
		...withSignIn(state, {status: 'idle'}),
		stack: stack.length === 0 ? [{name: 'connect'}] : stack,
		connect: {
			...state.connect, account, known: servers, failure: undefined, choice: best === undefined ? 'account' : `known ${best.id}`,
		},
	};
});

const attempts = perApp(() => ({abort: new AbortController(), renew: (): void => undefined}));

/**
Signs in: one attempt at a time, which a key renews or ends. When exactly one server works, connects to it.
*/
export const startSignIn = async (context: EffectContext): Promise<void> => {
	const {services, get, dispatch} = context;
	const current = attempts(context);
	current.abort.abort();
	const own = new AbortController();
	current.abort = own;
	const attempt = get().signIn.attempt + 1;
	dispatch(signInStarted(attempt));
	try {
		const {account, servers} = await services.signIn({
			signal: own.signal,
			report(event: SignInNews) {
				dispatch(signInTold({attempt, event}));
			},
			async renew() {
				const {promise, resolve} = Promise.withResolvers<void>();
				current.renew = resolve;
				await promise;
			},
		});
		dispatch(signedIn({attempt, account, servers}));
		const working = servers.filter(({isWorking}) => isWorking);
		if (get().signIn.attempt === attempt && working.length === 1) {
			await connectKnown(context, working[0]!.id);
		} else if (get().signIn.attempt === attempt) {
			const text = servers.length === 0
				? `${account} has no servers, and none is shared with it; you can still connect by address.`
				: `Signed in as ${account}. Choose a server.`;
			dispatch(say({text, tone: 'plain'}));
		}
	} catch (error) {
		if (!own.signal.aborted) {
			dispatch(signInFailed({attempt, failure: failureOf(error)}));
		}
	}
};

export const signInAgain = async (context: EffectContext): Promise<void> => {
	const {status} = context.get().signIn;
	if (status === 'expired') {
		attempts(context).renew();
	} else if (status === 'failed') {
		await startSignIn(context);
	}
};

export const cancelSignIn = (context: EffectContext): void => {
	attempts(context).abort.abort();
};
