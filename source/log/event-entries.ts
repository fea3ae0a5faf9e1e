import type {ImportTotals} from '../catalog/types.js';
import type {Problem, SyncEvent} from '../sync/events.js';
import {paceWords} from '../sync/pace-words.js';
import {formatBytes, formatCount, plural} from '../base/text/format.js';
import type {LogEntry} from './log-entry.js';

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
				const {requestId, label} = event;
				retries.delete(requestId);
				return {level: 'debug', message: `GET ${label}`, fields: {requestId, label}};
			}

			case 'request-retried': {
				const {requestId, label, attempt, waitMs, code} = event;
				const before = retries.get(requestId);
				retries.set(requestId, {count: attempt, waitedMs: (before?.waitedMs ?? 0) + waitMs});
				return {
					level: 'debug',
					message: `GET ${label}: ${code}, again in ${waitMs} ms`,
					fields: {
						requestId, label, attempt, waitMs, code,
					},
				};
			}

			case 'request-finished': {
				const retried = retries.get(event.requestId);
				retries.delete(event.requestId);
				return requestEntry(event, retried);
			}

			case 'pace-changed': {
				const {limit, reason} = event;
				const why = paceWords(reason);
				return {
					// Changes because of latency come often.
					level: reason === 'slow' || reason === 'free' ? 'debug' : 'info',
					message: `${plural(limit, 'request')} at a time${why === undefined ? '' : `: ${why}`}`,
					fields: {limit, reason},
				};
			}

			case 'run-started': {
				titles.clear();
				for (const {id, title} of event.libraries) {
					titles.set(id, title);
				}

				return {
					level: 'info',
					message: event.libraries.length === 0 ? 'Nothing to do' : `Begin with ${event.libraries.map(({title}) => title.trim()).join(', ')}`,
					fields: {runId: event.runId, libraries: event.libraries},
				};
			}

			case 'library-planned': {
				const {libraryId, mode, reason} = event;
				return {level: 'info', message: `${nameOf(libraryId)}: ${mode}, ${reason}`, fields: {libraryId, mode, reason}};
			}

			case 'library-phase': {
				const {libraryId, phase} = event;
				return {level: 'info', message: `${nameOf(libraryId)}: ${phase}`, fields: {libraryId, phase}};
			}

			case 'library-counted': {
				const {libraryId, expected} = event;
				return {level: 'debug', message: `${nameOf(libraryId)}: ${plural(expected, 'row')} expected`, fields: {libraryId, expected}};
			}

			case 'rows-listed': {
				const {libraryId, itemType, rows} = event;
				return {level: 'debug', message: `${nameOf(libraryId)}: a page of ${plural(rows, 'row')}, type ${itemType}`, fields: {libraryId, itemType, rows}};
			}

			case 'items-committed': {
				const {libraryId, imported, unchanged, revision} = event;
				return {
					level: 'debug',
					message: `${nameOf(libraryId)}: revision ${revision} committed, ${formatCount(imported)} imported, ${formatCount(unchanged)} unchanged`,
					fields: {
						libraryId, revision, imported, unchanged,
					},
				};
			}

			case 'items-compared': {
				const {libraryId, imported, unchanged} = event;
				return {
					level: 'debug',
					message: `${nameOf(libraryId)}: compared, ${formatCount(imported)} to change, ${formatCount(unchanged)} unchanged`,
					fields: {libraryId, imported, unchanged},
				};
			}

			case 'changes-found': {
				const {libraryId, changes} = event;
				const kinds = Object.entries(changes).map(([kind, number]) => `${formatCount(number)} ${kind}`);
				return {level: 'info', message: `${nameOf(libraryId)}: ${kinds.length === 0 ? 'no changes' : kinds.join(', ')}`, fields: {libraryId, changes}};
			}

			case 'removals-held': {
				const {libraryId, title, items, reason} = event;
				return {
					level: 'warn',
					message: `${title.trim()}: ${plural(items, 'removal')} held (${reason})`,
					fields: {libraryId, items, reason},
				};
			}

			case 'items-skipped': {
				const {libraryId, count, reason} = event;
				return {level: 'info', message: `${nameOf(libraryId)}: ${formatCount(count)} skipped. ${reason}`, fields: {libraryId, count, reason}};
			}

			case 'problem': {
				return problemEntry(event.problem, event.failed);
			}

			case 'library-finished': {
				const {title, id, sync, ...facts} = event.result;
				const {expected, imported, unchanged, failed, skipped, durationMs, complete} = facts;
				return {
					level: complete ? 'info' : 'warn',
					message: `${title.trim()}: ${equation(facts)} in ${durationMs} ms${complete ? '' : ', incomplete'}${sync === undefined ? '' : sync.notes.map(note => ` ${note}`).join('')}`,
					fields: {
						libraryId: id, expected, imported, unchanged, failed, skipped, durationMs, complete, ...sync,
					},
				};
			}

			case 'run-finished': {
				const {ok, cancelled, errors, requests, bytes, durationMs, runId} = event.result;
				const outcome = cancelled ? 'Cancelled' : (ok ? 'Done' : `Ended with ${plural(errors.length, 'problem')}`);
				return {
					level: ok ? 'info' : 'warn',
					message: `${outcome}: ${durationMs} ms, ${plural(requests, 'request')}, ${formatBytes(bytes)}`,
					fields: {
						runId, ok, cancelled, problems: errors.length, requests, bytes, durationMs,
					},
				};
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
