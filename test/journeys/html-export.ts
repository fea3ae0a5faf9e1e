import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import {
	browserTest,
	faultsOf,
	launch,
	reason,
} from '../helpers/browser.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runReelcat} from '../helpers/run-reelcat.js';
import {until} from '../api/_api.js';
import {pageBlocks, pageText} from '../export/_page.js';
import {header, makeItem} from '../query/_items.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import type {PageData} from '../../source/export/page/page-data.js';

const exportPage = async (home: string, args: readonly string[] = []) => {
	await importDemo(home);
	const file = path.join(home, 'demo.html');
	const {exitCode, stderr} = await runReelcat(home, ['export', '--demo', '-o', file, ...args]);
	return {
		exitCode, stderr, address: pathToFileURL(file).href, text: await readFile(file, 'utf8'),
	};
};

const sizes = [
	{name: 'a laptop', viewport: {width: 1280, height: 800}, isPhone: false},
	{name: 'a phone', viewport: {width: 390, height: 844}, isPhone: true},
] as const;

const shownTitles = async (page: Page) => page.locator('.card-title:visible, .row-title:visible').allTextContents();

const countOf = async (page: Page) => Number((await page.locator('.count').textContent())!.split(' ', 1)[0]!.replaceAll(',', ''));

// What a screen reader would call nothing. Chromium itself is asked, because Playwright also takes the name of a label that is not shown.
const namelessIn = async (page: Page) => {
	const session = await page.context().newCDPSession(page);
	const {nodes} = await session.send('Accessibility.getFullAXTree');
	await session.detach();
	return nodes.map(({role, name}) => ({role: String(role?.value), name: String(name?.value ?? '')})).filter(({role, name}) => /^(?:button|checkbox|combobox|link|searchbox)$/v.test(role) && name === '');
};

type Visit = {page: Page; data: PageData; isPhone: boolean};

const search = async (t: ExecutionContext, {page, data}: Visit) => {
	const movies = data.types.filter(type => type === 0).length;
	t.is(await countOf(page), movies);
	await page.keyboard.press('/');
	await page.keyboard.type('potemkin');
	await page.locator('.count', {hasText: /^1 movie$/v}).waitFor();
	t.deepEqual(await shownTitles(page), ['Battleship Potemkin']);
	t.regex(page.url(), /q=potemkin$/v);
	// The arrow leads from the words to what they found, and Enter opens it.
	await page.keyboard.press('ArrowDown');
	t.is(await page.evaluate('focusVisible'), true, 'WebKit draws no ring otherwise.');
	await page.keyboard.press('Enter');
	await page.locator('h1', {hasText: 'Battleship Potemkin'}).waitFor();
	t.is(await page.evaluate('document.activeElement.id'), 'detail-title');
	t.regex(await page.locator('.detail').innerText(), /Year\s+1925/v);
	await page.goBack();
	await page.locator('.count', {hasText: /^1 movie$/v}).waitFor();
	t.is(await page.locator('#search').inputValue(), 'potemkin');
	t.is(await page.evaluate('document.activeElement.closest("li")?.textContent.includes("Potemkin")'), true, 'Back gives the focus to the item.');
	await page.fill('#search', '');
	await page.locator('.count', {hasText: `${movies} movies`}).waitFor();
};

