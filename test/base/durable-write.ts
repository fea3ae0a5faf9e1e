import {Buffer} from 'node:buffer';
import {
	lstat,
	readdir,
	readFile,
	stat,
	symlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {
	durableWrite,
	isLinked,
	sweepTemps,
	temporaryName,
} from '../../source/base/durable-write.js';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {createFaults} from '../helpers/store-faults.js';
import {temporaryFolder} from '../helpers/store-records.js';

test('chunks of text and bytes become the file, with the mode asked for and nothing left over', async t => {
	const folder = await temporaryFolder(t);
	const file = path.join(folder, 'file');
	t.deepEqual(await durableWrite(file, ['é', Buffer.from('b'), '']), {sizeBytes: 3, isDurable: true});
	t.is(await readFile(file, 'utf8'), 'éb');
	t.is((await stat(file)).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
	t.deepEqual(await readdir(folder), ['file']);
});

test('a system that takes a few bytes at a time still gets them all', async t => {
	const file = path.join(await temporaryFolder(t), 'file');
	const fs = {
		...nodeFileSystem,
		async open(...values: Parameters<typeof nodeFileSystem.open>) {
			const handle = await nodeFileSystem.open(...values);
			const write = handle.write.bind(handle) as (bytes: Uint8Array, offset: number, length: number, position: number | null) => Promise<{bytesWritten: number}>; // eslint-disable-line @typescript-eslint/no-restricted-types
			return Object.assign(handle, {write: async (bytes: Uint8Array, offset: number, length: number) => write(bytes, offset, Math.min(length, 7), null)});
		},
	};
	const text = 'a short write must not cut the file '.repeat(20);
	await durableWrite(file, [text], {fs});
	t.is(await readFile(file, 'utf8'), text);
});

test('calls for one file follow one another, and the last one stays', async t => {
	const file = path.join(await temporaryFolder(t), 'file');
	const order: string[] = [];
	async function * slow(text: string) {
		order.push(`${text} begins`);
		yield text;
		await Promise.resolve();
		order.push(`${text} ends`);
	}

	const results = await Promise.allSettled([
		durableWrite(file, slow('one')),
		durableWrite(file, slow('two'), {
			async beforeRename() {
				throw new TypeError('refused');
			},
		}),
		durableWrite(file, slow('three')),
	]);
	t.deepEqual(results.map(({status}) => status), ['fulfilled', 'rejected', 'fulfilled']);
	t.deepEqual(order, ['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
	t.is(await readFile(file, 'utf8'), 'three');
});

test('a link stays a link, and its file is replaced', async t => {
	const folder = await temporaryFolder(t);
	const [real, link] = [path.join(folder, 'real'), path.join(folder, 'link')];
	await writeFile(real, 'old');
	await symlink(real, link);
	await durableWrite(link, ['new']);
	t.true((await lstat(link)).isSymbolicLink());
	t.is(await readFile(real, 'utf8'), 'new');
});

test('a folder that cannot be synced is no failure where the system knows no such thing, and a doubt where it fails', async t => {
	const file = path.join(await temporaryFolder(t), 'file');
	for (const [code, isDurable] of [['EINVAL', true], ['ENOTSUP', true], ['EIO', false]] as const) {
		const faults = createFaults();
		let syncs = 0;
		faults.failWhen(method => {
			syncs += method === 'sync' ? 1 : 0;
			return method === 'sync' && syncs === 2 ? code : undefined;
		});
		t.is((await durableWrite(file, [code], {fs: faults.fs})).isDurable, isDurable);
		t.is(await readFile(file, 'utf8'), code);
	}
});

test('left-overs of the dead are swept, those of the living stay', async t => {
	const folder = await temporaryFolder(t);
	const make = async (name: string) => writeFile(path.join(folder, name), '');
	const parent = `.other.json.${process.ppid}.0123456789abcdef.tmp`;
	await make('.catalog.json.999999999.0123456789abcdef.tmp');
	await make(`.catalog.json.${process.pid}.0123456789abcdef.tmp`);
	await make(parent);
	await make('catalog.json');
	await make('.notes.tmp');
	t.is(await sweepTemps(folder), 2);
	t.deepEqual((await readdir(folder)).toSorted(), ['.notes.tmp', parent, 'catalog.json']);
	await utimes(path.join(folder, parent), new Date(0), new Date(0));
	t.is(await sweepTemps(folder), 1);
	await make(`.catalog.json.${process.ppid}.0123456789abcdef.tmp`);
	t.is(await sweepTemps(folder, {owned: ['catalog.json']}), 1);
});

test('a write under way is not swept', async t => {
	const folder = await temporaryFolder(t);
	const file = path.join(folder, 'file');
	await durableWrite(file, ['kept'], {
		async beforeRename() {
			t.is(await sweepTemps(folder, {owned: ['file']}), 0);
		},
	});
	t.is(await readFile(file, 'utf8'), 'kept');
});

test('a disk without second names gives none, whatever it calls that', async t => {
	const file = path.join(await temporaryFolder(t), 'file');
	await writeFile(file, 'kept');
	for (const code of ['EPERM', 'ENOSYS', 'EIO']) {
		const fs = {
			...nodeFileSystem,
			async link() {
				throw Object.assign(new Error('link'), {code});
			},
		};
		t.false(await isLinked(file, `${file}.bak`, fs), `with ${code}`);
	}

	t.true(await isLinked(file, `${file}.bak`, nodeFileSystem));
});

test('a temporary file has a name that eCryptfs takes, whatever its target is called', t => {
	for (const name of ['x'.repeat(255), '日'.repeat(85)]) {
		t.true(Buffer.byteLength(temporaryName(name)) <= 143);
	}
});

test('a quota that is used up is a full disk, although Node.js has no name for it', async t => {
	const folder = await temporaryFolder(t);
	const faults = createFaults();
	faults.failWhen(method => method === 'write' ? 'Unknown system error -122' : undefined);
	const error = await t.throwsAsync<Error>(durableWrite(path.join(folder, 'file'), ['x'], {fs: faults.fs}), {code: 'disk-full'});
	t.regex(error.message, /the disk is full \(EDQUOT\)\.$/v);
});
