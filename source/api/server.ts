import {unlink} from 'node:fs/promises';
import type {ServerResponse} from 'node:http';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest} from 'fastify';
import type * as z from 'zod';
import {systemClock, type Clock} from '../base/clock.js';
import {AppError} from '../base/errors.js';
import {escapeObeyed} from '../base/text/json.js';
import type {Watcher} from '../watch/watcher.js';
import {createGate} from './gate.js';
import {readHookPayload} from './hooks.js';
import {listenOn, requireSafe, type ApiAddress} from './listen.js';
import {
	ownUserAgent,
	type ApiPort,
	type Route,
	type RouteAccess,
} from './port.js';
import {answerError, answerNoRequest, refusal} from './refusal.js';
import {routes} from './routes.js';

/**
What strangers, floods and slow clients may cost.
*/
const defaultLimits = {
	bodyBytes: 65_536,
	/**
	A webhook of Plex brings a picture, and one of Sonarr lists all files that it has renamed.
	*/
	hookBytes: 2 * 1_048_576,
	/**
	Calls per client; reelcat itself has as many for its own.
	*/
	perMinute: 600,
	/**
	Wrong tokens per client.
	*/
	refusalsPerMinute: 20,
	/**
	More connections would take the file handles that the catalogue needs.
	*/
	connections: 2000,
	headersMs: 10_000,
	requestMs: 15_000,
	/**
	A connection on which nothing moves for this time is closed; longer than a heartbeat.
	*/
	idleMs: 60_000,
	streams: 32,
	/**
	A client with more unread bytes is cut off.
	*/
	streamBytes: 1_048_576,
	heartbeatMs: 15_000,
};

type ApiLimits = typeof defaultLimits;

export type ApiOptions = {
	address: ApiAddress;
	/**
	Without a token anybody may do everything; this is allowed on loopback only.
	*/
	token: string | undefined;
	port: ApiPort;
	/**
	Further names under which the API may be called, for instance behind a proxy.
	*/
	hosts?: readonly string[];
	/**
	Whether anybody who reaches the API may see the page of the catalogue; nothing else is open then.
	*/
	isPagePublic?: boolean;
	clock?: Clock;
	limits?: Partial<ApiLimits>;
	/**
	Gets errors that are bugs.
	*/
	onFault: (error: unknown) => void;
};

export type Api = {
	/**
	The actual address, also if any free port was wanted.
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
export const startApi = async ({address, token, port, hosts = [], isPagePublic = false, clock = systemClock, onFault, ...options}: ApiOptions): Promise<Api> => {
	const limits = {...defaultLimits, ...options.limits};
	requireSafe(address, token);
	const gate = createGate({
		address, token, hosts, isPagePublic, clock, refusalsPerMinute: limits.refusalsPerMinute,
	});
	const streams = {own: new Set<() => void>(), others: new Set<() => void>()};
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
	// A browser may send this type without asking first.
	app.removeContentTypeParser('text/plain');
	const parseJson = app.getDefaultJsonParser('error', 'error');
	app.removeContentTypeParser('application/json');
	app.addContentTypeParser<string>('application/json', {parseAs: 'string'}, (request, body, done) => {
		// Many clients always name this type, also where the body may be left out.
		if (body === '') {
			done(null, undefined);
		} else {
			void parseJson(request, body, done);
		}
	});
	app.setReplySerializer(data => escapeObeyed(JSON.stringify(data)));
	app.setValidatorCompiler(({schema}) => data => {
		const checked = (schema as z.ZodType).safeParse(data);
		return checked.success ? {value: checked.data} : {error: new AppError('usage', sentenceOf(checked.error))};
	});
	app.setErrorHandler<Error>(async (error, _request, reply) => answerError(error, reply, onFault));
	app.setNotFoundHandler(async (_request, reply) => answerError(refusal(404, 'not-found', 'There is nothing at this address.'), reply, onFault));

	app.addHook('onRequest', async (request, reply) => {
		const strangeness = gate.strangeness(request);
		if (strangeness !== undefined) {
			throw strangeness;
		}

		// The router takes it for the root, which is a page.
		if (request.raw.url === '*') {
			throw refusal(404, 'not-found', 'There is nothing at this address.');
		}

		const {access = 'token'} = request.routeOptions.config as {access?: RouteAccess};
		if (access !== 'none' && !request.is404) {
			gate.requireToken(request, reply, access);
		}
	});
	await app.register(rateLimit, {
		max: limits.perMinute,
		timeWindow: 60_000,
		// This runs after the hook above: clients without a token must not use up the calls of the others.
		hook: 'preParsing',
		// A client of a socket has no address. Whatever else runs on this machine, `reelcat status` and the app are answered.
		keyGenerator: request => `${'socketPath' in address ? 'socket' : request.ip}${isOwnClient(request) ? ' reelcat' : ''}`,
		errorResponseBuilder: () => refusal(429, 'rate-limited', 'Too many calls. Wait a little.'),
	});
	const openStream = (request: FastifyRequest, reply: FastifyReply) => {
		const group = isOwnClient(request) ? streams.own : streams.others;
		if (group.size >= limits.streams) {
			throw refusal(503, 'rate-limited', 'Too many are listening already.');
		}

		const last = request.headers['last-event-id'];
		if (last !== undefined && !/^\d{1,15}$/v.test(String(last))) {
			throw refusal(400, 'usage', 'Last-Event-ID is not the number of an event.');
		}

		void reply.hijack();
		const end = sendEvents(reply.raw, {
			watcher: port.watcher, after: last === undefined ? undefined : Number(last), clock, limits,
		});
		group.add(end);
		reply.raw.once('close', () => {
			group.delete(end);
		});
	};

	const context = {port, limits, openStream};
	const {forms = [], others = []} = Object.groupBy(routes, ({bodyKind}) => bodyKind === 'multipart' ? 'forms' : 'others');
	for (const route of others) {
		addRoute(app, route, context);
	}

	// Only webhooks take forms, because a browser sends forms without asking first.
	await app.register(async hooks => {
		await hooks.register(multipart, {
			limits: {
				fields: 2, files: 2, fileSize: limits.hookBytes, fieldSize: limits.hookBytes,
			},
		});
		for (const route of forms) {
			addRoute(hooks, route, context);
		}
	});

	return {
		address: await listenOn(app, address),
		async close() {
			for (const end of [...streams.own, ...streams.others]) {
				end();
			}

			await app.close();
			if ('socketPath' in address) {
				await unlink(address.socketPath).catch(() => {/* somebody has tidied up */});
			}
		},
	};
};

