import {heldSince} from '../catalog/library.js';
import type {Item, MediaFile, Tombstone} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import {storedTombstones} from '../history/lost-items.js';
import {createProblemList} from './check-catalog.js';
import {
	createHistoryTrail,
	valueDigest,
	withoutRemarks,
	type HistoryTrail,
	type Last,
} from './history-trail.js';

type HistoryReport = {
	events: number;
	tombstones: number;
	held: number;
	problems: string[];
};

/**
Check each event of the history by itself, and the history against the catalogue: the newest event of each field must agree with the stored value, and the newest arrival or removal of an item with whether it is there.
*/
export const checkHistory = async (store: CatalogStore): Promise<HistoryReport> => {
	const {report, all} = createProblemList();
	const trail = createHistoryTrail();
	const events = await followHistory(store, trail, report);
	const stored = await storedTombstones(store);
	const tombstones = new Map(stored.map(tombstone => [tombstone.itemId, tombstone]));
	const held = await compareItems(store, trail, tombstones, report);
	compareTombstones(trail.lasts, tombstones, report);
	return {
		events, tombstones: tombstones.size, held, problems: all(),
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
		if (!(error instanceof AppError)) {
			throw error;
		}

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
@returns the number of held items.
*/
const compareItems = async (store: CatalogStore, trail: HistoryTrail, tombstones: Tombstones, report: Report): Promise<number> => {
	const stored = new Set<string>();
	const missing = new Map<string, number>();
	const {libraries} = store.header();
	let held = 0;
	const compare = async (item: Item) => {
		stored.add(item.id);
		if (item.missingSince !== undefined) {
			missing.set(item.libraryId, (missing.get(item.libraryId) ?? 0) + 1);
		}

		held += heldSince(item, libraries) === undefined ? 0 : 1;
		const problems = [
			...(tombstones.has(item.id) ? ['it is in the catalogue and has a tombstone.'] : []),
			...fieldProblems(item, trail.lasts.get(item.id)),
			...await fileProblems(store, item, trail.files),
		];
		for (const problem of problems) {
			report(`${item.id}: ${problem}`);
		}
	};

	for await (const items of storedItems(store)) {
		for (const item of items) {
			await compare(item);
		}
	}

	for (const [id, {isThere}] of trail.lasts) {
		if (isThere && !stored.has(id)) {
			report(`${id}: the history says that it is there, but the catalogue does not have it.`);
		}
	}

	for (const {id, title, sync} of libraries) {
		if (missing.has(id) && sync?.held === undefined) {
			report(`${title}: ${missing.get(id)} items are marked as missing, but nothing is said to be held, so nobody can accept it.`);
		}
	}

	return held;
};

const fieldProblems = (item: Item, last: Last | undefined): string[] => {
	if (last?.isThere === false) {
		return ['the history says that it was removed, but the catalogue has it.'];
	}

	const fields: Readonly<Record<string, unknown>> = item;
	return [...last?.fields ?? []]
		.filter(([name, value]) => valueDigest(fields[name]) !== value)
		.map(([name]) => `${name} is not what the history says.`);
};

const fileProblems = async (store: CatalogStore, {versions}: Item, files: HistoryTrail['files']): Promise<string[]> => {
	const told = versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)).filter(id => files.has(id));
	const records = told.length === 0 ? [] : await store.getMany(told);
	return records
		.filter((record): record is MediaFile => record.kind === 'file' && valueDigest(record) !== files.get(record.id))
		.map(({id}) => `its file ${id} is not what the history says.`);
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
Whether the tombstone contradicts the last removal in the history. It may be newer: the summary of an old month leaves out items that came and went within the month.
*/
const isContradicted = ({item, removedAt}: Pick<Tombstone, 'item' | 'removedAt'>, removed: NonNullable<Last['removed']>) =>
	removedAt < removed.at || (removedAt === removed.at && valueDigest(withoutRemarks(item)) !== removed.digest);
