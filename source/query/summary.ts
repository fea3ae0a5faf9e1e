import {compileFunction} from 'node:vm';
import {byPlace} from '../catalog/fields/field.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {fileIdsOf, type SizeOf} from '../catalog/item.js';
import {bestVersion} from '../catalog/quality.js';
import type {Item, Version} from '../catalog/types.js';
import {sortKeyOf} from './fold.js';
import type {ItemSummary} from './types.js';

/**
Gives one string for equal ones, so that what many items share is kept once.
*/
type Intern = <Text extends string | undefined>(text: Text) => Text;

type KeptField = {
	name: string;
	place?: number;
	isShared?: true;
	read?: (item: Item, best: Version | undefined, sizeOf: SizeOf) => unknown;
};

const indexFields: readonly KeptField[] = [
	{name: 'sortKey', place: 100, read: ({title, titleSort}) => sortKeyOf(title, titleSort)},
	{name: 'fileIds', place: 250, read: item => fileIdsOf(item)},
];

const keptFields: readonly KeptField[] = [
	...itemFieldList.flatMap(({name, kept}) => kept === undefined ? [] : [{name, ...kept}]),
	...indexFields,
].toSorted((left, right) => byPlace(left, right));

/**
The format of a line: its fields in their order.
*/
export const summaryFormat = keptFields.map(({name}) => name).join(' ');

/**
A function that gives an object with all kept fields. It is compiled from one literal, because an object that grows in a loop over the table takes several times as long to make, and there are hundreds of thousands of items. The code is made of names and positions in the table only.
*/
const compileLiteral = (valueOf: (field: KeptField, index: number) => string, parameters: readonly string[]): unknown =>
	compileFunction(`return {${keptFields.map((field, index) => `${field.name}: ${valueOf(field, index)}`).join(', ')}}`, parameters);

type ReadSummary = (item: Item, best: Version | undefined, sizeOf: SizeOf, intern: Intern, fields: readonly KeptField[]) => ItemSummary;

const readSummary = compileLiteral(({name, isShared, read}, index) => {
	const value = read === undefined ? `item.${name}` : `fields[${index}].read(item, best, sizeOf)`;
	return isShared ? `intern(${value})` : value;
}, ['item', 'best', 'sizeOf', 'intern', 'fields']) as ReadSummary;

const unknownSize: SizeOf = () => undefined;

export const summarize = (item: Item, sizeOf: SizeOf = unknownSize, intern: Intern = text => text): ItemSummary =>
	readSummary(item, bestVersion(item.versions), sizeOf, intern, keptFields);

const fieldNames = keptFields.map(({name}) => name as keyof ItemSummary);

/**
Summaries on one line of JSON without the names of their fields: a third of the size, and faster to read.
*/
export const summaryLine = (summaries: readonly ItemSummary[]): string =>
	JSON.stringify(summaries.map(summary => fieldNames.map(name => summary[name])));

const summaryOf = compileLiteral((_, index) => `row[${index}] ?? undefined`, ['row']) as (row: readonly unknown[]) => ItemSummary;

/**
@throws SyntaxError for a line that is not JSON
*/
export const readSummaryLine = (line: string): ItemSummary[] => (JSON.parse(line) as unknown[][]).map(row => summaryOf(row));
