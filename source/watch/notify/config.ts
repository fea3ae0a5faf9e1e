import {readFile, stat} from 'node:fs/promises';
import process from 'node:process';
import * as z from 'zod';
import {AppError} from '../../base/errors.js';
import {fileError, ifExists} from '../../base/file-system.js';
import {clean} from '../../base/text/clean.js';
import {parseDuration} from '../schedule/duration.js';
import {parseQuietHours, type QuietHours} from '../schedule/quiet-hours.js';
import type {Channel} from './channel.js';
import {loadChannels} from './channel-kinds.js';
import {
	oneLine,
	type ChannelModule,
	type ChannelParts,
	type WrittenChannel,
} from './channel-module.js';
import {fillSecrets} from './fill-secrets.js';
import {
	noticeTopics,
	type NoticeLevel,
	type NoticeTopic,
} from './notice.js';
import type {DigestSchedule} from './plan-notices.js';

type QuietRule = {
	quietHours: QuietHours | undefined;
	quietErrors: boolean;
	timeZone: string | undefined;
};

export type ChannelSettings = {
	name: string;
	kind: string;
	where: string;
	on: readonly NoticeTopic[];
	minLevel: NoticeLevel;
	quiet: QuietRule;
	/**
	Of the changes it gets only those of items that this query finds.
	*/
	query?: string;
	/**
	The channel in the file, with its secrets filled in.
	*/
	written: WrittenChannel;
	create: (parts: ChannelParts) => Channel;
};

export type NotifyConfig = {
	channels: readonly ChannelSettings[];
	digest: DigestSchedule;
	secrets: readonly string[];
};

export const noNotifications: NotifyConfig = {channels: [], digest: {rhythm: {everyMs: 15 * 60_000}}, secrets: []};

const digestSchema = z.strictObject({
	every: oneLine.optional().meta({description: 'How long after the first change, such as 15m, which is the default, or "immediately"'}),
	at: z.string().regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$/v, 'It must be a time of the day such as 08:00').optional(),
	quietHours: oneLine.optional().meta({description: 'Local time, such as 22:00-07:00; several are separated by commas'}),
	quietErrors: z.boolean().optional(),
	timeZone: oneLine.optional(),
}).refine(({every, at}) => every === undefined || at === undefined, {error: 'It takes either every or at', path: ['at']});

/**
Reads `notify.json`; returns `undefined` if it does not exist. `hasModes`: the file system has permissions.

@throws AppError 'usage' that names the field, never its value
*/
export const readNotifyConfig = async (file: string, {env, hasModes = process.platform !== 'win32'}: {env: NodeJS.ProcessEnv; hasModes?: boolean}): Promise<NotifyConfig | undefined> => {
	const written = await readPrivate(file, hasModes);
	return written === undefined ? undefined : parseNotifyConfig(parseJson(written, file), {file, env});
};

/**
@throws AppError 'usage'
*/
export const parseNotifyConfig = async (json: unknown, {file, env}: {file: string; env: NodeJS.ProcessEnv}): Promise<NotifyConfig> => {
	const modules = await loadChannels();
	const filled = await fillSecrets(json, {file, env, modules});
	const checked = notifySchema(modules).safeParse(filled);
	if (!checked.success) {
		throw wrong(file, checked.error.issues);
	}

	const {channels, digest = {}} = checked.data;
	const twice = channels.find(({name}, index) => channels.findIndex(other => other.name.toLowerCase() === name.toLowerCase()) < index);
	if (twice !== undefined) {
		throw new AppError('usage', `Two channels in ${file} are called ${twice.name}.`, {hint: 'Give each a name of its own.'});
	}

	const zone = checkedTimeZone(digest.timeZone, file);
	const quiet: QuietRule = {
		quietHours: digest.quietHours === undefined ? undefined : parseQuietHours(digest.quietHours, `digest.quietHours in ${file}`),
		quietErrors: digest.quietErrors ?? false,
		timeZone: zone,
	};
	return {
		channels: channels.map((written, index) => channelSettings(written, {
			module: modules.get(written.kind)!, quiet, file, at: `channels[${index}]`,
		})),
		digest: {rhythm: readRhythm(digest, file), quietHours: quiet.quietHours, timeZone: zone},
		secrets: channels.flatMap(written => secretsIn(written, modules.get(written.kind)!)),
	};
};

const notifySchema = (modules: ReadonlyMap<string, ChannelModule>) => {
	const channel = z.discriminatedUnion('kind', Array.from(modules.values(), ({schema}) => schema) as never) as unknown as z.ZodType<WrittenChannel>;
	return z.strictObject({schema: z.literal(1), channels: z.array(channel).max(50), digest: digestSchema.optional()});
};

