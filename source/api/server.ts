import {unlink} from 'node:fs/promises';
import type {AddressInfo} from 'node:net';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, {
	type FastifyError,
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
} from 'fastify';
import type * as z from 'zod';
import {systemClock, type Clock} from '../clock.js';
import {AppError, isAppError, type ErrorCode} from '../errors.js';
import {escapeObeyed} from '../text/json.js';
import {sendEvents} from './event-stream.js';
import {
	allowedHosts,
	givenToken,
	hostName,
	isSameSecret,
	urlHost,
} from './guard.js';
import {
	clearSocket,
	listenFault,
	listenPrivately,
	requireSafe,
	type ApiAddress,
} from './listen.js';
import type {ApiPort} from './port.js';
import {routes, type Route} from './routes.js';

export type ApiOptions = {
	address: ApiAddress;
	/**
	Undefined: whoever reaches it may do everything; on loopback only.
	*/
	token: string | undefined;
	port: ApiPort;
	/**
	Further names under which it may be called, for instance behind a proxy.
	*/
	hosts?: readonly string[];
	clock?: Clock;
	limits?: Partial<ApiLimits>;
	/**
	An error that is a bug, for the log.
	*/
	onFault: (error: unknown) => void;
};

export type ApiLimits = {
	bodyBytes: number;
	/**
	Of a webhook of Plex, which brings a picture.
	*/
	hookBytes: number;
	/**
	Calls of one client a minute.
	*/
	perMinute: number;
	/**
	Wrong tokens of one client a minute, before it is told nothing more.
	*/
	refusalsPerMinute: number;
	headersMs: number;
	requestMs: number;
	streams: number;
	streamBytes: number;
	heartbeatMs: number;
};

const defaultLimits: ApiLimits = {
	bodyBytes: 65_536,
	hookBytes: 2 * 1_048_576,
	perMinute: 600,
	refusalsPerMinute: 20,
	headersMs: 10_000,
	requestMs: 15_000,
	streams: 32,
	streamBytes: 1_048_576,
	heartbeatMs: 15_000,
};

export type Api = {
	/**
	With the port that was really taken.
	*/
	address: {url: string} | {socketPath: string};
	/**
	Ends streams and open connections at once.
	*/
	close: () => Promise<void>;
};