const sortAndFilter = async (t: ExecutionContext, {page, data, isPhone}: Visit) => {
	await page.getByRole('button', {name: 'List', exact: true}).click();
	await page.locator('.row').first().waitFor();
	await page.selectOption('#sort', 'year');
	const order = data.sorts.find(({name}) => name === 'year')!;
	const movies = data.ids.keys().filter(row => data.types[row] === 0).toArray();
	const byYear = movies.toSorted((one, other) => order.ranks[one]! - order.ranks[other]!).filter(row => order.ranks[row]! >= 0);
	await page.locator('.row-title').first().getByText(data.titles[byYear[0]!]!).waitFor();
	t.deepEqual((await shownTitles(page)).slice(0, 5), byYear.slice(0, 5).map(row => data.titles[row]!));
	await page.getByRole('button', {name: /change to descending/v}).click();
	await page.getByRole('button', {name: /change to ascending/v}).waitFor();
	const newest = Math.max(...order.ranks);
	t.is(order.ranks[data.titles.indexOf((await shownTitles(page))[0]!)], newest);

	if (isPhone) {
		await page.setViewportSize({width: 300, height: 844});
		t.deepEqual(await page.evaluate('[...document.querySelectorAll(".cell")].filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)'), [], 'What has no room is cut at the end, and not in each cell.');
		t.is(await page.evaluate('document.documentElement.scrollWidth'), 300);
		t.true(await page.evaluate<number>('document.querySelector("#sort").clientWidth') > 60, 'The order can be read.');
		await page.setViewportSize({width: 667, height: 375});
		t.true(await page.evaluate('scrollTo(0, 1000), document.querySelector(".top").getBoundingClientRect().bottom < 0'), 'The head does not cover a low window.');
		await page.setViewportSize(sizes[1].viewport);
		await page.getByRole('button', {name: 'Filters', exact: true}).click();
	}

	const genre = data.facets.find(({name}) => name === 'genre')!;
	const withGenres = (...names: string[]) => movies.filter(row => genre.codes[row]!.some(code => names.includes(genre.texts[code]!))).length;
	const choiceOf = (value: string) => page.locator(`.choice:has(input[name="genre"][value="${value}"])`);
	t.is(await choiceOf('War').locator('.choice-count').textContent(), String(withGenres('War')));
	await choiceOf('War').click();
	await choiceOf('History').click();
	await page.locator('.count', {hasText: `${withGenres('War', 'History')} movies`}).waitFor({state: 'attached'});
	t.true(withGenres('War', 'History') > withGenres('War'));
	t.is(await page.evaluate('document.activeElement.value'), 'History', 'A picked filter keeps the focus.');
	if (isPhone) {
		await page.keyboard.press('Escape');
	}

	await page.getByRole('button', {name: 'Without Genre War', exact: true}).click();
	await page.locator('.count', {hasText: `${withGenres('History')} movies`}).waitFor();
	await page.goBack();
	await page.locator('.count', {hasText: `${withGenres('War', 'History')} movies`}).waitFor();
	await page.getByRole('button', {name: 'Clear all'}).click();
	await page.locator('.count', {hasText: `${movies.length} movies`}).waitFor();
};

const openShow = async (t: ExecutionContext, {page, data}: Visit) => {
	const show = data.ids.keys().find(row => data.types[row] === 1 && data.parents.filter(parent => parent === row).length > 1)!;
	await page.getByRole('button', {name: /^Shows/v}).click();
	await page.getByRole('link', {name: data.titles[show]!}).first().click();
	await page.locator('h1', {hasText: data.titles[show]!}).waitFor();
	const season = page.locator('.season').nth(1);
	await season.locator('summary').click();
	const title = await season.locator('.episode-title').first().textContent();
	await season.locator('.episodes a').first().click();
	await page.locator('h1', {hasText: title!}).waitFor();
	t.is(await page.locator('.parents a').count(), 2);
	await page.locator('.parents a').first().click();
	await page.locator('h1', {hasText: data.titles[show]!}).waitFor();
	await page.keyboard.press('Escape');
	await page.locator('.list-page').waitFor();
	t.is(await page.locator('.tab[aria-pressed="true"]').innerText().then(text => text.split(/\s/v, 1)[0]), 'Shows');
};

