import {Buffer} from 'node:buffer';
import test from 'ava';
import {createPagePosters} from '../../source/export/page/page-posters.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import type {PageData} from '../../source/export/page/page-data.js';
import {header, makeItem, records} from '../query/_items.js';
import {pageBlocks, pageText} from './_page.js';

const poster = async (id: string) => id === 'none' ? undefined : Buffer.from(`poster of ${id}`);

test('films and shows have their posters in the page, and nothing else is asked for', async t => {
	const items = [makeItem('m1'), makeItem('none'), makeItem('s1', {type: 'show'}), makeItem('e1', {type: 'episode'})];
	const asked: string[] = [];
	const said: string[] = [];
	const posters = createPagePosters(async id => {
		asked.push(id);
		return poster(id);
	}, sentence => {
		said.push(sentence);
	});
	const index = createCatalogIndex();
	index.put(items);
	const text = await pageText(items.map(item => describeItem(item, records, {header, index})), {posters});
	const blocks = pageBlocks(text);
	t.deepEqual((blocks.get('catalogue') as PageData).pictured, [1, 0, 1, 0]);
	t.deepEqual((blocks.get('posters-0') as string[]).map(part => Buffer.from(part, 'base64').toString()), ['poster of m1', '', 'poster of s1', '']);
	t.deepEqual(asked, ['m1', 'none', 's1']);
	t.deepEqual(said, []);
	t.regex(text, /img-src data:;/v);
});

test('a page has no more bytes of posters than a phone can open, and says how many are left out', async t => {
	const said: string[] = [];
	const posters = createPagePosters(poster, sentence => {
		said.push(sentence);
	}, 30);
	const films = ['m1', 'm2', 'm3', 'm4'].map(id => makeItem(id));
	t.deepEqual((await posters.of(films.slice(0, 3))).map(part => part !== ''), [true, true, false]);
	t.deepEqual(await posters.of(films.slice(3)), ['']);
	posters.end();
	t.deepEqual(said, ['The posters of 2 films and shows are left out: a page has 30 B of them at most.']);
});
