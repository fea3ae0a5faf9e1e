import {AppError, isAppError} from '../base/errors.js';
import {formatBytes, formatCount, plural} from '../base/text/format.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import {defaultColumns, exportColumns} from '../export/export-columns.js';
import {
	formatOptions,
	type ExportFormat,
	type ExportSource,
	type FileFormat,
} from '../export/format.js';
import {loadExportFormat} from '../export/formats/registry.js';
import {rowLevels, type RowLevel} from '../export/levels.js';
import {exportOrder} from '../export/order.js';
import {exportRows} from '../export/rows.js';
import {compileQuery} from '../query/language/compile.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {planWithin} from '../query/plan-within.js';
import {recordValues} from '../query/record-values.js';
import type {CatalogIndex} from '../query/types.js';
import {oneOf} from '../reports/read-flags.js';
import type {ReportSources} from '../reports/report.js';
import {print, type CommandContext} from './command.js';
import {exitCodes} from './exit-codes.js';
import {openPictures} from './export-artwork.js';
import {explainExport} from './export-explain.js';
import {folderLines, writeToFolder, type WrittenFolder} from './export-folder.js';
import {staleParts, writeToFiles, writeToStdout} from './export-output.js';
import {exportRequest, type ExportRequest} from './export-request.js';
import {createLiveLines} from './live-lines.js';
import {withSources} from './report-command.js';

export const runExportCommand = async (context: CommandContext): Promise<number> => {
	const request = exportRequest(context);
	if (context.flags.boolean('explain') === true) {
		return explainExport(context, request);
	}

	const format = await loadExportFormat(request.format);
	const chosen = readExport(request, format);
	if ('files' in format) {
		requireFolder(request);
	}

	return orCancelled(context.signal, async () => withSources(context, async sources => {
		const {output} = request;
		const progress = createProgress(context, output !== undefined);
		const {source, total} = await openSource(request, {
			...chosen, sources, context, onItem: progress.count,
		});
		progress.begin(total);
		try {
			if ('files' in format) {
				const folder = await writeToFolder(requireFolder(request), format, source, {
					isBeside: request.beside === true,
					isOverwriting: request.overwrite === true,
					fetchPicture: request.artwork === true ? await openPictures(sources) : undefined,
				});
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
		} finally {
			progress.end();
		}

		return exitCodes.ok.code;
	}));
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

type Chosen = Pick<ExportSource, 'columns' | 'areColumnsChosen' | 'separator' | 'isExcel' | 'hasPaths'> & {level: RowLevel};

/**
Checks what was asked for against what the format takes.

@throws {AppError} 'usage'
*/
export const readExport = ({format: name, rows, columns, separator, ...flags}: ExportRequest, {takes, columns: ofFormat, defaults}: ExportFormat): Chosen => {
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
		columns: isOwn ? [] : (names === undefined ? defaultColumns(level) : exportColumns(names, level)),
		separator: separator ?? '; ',
		isExcel: flags.excel === true,
		hasPaths: flags.paths === true,
	};
};

type Opening = Chosen & {sources: ReportSources; context: CommandContext; onItem: () => void};

const openSource = async ({library, query}: ExportRequest, {level, sources, context: {signal, io}, onItem, ...chosen}: Opening): Promise<{source: ExportSource; total: number | undefined}> => {
	const index = await sources.index();
	const store = await sources.store();
	const libraries = await sources.pickLibraries(library);
	const header = store.header();
	const queried = query === ''
		? undefined
		: await queriedIds(index, {
			query, libraries, store, world: await sources.queryWorld(), signal,
		});
	const names = createLibraryNames(header);
	const ids = () => queried?.ids ?? inOrder(index, {
		header, libraries, signal, wanted: queried?.wanted,
	});
	return {
		source: {
			...chosen,
			rows: (wanted = level, libraryId?: string) => exportRows(ids(), wanted, {
				store,
				index,
				names,
				libraryId,
				onItem() {
					if (signal.aborted) {
						throw cancelled();
					}

					onItem();
				},
			}),
			header,
			libraries,
			say: io.say,
			signal,
		},
		total: queried?.count ?? libraries.reduce((sum, {id}) => sum + index.count({libraryId: id}), 0),
	};
};

type QueriedExport = {
	query: string;
	libraries: readonly Library[];
	store: Pick<CatalogStore, 'getMany'>;
	world: QueryWorld;
	signal: AbortSignal;
};

/**
What a query finds: in its own order if it has one, else as a set for the order of an export.
*/
const queriedIds = async (index: CatalogIndex, {query, libraries, store, world, signal}: QueriedExport) => {
	const plan = await compileQuery(query, world);
	const ids = await index.list({plan: planWithin(plan, {libraryIds: libraries.map(({id}) => id)})}, {signal, readValues: recordValues(store)});
	return plan.sort.length > 0 || plan.limit !== undefined ? {count: ids.length, ids} : {count: ids.length, wanted: new Set(ids)};
};

type Ordered = {header: CatalogHeader; libraries: readonly Library[]; signal: AbortSignal; wanted: ReadonlySet<string> | undefined};

async function * inOrder(index: CatalogIndex, {header, libraries, signal, wanted}: Ordered): AsyncGenerator<string> {
	for await (const id of exportOrder(index, header, {libraryIds: libraries.map(library => library.id), signal})) {
		if (wanted === undefined || wanted.has(id)) {
			yield id;
		}
	}
}

const progressEveryMs = 100;

/**
The line on a terminal that says how far an export into a file is.
*/
const createProgress = ({io: {stderr}}: Pick<CommandContext, 'io'>, isToFile: boolean) => {
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
		end() {
			live?.show([]);
		},
	};
};

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

	for (const line of [...folderLines(folder), `From ${plural(items, 'item')}.`]) {
		context.io.say(line);
	}
};
