import {ByteWriter, ParquetWriter} from 'hyparquet-writer';
import type {CellType, CellValue, ExportColumn} from '../export-columns.js';
import type {ExportFormat} from '../format.js';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const text = {type: 'BYTE_ARRAY', converted_type: 'UTF8'} as const; // eslint-disable-line @typescript-eslint/naming-convention, unicorn/text-encoding-identifier-case -- the names are the format's

/* eslint-disable @typescript-eslint/naming-convention -- the names are the format's */
const elements: Readonly<Record<Exclude<CellType, 'list'>, Omit<SchemaElement, 'name'>>> = {
	text,
	json: text,
	integer: {type: 'INT64'},
	decimal: {type: 'DOUBLE'},
	boolean: {type: 'BOOLEAN'},
	date: {type: 'INT32', converted_type: 'DATE'},
	instant: {type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: {type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS'}},
};

/**
Every column has its type from the field table, never from what is in it.
*/
const schemaOf = (columns: readonly ExportColumn[]): SchemaElement[] => [
	{name: 'root', num_children: columns.length},
	...columns.flatMap(({name, type}): SchemaElement[] => type === 'list'
		? [
			{
				name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST',
			},
			{name: 'list', repetition_type: 'REPEATED', num_children: 1},
			{name: 'element', repetition_type: 'OPTIONAL', ...text},
		]
		: [{name, repetition_type: 'OPTIONAL', ...elements[type]}]),
];
/* eslint-enable @typescript-eslint/naming-convention */

const parquetValue = (type: CellType, value: CellValue): unknown => {
	if (value === undefined) {
		return undefined;
	}

	switch (type) {
		case 'integer': {
			return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
		}

		case 'decimal': {
			return typeof value === 'number' ? value : undefined;
		}

		case 'boolean': {
			return value === true;
		}

		case 'date':
		case 'instant': {
			const date = new Date(String(value));
			return Number.isNaN(date.getTime()) ? undefined : date;
		}

		case 'list': {
			return (value as readonly string[]).map(entry => entry.toWellFormed());
		}

		case 'text':
		case 'json': {
			return String(value).toWellFormed();
		}
	}
};

const rowsInGroup = 10_000;

/**
A writer from which the bytes are taken after each group of rows.
*/
const createBytes = () => {
	const writer = new ByteWriter();
	return {
		writer,
		take() {
			// The writer uses its memory again.
			const bytes = Uint8Array.from(writer.getBytes());
			writer.index = 0;
			return bytes;
		},
	};
};

export const parquetFormat: ExportFormat = {
	about: 'Typed columns for DuckDB, pandas, Spark and other programs for data',
	extension: 'parquet',
	isBinary: true,
	columns: 'chosen',
	takes: ['rows'],
	async * chunks({rows, columns}) {
		const {writer, take} = createBytes();
		const parquet = new ParquetWriter({writer, schema: schemaOf(columns), createdBy: 'reelcat'});
		let waiting: unknown[][] = columns.map(() => []);
		const writeGroup = async () => {
			await parquet.write({columnData: columns.map(({name}, index) => ({name, data: waiting[index]!})), rowGroupSize: rowsInGroup});
			waiting = columns.map(() => []);
		};

		for await (const row of rows()) {
			for (const [index, column] of columns.entries()) {
				waiting[index]!.push(parquetValue(column.type, column.cell(row)));
			}

			if (waiting[0]!.length < rowsInGroup) {
				continue;
			}

			await writeGroup();
			yield take();
		}

		if (waiting[0]!.length > 0) {
			await writeGroup();
		}

		await parquet.finish();
		yield take();
	},
};
