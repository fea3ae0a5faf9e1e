import process from 'node:process';
import type {Flags} from '../base/flags.js';
import {jsonLine} from '../base/text/json.js';
import type {CsvTable} from '../reports/printers/data.js';
import {readFormat} from '../reports/read-flags.js';
import {
	noCatalogue,
	type CatalogCheck,
	type Presentation,
	type ReportAnswers,
	type ReportCommand,
	type ReportSources,
	type TextForm,
} from '../reports/report.js';
import {namedServerId} from '../app/current-server.js';
import {fillIndex, isIndexWanted, keepForNextStart} from '../app/index-loader.js';
import {queryWorldOf} from '../app/query-index.js';
import {logFolder} from '../app/log-folder.js';
import {createLibraryNames, listLibraryNames, type NameScope} from '../catalog/library-names.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CellsByName} from '../base/columns/cells.js';
import {AppError, isAppError} from '../base/errors.js';
import {once} from '../base/once.js';
import {loadRuns, type ListedRun} from '../history/runs.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import type {ItemSummary} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {exitCodes} from './exit-codes.js';
import {emptyText, tableLook, type CommandContext} from './command.js';

/**
Runs the command of a report. It reads, prints as `--json` or `--format` say, and changes nothing.
*/
export const runReportCommand = async (context: CommandContext, answer: ReportCommand['answer'], flags: Flags = {}): Promise<number> => {
	const flag = flags['format'];
	const form = flag === undefined ? 'table' : readFormat(context.flags, flag);
	let isKeptUsed = false;
	const print = async (options: SourcesOptions) => withSources(context, async sources => {
		const {presentation, data} = await answer(context, sources);
		return printData(context, presentation, data, form);
	}, options);

	try {
		return await print({
			onKept() {
				isKeptUsed = true;
			},
		});
	} catch (error) {
		// What was kept of the catalogue is read piece by piece, and nothing has been printed yet when a piece turns out to be damaged. The records say the same.
		if (!isKeptUsed || !isAppError(error) || error.code !== 'damaged') {
			throw error;
		}

		return print({isKeptLeftOut: true});
	}
};

type SourcesOptions = {
	/**
	What was kept of the catalogue for a quick start is not used.
	*/
	isKeptLeftOut?: boolean;
	/**
	Told when it is.
	*/
	onKept?: () => void;
};

/**
Prints the data of a report as text, as CSV, or with `--json` as JSON.

@returns the exit code
*/
export const printData = async <Data>(
	{flags, io}: Pick<CommandContext, 'flags' | 'io'>,
	{text, json, jsonText = value => jsonLine(json(value)), csv, others, remark, isWell}: Presentation<Data>,
	data: Data,
	form: TextForm = 'table',
): Promise<number> => {
	const other = others?.[form];
	if (form === 'json' || flags.boolean('json') === true) {
		await io.out(jsonText(data));
	} else {
		const table = form === 'csv' || form === 'tsv' ? csv?.(data) : undefined;
		const printed = table === undefined ? other?.(data) : await printedTable(table, form);
		await (printed === undefined ? printLines(io, text(data, tableLook(io))) : io.out(printed));
		const line = remark?.(data, form);
		if (line !== undefined) {
			io.say(line);
		}
	}

	return isWell?.(data) === false ? exitCodes.failed.code : exitCodes.ok.code;
};

// Only who wants a table for a spreadsheet loads what prints it.
const printedTable = async (table: CsvTable, form: TextForm): Promise<string> => {
	const {csvText} = await import('../reports/printers/csv.js');
	return csvText(table, form === 'tsv' ? '\t' : ',');
};

// Text is written in pieces of about so many characters, because a reader may be slow or end early.
export const pieceLength = 65_536;

const printLines = async ({out}: Pick<CommandContext['io'], 'out'>, lines: readonly string[]) => {
	let piece = '';
	for (const line of lines) {
		piece += `${line}\n`;
		if (!(piece.length >= pieceLength)) {
			continue;
		}

		await out(piece);
		piece = '';
	}

	if (piece !== '') {
		await out(piece);
	}
};

