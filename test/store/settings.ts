import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {resolveFolders} from '../../source/store/folders.js';
import {openSettings} from '../../source/store/settings.js';
import type {StoredServer} from '../../source/store/settings-schema.js';

const inFolder = async (body: (folder: string) => Promise<void>) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-settings-'));
	try {
		await body(folder);
	} finally {
		await rm(folder, {recursive: true});
	}
};

test('choices are remembered per server, and the client identifier stays the same', async t => {
	await inFolder(async folder => {
		const settings = openSettings(folder);
		const identifier = await settings.clientIdentifier();
		const writer = await settings.writer();
		writer.setChosenLibraries('attic', ['films']);
		writer.setChosenLibraries('cellar', []);
		writer.setChosenLibraries('attic', ['films', 'series']);
		writer.setTheme('warm');
		t.is(openSettings(folder).theme(), 'warm');
		writer.setServer({id: 'attic', name: 'Attic', url: 'http://attic:32400'});
		writer.setMouse(false);

		const again = openSettings(folder);
		t.is(await again.clientIdentifier(), identifier);
		t.deepEqual(again.chosenLibraries('attic'), ['films', 'series']);
		t.deepEqual(again.chosenLibraries('cellar'), []);
		t.is(again.chosenLibraries('garage'), undefined);
		t.like(again.server(), {name: 'Attic'});
		t.false(again.mouse());
		writer.setMouse(undefined);
		t.deepEqual(again.queries(), []);
		writer.saveQuery({name: 'unseen', query: 'watched:no'});
		writer.saveQuery({name: 'constructor', query: 'person:bricklin'});
		writer.saveQuery({name: 'unseen', query: 'watched:no type:movie'});
		t.deepEqual(openSettings(folder).queries(), [{name: 'constructor', query: 'person:bricklin'}, {name: 'unseen', query: 'watched:no type:movie'}]);
		t.true(writer.removeQuery('constructor'));
		t.false(writer.removeQuery('toString'));
		t.deepEqual(openSettings(folder).queries().map(({name}) => name), ['unseen']);
		t.is(again.columns(), undefined);
		writer.setColumns({movies: [{name: 'year'}, {name: 'size', width: 12}]});
		t.deepEqual(openSettings(folder).columns(), {movies: [{name: 'year'}, {name: 'size', width: 12}]});
		t.is(openSettings(folder).mouse(), undefined);
		const {mode} = await stat(path.join(folder, 'settings.json'));
		t.is(mode % 0o1000, 0o600);
	});
});

test('the columns of now take the place of the hidden ones of earlier versions, and other lists stay', async t => {
	await inFolder(async folder => {
		const file = path.join(folder, 'settings.json');
		await writeFile(file, JSON.stringify({theme: 'dark', hiddenColumns: ['rating', 'sound'], columns: {movies: [{name: 'year'}], artists: [{name: 'albums'}]}}));
		const settings = openSettings(folder);
		t.deepEqual(settings.hiddenColumns(), ['rating', 'sound']);
		const writer = await settings.writer();
		writer.setColumns({movies: undefined, shows: [{name: 'year'}]});
		t.deepEqual(JSON.parse(await readFile(file, 'utf8')), {theme: 'dark', columns: {artists: [{name: 'albums'}], shows: [{name: 'year'}]}});
	});
});

test('settings that cannot be read are reported, not emptied', async t => {
	await inFolder(async folder => {
		await writeFile(path.join(folder, 'settings.json'), '{"server":');
		const error = t.throws<AppError>(() => openSettings(folder).server(), {instanceOf: AppError});
		t.is(error.code, 'damaged');
	});
	await inFolder(async folder => {
		const file = path.join(folder, 'settings.json');
		await mkdir(file);
		const error = t.throws<AppError>(() => openSettings(folder).server(), {instanceOf: AppError});
		t.is(error.message, `${file} cannot be read (EISDIR).`);
	});
});

const wrong: ReadonlyArray<readonly [key: string, json: unknown]> = [
	['clientIdentifier', {clientIdentifier: 7}],
	['clientIdentifier', {clientIdentifier: 'two\nlines'}],
	['server', {server: 'Attic'}],
	['server.id', {server: {name: 'Attic', url: 'http://attic:32400'}}],
	['server.url', {server: {id: 'attic', name: 'Attic', url: 'attic'}}],
	['fullSyncDays', {fullSyncDays: '7'}],
	['fullSyncDays', {fullSyncDays: -1}],
	['pictures', {pictures: 'ascii'}],
	['mouse', {mouse: 'on'}],
	['hiddenColumns', {hiddenColumns: 'rating'}],
	['columns.movies', {columns: {movies: 'year'}}],
	['columns.shows.1.width', {columns: {shows: [{name: 'year'}, {name: 'size', width: 0}]}}],
	['chosenLibraries', {chosenLibraries: {attic: ['films']}}],
	['chosenLibraries.0.libraryIds', {chosenLibraries: [{serverId: 'attic', libraryIds: 'films'}]}],
	['chosenLibraries.0', {chosenLibraries: ['films']}],
];

