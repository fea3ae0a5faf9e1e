import {isIPv4} from 'node:net';
import process from 'node:process';
import {AppError} from '../errors.js';
import type {NetworkFailure} from '../network-failure.js';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const canProxy = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

const valueOf = (env: NodeJS.ProcessEnv, name: string) => {
	// As in curl, the lower-case name wins.
	const value = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
	return value === '' ? undefined : value;
};

const addressOf = (number: number) => [24, 16, 8, 0].map(bits => Math.floor(number / (2 ** bits)) % 256).join('.');

/**
Writes NO_PROXY in the forms that Node's agents know (a host, a `.suffix`, a range of addresses, commas between them), so that it means what it means to curl: networks, the names below a name, blanks between two of them.

@example
```
noProxyForNode('nas.lan 10.1.0.0/16'); //=> 'nas.lan,.nas.lan,10.1.0.0-10.1.255.255'
```
*/
export const noProxyForNode = (value: string): string => value.split(/[\s,]+/v).flatMap(entry => {
	const {address = '', bits} = /^(?<address>[\d.]+)\/(?<bits>\d\d?)$/v.exec(entry)?.groups ?? {};
	if (isIPv4(address) && Number(bits) <= 32) {
		const size = 2 ** (32 - Number(bits));
		const number = address.split('.').reduce((sum, part) => (sum * 256) + Number(part), 0);
		const first = number - (number % size);
		return [`${addressOf(first)}-${addressOf(first + size - 1)}`];
	}

	if (/^[\d\-.]*$/v.test(entry)) {
		return entry === '' ? [] : [entry];
	}

	const plain = entry.replace(/^\[(?<inner>.*)\]$/v, '$<inner>');
	return /^\w[\w\-.]*$/v.test(plain) ? [plain, `.${plain}`] : [plain];
}).join(',');

/**
Makes the options that give Node's agents the proxies of the environment. Node itself follows NO_PROXY (hosts, `.suffixes`, `*`, ports, address ranges).

@throws AppError `usage` for a proxy without an http address, or where Node.js is too old
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
			return value === undefined ? [] : [[name, name === 'NO_PROXY' ? noProxyForNode(value) : value]];
		})),
	};
};

/**
Returns host and port of the proxy for http or https requests, without its password. It ignores NO_PROXY, whose rules only Node knows.
*/
export const proxyFor = ({isHttps}: {isHttps: boolean}, env: NodeJS.ProcessEnv = {}): string | undefined => {
	const value = valueOf(env, isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY');
	return value === undefined ? undefined : URL.parse(value)?.host;
};

/**
Tells whether the proxy itself refused or could not be reached: the error then names its port.
*/
export const isProxyFailure = ({code = '', port}: NetworkFailure, proxy: string): boolean =>
	code.startsWith('ERR_PROXY_') || (port !== undefined && proxy.endsWith(`:${port}`));
