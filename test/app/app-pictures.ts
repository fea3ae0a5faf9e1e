import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import {AppError} from '../../source/base/errors.js';
import {createAppPictures} from '../../source/app/app-pictures.js';
import {openAppServices} from '../../source/app/app-services.js';
import {createSession, type Session} from '../../source/app/session.js';
import type {Connected} from '../../source/app/session-connections.js';
import type {Item} from '../../source/catalog/types.js';
import {startDemoServer} from '../../source/demo/server.js';
import type {PictureRequest} from '../../source/plex/types.js';
import type {PictureMode} from '../../source/ui/graphics/picture-kind.js';
import {item} from '../helpers/fake-services.js';

const mode: PictureMode = {kind: 'blocks', depth: 'true', cell: {width: 10, height: 20}};
const box = {columns: 6, rows: 4};
const {signal} = new AbortController();

const poster = async () => new Uint8Array(await sharp({
	create: {
		width: 60, height: 90, channels: 3, background: '#00ff00',
	},
}).png().toBuffer());

const pictured = (id: string, images: Partial<Item['images']>, change: Partial<Item> = {}) => ({
	...item(id), serverId: 's1', images: {...item(id).images, ...images}, ...change,
});

type World = {
	answer?: (request: PictureRequest) => Promise<Uint8Array>;
	items: Item[];
	serverId?: string;
};

const withWorld = async ({answer = poster, items, serverId = 's1'}: World, body: (service: ReturnType<typeof createAppPictures>, asked: PictureRequest[], folder: string) => Promise<void>) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-pictures-'));
	const asked: PictureRequest[] = [];
	const session = {folders: () => ({state: folder}), settings: () => ({pictures: () => undefined})} as unknown as Session;
	const connected = {
		server: {id: serverId},
		plex: {
			async picture(request: PictureRequest) {
				asked.push(request);
				return answer(request);
			},
		},
	};
	const service = createAppPictures(session, {
		whenLoaded: async () => undefined,
		store: () => ({getMany: async ids => items.filter(({id}) => ids.includes(id))}),
		joined: async () => connected as unknown as Connected,
	});
	try {
		await body(service, asked, path.join(folder, 'pictures'));
	} finally {
		await rm(folder, {recursive: true});
	}
};

test('a picture is fetched once, in the size of its cells, and then comes from the disk', async t => {
	await withWorld({items: [pictured('m1', {thumb: '/library/metadata/1/thumb/5'})]}, async (service, asked) => {
		const first = await service.load({itemId: 'm1', box, mode}, {signal});
		const second = await service.load({itemId: 'm1', box, mode}, {signal});
		t.deepEqual(first?.lines, second?.lines);
		t.not(first?.id, second?.id);
		t.deepEqual(asked.map(({path: place, width, height}) => ({place, width, height})), [{place: '/library/metadata/1/thumb/5', width: 60, height: 80}]);
	});
});

test('what has no picture has that of its season or show', async t => {
	const items = [
		pictured('show', {thumb: '/show'}, {type: 'show'}),
		pictured('season', {}, {type: 'season', showId: 'show'}),
		pictured('none', {}),
	];
	await withWorld({items}, async (service, asked) => {
		t.truthy(await service.load({itemId: 'season', box, mode}, {signal}));
		t.is(await service.load({itemId: 'none', box, mode}, {signal}), undefined);
		t.is(await service.load({itemId: 'gone', box, mode}, {signal}), undefined);
		t.deepEqual(asked.map(({path: place}) => place), ['/show']);
	});
});

test('what is no picture is neither shown nor kept', async t => {
	const items = [pictured('m1', {thumb: '/1'})];
	for (const bytes of [new TextEncoder().encode('<html>Sign in</html>'), (await poster()).slice(0, 60), new Uint8Array()]) {
		await withWorld({items, answer: async () => bytes}, async (service, _, folder) => {
			t.is(await service.load({itemId: 'm1', box, mode}, {signal}), undefined);
			t.deepEqual(await readdir(folder).catch(() => []), []);
		});
	}
});

test('a server that cannot be reached is left alone for a while, and another server is not asked', async t => {
	const items = [pictured('m1', {thumb: '/1'}), pictured('m2', {thumb: '/2'})];
	await withWorld({
		items, async answer() {
			throw new AppError('unreachable', 'The server does not answer.');
		},
	}, async (service, asked) => {
		await t.throwsAsync(service.load({itemId: 'm1', box, mode}, {signal}));
		t.is(await service.load({itemId: 'm2', box, mode}, {signal}), undefined);
		t.is(asked.length, 1);
	});
	await withWorld({items, serverId: 's2'}, async (service, asked) => {
		t.is(await service.load({itemId: 'm1', box, mode}, {signal}), undefined);
		t.is(asked.length, 0);
	});
});

test('what is no longer wanted is not fetched', async t => {
	await withWorld({items: [pictured('m1', {thumb: '/1'})]}, async (service, asked) => {
		t.is(await service.load({itemId: 'm1', box, mode}, {signal: AbortSignal.abort()}), undefined);
		t.is(asked.length, 0);
	});
});

test('the transcoder of the demo server gives the posters of an imported library', async t => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-posters-'));
	const server = await startDemoServer({movies: 20, shows: 0});
	const session = createSession({
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}, homeFolder: home, version: '0.0.0', isDemo: false,
	});
	try {
		const services = await openAppServices(session, '0.0.0');
		await services.load(() => {/* no bar */});
		const [library] = await services.libraries();
		await services.startImport([library!.id]);
		const ids = await services.index.list({libraryId: library!.id, type: 'movie'});
		const pictures = await Promise.all(ids.slice(0, 5).map(async itemId => services.pictures!.load({itemId, box, mode}, {signal})));
		t.is(new Set(pictures.map(picture => picture?.lines.join('\n'))).size, 5, 'each has its own');
		t.true(pictures.every(picture => picture?.columns === 6 && picture.lines.length === 4));
		t.is((await readdir(path.join(session.folders().state, 'pictures'))).length, 5);
		await services.close();
	} finally {
		await session.close();
		await server.close();
		await rm(home, {recursive: true});
	}
});
