import {hash} from 'node:crypto';
import {requireAppError} from '../base/errors.js';
import {storedItems, type CatalogStore, type CheckReport} from '../catalog/catalog-store.js';
import {
	historyEventSchema,
	isArrival,
	isRemoval,
	type FieldsEvent,
	type HistoryEvent,
	type ItemEvent,
} from '../catalog/history.js';
import {heldSince} from '../catalog/library.js';
import type {Item, Tombstone} from '../catalog/types.js';
import {storedTombstones} from '../history/lost-items.js';
import {changedFiles} from '../history/replay.js';
import {createProblemList} from './check-catalog.js';
import {canonicalJson} from './record-line.js';

type HistoryReport = {
	/**
	What is wrong with the records themselves.
	*/
	catalog: CheckReport;
	events: number;
	tombstones: number;
	held: number;
	problems: string[];
};

/**
Checks the catalogue, each event of the history, and the history against the catalogue: the newest event of each field must agree with the stored value, and the newest arrival or removal of an item with whether it is stored.
*/
export const checkHistory = async (store: CatalogStore): Promise<HistoryReport> => {
	const {report, all} = createProblemList();
	const trail = createHistoryTrail();
	const events = await followHistory(store, trail, report);
	const stored = await storedTombstones(store);
	const tombstones = new Map(stored.map(tombstone => [tombstone.itemId, tombstone]));
	const {held, catalog} = await compareItems(store, trail, tombstones, report);
	compareTombstones(trail.lasts, tombstones, report);
	return {
		catalog, events, tombstones: tombstones.size, held, problems: all(),
	};
};

type Report = (problem: string) => void;

const followHistory = async (store: CatalogStore, trail: HistoryTrail, report: Report): Promise<number> => {
	let events = 0;
	try {
		for await (const batch of store.history()) {
			for (const event of batch) {
				events++;
				for (const problem of trail.take(event)) {
					report(`History event ${events} (${event.kind}, ${event.at}): ${problem}`);
				}
			}
		}
	} catch (error) {
		requireAppError(error);

		report(`The history cannot be read beyond event ${events}. ${error.message}`);
	}

	const {revision} = store.header();
	if (trail.revision() > revision) {
		report(`The history goes up to revision ${trail.revision()}, the catalogue only to ${revision}.`);
	}

	return events;
};

type Tombstones = ReadonlyMap<string, Tombstone>;

/**
Compares what is stored with the trail while the catalogue is checked, because to read all records takes most of the time.

@returns the number of held items, and what the check found
*/
const compareItems = async (store: CatalogStore, trail: HistoryTrail, tombstones: Tombstones, report: Report) => {
	// Of those that the history tells of.
	const stored = new Set<string>();
	const missing = new Map<string, number>();
	const wrongFiles = new Set<string>();
	const broken = new Set<string>();
	const {libraries} = store.header();
	let held = 0;
	const compare = (item: Item) => {
		if (item.missingSince !== undefined) {
			missing.set(item.libraryId, (missing.get(item.libraryId) ?? 0) + 1);
		}

		held += heldSince(item, libraries) === undefined ? 0 : 1;
		const problems = [
			...(tombstones.has(item.id) ? ['it is in the catalogue and has a tombstone.'] : []),
			...fieldProblems(item, trail.lasts.get(item.id)),
		];
		for (const problem of problems) {
			report(`${item.id}: ${problem}`);
		}
	};

	const isLibraryGone = libraries.some(({sync}) => sync?.held?.reason === 'library-gone');
	const catalog = await store.check(({id, kind, isMissing, isInOrder, read}) => {
		if (kind === 'item') {
			const isTold = trail.lasts.has(id);
			if (isTold) {
				stored.add(id);
			}

			if (!isInOrder) {
				broken.add(id);
			} else if (isTold || isMissing || isLibraryGone || tombstones.has(id)) {
				// Nothing can be wrong with the others, and only these may be held.
				compare(read() as Item);
			}
		} else if (kind === 'file' && trail.files.has(id) && valueDigest(read()) !== trail.files.get(id)) {
			wrongFiles.add(id);
		}
	});
	await tellWrongFiles(store, {wrongFiles, broken}, report);
	for (const [id, {isThere}] of trail.lasts) {
		if (isThere && !stored.has(id)) {
			report(`${id}: the history says that it is there, but the catalogue does not have it.`);
		}
	}

	for (const {id, title, sync} of libraries) {
		if (missing.has(id) && sync?.held === undefined) {
			report(`${title}: ${missing.get(id)} items are marked as missing, but the library holds no removals, so they cannot be accepted.`);
		}
	}

	return {held, catalog};
};

