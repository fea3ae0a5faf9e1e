import process from 'node:process';
import {AppError} from '../base/errors.js';
import type {Target} from './failure.js';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const canProxy = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

const valueOf = (env: NodeJS.ProcessEnv, name: string) => {
	// As in curl, the lower-case name wins.
	const value = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
	return value === '' ? undefined : value;
};

/**
Options of Node's agents for the proxies that the environment names; Node keeps to NO_PROXY (hosts, `.suffixes`, `*`, ports, ranges of addresses).

@throws AppError `usage` for a proxy that is no http address, or where Node.js is too old.
*/
export const proxyOptions = (env: NodeJS.ProcessEnv = {}): {proxyEnv?: NodeJS.ProcessEnv} => {
	const named = ['HTTP_PROXY', 'HTTPS_PROXY'].filter(name => valueOf(env, name) !== undefined);
	if (named.length === 0) {
		return {};
	}

	if (!canProxy) {
		throw new AppError('usage', `${named.join(' and ')} cannot be used with Node.js ${process.versions.node}.`, {hint: 'Update Node.js to 22.21, 24.5 or newer, or unset it.'});
	}

	for (const name of named) {
		if (!/^https?:$/v.test(URL.parse(valueOf(env, name)!)?.protocol ?? '')) {
			throw new AppError('usage', `${name} does not name a proxy.`, {hint: 'It must be an http:// or https:// address; other kinds, such as socks, are not supported.'});
		}
	}

	return {
		proxyEnv: Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap(name => {
			const value = valueOf(env, name);
			return value === undefined ? [] : [[name, value]];
		})),
	};
};

/**
Host and port of the proxy for requests of this kind, without its password; undefined where there is none. Whether NO_PROXY takes the host out is Node's to know.
*/
export const proxyFor = ({isHttps}: Pick<Target, 'isHttps'>, env: NodeJS.ProcessEnv = {}): string | undefined => {
	const value = valueOf(env, isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY');
	return value === undefined ? undefined : URL.parse(value)?.host;
};

/**
The proxy itself refused, or could not be reached: then the error names its port.
*/
export const isProxyTrouble = (error: unknown, proxy: string): boolean => {
	// The HTTP library keeps what happened as the cause.
	const {code = '', port, cause} = (error ?? {}) as {code?: string; port?: number; cause?: {port?: number}};
	const failedPort = port ?? cause?.port;
	return code.startsWith('ERR_PROXY_') || (failedPort !== undefined && proxy.endsWith(`:${failedPort}`));
};
