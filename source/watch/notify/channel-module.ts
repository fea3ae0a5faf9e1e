import * as z from 'zod';
import type {Clock} from '../../base/clock.js';
import type {Channel} from './channel.js';
import type {NotifyHttp} from './http.js';
import {noticeLevels, noticeTopics} from './notice.js';

// eslint-disable-next-line regexp/no-control-character, no-control-regex -- a header or a command line would take it for its end
const control = /[\u{0}-\u{1F}\u{7F}]/v;

export const textField = z.string().trim().min(1).max(2000).refine(value => !control.test(value), 'It must not hold line breaks or other controls');

/**
A secret stands in the file itself, in a file that is named with `…File`, or in the environment with `{"env": "NAME"}`. `fill-secrets.ts` puts it in place before this is checked.
*/
export const secretField = textField;

const protocols = /^https?:$/v;

/**
The address of a person's own server. Its secrets have fields of their own.
*/
export const serverUrl = textField.refine(value => protocols.test(URL.parse(value)?.protocol ?? ''), 'It must be an http:// or https:// address')
	.refine(value => {
		const {username = '', password = ''} = URL.parse(value) ?? {};
		return username === '' && password === '';
	}, 'It must hold no user and no password');

/**
An address that is a secret, because whoever knows it may write there.
*/
export const secretUrl = secretField.refine(value => protocols.test(URL.parse(value)?.protocol ?? ''), 'It must be an http:// or https:// address');

const common = {
	name: textField.max(40).regex(/^[\w \-.]+$/v, 'It may hold letters, digits, spaces, dots, dashes and underscores'),
	on: z.array(z.enum(noticeTopics)).min(1).optional().meta({description: 'What it is told of; everything when absent'}),
	minLevel: z.enum(noticeLevels).optional().meta({description: 'Nothing below that; info when absent'}),
	quietHours: z.union([textField, z.literal(false)]).optional().meta({description: 'Instead of those of the digest; false for none'}),
	quietErrors: z.boolean().optional().meta({description: 'Alerts about errors wait for the end of the quiet hours, too'}),
};

/**
The shape of a channel in `notify.json`: what all channels have, and fields of its own.
*/
export const channelSchema = <const Kind extends string, const Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) => z.strictObject({...common, kind: z.literal(kind), ...shape});

const commonSchema = z.object({...common, kind: z.string()});

/**
What all channels have in `notify.json`.
*/
export type WrittenChannel = z.infer<typeof commonSchema>;

/**
The terminal that this process shows itself in.
*/
export type NotifyTerminal = {
	write: (text: string) => void;
	env: NodeJS.ProcessEnv;
};

/**
What channels are made with.
*/
export type ChannelParts = {
	http: NotifyHttp;
	clock: Clock;
	env: NodeJS.ProcessEnv;
	terminal?: NotifyTerminal | undefined;
};

/**
Everything that a kind of channel consists of. Nothing outside of its file knows more of it.
*/
export type ChannelModule<Schema extends z.ZodType<WrittenChannel> = z.ZodType<WrittenChannel>> = {
	schema: Schema;
	/**
	Names of the fields that hold secrets; all that is in an object or array counts.
	*/
	secrets: readonly string[];
	/**
	An entry of `channels` in `notify.json`, to be copied and filled in. Its secrets stand in files of their own.
	*/
	example: Readonly<Record<string, unknown>>;
	/**
	Where the channel leads, as far as that is no secret.
	*/
	where?: (written: z.infer<Schema>) => string;
	/**
	Checks what the schema cannot. `nameOf` gives the name of a field for the message.

	@throws AppError 'usage'
	*/
	check?: (written: z.infer<Schema>, nameOf: (field: string) => string) => void;
	/**
	The secrets of `written` are in their places.
	*/
	create: (written: z.infer<Schema>, parts: ChannelParts) => Channel;
};

/**
A module that is only given what its own schema has let through, so that the types of its fields matter to nobody else.
*/
export const defineChannel = <Schema extends z.ZodType<WrittenChannel>>(module: ChannelModule<Schema>): ChannelModule => module;
