import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import {proxyOptions} from '../base/http/proxy.js';
import {tlsOptionsOf, type CertificatePin} from './certificate.js';
import {createLookup, type Lookup} from './plex-direct.js';

export type AgentsOptions = {
	connections: number;
	pin?: CertificatePin | undefined;
	/**
	Certificate authorities (PEM) that replace those of the system.
	*/
	ca?: string | undefined;
	proxyEnv?: NodeJS.ProcessEnv | undefined;
	lookup?: Lookup | undefined;
};

export type Agents = ReturnType<typeof createAgents>;

const sharedLookup = createLookup();

/**
Settles how connections to a server are made: name lookup, proxies and certificates.

@throws AppError `usage` for a proxy that cannot be used.
*/
export const createAgents = ({connections, pin, ca, proxyEnv, lookup = sharedLookup}: AgentsOptions) => {
	const pool = {
		keepAlive: true,
		maxSockets: connections,
		maxFreeSockets: connections,
		lookup,
		...proxyOptions(proxyEnv),
	};
	const http = new HttpAgent(pool);
	const https = new HttpsAgent({...pool, ...ca !== undefined && {ca}, ...pin !== undefined && tlsOptionsOf(pin)});
	return {
		http,
		https,
		close() {
			http.destroy();
			https.destroy();
		},
	};
};
