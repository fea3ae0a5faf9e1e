import * as z from 'zod';
import {noticeLevels, noticeTopics} from './notice.js';

// eslint-disable-next-line regexp/no-control-character, no-control-regex -- a header or a command line would take it for its end
const control = /[\u{0}-\u{1F}\u{7F}]/v;

const text = z.string().trim().min(1).max(2000).refine(value => !control.test(value), 'It must not hold line breaks or other controls');

/**
From the file itself, from a file that is named with `…File`, or from the environment with `{"env": "NAME"}`: put in place before this is checked.
*/
const secret = text;

const protocols = /^https?:$/v;

/**
Of a server of one's own: its secrets have fields of their own.
*/
const serverUrl = text.refine(value => protocols.test(URL.parse(value)?.protocol ?? ''), 'It must be an http:// or https:// address')
	.refine(value => {
		const {username = '', password = ''} = URL.parse(value) ?? {};
		return username === '' && password === '';
	}, 'It must hold no user and no password');

/**
Whoever knows it may write there.
*/
const secretUrl = secret.refine(value => protocols.test(URL.parse(value)?.protocol ?? ''), 'It must be an http:// or https:// address');

const address = z.email('It must be a plain address such as me@example.org').max(254);

const common = {
	name: text.max(40).regex(/^[\w \-.]+$/v, 'It may hold letters, digits, spaces, dots, dashes and underscores'),
	on: z.array(z.enum(noticeTopics)).min(1).optional().meta({description: 'What it is told of; everything when absent'}),
	minLevel: z.enum(noticeLevels).optional().meta({description: 'Nothing below that; info when absent'}),
	quietHours: z.union([text, z.literal(false)]).optional().meta({description: 'Instead of those of the digest; false for none'}),
	quietErrors: z.boolean().optional().meta({description: 'Alerts about errors wait for the end of the quiet hours, too'}),
};

const channel = <const Kind extends string, const Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) => z.strictObject({...common, kind: z.literal(kind), ...shape});

export const terminalProtocols = ['auto', 'osc9', 'osc777', 'none'] as const;

const terminalProtocol = z.enum(terminalProtocols).optional().meta({description: 'auto goes by the terminal; none is the bell alone'});
const ntfyUrl = serverUrl.optional().meta({description: 'https://ntfy.sh when absent'});
const botUrl = serverUrl.optional().meta({description: 'Of a Bot API server of your own'});
const chat = z.union([text, z.int()]).meta({description: 'The id of the chat, or @channel'});
const topic = text.max(64).regex(/^[\w\-]+$/v, 'It may hold letters, digits, dashes and underscores');
const botToken = secret.regex(/^\d+:[\w\-]+$/v, 'It must be the token that BotFather gave, such as 123456:ABC…');
const security = z.enum(['starttls', 'tls', 'none']).optional().meta({description: 'starttls when absent: nothing is sent in the clear'});
const addresses = z.array(address).min(1).max(20);
const headerName = text.regex(/^[\w\-]+$/v);
const argument = z.string().min(1).max(4000).refine(value => !value.includes('\0'), 'It must not hold NUL');
const variable = z.string().regex(/^[A-Z_a-z]\w*$/v);
const configKey = secret.regex(/^[\w\-]+$/v);

const email = channel('email', {
	host: text.max(253),
	port: z.int().min(1).max(65_535).optional(),
	security,
	user: text.optional(),
	password: secret.optional(),
	from: address,
	to: z.union([address, addresses]),
});

const apprise = channel('apprise', {
	url: serverUrl, key: configKey.optional(), urls: z.array(secret).min(1).optional(), tag: text.optional(),
}).refine(({key, urls}) => (key === undefined) !== (urls === undefined), {error: 'It needs either a key or urls', path: ['key']});

export const channelSchema = z.discriminatedUnion('kind', [
	channel('terminal', {protocol: terminalProtocol, bell: z.boolean().optional()}),
	channel('desktop', {}),
	channel('ntfy', {url: ntfyUrl, topic, token: secret.optional()}),
	channel('gotify', {url: serverUrl, token: secret}),
	channel('discord', {url: secretUrl}),
	channel('slack', {url: secretUrl}),
	channel('telegram', {
		token: botToken,
		chat,
		thread: z.int().positive().optional(),
		url: botUrl,
	}),
	channel('pushover', {
		token: secret, user: secret, device: text.max(25).optional(), url: serverUrl.optional(),
	}),
	email,
	channel('webhook', {
		url: secretUrl,
		secret: secret.optional().meta({description: 'Signs every call'}),
		headers: z.record(headerName, secret).optional(),
	}),
	apprise,
	channel('command', {
		argv: z.array(argument).min(1),
		timeout: text.optional().meta({description: 'Such as 30s, which is the default'}),
		env: z.record(variable, secret).optional(),
	}),
]);

export type WrittenChannel = z.infer<typeof channelSchema>;
export type ChannelKind = WrittenChannel['kind'];

export const channelKinds = [
	'terminal', 'desktop', 'ntfy', 'gotify', 'discord', 'slack', 'telegram', 'pushover', 'email', 'webhook', 'apprise', 'command',
] as const satisfies readonly ChannelKind[];

/**
Where secrets stand, by kind of channel; of an object or array, all that is in it.
*/
export const secretFields: Readonly<Record<ChannelKind, readonly string[]>> = {
	terminal: [],
	desktop: [],
	ntfy: ['token'],
	gotify: ['token'],
	discord: ['url'],
	slack: ['url'],
	telegram: ['token'],
	pushover: ['token', 'user'],
	email: ['password'],
	webhook: ['url', 'secret', 'headers'],
	apprise: ['key', 'urls'],
	command: ['env'],
};

const digestSchema = z.strictObject({
	every: text.optional().meta({description: 'How long after the first change, such as 15m, which is the default, or "immediately"'}),
	at: z.string().regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$/v, 'It must be a time of the day such as 08:00').optional(),
	quietHours: text.optional().meta({description: 'Local time, such as 22:00-07:00; several are separated by commas'}),
	quietErrors: z.boolean().optional(),
	timeZone: text.optional(),
}).refine(({every, at}) => every === undefined || at === undefined, {error: 'It takes either every or at', path: ['at']});

export const notifySchema = z.strictObject({
	schema: z.literal(1),
	channels: z.array(channelSchema).max(50),
	digest: digestSchema.optional(),
});
