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
import {systemClock, type Clock} from '../base/clock.js';
import {AppError, isAppError} from '../base/errors.js';
import {escapeObeyed} from '../base/text/json.js';
import {sendEvents} from './event-stream.js';
import {createGate} from './gate.js';
import {readHookPayload} from './hooks.js';
import {
	clearSocket,
	listenFault,
	listenPrivately,
	requireSafe,
	urlHost,
	type ApiAddress,
} from './listen.js';
import type {ApiPort, Route, RouteAccess} from './port.js';
import {
	answerError,
	answerNoRequest,
	answerNotFound,
	refusal,
} from './refusal.js';
import {routes} from './routes.js';

/**
What strangers, floods and slow clients may cost.
*/
type ApiLimits = {
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
	/**
	At once. More would take the file handles that the catalogue needs.
	*/
	connections: number;
	headersMs: number;
	requestMs: number;
	/**
	A connection on which nothing moves for so long is closed; longer than a heartbeat.
	*/
	idleMs: number;
	streams: number;
	streamBytes: number;
	heartbeatMs: number;
};

const defaultLimits: ApiLimits = {
	bodyBytes: 65_536,
	hookBytes: 2 * 1_048_576,
	perMinute: 600,
	refusalsPerMinute: 20,
	connections: 2000,
	headersMs: 10_000,
	requestMs: 15_000,
	idleMs: 60_000,
	streams: 32,
	streamBytes: 1_048_576,
	heartbeatMs: 15_000,
};

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
	const gate = createGate({
		address, token, hosts, clock, refusalsPerMinute: limits.refusalsPerMinute,
	});
	const streams = new Set<() => void>();
	const app = fastify({
		bodyLimit: limits.bodyBytes,
		requestTimeout: limits.requestMs,
		connectionTimeout: limits.idleMs,
		keepAliveTimeout: limits.headersMs,
		http: {headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(2000, limits.headersMs)},
		forceCloseConnections: true,
		onProtoPoisoning: 'error',
		onConstructorPoisoning: 'error',
		routerOptions: {maxParamLength: 200},
		return503OnClosing: false,
		clientErrorHandler: answerNoRequest,
		frameworkErrors(error, request, reply) {
			void answerError(gate.strangeness(request) ?? error, reply, onFault);
		},
	});
	app.server.maxConnections = limits.connections;
	// A browser may send this kind without asking first.
	app.removeContentTypeParser('text/plain');
	app.setReplySerializer(data => escapeObeyed(JSON.stringify(data)));
	app.setValidatorCompiler(({schema}) => data => {
		const checked = (schema as z.ZodType).safeParse(data);
		return checked.success ? {value: checked.data} : {error: new AppError('usage', sentenceOf(checked.error))};
	});
	app.setErrorHandler(async (error: FastifyError, _request, reply) => {
		await answerError(error, reply, onFault);
	});
	app.setNotFoundHandler(async (_request, reply) => {
		await answerNotFound(reply);
	});

	app.addHook('onRequest', async (request, reply) => {
		const strangeness = gate.strangeness(request);
		if (strangeness !== undefined) {
			throw strangeness;
		}

		const {access = 'token'} = request.routeOptions.config as {access?: RouteAccess};
		if (access !== 'none' && !request.is404) {
			gate.requireToken(request, reply, access);
		}
	});
	await app.register(rateLimit, {
		max: limits.perMinute,
		timeWindow: 60_000,
		// After the hook above: who has no token must not use up the calls of those who have.
		hook: 'preParsing',
		// Who calls a socket has no address.
		...('socketPath' in address && {keyGenerator: () => 'socket'}),
		errorResponseBuilder: () => refusal(429, 'rate-limited', 'Too many calls. Wait a little.'),
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

	const context = {port, limits, openStream};
	const {forms = [], others = []} = Object.groupBy(routes, ({bodyKind}) => bodyKind === 'multipart' ? 'forms' : 'others');
	for (const route of others) {
		addRoute(app, route, context);
	}

	// Forms are for hooks alone: a page may send them without asking first.
	await app.register(async hooks => {
		await hooks.register(multipart, {
			limits: {
				fields: 10, files: 2, fileSize: limits.hookBytes, fieldSize: limits.bodyBytes,
			},
		});
		for (const route of forms) {
			addRoute(hooks, route, context);
		}
	});

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

/**
A probe costs less than to count it, and what counts it must not end a container.
*/
const rateOf = ({access, perMinute}: Route) => {
	if (access === 'none') {
		return {rateLimit: false as const};
	}

	return perMinute === undefined ? {} : {rateLimit: {max: perMinute, timeWindow: 60_000}};
};

const addRoute = (app: FastifyInstance, route: Route, {port, limits, openStream}: RouteContext) => {
	const {method, path, access, params, query, body, bodyKind} = route;
	app.route({
		method,
		url: path,
		exposeHeadRoute: false,
		config: {access, ...rateOf(route)},
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
				body: bodyKind === 'multipart' ? await readHookPayload(request) : request.body,
			});
			return typeof output.body === 'string'
				? reply.code(output.status).type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(output.body)
				: reply.code(output.status).header('Cache-Control', 'no-store').send(output.body);
		},
	});
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

const ownHosts: Readonly<Record<string, string>> = {'0.0.0.0': '127.0.0.1', '::': '::1'};

const urlOf = (app: FastifyInstance, {host}: {host: string}) => {
	const {port} = app.server.address() as AddressInfo;
	return `http://${urlHost(ownHosts[host] ?? host)}:${port}`;
};
