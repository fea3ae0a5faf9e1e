import {
	chmod,
	mkdir,
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import type {AppError} from '../../source/base/errors.js';
import {fileError, ifExists} from '../../source/base/file-system.js';
import {withWayOut, writeToFiles} from '../../source/commands/export-output.js';
import type {ExportSource, FileFormat} from '../../source/export/format.js';
import {exportFormats, loadExportFormat} from '../../source/export/formats/registry.js';
import {readStoreAddress} from '../../source/store/postgres/address.js';
import {storeFailure} from '../../source/store/postgres/failure.js';
import {
	exported,
	exportFolder,
	exportRun,
	mixedStore,
	storeWith,
} from '../export/_exports.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem} from '../query/_items.js';

const formats = await Promise.all(exportFormats.map(async name => ({name, isFolder: 'files' in await loadExportFormat(name)})));
const fileFormats = formats.filter(({isFolder}) => !isFolder).map(({name}) => name);

test('a file is written whole, for its owner alone, replaces the one before, and leaves nothing beside it', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	const file = path.join(folder, 'all.ndjson');
	await writeFile(file, 'before', {mode: 0o600});
	const {exitCode, stdout, stderr} = await exportRun(store, ['-o', file]);
	t.is(exitCode, 0);
	t.is(stdout, '');
	t.regex(stderr, /all\.ndjson: \d+\.\d kB\nFrom 13 items\.\n$/v);
	t.is(await readFile(file, 'utf8'), await exported(store));
	t.deepEqual(await readdir(folder), ['all.ndjson']);
	const other = path.join(folder, 'other.ndjson');
	await exportRun(store, ['-o', other]);
	t.is((await stat(other)).mode % 0o1000, process.platform === 'win32' ? 0o666 : 0o600);
});

// As for a web server that shows the page of a scheduled export.
test('a file that others may read stays so when it is made again, in every format', async t => {
	const store = await mixedStore();
	for (const name of fileFormats) {
		const file = path.join(await exportFolder(t), `all.${name}`);
		t.is((await exportRun(store, ['-o', file, '--format', name])).exitCode, 0);
		t.is((await stat(file)).mode % 0o1000, process.platform === 'win32' ? 0o666 : 0o600, name);
		// Whatever the umask of the service is.
		await chmod(file, 0o666);
		t.is((await exportRun(store, ['-o', file, '--format', name])).exitCode, 0);
		t.is((await stat(file)).mode % 0o1000, 0o666, name);
	}
});

test('where there is no catalogue, an export leaves the file of an earlier one as it is', async t => {
	const folder = await exportFolder(t);
	const file = path.join(folder, 'all.csv');
	await writeFile(file, 'before');
	for (const args of [['-o', file], ['-o', path.join(folder, 'nfo'), '--format', 'nfo']]) {
		await t.throwsAsync(runCommand(path.join(folder, 'not-mounted'), ['export', ...args]), {code: 'usage', message: /^There is no catalogue here/v});
	}

	t.is(await readFile(file, 'utf8'), 'before');
	t.deepEqual(await readdir(folder), ['all.csv']);
	t.is((await runCommand(path.join(folder, 'not-mounted'), ['export'])).exitCode, 0);
});

test('the extension of the file says the format, unless --format does', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	for (const [name, beginning] of [['a.csv', '"id","type"'], ['a.TSV', '"id"\t"type"'], ['a.json', '[\n{"schema":2'], ['a.jsonl', '{"schema":2'], ['noextension', '{"schema":2'], ['a.2026-11-30', '{"schema":2'], ['Dr. No', '{"schema":2']] as const) {
		await exportRun(store, ['-o', path.join(folder, name)]);
		t.true((await readFile(path.join(folder, name), 'utf8')).startsWith(beginning), `It is ${name}.`);
	}

	await exportRun(store, ['-o', path.join(folder, 'b.csv'), '--format', 'json']);
	t.true((await readFile(path.join(folder, 'b.csv'), 'utf8')).startsWith('[\n'));
	t.is((await exportRun(store, ['-o', '-', '--format', 'json', '--columns', 'title', 'twin'])).stdout, '[\n{"title":"Twin"}\n]\n');
	await t.throwsAsync(exportRun(store, ['-o', path.join(folder, 'a.xls')]), {code: 'usage', message: 'No export format has the extension .xls.'});
});

