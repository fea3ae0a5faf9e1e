import {createHmac} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import test from 'ava';
import nock from 'nock';
import {type Channel, adviceOf} from '../../../source/watch/notify/channel.js';
import type {ChannelModule, ChannelParts} from '../../../source/watch/notify/channel-module.js';
import apprise from '../../../source/watch/notify/channels/apprise.js';
import discord from '../../../source/watch/notify/channels/discord.js';
import gotify from '../../../source/watch/notify/channels/gotify.js';
import ntfy from '../../../source/watch/notify/channels/ntfy.js';
import pushover from '../../../source/watch/notify/channels/pushover.js';
import slack from '../../../source/watch/notify/channels/slack.js';
import telegram from '../../../source/watch/notify/channels/telegram.js';
import webhook from '../../../source/watch/notify/channels/webhook.js';
import {
	failureOf,
	hostileTitle,
	httpParts,
	makeNotice,
	never,
	recovered,
	secretsIn,
	startService,
} from './_stand-ins.js';

const secret = 'canary0123456789abcdefcanary';

const make = ({schema, create}: ChannelModule, written: Record<string, unknown>, parts: ChannelParts): Channel => create(schema.parse(written), parts);

/**
Every channel that speaks HTTP, with its secret where it has one.
*/
const httpChannels: ReadonlyArray<readonly [kind: string, create: (url: string, parts: ChannelParts) => Channel]> = [
	['ntfy', (url, parts) => make(ntfy, {
		name: 'x', kind: 'ntfy', url, topic: 'films', token: secret,
	}, parts)],
	['gotify', (url, parts) => make(gotify, {
		name: 'x', kind: 'gotify', url, token: secret,
	}, parts)],
	['discord', (url, parts) => make(discord, {name: 'x', kind: 'discord', url: `${url}/api/webhooks/1/${secret}`}, parts)],
	['slack', (url, parts) => make(slack, {name: 'x', kind: 'slack', url: `${url}/services/T/B/${secret}`}, parts)],
	['telegram', (url, parts) => make(telegram, {
		name: 'x', kind: 'telegram', url, token: `123:${secret}`, chat: 42,
	}, parts)],
	['pushover', (url, parts) => make(pushover, {
		name: 'x', kind: 'pushover', url, token: secret, user: `user${secret}`,
	}, parts)],
	['webhook', (url, parts) => make(webhook, {
		name: 'x', kind: 'webhook', url: `${url}/hook?key=${secret}`, secret, headers: {Authorization: secret},
	}, parts)],
	['apprise', (url, parts) => make(apprise, {
		name: 'x', kind: 'apprise', url, urls: [`mailto://me:${secret}@example.org`],
	}, parts)],
];

const sent = async (t: Parameters<typeof startService>[0], create: (url: string, parts: ChannelParts) => Channel, notice = makeNotice()) => {
	const {url, received} = await startService(t);
	await create(url, httpParts(t)).send(notice, never());
	t.is(received.length, 1);
	const [call] = received;
	t.is(call!.method, 'POST');
	t.is(call!.headers['x-reelcat-notice'], notice.id);
	return call!;
};

const json = ({body}: {body: string}) => JSON.parse(body) as Record<string, unknown>;

test('ntfy gets JSON with the token in a header, louder the worse it is, and a tick when it is over', async t => {
	const create = httpChannels[0]![1];
	const call = await sent(t, create);
	t.is(call.url, '/');
	t.is(call.headers.authorization, `Bearer ${secret}`);
	t.deepEqual(json(call), {
		topic: 'films', title: 'The disk is nearly full', message: 'The disk of /data is nearly full.\nMake room on it.', priority: 5, tags: ['rotating_light'],
	});
	t.like(json(await sent(t, create, makeNotice(recovered))), {priority: 3, tags: ['white_check_mark']});
	const long = json(await sent(t, create, makeNotice({body: 'ü'.repeat(5000)})))['message'] as string;
	t.true(new TextEncoder().encode(long).length <= 4000 && long.endsWith('ü…'));
});

