import type {CatalogHeader} from '../catalog/types.js';
import type {ItemRow} from '../query/item-columns.js';
import type {ExportColumn, ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';
import type {ThreadJob} from './thread-job.js';

/**
Options that only some formats take.
*/
export const formatOptions = ['rows', 'separator', 'excel', 'paths', 'posters', 'beside', 'overwrite', 'artwork'] as const;

export type FormatOption = typeof formatOptions[number];

/**
What a format writes from. Rows come one after the other and are not kept; each call of `rows` begins anew.
*/
export type ExportSource = {
	/**
	Of the level that was asked for, unless one is named.
	*/
	rows: (level?: RowLevel) => AsyncIterable<ExportRow>;
	/**
	The export records of the same items, each as a line of JSON, in batches of whole lines as UTF-8. The memory of a batch may be used again for the next one.
	*/
	lines: () => AsyncIterable<Uint8Array>;
	/**
	What a thread of its own makes of the items in batches, as `lines`; undefined where that is not quicker. `onRow` is called for each item when it is read.
	*/
	threaded: (job: ThreadJob, onRow?: (row: Pick<ItemRow, 'item' | 'titleOf'>) => void) => AsyncIterable<Uint8Array> | undefined;
	/**
	The same rows, but library by library, also where a query has an order of its own.
	*/
	rowsByLibrary: () => AsyncIterable<ExportRow>;
	/**
	Those that were asked for, else those of the format.
	*/
	columns: readonly ExportColumn[];
	/**
	As they were asked for.
	*/
	columnNames: readonly string[] | undefined;
	/**
	The level that was asked for.
	*/
	level: RowLevel;
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
	Whether paths are in a format that leaves them out by itself, or has addresses in their place.
	*/
	hasPaths: boolean;
	/**
	The poster of an item as a JPEG, PNG, GIF or WebP file that fills 240 × 360 pixels; undefined where there is none. Absent where posters were not asked for.
	*/
	poster?: ((itemId: string) => Promise<Uint8Array | undefined>) | undefined;
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

type FormatBase = {
	/**
	One sentence without a full stop.
	*/
	about: string;
	/**
	`chosen`: those of --columns, else the default ones. `record`: the whole export record, unless columns are chosen. Otherwise the format has these and takes no others.
	*/
	columns: 'chosen' | 'record' | readonly FixedColumn[];
	/**
	The columns where none are named, if they are not the default ones of the rows.
	*/
	defaults?: readonly string[];
	takes: readonly FormatOption[];
};

/**
A format that is one file, or some where their size is limited.
*/
export type FileFormat = FormatBase & {
	/**
	Without the dot.
	*/
	extension: string;
	isBinary?: true;
	/**
	A file of more bytes is written as several. The first chunk then begins each of them, and every other chunk is a row.
	*/
	mostBytes?: number;
} & ({
	/**
	The memory of a chunk may be used again for the next one.
	*/
	chunks: (source: ExportSource) => AsyncIterable<string | Uint8Array>;
} | {
	/**
	Writes a file that is there and empty, for a format that is not written from its beginning to its end.
	*/
	writeFile: (source: ExportSource, file: string) => Promise<void>;
});

/**
A picture that the server of an item has, and the box that it should fill.
*/
export type PictureSource = {serverId: string; path: string; width: number; height: number};

/**
A file of a format that is a folder. A picture gets the ending .png instead of .jpg if that is what it is.
*/
export type FolderFile = {
	/**
	The folders that lead to it from that folder, and its own name. They are safe, and no other file has the same ones.
	*/
	names: readonly string[];
	/**
	The same for the media that it belongs to, where files go beside media; without these it is not written.
	*/
	beside?: readonly string[];
} & ({text: string} | {picture: PictureSource});

export type FolderTarget = {
	/**
	Which names there may be.
	*/
	isWindows: boolean;
	/**
	The whole path of the folder, if it holds the media, beside which the files go.
	*/
	mediaFolder?: string;
	/**
	Whether pictures are asked for.
	*/
	hasArtwork: boolean;
};

/**
A format that is a folder with a file for each item.
*/
export type FolderFormat = FormatBase & {
	files: (source: ExportSource, target: FolderTarget) => AsyncIterable<FolderFile>;
	/**
	Whether an export wrote this file and nobody has changed it since, so that the next one may replace it.
	*/
	isOwn: (text: string) => boolean;
};

/**
A format of `reelcat export`. Its module is loaded when it is used.
*/
export type ExportFormat = FileFormat | FolderFormat;
