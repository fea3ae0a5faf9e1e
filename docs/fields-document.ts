import type {NamedField} from '../source/catalog/fields/field.js';
import {fileFieldList} from '../source/catalog/fields/file-fields.js';
import {itemFieldList} from '../source/catalog/fields/item-fields.js';
import {versionFieldList} from '../source/catalog/fields/version-fields.js';

type AnyRow = NamedField<never>;

const typeNames: Record<AnyRow['type'], string> = {
	text: 'text',
	date: 'date',
	instant: 'instant',
	number: 'number',
	rating: 'number',
	count: 'number',
	duration: 'number',
	bytes: 'number',
	flag: 'yes or no',
	texts: 'list of texts',
	people: 'list of people',
	tags: 'list of tags',
	record: 'object',
	records: 'list of objects',
};

const typeOf = ({type, unit}: AnyRow) => unit === undefined ? typeNames[type] : `${typeNames[type]}, ${unit}`;

const exportName = ({name, exported}: AnyRow) => exported === undefined ? '' : `\`${exported === true ? name : exported.as ?? name}\``;

const cells = (row: AnyRow) => [`\`${row.name}\``, row.label, typeOf(row), row.description, exportName(row)];

const itemCells = (row: AnyRow) => [
	...cells(row),
	Object.keys(row.column?.places ?? {}).join(', '),
	row.table === undefined ? '' : 'yes',
	row.listed === undefined ? '' : 'yes',
	row.sort?.types.join(', ') ?? '',
	row.isSearched === true ? 'yes' : '',
];

const headings = ['Field', 'Label', 'Type', 'What it is', 'In the export'];

const table = (titles: readonly string[], rows: ReadonlyArray<readonly string[]>) => [
	titles,
	titles.map(() => '---'),
	...rows,
].map(row => `| ${row.join(' | ')} |`);

/**
`docs/fields.md`: every field of items, versions and files, from the tables that everything else is made of.
*/
export const fieldsDocument = (): string => [
	'# Fields',
	'',
	'Made from the code by `npm run docs`; do not edit.',
	'',
	'An instant is ISO 8601 in UTC, a date is `YYYY-MM-DD`. A field with nothing to say is absent. The types of the export are in [schema/export-record.schema.json](schema/export-record.schema.json), those of the catalogue in [schema/catalog-record.schema.json](schema/catalog-record.schema.json).',
	'',
	'## Items',
	'',
	'*Column* and *Sort* name the types of items whose lists have a column for the field or can be sorted by it. *Filter* says that the filter of a list, and the text of `reelcat ls`, look into it.',
	'',
	...table([...headings, 'Column', '`ls`', '`ls --json`', 'Sort', 'Filter'], itemFieldList.map(row => itemCells(row))),
	'',
	'## Versions',
	'',
	...table(headings, versionFieldList.map(row => cells(row))),
	'',
	'## Files',
	'',
	...table(headings, fileFieldList.map(row => cells(row))),
	'',
].join('\n');
