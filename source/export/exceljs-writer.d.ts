/**
The part of exceljs that writes workbooks as a stream, alone. Its main file also loads what reads workbooks, CSV and pictures.
*/
declare module 'exceljs/lib/stream/xlsx/workbook-writer.js' {
	import type {Writable} from 'node:stream';
	import type {Worksheet} from 'exceljs';

	type WriterOptions = {
		stream: Writable;
		useSharedStrings: boolean;
		useStyles: boolean;
		created: Date;
		creator: string;
		lastModifiedBy: string;
		zip: {forceUTC: boolean};
	};

	type Archive = {append: (source: unknown, data: Record<string, unknown>) => unknown};

	export default class WorkbookWriter {
		protected readonly zip: Archive;
		constructor(options: WriterOptions);
		addWorksheet(name: string, options: Record<string, unknown>): Worksheet;
		commit(): Promise<void>;
		protected addThemes(): Promise<unknown>;
	}
}
