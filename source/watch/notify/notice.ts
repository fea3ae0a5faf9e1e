import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import * as z from 'zod';
import type {ImportResult} from '../../sync/events.js';
import {outcomeOfRun} from '../../sync/outcome.js';
import {clean, cleanLines} from '../../base/text/clean.js';
import {formatDurationMs, plural} from '../../base/text/format.js';
import type {RecoveredAlert} from '../alerts/alerts.js';
import {alertKinds, type AlertKind} from '../kinds.js';
import type {Alert} from '../types.js';
import {digestLines, digestTotals, type LibraryDigest} from './digest.js';

export const noticeTopics = ['alerts', 'changes', 'imports', 'queries'] as const;
export type NoticeTopic = typeof noticeTopics[number];

/**
Levels from the least to the most urgent.
*/
export const noticeLevels = ['info', 'warn', 'error'] as const;
export type NoticeLevel = typeof noticeLevels[number];

export const noticeSchema = z.object({
	/**
	The same notice always has the same id.
	*/
	id: z.string().regex(/^[\w\-]{1,100}$/v),
	at: z.iso.datetime(),
	topic: z.enum([...noticeTopics, 'test']),
	/**
	A recovery has the level of its alert, so that every channel that was sent the alert is sent the recovery.
	*/
	level: z.enum(noticeLevels),
	/**
	It may have been kept by an older reelcat, with titles of the server as they came, so clean it before you show it. The same is true of `body`, which may have several lines.
	*/
	title: z.string(),
	body: z.string(),
	alert: z.object({
		kind: z.enum(alertKinds),
		subject: z.string(),
		since: z.string(),
		isRecovered: z.boolean(),
		lastedMs: z.number().optional(),
	}).optional(),
	/**
	The standing query that it is about, with how many items came and left.
	*/
	query: z.object({name: z.string(), came: z.int().nonnegative(), left: z.int().nonnegative()}).optional(),
});

/**
Something to tell a person. It is plain JSON, because it is kept on the disk until it is delivered.
*/
export type Notice = z.infer<typeof noticeSchema>;

/**
Returns how urgent a notice looks to its reader. A recovery is good news, so it is never urgent.
*/
export const loudness = ({level, alert}: Pick<Notice, 'level' | 'alert'>): NoticeLevel => alert?.isRecovered === true ? 'info' : level;

/**
Each line is cleaned by itself, so that a title with a line break in it cannot look like a line of ours.
*/
const bodyOf = (lines: readonly string[]): string => lines.map(text => clean(text)).join('\n');

const idOf = (prefix: string, ...parts: readonly unknown[]) => `${prefix}-${hash('sha256', JSON.stringify(parts)).slice(0, 24)}`;

const alertWords: Readonly<Record<AlertKind, readonly [level: NoticeLevel, raised: string, recovered: string]>> = {
	'sync-failing': ['error', 'A library fails to sync', 'A library syncs again'],
	unreachable: ['error', 'The Plex server cannot be reached', 'The Plex server can be reached again'],
	'token-dead': ['error', 'The Plex token is refused', 'The Plex token is accepted again'],
	'removals-held': ['warn', 'Many items are gone from the server', 'Nothing is held any more'],
	'folder-unavailable': ['warn', 'A folder of a library is unavailable', 'A folder of a library is available again'],
	'disk-low': ['error', 'The disk is nearly full', 'The disk has room again'],
	'saving-stopped': ['error', 'Nothing can be saved', 'Changes are saved again'],
	'channel-broken': ['warn', 'A notification channel is broken', 'A notification channel works again'],
	'backup-bad': ['error', 'A backup cannot be restored', 'The backups are in order again'],
	'audit-differs': ['warn', 'The catalogue differs from the server', 'The catalogue matches the server again'],
};

export const alertNotice = (alert: Alert | RecoveredAlert, isRecovered: boolean, now: Date): Notice => {
	const {kind, subject, since, message, hint} = alert;
	const [level, raised, recovered] = alertWords[kind];
	return {
		id: idOf('alert', kind, subject, since, isRecovered),
		at: now.toISOString(),
		topic: 'alerts',
		level,
		title: isRecovered ? recovered : raised,
		body: bodyOf([message, ...hint === undefined || isRecovered ? [] : [hint]]),
		alert: {
			kind, subject, since, isRecovered, ...('lastedMs' in alert && {lastedMs: alert.lastedMs}),
		},
	};
};

/**
Makes the notice about changes of the catalogue after the revision `after`, up to and with the revision `upTo`. `query` narrowed them.
*/
export const digestNotice = (libraries: readonly LibraryDigest[], {after, upTo, now, query}: {after: number; upTo: number; now: Date; query?: string | undefined}): Notice => ({
	id: idOf('changes', after, upTo, libraries.map(({id}) => id), ...query === undefined ? [] : [query]),
	at: now.toISOString(),
	topic: 'changes',
	level: 'info',
	title: `Plex: ${digestTotals(libraries)}`,
	body: bodyOf(digestLines(libraries)),
});

/**
How many items entered and left the result of a standing query, and texts that name them, several in one. `hasMore`: they do not name all.
*/
export type StandingDifference = Record<'came' | 'left', {count: number; texts: readonly string[]; hasMore: boolean}>;