/**
Opens the sources that a reading command uses. It never takes the lock of the catalogue, so it works during an import. An index that it had to make from the records is kept for the next start.

@throws AppError of the store
*/
export const withSources = async <Value>(context: CommandContext, use: (sources: ReportSources) => Promise<Value>, {isKeptLeftOut = false, onKept}: SourcesOptions = {}): Promise<Value> => {
	const {session, io, signal} = context;
	let opened: OpenedCatalog | undefined;
	let isIndexed = false;
	let made: {columns: CellsByName; revision: number} | undefined;
	const open = async () => {
		opened ??= await session.openStore({access: 'read'});
		return opened;
	};

	const store = once(async () => {
		const loaded = await open();
		await loaded.load();
		return loaded;
	});

	let isEmptyTold = false;
	const readIndex = async (fields?: ReadonlyArray<keyof ItemSummary>) => {
		const index = createCatalogIndex();
		const read = await open();
		const revision = await fillIndex(read, index, {fields, isKeptLeftOut});
		isIndexed = true;
		if (revision !== undefined && isIndexWanted(session.folders().data, read)) {
			// Whoever gets the index may take it back to an earlier moment.
			made = {columns: await index.save(), revision};
		}

		if (!isKeptLeftOut && read.kept() !== undefined) {
			onKept?.();
		}

		if (!isEmptyTold && index.size() === 0) {
			isEmptyTold = true;
			io.say(emptyText(session));
		}

		return index;
	};

	const wholeIndex = once(async () => readIndex());

	const readAnswers = async (): Promise<ReportAnswers | undefined> => {
		const read = await open();
		const {answers} = read;
		// Of an empty catalogue the index says so.
		if (answers === undefined || read.header().libraries.every(({counts}) => Object.values(counts).every(count => count === 0))) {
			return undefined;
		}

		const {indexOfItems, indexOfRecords} = await import('../app/asked-index.js');
		const answered = {store: read, answers};
		return {...answers, indexOf: async ids => indexOfItems(answered, ids), indexOfRecords: async items => indexOfRecords(answered, items)};
	};

	// Whoever has the index need not read the records too.
	const readHeader = async () => {
		const read = isIndexed ? await open() : await store();
		return read.header();
	};

	try {
		const queryWorld = async () => {
			const header = await readHeader();
			return queryWorldOf({header: () => header}, session);
		};

		return await use({
			store,
			index: async fields => fields === undefined ? wholeIndex() : readIndex(fields),
			header: readHeader,
			answers: readAnswers,
			async records() {
				const read = await open();
				return isKeptLeftOut || read.kept() === undefined ? store() : read;
			},
			runs: once(async () => readRuns(context)),
			logFolder: logFolder(session),
			now: () => new Date(),
			queryWorld,
			async matcher(query, until) {
				const {pastMatcher} = await import('../history/past-matches.js');
				return pastMatcher(query, {
					index: wholeIndex, answers: readAnswers, store, queryWorld, signal,
				}, until);
			},
			pickLibraries: async name => pickLibraries(context, await readHeader(), name),
			pickLibraryIds: async name => pickLibraryIds(context, await readHeader(), name),
			async connect() {
				const [{header}, {joinOrClose}] = await Promise.all([store(), import('../app/join-catalog.js')]);
				return joinOrClose(session, await session.connect({signal}), {
					catalog: {header, async load() {/* loaded */}}, signal, say: io.say,
				});
			},
			async check() {
				const loaded = await store();
				await loaded.prove();
				return checkQuietly(loaded, session.storeAddress() === undefined ? session.folders().data : undefined);
			},
			async openAddress(address) {
				const {openInBrowser} = await import('../app/opening.js');
				return openInBrowser(address, {env: io.env, platform: process.platform, signal});
			},
			say: io.say,
			signal,
		});
	} finally {
		await opened?.close();
		if (made !== undefined && opened?.header().revision === made.revision && !signal.aborted) {
			const {columns} = made;
			await keepForNextStart(session.folders().data, opened, async () => columns);
		}
	}
};

