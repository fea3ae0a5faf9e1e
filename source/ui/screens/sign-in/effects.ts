import type {SignInNews} from '../../services.js';
import {failureOf} from '../../effects/failure.js';
import type {ServerOptions} from '../connect/effects.js';

/**
Signing in: one attempt at a time, which a key renews or ends.
*/
export const createSignIn = ({services, get, dispatch, open}: ServerOptions & {
	/**
	Connect to a server, where it is the only one that works.
	*/
	open: (serverId: string) => Promise<void>;
}) => {
	let abort: AbortController | undefined;
	let renewed: (() => void) | undefined;

	const start = async () => {
		abort?.abort();
		const own = new AbortController();
		abort = own;
		const attempt = get().signIn.attempt + 1;
		dispatch({type: 'sign-in-started', attempt});
		try {
			const {account, servers} = await services.signIn({
				signal: own.signal,
				report(event: SignInNews) {
					dispatch({type: 'sign-in-event', attempt, event});
				},
				async renew() {
					const {promise, resolve} = Promise.withResolvers<void>();
					renewed = resolve;
					await promise;
				},
			});
			dispatch({
				type: 'signed-in', attempt, account, servers,
			});
			const working = servers.filter(({isWorking}) => isWorking);
			if (get().signIn.attempt === attempt && working.length === 1) {
				await open(working[0]!.id);
			} else if (get().signIn.attempt === attempt) {
				dispatch({type: 'say', text: servers.length === 0 ? `${account} has no servers, and none is shared with it; an address works all the same.` : `Signed in as ${account}. Choose a server.`, tone: 'plain'});
			}
		} catch (error) {
			if (!own.signal.aborted) {
				dispatch({type: 'sign-in-failed', attempt, failure: failureOf(error)});
			}
		}
	};

	return {
		start,
		/**
		A new code where the old one has expired, a new attempt where it failed.
		*/
		async again() {
			const {status} = get().signIn;
			if (status === 'expired') {
				renewed?.();
				renewed = undefined;
			} else if (status === 'failed') {
				await start();
			}
		},
		cancel() {
			abort?.abort();
		},
	};
};
