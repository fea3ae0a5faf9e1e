import {
	chmod,
	mkdir,
	readdir,
	readFile,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {AppError} from '../../source/base/errors.js';
import {nodeFileSystem} from '../../source/base/file-system.js';
import {canTakeAnyName} from '../../source/commands/export-folder.js';
import {isOwnNfo} from '../../source/export/nfo/nfo.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {exportFolder, exportRun} from '../export/_exports.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {commit} from './_past.js';

/**
A library whose media lie in a folder, which has those of Orsa and Salt, but not those of Gone.
*/
const withMedia = async (t: ExecutionContext, title = 'Orsa') => {
	const folder = await exportFolder(t);
	const media = path.join(folder, 'media');
	await mkdir(path.join(media, 'Orsa (2016)'), {recursive: true});
	await writeFile(path.join(media, 'Orsa (2016)', 'Orsa.mkv'), '');
	await writeFile(path.join(media, 'Salt.mkv'), '');
	return {folder, media, store: await storeOf(media, title)};
};

const storeOf = async (media: string, title: string): Promise<CatalogStore> => {
	const store = createMemoryStore();
	await store.load();
	const films = ['Orsa (2016)/Orsa.mkv', 'Salt.mkv', 'Gone/Gone.mkv', '../outside.mkv'];
	await commit(store, {
		libraries: [{...makeLibrary('films', 'Films'), locations: [media]}],
		put: films.flatMap((name, index) => [
			makeItem(`m${index}`, {title: index === 0 ? title : `Film ${index}`, titleSort: String(index), versions: [{id: `v${index}`, parts: [{fileId: `f${index}`}]}]}),
			{
				id: `f${index}`, kind: 'file' as const, serverId: 'server', path: `${media}/${name}`,
			},
		]),
		events: [],
	});
	return store;
};

const filesBelow = async (folder: string) => (await readdir(folder, {recursive: true, withFileTypes: true}))
	.filter(entry => !entry.isDirectory())
	.map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
	.toSorted();

const nfo = async (store: CatalogStore, folder: string, ...args: string[]) => {
	const {stderr} = await exportRun(store, ['--format', 'nfo', '-o', folder, ...args]);
	return stderr.replaceAll(folder, 'DIR');
};

test('a new folder appears when it is whole, and the same catalogue gives the same files', async t => {
	const {folder, store} = await withMedia(t);
	const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')] as const;
	t.is(await nfo(store, first), '1 file has a name of which Kodi takes no notice, because two items play the same file or a name is not safe, for instance Films/__/outside.nfo.\nDIR: 4 files written.\nFrom 4 items.\n');
	await nfo(store, second);
	t.deepEqual(await filesBelow(first), ['Films/Gone/Gone.nfo', 'Films/Orsa (2016)/Orsa.nfo', 'Films/Salt.nfo', 'Films/__/outside.nfo']);
	for (const name of await filesBelow(first)) {
		t.deepEqual(await readFile(path.join(first, name)), await readFile(path.join(second, name)));
		t.true(isOwnNfo(await readFile(path.join(first, name), 'utf8')));
	}

	t.deepEqual((await readdir(folder)).toSorted(), ['first', 'media', 'second']);
});

test('a new folder that cannot be finished is not there at all', async t => {
	const {folder, store} = await withMedia(t);
	let reads = 0;
	const failing: CatalogStore = {
		...store,
		async getMany(ids, options) {
			reads += options?.kind === 'item' ? ids.length : 0;
			if (reads > 2) {
				throw Object.assign(new Error('The disk is gone.'), {code: 'EIO'});
			}

			return store.getMany(ids, options);
		},
	};
	await t.throwsAsync(nfo(failing, path.join(folder, 'out')), {code: 'not-writable'});
	t.deepEqual(await readdir(folder), ['media']);
});

test('what a killed export left is removed by the next one', async t => {
	const {folder, store} = await withMedia(t);
	const left = path.join(folder, '.out.999999999.0123456789abcdef.tmp');
	await mkdir(path.join(left, 'Films'), {recursive: true});
	await writeFile(path.join(left, 'Films', 'Orsa.nfo'), '<movie');
	await nfo(store, path.join(folder, 'out'));
	t.deepEqual((await readdir(folder)).toSorted(), ['media', 'out']);
});

test('in a folder that is there, what has not changed stays, and what reelcat wrote is replaced', async t => {
	const {folder, media, store} = await withMedia(t);
	const out = path.join(folder, 'out');
	await nfo(store, out, 'Orsa OR Film');
	const before = await stat(path.join(out, 'Films/Salt.nfo'));
	// A usual umask takes away what the group may write.
	await chmod(path.join(out, 'Films/Orsa (2016)/Orsa.nfo'), 0o666);
	t.regex(await nfo(await storeOf(media, 'Orsa Again'), out), /^DIR: 1 file written, 3 files unchanged\.$/mv);
	t.regex(await readFile(path.join(out, 'Films/Orsa (2016)/Orsa.nfo'), 'utf8'), /<title>Orsa Again</v);
	t.is((await stat(path.join(out, 'Films/Orsa (2016)/Orsa.nfo'))).mode % 0o1000, 0o666);
	t.is((await stat(path.join(out, 'Films/Salt.nfo'))).mtimeMs, before.mtimeMs);
});

test('beside the media, only media that are there below the folder get a file', async t => {
	const {folder, media, store} = await withMedia(t);
	t.is(await nfo(store, media, '--beside'), '1 file left out, because the path of the media has names that no file should have.\nDIR: 2 files written.\n1 file left out, because the media are not there.\nFrom 4 items.\n');
	t.deepEqual(await filesBelow(folder), ['media/Orsa (2016)/Orsa.mkv', 'media/Orsa (2016)/Orsa.nfo', 'media/Salt.mkv', 'media/Salt.nfo']);
	t.regex(await nfo(store, path.join(media, 'Orsa (2016)'), '--beside'), /^3 items left out, because the folder does not hold their files\.\nDIR: 0 files written, 1 file unchanged\.$/mv);
});

test('a file that reelcat did not write, or that was changed since, stays, and one line says so; --overwrite replaces it', async t => {
	const {media, store} = await withMedia(t);
	await nfo(store, media, '--beside');
	const [foreign, changed] = [path.join(media, 'Orsa (2016)', 'Orsa.nfo'), path.join(media, 'Salt.nfo')] as const;
	await writeFile(foreign, '<movie><title>My own</title></movie>');
	const edited = (await readFile(changed, 'utf8')).replace('Film 1', 'Salt');
	await writeFile(changed, edited);
	t.regex(await nfo(store, media, '--beside'), /^2 files were there already and not written by reelcat, so nothing was changed there, for instance DIR[\/\\]Orsa \(2016\)[\/\\]Orsa\.nfo\. --overwrite replaces them\.$/mv);
	t.is(await readFile(foreign, 'utf8'), '<movie><title>My own</title></movie>');
	t.is(await readFile(changed, 'utf8'), edited);
	t.regex(await nfo(store, media, '--beside', '--overwrite'), /^DIR: 2 files written\.$/mv);
	t.regex(await readFile(foreign, 'utf8'), /<title>Orsa<\/title>/v);
	t.true(isOwnNfo(await readFile(changed, 'utf8')));
});

const withLinks = process.platform === 'win32' ? test.skip : test;

withLinks('a link is never followed, also not with --overwrite', async t => {
	const {folder, media, store} = await withMedia(t);
	const outside = path.join(folder, 'outside.txt');
	await writeFile(outside, 'mine');
	await symlink(outside, path.join(media, 'Salt.nfo'));
	await symlink(path.join(folder, 'nowhere'), path.join(media, 'Orsa (2016)', 'Orsa.nfo'));
	t.regex(await nfo(store, media, '--beside', '--overwrite'), /^2 files were there already/mv);
	t.is(await readFile(outside, 'utf8'), 'mine');
	t.deepEqual((await readdir(folder)).toSorted(), ['media', 'outside.txt']);
});

test('with --json it tells what became of the files as an object', async t => {
	const {media, store} = await withMedia(t);
	await writeFile(path.join(media, 'Salt.nfo'), 'mine');
	const {stdout} = await exportRun(store, ['--format', 'nfo', '--beside', '--json', '-o', media]);
	t.deepEqual(JSON.parse(stdout), {
		schema: 1,
		items: 4,
		folder: {
			path: media, written: 1, unchanged: 0, kept: [path.join(media, 'Salt.nfo')], withoutMedia: 1, withoutPicture: 0,
		},
	});
});

test('a folder with the longest name that there may be is written, and so is a file in it', async t => {
	const folder = await exportFolder(t);
	const name = 'x'.repeat(251);
	const store = await storeOf(folder, 'Orsa');
	await commit(store, {
		libraries: [], put: [{
			id: 'f0', kind: 'file', serverId: 'server', path: `${folder}/${name}.mkv`,
		}], events: [],
	});
	const out = path.join(folder, 'y'.repeat(255));
	await nfo(store, out);
	await nfo(store, out, '--overwrite');
	t.true((await filesBelow(out)).includes(`Films/${name}.nfo`));
});

test('what cannot be written is said, with a way out', async t => {
	const {folder, media, store} = await withMedia(t);
	const wrong = async (...args: string[]) => {
		const error = await t.throwsAsync<Error & {hint?: string}>(exportRun(store, ['--format', 'nfo', ...args]), {instanceOf: AppError});
		return `${error.message} ${error.hint}`.replaceAll(folder, 'DIR');
	};

	t.is(await wrong(), 'nfo writes a folder. Name it with -o DIR.');
	t.is(await wrong('-o', '-'), 'nfo writes a folder. Name it with -o DIR.');
	t.is(await wrong('-o', path.join(media, 'Salt.mkv')), `DIR${path.sep}media${path.sep}Salt.mkv is no folder. Name a folder with -o.`);
	t.is(await wrong('-o', path.join(folder, 'gone', 'out')), `There is no folder DIR${path.sep}gone. Make it first, or name another folder with -o.`);
	t.is(await wrong('-o', path.join(folder, 'gone'), '--beside'), `There is no folder DIR${path.sep}gone. With --beside, name the folder that holds the media with -o.`);
	await mkdir(path.join(folder, 'out'));
	await writeFile(path.join(folder, 'out', 'Films'), '');
	t.regex(await wrong('-o', path.join(folder, 'out')), /Films.* could not be written \((?:EEXIST|ENOTDIR)\)\. Check the folder and its disk, or name another folder with -o\.$/v);
	await t.throwsAsync(exportRun(store, ['--format', 'csv', '--beside']), {code: 'usage', message: 'The format csv takes no --beside.'});
	await t.throwsAsync(exportRun(store, ['--format', 'nfo', '-o', folder, '--excel']), {code: 'usage', message: 'The format nfo takes no --excel.'});
});

test('a disk that does not take the names that Linux takes is noticed, and nothing is left on it', async t => {
	const folder = await exportFolder(t);
	for (const [code, isTaken] of [['EINVAL', false], ['ENOENT', false], ['EACCES', true]] as const) {
		const fs: typeof nodeFileSystem = {
			...nodeFileSystem,
			async open(file) {
				throw Object.assign(new Error(String(file)), {code: path.basename(String(file)).includes(':') ? code : 'EIO'});
			},
		};
		t.is(await canTakeAnyName(folder, fs), isTaken);
	}

	t.is(await canTakeAnyName(folder), process.platform !== 'win32');
	t.deepEqual(await readdir(folder), []);
});
