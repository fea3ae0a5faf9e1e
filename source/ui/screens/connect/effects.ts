import {say} from '../../messages.js';
import {failureOf} from '../../parts/failure.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import type {ConnectTarget} from '../../services.js';
import {loadLibraries} from '../libraries/effects.js';
import {
	addressRead,
	connected,
	connectFailed,
	connectStarted,
	serversKnown,
	serversNearby,
} from './reduce.js';

const attempts = perApp(() => ({connect: new AbortController(), nearby: new AbortController()}));

const connect = async (context: EffectContext, to: ConnectTarget) => {
	const {services, get, dispatch} = context;
	const attempt = get().connect.attempt + 1;
	const abort = new AbortController();
	attempts(context).connect = abort;
	dispatch(connectStarted(attempt));
	try {
		const connection = await services.connect(to, {signal: abort.signal});
		const isWanted = get().connect.attempt === attempt;
		dispatch(connected({attempt, connection}));
		if (isWanted) {
			await loadLibraries(context);
		}
	} catch (error) {
		dispatch(connectFailed({attempt, failure: failureOf(error)}));
	}
};

export const connectDemo = async (context: EffectContext): Promise<void> => connect(context, {kind: 'demo'});

export const connectKnown = async (context: EffectContext, id: string): Promise<void> => {
	const {get, dispatch} = context;
	const server = get().connect.known.find(known => known.id === id);
	if (server?.isWorking === false) {
		dispatch(say({text: `${server.name} cannot be reached now (${server.detail}). Sign in again when it is on; reelcat then asks for its addresses again.`, tone: 'warn'}));
		return;
	}

	await connect(context, {kind: 'known', id, name: server?.name ?? id});
};

export const submitForm = async (context: EffectContext): Promise<void> => {
	const {url, token} = context.get().connect;
	if (url.text.trim() === '') {
		context.dispatch(say({text: 'Type the address of the server first, such as http://192.168.1.10:32400.', tone: 'warn'}));
		return;
	}

	const address = context.services.readAddress?.(url.text);
	if (address?.leftOut !== undefined) {
		// What was left out may hold a token, which must not stay on the screen.
		context.dispatch(addressRead(address.url));
		context.dispatch(say({text: address.leftOut, tone: 'warn'}));
	}

	await connect(context, {kind: 'server', url: address?.url ?? url.text.trim(), token: token.text.trim() === '' ? undefined : token.text.trim()});
};

export const lookForServers = async (context: EffectContext): Promise<void> => {
	const {services, dispatch} = context;
	dispatch(serversKnown(await services.servers()));
	attempts(context).nearby.abort();
	const own = new AbortController();
	attempts(context).nearby = own;
	const servers = await services.nearby({signal: own.signal});
	if (!own.signal.aborted) {
		dispatch(serversNearby(servers));
	}
};

export const cancelConnect = (context: EffectContext): void => {
	attempts(context).connect.abort();
	attempts(context).nearby.abort();
};
