import {Buffer} from 'node:buffer';
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {emptyFields} from '../../source/catalog/item.js';
import type {
	CatalogRecord,
	Collection,
	Item,
	Library,
	MediaFile,
	Person,
	Playlist,
	Server,
	Tag,
} from '../../source/catalog/types.js';
import {recordLine} from '../../source/store/record-line.js';
import type {RecordTable} from '../../source/store/record-table.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';

export const server: Server = {id: 'srv', name: 'Cellar'};

export const library = (id = 'lib'): Library => ({
	id,
	serverId: 'srv',
	key: '1',
	title: `Library ${id}`,
	type: 'movie',
	locations: ['/films'],
	counts: {
		movie: 0, show: 0, season: 0, episode: 0,
	},
});

export const item = (id: string, fields: Partial<Item> = {}): Item => ({
	id,
	kind: 'item',
	type: 'movie',
	serverId: 'srv',
	libraryId: 'lib',
	ratingKey: id.slice(1),
	title: `Title of ${id}`,
	...emptyFields(),
	...fields,
});

export const person = (id: string): Person => ({id, kind: 'person', name: `Name of ${id}`});
export const tag = (id: string): Tag => ({
	id, kind: 'tag', tagKind: 'genre', name: `Tag ${id}`,
});
export const file = (id: string): MediaFile => ({
	id, kind: 'file', serverId: 'srv', path: `/films/${id}.mkv`,
});

const listFields = {
	serverId: 'srv', title: 'Noir', firstSeenAt: '2026-01-01T00:00:00Z', lastSeenAt: '2026-01-01T00:00:00Z',
};

export const collection = (id: string, items: string[], fields: Partial<Collection> = {}): Collection => ({
	id, kind: 'collection', libraryId: 'lib', ratingKey: id.slice(1), ...listFields, items, ...fields,
});

export const playlist = (id: string, items: string[]): Playlist => ({
	id, kind: 'playlist', ratingKey: id.slice(1), ...listFields, items,
});

export const lineOf = (record: CatalogRecord) => Buffer.from(recordLine(record));

export const textsOf = (table: RecordTable): string[] => table.lines().map(String).toArray();

/**
One commit that puts records, and the library and server they belong to.
*/
export const put = async (store: CatalogStore, ...records: CatalogRecord[]) => {
	const transaction = await store.begin();
	await transaction.putServer(server);
	await transaction.putLibrary(library());
	await transaction.upsert(records);
	return transaction.commit();
};

export const idsOf = async (store: CatalogStore): Promise<string[]> => {
	const {records} = await store.page({limit: 1_000_000});
	return records.map(({id}) => id).toSorted();
};

// A disk that takes 10 ms for each sync would make these tests very slow, and they need not prove what a sync does.
const inMemory = '/dev/shm';

/**
A folder that is removed when the test ends.
*/
export const temporaryFolder = async (t: Pick<ExecutionContext, 'teardown'>): Promise<string> => {
	const folder = await mkdtemp(path.join(existsSync(inMemory) ? inMemory : tmpdir(), 'reelcat-store-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	return folder;
};
