import type {ImportTotals} from '../catalog/types.js';
import type {Problem, SyncEvent} from '../sync/events.js';
import {paceWords} from '../sync/pace-words.js';
import {formatBytes, formatCount, plural} from '../base/text/format.js';
import type {LogEntry, LogLevel} from './log-entry.js';

const entry = (level: LogLevel, message: string, fields: LogEntry['fields'] = {}): LogEntry => ({level, message, fields});

const pick = <Event extends Record<string, unknown>>(event: Event, ...names: ReadonlyArray<keyof Event & string>) =>
	Object.fromEntries(names.map(name => [name, event[name]]));

type Retries = {count: number; waitedMs: number};

/**
Make the function that turns each event into a log entry. It remembers requests and libraries that are under way, so that the retries of a request are told on the same line as its end.
*/
export const createEventEntries = (): ((event: SyncEvent) => LogEntry) => {
	const retries = new Map<number, Retries>();
	const titles = new Map<string, string>();
	const nameOf = (libraryId: string) => titles.get(libraryId)?.trim() ?? libraryId;

	return event => {
		switch (event.type) {
			case 'request-started': {
				retries.delete(event.requestId);
				return entry('debug', `GET ${event.label}`, pick(event, 'requestId', 'label'));
			}

			case 'request-retried': {
				const {requestId, label, attempt, waitMs, code} = event;
				const waitedMs = (retries.get(requestId)?.waitedMs ?? 0) + waitMs;
				retries.set(requestId, {count: attempt, waitedMs});
				return entry('debug', `GET ${label}: ${code}, again in ${waitMs} ms`, pick(event, 'requestId', 'label', 'attempt', 'waitMs', 'code'));
			}

			case 'request-finished': {
				const retried = retries.get(event.requestId);
				retries.delete(event.requestId);
				return requestEntry(event, retried);
			}

			case 'pace-changed': {
				const {limit, reason} = event;
				const why = paceWords(reason);
				// Changes because of latency come often.
				const level = reason === 'slow' || reason === 'free' ? 'debug' : 'info';
				return entry(level, `${plural(limit, 'request')} at a time${why === undefined ? '' : `: ${why}`}`, {limit, reason});
			}

			case 'run-started': {
				titles.clear();
				for (const {id, title} of event.libraries) {
					titles.set(id, title);
				}

				const names = event.libraries.map(({title}) => title.trim());
				return entry('info', names.length === 0 ? 'Nothing to do' : `Begin with ${names.join(', ')}`, pick(event, 'runId', 'libraries'));
			}

			case 'library-planned': {
				return entry('info', `${nameOf(event.libraryId)}: ${event.mode}, ${event.reason}`, pick(event, 'libraryId', 'mode', 'reason'));
			}

			case 'library-phase': {
				return entry('info', `${nameOf(event.libraryId)}: ${event.phase}`, pick(event, 'libraryId', 'phase'));
			}

			case 'library-counted': {
				return entry('debug', `${nameOf(event.libraryId)}: ${plural(event.expected, 'row')} expected`, pick(event, 'libraryId', 'expected'));
			}

			case 'rows-listed': {
				return entry('debug', `${nameOf(event.libraryId)}: a page of ${plural(event.rows, 'row')}, type ${event.itemType}`, pick(event, 'libraryId', 'itemType', 'rows'));
			}

			case 'items-committed': {
				const {libraryId, imported, unchanged, revision} = event;
				return entry(
					'debug',
					`${nameOf(libraryId)}: revision ${revision} committed, ${formatCount(imported)} imported, ${formatCount(unchanged)} unchanged`,
					pick(event, 'libraryId', 'revision', 'imported', 'unchanged'),
				);
			}

			case 'items-compared': {
				const {libraryId, imported, unchanged} = event;
				return entry('debug', `${nameOf(libraryId)}: compared, ${formatCount(imported)} to change, ${formatCount(unchanged)} unchanged`, {libraryId, imported, unchanged});
			}

			case 'changes-found': {
				const {libraryId, changes} = event;
				const kinds = Object.entries(changes).map(([kind, number]) => `${formatCount(number)} ${kind}`);
				return entry('info', `${nameOf(libraryId)}: ${kinds.length === 0 ? 'no changes' : kinds.join(', ')}`, {libraryId, changes});
			}

			case 'removals-held': {
				const {libraryId, title, items, reason} = event;
				return entry('warn', `${title.trim()}: ${plural(items, 'removal')} held (${reason})`, {libraryId, items, reason});
			}

			case 'items-skipped': {
				const {libraryId, count, reason} = event;
				return entry('info', `${nameOf(libraryId)}: ${formatCount(count)} skipped. ${reason}`, {libraryId, count, reason});
			}

			case 'problem': {
				return problemEntry(event.problem, event.failed);
			}

			case 'library-finished': {
				const {title, id, sync, ...facts} = event.result;
				const {expected, imported, unchanged, failed, skipped, durationMs, complete} = facts;
				const notes = sync === undefined ? '' : sync.notes.map(note => ` ${note}`).join('');
				return entry(complete ? 'info' : 'warn', `${title.trim()}: ${equation(facts)} in ${durationMs} ms${complete ? '' : ', incomplete'}${notes}`, {
					libraryId: id, expected, imported, unchanged, failed, skipped, durationMs, complete, ...sync,
				});
			}

			case 'run-finished': {
				const {ok, cancelled, errors, requests, bytes, durationMs, runId} = event.result;
				const outcome = cancelled ? 'Cancelled' : (ok ? 'Done' : `Ended with ${plural(errors.length, 'problem')}`);
				return entry(ok ? 'info' : 'warn', `${outcome}: ${durationMs} ms, ${plural(requests, 'request')}, ${formatBytes(bytes)}`, {
					runId, ok, cancelled, problems: errors.length, requests, bytes, durationMs,
				});
			}
		}
	};
};