test('a database that cannot be made in its place is made elsewhere and written there, and leaves nothing beside it', async t => {
	const folder = await exportFolder(t);
	const made: string[] = [];
	const format: FileFormat = {
		about: '', extension: 'sqlite', columns: [], takes: [],
		async writeFile(_, file) {
			made.push(path.dirname(file));
			await writeFile(made.length === 1 ? `${file}-journal` : file, 'whole');
			if (made.length === 1) {
				throw Object.assign(new Error('disk I/O error'), {code: 'ERR_SQLITE_ERROR'});
			}
		},
	};
	const file = path.join(folder, 'all.sqlite');
	t.deepEqual(await writeToFiles(file, format, {signal: new AbortController().signal} as ExportSource), [{path: file, bytes: 5}]);
	t.is(await readFile(file, 'utf8'), 'whole');
	t.deepEqual(await readdir(folder), ['all.sqlite']);
	t.is(made[0], folder);
	t.regex(made[1]!, /reelcat-export-/v);
	t.is(await ifExists(stat(made[1]!)), undefined);
});

test('with --json it tells what it has written as an object', async t => {
	const file = path.join(await exportFolder(t), 'all.csv');
	const {stdout} = await exportRun(await mixedStore(), ['-o', file, '--json']);
	t.deepEqual(JSON.parse(stdout), {schema: 1, items: 13, files: [{path: file, bytes: (await stat(file)).size}]});
});

test('an export that fails leaves the file as it was and nothing beside it', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	let reads = 0;
	const failing: typeof store = {
		...store,
		async getMany(ids, options) {
			reads += options?.kind === 'item' ? ids.length : 0;
			if (reads > 5) {
				throw Object.assign(new Error('The disk is gone.'), {code: 'EIO'});
			}

			return store.getMany(ids, options);
		},
	};
	for (const format of fileFormats) {
		reads = 0;
		const file = path.join(folder, format);
		await writeFile(file, 'before');
		await t.throwsAsync(exportRun(failing, ['-o', file, '--format', format]), undefined, `It is ${format}.`);
		t.is(await readFile(file, 'utf8'), 'before', `It is ${format}.`);
	}

	t.deepEqual((await readdir(folder)).toSorted(), fileFormats.toSorted());
});

test('what is cut short while items are read ends there, in every format', async t => {
	const films = Array.from({length: 1000}, (_, number) => makeItem(`movie${number}`, {viewState: {viewCount: 1}, ids: {imdb: [`tt${number}`], tmdb: [], tvdb: []}}));
	const store = await storeWith(films);
	const folder = await exportFolder(t);
	for (const format of exportFormats) {
		const controller = new AbortController();
		let reads = 0;
		const counting: typeof store = {
			...store,
			async getMany(ids, options) {
				// A signal, too, is only noticed when the event loop turns.
				if (reads === 0) {
					setImmediate(() => {
						controller.abort(130);
					});
				}

				reads += options?.kind === 'item' ? ids.length : 0;
				return store.getMany(ids, options);
			},
		};
		await t.throwsAsync(exportRun(counting, ['-o', path.join(folder, format), '--format', format], {signal: controller.signal}), {code: 'cancelled'}, `It is ${format}.`);
		t.true(reads < films.length, `It is ${format}, and ${reads} items were read.`);
	}

	t.deepEqual(await readdir(folder), []);
});

test('every format gives the same bytes for the same catalogue', async t => {
	const folder = await exportFolder(t);
	for (const format of fileFormats) {
		const [first, second] = [path.join(folder, `1.${format}`), path.join(folder, `2.${format}`)];
		for (const file of [first, second]) {
			await exportRun(await mixedStore(), ['-o', file, '--format', format]);
		}

		t.true((await readFile(first)).equals(await readFile(second)), `It is ${format}.`);
	}
});

