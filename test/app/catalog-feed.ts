import {rm} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {openCatalogFeed} from '../../source/app/catalog-feed.js';
import type {Session} from '../../source/app/session.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem, makeLibrary} from '../query/_items.js';

// Also the smallest catalogue has its records in the document.
const restBytes = 0;

const film = (number: number, title = `Film ${number}`) => makeItem(`i${number}`, {title});

const commit = async (store: OpenedCatalog, films: ReadonlyArray<ReturnType<typeof film>>) => {
	const transaction = await store.begin();
	await transaction.putServer({id: 'server', name: 'Attic'});
	await transaction.putLibrary(makeLibrary('films', 'Films'));
	await transaction.upsert(films);
	await transaction.commit();
};

type Changed = (reader: OpenedCatalog) => Partial<OpenedCatalog>;

/**
The catalogue of an app that only reads beside a writer, with some methods of its store changed, and the writer. Nothing was kept of it before.
*/
const besideWriter = async (t: Parameters<typeof temporaryFolder>[0], changed: Changed) => {
	const folder = await temporaryFolder(t);
	const first = await openCatalog({folder, restBytes});
	await first.load();
	await commit(first, Array.from({length: 300}, (_, number) => film(number)));
	await first.close();
	await rm(path.join(folder, 'catalog.index'), {force: true});
	const writer = await openCatalog({folder, restBytes});
	await writer.load();
	t.teardown(async () => writer.close());
	const session = {
		async openStore() {
			const reader = await openCatalog({folder, restBytes, pollMs: 5});
			return {...reader, ...changed(reader)};
		},
		folders: () => ({data: folder}),
	};
	const feed = await openCatalogFeed(session as unknown as Session, {onChange() {/* nobody looks */}, async onLoaded() {/* nothing begins */}, isDaemon: true});
	return {folder, writer, feed};
};

const heard = async (reader: OpenedCatalog, {header}: OpenedCatalog) => {
	while (reader.header().revision < header().revision) {
		await delay(5);
	}
};

test('what another process commits while the app fills its lists is in them afterwards', async t => {
	let isChanged = false;
	const {writer, feed} = await besideWriter(t, reader => ({
		async page(query) {
			const page = await reader.page(query);
			if (!isChanged) {
				isChanged = true;
				await commit(writer, [film(7, 'Anew')]);
				await heard(reader, writer);
			}

			return page;
		},
	}));
	await feed.load(() => {/* no bar */});
	t.true(isChanged);
	const index = await feed.current();
	t.is(index.get('i7')?.title, 'Anew');
	await feed.close(async () => {/* nobody uses it */});
});

test('an app that only reads keeps the index when it is closed, with all that it has read by then', async t => {
	const {folder, writer, feed} = await besideWriter(t, reader => ({
		async close() {
			await commit(writer, [film(7, 'Last')]);
			await heard(reader, writer);
			await reader.close();
		},
	}));
	await feed.load(() => {/* no bar */});
	await feed.close(async () => {/* nobody uses it */});
	const next = await openCatalog({folder, restBytes, access: 'read'});
	t.teardown(next.close);
	const kept = next.kept();
	t.is(kept?.header.revision, writer.header().revision);
	const index = createCatalogIndex();
	index.restore((await kept!.open('columns'))!);
	t.is(index.size(), 300);
	t.is(index.get('i7')?.title, 'Last');
});
