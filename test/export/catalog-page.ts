import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import test from 'ava';
import * as fc from 'fast-check';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {catalogPage, embeddedJson, jsonPieces} from '../../source/export/page/catalog-page.js';
import {readPageAssets} from '../../source/export/page/page-assets.js';
import type {PageData, PageDetails} from '../../source/export/page/page-data.js';
import {createPageModel} from '../../source/export/page/page-model.js';
import {startRoute} from '../../source/export/page/page-route.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {sortChoices} from '../../source/query/list-fields.js';
import {describeItem} from '../../source/query/related.js';
import {summarize} from '../../source/query/summary.js';
import type {Item} from '../../source/catalog/types.js';
import {
	fullDetail,
	fullItem,
	header,
	makeItem,
	records,
	showItems,
} from '../query/_items.js';
import {exportRun, twoServers} from './_exports.js';
import {pageBlocks, pageText} from './_page.js';

const describe = (items: readonly Item[]) => {
	const index = createCatalogIndex();
	index.put(items);
	return items.map(item => describeItem(item, records, {header, index}));
};

const details = () => [fullDetail(), ...describe(showItems())];

const dataOf = (text: string) => pageBlocks(text).get('catalogue') as PageData;

const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('libraries with one title on several servers tell the server', async t => {
	const {stdout} = await exportRun(await twoServers(), ['--format', 'html']);
	const {libraries, facets} = dataOf(stdout);
	t.deepEqual([libraries, facets.find(({name}) => name === 'library')!.texts], [['Films@Barn', 'Films@Attic'], ['Films@Barn', 'Films@Attic']]);
});

test('the policy allows the script and the style of the page and nothing else', async t => {
	const text = await pageText(details());
	const policy = /<meta http-equiv="Content-Security-Policy" content="(?<policy>[^"]+)">/v.exec(text)!.groups!['policy']!;
	const rules = new Map(policy.split('; ').map(rule => [rule.split(' ', 1)[0]!, rule.split(' ').slice(1).join(' ')]));
	const scripts = text.matchAll(/<script>(?<code>[\s\S]*?)<\/script>/gv).map(({groups}) => groups!['code']!).toArray();
	const styles = text.matchAll(/<style>(?<code>[\s\S]*?)<\/style>/gv).map(({groups}) => groups!['code']!).toArray();
	t.is(scripts.length, 1);
	t.is(styles.length, 1);
	t.is(rules.get('script-src'), digest(scripts[0]!));
	t.is(rules.get('style-src'), digest(styles[0]!));
	t.is(rules.get('default-src'), '\'none\'');
	t.is(rules.get('img-src'), 'data:');
	t.deepEqual(rules.keys().toArray().toSorted(), ['base-uri', 'default-src', 'form-action', 'img-src', 'require-trusted-types-for', 'script-src', 'style-src', 'trusted-types']);
	// The rule must come before what it is about.
	t.true(text.indexOf('Content-Security-Policy') < text.indexOf('<style>'));
	t.is(text.split('<meta http-equiv').length, 2);
});

