import {
	chmod,
	mkdir,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {closeOwnFolder} from '../../source/base/own-folder.js';
import {temporaryFolder} from '../helpers/store-records.js';

const modeAfter = async (folder: string) => {
	await chmod(folder, 0o755);
	await closeOwnFolder(folder, {isOnlyOurs: false});
	const {mode} = await stat(folder);
	return (mode % 0o1000).toString(8);
};

const unix = process.platform === 'win32' ? test.skip : test;

unix('a folder is closed to others if all that it holds is ours, the files of standing queries too', async t => {
	const folder = await temporaryFolder(t);
	const standing = path.join(folder, 'standing');
	await mkdir(standing);
	await writeFile(path.join(folder, 'catalog.json'), '');
	await writeFile(path.join(standing, 'query-unseen-4k.json'), '');
	t.is(await modeAfter(standing), '700');
	t.is(await modeAfter(folder), '700');
	await writeFile(path.join(folder, 'letter.txt'), '');
	t.is(await modeAfter(folder), '755');
});
