import * as z from 'zod';
import type {Clock} from '../../base/clock.js';
import type {Channel} from './channel.js';
import type {NotifyHttp, NotifyPost} from './http.js';
import {
	noticeLevels,
	noticeTopics,
	plainBody,
	plainTitle,
	type Notice,
} from './notice.js';

// eslint-disable-next-line regexp/no-control-character, no-control-regex -- a control character could end a header or an argument
const control = /[\u{0}-\u{1F}\u{7F}]/v;

export const oneLine = z.string().trim().min(1).max(2000).refine(value => !control.test(value), 'It must not hold line breaks or other controls');

/**
An address that may be a secret as a whole, or hold one.
*/
export const httpUrl = oneLine.refine(value => /^https?:$/v.test(URL.parse(value)?.protocol ?? ''), 'It must be an http:// or https:// address');

/**
The address of a person's own server. Its secrets have fields of their own.
*/
export const serverUrl = httpUrl.refine(value => {
	const {username = '', password = ''} = URL.parse(value) ?? {};
	return username === '' && password === '';
}, 'It must hold no user and no password');

const common = {
	name: oneLine.max(40).regex(/^[\w \-.]+$/v, 'It may hold letters, digits, spaces, dots, dashes and underscores'),
	on: z.array(z.enum(noticeTopics)).min(1).optional().meta({description: 'What it is told of; everything when absent'}),
	minLevel: z.enum(noticeLevels).optional().meta({description: 'Nothing below that; info when absent'}),
	quietHours: z.union([oneLine, z.literal(false)]).optional().meta({description: 'Instead of those of the digest; false for none'}),
	query: oneLine.max(10_000).optional().meta({description: 'Of the changes, only those of items that this query finds'}),
	quietErrors: z.boolean().optional().meta({description: 'Alerts about errors wait for the end of the quiet hours, too'}),
};

/**
Makes the shape of a channel in `notify.json` from its own fields and those that all channels have.
*/
export const channelSchema = <const Kind extends string, const Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) => z.strictObject({...common, kind: z.literal(kind), ...shape});

const commonSchema = z.object({...common, kind: z.string()});

/**
The fields that all channels have in `notify.json`.
*/
export type WrittenChannel = z.infer<typeof commonSchema>;

export type NotifyTerminal = {
	write: (text: string) => void;
	env: NodeJS.ProcessEnv;
};

export type ChannelParts = {
	http: NotifyHttp;
	clock: Clock;
	env: NodeJS.ProcessEnv;
	terminal?: NotifyTerminal | undefined;
};

/**
One kind of channel. Code outside of its file knows nothing else about it.
*/
export type ChannelModule<Schema extends z.ZodType<WrittenChannel> = z.ZodType<WrittenChannel>> = {
	schema: Schema;
	/**
	Names of the fields that hold secrets. If a field holds an object or an array, every text in it is a secret.
	*/
	secrets: readonly string[];
	/**
	An entry of `channels` in `notify.json` for people to copy. It names files for its secrets.
	*/
	example: Readonly<Record<string, unknown>>;
	/**
	Returns where the channel sends to, without secrets.
	*/
	where?: (written: z.infer<Schema>) => string;
	/**
	Checks what the schema cannot. `nameOf` returns the name of a field for the message.

	@throws AppError 'usage'
	*/
	check?: (written: z.infer<Schema>, nameOf: (field: string) => string) => void;
	/**
	In `written`, `fillSecrets` has replaced each reference to a secret with the secret.
	*/
	create: (written: z.infer<Schema>, parts: ChannelParts) => Channel;
};

/**
Hides the type of a channel's fields, because a module is only given what its own schema accepted.
*/
export const defineChannel = <Schema extends z.ZodType<WrittenChannel>>(module: ChannelModule<Schema>): ChannelModule => module;

type HttpChannelModule<Schema extends z.ZodType<WrittenChannel>> = Omit<ChannelModule<Schema>, 'create'> & {
	/**
	Makes the request for a notice whose title and body are safe to show.
	*/
	post: (written: z.infer<Schema>, notice: Notice, now: Date) => Omit<NotifyPost, 'notice' | 'signal'>;
};

/**
Defines a channel that sends each notice with one HTTP request.
*/
export const defineHttpChannel = <Schema extends z.ZodType<WrittenChannel>>({post, ...module}: HttpChannelModule<Schema>): ChannelModule => defineChannel<Schema>({
	...module,
	create: (written, {http, clock}) => ({
		name: written.name,
		kind: written.kind,
		async send(notice, signal) {
			const safe = {...notice, title: plainTitle(notice), body: plainBody(notice)};
			await http.post({...post(written, safe, clock.now()), notice, signal});
		},
	}),
});

/**
Returns the host of an address for messages, without user, password and path.
*/
export const hostOf = (url: string): string => URL.parse(url)?.host ?? 'an unknown address';

/**
Appends a path to an address, which may have a path already.
*/
export const urlBelow = (base: string, path: string): URL => {
	const url = new URL(base);
	url.pathname = `${url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname}${path}`;
	url.search = '';
	url.hash = '';
	return url;
};