test('the script goes nowhere by location.hash', async t => {
	const {script} = await readPageAssets();
	t.notRegex(script, /location\.hash\s*=(?!=)/v, 'Firefox sends no hashchange for it where the address has the password.');
	t.regex(script, /location\.assign\(/v);
});

test('a script that would end its element early is refused', async t => {
	const {style} = await readPageAssets();
	for (const script of ['"</script>"', '"<!--"', 'let a;\r\nlet b;']) {
		const nothing = async function * () {/* no items */};
		await t.throwsAsync(async () => catalogPage(nothing(), {assets: {script, style}, hasPaths: false}).next(), {message: /cannot|element/v});
	}
});

test('a browser that is too old for the script shows which ones are not', async t => {
	const text = await pageText(details());
	const said = /<p class="opening too-old">[^<]*: the page needs (?<browsers>[^<]*) or a newer one\.<\/p>/v.exec(text)!.groups!['browsers']!;
	const targets = /target: \[(?<targets>'chrome[^\]]*)\]/v.exec(await readFile('docs/bundle.ts', 'utf8'))!.groups!['targets']!;
	t.is(said.toLowerCase().replaceAll(' ', ''), targets.replaceAll(/[ ']/gv, ''));
	t.true((await readFile('docs/export.md', 'utf8')).includes(`(${said})`));
	// It is not said while a page opens, so it waits for its style.
	t.regex(text, /\.too-old\{animation:[^\}]*backwards/v);
});

test('whatever a text is, the JSON in the page has no markup and is read back as it was', t => {
	fc.assert(fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom('</script>', '<!--<script>', ']]>', '\u{2028}')), text => {
		const json = embeddedJson({text});
		t.false(json.includes('<'));
		t.deepEqual(JSON.parse(json), {text});
	}));
});

test('hostile titles stay texts', async t => {
	const titles = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!--', '&lt;b&gt;', 'Turned \u{202E}around', 'Bell\u{7}', '__proto__', ''];
	const text = await pageText(describe(titles.map((title, index) => makeItem(`m${index}`, {
		title, tagline: title, summary: title, year: 1920 + index,
	}))));
	t.is(text.split('<script').length, 1 + 3, 'details, data and the code');
	t.notRegex(text.replaceAll(/<script type="application\/json"[^<]*<\/script>/gv, ''), /onerror=alert\(1\)>/v);
	t.deepEqual(dataOf(text).titles, ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!--', '&lt;b&gt;', 'Turned around', 'Bell', '__proto__', '']);
});

test('nothing tells where files lie, unless paths are asked for', async t => {
	const {images, folders, theme, versions} = fullItem;
	const paths = [
		...Object.values(images),
		...folders ?? [],
		theme,
		...versions.flatMap(({parts}) => parts.map(({key}) => key)),
		...records.values().flatMap(record => record.kind === 'file' ? [record.path] : []),
	].filter(path => path !== undefined);
	t.true(paths.length > 9);
	const without = await pageText(details());
	const withPaths = await pageText(details(), {hasPaths: true});
	for (const path of paths) {
		t.false(without.includes(path), path);
		t.true(withPaths.includes(path), path);
	}

	// Not even the name of a file.
	t.false(without.includes('n1.mkv'));
	t.false(without.includes('/i/'));
});

test.serial('the same items give the same bytes, also in another time zone', async t => {
	const before = await pageText(details());
	const zone = process.env['TZ'];
	process.env['TZ'] = 'Pacific/Kiritimati';
	try {
		t.is(new Date('2021-01-02T12:00:00Z').getDate(), 3, 'The time zone has no effect here.');
		t.is(await pageText(details()), before);
	} finally {
		if (zone === undefined) {
			delete process.env['TZ'];
		} else {
			process.env['TZ'] = zone;
		}
	}
});

test('the data has what the lists show', async t => {
	const data = dataOf(await pageText(details()));
	const {
		ids, types, titles, subtitles, parents, searched, people, facets, sorts, columns, libraries,
	} = data;
	const foundBy = (text: string) => createPageModel(data).find({...startRoute, text}).rows;
	const [first] = ids;
	t.is(first, fullItem.id);
	t.is(titles[0], 'Nosferatu (Restored)');
	t.deepEqual(libraries, ['Films', 'Shows']);
	t.regex(searched[0]!, /eine Symphonie des Grauens/v);
	t.deepEqual(foundBy('the show s01e10').map(row => titles[row]), ['Episode 10']);
	t.deepEqual(foundBy('horror 1080p vision deutsch').map(row => titles[row]), ['Nosferatu (Restored)']);
	t.deepEqual(people.codes[0]!.map(code => people.texts[code]!).toSorted(), ['Galeen', 'Grau', 'Murnau', 'Schreck']);
	const valuesOf = (name: string) => {
		const {texts, codes} = facets.find(facet => facet.name === name)!;
		return codes[0]!.map(code => texts[code]);
	};

	t.deepEqual(valuesOf('genre'), ['Horror']);
	t.deepEqual(valuesOf('year'), ['1920–1929']);
	t.deepEqual(valuesOf('res'), ['1080p']);
	t.deepEqual(valuesOf('hdr'), ['Dolby Vision']);
	t.deepEqual(valuesOf('codec'), ['hevc']);
	t.deepEqual(valuesOf('audio'), ['Deutsch']);
	t.deepEqual(valuesOf('watched'), ['yes']);
	t.deepEqual(valuesOf('library'), ['Films']);
	const episode = ids.indexOf('episode110');
	t.is(subtitles[episode], 'The Show · S01E10');
	t.is(ids[parents[episode]!], 'season11');
	t.is(ids[parents[ids.indexOf('season11')]!], 'show1');
	t.is(parents[ids.indexOf('show1')], -1);
	t.is(types[episode], 3);
	t.deepEqual(sorts.map(({name}) => name), sortChoices.map(({field}) => field));
	const added = sorts.find(({name}) => name === 'added')!;
	t.is(added.ranks[0], 0);
	t.is(added.ranks[episode], -1);
	const year = columns.find(({name}) => name === 'year')!;
	t.is(year.texts[year.codes[0]!], '1922');
});

test('details come in blocks, in the order of the items', async t => {
	const items = Array.from({length: 450}, (_, index) => makeItem(`m${index}`, {title: `Film ${index}`, summary: `About ${index}`}));
	const blocks = pageBlocks(await pageText(describe(items)));
	t.deepEqual(blocks.keys().toArray(), ['catalogue', 'details-0', 'details-1', 'details-2']);
	const {blockSize} = blocks.get('catalogue') as PageData;
	for (const row of [0, 199, 200, 449]) {
		const {texts, items: read} = blocks.get(`details-${Math.floor(row / blockSize)}`) as PageDetails;
		t.is(texts[read[row % blockSize]![1]], `About ${row}`);
	}
});

test('an empty catalogue gives a page', async t => {
	const data = dataOf(await pageText([]));
	t.deepEqual(data.ids, []);
	t.deepEqual(data.facets, []);
});

test('an installation without the page says so', async t => {
	await t.throwsAsync(readPageAssets([new URL('nowhere/', import.meta.url)]), {message: /has no page/v});
});

test('JSON in pieces is the JSON in one piece, also where lists are long and nested', t => {
	const long = Array.from({length: 10_000}, (_, place) => place);
	for (const value of [{a: long, b: long.map(String), c: long.map(place => [place, -1])}, [{a: 1}, {b: long}], [], {}, {gone: undefined, kept: null}, 'x<y', [[]], {texts: [], list: [{codes: long.map(() => [])}]}]) {
		t.is([...jsonPieces(value)].join(''), JSON.stringify(value));
		t.true(jsonPieces(value).every(piece => piece.length < 100_000));
	}
});

test('the details of an item are made when it comes, and not those of a whole block at once', async t => {
	let reads = 0;
	const item = makeItem('m1', {title: 'Heron'});
	const [detail] = describe([item]);
	// Only the details have it.
	const watched = {...item};
	Object.defineProperty(watched, 'tagline', {
		enumerable: true,
		get() {
			reads++;
			return 'A bird';
		},
	});
	const readsBefore: number[] = [];
	const rows = async function * () {
		for (let count = 0; count < 150; count++) {
			readsBefore.push(reads);
			yield {
				item: summarize(item), detail: {...detail!, item: watched}, names: createLibraryNames(header), titleOf: () => undefined,
			};
		}
	};

	for await (const piece of catalogPage(rows(), {assets: await readPageAssets(), hasPaths: false})) {
		t.is(typeof piece, 'string');
	}

	t.true(readsBefore.every((count, place) => count >= place), `${readsBefore.at(-1)}`);
});
