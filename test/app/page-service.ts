import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createPageService, openSessionPage} from '../../source/app/page-service.js';
import type {Session} from '../../source/app/session.js';
import type {ItemPictures} from '../../source/app/item-pictures.js';
import type {PageData} from '../../source/export/page/page-data.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {pageBlocks} from '../export/_page.js';
import {header, makeItem, records} from '../query/_items.js';

const items = [
	makeItem('m1', {title: 'The Paper Ferry', images: {thumb: '/library/metadata/1/thumb/5'}}),
	makeItem('m2', {title: 'Amber Night'}),
];

const openService = () => {
	const index = createCatalogIndex();
	index.put(items);
	let current = {...header, revision: 3};
	let reads = 0;
	const known = new Map([...records.values(), ...items].map(record => [record.id, record] as const));
	const pictures: ItemPictures = {
		load: async id => id === 'm1' ? {bytes: new Uint8Array([0xFF, 0xD8, 0xFF, 1]), async keep() {/* nothing is kept here */}} : undefined,
	};
	const store: Parameters<typeof createPageService>[0]['store'] = {
		header: () => current,
		get: async id => known.get(id),
		getMany: async ids => ids.map(id => known.get(id)).filter(record => record !== undefined),
	};
	const service = createPageService({
		store,
		async index() {
			reads++;
			return index;
		},
		pictures,
	});
	return {
		service,
		store,
		reads: () => reads,
		setBack() {
			current = {...current};
		},
		commit() {
			current = {...current, revision: current.revision + 1};
		},
	};
};

const textOf = ({gzipped}: {gzipped: Uint8Array}) => gunzipSync(gzipped).toString('utf8');

test('a page is made once for each revision, also for several who ask at once', async t => {
	const {service, reads, commit, setBack} = openService();
	const [first, second] = await Promise.all([service.document(), service.document()]);
	t.is(first, second);
	t.is(await service.document(), first);
	t.is(reads(), 1);
	commit();
	const third = await service.document();
	t.is(reads(), 2);
	t.not(third.tag, first.tag);
	t.is(service.revision(), 4);
	// A database that was set back has the same revision again.
	setBack();
	await service.document();
	t.is(reads(), 3);
	t.is(service.revision(), 4);
});

test('an error while the page is made reaches everybody who asked, and the next one tries again', async t => {
	const {service, store} = openService();
	const {get} = store;
	const fail = async () => {
		throw new AppError('damaged', 'The record cannot be read.');
	};

	store.get = fail;
	store.getMany = fail;
	const [first, second] = await Promise.allSettled([service.document(), service.document()]);
	t.is(first.status, 'rejected');
	t.is(second.status, 'rejected');
	await new Promise(resolve => {
		setImmediate(resolve);
	});
	store.get = get;
	store.getMany = async ids => items.filter(({id}) => ids.includes(id));
	t.regex(textOf(await service.document()), /The Paper Ferry/v);
});

test('the page names its revision and the items that have a poster, asks only its own server, and has no path', async t => {
	const {service} = openService();
	const text = textOf(await service.document());
	const data = pageBlocks(text).get('catalogue') as PageData;
	t.is(data.revision, 3);
	t.deepEqual(data.ids.map((id, row) => [id, data.pictured[row]]), [['m2', 0], ['m1', 1]]);
	t.regex(text, /img-src 'self' data:; connect-src 'self';/v);
	t.false(text.includes('/library/metadata'));
	t.deepEqual(await service.poster('m1', new AbortController().signal), {bytes: new Uint8Array([0xFF, 0xD8, 0xFF, 1]), type: 'image/jpeg'});
	t.is(await service.poster('m2', new AbortController().signal), undefined);
});

test('a poster that the server does not give is not there, and only a server that is away gets a new connection', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-page-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	let connections = 0;
	let isConfused = true;
	let fault = new AppError('not-found', 'There is no such picture.');
	const session = {
		folders: () => ({state: folder}),
		async connect() {
			connections++;
			if (isConfused) {
				throw new AppError('server-error', 'The server answers with 500.');
			}

			return {
				server: {id: 'server'},
				plex: {
					async sections() {
						return [];
					},
					async picture() {
						throw fault;
					},
				},
				close() {/* nothing is open */},
			};
		},
	} as unknown as Session;
	const index = createCatalogIndex();
	index.put(items);
	const {page, close} = openSessionPage(session, {
		store: {
			header: () => ({...header, servers: [{id: 'server', name: 'Attic'}]}), get: async () => undefined, getMany: async ids => items.filter(({id}) => ids.includes(id)),
		},
		index: async () => index,
		loaded: Promise.resolve(),
	});
	t.teardown(close);
	const {signal} = new AbortController();
	t.is(await page.poster('m1', signal), undefined);
	isConfused = false;
	t.is(await page.poster('m1', signal), undefined);
	t.is(await page.poster('m1', signal), undefined);
	t.is(connections, 2, 'A connection that failed is no connection.');
	fault = new AppError('unreachable', 'The server does not answer.');
	t.is(await page.poster('m1', signal), undefined);
	t.is(await page.poster('m1', signal), undefined, 'It is left alone for a while.');
	t.is(connections, 2);
});
