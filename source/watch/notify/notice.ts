import {hash} from 'node:crypto';
import * as z from 'zod';
import type {ImportResult} from '../../sync/events.js';
import {formatDurationMs, plural} from '../../base/text/format.js';
import type {RecoveredAlert} from '../alerts/alerts.js';
import {alertKinds, type AlertKind} from '../kinds.js';
import type {Alert} from '../types.js';
import {digestLines, digestTotals, type LibraryDigest} from './digest.js';

/**
What a channel may be told of.
*/
export const noticeTopics = ['alerts', 'changes', 'imports'] as const;
export type NoticeTopic = typeof noticeTopics[number];

/**
From the least to the most urgent.
*/
export const noticeLevels = ['info', 'warn', 'error'] as const;
export type NoticeLevel = typeof noticeLevels[number];

const alertSchema = z.object({
	kind: z.enum(alertKinds),
	subject: z.string(),
	since: z.string(),
	isRecovered: z.boolean(),
	lastedMs: z.number().optional(),
});

export const noticeSchema = z.object({
	/**
	The same notice has the same id, whenever it is sent; letters, digits and dashes.
	*/
	id: z.string().regex(/^[\w\-]{1,100}$/v),
	at: z.iso.datetime(),
	topic: z.enum([...noticeTopics, 'test']),
	/**
	What is over has the level that it had, so that whoever was told of it hears of its end.
	*/
	level: z.enum(noticeLevels),
	/**
	As it came from the server: to be cleaned for where it goes.
	*/
	title: z.string(),
	/**
	Lines.
	*/
	body: z.string(),
	alert: alertSchema.optional(),
});

/**
Something to tell a person. Plain JSON, since it is kept until it was delivered.
*/
export type Notice = z.infer<typeof noticeSchema>;

/**
How loud a notice is where it is read: what is over is good news.
*/
export const loudness = ({level, alert}: Pick<Notice, 'level' | 'alert'>): NoticeLevel => alert?.isRecovered === true ? 'info' : level;

const idOf = (prefix: string, ...parts: readonly unknown[]) => `${prefix}-${hash('sha256', JSON.stringify(parts)).slice(0, 24)}`;

const alertLevels: Readonly<Record<AlertKind, NoticeLevel>> = {
	'sync-failing': 'error',
	unreachable: 'error',
	'token-dead': 'error',
	'removals-held': 'warn',
	'disk-low': 'error',
	'channel-broken': 'warn',
	'audit-differs': 'warn',
};

const alertTitles: Readonly<Record<AlertKind, readonly [raised: string, recovered: string]>> = {
	'sync-failing': ['A library fails to sync', 'A library syncs again'],
	unreachable: ['The Plex server cannot be reached', 'The Plex server can be reached again'],
	'token-dead': ['The Plex token is refused', 'The Plex token is accepted again'],
	'removals-held': ['Much is gone from the server', 'Nothing is held any more'],
	'disk-low': ['The disk is nearly full', 'The disk has room again'],
	'channel-broken': ['A notification channel is broken', 'A notification channel works again'],
	'audit-differs': ['The catalogue differs from the server', 'The catalogue is as the server again'],
};

export const alertNotice = (alert: Alert | RecoveredAlert, isRecovered: boolean, now: Date): Notice => {
	const {kind, subject, since, message, hint} = alert;
	const title = alertTitles[kind][Number(isRecovered)]!;
	return {
		id: idOf('alert', kind, subject, since, isRecovered),
		at: now.toISOString(),
		topic: 'alerts',
		level: alertLevels[kind],
		title,
		body: [message, ...hint === undefined || isRecovered ? [] : [hint]].join('\n'),
		alert: {
			kind, subject, since, isRecovered, ...('lastedMs' in alert && {lastedMs: alert.lastedMs}),
		},
	};
};

/**
`upTo` is the revision of the catalogue that it ends with.
*/
export const digestNotice = (libraries: readonly LibraryDigest[], {after, upTo, now}: {after: number; upTo: number; now: Date}): Notice => ({
	id: idOf('changes', after, upTo, libraries.map(({id}) => id)),
	at: now.toISOString(),
	topic: 'changes',
	level: 'info',
	title: `Plex: ${digestTotals(libraries)}`,
	body: digestLines(libraries).join('\n'),
});

/**
Of the libraries that were imported for the first time; `undefined` where there are none, or a person has stopped it.
*/
export const importNotice = ({runId, cancelled, libraries, errors}: ImportResult, now: Date): Notice | undefined => {
	const imported = libraries.filter(({sync}) => sync === undefined);
	if (cancelled || imported.length === 0) {
		return undefined;
	}

	const failures = errors.filter(({library}) => imported.some(({id}) => id === library.id));
	const isWhole = imported.every(({complete}) => complete) && failures.length === 0;
	const items = imported.reduce((sum, library) => sum + library.imported + library.unchanged, 0);
	const lines = imported.map(library => [
		`${library.title}: ${plural(library.imported + library.unchanged, 'item')} in ${formatDurationMs(library.durationMs)}`,
		...library.skipped > 0 ? [`${plural(library.skipped, 'item')} skipped`] : [],
		...library.failed > 0 ? [`${plural(library.failed, 'item')} failed`] : [],
		...library.complete ? [] : ['not finished'],
	].join(', '));
	return {
		id: idOf('import', runId, imported.map(({id}) => id)),
		at: now.toISOString(),
		topic: 'imports',
		level: isWhole ? 'info' : 'warn',
		title: isWhole ? `Imported ${plural(items, 'item')}` : `Imported ${plural(items, 'item')}, with failures`,
		body: [...lines, ...failures.slice(0, 3).map(({message}) => message), ...failures.length > 3 ? [`and ${plural(failures.length - 3, 'more failure')}`] : []].join('\n'),
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
