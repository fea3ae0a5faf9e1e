import {readdir} from 'node:fs/promises';
import test from 'ava';
import {createItemTools} from '../../source/app/item-tools.js';
import type {CatalogRecord} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {storeWith} from '../export/_exports.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem} from '../query/_items.js';

const toolsOver = async (records: CatalogRecord[], folder?: string) => {
	const store = await storeWith(records);
	const index = createCatalogIndex();
	index.put(records.filter(record => record.kind === 'item'));
	let asked = 0;
	const tools = createItemTools({
		feed: {
			store: () => store,
			index: {
				...index,
				children(id) {
					asked++;
					return index.children(id);
				},
			},
			async whenLoaded() {/* it is loaded */},
		},
		connection: {
			async ensure() {
				throw new Error('Nobody plays anything.');
			},
		},
		env: {},
		...folder !== undefined && {folder},
	});
	return {tools, asked: () => asked};
};

const file = (id: string, sizeBytes: number): CatalogRecord => ({
	id, kind: 'file', serverId: 'server', path: `/media/${id}.mkv`, sizeBytes,
});
const versionOf = (...fileIds: string[]) => ({id: fileIds.join('-'), parts: fileIds.map(fileId => ({fileId}))});

test('the size of marked items is that of their files, each once, with what is below them and without optimised copies', async t => {
	const {tools} = await toolsOver([
		makeItem('m1', {versions: [versionOf('a'), {...versionOf('copy'), optimized: true}]}),
		makeItem('s1', {type: 'show'}),
		makeItem('e1', {type: 'episode', showId: 's1', versions: [versionOf('b', 'c')]}),
		makeItem('e2', {type: 'episode', showId: 's1', versions: [versionOf('c')]}),
		file('a', 1),
		file('b', 20),
		file('c', 300),
		file('copy', 4000),
	]);
	t.is(await tools.sizeOf(['m1', 's1', 'e1']), 321);
	t.is(await tools.sizeOf(['m1', 'gone']), 1);
});

test('of many marked items only as many are looked at as it takes to see that they are too many', async t => {
	const {tools, asked} = await toolsOver([makeItem('m1', {})]);
	t.is(await tools.sizeOf(Array.from({length: 50_000}, (_, number) => `m${number}`)), undefined);
	t.true(asked() < 6000, `${asked()} were looked at.`);
});

test('an item that has gone meanwhile leaves no empty file', async t => {
	const folder = await temporaryFolder(t);
	const {tools} = await toolsOver([makeItem('m1', {})], folder);
	await t.throwsAsync(tools.exportTo(['gone']), {code: 'not-found'});
	t.deepEqual(await readdir(folder), []);
	t.is((await tools.exportTo(['gone', 'm1'])).items, 1);
});