// The store checks who writes before it reads the records, and a run may begin or end in between. So a run counts as interrupted only if it seems so twice.
const readRuns = async ({session}: CommandContext): Promise<ListedRun[]> => {
	let doubted: string | undefined;
	for (;;) {
		const store = await session.openStore({access: 'read'});
		try {
			await store.load();
			const runs = await loadRuns(store);
			const [newest] = runs;
			if (newest?.status !== 'interrupted' || newest.id === doubted) {
				return runs;
			}

			doubted = newest.id;
		} finally {
			await store.close();
		}
	}
};

const attempts = 3;

/**
Checks catalogue and history at one moment: a commit in between would look like a fault. `folder` has the files of the history, if there are any.

@throws AppError 'locked'
*/
const checkQuietly = async (store: CatalogStore, folder: string | undefined): Promise<CatalogCheck> => {
	const [{checkHistory}, {checkHistoryFiles}] = await Promise.all([import('../store/check-history.js'), import('../store/check-history-files.js')]);
	for (let attempt = 0; attempt < attempts; attempt++) {
		let isDisturbed = false;
		const unsubscribe = store.subscribe(() => {
			isDisturbed = true;
		});
		const {revision} = store.header();
		const files: Awaited<ReturnType<typeof checkHistoryFiles>> = folder === undefined ? {since: undefined, problems: []} : await checkHistoryFiles(folder);
		const {catalog, events, tombstones, held, problems} = await checkHistory(store);
		unsubscribe();
		if (!isDisturbed) {
			return {
				revision,
				records: catalog.records,
				events,
				tombstones,
				held,
				...(files.since !== undefined && {historySince: files.since}),
				problems: [...catalog.problems, ...files.problems, ...problems],
			};
		}
	}

	throw new AppError('locked', 'The catalogue changes while it is verified.', {hint: 'Wait for the import or sync to end, then try again.'});
};

/**
Finds the libraries of the catalogue that a name and `--server` mean, see `createLibraryNames`. Without either it returns all.

@throws AppError 'usage' that lists what exists
*/
const pickLibraries = async ({session}: Pick<CommandContext, 'session'>, header: CatalogHeader, name: string | undefined): Promise<Library[]> => {
	const within = await namedServerId(session, header);
	const own = header.libraries.filter(library => within === undefined || library.serverId === within);
	return name === undefined ? own : [requireLibrary(header, name, {within})];
};

/**
The one library of the catalogue that a name means.

@throws AppError 'usage' for a name of no library, or of several; it lists what exists
*/
export const requireLibrary = (header: CatalogHeader, name: string, scope: NameScope): Library => {
	const names = createLibraryNames(header);
	const library = names.one(name, scope);
	if (library !== undefined) {
		return library;
	}

	const serverId = scope.within ?? scope.near;
	const own = header.libraries.filter(entry => serverId === undefined || entry.serverId === serverId);
	const place = serverId !== undefined && names.hasSeveralServers ? ` of ${names.serverName(serverId) ?? 'this server'}` : '';
	const elsewhere = scope.near === undefined ? [] : names.find(name).map(({id}) => `"${names.placed(id)!}"`);
	const existing = own.length === 0 ? 'Nothing has been imported yet: reelcat import' : orNearest(name, own.flatMap(({id, title}) => [title, names.placed(id)!]), `There is: ${listLibraryNames(names, own)}.`);
	throw new AppError('usage', `There is no library "${clean(name)}"${place} in the catalogue.`, {
		hint: elsewhere.length === 0 ? existing : `Another server has it: ${elsewhere.join(', ')}. ${existing}`,
	});
};

// Returns undefined if nothing was named: then records that belong to no library any more count, too.
const pickLibraryIds = async (context: Pick<CommandContext, 'session'>, header: CatalogHeader, name: string | undefined): Promise<string[] | undefined> => {
	if (name === undefined && context.session.serverName() === undefined) {
		return undefined;
	}

	const libraries = await pickLibraries(context, header, name);
	return libraries.map(({id}) => id);
};

/**
An empty file would take the place of what an earlier export wrote there.
*/
export const requireImported = async ({output}: {output: string | undefined}, {header}: ReportSources): Promise<void> => {
	const known = output === undefined ? undefined : await header();
	if (known?.revision === 0) {
		throw new AppError('usage', noCatalogue, {hint: '"reelcat import" brings everything from the server.'});
	}
};
