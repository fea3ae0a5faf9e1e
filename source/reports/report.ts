import type * as z from 'zod';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Library} from '../catalog/types.js';
import type {CommandHelp, ParsedFlags} from '../base/flags.js';
import type {ListedRun} from '../history/runs.js';
import type {PlexClient, ServerInfo} from '../plex/types.js';
import type {CatalogIndex} from '../query/types.js';
import type {ReportColumn, TableOptions} from './printers/table.js';
import type {ReportRow} from './report-row.js';

/**
What every report can read, on the command line and in the app.
*/
export type CatalogSources = {
	/**
	The catalogue with its records loaded.
	*/
	store: () => Promise<CatalogStore>;
	/**
	The runs that the catalogue remembers, newest first.
	*/
	runs: () => Promise<ListedRun[]>;
	logFolder: string;
	now: () => Date;
};

/**
What the reports of the command line can read. Each source is opened when it is first asked for.
*/
export type ReportSources = CatalogSources & {
	/**
	All items, for lists and search.
	*/
	index: () => Promise<CatalogIndex>;
	/**
	The libraries that a name (title, key or uuid) and `--server` mean; all without either.

	@throws AppError 'usage'
	*/
	pickLibraries: (name: string | undefined) => Promise<Library[]>;
	/**
	The same as ids, but undefined where nothing was named: then what belongs to no library any more counts, too.
	*/
	pickLibraryIds: (name: string | undefined) => Promise<string[] | undefined>;
	connect: () => Promise<{plex: PlexClient; server: ServerInfo}>;
	/**
	Examines the files of the catalogue and its history.

	@throws AppError 'locked' when somebody writes all the while
	*/
	check: () => Promise<CatalogCheck>;
	/**
	Prints a line of progress or a message, apart from the report.
	*/
	say: (line: string) => void;
	signal: AbortSignal;
};

export type CatalogCheck = {
	revision: number;
	records: number;
	events: number;
	tombstones: number;
	held: number;
	problems: string[];
};

/**
How the data of a report is printed.
*/
export type Presentation<Data> = {
	/**
	The lines for a person.
	*/
	text: (data: Data, options: TableOptions) => string[];
	/**
	The value that `--json` writes.
	*/
	json: (data: Data) => unknown;
	/**
	What `--json` writes where it is not one value on a line.
	*/
	jsonText?: (data: Data) => string;
	/**
	What `--format csv` writes. The command needs `formatFlag` for it.
	*/
	csv?: (data: Data) => string;
	/**
	A line for stderr, after the text or the CSV.
	*/
	remark?: (data: Data, form: TextForm) => string | undefined;
	/**
	False makes the command end with 1.
	*/
	isWell?: (data: Data) => boolean;
};

export type TextForm = 'table' | 'csv';

/**
A question that can be asked of the catalogue or the server, and how its answer is printed.
*/
export type ReportDefinition<Question, Data, Sources = ReportSources> = Presentation<Data> & {
	/**
	@throws AppError
	*/
	load: (question: Question, sources: Sources) => Promise<Data>;
	/**
	The command that prints the report. Two reports may share one, which is then with the first of them.
	*/
	command?: ReportCommand;
};

/**
A report that the app shows, too.
*/
export type ScreenReport<Question, Data> = ReportDefinition<Question, Data, CatalogSources> & {
	screen: {
		/**
		Its name in the trail of screens.
		*/
		crumb: string;
		/**
		The heading over its keys in the help.
		*/
		keysTitle: string;
		/**
		Where a key is not available, as in "is not available among the runs".
		*/
		place: string;
		/**
		The key that opens it.
		*/
		key?: {keys: readonly string[]; label: string; help: string};
		/**
		Its rows have kinds that can be shown alone; `shown` puts the key into the footer.
		*/
		kinds?: 'shown' | 'hidden';
		columns: ReadonlyArray<ReportColumn<never>>;
		rows: (data: Data) => ReportRow[] | Promise<ReportRow[]>;
	};
};

/**
The command of a report: its help, and what it answers to a command line.
*/
export type ReportCommand = CommandHelp & {
	/**
	Of the object that `--json` writes; `docs/schema/` has it as JSON Schema.
	*/
	schema?: z.ZodType;
	/**
	@throws AppError
	*/
	answer: (line: CommandLine, sources: ReportSources) => Promise<LoadedReport>;
};

export type CommandLine = {input: readonly string[]; flags: ParsedFlags};

/**
A report with its data, ready to be printed.
*/
export type LoadedReport = {presentation: Presentation<unknown>; data: unknown};

/**
Asks a report.
*/
export const ask = async <Question, Data, Sources>(report: ReportDefinition<Question, Data, Sources>, question: Question, sources: Sources): Promise<LoadedReport> =>
	// The two belong together, whatever the data is.
	({presentation: report as unknown as Presentation<unknown>, data: await report.load(question, sources)});