const scrollAndReturn = async (t: ExecutionContext, {page}: Visit) => {
	await page.getByRole('button', {name: /^Episodes/v}).click();
	await page.getByRole('button', {name: 'Posters', exact: true}).click();
	await page.locator('.card').first().waitFor();
	t.true(await page.locator('.card').count() < 120, 'Only what is near the window is in the document.');
	await page.locator('.card a').first().focus();
	await page.keyboard.press('End');
	const total = await countOf(page);
	await page.locator(`.card[aria-posinset="${total}"]`).waitFor();
	t.is(await page.evaluate('focusVisible'), true, 'WebKit draws no ring otherwise.');
	const scrolled = await page.evaluate<number>('scrollY');
	t.true(scrolled > 2000);
	await page.keyboard.press('Enter');
	await page.locator('.detail').waitFor();
	await page.goBack();
	await page.locator(`.card[aria-posinset="${total}"] a:focus`).waitFor();
	t.true(Math.abs(await page.evaluate<number>('scrollY') - scrolled) < 50);
};

const print = async (t: ExecutionContext, {page}: Visit) => {
	const total = await countOf(page);
	await page.emulateMedia({media: 'print', colorScheme: 'dark'});
	await page.evaluate('dispatchEvent(new Event("beforeprint"))');
	const places = await page.evaluate<string[]>('[...document.querySelectorAll(".card")].filter(card => card.checkVisibility()).map(card => [card.offsetLeft, card.offsetTop].join(" "))');
	t.is(places.length, total);
	t.is(new Set(places).size, total, 'Each has a place of its own.');
	t.is(await page.locator('header:visible').count(), 0);
	t.is(await page.evaluate('getComputedStyle(document.body).color'), 'rgb(29, 28, 26)', 'Paper is light.');
	await page.emulateMedia({media: 'screen', colorScheme: null});
	await page.evaluate('dispatchEvent(new Event("afterprint"))');
	t.true(await page.locator('.card').count() < 120);
	t.is(await page.locator('.card a:not([href^="#/item/"])').count(), 0);
};

for (const {name, viewport, isPhone} of sizes) {
	browserTest(`the page of an export is searched, sorted, filtered and read on ${name}${reason}`, withHousehold, async (t, {home}) => {
		t.timeout(300_000);
		const {exitCode, stderr, address, text} = await exportPage(home);
		t.is(exitCode, 0, `It says: ${stderr}`);
		const browser = await launch();
		try {
			const context = await browser.newContext({viewport, hasTouch: isPhone, isMobile: isPhone});
			const page = await context.newPage();
			page.setDefaultTimeout(60_000);
			const faults = faultsOf(page, url => url === address);
			await page.goto(address);
			await page.locator('.card').first().waitFor();
			const visit = {page, data: pageBlocks(text).get('catalogue') as PageData, isPhone};
			t.deepEqual(await namelessIn(page), []);
			await page.evaluate('{ const {focus} = HTMLElement.prototype; HTMLElement.prototype.focus = function (options) { ({focusVisible: globalThis.focusVisible} = options ?? {}); focus.call(this, options); }; }');
			await search(t, visit);
			await sortAndFilter(t, visit);
			await openShow(t, visit);
			await scrollAndReturn(t, visit);
			await print(t, visit);
			t.is(await page.evaluate('document.documentElement.scrollWidth'), viewport.width, 'Nothing is wider than the page.');
			t.deepEqual(faults, []);
		} finally {
			await browser.close();
		}
	});
}

browserTest(`with --posters the page shows the posters of the server without a network${reason}`, withHousehold, async (t, {home}) => {
	t.timeout(120_000);
	const {exitCode, stderr, address, text} = await exportPage(home, ['--posters']);
	t.is(exitCode, 0, `It says: ${stderr}`);
	const data = pageBlocks(text).get('catalogue') as PageData;
	t.deepEqual([0, 1, 2, 3].filter(type => data.pictured.some((isPictured, row) => isPictured === 1 && data.types[row] === type)), [0, 1]);
	const browser = await launch();
	try {
		const page = await browser.newPage({viewport: {width: 1280, height: 800}});
		const faults = faultsOf(page, url => url === address || url.startsWith('data:'));
		await page.goto(address);
		await page.locator('.card img').first().waitFor();
		await until('the posters are shown', async () => page.evaluate<boolean>('document.images.length > 5 && [...document.images].every(image => image.complete && image.naturalWidth > 100)'), 60_000);
		t.true(await page.evaluate('dispatchEvent(new Event("beforeprint")), [...document.images].every(image => image.loading === "eager")'), 'WebKit prints no others.');
		t.deepEqual(faults, []);
	} finally {
		await browser.close();
	}
});

