import {
	chmod,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {channelKinds, exampleConfig} from '../../../source/watch/notify/channel-kinds.js';
import {parseNotifyConfig, readNotifyConfig} from '../../../source/watch/notify/config.js';
import {failureOf, secretsIn} from './_stand-ins.js';

const canary = 'canary0123456789abcdefcanary';
const gotify = {
	name: 'gotify', kind: 'gotify', url: 'https://gotify.example.org', token: canary,
};

const makeFile = async (t: ExecutionContext, content: unknown, mode = 0o600) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-config-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	const file = path.join(folder, 'notify.json');
	await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
	await chmod(file, mode);
	return file;
};

const parse = async (channels: unknown, digest?: unknown, env: NodeJS.ProcessEnv = {}) =>
	parseNotifyConfig({schema: 1, channels, ...digest !== undefined && {digest}}, {file: '/etc/notify.json', env});

test('without a file there is nothing to tell', async t => {
	t.is(await readNotifyConfig('/nowhere/notify.json', {env: {}}), undefined);
});

test('what is left out has its usual value', async t => {
	const {channels, digest} = await parse([gotify]);
	t.like(channels[0], {
		name: 'gotify', kind: 'gotify', on: ['alerts', 'changes', 'imports'], minLevel: 'info', quiet: {quietHours: undefined, quietErrors: false},
	});
	t.deepEqual(digest.rhythm, {everyMs: 900_000});
});

test('digest and quiet hours are read, a channel may have its own', async t => {
	const night = [{fromMinute: 1320, toMinute: 420}];
	const {channels, digest} = await parse([gotify, {
		...gotify, name: 'b', quietHours: '12:00-13:00', quietErrors: true,
	}, {...gotify, name: 'c', quietHours: false}], {at: '08:30', quietHours: '22:00-07:00', timeZone: 'Europe/Berlin'});
	t.deepEqual(digest, {rhythm: {hour: 8, minute: 30}, quietHours: night, timeZone: 'Europe/Berlin'});
	t.deepEqual(channels.map(({quiet}) => quiet), [
		{quietHours: night, quietErrors: false, timeZone: 'Europe/Berlin'},
		{quietHours: [{fromMinute: 720, toMinute: 780}], quietErrors: true, timeZone: 'Europe/Berlin'},
		{quietHours: undefined, quietErrors: false, timeZone: 'Europe/Berlin'},
	]);
	t.deepEqual((await parse([], {every: 'immediately'})).digest.rhythm, {everyMs: 5000});
	t.deepEqual((await parse([], {every: '1h'})).digest.rhythm, {everyMs: 3_600_000});
});

test('a file that others may read is refused, with the command that mends it', async t => {
	for (const mode of [0o640, 0o604, 0o620, 0o666]) {
		const file = await makeFile(t, {schema: 1, channels: [gotify]}, mode);
		const error = await failureOf(readNotifyConfig(file, {env: {}}));
		t.is(error.code, 'usage');
		t.is(error.hint, `Keep it to yourself: chmod 600 ${file}`);
	}

	const file = await makeFile(t, {schema: 1, channels: [gotify]}, 0o644);
	t.truthy(await readNotifyConfig(file, {env: {}, hasModes: false}));
});

test('secrets come from files and from the environment, too, and all of them are known', async t => {
	const file = await makeFile(t, {
		schema: 1, channels: [
			{
				name: 'a', kind: 'gotify', url: 'https://gotify.example.org', tokenFile: 'token',
			},
			{name: 'b', kind: 'discord', url: {env: 'DISCORD'}},
			{
				name: 'c', kind: 'webhook', url: 'https://hook.example.org/very/secret/path?key=1', secret: 'signing-secret', headers: {Authorization: {env: 'HEADER'}},
			},
			{
				name: 'd', kind: 'apprise', url: 'http://apprise:8000', urls: [{env: 'APPRISE'}, 'tgram://bot/chat'],
			},
		],
	});
	await writeFile(path.join(path.dirname(file), 'token'), `${canary}\n`);
	const config = await readNotifyConfig(file, {env: {DISCORD: 'https://discord.example/api/webhooks/1/abc', HEADER: 'Bearer header-secret', APPRISE: 'mailto://me:password@example.org'}});
	t.like(config!.channels[0]!.written, {token: canary});
	t.like(config!.channels[3]!.written, {urls: ['mailto://me:password@example.org', 'tgram://bot/chat']});
	const secrets = new Set(config!.secrets);
	for (const secret of [canary, 'https://discord.example/api/webhooks/1/abc', '/api/webhooks/1/abc', '/very/secret/path?key=1', 'signing-secret', 'Bearer header-secret', 'mailto://me:password@example.org', 'password']) {
		t.true(secrets.has(secret));
	}
});