/**
The HTTP API of a daemon: `routes` behind the checks that keep strangers, browsers and floods out.

@throws AppError 'usage' for an address that is taken, or open to the network without a token
*/
export const startApi = async ({address, token, port, hosts = [], clock = systemClock, onFault, ...options}: ApiOptions): Promise<Api> => {
	const limits = {...defaultLimits, ...options.limits};
	requireSafe(address, token);
	const names = allowedHosts('host' in address ? address.host : undefined, hosts);
	const isAnyHost = 'host' in address && ['0.0.0.0', '::'].includes(address.host);
	const streams = new Set<() => void>();
	const app = fastify({
		bodyLimit: limits.bodyBytes,
		requestTimeout: limits.requestMs,
		keepAliveTimeout: limits.headersMs,
		http: {headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(2000, limits.headersMs)},
		forceCloseConnections: true,
		onProtoPoisoning: 'error',
		onConstructorPoisoning: 'error',
		routerOptions: {maxParamLength: 200},
		return503OnClosing: false,
	});
	// A browser may send this kind without asking first.
	app.removeContentTypeParser('text/plain');
	app.setSerializerCompiler(() => data => escapeObeyed(JSON.stringify(data)));
	app.setValidatorCompiler(({schema}) => data => {
		const checked = (schema as z.ZodType).safeParse(data);
		return checked.success ? {value: checked.data} : {error: new AppError('usage', sentenceOf(checked.error))};
	});
	app.setErrorHandler(async (error: FastifyError, _request, reply) => {
		await answerError(error, reply, onFault);
	});
	app.setNotFoundHandler(async (request, reply) => {
		refuseStrangers(request);
		await answer(reply, 404, {code: 'not-found', message: 'There is nothing at this address.'});
	});

	const refusals = createRefusals(clock, limits.refusalsPerMinute);

	const refuseStrangers = (request: FastifyRequest) => {
		const name = hostName(request.headers.host)?.toLowerCase();
		// A name that leads to every address of this machine cannot be known; the token is what protects it.
		const isKnown = name !== undefined && (names.has(name) || (isAnyHost && token !== undefined) || 'socketPath' in address);
		if (!isKnown) {
			throw refusal(421, 'forbidden', 'This server does not answer under that name.', 'Call it by the address that it listens on, or add the name with --api-host.');
		}

		if (request.headers.origin !== undefined) {
			throw refusal(403, 'forbidden', 'Web pages may not call this.');
		}
	};

	const refuseWithoutToken = (request: FastifyRequest, access: Route['access']) => {
		const given = givenToken(request.headers.authorization, {hasBasic: access === 'hook'});
		const isOpen = token === undefined || ('socketPath' in address && request.headers.authorization === undefined);
		if (isOpen || (given !== undefined && isSameSecret(given, token))) {
			return;
		}

		if (refusals.isTooMany(request.ip)) {
			throw refusal(429, 'rate-limited', 'Too many wrong tokens. Wait a minute.');
		}

		throw refusal(401, 'unauthorized', 'A token is needed.', '"reelcat api token" prints it; send it as "Authorization: Bearer TOKEN".');
	};

	app.addHook('onRequest', async request => {
		refuseStrangers(request);
		const {access = 'token'} = request.routeOptions.config as {access?: Route['access']};
		if (access !== 'none' && !request.is404) {
			refuseWithoutToken(request, access);
		}
	});
	await app.register(rateLimit, {
		max: limits.perMinute,
		timeWindow: 60_000,
		// After the hook above: who has no token must not use up the calls of those who have.
		hook: 'preParsing',
		errorResponseBuilder: () => refusal(429, 'rate-limited', 'Too many calls. Wait a little.'),
	});
	await app.register(multipart, {
		limits: {
			fields: 10, files: 2, fileSize: limits.hookBytes, fieldSize: limits.bodyBytes,
		},
	});

	const openStream = (request: FastifyRequest, reply: FastifyReply) => {
		if (streams.size >= limits.streams) {
			throw refusal(503, 'rate-limited', 'Too many are listening already.');
		}

		const last = request.headers['last-event-id'];
		if (last !== undefined && !/^\d{1,15}$/v.test(String(last))) {
			throw refusal(400, 'usage', 'Last-Event-ID is no number of an event.');
		}

		void reply.hijack();
		const end = sendEvents({
			response: reply.raw,
			watcher: port.watcher,
			after: last === undefined ? undefined : Number(last),
			clock,
			maxBufferedBytes: limits.streamBytes,
			heartbeatMs: limits.heartbeatMs,
		});
		streams.add(end);
		reply.raw.once('close', () => {
			streams.delete(end);
		});
	};

	for (const route of routes) {
		addRoute(app, route, {port, limits, openStream});
	}

	await listen(app, address);
	return {
		address: 'socketPath' in address ? address : {url: urlOf(app, address)},
		async close() {
			for (const end of streams) {
				end();
			}

			await app.close();
			if ('socketPath' in address) {
				await unlink(address.socketPath).catch(() => {/* somebody has tidied up */});
			}
		},
	};
};

type RouteContext = {
	port: ApiPort;
	limits: ApiLimits;
	openStream: (request: FastifyRequest, reply: FastifyReply) => void;
};

