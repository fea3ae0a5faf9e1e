import {existsSync} from 'node:fs';
import test from 'ava';
import {chromium, type Browser} from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(file => existsSync(file));

/**
A Chromium without a window that asks for nothing by itself.
*/
export const launch = async (): Promise<Browser> => chromium.launch({
	executablePath: executablePath!,
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

/**
A test with a browser, which is skipped without one; `reason` for its name tells so.
*/
export const browserTest = executablePath === undefined ? test.skip : test.serial;
export const reason = executablePath === undefined ? ' (Chromium is not installed)' : '';
