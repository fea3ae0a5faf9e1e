import {defined, instantOf} from '../catalog/values.js';
import type {Snapshot} from '../history/diff.js';
import {fileIdsOf} from '../catalog/item.js';
import {wrongParents} from '../catalog/parentage.js';
import type {
	Item,
	ItemType,
	MediaFile,
	RemovalReason,
	SyncState,
} from '../catalog/types.js';
import {storedItems} from '../catalog/catalog-store.js';
import type {KnownItem, KnownLibrary} from './known-library.js';
import {likeness} from './likeness.js';
import type {PreparedWork} from './library-work.js';
import {batchSize, fetchAllDetails, sectionKeyOf} from './listing.js';
import {
	byRemovalOrder,
	createRemovalJudge,
	seerOf,
	type Removable,
	type Verdict,
} from './removals.js';
import type {Stage} from './stage.js';

type DeparturesOptions = PreparedWork & {stage: Stage};

export type Departed = {held: SyncState['held']; notes: string[]};

/**
Stages the removal of what a complete listing no longer has. Each item is confirmed by a detail call; if it looks like a lost disk, all are held.

`missing` was not listed, by ratingKey; `ids` belong to items whose key belongs to something else now.
*/
export const stageDepartures = async (
	options: DeparturesOptions,
	{missing, ids}: {missing: ReadonlyMap<string, KnownItem>; ids: readonly string[]},
): Promise<Departed> => {
	const {stage, library, viewer, now} = options;
	const at = instantOf(now);
	const {gone, notes} = await confirm(options, missing);
	for (const id of ids) {
		gone.set(id, 'gone');
	}

	const leaving = await keepParents(options, gone);
	if (gone.size === 0) {
		return {held: undefined, notes};
	}

	const seer = seerOf(library.sync);
	const verdict: Verdict = seer === undefined || viewer === undefined || seer === viewer ? await judge(options, gone, leaving) : {isHeld: true, reason: 'viewer'};
	if (verdict.isHeld) {
		for (const id of gone.keys()) {
			const item = await stage.item(id);
			if (item !== undefined && item.missingSince === undefined) {
				stage.mark(item, at);
			}
		}

		return {held: {since: library.sync?.held?.since ?? at, items: gone.size, reason: verdict.reason}, notes};
	}

	for (const snapshot of await inRemovalOrder(stage, gone.keys())) {
		await stage.remove(snapshot, gone.get(snapshot.item.id)!);
	}

	return {held: undefined, notes};
};

/**
Items that a detail call leaves out are gone, or hidden from this token. Items that it answers for were moved, or only left out of the list ([MNT] plexApi.ts).

Asks for one batch at a time, because the rows of a whole library take gigabytes.
*/
const confirm = async (options: DeparturesOptions, missing: ReadonlyMap<string, KnownItem>) => {
	const gone = new Map<string, RemovalReason>();
	const keys = missing.keys().toArray();
	let unsure = 0;
	for (let start = 0; start < keys.length; start += batchSize) {
		const batch = keys.slice(start, start + batchSize);
		const {rows, lost} = await fetchAllDetails(options.plex, batch, options.signal);
		for (const ratingKey of batch) {
			const known = missing.get(ratingKey)!;
			const fate = lost.has(ratingKey) ? 'unsure' : await fateOf(options, known, rows.get(ratingKey));
			if (fate === 'unsure') {
				unsure++;
			} else if (fate !== 'stays') {
				gone.set(known.id, fate);
			}
		}
	}

	return {gone, notes: unsure > 0 ? [`${unsure} items were not listed, but the server still has them; they are kept.`] : []};
};

const fateOf = async (options: DeparturesOptions, {id, fingerprints}: KnownItem, row: unknown): Promise<RemovalReason | 'unsure' | 'stays'> => {
	const {normalize, stage, library, store, now} = options;
	if (row === undefined) {
		return 'gone';
	}

	const key = sectionKeyOf(row);
	if (key === undefined || key === library.key) {
		if (fingerprints !== undefined) {
			return 'unsure';
		}

		// Without a fingerprint it was never listed: it is a parent that was asked for by its key. No list will tell of its changes.
		await readAgain(options, id, row);
		return 'stays';
	}

	const other = store.header().libraries.find(({serverId, sync, ...rest}) => sync !== undefined && rest.key === key && serverId === library.serverId);
	const fresh = other && normalize(row, {serverId: library.serverId, libraryId: other.id, now});
	const item = await stage.item(id);
	if (item === undefined || fresh?.ok !== true) {
		return 'left-library';
	}

	if (likeness(item, fresh.value.item) === 'other') {
		// Its ratingKey belongs to something else now, which comes as an item of its own.
		return 'gone';
	}

	fresh.value.item.id = id;
	const parents = new Map<string, Item | undefined>();
	for (const parentId of [fresh.value.item.showId, fresh.value.item.seasonId]) {
		parents.set(parentId ?? '', await stage.item(parentId ?? ''));
	}

	// Its new library finds it a parent.
	if (wrongParents(fresh.value.item, parentId => parents.get(parentId)).length > 0) {
		return 'left-library';
	}

	await stage.change(await stage.snapshot(item), fresh.value, {fingerprints: undefined, reason: 'moved to another library'});
	return 'stays';
};

const readAgain = async ({normalize, stage, library, now}: DeparturesOptions, id: string, row: unknown): Promise<void> => {
	const item = await stage.item(id);
	const fresh = normalize(row, {serverId: library.serverId, libraryId: library.id, now});
	if (item === undefined || !fresh.ok) {
		return;
	}

	// What lies below it has told its place.
	Object.assign(fresh.value.item, defined({id, showId: item.showId}));
	if (likeness(item, fresh.value.item) !== 'same') {
		return;
	}

	await stage.change(await stage.snapshot(item), fresh.value, {fingerprints: undefined});
};

