import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import {tlsOptionsOf, type Pin} from './certificate.js';
import {createLookup, type Lookup} from './plex-direct.js';
import {proxyOptions} from './proxy.js';

export type AgentsOptions = {
	/**
	At a time, to each host.
	*/
	connections: number;
	/**
	The one certificate that the server may show.
	*/
	pin?: Pin | undefined;
	/**
	Certificate authorities (PEM) in place of those of the system.
	*/
	ca?: string | undefined;
	/**
	Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up.
	*/
	proxyEnv?: NodeJS.ProcessEnv | undefined;
	lookup?: Lookup | undefined;
};

/**
How connections to a server are made, whatever goes over them: names, proxies and certificates are settled here and nowhere else.
*/
export type Agents = {
	http: HttpAgent;
	https: HttpsAgent;
	close: () => void;
};

const sharedLookup = createLookup();

/**
@throws AppError `usage` for a proxy that cannot be used.
*/
export const createAgents = ({connections, pin, ca, proxyEnv, lookup = sharedLookup}: AgentsOptions): Agents => {
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
