import {byPlace, toldLines, type Resolver} from '../catalog/fields/field.js';
import {fileLines} from '../catalog/fields/file-fields.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {emptyFields} from '../catalog/item.js';
import type {Item, MediaFile} from '../catalog/types.js';

/**
The name of a field and its value in words; the empty text where there is nothing to say.
*/
type Fact = readonly [name: string, words: string];

const toldFields = itemFieldList
	.filter(({told}) => told !== undefined)
	.toSorted((left, right) => byPlace(left.told, right.told));

/**
The named fields of an item in words. `fields` may hold any part of an item; null stands for a field that is absent.
*/
export const itemFacts = (fields: Readonly<Record<string, unknown>>, fieldNames: ReadonlySet<string>, resolver: Resolver): Fact[] => {
	const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
	const item: Partial<Item> = {...emptyFields(), ...known};
	const lines = toldFields
		.filter(({name, from = name}) => fieldNames.has(from))
		.flatMap(field => toldLines(field, item as Item, resolver));
	// The item itself need not have changed where a file was overwritten in place.
	if (fieldNames.has('files') && !fieldNames.has('versions')) {
		lines.push(...fileLines((fields['files'] ?? []) as MediaFile[]));
	}

	return lines.map(([name, words = '']) => [name, words]);
};