/**
A show or season stays as long as something below it does; a placeholder goes with the last of its children.

@returns the items that go
*/
const keepParents = async (options: DeparturesOptions, gone: Map<string, RemovalReason>): Promise<Item[]> => {
	const {stage, stored} = options;
	let going = await itemsOf(options, gone.keys());
	for (const type of ['season', 'show'] as const) {
		const placeholders = await placeholdersOf(options, type, going);
		const ids = [...going.filter(item => item.type === type).map(({id}) => id), ...placeholders];
		if (ids.length === 0) {
			continue;
		}

		const parents: Set<string | undefined> = await stored.parentsAmong(ids, [...gone.keys(), ...stage.ids()]);
		for (const item of stage.items()) {
			parents.add(item.seasonId ?? item.showId);
			parents.add(item.showId);
		}

		for (const id of ids) {
			if (parents.has(id)) {
				gone.delete(id);
			} else if (placeholders.has(id)) {
				gone.set(id, 'gone');
			}
		}

		const known = new Set(going.map(({id}) => id));
		going = [...going.filter(({id}) => gone.has(id)), ...await itemsOf(options, placeholders.values().filter(id => gone.has(id) && !known.has(id)))];
	}

	return going;
};

const itemsOf = async ({store}: DeparturesOptions, ids: Iterable<string>): Promise<Item[]> => {
	const records = await store.getMany([...ids], {kind: 'item'});
	return records.filter((record): record is Item => record.kind === 'item');
};

/**
Ids of the placeholders without a ratingKey below which there may be nothing any more. A touch looks only at those that lose something.
*/
const placeholdersOf = async ({store, stage, stored, library, plan}: DeparturesOptions, type: ItemType, going: readonly Item[]): Promise<Set<string>> => {
	if (plan.mode !== 'touch') {
		const known = await stored.whole();
		return new Set(known.unkeyed().filter(item => item.type === type).map(({id}) => id));
	}

	const left = new Set([...stage.leftParents(), ...going.flatMap(({seasonId, showId}) => [seasonId, showId])]);
	const parents = await store.getMany([...left].filter(id => id !== undefined), {kind: 'item'});
	return new Set(parents.filter(record => record.kind === 'item' && record.type === type && record.ratingKey === undefined && record.libraryId === library.id).map(({id}) => id));
};

const judge = async (options: DeparturesOptions, gone: ReadonlyMap<string, unknown>, leaving: readonly Item[]): Promise<Verdict> => {
	const {store, stored, library, limits, plan} = options;
	// Hints tell one by one what a listing tells at once.
	if (plan.mode === 'touch' && library.sync?.held !== undefined) {
		return {isHeld: true, reason: library.sync.held.reason};
	}

	const {see, seeFiles, isHarmless, isSettled, verdict} = createRemovalJudge(library, limits);
	// A placeholder without a key was never on the server: it goes with the last of its children, and those count.
	for (const {item, paths} of await readPaths(options, leaving.filter(({ratingKey}) => ratingKey !== undefined))) {
		see({...item, isGone: true, paths});
	}

	if (isHarmless()) {
		return verdict();
	}

	for (const removable of keptItems(options, await stored.whole(), gone)) {
		see(removable);
	}

	for await (const items of isSettled() ? [] : storedItems(store, {libraryId: library.id})) {
		for (const {paths} of await readPaths(options, items.filter(({id}) => !gone.has(id)))) {
			seeFiles({isGone: false, paths});
		}

		if (isSettled()) {
			break;
		}
	}

	return verdict();
};

/**
What will be in the library, with what came in this run. Their files are in the store only.
*/
function * keptItems({stage, library}: DeparturesOptions, known: KnownLibrary, gone: ReadonlyMap<string, unknown>): Generator<Removable> {
	const showOf = new Map(known.passing().filter(item => item.type === 'season').map(({id, parentId}) => [id, parentId]));
	for (const {id, parentId} of known.unkeyed()) {
		showOf.set(id, parentId);
	}

	for (const {type, parentId, collections} of known.passing([...gone.keys(), ...stage.ids()])) {
		const isInSeason = parentId !== undefined && showOf.has(parentId);
		yield {
			type, isGone: false, collections, showId: isInSeason ? showOf.get(parentId) : parentId, seasonId: isInSeason ? parentId : undefined,
		};
	}

	for (const item of stage.items()) {
		if (item.libraryId === library.id && !gone.has(item.id)) {
			yield {...item, isGone: false};
		}
	}
}

/**
Leaves out what has moved to another key or library, because it is no loss.
*/
const readPaths = async ({store, stage, library}: DeparturesOptions, items: readonly Item[]) => {
	const here = items.filter(({id, libraryId}) => {
		const now = stage.staged(id);
		return libraryId === library.id && (now === undefined || now.item?.libraryId === library.id);
	});
	const files = await store.getMany(here.flatMap(item => fileIdsOf(item)), {kind: 'file'});
	const paths = new Map(files.filter((record): record is MediaFile => record.kind === 'file').map(({id, path}) => [id, path]));
	return here.map(item => ({item, paths: fileIdsOf(item).map(id => paths.get(id)).filter(path => path !== undefined)}));
};

const inRemovalOrder = async (stage: Stage, ids: Iterable<string>): Promise<Snapshot[]> => {
	const snapshots: Snapshot[] = [];
	for (const id of ids) {
		const item = await stage.item(id);
		if (item !== undefined) {
			snapshots.push(await stage.snapshot(item));
		}
	}

	return snapshots.toSorted((left, right) => byRemovalOrder(left.item, right.item));
};