const fieldProblems = (item: Item, last: Last | undefined): string[] => {
	if (last?.isThere === false) {
		return ['the history says that it was removed, but the catalogue has it.'];
	}

	return [...last?.fields ?? []]
		.filter(([name, value]) => valueDigest(item[name as keyof Item]) !== value)
		.map(([name]) => `${name} is not what the history says.`);
};

const tellWrongFiles = async (store: CatalogStore, {wrongFiles, broken}: Record<'wrongFiles' | 'broken', ReadonlySet<string>>, report: Report) => {
	if (wrongFiles.size === 0) {
		return;
	}

	for await (const items of storedItems(store)) {
		for (const {id, versions} of items) {
			for (const {fileId} of broken.has(id) ? [] : versions.flatMap(({parts}) => parts)) {
				if (wrongFiles.has(fileId)) {
					report(`${id}: its file ${fileId} is not what the history says.`);
				}
			}
		}
	}
};

const compareTombstones = (lasts: HistoryTrail['lasts'], tombstones: Tombstones, report: Report) => {
	for (const [itemId, {item, removedAt}] of tombstones) {
		const last = lasts.get(itemId);
		if (last?.isThere === true) {
			report(`${itemId}: it has a tombstone, but the history says that it is there.`);
		} else if (last?.removed !== undefined && isContradicted({item, removedAt}, last.removed)) {
			report(`${itemId}: its tombstone is not what the history says.`);
		}
	}

	for (const [itemId, {isThere}] of lasts) {
		if (!isThere && !tombstones.has(itemId)) {
			report(`${itemId}: the history says that it was removed, but it has no tombstone.`);
		}
	}
};

/**
Whether the tombstone contradicts the last removal in the history. It may be newer, because the summary of an old month leaves out items that came and went within the month.
*/
export const isContradicted = ({item, removedAt}: Pick<Tombstone, 'item' | 'removedAt'>, removed: NonNullable<Last['removed']>) =>
	removedAt < removed.at || (removedAt === removed.at && valueDigest(withoutRemarks(item)) !== removed.digest);

/**
The latest state of an item according to the history.
*/
type Last = {
	isThere: boolean;
	/**
	When the item was removed, and a digest of its last state.
	*/
	removed: {at: string; digest: string} | undefined;
	/**
	Digests, because the values would take as much memory as the catalogue.
	*/
	fields: ReadonlyMap<string, string>;
};

export const valueDigest = (value: unknown): string => hash('sha1', canonicalJson(value ?? null), 'base64');

/**
Without reelcat's own remarks, which change without an event.
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

			// In a summed-up month the order is lost, and another item may say something older about the same file: do not compare it.
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

		if (isArrival(event)) {
			return last?.isThere === true ? [`${event.itemId} was added although it was already there.`] : [];
		}

		return last?.isThere === false ? [`${event.itemId} was changed or removed although it was already gone.`] : [];
	};

	return {
		/**
		@returns the problems of the event, in sentences
		*/
		take(event: HistoryEvent): string[] {
			const parsed = historyEventSchema().safeParse(event);
			if (!parsed.success) {
				return [parsed.error.issues.map(({path, message}) => `${path.join('.')} ${message}`).join('; ')];
			}

			const problems = event.revision < revision ? [`Its revision ${event.revision} is older than ${revision} before it.`] : [];
			revision = Math.max(revision, event.revision);
			return 'itemId' in event ? [...problems, ...takeItem(event)] : problems;
		},
		lasts: lasts as ReadonlyMap<string, Last>,
		files: files as ReadonlyMap<string, string>,
		revision: () => revision,
	};
};

export type HistoryTrail = ReturnType<typeof createHistoryTrail>;

const nextLast = (last: Last | undefined, event: ItemEvent): Last => {
	if ('after' in event) {
		return {isThere: true, removed: undefined, fields: withFields(last?.fields, event)};
	}

	return isRemoval(event)
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
