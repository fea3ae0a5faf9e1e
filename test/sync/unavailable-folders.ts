import test from 'ava';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {readKnowledge} from '../../source/sync/knowledge.js';
import {findUnavailableFolders} from '../../source/sync/unavailable-folders.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {commit} from '../commands/_past.js';
import {mediaFile, version} from '../helpers/events.js';
import {makeItem, makeLibrary} from '../query/_items.js';

const trashed = {trashedAt: '2026-03-01T10:00:00Z'};

const film = (id: string, folder: string, {isWithoutFile = false, ...fields}: Partial<Item> & {isWithoutFile?: boolean} = {}): CatalogRecord[] => [
	mediaFile(`f${id}`, `${folder}/${id}.mkv`, 1),
	makeItem(`i${id}`, {versions: [{...version('1080', `f${id}`), parts: [{fileId: `f${id}`, ...isWithoutFile && {unavailable: true}}]}], ...fields}),
];

const locations = ['/srv/films', '/mnt/usb/', '/srv/films/4k'];

const find = async (...records: CatalogRecord[][]) => {
	const store = createMemoryStore();
	await store.load();
	await commit(store, {libraries: [{...makeLibrary('films', 'Films'), locations}], put: records.flat()});
	return findUnavailableFolders(store, readKnowledge(store), {id: 'films', locations});
};

test('a folder is unavailable when more than one item of it is in the trash or without its file, and nothing else is there', async t => {
	const others = [...film('1', '/srv/films'), ...film('2', '/srv/films')];
	t.deepEqual(await find(others), []);
	t.deepEqual(await find(others, film('3', '/mnt/usb', trashed), film('4', '/mnt/usb', {isWithoutFile: true})), ['/mnt/usb/']);
	t.deepEqual(await find(others, film('3', '/mnt/usb', trashed)), []);
	t.deepEqual(await find(others, film('3', '/mnt/usb', trashed), film('4', '/mnt/usb', trashed), film('5', '/mnt/usb')), []);
});

test('a copy that is not there says nothing of its folder', async t => {
	const withCopy = [mediaFile('f9', '/mnt/usb/Plex Versions/9.mp4', 1), makeItem('i9', {versions: [version('1080', 'f1'), {...version('720', 'f9'), optimized: true, parts: [{fileId: 'f9', unavailable: true}]}]})];
	const gone = [...film('3', '/mnt/usb', trashed), ...film('4', '/mnt/usb', trashed)];
	t.deepEqual(await find(film('1', '/srv/films'), withCopy), []);
	t.deepEqual(await find(film('1', '/srv/films'), withCopy, gone), ['/mnt/usb/']);
});

test('items are read only where something is unavailable, and no longer than until the folder has something available', async t => {
	const store = createMemoryStore();
	await store.load();
	const put = Array.from({length: 1000}, (_, index) => film(`a${index}`, '/srv/films')).flat();
	await commit(store, {libraries: [{...makeLibrary('films', 'Films'), locations}], put});
	let pages = 0;
	const counted: CatalogStore = {
		...store,
		async page(query) {
			pages++;
			return store.page(query);
		},
	};
	const knowledge = readKnowledge(store);
	const library = {id: 'films', locations};
	t.deepEqual(await findUnavailableFolders(counted, knowledge, library), []);
	t.is(pages, 0);
	await commit(store, {put: [...film('a0', '/srv/films', trashed), ...film('a1', '/srv/films', trashed)]});
	t.deepEqual(await findUnavailableFolders(counted, knowledge, library), []);
	t.is(pages, 1);
});

test('a folder inside another one is judged apart, and what is missing shows nothing', async t => {
	const nested = [...film('1', '/srv/films'), ...film('2', '/srv/films/4k', trashed), ...film('3', '/srv/films/4k', trashed)];
	t.deepEqual(await find(nested), ['/srv/films/4k']);
	t.deepEqual(await find(nested, film('4', '/srv/films/4k', {missingSince: '2026-03-01T10:00:00Z'})), ['/srv/films/4k']);
});
