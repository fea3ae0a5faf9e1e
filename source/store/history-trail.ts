import {hash} from 'node:crypto';
import {
	historyEventSchema,
	type FieldsEvent,
	type HistoryEvent,
	type ItemEvent,
} from '../catalog/history.js';
import {changedFiles} from '../history/replay.js';
import type {Item} from '../catalog/types.js';
import {canonicalJson} from './record-line.js';

/**
The latest that the history says about an item.
*/
export type Last = {
	isThere: boolean;
	/**
	When the item was removed, and a digest of what it was then.
	*/
	removed: {at: string; digest: string} | undefined;
	/**
	Digests of the values of fields; the values themselves would take as much memory as the catalogue.
	*/
	fields: ReadonlyMap<string, string>;
};

export const valueDigest = (value: unknown): string => hash('sha1', canonicalJson(value ?? null), 'base64');

/**
An item without reelcat's own remarks, which change without an event.
*/
export const withoutRemarks = ({fingerprints: _, missingSince: __, ...item}: Item): Partial<Item> => item;

const notCompared: ReadonlySet<string> = new Set(['fingerprints', 'missingSince', 'files']);

/**
Takes the events of a history, oldest first, and keeps the latest state of each item.
*/
export const createHistoryTrail = () => {
	const lasts = new Map<string, Last>();
	// Digests of file records by id.
	const files = new Map<string, string>();
	const summedUp = new Map<string, string>();
	let revision = 0;

	const takeFiles = ({at, merged, after}: FieldsEvent) => {
		const month = at.slice(0, 7);
		for (const file of changedFiles(after['files'])) {
			if (merged !== undefined) {
				summedUp.set(file.id, month);
			}

			// Within a summed-up month the order is lost: another item may say something older about the same file, so do not compare it.
			if (summedUp.get(file.id) === month) {
				files.delete(file.id);
			} else {
				files.set(file.id, valueDigest(file));
			}
		}
	};

	const takeItem = (event: ItemEvent): string[] => {
		const last = lasts.get(event.itemId);
		lasts.set(event.itemId, nextLast(last, event));
		if ('after' in event) {
			takeFiles(event);
		}

		const isArrival = event.kind === 'added' || event.kind === 'restored';
		if (isArrival) {
			return last?.isThere === true ? [`${event.itemId} came, but had not gone.`] : [];
		}

		return last?.isThere === false ? [`${event.itemId} had gone before.`] : [];
	};

	return {
		/**
		@returns the problems of the event, in sentences.
		*/
		take(event: HistoryEvent): string[] {
			const parsed = historyEventSchema.safeParse(event);
			if (!parsed.success) {
				return [parsed.error.issues.map(({path, message}) => `${path.join('.')} ${message}`).join('; ')];
			}

			const isOlder = event.revision < revision;
			const problems = isOlder ? [`Its revision ${event.revision} is older than ${revision} before it.`] : [];
			revision = Math.max(revision, event.revision);
			return 'itemId' in event ? [...problems, ...takeItem(event)] : problems;
		},
		lasts: lasts as ReadonlyMap<string, Last>,
		files: files as ReadonlyMap<string, string>,
		/**
		The highest one so far.
		*/
		revision: () => revision,
	};
};

export type HistoryTrail = ReturnType<typeof createHistoryTrail>;

const nextLast = (last: Last | undefined, event: ItemEvent): Last => {
	if ('after' in event) {
		return {isThere: true, removed: undefined, fields: withFields(last?.fields, event)};
	}

	return event.kind === 'removed'
		? {isThere: false, removed: {at: event.at, digest: valueDigest(withoutRemarks(event.before.item))}, fields: new Map()}
		: {isThere: true, removed: undefined, fields: new Map()};
};

const withFields = (known: Last['fields'] | undefined, {after}: FieldsEvent): Last['fields'] => {
	const fields = new Map(known);
	for (const [name, value] of Object.entries(after)) {
		if (!notCompared.has(name)) {
			fields.set(name, valueDigest(value));
		}
	}

	return fields;
};
