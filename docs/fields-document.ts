import type {NamedField} from '../source/catalog/fields/field.js';
import {fileFieldList} from '../source/catalog/fields/file-fields.js';
import {itemFieldList} from '../source/catalog/fields/item-fields.js';
import {versionFieldList} from '../source/catalog/fields/version-fields.js';
import {askedFields} from '../source/query/language/asked-fields.js';
import {fieldSources} from '../source/plex/normalize/field-sources.js';
import {unkeptKeys} from '../source/plex/normalize/unkept-keys.js';

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

const sinceOf = ({exported, since}: AnyRow) => exported === undefined ? '' : String(since ?? 1);

const cells = (row: AnyRow, sources: ReadonlyMap<string, string>) => [
	`\`${row.name}\``, row.label, typeOf(row), row.description, sources.get(row.name)!, exportName(row), sinceOf(row),
];

const itemCells = (row: AnyRow) => [
	...cells(row, fieldSources.item),
	Object.keys(row.column?.places ?? {}).join(', '),
	row.table === undefined ? '' : 'yes',
	row.listed === undefined ? '' : 'yes',
	row.sort?.types.join(', ') ?? '',
	row.isSearched === true ? 'yes' : '',
	askedFields.find(({name}) => name === row.name)?.names.map(name => `\`${name}\``).join(', ') ?? '',
];

const headings = ['Field', 'Label', 'Type', 'What it is', 'From', 'In the export', 'Since schema'];

const table = (titles: readonly string[], rows: ReadonlyArray<readonly string[]>) => [
	titles,
	titles.map(() => '---'),
	...rows,
].map(row => `| ${row.join(' | ')} |`);

const byReason = (keys: Readonly<Record<string, string>>): Array<[reason: string, names: string[]]> => {
	const reasons = new Map<string, string[]>();
	for (const [name, reason] of Object.entries(keys)) {
		reasons.set(reason, [...reasons.get(reason) ?? [], name]);
	}

	return [...reasons];
};

/**
`docs/fields.md`: every field of items, versions and files, from the tables that everything else is made of.
*/
export const fieldsDocument = (): string => [
	'# Fields',
	'',
	'Made from the code by `npm run docs`; do not edit.',
	'',
	'An instant is ISO 8601 in UTC, a date is `YYYY-MM-DD`. A field with nothing to say is absent. *From* is the place in the answer of Plex, below `Metadata`. The types of the export are in [schema/export-record.schema.json](schema/export-record.schema.json), those of the catalogue in [schema/catalog-record.schema.json](schema/catalog-record.schema.json).',
	'',
	'## Items',
	'',
	'*Column* and *Sort* name the types of items whose lists have a column for the field or can be sorted by it. *Filter* says that the filter of a list, and the text of `reelcat ls`, look into it. *In queries* has the names of the [query language](query.md).',
	'',
	...table([...headings, 'Column', '`ls`', '`ls --json`', 'Sort', 'Filter', 'In queries'], itemFieldList.map(row => itemCells(row))),
	'',
	'## Versions',
	'',
	...table(headings, versionFieldList.map(row => cells(row, fieldSources.version))),
	'',
	'## Files',
	'',
	...table(headings, fileFieldList.map(row => cells(row, fieldSources.file))),
	'',
	'## What is not kept',
	'',
	'Keys of Plex\'s answers that are known and left out on purpose. A key that is neither read nor in this list fails a test.',
	'',
	...table(['In', 'Key', 'Why'], Object.entries(unkeptKeys).flatMap(([element, keys]) => byReason(keys).map(([reason, names]) => [element, names.map(name => `\`${name}\``).join(', '), reason]))),
	'',
].join('\n');
