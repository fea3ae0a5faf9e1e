import test from 'ava';
import nock from 'nock';
import {AppError, type ErrorCode} from '../../source/base/errors.js';
import {createPlexClient, type PlexClientOptions} from '../../source/plex/client.js';
import {checkServer} from '../../source/plex/identify.js';
import type {CallOptions, PlexClient} from '../../source/plex/types.js';
import {
	canary,
	failureOf,
	hasSecret,
	identityBody,
} from './_loopback.js';

const origin = 'http://nas.test:32400';

test.before(() => {
	nock.disableNetConnect();
});

test.afterEach.always(() => {
	nock.cleanAll();
});

const makeClient = (options: Partial<PlexClientOptions> = {}) => createPlexClient({
	url: origin,
	token: canary,
	clientIdentifier: 'test-client',
	version: '0.0.0',
	retry: {limit: 0},
	async sleep() {
		// No test waits for a clock.
	},
	...options,
});

const html = (status: string) => `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
const maintenance = {code: 503, title: 'Maintenance', status: 'Plex Media Server is currently running startup maintenance tasks.'};

type Reply = [status: number, body: string | Record<string, unknown>, headers?: Record<string, string>];
type Case = {name: string; code: ErrorCode; reply: Reply | NodeJS.ErrnoException; message: RegExp};

const coded = (code: string) => Object.assign(new Error(`the error itself, with ${canary}`), {code, options: {headers: {'x-plex-token': canary}}});

const cases: Case[] = [
	{
		name: 'an HTML 401', code: 'unauthorized', reply: [401, html('401 Unauthorized')], message: /does not accept the token/v,
	},
	{
		name: 'an HTML 403', code: 'forbidden', reply: [403, html('403 Forbidden')], message: /may not read \/library\/sections/v,
	},
	{
		name: 'an HTML 404', code: 'not-found', reply: [404, html('404 Not Found')], message: /nothing at \/library\/sections/v,
	},
	{
		name: 'an HTML 400', code: 'server-error', reply: [400, html('400 Bad Request')], message: /refuses the request .* \(400\)/v,
	},
	{
		name: 'a 400 of an https port', code: 'tls', reply: [400, html('The plain HTTP request was sent to HTTPS port')], message: /answers only over https/v,
	},
	{
		name: 'a 429', code: 'rate-limited', reply: [429, ''], message: /asks for fewer requests/v,
	},
	{
		name: 'a JSON 503 of maintenance', code: 'starting-up', reply: [503, maintenance], message: /starting up or being upgraded/v,
	},
	{
		name: 'an XML 503 of maintenance', code: 'starting-up', reply: [503, '<Response code="503" title="Maintenance" status="database migrations."/>'], message: /starting up/v,
	},
	{
		name: 'an HTML 503', code: 'server-error', reply: [503, html('503 Service Unavailable')], message: /internal error \(503\)/v,
	},
	{
		name: 'an empty 500', code: 'server-error', reply: [500, ''], message: /\(500\)/v,
	},
	{
		name: 'a web page', code: 'not-plex', reply: [200, `\n${html('Welcome')}`], message: /sent a web page for \/library\/sections/v,
	},
	{
		name: 'XML of Plex', code: 'not-plex', reply: [200, '<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer size="0"></MediaContainer>'], message: /answered with XML where JSON was asked for \(\/library\/sections\)/v,
	},
	{
		name: 'XML without a declaration', code: 'not-plex', reply: [200, '\n<MediaContainer size="0"/>'], message: /answered with XML/v,
	},
	{
		name: 'a web page in XML', code: 'not-plex', reply: [200, '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>'], message: /sent a web page for \/library\/sections/v,
	},
	{
		name: 'plain text', code: 'not-plex', reply: [200, 'It works!'], message: /something other than JSON/v,
	},
	{
		name: 'JSON of an old Plex', code: 'not-plex', reply: [200, {_elementType: 'MediaContainer', _children: []}], message: /is too old: it answers \/library\/sections as servers did/v,
	},
	{
		name: 'JSON of something else', code: 'not-plex', reply: [200, {status: 'ok'}], message: /not from Plex/v,
	},
	{
		name: 'JSON cut short', code: 'malformed', reply: [200, '{"MediaContainer":{"size":'], message: /broken or cut short/v,
	},
	{
		name: 'JSON with nan in it', code: 'malformed', reply: [200, '{"MediaContainer":{"size":nan}}'], message: /broken/v,
	},
	{
		name: 'an empty body', code: 'malformed', reply: [200, ''], message: /is empty/v,
	},
	{
		name: 'a redirect elsewhere', code: 'not-plex', reply: [301, '', {location: `https://evil.test/?X-Plex-Token=${canary}`}], message: /to https:\/\/evil\.test, where/v,
	},
	...([
		['ENOTFOUND', 'unreachable', /There is no machine with the name/v],
		['EAI_AGAIN', 'unreachable', /cannot be looked up/v],
		['ECONNREFUSED', 'unreachable', /refuses the connection/v],
		['EHOSTUNREACH', 'unreachable', /cannot be reached/v],
		['ENETUNREACH', 'unreachable', /cannot be reached/v],
		['ECONNRESET', 'unreachable', /closed the connection/v],
		['EPIPE', 'unreachable', /closed the connection/v],
		['ESOMETHING', 'unreachable', /failed \(ESOMETHING\)/v],
		['ETIMEDOUT', 'timeout', /did not answer in time/v],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', /with another name/v],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', /not signed by an authority/v],
		['SELF_SIGNED_CERT_IN_CHAIN', 'tls', /not signed by an authority/v],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', /not signed by an authority/v],
		['CERT_HAS_EXPIRED', 'tls', /not valid today/v],
		['EPROTO', 'tls', /may not speak https/v],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', /may not speak https/v],
		['HPE_INVALID_CONSTANT', 'not-plex', /does not speak HTTP/v],
	] as const).map(([systemCode, code, message]) => ({
		name: systemCode, code, reply: coded(systemCode), message,
	})),
];

