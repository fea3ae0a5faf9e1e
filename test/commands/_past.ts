import type {HistoryEvent} from '../../source/catalog/history.js';
import type {
	CatalogRecord,
	Item,
	Library,
	Run,
	Tombstone,
} from '../../source/catalog/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {
	added,
	baseline,
	changed,
	gap,
	mediaFile,
	removed,
	version,
} from '../helpers/events.js';
import {makeItem, makeLibrary} from '../query/_items.js';

/**
A commit with records, removals and history.
*/
export const commit = async (
	store: CatalogStore,
	{libraries = [], put = [], remove = [], events = []}: {libraries?: Library[]; put?: CatalogRecord[]; remove?: string[]; events?: HistoryEvent[]},
) => {
	const transaction = await store.begin();
	await transaction.putServer({id: 'server', name: 'Attic'});
	for (const library of libraries) {
		await transaction.putLibrary(library);
	}

	await transaction.upsert(put);
	await transaction.remove(remove);
	await transaction.record(events);
	await transaction.commit();
};

export const run = (id: string, startedAt: string): Run => ({
	id,
	kind: 'run',
	command: 'sync',
	status: 'done',
	startedAt,
	durationMs: 1000,
	requests: 1,
	receivedBytes: 1,
	libraries: [],
	problems: [],
	problemCount: 0,
});

export const tombstone = (item: Item, {at, files = []}: {at: string; files?: Tombstone['files']}): Tombstone => ({
	id: `x${item.id}`,
	kind: 'tombstone',
	itemId: item.id,
	serverId: 'server',
	libraryId: item.libraryId,
	removedAt: at,
	runId: 'run2',
	reason: 'gone',
	item,
	files,
});

export const alien = makeItem('alien', {
	title: 'Alien', year: 1979, versions: [version('4k', 'f4k')], viewState: {viewCount: 1},
});
export const brazil = makeItem('brazil', {
	title: 'Brazil', year: 1985, ids: {imdb: ['tt0088846'], tmdb: ['68'], tvdb: []}, versions: [version('1080', 'fb')],
});
export const cube = makeItem('cube', {title: 'Cube', year: 1997, versions: [version('720', 'fc')]});

const files = {
	small: mediaFile('f1080', '/films/alien.mkv', 4_200_000_000),
	large: mediaFile('f4k', '/films/alien-4k.mkv', 40_000_000_000),
	brazil: mediaFile('fb', '/films/brazil.mkv', 8_000_000_000),
	cube: mediaFile('fc', '/films/cube.mkv', 2_000_000_000),
};

/**
A small past: films imported on 1 May 2024 with Alien and Brazil; on 3 May Cube came, Alien was upgraded; on 5 May Alien was watched and Brazil went. The shows have no history yet.
*/
export const pastStore = async (store: CatalogStore = createMemoryStore()): Promise<CatalogStore> => {
	await store.load();
	await commit(store, {
		libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')],
		put: [...Object.values(files), alien, brazil],
		events: [baseline('films', '2024-05-01T10:00:00Z')],
	});
	const third = {at: '2024-05-03T10:00:00Z', runId: 'run1'};
	await commit(store, {
		put: [cube, run('run1-first', '2024-05-03T09:59:00Z')],
		events: [
			gap('films', '2024-05-01T10:00:00Z', '2024-05-03T10:00:00Z'),
			added('cube', {...third, title: 'Cube'}),
			changed('upgraded', 'alien', [
				{versions: [version('1080', 'f1080')], files: []}, {versions: alien.versions, files: [files.large]},
			], {...third, title: 'Alien'}),
		],
	});
	const fifth = {at: '2024-05-05T10:00:00Z', runId: 'run2-second', title: 'Alien'};
	await commit(store, {
		put: [tombstone(brazil, {at: '2024-05-05T10:00:00Z', files: [files.brazil]}), run('run2-second', '2024-05-05T09:59:00Z')],
		remove: ['brazil'],
		events: [
			changed('watched', 'alien', [{viewState: null}, {viewState: {viewCount: 1}}], fifth),
			removed(brazil, [files.brazil], {at: '2024-05-05T10:00:00Z', runId: 'run2-second'}),
		],
	});
	return store;
};
