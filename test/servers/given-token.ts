import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {readSystemdToken, readTokenFile} from '../../source/servers/given-token.js';
import {temporaryFolder} from '../helpers/store-records.js';

test('a token file gives its line without the blanks around it; an empty one and a missing one are named', async t => {
	const folder = await temporaryFolder(t);
	const file = path.join(folder, 'token');
	await writeFile(file, '  secret-token \n');
	t.is(await readTokenFile(file), 'secret-token');
	await writeFile(file, ' \n');
	await t.throwsAsync(readTokenFile(file), {code: 'usage', message: `The token file ${file} is empty.`});
	await t.throwsAsync(readTokenFile(`${file}-gone`), {code: 'usage', message: /cannot be read \(ENOENT\)/v});
});

test('a credential that systemd hands over is taken, and without one there is none', async t => {
	const folder = await temporaryFolder(t);
	t.is(await readSystemdToken(undefined), undefined);
	t.is(await readSystemdToken(folder), undefined);
	await writeFile(path.join(folder, 'plex-token'), 'from-systemd\n');
	t.is(await readSystemdToken(folder), 'from-systemd');
	await mkdir(path.join(folder, 'other', 'plex-token'), {recursive: true});
	await t.throwsAsync(readSystemdToken(path.join(folder, 'other')), {code: 'usage', message: /cannot be read \(EISDIR\)/v});
});
