import type {FastifyReply, FastifyRequest} from 'fastify';
import type {Clock} from '../base/clock.js';
import type {AppError} from '../base/errors.js';
import {
	allowedHosts,
	givenToken,
	hostName,
	isSameSecret,
} from './guard.js';
import type {ApiAddress} from './listen.js';
import {refusal} from './refusal.js';
import type {RouteAccess} from './routes.js';

export type GateOptions = {
	address: ApiAddress;
	token: string | undefined;
	hosts: readonly string[];
	clock: Clock;
	refusalsPerMinute: number;
};

/**
Who may call at all.
*/
export type Gate = {
	/**
	Why a call is refused that a web page could have made, whatever it asks for.
	*/
	strangeness: (request: FastifyRequest) => AppError | undefined;
	/**
	@throws AppError
	*/
	requireToken: (request: FastifyRequest, reply: FastifyReply, access: RouteAccess) => void;
};

export const createGate = ({address, token, hosts, clock, refusalsPerMinute}: GateOptions): Gate => {
	const names = allowedHosts('host' in address ? address.host : undefined, hosts);
	// A name that leads to every address of this machine cannot be known; the token is what protects it. No page can call a socket in the file system.
	const hasAnyName = 'socketPath' in address || (token !== undefined && ['0.0.0.0', '::'].includes(address.host));
	const refusals = createRefusals(clock, refusalsPerMinute);

	return {
		strangeness({headers, raw}) {
			const name = hostName(headers.host)?.toLowerCase();
			if (name === undefined || raw.headersDistinct['host']?.length !== 1 || !(hasAnyName || names.has(name))) {
				return refusal(421, 'forbidden', 'This server does not answer under that name.', 'Call it by the address that it listens on, or add the name with --api-host.');
			}

			// A browser sends one or the other with all that a page of elsewhere makes it ask for.
			const site = headers['sec-fetch-site'];
			return headers.origin === undefined && (site === undefined || site === 'none')
				? undefined
				: refusal(403, 'forbidden', 'Web pages may not call this.');
		},
		requireToken(request, reply, access) {
			const {authorization} = request.headers;
			const given = givenToken(authorization, {hasBasic: access === 'hook'});
			// The rights of its file protect a socket; only a wrong token is refused there.
			const isOpen = token === undefined || ('socketPath' in address && authorization === undefined);
			if (isOpen || (given !== undefined && isSameSecret(given, token))) {
				return;
			}

			if (refusals.isTooMany(request.ip)) {
				throw refusal(429, 'rate-limited', 'Too many wrong tokens. Wait a minute.');
			}

			// Some programs send a password only once they are asked for it.
			void reply.header('WWW-Authenticate', access === 'hook' ? 'Bearer, Basic realm="reelcat"' : 'Bearer');
			throw refusal(401, 'unauthorized', 'A token is needed.', '"reelcat api token" prints it; send it as "Authorization: Bearer TOKEN".');
		},
	};
};

/**
Counts wrong tokens by client. A right one is never refused: whoever guesses must not lock out others on the same machine.
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
