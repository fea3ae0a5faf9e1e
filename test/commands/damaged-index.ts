import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {keepForNextStart} from '../../source/app/index-loader.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {writeFilms} from '../helpers/films-on-disk.js';
import {runCommand} from '../helpers/run-command.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem} from '../query/_items.js';

const lines = [
	['ls', 'ferry'], ['ls', 'sort:-size limit:3', '--json'], ['ls', 'year:1990..1999', '--format', 'csv'], ['ls', 'actor:nobody'], ['ls'], ['show', 'i7'], ['show', 'ferry year:1992'],
];

test('whatever is damaged of the kept index, lists and items are told as the records have them', async t => {
	t.timeout(120_000);
	const folder = await temporaryFolder(t);
	// Also the smallest catalogue has its records in the document.
	const store = await writeFilms(folder, Array.from({length: 60}, (_, number) => makeItem(`i${number}`, {
		// Together they are long enough to be read in parts.
		title: `Ferry ${number}${' to the north'.repeat(40)}`, year: 1980 + number, genres: ['g1'], directors: ['p1'], versions: [{id: '1', resolution: '4k', parts: [{fileId: `f${number}`}]}],
	})), {restBytes: 0});
	await keepForNextStart(folder, store);

	const file = path.join(folder, 'catalog.index');
	const good = await readFile(file);
	const {groups} = JSON.parse(good.toString('utf8', 24, 24 + good.readUInt32LE(16))) as {groups: {columns: Array<{name: string; offset: number; bytes: number; parts?: number[]}>}};
	t.true(groups.columns.some(({name, parts}) => name === 'title.text' && parts?.length === 2));
	const start = Math.ceil((24 + good.readUInt32LE(16)) / 8) * 8;
	const answers = async () => {
		const told = [];
		for (const line of lines) {
			told.push(await runCommand(folder, line, {columns: 100}));
		}

		return told;
	};

	const before = await answers();
	t.true(before.every(({exitCode, stdout}, index) => exitCode === 0 && (stdout !== '' || index === 3)));
	for (const {name, offset, bytes} of groups.columns) {
		if (bytes === 0) {
			continue;
		}

		const at = start + offset + Math.floor(bytes / 2);
		await writeFile(file, Uint8Array.from(good).with(at, good[at]! ^ 1)); // eslint-disable-line no-bitwise -- one bit
		t.deepEqual(await answers(), before, name);
	}
});

test('who reads first keeps the index that an import left out as it is now, also while somebody writes', async t => {
	const folder = await temporaryFolder(t);
	// Of a smaller catalogue all is in memory, and nothing is kept.
	await writeFilms(folder, Array.from({length: 50}, (_, number) => makeItem(`i${number}`, {title: `Ferry ${number}`, summary: 'To the north. '.repeat(10_000)})));

	const file = path.join(folder, 'catalog.index');
	const writer = await openCatalog({folder});
	const before = await runCommand(folder, ['ls', 'ferry', '--json'], {columns: 100});
	t.is(before.exitCode, 0);
	const kept = await readFile(file);
	t.deepEqual(await runCommand(folder, ['ls', 'ferry', '--json'], {columns: 100}), before);
	await writer.close({isQuick: true});
	t.deepEqual(await runCommand(folder, ['ls', 'ferry', '--json'], {columns: 100}), before);
	t.deepEqual(await readFile(file), kept);
	await rm(file);
	t.false((await runCommand(folder, ['ls', '--at', '2020-01-01'], {columns: 100})).stdout.includes('Ferry'));
	t.deepEqual(await readFile(file), kept);
});