test('the servers that were connected before are known until they are forgotten or another one has their address', async t => {
	await inFolder(async folder => {
		const settings = openSettings(folder);
		const writer = await settings.writer();
		const [attic, barn, loft] = ['Attic', 'Barn', 'Loft'].map(name => ({id: name.toLowerCase(), name, url: `http://${name.toLowerCase()}:32400`})) as [StoredServer, StoredServer, StoredServer];
		writer.setServer(attic);
		t.deepEqual(JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8')), {server: attic});
		writer.setServer(barn);
		writer.setServer({...attic, name: 'New attic'});
		t.deepEqual(openSettings(folder).servers(), [{...attic, name: 'New attic'}, barn]);
		writer.setServer({...loft, url: attic.url});
		t.deepEqual(settings.servers().map(({id}) => id), ['loft', 'barn']);
		writer.forgetServer('loft');
		t.is(settings.server(), undefined);
		t.deepEqual(settings.servers(), [barn]);
		writer.setServer(loft);
		writer.forgetServer('barn');
		t.deepEqual(settings.servers(), [loft]);
	});
});

test('a setting of a wrong type is named by whatever reads or changes the settings, and stays as it is', async t => {
	await inFolder(async folder => {
		const file = path.join(folder, 'settings.json');
		const early = openSettings(folder);
		const writer = await early.writer();
		for (const [key, json] of wrong) {
			const text = JSON.stringify(json);
			await writeFile(file, text);
			const uses: Array<() => unknown> = [
				() => openSettings(folder),
				() => early.server(),
				() => early.chosenLibraries('attic'),
				() => early.fullSyncDays(),
				() => early.watch(),
				() => {
					writer.setServer({id: 'a', name: 'A', url: 'http://a'});
				},
				() => {
					writer.forgetServer('attic');
				},
			];
			for (const use of uses) {
				const error = t.throws<AppError>(use, {instanceOf: AppError, code: 'usage'});
				t.true(error.message.startsWith(`The setting ${key} in settings.json cannot be used: `), error.message);
			}

			await t.throwsAsync(early.clientIdentifier(), {instanceOf: AppError, code: 'usage'});

			t.is(await readFile(file, 'utf8'), text);
		}

		await writeFile(file, '[]');
		t.throws(() => openSettings(folder), {message: /^What is in settings\.json cannot be used/v});
		await writeFile(file, '\u{FEFF}{"fullSyncDays": 3, "later": true}');
		t.is(early.fullSyncDays(), 3);
		writer.setFullSyncDays(4);
		t.like(JSON.parse(await readFile(file, 'utf8')), {later: true, fullSyncDays: 4});
	});
});

test('the folders are those of the environment, else of XDG, else in the home', t => {
	const of = (env: NodeJS.ProcessEnv, isDemo = false) => resolveFolders(env, '/home/ada', {isDemo});
	t.deepEqual(of({}), {config: '/home/ada/.config/reelcat', data: '/home/ada/.local/share/reelcat', state: '/home/ada/.local/state/reelcat'});
	t.deepEqual(of({XDG_CONFIG_HOME: '/x/config', XDG_DATA_HOME: 'relative', XDG_STATE_HOME: '/x/state'}), {config: '/x/config/reelcat', data: '/home/ada/.local/share/reelcat', state: '/x/state/reelcat'});
	const own = {REELCAT_CONFIG_DIR: '/c', REELCAT_DATA_DIR: '/d', REELCAT_STATE_DIR: '/s'};
	t.deepEqual(of({...own, XDG_DATA_HOME: '/x', XDG_STATE_HOME: '/x'}), {config: '/c', data: '/d', state: '/s'});
	t.deepEqual(of(own, true), {config: '/c/demo', data: '/d/demo', state: '/s/demo'});
	for (const home of ['', 'ada']) {
		t.deepEqual(resolveFolders(own, home, {isDemo: false}), {config: '/c', data: '/d', state: '/s'});
		t.throws(() => resolveFolders({...own, REELCAT_STATE_DIR: ''}, home, {isDemo: false}), {message: /^There is no home folder/v});
	}
});
