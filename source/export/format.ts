import type {CatalogHeader} from '../catalog/types.js';
import type {ExportColumn, ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';

/**
Options that only some formats take.
*/
export type FormatOption = 'rows' | 'separator' | 'excel' | 'paths';

/**
What a format writes from. Rows come one after the other and are not kept; each call of `rows` begins anew.
*/
export type ExportSource = {
	/**
	Of the level that was asked for, unless one is named.
	*/
	rows: (level?: RowLevel) => AsyncIterable<ExportRow>;
	/**
	The same rows, but library by library, also where a query has an order of its own.
	*/
	rowsByLibrary: () => AsyncIterable<ExportRow>;
	/**
	Those that were asked for, else those of the format.
	*/
	columns: readonly ExportColumn[];
	/**
	Whether columns were named.
	*/
	areColumnsChosen: boolean;
	header: CatalogHeader;
	/**
	Stands between the values of a cell that has several.
	*/
	separator: string;
	isExcel: boolean;
	/**
	Whether paths are in a format that leaves them out by itself.
	*/
	hasPaths: boolean;
	/**
	Tells a person what was left out.
	*/
	say: (line: string) => void;
	signal: AbortSignal;
};

/**
A column that the format itself has, with the fields that it is made of.
*/
export type FixedColumn = {name: string; from: string; about: string};

/**
A format of `reelcat export`. Its module is loaded when it is used.
*/
export type ExportFormat = {
	/**
	One sentence without a full stop.
	*/
	about: string;
	/**
	Without the dot.
	*/
	extension: string;
	isBinary?: true;
	/**
	`chosen`: those of --columns, else the default ones. `record`: the whole export record, unless columns are chosen. Otherwise the format has these and takes no others.
	*/
	columns: 'chosen' | 'record' | readonly FixedColumn[];
	/**
	The columns where none are named, if they are not the default ones of the rows.
	*/
	defaults?: readonly string[];
	takes: readonly FormatOption[];
	/**
	A file of more bytes is written as several. The first chunk then begins each of them, and every other chunk is a row.
	*/
	mostBytes?: number;
} & ({
	chunks: (source: ExportSource) => AsyncIterable<string | Uint8Array>;
} | {
	/**
	Writes a file that is there and empty, for a format that is not written from its beginning to its end.
	*/
	writeFile: (source: ExportSource, file: string) => Promise<void>;
});
