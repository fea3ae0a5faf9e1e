import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {CatalogRecord, Library} from '../../source/catalog/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {commit} from '../commands/_past.js';
import {mediaFile, version} from '../helpers/events.js';
import {runCommand, type RunCommandOptions} from '../helpers/run-command.js';
import {
	fullItem,
	makeItem,
	makeLibrary,
	records,
	showItems,
} from '../query/_items.js';

/**
Titles that some program takes for something else than text.
*/
export const hostileTitles = [
	'=1+1',
	'+1',
	'-2+3',
	'@SUM(A1)',
	'\t=1+1',
	'\r=1+1',
	'  =HYPERLINK("http://127.0.0.1/")',
	'\u{FF1D}1+1',
	'He said "hi", twice',
	'Two\nlines\r\nand more',
	'Bell\u{7} and \u{1B}[31mred\u{1B}[0m \u{9B}1m',
	'Turned \u{202E}around\u{202C}',
	'\u{200F}שלום',
	'A lone \u{D800} surrogate',
	'\u{DC00}',
	'NUL\u{0} inside',
	String.raw`Pipe | and back\slash \|`,
	'<b>&amp;</b> `code` *star* _under_ [link](x) ~~gone~~ $x$',
	'00123',
	'1E3',
	'12345678901234567',
	'日本語の題名',
	'Family 👨‍👩‍👧 of three',
	'\'Quoted\'',
	'One; two, three',
	'100% #1? &c',
	'Artist - Title',
	'One / Two /\t/ Three',
	'constructor',
	'__proto__',
	'',
] as const;

export const storeWith = async (put: readonly CatalogRecord[], libraries: readonly Library[] = [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')]): Promise<CatalogStore> => {
	const store = createMemoryStore();
	await store.load();
	await commit(store, {libraries: [...libraries], put: [...put], events: []});
	return store;
};

/**
Two servers, each with a film in a library of the same title.
*/
export const twoServers = async (): Promise<CatalogStore> => {
	const libraries = ['server', 'barn'].map(serverId => ({...makeLibrary(`films-${serverId}`, 'Films'), serverId}));
	const store = await storeWith(libraries.flatMap(({id, serverId}) => [
		mediaFile(`f-${id}`, '/m/a.mkv', 1),
		makeItem(`m-${id}`, {
			libraryId: id, serverId, title: `Of ${serverId}`, versions: [version('1080', `f-${id}`)],
		}),
	]), libraries);
	const transaction = await store.begin();
	await transaction.putServer({id: 'barn', name: 'Barn'});
	await transaction.commit();
	return store;
};

/**
A film for each hostile title, with a file of that name.
*/
export const hostileRecords = (): CatalogRecord[] => hostileTitles.flatMap((title, index): CatalogRecord[] => [
	makeItem(`m${index + 100}`, {
		title,
		titleSort: String(index).padStart(3, '0'),
		year: 1920 + index,
		durationMs: 60_000 * (index + 1),
		ids: {imdb: [`tt00000${index + 10}`], tmdb: [], tvdb: []},
		viewState: {viewCount: 1, lastViewedAt: '2024-04-05T12:00:00Z', userRating: 7.5},
		genres: [`g${index}`],
		versions: [{id: `v${index}`, resolution: '1080', parts: [{fileId: `f${index}`}]}],
	}),
	{
		id: `f${index}`, kind: 'file', serverId: 'server', path: `/films/${title}/${title}.mkv`, sizeBytes: 1000 + index,
	},
	{
		id: `g${index}`, kind: 'tag', tagKind: 'genre', name: title,
	},
]);

/**
A film with everything, a show with its seasons and episodes, and two bare films.
*/
export const mixedRecords = (): CatalogRecord[] => [
	...records.values(),
	...showItems().filter(({id}) => !records.has(id)),
	{
		id: 'double', kind: 'file', serverId: 'server', path: '/shows/The Show/S01E03-E04.mkv', sizeBytes: 2_000_000_000,
	},
	fullItem,
	makeItem('movie43', {title: 'Twin', versions: [{id: 'm', parts: [{fileId: 'file1'}]}]}),
	makeItem('movie44', {title: 'Älg', year: 2001}),
];

export const hostileStore = async (): Promise<CatalogStore> => storeWith(hostileRecords());
export const mixedStore = async (): Promise<CatalogStore> => storeWith(mixedRecords());

/**
What an export of a store writes to stdout.
*/
export const exported = async (store: CatalogStore, ...args: readonly string[]): Promise<string> => {
	const {stdout} = await runCommand(store, ['export', ...args]);
	return stdout;
};

export const exportRun = async (store: CatalogStore, args: readonly string[], options: RunCommandOptions = {}) => runCommand(store, ['export', ...args], options);

export const exportFolder = async (t: Pick<ExecutionContext, 'teardown'>): Promise<string> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-export-test-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	return folder;
};

/**
Exports into a file of a folder of its own.
*/
export const exportToFile = async (t: Pick<ExecutionContext, 'teardown'>, store: CatalogStore, {name, args = []}: {name: string; args?: readonly string[]}) => {
	const file = path.join(await exportFolder(t), name);
	const ran = await exportRun(store, ['-o', file, ...args]);
	return {file, ...ran};
};

/**
What a terminal may obey, but for tabs and line breaks.
*/
export const obeyed = /[[\p{Control}\u{200E}\u{200F}\u{202A}-\u{202E}]--[\t\n]]/v;

/**
Reads text by RFC 4180. An undefined cell was empty and had no quotes; `quoted` says which cells had some.
*/
export const readDelimited = (text: string, delimiter = ','): Array<Array<{text: string; isQuoted: boolean}>> => {
	const rows: Array<Array<{text: string; isQuoted: boolean}>> = [];
	let row: Array<{text: string; isQuoted: boolean}> = [];
	const cell = new RegExp(String.raw`(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^"${delimiter}\r\n]*))(?<end>${delimiter}|\r?\n)`, 'gvy');
	let done = 0;
	for (const {0: all, groups} of text.matchAll(cell)) {
		const {quoted, plain = '', end} = groups as {quoted?: string; plain?: string; end: string};
		row.push({text: quoted?.replaceAll('""', '"') ?? plain, isQuoted: quoted !== undefined});
		done += all.length;
		if (end === delimiter) {
			continue;
		}

		rows.push(row);
		row = [];
	}

	if (done !== text.length) {
		throw new Error(`Not RFC 4180 from ${JSON.stringify(text.slice(done, done + 40))} on.`);
	}

	return rows;
};