const readPrivate = async (file: string, hasModes: boolean): Promise<string | undefined> => {
	try {
		const stats = await ifExists(stat(file));
		if (stats === undefined) {
			return undefined;
		}

		// eslint-disable-next-line no-bitwise -- permissions are bits
		if (hasModes && (stats.mode & 0o077) !== 0) {
			throw new AppError('usage', `Others on this machine may read ${file}, which holds secrets.`, {hint: `Keep it to yourself: chmod 600 ${quoted(file)}`});
		}

		return await readFile(file, 'utf8');
	} catch (error) {
		throw fileError(error, file, 'read');
	}
};

const quoted = (file: string) => /^[\w\-.\/]+$/v.test(file) ? file : `'${file.replaceAll('\'', String.raw`'\''`)}'`;

const parseJson = (text: string, file: string): unknown => {
	try {
		return JSON.parse(text);
	} catch (error) {
		// The parser's message quotes the text, which may hold a token.
		const position = error instanceof SyntaxError ? /position (?<at>\d+)/v.exec(error.message)?.groups?.['at'] : undefined;
		const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
		throw new AppError('usage', `${file} is not JSON${line === undefined ? '' : ` (line ${line})`}.`, {hint: '"reelcat notify example ntfy" prints one that is.'});
	}
};

const mostIssues = 3;

const wrong = (file: string, issues: readonly z.core.$ZodIssue[]) => {
	const told = issues.slice(0, mostIssues).map(issue => `${pathOf(issue.path)}: ${issueWords(issue)}`);
	const more = issues.length > mostIssues ? `; and ${issues.length - mostIssues} more` : '';
	return new AppError('usage', `${file} cannot be used. ${told.join('; ')}${more}.`, {hint: 'docs/notifications.md describes every field; "reelcat notify example KIND" prints an example.'});
};

const issueWords = (issue: z.core.$ZodIssue) => {
	if (issue.code === 'unrecognized_keys') {
		return `there is no field ${issue.keys.map(key => `"${clean(key)}"`).join(', ')}`;
	}

	return issue.code === 'invalid_union' ? 'there is no such kind of channel' : clean(issue.message);
};

const pathOf = (path: readonly PropertyKey[]) => path.length === 0
	? 'the file'
	: clean(path.map((part, index) => typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`).join(''));

const readRhythm = ({every, at}: {every?: string | undefined; at?: string | undefined}, file: string): DigestSchedule['rhythm'] => {
	if (at !== undefined) {
		const [hour, minute] = at.split(':').map(Number);
		return {hour: hour!, minute: minute!};
	}

	// A new show is a burst of changes, so even "immediately" waits for its end.
	return {everyMs: every === 'immediately' ? 5000 : parseDuration(every ?? '15m', `digest.every in ${file}`)};
};

const channelSettings = (written: WrittenChannel, {module: {check, where, create}, quiet, file, at}: {module: ChannelModule; quiet: QuietRule; file: string; at: string}): ChannelSettings => {
	check?.(written, field => `${at}.${field} in ${file}`);
	return {
		name: written.name,
		kind: written.kind,
		where: where?.(written) ?? '',
		on: written.on ?? noticeTopics,
		minLevel: written.minLevel ?? 'info',
		quiet: {
			...quiet,
			...typeof written.quietHours === 'string' && {quietHours: parseQuietHours(written.quietHours, `${at}.quietHours in ${file}`)},
			...written.quietHours === false && {quietHours: undefined},
			...written.quietErrors !== undefined && {quietErrors: written.quietErrors},
		},
		...written.query !== undefined && {query: written.query},
		written,
		create: parts => create(written, parts),
	};
};

const checkedTimeZone = (timeZone: string | undefined, file: string): string | undefined => {
	try {
		return timeZone === undefined ? undefined : new Intl.DateTimeFormat('en', {timeZone}).resolvedOptions().timeZone;
	} catch {
		throw new AppError('usage', `There is no time zone "${clean(timeZone!)}" (digest.timeZone in ${file}).`, {hint: 'Name one as in "Europe/Berlin", or leave it out for that of the machine.'});
	}
};

/**
Returns the secrets of a channel. If one is an address, its path and its password are secrets, too, because either may appear alone.
*/
const secretsIn = (written: WrittenChannel, {secrets}: ChannelModule): string[] => secrets
	.flatMap(name => textsIn(written[name as keyof WrittenChannel]))
	.flatMap(secret => {
		const {pathname = '', search = '', password = ''} = URL.parse(secret) ?? {};
		const path = `${pathname}${search}`;
		return [secret, ...path.length >= 12 ? [path] : [], ...password.length >= 4 ? [password] : []];
	});

const textsIn = (value: unknown): string[] => typeof value === 'string'
	? [value]
	: Object.values(value ?? {}).flatMap(part => textsIn(part));
