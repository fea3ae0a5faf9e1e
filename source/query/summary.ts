import {compileFunction} from 'node:vm';
import {byPlace, type FieldType} from '../catalog/fields/field.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {fileIdsOf, type SizeOf} from '../catalog/item.js';
import {bestVersion} from '../catalog/quality.js';
import type {Item, Version} from '../catalog/types.js';
import {sortKeyOf} from './fold.js';
import type {ItemSummary} from './types.js';

type KeptField = {
	name: string;
	type: FieldType;
	place?: number;
	isShared?: true;
	read?: (item: Item, best: Version | undefined, sizeOf: SizeOf) => unknown;
};

const indexFields: readonly KeptField[] = [
	{
		name: 'sortKey', type: 'text', place: 100, read: ({title, titleSort}) => sortKeyOf(title, titleSort),
	},
	{
		name: 'fileIds', type: 'texts', place: 250, read: item => fileIdsOf(item),
	},
];

export const keptFields: readonly KeptField[] = [
	...itemFieldList.flatMap(({name, type, kept}) => kept === undefined ? [] : [{name, type, ...kept}]),
	...indexFields,
].toSorted((left, right) => byPlace(left, right));

/**
A function that gives an object with all kept fields. It is compiled from one literal, because an object that grows in a loop over the table takes several times as long to make, and there are hundreds of thousands of items. The code is made of names and positions in the table only.
*/
export const compileLiteral = (valueOf: (field: KeptField, index: number) => string, parameters: readonly string[]): unknown =>
	compileFunction(`return {${keptFields.map((field, index) => `${field.name}: ${valueOf(field, index)}`).join(', ')}}`, parameters);

type ReadSummary = (item: Item, best: Version | undefined, sizeOf: SizeOf, fields: readonly KeptField[]) => ItemSummary;

const readSummary = compileLiteral(
	({name, read}, index) => read === undefined ? `item.${name}` : `fields[${index}].read(item, best, sizeOf)`,
	['item', 'best', 'sizeOf', 'fields'],
) as ReadSummary;

const unknownSize: SizeOf = () => undefined;

export const summarize = (item: Item, sizeOf: SizeOf = unknownSize): ItemSummary => readSummary(item, bestVersion(item.versions), sizeOf, keptFields);
