import {AppError, isAppError} from '../base/errors.js';
import {formatBytes, formatCount, plural} from '../base/text/format.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import {chosenColumns, referencesOf} from '../export/export-columns.js';
import {
	formatOptions,
	type ExportFormat,
	type ExportSource,
	type FileFormat,
	type FolderFormat,
} from '../export/format.js';
import {loadExportFormat} from '../export/formats/registry.js';
import {rowLevels} from '../export/levels.js';
import {exportOrder, sortedLibraryIds} from '../export/order.js';
import {inThread, quickestLines} from '../export/lines.js';
import {
	exportRows,
	type IdLists,
	type RowSource,
} from '../export/rows.js';
import {listIds, type Lister} from '../query/among.js';
import {compileQuery} from '../query/language/compile.js';
import type {Plan} from '../query/language/plan.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {narrowedPlan, planWithin} from '../query/plan-within.js';
import {recordValues} from '../query/record-values.js';
import type {CatalogIndex, ItemSummary} from '../query/types.js';
import {oneOf} from '../reports/read-flags.js';
import type {ReportAnswers, ReportSources} from '../reports/report.js';
import {print, type CommandContext} from './command.js';
import {exitCodes} from './exit-codes.js';
import {explainFormat, explainFormats} from './export-explain.js';
import type {WrittenFolder} from './export-folder.js';
import {staleParts, writeToFiles, writeToStdout} from './export-output.js';
import {exportRequest, type ExportOptions, type ExportRequest} from './export-request.js';
import {createLiveLines} from './live-lines.js';
import {requireImported, withSources} from './report-command.js';

export const runExportCommand = async (context: CommandContext): Promise<number> => {
	const {flags} = context;
	const isExplained = flags.boolean('explain') === true;
	if (isExplained && ['format', 'output', 'profile'].every(name => flags.string(name) === undefined)) {
		await explainFormats(context);
		return exitCodes.ok.code;
	}

	const request = exportRequest(context);
	const format = await loadExportFormat(request.format);
	const chosen = readExport(request, format);
	if (isExplained) {
		await explainFormat(context, request.format, {format, columns: chosen.columns});
		return exitCodes.ok.code;
	}

	if ('files' in format) {
		requireFolder(request);
	}

	return orCancelled(context.signal, async () => withSources(context, async sources => {
		const {output} = request;
		await requireImported(request, sources);
		const progress = createProgress(context, output !== undefined);
		const posters = await postersOf(request, context, sources);
		const {source, total} = await openSource(request, {
			...chosen, poster: posters?.poster, sources, signal: context.signal, progress,
		});
		progress.begin(total);
		try {
			if ('files' in format) {
				const folder = await writeFolder(request, {format, source, sources});
				progress.end();
				await tellFolder(context, folder, progress.items());
			} else if (output === undefined) {
				await writeToStdout(request.format, format, source, context);
			} else {
				const files = await writeToFiles(output, format, source);
				progress.end();
				await tellFiles(context, {
					output, files, items: progress.items(), format,
				});
			}

			const failed = posters?.failed();
			if (failed !== undefined) {
				context.io.say(failed);
			}
		} finally {
			progress.end();
		}

		return exitCodes.ok.code;
	}));
};

// Most exports have neither pictures nor a folder.
const postersOf = async ({posters}: ExportRequest, {session}: CommandContext, sources: ReportSources) => {
	if (posters !== true) {
		return undefined;
	}

	const {openPosters} = await import('./export-posters.js');
	return openPosters(session, sources, await sources.store());
};

const writeFolder = async (request: ExportRequest, {format, source, sources}: {format: FolderFormat; source: ExportSource; sources: ReportSources}): Promise<WrittenFolder> => {
	const [{writeToFolder}, {openPictures}] = await Promise.all([import('./export-folder.js'), import('./export-artwork.js')]);
	return writeToFolder(requireFolder(request), format, source, {
		isBeside: request.beside === true,
		isOverwriting: request.overwrite === true,
		fetchPicture: request.artwork === true ? await openPictures(sources) : undefined,
	});
};

const requireFolder = ({format, output}: Pick<ExportRequest, 'format' | 'output'>): string => {
	if (output === undefined) {
		throw new AppError('usage', `${format} writes a folder.`, {hint: 'Name it with -o DIR.'});
	}

	return output;
};

const cancelled = () => new AppError('cancelled', 'The export was cut short.');

// What is aborted throws the reason, which is the number of an exit code.
const orCancelled = async (signal: AbortSignal, work: () => Promise<number>): Promise<number> => {
	try {
		return await work();
	} catch (error) {
		throw signal.aborted && !isAppError(error) ? cancelled() : error;
	}
};