test('a secret that is not there, empty or given twice is told by its field', async t => {
	const entry = {name: 'a', kind: 'gotify', url: 'https://gotify.example.org'};
	t.regex((await failureOf(parse([{...entry, token: {env: 'NOT_SET'}}]))).message, /channels\[0\]\.token in \/etc\/notify\.json .* NOT_SET/v);
	t.regex((await failureOf(parse([{...entry, tokenFile: '/nowhere/token'}]))).message, /channels\[0\]\.tokenFile .* \/nowhere\/token, which cannot be read \(ENOENT\)/v);
	t.regex((await failureOf(parse([{...entry, tokenFile: '/dev/null'}]))).message, /which is empty/v);
	t.regex((await failureOf(parse([{...entry, token: canary, tokenFile: '/dev/null'}]))).message, /both token and tokenFile/v);
});

test('what is wrong is told by its field, and no value is repeated', async t => {
	const wrong: ReadonlyArray<readonly [channels: unknown, digest: unknown, message: RegExp]> = [
		[[{...gotify, token: 5}], undefined, /channels\[0\]\.token: /v],
		[[gotify, {...gotify, name: 'b', tokn: canary}], undefined, /channels\[1\]: there is no field "tokn"/v],
		[[{...gotify, url: canary}], undefined, /channels\[0\]\.url: It must be an http/v],
		[[{...gotify, url: `https://me:${canary}@gotify.example.org`}], undefined, /channels\[0\]\.url: It must hold no user/v],
		[[{...gotify, token: `${canary}\r\nX-Evil: 1`}], undefined, /channels\[0\]\.token: It must not hold line breaks/v],
		[[{...gotify, kind: 'pigeon'}], undefined, /channels\[0\]\.kind: there is no such kind of channel/v],
		[[{...gotify, on: ['everything']}], undefined, /channels\[0\]\.on\[0\]: /v],
		[[{
			name: 'm', kind: 'email', host: 'h', from: 'a@example.org\r\nBcc: x@example.org', to: 'b@example.org',
		}], undefined, /channels\[0\]\.from: It must be one address/v],
		[[{name: 'a', kind: 'apprise', url: 'http://apprise:8000'}], undefined, /channels\[0\]\.key: It needs either a key or urls/v],
		[[{
			name: 't', kind: 'telegram', token: canary, chat: 1,
		}], undefined, /channels\[0\]\.token: It must be the token that BotFather gave/v],
		[[gotify, {...gotify, name: 'GOTIFY'}], undefined, /Two channels in .* are called GOTIFY/v],
		[[{
			name: 'c', kind: 'command', argv: ['x'], timeout: 'soon',
		}], undefined, /channels\[0\]\.timeout in \/etc\/notify\.json/v],
		[[{...gotify, quietHours: 'night'}], undefined, /channels\[0\]\.quietHours in \/etc\/notify\.json/v],
		[[], {every: '15m', at: '08:00'}, /digest\.at: It takes either every or at/v],
		[[], {every: 'soon'}, /digest\.every in \/etc\/notify\.json/v],
		[[], {at: '25:00'}, /digest\.at: /v],
		[[], {timeZone: 'Mars/Olympus'}, /no time zone "Mars\/Olympus"/v],
		['none', undefined, /channels: /v],
	];
	for (const [channels, digest, message] of wrong) {
		const error = await failureOf(parse(channels, digest));
		t.is(error.code, 'usage');
		t.regex(error.message, message);
		t.truthy(error.hint);
		t.deepEqual(secretsIn(error, canary), [], error.message);
	}

	t.regex((await failureOf(parseNotifyConfig({schema: 2, channels: []}, {file: 'f', env: {}}))).message, /schema: /v);
	t.regex((await failureOf(parseNotifyConfig([], {file: 'f', env: {}}))).message, /the file: /v);
});

test('a file that is no JSON is told by its line, without what stands there', async t => {
	const file = await makeFile(t, `{\n"schema": 1,\n"token": "${canary}" oops\n}`);
	const error = await failureOf(readNotifyConfig(file, {env: {}}));
	t.is(error.message, `${file} is not JSON (line 3).`);
	t.deepEqual(secretsIn(error, canary), []);
});

test('there is an example of every kind that could be used as it is', async t => {
	for (const kind of channelKinds) {
		const json = JSON.stringify(await exampleConfig(kind)).replaceAll(/"(?<field>\w+)File":"[^"]*"/gv, (_, field: string) => `"${field}":"${field === 'url' ? 'https://example.org/hook' : '123:abc'}"`);
		const config = parseNotifyConfig(JSON.parse(json.replaceAll('"key":"123:abc"', '"key":"abc"')), {file: 'f', env: {REELCAT_WEBHOOK_URL: 'https://example.org/hook'}});
		t.like((await config).channels[0], {kind});
	}
});
