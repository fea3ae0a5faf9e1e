import {readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';

/**
Makes every write to a file take a while, so that there is time for a signal in between.
*/
const slowWrites = `data:text/javascript,${encodeURIComponent(`
	import {open} from 'node:fs/promises';
	const handle = await open(process.execPath);
	const prototype = Object.getPrototypeOf(handle);
	const {write} = prototype;
	prototype.write = async function (...args) {
		await new Promise(resolve => setTimeout(resolve, 150));
		return write.apply(this, args);
	};
	await handle.close();
`)}`;

const writesBegun = async (folder: string) => {
	for (;;) {
		const name = (await readdir(folder)).find(entry => entry.endsWith('.tmp'));
		if (name !== undefined && (await readFile(path.join(folder, name))).length > 0) {
			return;
		}

		await sleep(20);
	}
};

test('Ctrl-C leaves the file that was there and nothing beside it; what a kill leaves the next export removes', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const file = path.join(home, 'all.ndjson');
	const folder = async () => (await readdir(home)).filter(name => name.includes('all.ndjson'));
	await writeFile(file, 'before');
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
		const {child, finished} = startReelcat(home, ['export', '--demo', '-o', file], {env: {NODE_OPTIONS: `--import=${slowWrites}`}});
		await writesBegun(home);
		child.kill(signal);
		const {exitCode, stderr} = await finished;
		t.is(exitCode, {SIGINT: 130, SIGTERM: 143, SIGKILL: undefined}[signal], `It says: ${stderr}`);
		t.is(await readFile(file, 'utf8'), 'before', `It was ${signal}.`);
		t.is((await folder()).length, signal === 'SIGKILL' ? 2 : 1, `It was ${signal}.`);
		t.false(stderr.includes('bug'), `It says: ${stderr}`);
	}

	const {exitCode, stderr} = await runReelcat(home, ['export', '--demo', '-o', 'all.ndjson']);
	t.is(exitCode, 0, `It says: ${stderr}`);
	t.deepEqual(await folder(), ['all.ndjson']);
	t.is(await readFile(file, 'utf8'), (await runReelcat(home, ['export', '--demo'])).stdout);
});