const isOwnClient = ({headers}: FastifyRequest) => headers['user-agent'] === ownUserAgent;

type RouteContext = {
	port: ApiPort;
	limits: ApiLimits;
	openStream: (request: FastifyRequest, reply: FastifyReply) => void;
};

const addRoute = (app: FastifyInstance, route: Route, {port, limits, openStream}: RouteContext) => {
	const {method, path, access, params, query, body, bodyKind, perMinute} = route;
	const isForm = bodyKind === 'multipart';
	app.route({
		method,
		url: path,
		// Monitors ask for the head of a probe.
		exposeHeadRoute: access === 'none',
		config: {
			access,
			// A refused probe would end a container, and counting costs more than answering.
			...(access === 'none' && {rateLimit: false as const}),
			...(perMinute !== undefined && {rateLimit: {max: perMinute, timeWindow: 60_000}}),
		},
		...(access === 'hook' && {bodyLimit: limits.hookBytes}),
		schema: {
			...(params !== undefined && {params}),
			...(query !== undefined && {querystring: query}),
			...(body !== undefined && !isForm && {body}),
		},
		async handler(request, reply) {
			if (Object.values(route.responses).includes('events')) {
				openStream(request, reply);
				return reply;
			}

			const output = await route.handle(port, {
				params: request.params as Record<string, string>,
				query: request.query as Record<string, unknown>,
				body: isForm ? await readHookPayload(request) : request.body,
				headers: request.headers,
				signal: request.signal,
			});
			if (output.headers !== undefined) {
				return reply.code(output.status).headers(output.headers).send(output.body);
			}

			return typeof output.body === 'string'
				? reply.code(output.status).type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(output.body)
				: reply.code(output.status).header('Cache-Control', 'no-store').send(output.body);
		},
	});
};

type EventStreamOptions = {
	watcher: Pick<Watcher, 'subscribe'>;
	/**
	Number of the last event that the client knows.
	*/
	after: number | undefined;
	clock: Clock;
	limits: Pick<ApiLimits, 'streamBytes' | 'heartbeatMs'>;
};

/**
Sends events until the client leaves or stops reading.

@returns A function that ends the stream
*/
const sendEvents = (response: ServerResponse, {watcher, after, clock, limits}: EventStreamOptions): (() => void) => {
	response.writeHead(200, {
		'Content-Type': 'text/event-stream; charset=utf-8',
		// A proxy that compresses holds events back until it has enough of them.
		'Cache-Control': 'no-store, no-transform',
		'X-Accel-Buffering': 'no',
	});
	let cancelBeat: (() => void) | undefined;
	let unsubscribe = () => {/* not yet */};
	let isOver = false;

	const end = () => {
		if (isOver) {
			return;
		}

		isOver = true;
		cancelBeat?.();
		unsubscribe();
		response.destroy();
	};

	let allowedBytes = Infinity;
	const send = (text: string) => {
		if (isOver) {
			return;
		}

		response.write(text);
		if (response.writableLength > allowedBytes) {
			end();
		}
	};

	const beat = () => {
		send(': still here\n\n');
		cancelBeat = clock.after(limits.heartbeatMs, beat);
	};

	response.once('close', end);
	response.on('error', end);
	beat();
	unsubscribe = watcher.subscribe(({id, event}) => {
		send(`id: ${id}\nevent: ${event.type}\ndata: ${escapeObeyed(JSON.stringify(event))}\n\n`);
	}, {after});
	// Missed events are sent all at once. They must not count against the client before it has had the time to read them.
	allowedBytes = limits.streamBytes + response.writableLength;
	response.on('drain', () => {
		allowedBytes = limits.streamBytes;
	});
	return end;
};

const sentenceOf = ({issues}: z.ZodError): string => {
	const [issue] = issues;
	const where = issue?.path.map(String).join('.') ?? '';
	return `${where === '' ? 'The request' : `"${where.slice(0, 60)}"`} is not valid${issue === undefined ? '' : `: ${issue.message.slice(0, 200)}`}.`;
};
