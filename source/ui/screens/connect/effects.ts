import type {ConnectTarget, UiServices} from '../../services.js';
import {chosenIds} from '../libraries/reduce.js';
import type {UiMessage} from '../../messages.js';
import type {UiState} from '../../ui-state.js';
import {failureOf} from '../../effects/failure.js';
import {createSignIn} from '../sign-in/effects.js';

export type ServerOptions = {
	services: UiServices;
	get: () => UiState;
	dispatch: (message: UiMessage) => void;
};

/**
Connecting, the libraries of the server, and reading the catalogue.
*/
export const createServers = ({services, get, dispatch}: ServerOptions) => {
	let abort: AbortController | undefined;

	const load = async () => {
		dispatch({type: 'load-started'});
		try {
			await services.load(share => {
				dispatch({type: 'load-progress', share});
			});
			dispatch({type: 'load-finished', header: services.header()});
		} catch (error) {
			dispatch({type: 'load-failed', failure: failureOf(error)});
		}
	};

	const loadLibraries = async () => {
		if (get().connection === undefined) {
			return;
		}

		const generation = get().libraries.generation + 1;
		dispatch({type: 'libraries-started', generation});
		try {
			dispatch({type: 'libraries-loaded', generation, rows: await services.libraries()});
		} catch (error) {
			dispatch({type: 'libraries-failed', generation, failure: failureOf(error)});
		}
	};

	const connect = async (to: ConnectTarget) => {
		const attempt = get().connect.attempt + 1;
		abort = new AbortController();
		dispatch({type: 'connect-started', attempt});
		try {
			const connection = await services.connect(to, {signal: abort.signal});
			const isWanted = get().connect.attempt === attempt;
			dispatch({type: 'connected', attempt, connection});
			if (isWanted) {
				await loadLibraries();
			}
		} catch (error) {
			dispatch({type: 'connect-failed', attempt, failure: failureOf(error)});
		}
	};

	const openKnown = async (id: string) => {
		const server = get().connect.known.find(known => known.id === id);
		if (server?.isWorking === false) {
			dispatch({type: 'say', text: `${server.name} cannot be reached now (${server.detail}). Sign in again when it is on: its addresses are asked for anew.`, tone: 'warn'});
			return;
		}

		await connect({kind: 'known', id, name: server?.name ?? id});
	};

	const signIn = createSignIn({
		services, get, dispatch, open: openKnown,
	});
	let nearby: AbortController | undefined;

	return {
		load,
		loadLibraries,
		chosen: () => chosenIds(get()),
		async openChoice({connect: {choice, isConnecting}}: UiState) {
			if (isConnecting) {
				return;
			}

			if (choice === 'demo') {
				await connect({kind: 'demo'});
			} else if (choice === 'account') {
				await signIn.start();
			} else if (choice.startsWith('known ')) {
				await openKnown(choice.slice('known '.length));
			}
		},
		signIn,
		/**
		What can be chosen from: those that are known at once, those in this network as they answer.
		*/
		async look() {
			dispatch({type: 'servers-known', ...await services.servers()});
			nearby?.abort();
			const own = new AbortController();
			nearby = own;
			const servers = await services.nearby({signal: own.signal});
			if (!own.signal.aborted) {
				dispatch({type: 'servers-nearby', servers});
			}
		},
		async submit() {
			const {url, token} = get().connect;
			if (url.text.trim() === '') {
				dispatch({type: 'say', text: 'Type the address of the server first, such as http://192.168.1.10:32400.', tone: 'warn'});
				return;
			}

			await connect({kind: 'server', url: url.text.trim(), token: token.text.trim() === '' ? undefined : token.text.trim()});
		},
		cancel() {
			abort?.abort();
			nearby?.abort();
			signIn.cancel();
		},
	};
};
