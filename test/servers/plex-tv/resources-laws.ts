import {cpuUsage} from 'node:process';
import {inspect} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import {readPin, readPinCheck, readUser} from '../../../source/servers/plex-tv/account.js';
import {readErrorBody} from '../../../source/servers/plex-tv/plex-tv-failure.js';
import {readResources} from '../../../source/servers/plex-tv/resources.js';
import {AppError} from '../../../source/base/errors.js';
import {canary, failureOf, serve} from '../../plex/_loopback.js';
import {makePlexTv} from './_account.js';

const scalar = fc.oneof(
	fc.constantFrom(null, true, 'false', 0, -1, 1e300, '', 'server', '__proto__', '\u{1B}[2J', '\u{D800}', 'https://nas.test:32400', 'http://[::1', '2024-02-30', 'x'.repeat(5000)),
	fc.string({unit: 'binary', maxLength: 12}),
	fc.integer(),
);

const named = (names: readonly string[], value: fc.Arbitrary<unknown>) => fc.record(Object.fromEntries(names.map(name => [name, value])), {requiredKeys: []});

const connections = fc.oneof(scalar, fc.array(fc.oneof(scalar, named(['uri', 'address', 'port', 'protocol', 'local', 'relay', 'IPv6'], scalar)), {maxLength: 4}));

const secret = fc.constantFrom(canary, ` ${canary}\n`, `${canary}\u{0}${canary}`, [canary], {token: canary}, null);

const entry = fc.tuple(
	fc.record({provides: fc.constantFrom('server', 'client,server', 'player', 7, null), accessToken: secret}),
	named(['name', 'productVersion', 'clientIdentifier', 'owned', 'presence', 'sourceTitle', 'lastSeenAt', 'httpsRequired', 'publicAddressMatches'], scalar),
	connections,
).map(([base, fields, list]) => ({...base, ...fields, connections: list}));

const body = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(entry, fc.jsonValue()), {maxLength: 5}));

const isReadRight = (json: unknown) => {
	const resources = readResources(json);
	if (resources === undefined) {
		return !Array.isArray(json);
	}

	const {servers, leftOut} = resources;
	const rest = servers.map(({accessToken, ...others}) => others);
	const areWhole = servers.every(({id, name, accessToken, connections: list}) => /^[\w\-]{1,64}$/v.test(id) && name !== ''
		&& [undefined, canary].includes(accessToken)
		&& list.every(({uri, port}) => URL.canParse(uri) && port > 0));
	const hasTwice = new Set(servers.map(({id}) => id)).size < servers.length;
	return areWhole && !hasTwice && !inspect([rest, leftOut], {depth: 9}).includes(canary);
};

test('whatever comes as a list of servers, what is read of it is whole, and no token shows but where it belongs', t => {
	t.notThrows(() => {
		fc.assert(fc.property(body, json => isReadRight(json)), {numRuns: 500});
	});
});

test('whatever comes over HTTP as a list of servers, it is read or an AppError without the token', async t => {
	let text = '';
	const url = await serve(t, (_request, response) => {
		response.end(text);
	});
	const plexTv = makePlexTv(t, {baseUrl: url});
	const answer = fc.oneof(
		body.map(json => JSON.stringify(json)),
		body.map(json => `${JSON.stringify(json).slice(0, -1)}${canary}`),
		fc.string({unit: 'binary', maxLength: 40}).map(start => start + canary),
	);
	await fc.assert(fc.asyncProperty(answer, async next => {
		text = next;
		try {
			const {leftOut} = await plexTv.resources(canary);
			return !leftOut.join('\n').includes(canary);
		} catch (error) {
			return error instanceof AppError && !`${inspect(error, {depth: 9, showHidden: true})}${JSON.stringify(error)}`.includes(canary);
		}
	}), {numRuns: 150});
	text = `[${canary}`;
	t.is((await failureOf(plexTv.resources(canary))).code, 'malformed');
});

test('whatever comes as an account, a code or an error, reading it does not fail', t => {
	const anything = fc.oneof(fc.jsonValue(), named(['id', 'uuid', 'title', 'username', 'friendlyName', 'code', 'expiresIn', 'authToken', 'errors'], scalar));
	t.notThrows(() => {
		fc.assert(fc.property(anything, json => {
			const pin = readPin(json, {clientIdentifier: 'test-client', askedAtMs: 7});
			const user = readUser(json);
			readPinCheck(json);
			readErrorBody(JSON.stringify(json));
			return (pin === undefined || (pin.expiresAtMs >= 7 && URL.canParse(pin.authUrl))) && (user === undefined || user.title.length <= 200);
		}), {numRuns: 500});
		fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 200}), text => {
			readErrorBody(text);
			readErrorBody(`<errors><error code="${text}" message="${text}"/>`);
			return true;
		}));
	});
});

test('a long body of errors is read in no time', t => {
	const before = cpuUsage();
	for (const piece of ['<error ', '<error code="', '<error message="a" ', '{"errors":[']) {
		readErrorBody(piece.repeat(100_000));
	}

	t.true(cpuUsage(before).user < 1_000_000);
});
