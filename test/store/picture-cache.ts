import {
	mkdtemp,
	readdir,
	rm,
	stat,
	utimes,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openPictureCache} from '../../source/store/picture-cache.js';

const inFolder = async (body: (folder: string) => Promise<void>) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-cache-'));
	try {
		await body(path.join(folder, 'pictures'));
	} finally {
		await rm(folder, {recursive: true});
	}
};

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);

test('a picture is there again in the next app, and only its owner can read it', async t => {
	await inFolder(async folder => {
		await openPictureCache(folder).put(['server', '/thumb/1', '9x9'], bytes(3, 7));
		const again = openPictureCache(folder);
		t.deepEqual(new Uint8Array((await again.get(['server', '/thumb/1', '9x9']))!), bytes(3, 7));
		t.is(await again.get(['server', '/thumb/2', '9x9']), undefined);
		t.is(await again.get(['server', '/thumb/1', '8x8']), undefined);
		const [name] = await readdir(folder);
		t.regex(name!, /^[\da-f]{40}\.picture$/v);
		const {mode} = await stat(path.join(folder, name!));
		t.is(mode % 0o1000, 0o600);
		t.is((await stat(folder)).mode % 0o1000, 0o700);
	});
});

test('the bound holds, and what was looked at longest ago goes first', async t => {
	await inFolder(async folder => {
		const cache = openPictureCache(folder, {maxBytes: 100});
		for (const name of ['a', 'b', 'c']) {
			await cache.put([name], bytes(30));
		}

		for (const name of await readdir(folder)) {
			await utimes(path.join(folder, name), 1, 1);
		}

		const next = openPictureCache(folder, {maxBytes: 100});
		t.truthy(await next.get(['a']));
		await next.put(['d'], bytes(50));
		t.truthy(await next.get(['a']));
		t.truthy(await next.get(['d']));
		t.deepEqual([await next.get(['b']), await next.get(['c'])], [undefined, undefined]);
		const sizes = await Promise.all((await readdir(folder)).map(async name => stat(path.join(folder, name))));
		t.true(sizes.reduce((sum, {size}) => sum + size, 0) <= 100);
	});
});

test('what an app that was killed left half-written goes, and files of others stay', async t => {
	await inFolder(async folder => {
		await openPictureCache(folder).put(['a'], bytes(1));
		await writeFile(path.join(folder, 'half.picture.1.tmp'), '');
		await writeFile(path.join(folder, 'notes.txt'), '');
		await openPictureCache(folder).put(['b'], bytes(1));
		t.is((await readdir(folder)).filter(name => name.endsWith('.tmp')).length, 0);
		t.true((await readdir(folder)).includes('notes.txt'));
	});
});

test('a disk that refuses is as if there were no cache', async t => {
	await inFolder(async folder => {
		await writeFile(folder, 'a file in the place of the folder');
		const cache = openPictureCache(folder);
		await t.notThrowsAsync(cache.put(['a'], bytes(1)));
		t.is(await cache.get(['a']), undefined);
	});
});
