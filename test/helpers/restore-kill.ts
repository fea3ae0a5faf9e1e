import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdir, unlink} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {openCatalog} from '../../source/store/open-catalog.js';
import type {Item} from '../../source/catalog/types.js';
import {item, person, put} from './store-records.js';

const script = fileURLToPath(new URL(`restore-child${path.extname(import.meta.url)}`, import.meta.url));
const ids = Array.from({length: 12}, (_, index) => `i${index}`);

/**
Makes a catalogue and its backup.

@returns the file of the backup
*/
export const prepareRestores = async (folder: string): Promise<string> => {
	const store = await openCatalog({folder});
	await store.load();
	// Big enough that the document takes several writes.
	await put(store, ...ids.map(id => item(id, {title: 'backup', summary: 'x'.repeat(200_000), cast: [{personId: 'p1'}]})), {...person('p1'), name: 'backup'});
	const {file} = await store.backup();
	await store.close();
	return file;
};

/**
Lets a process restore and commit, kills it at a random instant after it has said `lines` times that it has done so, and examines what it left. `title` is that of the records: of the backup, or of a commit after it.
*/
export const killRestoreOnce = async (folder: string, backup: string, lines: number): Promise<{problems: string[]; title: string}> => {
	const child = spawn(process.execPath, [...process.execArgv, script, folder, backup], {stdio: ['ignore', 'pipe', 'inherit']});
	const closed = once(child, 'close');
	const told = createInterface({input: child.stdout});
	for (let line = 0; line < lines && child.exitCode === null; line++) {
		await Promise.race([once(told, 'line'), closed]);
	}

	await setTimeout(Math.random() * 40);
	const problems = child.exitCode === null ? [] : [`It ended by itself with ${child.exitCode}.`];
	child.kill('SIGKILL');
	await closed;

	// A reader and a writer must give the same answer.
	const reader = await openCatalog({folder, access: 'read'});
	await reader.load();
	const read = await reader.getMany(ids) as Item[];
	await reader.close();
	const store = await openCatalog({folder});
	await store.load();
	const {problems: found} = await store.check();
	const records = await store.getMany(ids) as Item[];
	const titles = new Set([...records, ...read].map(({title}) => title));
	const counter = await store.get('p1');
	if (records.length !== 12 || read.length !== 12 || titles.size !== 1 || counter?.kind !== 'person' || !titles.has(counter.name)) {
		problems.push(`${records.length} and ${read.length} records with the titles ${[...titles].join(', ')}`);
	}

	if (store.mode !== 'writer' || store.notice !== undefined) {
		problems.push(`Opened as ${store.mode}: ${store.notice ?? ''}`);
	}

	await store.close();
	const names = await readdir(folder);
	problems.push(...found, ...names.filter(name => name.endsWith('.tmp')).map(name => `Left over: ${name}`));
	await Promise.all(names.filter(name => name.includes('.corrupt-')).map(async name => unlink(path.join(folder, name))));
	return {problems, title: [...titles].join(', ')};
};
