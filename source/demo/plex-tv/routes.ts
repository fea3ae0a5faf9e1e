import type {DemoAnswer} from '../answer.js';
import type {OwnFaults} from '../knobs/faults.js';
import type {DemoRequest} from '../request.js';
import type {Accounts, DemoPin, Pins} from './accounts.js';
import type {DemoResource} from './options.js';
import {resourceRows} from './resource-rows.js';

export type PlexTvContext = {
	accounts: Accounts;
	pins: Pins;
	servers: () => readonly DemoResource[];
	fault: OwnFaults;
	approveAfterMs: number | undefined;
	now: () => number;
	/**
	By the calendar of plex.tv.
	*/
	isoOf: (ms: number) => string;
};

type DemoPlexTvRequest = DemoRequest & {clientIdentifier: string | undefined};

const unknownPin = {status: 404, code: 1020, message: 'Code not found or expired'};
const noClient = {status: 400, code: 1000, message: 'X-Plex-Client-Identifier is missing'};
const noUser = {status: 401, code: 1001, message: 'User could not be authenticated'};
const noPin = {status: 422, code: 1003, message: 'Code could not be made'};
const notFound = {status: 404, code: 1002, message: 'Not found'};

/**
Answers a request as plex.tv would, before faults on the wire. It is as strict as the real one: nothing without a client identifier, and a PIN only for the client that created it ([SPEC], [PA] myplex.py).
*/
export const answerPlexTv = (request: DemoPlexTvRequest, context: PlexTvContext): DemoAnswer => {
	const {method, wantsJson, clientIdentifier = ''} = request;
	const path = /^\/api\/v2(?<path>\/.*)$/v.exec(request.path)?.groups?.['path'];
	if (path === undefined) {
		return errorAnswer(notFound, {wantsJson});
	}

	if (clientIdentifier === '') {
		return errorAnswer(noClient, {wantsJson});
	}

	switch (`${method} ${path}`) {
		case 'POST /pins': {
			return createPin(request, clientIdentifier, context);
		}

		case 'GET /ping': {
			return jsonAnswer({pong: true});
		}

		case 'GET /user':
		case 'GET /resources':
		case 'DELETE /users/signout': {
			return withAccount(request, path, context);
		}

		default: {
			const id = method === 'GET' ? /^\/pins\/(?<id>\d+)$/v.exec(path)?.groups?.['id'] : undefined;
			return id === undefined ? errorAnswer(notFound, {wantsJson}) : checkPin(id, {...request, clientIdentifier}, context);
		}
	}
};

const createPin = ({query, wantsJson}: DemoPlexTvRequest, clientIdentifier: string, context: PlexTvContext): DemoAnswer => {
	const isStrong = query.get('strong') === 'true';
	return context.fault('noPins')?.isStrong === isStrong
		? errorAnswer(noPin, {wantsJson})
		: jsonAnswer(pinRow(context.pins.create({clientIdentifier, isStrong}), context), 201);
};

const checkPin = (id: string, {clientIdentifier, wantsJson}: DemoPlexTvRequest & {clientIdentifier: string}, context: PlexTvContext) => {
	const {pins, accounts, approveAfterMs = Infinity, now} = context;
	const pin = pins.find(id, clientIdentifier);
	if (pin === undefined || context.fault('expiredPins') !== undefined) {
		return errorAnswer(unknownPin, {wantsJson});
	}

	if (now() - pin.createdAtMs >= approveAfterMs) {
		pin.token ??= accounts.issueToken();
	}

	if (pin.token !== undefined) {
		// A PIN with a token can be read once.
		pins.remove(pin);
	}

	return jsonAnswer(pinRow(pin, context));
};

const pinRow = (pin: DemoPin, {now, isoOf}: PlexTvContext) => {
	const {id, code, clientIdentifier, createdAtMs, expiresInSeconds} = pin;
	const expiresAtMs = createdAtMs + (expiresInSeconds * 1000);
	return {
		id,
		code,
		product: 'reelcat',
		trusted: false,
		qr: `https://plex.tv/api/v2/pins/qr/${code}`,
		clientIdentifier,
		location: {code: 'XX', country: 'Nowhere', city: 'Demo'},
		expiresIn: Math.max(0, Math.round((expiresAtMs - now()) / 1000)),
		createdAt: isoOf(createdAtMs),
		expiresAt: isoOf(expiresAtMs),
		authToken: pin.token ?? null,
		newRegistration: null,
	};
};

const withAccount = ({token, wantsJson}: DemoPlexTvRequest, path: string, {accounts, servers, fault, now, isoOf}: PlexTvContext) => {
	const account = accounts.accountOf(token);
	if (account === undefined || token === undefined) {
		return errorAnswer(noUser, {wantsJson});
	}

	switch (path) {
		case '/user': {
			return jsonAnswer({
				...account, friendlyName: account.title, thumb: `https://plex.tv/users/${account.uuid}/avatar`, authToken: token, home: false, restricted: false, subscription: {active: false, status: 'Inactive', plan: null},
			});
		}

		case '/resources': {
			const rows = resourceRows(servers(), {nowIso: isoOf(now()), fault});
			return jsonAnswer(rows);
		}

		default: {
			accounts.revoke(token);
			return emptyAnswer(204);
		}
	}
};

/**
plex.tv answers JSON without any container when asked for it.
*/
const jsonAnswer = (body: unknown, status = 200): DemoAnswer => ({
	status,
	contentType: 'application/json; charset=utf-8',
	body: JSON.stringify(body),
});

const emptyAnswer = (status: number): DemoAnswer => ({status, contentType: 'application/json; charset=utf-8', body: ''});

const errorAnswer = ({status, code, message}: {status: number; code: number; message: string}, {wantsJson}: {wantsJson: boolean}): DemoAnswer => wantsJson
	? jsonAnswer({errors: [{code, message, status}]}, status)
	: {
		status,
		contentType: 'application/xml; charset=utf-8',
		body: `<?xml version="1.0" encoding="UTF-8"?>\n<errors>\n  <error code="${code}" message="${message}" status="${status}"/>\n</errors>\n`,
	};