const answer = (path: string, reply: Case['reply']) => {
	const interceptor = nock(origin).get(path);
	if (Array.isArray(reply)) {
		interceptor.reply(...reply);
	} else {
		interceptor.replyWithError(reply);
	}
};

for (const {name, code, reply, message} of cases) {
	test.serial(`${name} is the failure "${code}", in a sentence with a hint and without the token`, async t => {
		answer('/library/sections', reply);
		const error = await failureOf(makeClient().sections());
		t.is(error.code, code);
		t.regex(error.message, message);
		t.regex(error.message, /^(?:[A-Z]|nas|http).*\.$/v);
		t.true((error.hint?.length ?? 0) > 10);
		t.false(hasSecret(error));
	});
}

test.serial('a token that none was given for is asked for', async t => {
	answer('/library/sections', [401, html('401 Unauthorized')]);
	const error = await failureOf(makeClient({token: ''}).sections());
	t.is(error.code, 'unauthorized');
	t.is(error.message, 'nas.test:32400 asks for a token, and none was given.');
	// It comes from commands and from the app, so it says how each of them takes one.
	t.is(error.hint, 'Sign in with "reelcat login", or give the token of this server with --token-file, in PLEX_TOKEN or on the first screen of the app.');
});

const outcomeOf = async (client: PlexClient, options: CallOptions = {}) => {
	try {
		const {id} = await client.identity(options);
		return id;
	} catch (error) {
		return error instanceof AppError ? error.code : error;
	}
};

const retries = async (replies: Array<Case['reply']>, options: Partial<PlexClientOptions> = {}, callOptions: CallOptions = {}) => {
	const waits: number[] = [];
	for (const reply of replies) {
		answer('/identity', reply);
	}

	const client = makeClient({
		retry: {limit: 4, baseMs: 100, maxMs: 500},
		random: () => 1,
		async sleep(ms) {
			waits.push(ms);
		},
		...options,
	});
	const outcome = await outcomeOf(client, callOptions);
	return {outcome, waits, requests: client.usage().requests};
};

const fine: Reply = [200, identityBody];
const times = (count: number, reply: Reply) => Array.from({length: count}, () => reply);

test.serial('waits double up to a bound, below which chance decides', async t => {
	t.deepEqual(await retries([...times(4, [502, '']), fine]), {outcome: 'abc', waits: [100, 200, 400, 500], requests: 5});
	nock.cleanAll();
	t.like(await retries([...times(2, [504, '']), fine], {random: () => 0.25}), {waits: [25, 50]});
});

test.serial('a server that stays broken is given up', async t => {
	t.deepEqual(await retries(times(9, [500, ''])), {outcome: 'server-error', waits: [100, 200, 400, 500], requests: 5});
});

test.serial('what the server asks for is waited, in seconds or until a date, but no longer than a minute', async t => {
	t.like(await retries([[429, '', {'retry-after': '7'}], fine]), {waits: [7000]});
	t.like(await retries([[503, '', {'retry-after': '86400'}], fine]), {waits: [60_000]});
	const dated = await retries([[429, '', {'retry-after': new Date(Date.now() + 20_000).toUTCString()}], fine]);
	const wait = dated.waits[0] ?? 0;
	t.true(wait > 10_000 && wait <= 20_000);
	t.like(await retries([[429, '', {date: 'Mon, 01 Jan 2024 00:00:00 GMT', 'retry-after': 'Mon, 01 Jan 2024 00:00:07 GMT'}], fine]), {waits: [7000]}, 'a clock that is not ours');
	t.like(await retries([[429, '', {'retry-after': new Date(0).toUTCString()}], fine]), {waits: [0]});
	t.like(await retries([[429, '', {'retry-after': 'soon'}], fine]), {waits: [100]});
});

