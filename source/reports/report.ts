import type * as z from 'zod';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogHeader, Item, Library} from '../catalog/types.js';
import type {CommandHelp, ParsedFlags} from '../base/flags.js';
import type {PastMatcher} from '../history/replay.js';
import type {ListedRun} from '../history/runs.js';
import type {PlexClient, ServerInfo} from '../plex/types.js';
import type {QueryWorld} from '../query/language/query-source.js';
import type {CatalogAnswers, CatalogIndex, ItemSummary} from '../query/types.js';
import type {allForms} from './flags.js';
import type {CsvTable} from './printers/data.js';
import type {ReportColumn, TableOptions} from './printers/table.js';
import type {ReportRow} from './report-row.js';

/**
What every report can read, on the command line and in the app.
*/
export type CatalogSources = {
	/**
	Opens the catalogue and loads its records.
	*/
	store: () => Promise<CatalogStore>;
	/**
	Lists the runs that the catalogue remembers, newest first.
	*/
	runs: () => Promise<ListedRun[]>;
	logFolder: string;
	/**
	Reads a query that narrows a list of changes; see `pastMatcher`.
	*/
	matcher: (query: string, until?: string) => Promise<PastMatcher>;
	now: () => Date;
};

/**
What the reports of the command line can read. Each source is opened when it is first asked for.
*/
export type ReportSources = CatalogSources & {
	/**
	With `fields`, an index that has no more than these.
	*/
	index: (fields?: ReadonlyArray<keyof ItemSummary>) => Promise<CatalogIndex>;
	/**
	Answers queries where the store itself can, without an index of the whole catalogue.
	*/
	answers: () => Promise<ReportAnswers | undefined>;
	/**
	What is known without the records. Nothing that it says counts unless they were read as well, or the index was.
	*/
	header: () => Promise<CatalogHeader>;
	/**
	Reads single records, without all the others where that can be done.
	*/
	records: () => Promise<Pick<CatalogStore, 'get' | 'getMany' | 'header'>>;
	/**
	What queries may mean now. It reads no more than `header` does.
	*/
	queryWorld: () => Promise<QueryWorld>;
	/**
	Finds the libraries that a name (title, key or uuid) and `--server` mean; all without either.

	@throws AppError 'usage'
	*/
	pickLibraries: (name: string | undefined) => Promise<Library[]>;
	/**
	Finds their ids; undefined without name and `--server`, since then items whose library is gone count, too.
	*/
	pickLibraryIds: (name: string | undefined) => Promise<string[] | undefined>;
	connect: () => Promise<{plex: PlexClient; server: ServerInfo}>;
	/**
	Examines the files of the catalogue and its history.

	@throws AppError 'locked' if the catalogue changes all the while
	*/
	check: () => Promise<CatalogCheck>;
	/**
	Opens an address in the browser of the desktop. Resolves to the reason why it could not, without a full stop; to undefined once it is open.
	*/
	openAddress: (address: string) => Promise<string | undefined>;
	/**
	Prints a line of progress or a message, apart from the report.
	*/
	say: (line: string) => void;
	signal: AbortSignal;
};

export type ReportAnswers = Pick<CatalogAnswers, 'list' | 'find' | 'children' | 'exported'> & {
	/**
	An index of some items, and of what is told of others beside them.
	*/
	indexOf: (ids: readonly string[]) => Promise<CatalogIndex>;
	indexOfRecords: (items: readonly Item[]) => Promise<CatalogIndex>;
};

/**
Said where a folder or a schema has no catalogue, to whoever would take that for an empty one.
*/
export const noCatalogue = 'There is no catalogue here: nothing was ever imported, or its folder is another one, or its disk is not mounted.';

export type CatalogCheck = Record<'revision' | 'records' | 'events' | 'tombstones' | 'held', number> & {
	/**
	From when lines of the history have checksums; absent if all have.
	*/
	historySince?: string;
	problems: string[];
};

/**
How the data of a report is printed.
*/
export type Presentation<Data> = {
	text: (data: Data, options: TableOptions) => string[];
	/**
	Returns the value that `--json` prints.
	*/
	json: (data: Data) => unknown;
	/**
	Returns what `--json` prints if that is not one value on one line.
	*/
	jsonText?: (data: Data) => string;
	/**
	Returns what `--format csv` and `--format tsv` print. The command needs a flag for it.
	*/
	csv?: (data: Data) => CsvTable;
	/**
	Prints the forms of `--format` that only some reports have.
	*/
	others?: Partial<Record<TextForm, (data: Data) => string>>;
	/**
	Returns a line for stderr, which follows the text or the CSV.
	*/
	remark?: (data: Data, form: TextForm) => string | undefined;
	/**
	If it returns false, the command ends with 1.
	*/
	isWell?: (data: Data) => boolean;
};

export type TextForm = typeof allForms[number];

/**
A question that can be asked of the catalogue or the server, and how its answer is printed.
*/
export type ReportDefinition<Question, Data, Sources = ReportSources> = Presentation<Data> & {
	/**
	@throws AppError
	*/
	load: (question: Question, sources: Sources) => Promise<Data>;
	/**
	The schema of the object that `--json` prints; `docs/schema/` has it as JSON Schema.
	*/
	schema?: z.ZodType;
};

/**
A report that is also a screen of the app. `crumb` is its name in the trail of screens, and `key` opens it. `keysTitle` is the heading over its keys in the help; `place` completes the message about a key that "is not available" here, for instance "among the runs".
*/
export type ScreenReport<Question, Data> = ReportDefinition<Question, Data, CatalogSources> & {
	screen: {
		crumb: string;
		keysTitle: string;
		place: string;
		key?: {keys: readonly string[]; label: string; help: string};
		/**
		Whether its rows have kinds that can be shown alone, and whether the footer shows the key for that.
		*/
		kinds?: 'shown' | 'hidden';
		columns: ReadonlyArray<ReportColumn<never>>;
		rows: (data: Data) => ReportRow[] | Promise<ReportRow[]>;
	};
};

/**
What was given to a command: its arguments and flags.
*/
export type CommandLine = {input: readonly string[]; flags: ParsedFlags};

/**
A command that prints a report: its help, and `answer`, which turns a command line into a question and loads the report only then.
*/
export type ReportCommand = CommandHelp & {
	/**
	@throws AppError
	*/
	answer: (line: CommandLine, sources: ReportSources) => Promise<LoadedReport>;
};

/**
A report with its data, ready to be printed.
*/
export type LoadedReport = {presentation: Presentation<unknown>; data: unknown};

/**
Loads the answer of a report to a question.
*/
export const ask = async <Question, Data, Sources>(report: ReportDefinition<Question, Data, Sources>, question: Question, sources: Sources): Promise<LoadedReport> =>
	// The presentation fits the data, whatever their type is.
	({presentation: report as unknown as Presentation<unknown>, data: await report.load(question, sources)});
