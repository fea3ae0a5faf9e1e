import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {exportFolder, mixedStore} from '../export/_exports.js';
import {runCommand} from '../helpers/run-command.js';

const open = async (t: ExecutionContext) => {
	const config = await exportFolder(t);
	const store = await mixedStore();
	return {
		config,
		run: async (...args: string[]) => runCommand(store, args, {env: {REELCAT_CONFIG_DIR: config}}),
	};
};

test('a saved export is made by its name; options win over its own, and a query narrows its query', async t => {
	const {run} = await open(t);
	t.regex((await run('exports')).stderr, /^No export is saved\. For instance/v);
	t.is((await run('exports', 'save', 'films', 'type:movie OR type:show', '--format', 'csv', '--columns', 'title,year')).stdout, 'Saved. To export: reelcat export --profile films\n');
	t.is((await run('export', '--profile', 'films')).stdout, '"title","year"\n"Älg",2001\n"Nosferatu",1922\n"Twin",\n"The Show",\n');
	t.is((await run('export', '--profile', 'films', 'has:year', '--format', 'tsv', '--columns', 'title')).stdout, '"title"\n"Älg"\n"Nosferatu"\n');
	t.deepEqual(JSON.parse((await run('exports', '--json')).stdout), {
		schema: 1, exports: [{
			name: 'films', format: 'csv', query: 'type:movie OR type:show', columns: 'title,year',
		}],
	});
	t.regex((await run('exports', 'list')).stdout, /^films +csv +type:movie OR type:show +--columns "title,year"$/mv);
	await run('exports', 'save', 'films', '--format', 'json');
	t.true((await run('export', '--profile', 'films')).stdout.startsWith('[\n'));
	t.is((await run('exports', 'remove', 'films')).stdout, 'Removed films.\n');
	await t.throwsAsync(run('export', '--profile', 'films'), {code: 'usage', message: 'There is no saved export "films".'});
});

test('the saved query and the given one stay apart: neither an OR nor an order of one reaches into the other', async t => {
	const {run} = await open(t);
	const titles = async (...query: string[]) => {
		const {stdout} = await run('export', '--profile', 'saved', '--format', 'csv', '--columns', 'title', ...query);
		return stdout.split('\n').slice(1, -1).map(line => line.slice(1, -1));
	};

	await run('exports', 'save', 'saved', 'type:movie sort:-title limit:2');
	t.deepEqual(await titles(), ['Twin', 'Nosferatu']);
	t.deepEqual(await titles('has:year'), ['Nosferatu', 'Älg']);
	t.deepEqual(await titles('limit:1'), ['Twin']);
	t.deepEqual(await titles('sort:title', 'limit:3'), ['Älg', 'Nosferatu', 'Twin']);
	t.deepEqual(await titles('nosferatu', 'OR', 'type:show'), ['Nosferatu']);
	await run('exports', 'save', 'saved', 'nosferatu OR type:show');
	t.deepEqual(await titles('type:show', 'OR', 'twin'), ['The Show']);
});

test('the file is kept with its whole path, and says the format', async t => {
	const {run, config} = await open(t);
	const file = path.relative(process.cwd(), path.join(config, 'weekly.csv'));
	await run('exports', 'save', 'weekly', '-o', file, '--columns', 'title', 'twin');
	const {exports: all} = JSON.parse((await run('exports', '--json')).stdout) as {exports: Array<{output: string; format: string}>};
	t.like(all[0], {output: path.join(config, 'weekly.csv'), format: 'csv'});
	await run('export', '--profile', 'weekly');
	t.is(await readFile(path.join(config, 'weekly.csv'), 'utf8'), '"title"\n"Twin"\n');
	t.is((await run('export', '--profile', 'weekly', '-o', '-')).stdout, '"title"\n"Twin"\n');
});

test('what is wrong is not saved', async t => {
	const {run} = await open(t);
	for (const name of ['Upper', '1st', '__proto__', 'with space', 'x'.repeat(41)]) {
		await t.throwsAsync(run('exports', 'save', name), {code: 'usage', message: /cannot be the name/v}, `It is ${name}.`);
	}

	await t.throwsAsync(run('exports', 'save', 'a', '--format', 'nonsense'), {message: 'There is no export format "nonsense".'});
	await t.throwsAsync(run('exports', 'save', 'a', '--format', 'csv', '--columns', 'yaer'), {message: 'There is no column "yaer".'});
	await t.throwsAsync(run('exports', 'save', 'a', 'gener:drama'), {message: /no field gener/v});
	await t.throwsAsync(run('exports', 'save', 'a', '--library', 'Flims'), {message: /no library "Flims"/v});
	await t.throwsAsync(run('exports', 'sav', 'a'), {message: 'There is no action "sav".'});
	await t.throwsAsync(run('exports', 'save'), {message: 'Name the saved export.'});
	await t.throwsAsync(run('exports', 'remove', 'constructor'), {message: 'There is no saved export "constructor".'});
	t.is((await run('exports', '--json')).stdout, '{"schema":1,"exports":[]}\n');
});
