import {request} from 'node:http';
import type {DaemonFile} from '../watch/daemon-file.js';

type Address = NonNullable<DaemonFile['api']>;

/**
Asks a daemon at `/healthz` whether it is well; `reason` is a sentence about what is wrong. Only node:http is loaded for that, because containers ask every minute.
*/
export const askHealth = async (address: Address, {timeoutMs = 5000} = {}): Promise<{isHealthy: boolean; reason?: string}> => new Promise(resolve => {
	const asked = request({
		...target(address),
		path: '/healthz',
		// There is no connection to keep, and no proxy on the way to this machine.
		agent: false,
		signal: AbortSignal.timeout(timeoutMs),
	});
	asked.once('response', response => {
		const {statusCode = 0} = response;
		// The status is enough; a body without an end must not delay the answer.
		response.destroy();
		resolve(statusCode === 200 ? {isHealthy: true} : {isHealthy: false, reason: `It answered with HTTP ${statusCode}.`});
	});
	asked.once('error', (error: NodeJS.ErrnoException) => {
		resolve({isHealthy: false, reason: error.name === 'AbortError' || error.name === 'TimeoutError' ? `It did not answer within ${timeoutMs / 1000} seconds.` : `It could not be asked (${error.code ?? 'unknown cause'}).`});
	});
	asked.end();
});

const target = (address: Address) => {
	if ('socketPath' in address) {
		return {socketPath: address.socketPath};
	}

	const {hostname, port} = new URL(address.url);
	// An IPv6 address has brackets in URLs only. A daemon that listens everywhere listens on this machine.
	const host = hostname.replaceAll(/[\[\]]/gv, '');
	return {host: host === '0.0.0.0' ? '127.0.0.1' : (host === '::' ? '::1' : host), port};
};
