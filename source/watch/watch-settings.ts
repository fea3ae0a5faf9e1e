import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {isCalledAlone, isCalledAt} from '../catalog/library-names.js';
import type {AlertLimits} from './alerts/alert-facts.js';
import {parseDuration} from './schedule/duration.js';
import {parseQuietHours, type QuietHours} from './schedule/quiet-hours.js';
import {parseRhythm, type Rhythm} from './schedule/rhythm.js';
import type {LibraryName} from './types.js';

const text = z.string().min(1).max(200);

const librarySchema = z.strictObject({
	interval: text.optional().meta({description: 'Instead of the interval of all'}),
	fullEvery: text.optional(),
	isPaused: z.boolean().optional().meta({description: 'Nothing is done for it, whatever happens'}),
});

/**
The value of `watch` in settings.json.
*/
const storedWatchSchema = z.strictObject({
	interval: text.optional().meta({description: 'A duration such as 15m, or a cron expression'}),
	fullEvery: text.optional().meta({description: 'A duration such as 7d, or a cron expression'}),
	audit: z.boolean().optional().meta({description: 'After each full comparison, compare every stored field with the server'}),
	quietHours: text.optional().meta({description: 'Local time, such as 18:00-23:30; several are separated by commas'}),
	pollEvery: text.optional().meta({description: 'How often the stamps of the libraries are asked for where the server sends no notifications'}),
	timeZone: text.optional().meta({description: 'Of cron expressions and quiet hours; that of the machine when absent'}),
	libraries: z.record(z.string(), librarySchema).optional().meta({description: 'By title, key or id, or as in Films@Barn where the server matters'}),
	alerts: z.strictObject({
		failures: z.int().min(1).max(100).optional(),
		unreachableAfter: text.optional(),
		freeGiB: z.number().min(0).max(100_000).optional(),
	}).optional(),
});

type StoredWatch = z.infer<typeof storedWatchSchema>;

export type WatchSettings = {
	rhythm: Rhythm;
	fullRhythm: Rhythm;
	isAudited: boolean;
	quietHours: QuietHours | undefined;
	pollMs: number;
	timeZone: string | undefined;
	/**
	Library names from the command line; empty means all libraries.
	*/
	only: readonly string[];
	libraries: readonly LibrarySettings[];
	limits: Pick<AlertLimits, 'failures' | 'unreachableMs' | 'freeBytes'>;
	/**
	The settings as a person wrote them.
	*/
	written: {interval: string; fullEvery: string; quietHours?: string};
};

/**
`name` is a title, key or id, perhaps with the server behind an @.
*/
type LibrarySettings = {name: string; rhythm: Rhythm | undefined; fullRhythm: Rhythm | undefined; isPaused: boolean};

export type WatchFlags = Partial<Record<'interval' | 'fullEvery' | 'quietHours', string | undefined>> & {
	isAudited?: boolean | undefined;
	only?: readonly string[] | undefined;
};

const defaults = {
	interval: '15m', fullEvery: '7d', pollEvery: '60s', unreachableAfter: '10m', failures: 3, freeGiB: 1,
};

/**
Reads the stored settings; flags of the command line take precedence.

@throws AppError 'usage' that names the setting
*/
export const readWatchSettings = (stored: unknown, flags: WatchFlags = {}): WatchSettings => {
	const checked = storedWatchSchema.safeParse(stored ?? {});
	if (!checked.success) {
		const [issue] = checked.error.issues;
		throw new AppError('usage', `The setting watch${issue === undefined ? '' : issue.path.map(part => `.${String(part)}`).join('')} in settings.json cannot be used${issue === undefined ? '' : `: ${issue.message}`}.`, {
			hint: 'docs/watch.md lists what may stand there.',
		});
	}

	const {data} = checked;
	const interval = flags.interval ?? data.interval ?? defaults.interval;
	const fullEvery = flags.fullEvery ?? data.fullEvery ?? defaults.fullEvery;
	const quietHours = flags.quietHours ?? data.quietHours;
	return {
		rhythm: parseRhythm(interval, flags.interval === undefined ? 'watch.interval' : '--interval'),
		fullRhythm: parseRhythm(fullEvery, flags.fullEvery === undefined ? 'watch.fullEvery' : '--full-every'),
		isAudited: flags.isAudited ?? data.audit ?? false,
		quietHours: quietHours === undefined ? undefined : parseQuietHours(quietHours, flags.quietHours === undefined ? 'watch.quietHours' : '--quiet-hours'),
		pollMs: parseDuration(data.pollEvery ?? defaults.pollEvery, 'watch.pollEvery'),
		timeZone: checkedTimeZone(data.timeZone),
		only: flags.only ?? [],
		libraries: Object.entries(data.libraries ?? {}).map(([name, library]) => readLibrary(name, library)),
		limits: readLimits(data.alerts),
		written: {interval, fullEvery, ...(quietHours !== undefined && {quietHours})},
	};
};

const readLibrary = (name: string, {interval, fullEvery, isPaused}: z.infer<typeof librarySchema>): LibrarySettings => ({
	name,
	rhythm: interval === undefined ? undefined : parseRhythm(interval, `watch.libraries.${name}.interval`),
	fullRhythm: fullEvery === undefined ? undefined : parseRhythm(fullEvery, `watch.libraries.${name}.fullEvery`),
	isPaused: isPaused === true,
});

const readLimits = ({failures, unreachableAfter, freeGiB}: StoredWatch['alerts'] = {}): WatchSettings['limits'] => ({
	failures: failures ?? defaults.failures,
	unreachableMs: parseDuration(unreachableAfter ?? defaults.unreachableAfter, 'watch.alerts.unreachableAfter'),
	freeBytes: (freeGiB ?? defaults.freeGiB) * (2 ** 30),
});

/**
A name with the server goes before one without.
*/
export const settingsOf = ({libraries}: Pick<WatchSettings, 'libraries'>, library: LibraryName & {key: string}): LibrarySettings | undefined => {
	const {serverId = '', server = ''} = library;
	return libraries.find(({name}) => isCalledAt(library, {id: serverId, name: server}, name)) ?? libraries.find(({name}) => isCalledAlone(library, name));
};

const checkedTimeZone = (timeZone: string | undefined): string | undefined => {
	try {
		return timeZone === undefined ? undefined : new Intl.DateTimeFormat('en', {timeZone}).resolvedOptions().timeZone;
	} catch {
		throw new AppError('usage', `There is no time zone "${timeZone}" (watch.timeZone in settings.json).`, {hint: 'Name one as in "Europe/Berlin", or leave it out for that of the machine.'});
	}
};
