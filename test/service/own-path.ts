import {mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {ownCli, requireLasting} from '../../source/service/own-path.js';
import {temporaryFolder} from '../helpers/store-records.js';

test('the program is found beside a chunk of the bundle and above a module, through links', async t => {
	const folder = await temporaryFolder(t);
	const real = path.join(folder, 'real');
	await mkdir(path.join(real, 'service'), {recursive: true});
	await writeFile(path.join(real, 'cli.js'), '');
	await symlink(real, path.join(folder, 'link'));
	for (const name of ['link/chunk-ABC.js', 'real/service/own-path.js']) {
		t.is(ownCli(pathToFileURL(path.join(folder, name)).href), path.join(real, 'cli.js'));
	}
});

test('a program that is nowhere is no service', async t => {
	const folder = await temporaryFolder(t);
	const error = t.throws(() => ownCli(pathToFileURL(path.join(folder, 'a/chunk.js')).href));
	t.true(isAppError(error, 'usage'));
});

test('usual places last', t => {
	for (const file of ['/usr/lib/node_modules/reelcat/dist/cli.js', '/home/ann/.nvm/versions/node/v24.1.0/bin/node', '/srv/tmp/reelcat/dist/cli.js', '/home/ann/src/my_npx/dist/cli.js']) {
		t.notThrows(() => {
			requireLasting(file);
		});
	}
});
