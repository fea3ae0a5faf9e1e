import {once} from 'node:events';
import {createServer, request} from 'node:http';
import type {AddressInfo} from 'node:net';
import {until} from '../api/_api.js';
import {
	browserTest,
	faultsOf,
	launch,
	reason,
} from '../helpers/browser.js';
import {watchHere} from '../helpers/daemon-process.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';

const token = 'CANARYcanaryCANARY00canaryCANARY';

/**
A proxy that shows the page below the path `/reelcat`, with and without a slash at its end, as `ProxyPass` of Apache does.
*/
const startProxy = async (port: string) => {
	const server = createServer((asked, answer) => {
		const {path = '/nowhere'} = /^\/reelcat(?<path>$|\/.*)/v.exec(asked.url!)?.groups ?? {};
		const onward = request({port, path: path === '' ? '/' : path, headers: {...asked.headers, host: `127.0.0.1:${port}`}}, taken => {
			answer.writeHead(taken.statusCode!, taken.headers);
			taken.pipe(answer);
		});
		// The browser may want posters while the daemon ends.
		onward.on('error', () => {
			answer.destroy();
		});
		onward.end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reelcat`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
};

browserTest(`a browser shows the page of a daemon with its posters, and tells when the catalogue has changed${reason}`, withHousehold, async (t, {home}) => {
	t.timeout(120_000);
	await importDemo(home);
	const daemon = watchHere(home, {env: {REELCAT_API_TOKEN: token}, args: ['--demo']});
	await daemon.says(/the API listens on port \d+/v);
	const {port} = daemon.lines().map(({msg}) => /listens on port (?<port>\d+)/v.exec(msg)?.groups).find(groups => groups !== undefined)!;
	const address = `http://127.0.0.1:${port}/`;
	const browser = await launch();
	try {
		// A browser that asks its user for a password gets none here. One that did not understand the answer would show it.
		const stranger = await browser.newPage();
		await t.throwsAsync(stranger.goto(address), {message: /ERR_INVALID_AUTH_CREDENTIALS/v});

		const context = await browser.newContext({viewport: {width: 1280, height: 720}, httpCredentials: {username: 'anybody', password: token}});
		const page = await context.newPage();
		await page.clock.install();
		page.setDefaultTimeout(60_000);
		const faults = faultsOf(page, url => url.startsWith(address));
		await page.goto(address);
		await page.locator('.news .card').first().waitFor();
		t.true(await page.locator('.news .card').count() > 10);
		await until('a poster is shown', async () => page.evaluate<boolean>('[...document.images].some(image => image.complete && image.naturalWidth > 100)'), 60_000);

		// Whoever searches sees what is found first.
		await page.fill('#search', 'potemkin');
		await page.locator('.count', {hasText: /^1 movie$/v}).waitFor();
		t.false(await page.locator('.news').isVisible());

		// An unchanged catalogue says nothing, and one that has changed is offered.
		await page.clock.fastForward(31_000);
		await page.waitForTimeout(500);
		t.is(await page.locator('.notice').count(), 0);
		await page.route('**/page/revision', async route => route.fulfill({json: {revision: 1_000_000}}));
		await page.clock.fastForward(31_000);
		await page.locator('.notice').click();
		await page.locator('.count', {hasText: /^1 movie$/v}).waitFor();
		t.is(await page.inputValue('#search'), 'potemkin');
		t.deepEqual(faults, []);

		// A bookmark may hold the password. Chromium then asks for each poster without it first.
		const bookmarked = await browser.newPage();
		await bookmarked.goto(`http://anybody:${token}@127.0.0.1:${port}/`);
		await bookmarked.evaluate('document.querySelectorAll("img").forEach(image => { image.loading = "eager"; })');
		await until('all posters are shown', async () => bookmarked.evaluate<boolean>('document.images.length > 25 && [...document.images].every(image => image.complete && image.naturalWidth > 1)'), 60_000);
		await bookmarked.clock.install();
		await bookmarked.reload();
		await bookmarked.route('**/page/revision', async route => route.fulfill({json: {revision: 1_000_000}}));
		await bookmarked.clock.fastForward(31_000);
		await bookmarked.locator('.notice').waitFor();

		const proxy = await startProxy(port!);
		t.teardown(proxy.close);
		for (const end of ['', '/']) {
			const below = await context.newPage();
			await below.goto(`${proxy.address}${end}`);
			await until('a poster is shown below a path', async () => below.evaluate<boolean>('[...document.images].some(image => image.complete && image.naturalWidth > 100)'), 60_000);
			t.is(below.url(), `${proxy.address}/`);
		}
	} finally {
		await browser.close();
		daemon.child.kill('SIGTERM');
		await daemon.finished;
	}
});