browserTest(`without JavaScript the page says just that${reason}`, withHousehold, async (t, {home}) => {
	t.timeout(120_000);
	const file = path.join(home, 'none.html');
	await writeFile(file, await pageText([]));
	const browser = await launch();
	try {
		const page = await browser.newPage({javaScriptEnabled: false});
		await page.goto(pathToFileURL(file).href);
		t.regex(await page.locator('noscript').innerText(), /^This page needs JavaScript/v);
		t.is(await page.locator('.opening:visible').count(), 1);
	} finally {
		await browser.close();
	}
});

browserTest(`hostile titles do nothing in a browser${reason}`, withHousehold, async (t, {home}) => {
	t.timeout(120_000);
	const titles = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!--<script>', '&lt;b&gt;', '"><svg onload=alert(1)>'];
	const index = createCatalogIndex();
	const items = titles.map((title, place) => makeItem(`m${place}`, {
		title, titleSort: String(place), tagline: title, summary: title, guid: title,
	}));
	index.put(items);
	const file = path.join(home, 'hostile.html');
	await writeFile(file, await pageText(items.map(item => describeItem(item, new Map(), {header, index}))));
	const browser = await launch();
	try {
		const page = await browser.newPage();
		const faults: string[] = [];
		page.on('dialog', dialog => {
			faults.push(dialog.message());
		});
		page.on('console', message => {
			faults.push(message.text());
		});
		await page.goto(pathToFileURL(file).href);
		await page.locator('.card').first().waitFor();
		t.deepEqual(await page.locator('.card-title').allTextContents(), titles);
		for (const [place, title] of titles.entries()) {
			// The address of an item opens it at once.
			await page.goto(`${pathToFileURL(file).href}#/item/m${place}`);
			await page.locator('h1:visible').getByText(title, {exact: true}).waitFor();
			t.is(await page.locator('.tagline').textContent(), title);
			t.is(await page.locator('.summary').textContent(), title);
			t.is(await page.locator('.detail :is(img, script, svg)').count(), 0);
		}

		// Not even by mistake can a text become markup.
		t.is(await page.evaluate('try { document.body.innerHTML = "<p>"; "markup" } catch { "refused" }'), 'refused');
		t.deepEqual(faults.filter(fault => !fault.includes('TrustedHTML')), []);
	} finally {
		await browser.close();
	}
});

test('the command writes the page, without paths unless --paths asks for them', withHousehold, async (t, {home}) => {
	const {exitCode, stderr, text} = await exportPage(home);
	t.is(exitCode, 0, `It says: ${stderr}`);
	const {stdout} = await runReelcat(home, ['export', '--demo', '--format', 'tsv', '--rows', 'file', '--columns', 'file.path']);
	const paths = [...new Set(stdout.split('\n').slice(1).filter(line => line.includes('/')).map(line => line.slice(1, -1)))];
	t.true(paths.length > 100);
	// Only whole words of a path are looked for in the raw text, because JSON escapes some letters.
	const plain = paths.filter(file => /^[\w \(\)\-.\/]+$/v.test(file));
	t.true(plain.length > 100);
	t.deepEqual(plain.filter(file => text.includes(file) || text.includes(path.basename(file))), []);
	const withPaths = await exportPage(home, ['--paths']);
	t.deepEqual(plain.filter(file => !withPaths.text.includes(file)), []);
	t.is((await runReelcat(home, ['export', '--demo', '--format', 'html'])).stdout, text);
	const refused = await runReelcat(home, ['export', '--demo', '--format', 'csv', '--paths']);
	t.regex(refused.stderr, /The format csv takes no --paths\./v);
});