const standingLines = 20;

/**
The id of the notice that tells what differs in this batch.
*/
export const standingNoticeId = (batch: string): string => idOf('query', batch);

/**
Makes the notice about what entered and left the result of a standing query.
*/
export const standingNotice = (name: string, {came, left}: StandingDifference, {batch, now}: {batch: string; now: Date}): Notice => {
	const counts = [...came.count === 0 ? [] : [`${plural(came.count, 'item')} came`], ...left.count === 0 ? [] : [`${plural(left.count, 'item')} left`]];
	// What came and what left take turns, so that much of one does not hide the other.
	const half = standingLines / 2;
	const room = (own: readonly string[], other: readonly string[]) => own.slice(0, Math.max(half, standingLines - other.length));
	const shown = [room(came.texts, left.texts), room(left.texts, came.texts)] as const;
	const hasMore = came.hasMore || left.hasMore || shown[0].length < came.texts.length || shown[1].length < left.texts.length;
	return {
		id: standingNoticeId(batch),
		at: now.toISOString(),
		topic: 'queries',
		level: 'info',
		title: `@${name}: ${counts.join(', ')}`,
		body: bodyOf([...shown[0].map(text => `Came: ${text}`), ...shown[1].map(text => `Left: ${text}`), ...hasMore ? ['and more'] : []]),
		query: {name, came: came.count, left: left.count},
	};
};

/**
Makes the notice about libraries that were imported for the first time. Returns `undefined` if there are none, or if a person cancelled the run. `nameOf` tells the name of a library if it is more than its title.
*/
export const importNotice = ({runId, ok, cancelled, libraries, errors}: ImportResult, now: Date, nameOf: (libraryId: string) => string | undefined = () => undefined): Notice | undefined => {
	const imported = libraries.filter(({sync}) => sync === undefined);
	if (cancelled || imported.length === 0) {
		return undefined;
	}

	const failures = errors.filter(({library}) => imported.some(({id}) => id === library.id));
	const outcome = outcomeOfRun({
		ok: failures.length === 0 && (ok || errors.length > 0), cancelled, libraries: imported, errors: failures,
	});
	const isWhole = outcome === 'done';
	const items = imported.reduce((sum, library) => sum + library.imported + library.unchanged, 0);
	const lines = imported.map(library => [
		`${nameOf(library.id) ?? library.title}: ${plural(library.imported + library.unchanged, 'item')} in ${formatDurationMs(library.durationMs)}`,
		...library.skipped > 0 ? [`${plural(library.skipped, 'item')} skipped`] : [],
		...library.failed > 0 ? [`${plural(library.failed, 'item')} failed`] : [],
		...library.complete ? [] : ['not finished'],
	].join(', '));
	return {
		id: idOf('import', runId, imported.map(({id}) => id)),
		at: now.toISOString(),
		topic: 'imports',
		level: isWhole ? 'info' : 'warn',
		title: outcome === 'failed' ? `The import of ${imported.length === 1 ? clean(imported[0]!.title).trim() : plural(imported.length, 'library', 'libraries')} failed` : `Imported ${plural(items, 'item')}${isWhole ? '' : ', with failures'}`,
		body: bodyOf([...lines, ...failures.slice(0, 3).map(({message}) => message), ...failures.length > 3 ? [`and ${plural(failures.length - 3, 'more failure')}`] : []]),
	};
};

export const testNotice = (now: Date, nonce: string): Notice => ({
	id: idOf('test', now.toISOString(), nonce),
	at: now.toISOString(),
	topic: 'test',
	level: 'info',
	title: 'A test of reelcat',
	body: 'If you can read this, notifications of reelcat reach you here.',
});

/**
Plain text that is safe to show, because titles of a server may hold anything.
*/
export const plainTitle = ({title}: Pick<Notice, 'title'>): string => clean(title);
export const plainBody = ({body}: Pick<Notice, 'body'>): string => cleanLines(body);

const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
const ellipsis = '…';

const cut = (text: string, limit: number, sizeOf: (part: string) => number): string => {
	if (sizeOf(text) <= limit) {
		return text;
	}

	const room = limit - sizeOf(ellipsis);
	let used = 0;
	for (const {segment, index} of segmenter.segment(text)) {
		used += sizeOf(segment);
		if (used > room) {
			return text.slice(0, index) + ellipsis;
		}
	}

	return text;
};

/**
Cuts a text to at most `limit` UTF-16 units, between graphemes. Services that count characters count no more than that.
*/
export const cutText = (text: string, limit: number): string => cut(text, limit, ({length}) => length);

/**
Cuts a text to at most `limit` bytes of UTF-8, between graphemes.
*/
export const cutBytes = (text: string, limit: number): string => cut(text, limit, part => Buffer.byteLength(part));

/**
Makes the JSON that webhooks and commands get. A new field may be added; any other change must raise `schema`.
*/
export const noticeJson = (notice: Notice): Notice & {schema: 1} => ({
	schema: 1, ...notice, title: plainTitle(notice), body: plainBody(notice),
});
