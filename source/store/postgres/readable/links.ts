import {sql, type Kysely} from 'kysely';
import type {SizeOf} from '../../../catalog/item.js';
import type {CatalogRecord, Item} from '../../../catalog/types.js';
import {inPieces} from '../pieces.js';
import type {Tables} from '../table-types.js';
import {idIn, idsIn, objectsIn} from './shape.js';

/**
The tables that others refer to.
*/
export type LinkTarget = 'items' | 'people' | 'tags' | 'files' | 'libraries' | 'servers';

type Reference = readonly [target: LinkTarget, id: string | undefined];

const to = (target: LinkTarget) => (id: string): Reference => [target, id];

export const tagIdsOf = ({genres, countries, studios, collections, labels}: Item): string[] => [genres, countries, studios, collections, labels].flatMap(ids => idsIn(ids));

/**
Everybody in an item, by what they do there.
*/
export const creditsOf = ({directors, writers, producers, cast}: Item): Array<{role: string; personId: string; characterName?: unknown}> => [
	...idsIn(directors).map(personId => ({role: 'director', personId})),
	...idsIn(writers).map(personId => ({role: 'writer', personId})),
	...idsIn(producers).map(personId => ({role: 'producer', personId})),
	...objectsIn(cast).flatMap(({personId, role}) => idsIn([personId]).map(id => ({role: 'actor', personId: id, characterName: role}))),
];

const referencesOfItem = (item: Item): Reference[] => [
	['servers', idIn(item.serverId)],
	['libraries', idIn(item.libraryId)],
	['items', idIn(item.showId)],
	['items', idIn(item.seasonId)],
	...creditsOf(item).map(({personId}) => to('people')(personId)),
	...tagIdsOf(item).map(to('tags')),
	...objectsIn(item.versions).flatMap(({parts}) => idsIn(objectsIn(parts).map(({fileId}) => fileId)).map(to('files'))),
];

const referencesOf = (record: CatalogRecord): Reference[] => {
	if (record.kind === 'item') {
		return referencesOfItem(record);
	}

	if (record.kind === 'file') {
		return [['servers', idIn(record.serverId)]];
	}

	if (record.kind === 'collection' || record.kind === 'playlist') {
		const library: Reference = ['libraries', record.kind === 'collection' ? idIn(record.libraryId) : undefined];
		return [['servers', idIn(record.serverId)], library, ...idsIn(record.items).map(id => to('items')(id))];
	}

	return [];
};

const targetOf: Partial<Record<string, LinkTarget>> = {
	item: 'items', person: 'people', tag: 'tags', file: 'files',
};

/**
Which references of some records lead to something.
*/
export type Links = {
	/**
	The id, if there is such a row; otherwise it is noted that it is missing.
	*/
	to: (target: LinkTarget, id: unknown, from: string) => string | undefined;
	sizeOf: SizeOf;
	missing: () => Array<{record_id: string; missing_id: string}>;
};

// The index of missing references has no room for longer ones, and no id is as long.
const longestId = 500;

/**
Finds out for all references of some records at once where they lead: to one another, or to rows that are there already.
*/
export const findLinks = async (db: Kysely<Tables>, puts: readonly CatalogRecord[]): Promise<Links> => {
	const [there, wanted] = [createSets(), createSets()];
	const sizes = new Map<string, number | undefined>();
	for (const record of puts) {
		const target = targetOf[record.kind];
		if (target !== undefined) {
			there[target].add(record.id);
		}

		if (record.kind === 'file') {
			sizes.set(record.id, record.sizeBytes);
		}
	}

	for (const [target, id] of puts.values().flatMap(record => referencesOf(record))) {
		if (id !== undefined && !there[target].has(id)) {
			wanted[target].add(id);
		}
	}

	const targets = Object.entries(wanted).map(([target, ids]) => ({target, pieces: inPieces(ids).toArray()}));
	for (let place = 0; ; place++) {
		const parts = targets.filter(({pieces}) => place < pieces.length).map(({target, pieces}) => sql`
			SELECT ${target}::text AS target, id, ${target === 'files' ? sql.ref('size_bytes') : sql`NULL::bigint`} AS size FROM ${sql.table(target)} WHERE id = ANY(${pieces[place]}::text[])
		`);
		if (parts.length === 0) {
			break;
		}

		const {rows} = await sql<{target: LinkTarget; id: string; size: number | undefined}>`${sql.join(parts, sql` UNION ALL `)}`.execute(db);
		for (const {target, id, size} of rows) {
			there[target].add(id);
			if (target === 'files') {
				sizes.set(id, size ?? undefined);
			}
		}
	}

	const missing = new Map<string, {record_id: string; missing_id: string}>();
	return {
		to(target, value, from) {
			const id = idIn(value);
			if (id === undefined || there[target].has(id)) {
				return id;
			}

			if (id.length <= longestId) {
				missing.set(JSON.stringify([from, id]), {record_id: from, missing_id: id});
			}

			return undefined;
		},
		sizeOf(id) {
			const size = sizes.get(id);
			return Number.isSafeInteger(size) ? size : undefined;
		},
		missing: () => missing.values().toArray(),
	};
};

const createSets = (): Record<LinkTarget, Set<string>> => ({
	items: new Set(), people: new Set(), tags: new Set(), files: new Set(), libraries: new Set(), servers: new Set(),
});
