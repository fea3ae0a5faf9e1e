import {request} from 'node:http';
import type {DaemonFile} from '../watch/daemon-file.js';

type HealthAnswer = {
	isHealthy: boolean;
	/**
	A sentence about what is wrong.
	*/
	reason?: string;
};

type AskHealthOptions = {
	timeoutMs?: number;
};

/**
What a daemon says at `/healthz`. Only node:http is loaded for that, because containers ask every minute.
*/
export const askHealth = async (address: NonNullable<DaemonFile['api']>, {timeoutMs = 5000}: AskHealthOptions = {}): Promise<HealthAnswer> => new Promise(resolve => {
	const asked = request({
		...target(address),
		path: '/healthz',
		// No connection to keep, and no proxy on the way to this machine.
		agent: false,
		signal: AbortSignal.timeout(timeoutMs),
	});
	asked.once('response', response => {
		const {statusCode = 0} = response;
		// The status says it all; a body without an end must not hold this up.
		response.destroy();
		resolve(statusCode === 200 ? {isHealthy: true} : {isHealthy: false, reason: `It answered with HTTP ${statusCode}.`});
	});
	asked.once('error', (error: NodeJS.ErrnoException) => {
		resolve({isHealthy: false, reason: error.name === 'AbortError' || error.name === 'TimeoutError' ? `It did not answer within ${timeoutMs / 1000} seconds.` : `It could not be asked (${error.code ?? 'unknown cause'}).`});
	});
	asked.end();
});

const target = (address: NonNullable<DaemonFile['api']>) => {
	if ('socketPath' in address) {
		return {socketPath: address.socketPath};
	}

	const {hostname, port} = new URL(address.url);
	// Brackets are for addresses in URLs only; one that listens everywhere listens here.
	const host = hostname.replaceAll(/[\[\]]/gv, '');
	return {host: host === '0.0.0.0' ? '127.0.0.1' : (host === '::' ? '::1' : host), port};
};