test('only what killed exports into the same file have left is removed, and what cannot be removed stops nothing', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	// No process has this id.
	const leftover = (base: string) => `.${base}.4194305.0123456789abcdef.tmp`;
	for (const base of ['all.csv', 'all-2.csv', 'all-x.csv', 'other.csv']) {
		await writeFile(path.join(folder, leftover(base)), '');
	}

	await exportRun(store, ['-o', path.join(folder, 'all.csv')]);
	t.deepEqual((await readdir(folder)).toSorted(), [leftover('all-2.csv'), leftover('all-x.csv'), leftover('other.csv'), 'all.csv']);
	await exportRun(store, ['-o', path.join(folder, 'all.csv'), '--format', 'letterboxd']);
	t.deepEqual((await readdir(folder)).toSorted(), [leftover('all-x.csv'), leftover('other.csv'), 'all.csv']);
	await mkdir(path.join(folder, leftover('all.csv')));
	t.is((await exportRun(store, ['-o', path.join(folder, 'all.csv')])).exitCode, 0);
});

test('what cannot be written is said, with a way out', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	await t.throwsAsync(exportRun(store, ['-o', folder]), {code: 'usage', message: `${folder} is a folder.`});
	await t.throwsAsync(exportRun(store, ['-o', path.join(folder, 'gone', 'a.csv')]), {code: 'not-writable', message: `There is no folder ${path.join(folder, 'gone')}.`});
	await writeFile(path.join(folder, 'file'), '');
	await t.throwsAsync(exportRun(store, ['-o', path.join(folder, 'file', 'a.csv')]), {code: 'not-writable'});
});

test('where the catalogue fails while it is read, the hint is of the catalogue and not of the file', async t => {
	const store = await mixedStore();
	const failing: typeof store = {
		...store,
		async getMany(ids, options) {
			if (options?.kind !== 'item') {
				return store.getMany(ids, options);
			}

			throw storeFailure(Object.assign(new Error('canceling statement'), {code: '57014'}), readStoreAddress('postgres://reelcat@db/films'));
		},
	};
	const folder = await exportFolder(t);
	for (const format of exportFormats) {
		const error = await t.throwsAsync<AppError>(exportRun(failing, ['-o', path.join(folder, format), '--format', format]), {code: 'not-writable', message: /^The database .* took too long to answer\.$/v}, `It is ${format}.`);
		t.regex(error?.hint ?? '', /^Nothing was changed\./v, `It is ${format}.`);
	}
});

test('what can be done depends on why a file could not be written', t => {
	for (const [code, hint] of [['EACCES', 'Give your user the right to write there, or'], ['EROFS', 'The disk is mounted read-only: mount it writable, or'], ['EFBIG', 'FAT32 takes no file of 4 GiB, and "ulimit -f" may say what this shell allows: write to another disk, or'], ['EIO', 'Check the folder and its disk, or']] as const) {
		const error = withWayOut(fileError(Object.assign(new Error('It failed.'), {code}), '/media/usb/a.csv'), '/media/usb/a.csv', 'file') as AppError;
		t.is(error.hint, `${hint} name another file with -o.`);
	}
});

// The superuser may write everywhere.
const asUser = process.platform === 'win32' || process.getuid?.() === 0 ? test.skip : test;

asUser('a folder where nobody may write is said, with a way out', async t => {
	const locked = path.join(await exportFolder(t), 'locked');
	await mkdir(locked, {mode: 0o500});
	await t.throwsAsync(exportRun(await mixedStore(), ['-o', path.join(locked, 'a.csv')]), {code: 'not-writable', message: /a\.csv could not be written \(EACCES\)/v});
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a device is no file to write into', async t => {
	await t.throwsAsync(exportRun(await mixedStore(), ['-o', '/dev/full']), {code: 'usage', message: '/dev/full is not a plain file.'});
});