const addRoute = (app: FastifyInstance, route: Route, {port, limits, openStream}: RouteContext) => {
	const {method, path, access, params, query, body, bodyKind, perMinute} = route;
	app.route({
		method,
		url: path,
		exposeHeadRoute: false,
		config: {access, ...(perMinute !== undefined && {rateLimit: {max: perMinute, timeWindow: 60_000}})},
		...(bodyKind === 'multipart' && {bodyLimit: limits.hookBytes}),
		schema: {
			...(params !== undefined && {params}),
			...(query !== undefined && {querystring: query}),
			...(body !== undefined && bodyKind !== 'multipart' && {body}),
		},
		async handler(request, reply) {
			if (Object.values(route.responses).includes('events')) {
				openStream(request, reply);
				return reply;
			}

			const output = await route.handle(port, {
				params: request.params as Record<string, string>,
				query: request.query as Record<string, unknown>,
				body: bodyKind === 'multipart' ? await readPayload(request) : request.body,
			});
			return typeof output.body === 'string'
				? reply.code(output.status).type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(output.body)
				: reply.code(output.status).header('Cache-Control', 'no-store').send(output.body);
		},
	});
};

/**
The JSON of a webhook; the picture beside it is not kept.
*/
const readPayload = async (request: FastifyRequest): Promise<unknown> => {
	if (!request.isMultipart()) {
		return request.body;
	}

	let payload: unknown;
	for await (const part of request.parts()) {
		if (part.type === 'file') {
			part.file.resume();
		} else if (part.fieldname === 'payload') {
			payload = part.value;
		}
	}

	try {
		return typeof payload === 'string' ? JSON.parse(payload) as unknown : undefined;
	} catch {
		throw refusal(400, 'usage', 'The field "payload" is no JSON.');
	}
};

const refusalStatuses = new WeakMap<AppError, number>();

/**
Something that is refused before anything was done.
*/
const refusal = (status: number, code: ErrorCode, message: string, hint?: string): AppError => {
	const error = new AppError(code, message, hint === undefined ? {} : {hint});
	refusalStatuses.set(error, status);
	return error;
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

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
	usage: 400, 'not-found': 404, unauthorized: 401, forbidden: 403, 'rate-limited': 429,
};

const extraHeaders: Readonly<Record<number, Record<string, string>>> = {
	401: {'WWW-Authenticate': 'Bearer'}, 429: {'Retry-After': '60'},
};

const answer = async (reply: FastifyReply, status: number, {code, message, hint}: {code: string; message: string; hint?: string | undefined}) =>
	reply.code(status).headers(extraHeaders[status] ?? {}).send({error: {code, message, ...(hint !== undefined && {hint})}});

const answerError = async (error: FastifyError, reply: FastifyReply, onFault: (error: unknown) => void) => {
	if (isAppError(error)) {
		const status = refusalStatuses.get(error) ?? statuses[error.code] ?? 500;
		return answer(reply, status, error);
	}

	const {statusCode = 500} = error;
	if (statusCode >= 500) {
		onFault(error);
		return answer(reply, 500, {code: 'server-error', message: 'Something went wrong here; the log of the daemon says what.'});
	}

	return answer(reply, statusCode, {code: 'usage', message: words[statusCode] ?? 'The request cannot be understood.'});
};

const words: Readonly<Record<number, string>> = {
	400: 'The request cannot be understood.', 404: 'There is nothing at this address.', 413: 'The body is too large.', 415: 'A body of this kind is not taken; send JSON.',
};

const sentenceOf = ({issues}: z.ZodError): string => {
	const [issue] = issues;
	const where = issue?.path.map(String).join('.') ?? '';
	return `${where === '' ? 'The request' : `"${where.slice(0, 60)}"`} is not as it should be${issue === undefined ? '' : `: ${issue.message.slice(0, 200)}`}.`;
};

const listen = async (app: FastifyInstance, address: ApiAddress) => {
	try {
		if ('socketPath' in address) {
			await clearSocket(address.socketPath);
			await listenPrivately(address.socketPath, async path => app.listen({path}));
		} else {
			await app.listen(address);
		}
	} catch (error) {
		await app.close();
		throw isAppError(error) ? error : listenFault(error, address);
	}
};

const urlOf = (app: FastifyInstance, {host}: {host: string}) => {
	const {port} = app.server.address() as AddressInfo;
	return `http://${urlHost(host === '0.0.0.0' ? '127.0.0.1' : host)}:${port}`;
};
