import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {createBackups} from '../../source/store/backups.js';
import {migrations, schemaVersionOf} from '../../source/store/migrations.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {runCommand} from '../helpers/run-command.js';
import {item, put, temporaryFolder} from '../helpers/store-records.js';

const withBackups = async (t: Parameters<typeof temporaryFolder>[0], ...records: Array<ReturnType<typeof item>>) => {
	const folder = await temporaryFolder(t);
	const files: string[] = [];
	for (const [day, record] of records.entries()) {
		const store = await openCatalog({folder, now: () => new Date(Date.UTC(2026, 0, day + 1))});
		await store.load();
		await put(store, record);
		files.push((await store.backup()).file);
		await store.close();
	}

	return {folder, files};
};

const check = async (folder: string, ...flags: string[]) => {
	const {exitCode, stdout} = await runCommand(folder, ['backup', '--check', '--json', ...flags]);
	return {exitCode, backups: (JSON.parse(stdout) as {backups: Array<{file: string; records: number; problems: string[]}>}).backups};
};

test('--check proves the newest backup, --read-data every one, each with what a restore would find', async t => {
	const {folder, files} = await withBackups(t, item('i1'), item('i2'));
	const [first, second] = files;
	t.deepEqual(await check(folder), {exitCode: 0, backups: [{file: second!, records: 2, problems: []}]});
	const whole = await readFile(first!);
	whole[whole.length - 20] = 255 - whole.at(-20)!;
	await writeFile(first!, whole);
	t.is((await check(folder)).exitCode, 0);
	const {exitCode, backups} = await check(folder, '--read-data');
	t.is(exitCode, 1);
	t.deepEqual(backups.map(({file, problems}) => [file, problems.length]), [[second!, 0], [first!, 1]]);
	t.regex(backups[1]!.problems[0]!, /damaged/v);
	t.is((await runCommand(folder, ['backup', '--read-data'])).exitCode, 1);
});

test('a backup whose bytes are whole but whose records are not in order is found, too', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder});
	await store.load();
	await put(store, item('i1', {genres: ['t9']}));
	await store.close();
	// No store makes such a backup any more.
	const made = createBackups(path.join(folder, 'backups'), {fs: nodeFileSystem, now: () => new Date(), schemaVersion: schemaVersionOf(migrations)});
	const {file} = await made.copy(path.join(folder, 'catalog.json'), {revision: 1, schemaVersion: schemaVersionOf(migrations)});
	const {exitCode, backups} = await check(folder);
	t.is(exitCode, 1);
	t.deepEqual(backups, [{file, records: 1, problems: ['i1: tag t9 is not a tag of this catalogue.']}]);
});

test('without a backup nothing is proved', async t => {
	const folder = await temporaryFolder(t);
	const {exitCode, stdout} = await runCommand(folder, ['backup', '--check']);
	t.deepEqual([exitCode, stdout], [1, 'There is no backup yet.\n']);
});