test.serial('a server that starts up is tried again only briefly', async t => {
	t.deepEqual(await retries(times(9, [503, maintenance])), {outcome: 'starting-up', waits: [100, 200], requests: 3});
});

test.serial('a refusal is not tried again', async t => {
	for (const status of [400, 401, 403, 404]) {
		t.like(await retries(times(2, [status, ''])), {requests: 1});
		nock.cleanAll();
	}
});

test.serial('without retries a person hears at once', async t => {
	t.deepEqual(await retries(times(2, [503, maintenance]), {retry: {limit: 0}}), {outcome: 'starting-up', waits: [], requests: 1});
});

test.serial('while less and less is asked for, only what that cannot avoid is tried again', async t => {
	const narrowing = {isNarrowing: true};
	for (const reply of [[500, ''], [501, ''], coded('ETIMEDOUT')] satisfies Array<Case['reply']>) {
		t.like(await retries([reply, fine], {}, narrowing), {waits: [], requests: 1});
		nock.cleanAll();
	}

	for (const reply of [[429, ''], [503, '', {'retry-after': '0'}], [503, maintenance], coded('ECONNRESET')] satisfies Array<Case['reply']>) {
		t.like(await retries([reply, fine], {}, narrowing), {outcome: 'abc', requests: 2});
	}
});

test.serial('checking a server gives its name and version', async t => {
	answer('/identity', fine);
	answer('/', [200, {MediaContainer: {machineIdentifier: 'abc', friendlyName: 'attic'}}]);
	t.deepEqual(await checkServer(makeClient()), {
		id: 'abc',
		name: 'attic',
		version: '1.43.0',
		isClaimed: true,
	});
});

const checks: Array<{name: string; identity: Case['reply']; root?: Reply; token?: string; code: ErrorCode; message: string}> = [
	{
		name: 'a wrong address', identity: coded('ENOTFOUND'), code: 'unreachable', message: 'There is no machine with the name in nas.test:32400.',
	},
	{
		name: 'a closed port', identity: coded('ECONNREFUSED'), code: 'unreachable', message: 'nas.test:32400 refuses the connection: nothing listens on that port.',
	},
	{
		name: 'a plain web server', identity: [404, html('404 Not Found')], code: 'not-plex', message: 'The server at nas.test:32400 is not a Plex server (it answers with 404).',
	},
	{
		name: 'a web server that answers anything', identity: [200, html('Hello')], code: 'not-plex', message: 'The server at nas.test:32400 is not a Plex server: it sent a web page for /identity.',
	},
	{
		name: 'a container without an identity', identity: [200, {MediaContainer: {}}], code: 'not-plex', message: 'The server at nas.test:32400 does not say which Plex server it is.',
	},
	{
		name: 'a proxy with a login', identity: [401, html('401')], code: 'unauthorized', message: 'The server at nas.test:32400 asks for its own login before it says whether it is a Plex server.',
	},
	{
		name: 'a server that starts up', identity: [503, maintenance], code: 'starting-up', message: 'The Plex server at nas.test:32400 is starting up or being upgraded.',
	},
	...[502, 503, 504].map(status => ({
		name: `a proxy without its server (${status})`, identity: [status, html('Bad Gateway')] satisfies Reply, code: 'unreachable' as const, message: `A proxy answers at nas.test:32400, but the server behind it does not (${status}).`,
	})),
	{
		name: 'a wrong token', identity: fine, root: [401, html('401')], code: 'unauthorized', message: 'nas.test:32400 does not accept the token.',
	},
	{
		name: 'a missing token', identity: fine, root: [401, html('401')], token: '', code: 'unauthorized', message: 'nas.test:32400 asks for a token, and none was given.',
	},
	{
		name: 'two servers behind one address', identity: fine, root: [200, {MediaContainer: {machineIdentifier: 'xyz'}}], code: 'not-plex', message: 'Two different servers answer at this address.',
	},
];

for (const {name, identity, root, token = canary, code, message} of checks) {
	test.serial(`checking finds ${name} and says so`, async t => {
		answer('/identity', identity);
		if (root !== undefined) {
			answer('/', root);
		}

		const error = await failureOf(checkServer(makeClient({token})));
		t.is(error.code, code);
		t.is(error.message, message);
		t.truthy(error.hint);
	});
}