test('unknown formats, columns, rows and options of other formats are errors that say what was meant', async t => {
	const store = await mixedStore();
	const wrong = async (...args: string[]) => {
		const error = await t.throwsAsync<Error & {hint?: string}>(exportRun(store, args), {code: 'usage'});
		return `${error.message} ${error.hint}`;
	};

	t.regex(await wrong('--format', 'jsonn'), /^There is no export format "jsonn"\. Did you mean "json"\?/v);
	t.regex(await wrong('--format', 'constructor'), /^There is no export format "constructor"\. There is: ndjson, json, csv/v);
	t.regex(await wrong('--format', 'csv', '--columns', 'title,yaer'), /^There is no column "yaer"\. Did you mean "year"\?/v);
	t.regex(await wrong('--format', 'csv', '--columns', 'title,__proto__'), /^There is no column "__proto__"\./v);
	t.regex(await wrong('--format', 'csv', '--columns', 'title,file.path'), /^The column file\.path needs a row for each file\. Add --rows file\.$/v);
	t.regex(await wrong('--format', 'csv', '--columns', 'title,Title'), /is there twice/v);
	t.regex(await wrong('--format', 'csv', '--rows', 'files'), /^There are no rows of "files"\. Did you mean "file"\?/v);
	t.regex(await wrong('--format', 'json', '--excel'), /^The format json takes no --excel\. "reelcat export --explain --format json" tells/v);
	t.regex(await wrong('gener:drama'), /There is no field gener; did you mean genre\?/v);
	t.regex(await wrong('--explain', 'csv'), /takes no query.*--explain --format csv/v);
});

test('--explain tells the formats, and the columns of each with their fields', async t => {
	const store = await mixedStore();
	const {formats: explained} = JSON.parse((await exportRun(store, ['--explain', '--json'])).stdout) as {formats: Array<{name: string; about: string}>};
	t.deepEqual(explained.map(({name}) => name), [...exportFormats]);
	for (const name of exportFormats) {
		const {columns} = JSON.parse((await exportRun(store, ['--explain', '--format', name, '--json'])).stdout) as {columns: Array<Record<'name' | 'type' | 'field' | 'about', string>>};
		t.true(columns.length > 2, `It is ${name}.`);
		t.true(columns.every(column => column.name !== '' && column.field !== '' && column.about !== ''), `It is ${name}.`);
	}

	t.regex((await exportRun(store, ['--explain'])).stdout, /^csv +--columns --rows --separator --excel +Comma-separated/mv);
	t.regex((await exportRun(store, ['--explain', '--format', 'csv', '--columns', 'len,file.path', '--rows', 'file'])).stdout, /^len +integer +durationMs +How long it plays.* Unit: ms\nfile\.path +text +file\.path +The path/mv);
});

test('--explain tells of the format that a file or a saved export has, and refuses what the export would refuse', async t => {
	const store = await mixedStore();
	const config = await exportFolder(t);
	await runCommand(store, ['exports', 'save', 'weekly', '--format', 'tsv', '--rows', 'file', '--columns', 'title,file.path'], {env: {REELCAT_CONFIG_DIR: config}});
	const explained = async (...args: string[]) => {
		const {stdout} = await exportRun(store, ['--explain', '--json', ...args], {env: {REELCAT_CONFIG_DIR: config}});
		const {format, columns} = JSON.parse(stdout) as {format: string; columns: Array<{name: string}>};
		return [format, ...columns.map(({name}) => name)];
	};

	t.deepEqual(await explained('--profile', 'weekly'), ['tsv', 'title', 'file.path']);
	t.deepEqual(await explained('--profile', 'weekly', '--format', 'csv', '--columns', 'year'), ['csv', 'year']);
	t.deepEqual((await explained('-o', 'films.m3u')).slice(0, 2), ['m3u', '#EXTINF seconds']);
	await t.throwsAsync(explained('--format', 'json', '--excel'), {message: 'The format json takes no --excel.'});
	await t.throwsAsync(explained('--profile', 'monthly'), {message: 'There is no saved export "monthly".'});
});