type Chosen = Pick<ExportSource, 'columns' | 'columnNames' | 'level' | 'areColumnsChosen' | 'separator' | 'isExcel' | 'hasPaths'> & {
	/**
	The fields of the index that the export reads; `undefined` means all.
	*/
	fields: ReadonlyArray<keyof ItemSummary> | undefined;
};

// The index tells the order of an export, and which items belong together or share a file. Everything else is in the records.
const fieldsOfRecords: ReadonlyArray<keyof ItemSummary> = ['id', 'libraryId', 'type', 'showId', 'seasonId', 'fileIds', 'sortKey', 'year', 'seasonNumber', 'episodeNumber', 'releaseDate'];

/**
Checks what was asked for against what the format takes.

@throws {AppError} 'usage'
*/
export const readExport = ({format: name, rows, columns, separator, ...flags}: ExportOptions, {takes, columns: ofFormat, defaults}: ExportFormat): Chosen => {
	const given = {rows, separator, ...flags};
	const isOwn = typeof ofFormat !== 'string';
	const refused = formatOptions.find(option => given[option] !== undefined && given[option] !== false && !takes.includes(option));
	if (refused !== undefined || (isOwn && columns !== undefined)) {
		throw new AppError('usage', `The format ${name} takes no --${refused ?? 'columns'}.`, {hint: `"reelcat export --explain --format ${name}" tells what it takes.`});
	}

	const level = oneOf(rows ?? 'item', rowLevels, wrong => `There are no rows of "${wrong}".`);
	const areColumnsChosen = columns !== undefined || level !== 'item';
	const names = columns?.split(',').map(column => column.trim()) ?? (level === 'item' ? defaults : undefined);
	return {
		level,
		areColumnsChosen,
		columns: isOwn ? [] : chosenColumns(names, level),
		columnNames: names,
		separator: separator ?? '; ',
		isExcel: flags.excel === true,
		hasPaths: flags.paths === true,
		fields: isOwn ? undefined : fieldsOfRecords,
	};
};

type Opening = Chosen & Pick<ExportSource, 'poster'> & {sources: ReportSources; signal: AbortSignal; progress: Pick<ExportProgress, 'count' | 'say'>};

const openSource = async (request: ExportRequest, {fields, sources, signal, progress, ...chosen}: Opening): Promise<{source: ExportSource; total: number | undefined}> => {
	const isQueried = request.savedQuery + request.query !== '';
	const answers = await sources.answers();
	const whole = answers === undefined ? await sources.index(isQueried ? undefined : fields) : undefined;
	const store = await sources.store();
	const libraries = await sources.pickLibraries(request.library);
	const header = store.header();
	const plan = await planOf(request, sources.queryWorld);
	const asked = plan && {
		plan, libraries, store, signal,
	};
	const found = asked && await foundIds(whole ?? answers!, asked);
	const queried = found && inItsOrder(asked.plan, found);
	const inAnyOrder = answers && queried?.ids === undefined ? await answers.exported({libraryIds: sortedLibraryIds(libraries), ids: found}) : undefined;
	const inOneOrder = queried?.ids ?? inAnyOrder;
	const ids = (): IdLists => inOneOrder === undefined
		? inOrder(whole!, {
			header, libraries, signal, wanted: queried?.wanted,
		})
		: [inOneOrder];
	const rowSource: RowSource = {
		store,
		index: whole ?? answers!.indexOfRecords,
		names: createLibraryNames(header),
		onItem() {
			if (signal.aborted) {
				throw cancelled();
			}

			progress.count();
		},
	};
	const rowsOf = (wanted: IdLists, rowLevel: ExportSource['level']) => exportRows(wanted, rowLevel, rowSource, referencesOf(chosen.columns));
	const total = queried?.count ?? inAnyOrder?.length ?? libraries.reduce((sum, {id}) => sum + whole!.count({libraryId: id}), 0);
	return {
		source: {
			...chosen,
			rows: (level = chosen.level) => rowsOf(ids(), level),
			lines: () => quickestLines(ids(), rowSource, total),
			threaded: (job, onRow) => inThread(ids(), rowSource, {total, job, onRow}),
			rowsByLibrary: () => rowsOf(queried?.ids === undefined ? ids() : byLibrary(queried.ids, whole ?? answers!.indexOf, libraries), chosen.level),
			header,
			say: progress.say,
			signal,
		},
		total,
	};
};