test('ntfy gets JSON at its root, where it reads it, also if the address is that of the topic', async t => {
	for (const [path, expected] of [['/films', '/'], ['/films/', '/'], ['/ntfy/', '/ntfy/'], ['/ntfy/films', '/ntfy/'], ['/other-films', '/other-films']] as const) {
		const call = await sent(t, (url, parts) => make(ntfy, {
			name: 'x', kind: 'ntfy', url: `${url}${path}`, topic: 'films',
		}, parts));
		t.is(call.url, expected);
	}
});

test('Gotify gets the token in a header, below whatever path its address has', async t => {
	const call = await sent(t, (url, parts) => make(gotify, {
		name: 'x', kind: 'gotify', url: `${url}/gotify/`, token: secret,
	}, parts));
	t.is(call.url, '/gotify/message');
	t.is(call.headers['x-gotify-key'], secret);
	t.like(json(call), {title: 'The disk is nearly full', priority: 8});
});

test('Discord mentions nobody, keeps to its limits and takes no title for markup', async t => {
	const create = httpChannels[2]![1];
	const call = json(await sent(t, create, makeNotice({title: hostileTitle, body: `${hostileTitle}\n${'*'.repeat(9000)}`})));
	t.deepEqual(call['allowed_mentions'], {parse: []});
	const [{description, color}] = call['embeds'] as [{description: string; color: number}];
	t.is(call['content'], 'Evil Bcc\\: all\\@example.org  \\<b\\>&\\@everyone \\<!channel\\> \\[link\\]\\(http\\://evil.example\\) $(touch owned) \\`id\\` "'.replace('$(touch owned)', String.raw`$\(touch owned\)`));
	t.true(description.length <= 4096 && description.endsWith('…'));
	t.is(color, 0xD9_30_25);
	const long = json(await sent(t, create, makeNotice({title: 'a'.repeat(5000)})));
	t.is((long['content'] as string).length, 2000);
});

test('Slack gets its three escapes, so that nobody is called', async t => {
	const {text, ...rest} = json(await sent(t, httpChannels[3]![1], makeNotice({title: '<!channel> & <@U1>', body: 'x'.repeat(5000)})));
	t.true((text as string).startsWith('&lt;!channel&gt; &amp; &lt;@U1&gt;\nxxx'));
	t.true((text as string).length < 4000);
	t.deepEqual(rest, {mrkdwn: false, unfurl_links: false, unfurl_media: false});
	const compatible = json(await sent(t, httpChannels[3]![1], makeNotice({title: '@all @Here @midnight me@example.org @channels', body: '@channel'})));
	t.is(compatible['text'], '@\u{2060}all @\u{2060}Here @midnight me@example.org @channels\n@\u{2060}channel');
});

test('Telegram gets plain text without previews, the token in the path as it wants it', async t => {
	const call = await sent(t, httpChannels[4]![1], makeNotice({title: '<b>Alien</b>'}));
	t.is(call.url, `/bot123:${secret}/sendMessage`);
	t.deepEqual(json(call), {
		chat_id: 42,
		text: '<b>Alien</b>\n\nThe disk of /data is nearly full.\nMake room on it.',
		link_preview_options: {is_disabled: true},
		disable_notification: false,
	});
	t.true((json(await sent(t, httpChannels[4]![1], makeNotice({body: '🎬'.repeat(5000)})))['text'] as string).length <= 4096);
});

test('Pushover gets a form with both keys in the body, cut to its limits', async t => {
	const call = await sent(t, httpChannels[5]![1], makeNotice({title: 't'.repeat(300), body: 'b'.repeat(2000)}));
	t.is(call.url, '/1/messages.json');
	const form = new URLSearchParams(call.body);
	t.is(form.get('token'), secret);
	t.is(form.get('user'), `user${secret}`);
	t.is(form.get('title')!.length, 250);
	t.is(form.get('message')!.length, 1024);
	t.is(form.get('priority'), '1');
	t.is(form.get('timestamp'), '1772366400');
});

test('a webhook is signed over its time and its body as they are on the wire', async t => {
	const call = await sent(t, httpChannels[6]![1], makeNotice({title: hostileTitle, ...recovered}));
	t.is(call.headers.authorization, secret);
	const timestamp = call.headers['x-reelcat-timestamp'] as string;
	t.true(Math.abs((Date.now() / 1000) - Number(timestamp)) < 60);
	t.is(call.headers['x-reelcat-signature'], `sha256=${createHmac('sha256', secret).update(`${timestamp}.${call.body}`).digest('hex')}`);
	t.like(json(call), {
		schema: 1, id: 'alert-1234', topic: 'alerts', level: 'error', alert: {kind: 'disk-low', isRecovered: true, lastedMs: 3_600_000},
	});
	t.false((json(call)['title'] as string).includes('\n'));
});

