import {Buffer} from 'node:buffer';
import {hash, timingSafeEqual} from 'node:crypto';
import type {FastifyReply, FastifyRequest} from 'fastify';
import type {Clock} from '../base/clock.js';
import type {AppError} from '../base/errors.js';
import type {ApiAddress} from './listen.js';
import {refusal} from './refusal.js';
import type {RouteAccess} from './port.js';

type GateOptions = {
	address: ApiAddress;
	token: string | undefined;
	hosts: readonly string[];
	/**
	Whether the page is shown without a token.
	*/
	isPagePublic: boolean;
	clock: Clock;
	refusalsPerMinute: number;
};

const basic = 'Basic realm="reelcat", charset="UTF-8"';

// Chromium does not ask for a password if the same header offers Bearer as well, so the page offers only Basic.
const challenges: Readonly<Record<RouteAccess, string>> = {
	none: 'Bearer', token: 'Bearer', hook: `Bearer, ${basic}`, page: basic,
};

/**
Decides who may call.
*/
export const createGate = ({address, token, hosts, isPagePublic, clock, refusalsPerMinute}: GateOptions) => {
	const names = allowedHosts('host' in address ? address.host : undefined, hosts);
	// If we listen on all addresses, we cannot know the names of this machine, and the token protects it. A web page cannot call a socket in the file system.
	const hasAnyName = 'socketPath' in address || (token !== undefined && ['0.0.0.0', '::'].includes(address.host));
	const refusals = createRefusals(clock, refusalsPerMinute);

	return {
		/**
		Refuses a call that a web page could have made.
		*/
		strangeness(request: FastifyRequest): AppError | undefined {
			const {headers, raw} = request;
			const {host = []} = raw.headersDistinct;
			const name = hostName(headers.host)?.toLowerCase();
			const isNamed = name !== undefined && host.length === 1 && (hasAnyName || names.has(name));
			if (!isNamed && !(host.join('') === '' && isProbe(request))) {
				return refusal(421, 'forbidden', 'This server does not answer to that host name.', 'Use the address that it listens on, or allow the name with --api-host.');
			}

			// A browser sends at least one of these headers with every request of a foreign page.
			const site = headers['sec-fetch-site'];
			return headers.origin === undefined && (site === undefined || site === 'none' || (accessOf(request) === 'page' && isOwnPage(request)))
				? undefined
				: refusal(403, 'forbidden', 'Web pages may not call this.');
		},
		/**
		@throws AppError
		*/
		requireToken(request: FastifyRequest, reply: FastifyReply, access: RouteAccess) {
			const {authorization} = request.headers;
			const hasBasic = access === 'hook' || access === 'page';
			const given = givenToken(authorization, {hasBasic});
			// File permissions protect a socket, so a call without a token is fine there.
			const isOpen = token === undefined || (access === 'page' && isPagePublic) || ('socketPath' in address && authorization === undefined);
			if (isOpen || (given !== undefined && isSameSecret(given, token))) {
				return;
			}

			// A browser may ask for each picture without the password first, which is no guess.
			if (authorization !== undefined && refusals.isTooMany(request.ip)) {
				throw refusal(429, 'rate-limited', 'Too many wrong tokens. Wait a minute.');
			}

			// Some programs send a password only after they were asked for it, and a browser asks its user for one.
			void reply.header('WWW-Authenticate', challenges[access]);
			throw refusal(401, 'unauthorized', 'A token is needed.', '"reelcat api token" prints it; send it as "Authorization: Bearer TOKEN".');
		},
	};
};

const accessOf = ({routeOptions}: FastifyRequest) => (routeOptions.config as {access?: RouteAccess} | undefined)?.access;

// Load balancers probe without a host. Browsers always name one.
const isProbe = (request: FastifyRequest) => accessOf(request) === 'none';

/**
Whether a browser asks for our page, or our page itself asks. Others may lead to the page, but a foreign page can neither read it nor show it within itself.
*/
const isOwnPage = ({headers}: FastifyRequest) => headers['sec-fetch-site'] === 'same-origin' || (headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document');

/**
Counts wrong tokens by client. A right token is never refused: somebody who guesses must not lock out others on the same machine.
*/
const createRefusals = (clock: Clock, perMinute: number) => {
	let counts = new Map<string, number>();
	let sinceMs = -Infinity;
	return {
		isTooMany(client: string) {
			const nowMs = clock.monotonicMs();
			if (nowMs - sinceMs > 60_000 || counts.size > 10_000) {
				counts = new Map();
				sinceMs = nowMs;
			}

			const count = (counts.get(client) ?? 0) + 1;
			counts.set(client, count);
			return count > perMinute;
		},
	};
};

const digest = (text: string): Uint8Array => hash('sha256', text, 'buffer');

/**
Takes the same time for any two texts.
*/
export const isSameSecret = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));

/**
The token in an `Authorization` header. In Basic it is the password, for programs that know only an address with a password.
*/
export const givenToken = (authorization: string | undefined, {hasBasic}: {hasBasic: boolean}): string | undefined => {
	const [, scheme = '', value = ''] = /^(?<scheme>\w+) +(?<value>[\u{21}-\u{7E}]+)$/v.exec(authorization?.trim() ?? '') ?? [];
	if (scheme.toLowerCase() === 'bearer') {
		return value;
	}

	if (!hasBasic || scheme.toLowerCase() !== 'basic') {
		return undefined;
	}

	const pair = Buffer.from(value, 'base64').toString('utf8');
	return pair.slice(pair.indexOf(':') + 1);
};

/**
The name in a `Host` header, without the port; undefined if the header is malformed.
*/
export const hostName = (header: string | undefined): string | undefined => {
	const url = URL.parse(`http://${header ?? ''}`);
	return url === null || header === undefined || url.host === '' || url.pathname !== '/' || url.username !== ''
		? undefined
		: url.hostname.replaceAll(/^\[|\]$/gv, '');
};

/**
Names under which this server may be called. This stops DNS rebinding: a page that lets its own name point to this machine still calls it by that name.
*/
const allowedHosts = (boundHost: string | undefined, more: readonly string[]): ReadonlySet<string> => new Set([
	'localhost', '127.0.0.1', '::1', ...boundHost === undefined ? [] : [boundHost], ...more,
].map(name => name.toLowerCase().replaceAll(/^\[|\]$/gv, '')));