/**
Whether an event makes the log of its run worth keeping: something was done or went wrong. Requests alone do not.
*/
export const isWorthKeeping = (event: SyncEvent): boolean =>
	(event.type === 'run-started' && event.libraries.length > 0) || event.type === 'problem' || event.type === 'removals-held';

const requestEntry = (
	{requestId, label, ok, code, status, durationMs, bytes}: Extract<SyncEvent, {type: 'request-finished'}>,
	retried: Retries | undefined,
): LogEntry => {
	const outcome = [status, ok ? undefined : code].filter(part => part !== undefined).join(' ');
	return {
		level: ok || code === 'cancelled' ? 'info' : 'warn',
		message: [
			`GET ${label}: ${outcome === '' ? 'ok' : outcome}`,
			`${durationMs} ms`,
			formatBytes(bytes),
			...(retried === undefined ? [] : [`${plural(retried.count, 'retry', 'retries')} after ${retried.waitedMs} ms of waiting`]),
		].join(', '),
		fields: {
			requestId,
			label,
			ok,
			...(status !== undefined && {status}),
			...(code !== undefined && {code}),
			durationMs,
			bytes,
			...(retried !== undefined && {retries: retried.count, waitedMs: retried.waitedMs}),
		},
	};
};

const problemEntry = ({library, ratingKey, title, stage, code, message, hint}: Problem, failed: number): LogEntry => {
	const item = title ?? (ratingKey === undefined ? undefined : `item ${ratingKey}`);
	return {
		level: 'warn',
		message: `${[library.title.trim(), item].filter(part => part !== undefined).join(', ')}: ${message} ${hint}`,
		fields: {
			libraryId: library.id,
			...(ratingKey !== undefined && {ratingKey}),
			...(title !== undefined && {title}),
			stage,
			failed,
			fault: {code, message, hint},
		},
	};
};

const equation = ({expected, imported, unchanged, failed, skipped}: ImportTotals) =>
	`${formatCount(expected)} expected = ${formatCount(imported)} imported + ${formatCount(unchanged)} unchanged + ${formatCount(failed)} failed + ${formatCount(skipped)} skipped`;