test('the Apprise API gets the addresses, or the key of those that it knows', async t => {
	const stateless = await sent(t, httpChannels[7]![1]);
	t.is(stateless.url, '/notify');
	t.like(json(stateless), {urls: `mailto://me:${secret}@example.org`, type: 'failure', format: 'text'});
	const stored = await sent(t, (url, parts) => make(apprise, {
		name: 'x', kind: 'apprise', url, key: 'house', tag: 'family',
	}, parts), makeNotice(recovered));
	t.is(stored.url, '/notify/house');
	t.like(json(stored), {tag: 'family', type: 'success'});
});

test('no control, no escape and no mark that turns the writing comes through any channel', async t => {
	for (const [kind, create] of httpChannels) {
		const call = await sent(t, create, makeNotice({title: hostileTitle, body: `${hostileTitle}\n${hostileTitle}`}));
		const texts = kind === 'pushover' ? new URLSearchParams(call.body).values().toArray() : Object.values(json(call)).map(String);
		// eslint-disable-next-line no-control-regex, regexp/no-control-character -- controls are what must not be there
		t.false(texts.some(value => /[\u{0}-\u{9}\u{B}-\u{1F}\u{7F}-\u{9F}\u{202E}]/v.test(value)), kind);
	}
});

test('what goes wrong is told by kind, without the secret and without the address', async t => {
	const statuses = [
		[401, 'unauthorized'],
		[403, 'forbidden'],
		[404, 'not-found'],
		[410, 'not-found'],
		[413, 'too-large'],
		[400, 'malformed'],
		[422, 'malformed'],
		[500, 'server-error'],
		[503, 'server-error'],
	] as const;
	for (const [kind, create] of httpChannels) {
		for (const [status, code] of statuses) {
			const {url} = await startService(t, (response, {url: path, body}) => response.writeHead(status).end(`you sent ${path} ${body} ${secret}`));
			const error = await failureOf(create(url, httpParts(t)).send(makeNotice(), never()));
			t.is(error.code, code, `${kind} ${status}`);
			t.truthy(error.hint);
			t.deepEqual(secretsIn(error, secret), [], `${kind} ${status}`);
		}
	}
});

test('429 says when to come back', async t => {
	for (const [kind, create] of httpChannels) {
		const {url} = await startService(t, response => response.writeHead(429, {'retry-after': '7'}).end('{}'));
		const error = await failureOf(create(url, httpParts(t)).send(makeNotice(), never()));
		t.is(error.code, 'rate-limited', kind);
		t.is(adviceOf(error).retryAfterMs, 7000, kind);
	}

	const {url} = await startService(t, response => response.writeHead(429).end('{"ok":false,"parameters":{"retry_after":35}}'));
	t.is(adviceOf(await failureOf(httpChannels[4]![1](url, httpParts(t)).send(makeNotice(), never()))).retryAfterMs, 35_000);
});

test('a redirect is not followed: the secret stays where it was meant to go', async t => {
	const elsewhere = await startService(t);
	for (const [kind, create] of httpChannels) {
		const {url} = await startService(t, response => response.writeHead(307, {location: `${elsewhere.url}/?${secret}`}).end());
		const error = await failureOf(create(url, httpParts(t)).send(makeNotice(), never()));
		t.regex(error.message, /another address/v, kind);
		t.deepEqual(secretsIn(error, secret), []);
	}

	t.deepEqual(elsewhere.received, []);
});

test('Apprise that knows no such key has failed, and what reached some is not sent again', async t => {
	const answers = [204, 424];
	const {url} = await startService(t, response => response.writeHead(answers.shift()!).end());
	const channel = make(apprise, {
		name: 'x', kind: 'apprise', url, key: 'house',
	}, httpParts(t));
	t.is((await failureOf(channel.send(makeNotice(), never()))).code, 'not-found');
	t.true(adviceOf(await failureOf(channel.send(makeNotice(), never()))).isFinal);
	answers.push(204);
	t.regex((await failureOf(httpChannels[7]![1](url, httpParts(t)).send(makeNotice(), never()))).hint ?? '', /"urls"/v);
});

