import {existsSync} from 'node:fs';
import test from 'ava';
import {chromium, type Browser, type Page} from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(file => existsSync(file));

/**
A Chromium without a window that asks for nothing by itself.
*/
export const launch = async (): Promise<Browser> => chromium.launch({
	executablePath: executablePath!,
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

/**
What goes wrong in a page while it is open: errors, whatever it logs, and requests for other addresses.
*/
export const faultsOf = (page: Page, isOwn: (address: string) => boolean): string[] => {
	const faults: string[] = [];
	page.on('pageerror', error => {
		faults.push(error.message);
	});
	page.on('console', message => {
		faults.push(message.text());
	});
	page.on('request', request => {
		if (!isOwn(request.url())) {
			faults.push(`It asks for ${request.url()}.`);
		}
	});
	return faults;
};

/**
A test with a browser, which is skipped without one; `reason` for its name tells so.
*/
export const browserTest = executablePath === undefined ? test.skip : test.serial;
export const reason = executablePath === undefined ? ' (Chromium is not installed)' : '';
