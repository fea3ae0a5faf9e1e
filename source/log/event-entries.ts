import {defined} from '../catalog/values.js';
import {heldWords, totalsEquation} from '../catalog/library.js';
import type {Problem, SyncEvent} from '../sync/events.js';
import {hasGoneWell, headlineOf} from '../sync/outcome.js';
import {paceWords} from '../sync/pace-words.js';
import {formatBytes, formatCount, plural} from '../base/text/format.js';
import type {LogEntry, LogLevel} from './log-entry.js';

type Retries = {count: number; waitedMs: number};

const entry = (level: LogLevel, message: string, fields: Record<string, unknown>): LogEntry => ({level, message, fields});

/**
Makes the function that turns each event into a log entry. It remembers requests and libraries that are under way, so that the retries of a request are told on the same line as its end.
*/
export const createEventEntries = (): ((event: SyncEvent) => LogEntry) => {
	const retries = new Map<number, Retries>();
	const titles = new Map<string, string>();
	const ofLibrary = (level: LogLevel, message: string, fields: {libraryId: string} & Record<string, unknown>) =>
		entry(level, `${titles.get(fields.libraryId)?.trim() ?? fields.libraryId}: ${message}`, fields);

	const entries: {readonly [Type in SyncEvent['type']]: (event: Extract<SyncEvent, {type: Type}>) => LogEntry} = {
		'request-started'({requestId, label}) {
			retries.delete(requestId);
			return entry('debug', `GET ${label}`, {requestId, label});
		},
		'request-retried'({requestId, label, attempt, waitMs, code}) {
			retries.set(requestId, {count: attempt, waitedMs: (retries.get(requestId)?.waitedMs ?? 0) + waitMs});
			return entry('debug', `GET ${label}: ${code}, again in ${waitMs} ms`, {
				requestId, label, attempt, waitMs, code,
			});
		},
		'request-finished'(event) {
			const retried = retries.get(event.requestId);
			retries.delete(event.requestId);
			return requestEntry(event, retried);
		},
		'pace-changed'({limit, reason}) {
			const why = paceWords(reason);
			// Changes because of latency come often.
			const level = reason === 'slow' || reason === 'free' ? 'debug' : 'info';
			return entry(level, `${plural(limit, 'request')} at a time${why === undefined ? '' : `: ${why}`}`, {limit, reason});
		},
		remark: ({text}) => entry('info', text, {}),
		'run-started'({runId, libraries}) {
			titles.clear();
			for (const {id, title} of libraries) {
				titles.set(id, title);
			}

			return entry('info', libraries.length === 0 ? 'Nothing to do' : `Begin with ${libraries.map(({title}) => title.trim()).join(', ')}`, {runId, libraries});
		},
		'library-planned': ({libraryId, mode, reason}) => ofLibrary('info', `${mode}, ${reason}`, {libraryId, mode, reason}),
		'library-phase': ({libraryId, phase}) => ofLibrary('info', phase, {libraryId, phase}),
		'library-counted': ({libraryId, expected}) => ofLibrary('debug', `${plural(expected, 'row')} expected`, {libraryId, expected}),
		'rows-listed': ({libraryId, itemType, rows}) => ofLibrary('debug', `a page of ${plural(rows, 'row')}, type ${itemType}`, {libraryId, itemType, rows}),
		'items-committed': ({libraryId, imported, unchanged, revision}) =>
			ofLibrary('debug', `revision ${revision} committed, ${formatCount(imported)} imported, ${formatCount(unchanged)} unchanged`, {
				libraryId, revision, imported, unchanged,
			}),
		'items-compared': ({libraryId, imported, unchanged}) =>
			ofLibrary('debug', `compared, ${formatCount(imported)} to change, ${formatCount(unchanged)} unchanged`, {libraryId, imported, unchanged}),
		'changes-found'({libraryId, changes}) {
			const kinds = Object.entries(changes).map(([kind, number]) => `${formatCount(number)} ${kind}`);
			return ofLibrary('info', kinds.length === 0 ? 'no changes' : kinds.join(', '), {libraryId, changes});
		},
		'removals-held': ({libraryId, title, items, reason}) => entry('warn', `${title.trim()}: ${plural(items, 'removal')} held. ${heldWords[reason]}`, {libraryId, items, reason}),
		'items-skipped': ({libraryId, count, reason}) => ofLibrary('info', `${formatCount(count)} skipped. ${reason}`, {libraryId, count, reason}),
		problem: ({problem, failed}) => problemEntry(problem, failed),
		'library-finished'({result: {title, id: libraryId, sync, ...facts}}) {
			const {expected, imported, unchanged, failed, skipped, durationMs, complete} = facts;
			const notes = sync === undefined ? '' : sync.notes.map(note => ` ${note}`).join('');
			return entry(complete ? 'info' : 'warn', `${title.trim()}: ${totalsEquation(facts)} in ${durationMs} ms${complete ? '' : ', incomplete'}${notes}`, {
				libraryId, expected, imported, unchanged, failed, skipped, durationMs, complete, ...sync,
			});
		},
		'run-finished'({result}) {
			const {ok, cancelled, errors, requests, bytes, durationMs, runId} = result;
			const {outcome, text} = headlineOf(result, {command: 'import'});
			const isDone = hasGoneWell(outcome);
			const word = isDone ? 'Done' : (outcome === 'cancelled' ? 'Cancelled' : text);
			return entry(isDone ? 'info' : 'warn', `${word}: ${durationMs} ms, ${plural(requests, 'request')}, ${formatBytes(bytes)}`, {
				runId, ok, cancelled, problems: errors.length, requests, bytes, durationMs,
			});
		},
	};

	return event => entries[event.type](event as never);
};

/**
Whether an event makes the log of its run worth keeping: something was done or went wrong. Requests alone do not.
*/
export const isWorthKeeping = (event: SyncEvent): boolean =>
	(event.type === 'run-started' && event.libraries.length > 0) || event.type === 'problem' || event.type === 'removals-held';

const requestEntry = (
	{requestId, label, ok, code, status, durationMs, bytes, isMended}: Extract<SyncEvent, {type: 'request-finished'}>,
	retried: Retries | undefined,
): LogEntry => {
	const outcome = [status, ok ? undefined : code].filter(part => part !== undefined).join(' ');
	const message = [
		`GET ${label}: ${outcome === '' ? 'ok' : outcome}`,
		`${durationMs} ms`,
		formatBytes(bytes),
		...(isMended === true ? ['with text that is not UTF-8, read as Latin-1'] : []),
		...(retried === undefined ? [] : [`${plural(retried.count, 'retry', 'retries')} after ${retried.waitedMs} ms of waiting`]),
	].join(', ');
	return entry(ok || code === 'cancelled' ? 'info' : 'warn', message, defined({
		requestId, label, ok, status, code, durationMs, bytes, isMended, retries: retried?.count, waitedMs: retried?.waitedMs,
	}));
};

const problemEntry = ({library, ratingKey, title, stage, code, message, hint}: Problem, failed: number): LogEntry => {
	const item = title ?? (ratingKey === undefined ? undefined : `item ${ratingKey}`);
	const place = [library.title.trim(), item].filter(part => part !== undefined).join(', ');
	return entry('warn', `${place}: ${message} ${hint}`, defined({
		libraryId: library.id, ratingKey, title, stage, failed, fault: {code, message, hint},
	}));
};