for (const [description, expected, parameters] of [
	['chat not found', /Write to the bot once/v],
	['group chat was upgraded to a supergroup chat', /"chat": -1001557912345/v, {migrate_to_chat_id: -1_001_557_912_345}],
	['message thread not found', /"thread"/v],
	['TOPIC_CLOSED', /"thread"/v],
] as const) {
	test(`where Telegram cannot write is told apart: ${description}`, async t => {
		const {url} = await startService(t, response => response.writeHead(400).end(JSON.stringify({
			ok: false, error_code: 400, description: `Bad Request: ${description}`, parameters,
		})));
		const {code, hint} = await failureOf(httpChannels[4]![1](url, httpParts(t)).send(makeNotice(), never()));
		t.is(code, 'not-found');
		t.regex(hint ?? '', expected);
	});
}

test('a service that hangs, drips or never ends is left in time', async t => {
	const timeouts = {responseMs: 150, readMs: 150, requestMs: 300};
	const respond = [
		() => undefined,
		(response: ServerResponse) => {
			response.write('{');
		},
	];
	for (const answer of respond) {
		const {url} = await startService(t, answer);
		t.is((await failureOf(httpChannels[0]![1](url, httpParts(t, timeouts)).send(makeNotice(), never()))).code, 'timeout');
	}

	const endless = await startService(t, response => {
		const more = () => {
			let hasRoom = true;
			while (hasRoom && !response.destroyed) {
				hasRoom = response.write('x'.repeat(65_536));
			}
		};

		response.on('drain', more);
		more();
	});
	await httpChannels[0]![1](endless.url, httpParts(t)).send(makeNotice(), never());
	t.is(endless.received.length, 1);
});

test('what is cancelled ends at once', async t => {
	const {url} = await startService(t, () => undefined);
	const controller = new AbortController();
	const sending = failureOf(httpChannels[0]![1](url, httpParts(t)).send(makeNotice(), controller.signal));
	controller.abort();
	t.is((await sending).code, 'cancelled');
});

test.serial('faults of the network are told by kind, without the secret', async t => {
	t.teardown(() => {
		nock.cleanAll();
		nock.restore();
	});
	const faults = [
		['ENOTFOUND', 'unreachable'],
		['EAI_AGAIN', 'unreachable'],
		['ECONNREFUSED', 'unreachable'],
		['ECONNRESET', 'unreachable'],
		['ETIMEDOUT', 'timeout'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
		['CERT_HAS_EXPIRED', 'tls'],
		['EPROTO', 'tls'],
	] as const;
	for (const [kind, create] of httpChannels) {
		for (const [code, expected] of faults) {
			nock('http://away.example').post(() => true).replyWithError(Object.assign(new Error(`${code} ${secret}`), {code}));
			const error = await failureOf(create('http://away.example', httpParts(t)).send(makeNotice(), never()));
			t.is(error.code, expected, `${kind} ${code}`);
			t.true(error.message.includes(code));
			t.deepEqual(secretsIn(error, secret), []);
		}
	}
});

test.serial('Discord is asked in the version whose waits are seconds, and to say whether it kept the message', async t => {
	nock.activate();
	t.teardown(() => {
		nock.cleanAll();
		nock.restore();
	});
	// What the address that Discord shows answers, and what that of a version does.
	const answers = [['/api/webhooks/1/x', '1870', 1870], ['/api/v10/webhooks/1/x', '2', 1.87]] as const;
	for (const [shown, query] of [['/api/webhooks/1/x', {wait: 'true'}], ['/api/v10/webhooks/1/x?thread_id=5', {thread_id: '5', wait: 'true'}]] as const) {
		nock.cleanAll();
		for (const [path, header, seconds] of answers) {
			nock('https://discord.com').post(path).query(query).reply(429, {retry_after: seconds}, {'Retry-After': header});
		}

		const channel = make(discord, {name: 'x', kind: 'discord', url: `https://discord.com${shown}`}, httpParts(t));
		t.is(adviceOf(await failureOf(channel.send(makeNotice(), never()))).retryAfterMs, 2000);
	}
});