/**
What the saved query and the given one ask for together; undefined if both are empty.

@throws {QueryError}
*/
const planOf = async ({savedQuery, query}: Pick<ExportRequest, 'savedQuery' | 'query'>, queryWorld: () => Promise<QueryWorld>): Promise<Plan | undefined> => {
	const compiled = async (text: string) => text === '' ? undefined : compileQuery(text, await queryWorld());
	const [saved, given] = [await compiled(savedQuery), await compiled(query)];
	return saved === undefined || given === undefined ? given ?? saved : narrowedPlan(saved, given);
};

type QueriedExport = {
	plan: Plan;
	libraries: readonly Library[];
	store: Pick<CatalogStore, 'getMany'>;
	signal: AbortSignal;
};

const foundIds = async (source: Lister, {plan, libraries, store, signal}: QueriedExport): Promise<readonly string[]> =>
	listIds(source, {plan: planWithin(plan, {libraryIds: libraries.map(({id}) => id)})}, {signal, readValues: recordValues(store)});

/**
What a query finds: in its own order if it has one, else as a set for the order of an export.
*/
const inItsOrder = (plan: Plan, ids: readonly string[]) => plan.sort.length > 0 || plan.limit !== undefined ? {count: ids.length, ids} : {count: ids.length, wanted: new Set(ids)};

async function * byLibrary(ids: readonly string[], whole: CatalogIndex | ReportAnswers['indexOf'], libraries: readonly Library[]): AsyncGenerator<readonly string[]> {
	const index = typeof whole === 'function' ? await whole(ids) : whole;
	const groups = new Map(sortedLibraryIds(libraries).map(id => [id, [] as string[]]));
	for (const id of ids) {
		groups.get(index.value(id, 'libraryId')!)?.push(id);
	}

	yield * groups.values();
}

type Ordered = {header: CatalogHeader; libraries: readonly Library[]; signal: AbortSignal; wanted: ReadonlySet<string> | undefined};

const inOrder = (index: CatalogIndex, {header, libraries, signal, wanted}: Ordered): AsyncIterable<readonly string[]> => {
	const ids = exportOrder(index, header, {libraryIds: libraries.map(library => library.id), signal});
	return wanted === undefined ? ids : only(ids, wanted);
};

async function * only(lists: AsyncIterable<readonly string[]>, wanted: ReadonlySet<string>): AsyncGenerator<readonly string[]> {
	for await (const ids of lists) {
		yield ids.filter(id => wanted.has(id));
	}
}

const progressEveryMs = 100;

/**
The line on a terminal that says how far an export into a file is.
*/
const createProgress = ({io: {stderr, say}}: Pick<CommandContext, 'io'>, isToFile: boolean) => {
	const live = isToFile && stderr.isTTY ? createLiveLines(stderr) : undefined;
	let items = 0;
	let total: number | undefined;
	let shownMs = -Infinity;
	const show = () => {
		shownMs = performance.now();
		live?.show([`${formatCount(items)}${total === undefined ? '' : ` of ${formatCount(total)}`} items`]);
	};

	return {
		begin(of: number | undefined) {
			total = of;
		},
		count() {
			items++;
			if (live !== undefined && performance.now() - shownMs >= progressEveryMs) {
				show();
			}
		},
		items: () => items,
		/**
		Says something above the line, which would otherwise erase it.
		*/
		say(line: string) {
			if (live === undefined) {
				say(line);
				return;
			}

			live.above(() => {
				say(line);
			});
		},
		end() {
			live?.show([]);
		},
	};
};

type ExportProgress = ReturnType<typeof createProgress>;

type Told = {output: string; files: Awaited<ReturnType<typeof writeToFiles>>; items: number; format: FileFormat};

const tellFiles = async (context: CommandContext, {output, files, items, format}: Told) => {
	const {io, flags} = context;
	if (flags.boolean('json') === true) {
		await print(context, {items, files}, '');
	} else {
		for (const {path, bytes} of files) {
			io.say(`${path}: ${formatBytes(bytes)}`);
		}

		io.say(`From ${plural(items, 'item')}.`);
	}

	const stale = format.mostBytes === undefined ? undefined : await staleParts(output, files.length);
	if (stale !== undefined) {
		io.say(`${stale} is of an earlier export and no part of this one.`);
	}
};

const tellFolder = async (context: CommandContext, folder: WrittenFolder, items: number) => {
	if (context.flags.boolean('json') === true) {
		await print(context, {items, folder}, '');
		return;
	}

	const {folderLines} = await import('./export-folder.js');
	for (const line of [...folderLines(folder), `From ${plural(items, 'item')}.`]) {
		context.io.say(line);
	}
};
