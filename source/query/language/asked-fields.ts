import type {AskedKind} from '../../catalog/fields/asked.js';
import {exportedName} from '../../catalog/fields/exported.js';
import type {FieldType, NamedField} from '../../catalog/fields/field.js';
import {itemFieldList} from '../../catalog/fields/item-fields.js';
import type {Item} from '../../catalog/types.js';

/**
A field as the query language knows it. `source` says where its values lie: in a column, in the lists of these fields, in what can be computed of the summary, or only in the record.
*/
export type AskedField = {
	name: string;
	/**
	The name that people type, first, then all others.
	*/
	names: readonly string[];
	kind: AskedKind;
	label: string;
	description: string;
	source: 'column' | 'lists' | 'computed' | 'record';
	lists: readonly string[];
	also: (value: string) => readonly string[];
	values: readonly string[] | undefined;
	of: ((summary: never) => number | undefined) | undefined;
	field: NamedField<Item>;
};

/**
The kind of a field that names none.
*/
const askedKinds: Readonly<Record<FieldType, AskedKind>> = {
	text: 'text',
	date: 'day',
	instant: 'moment',
	number: 'number',
	rating: 'number',
	count: 'number',
	duration: 'duration',
	bytes: 'bytes',
	flag: 'flag',
	texts: 'text',
	people: 'names',
	tags: 'names',
	record: 'text',
	records: 'number',
};

const withoutWords = () => [];

const askedField = (field: NamedField<Item>): AskedField[] => {
	const {asked, name, type, kept, label, description} = field;
	if (asked === undefined) {
		return [];
	}

	const {names = [], kind = askedKinds[type], also = withoutWords, values, list, lists = list === undefined ? [] : [name], of} = asked;
	return [{
		name,
		names: [...new Set([...names, exportedName(field) ?? name, name])],
		kind,
		label,
		description,
		source: sourceOf({isList: lists.length > 0, isComputed: of !== undefined, isKept: kept !== undefined || kind === 'server'}),
		lists,
		also,
		values,
		of,
		field,
	}];
};

const sourceOf = ({isList, isComputed, isKept}: Record<'isList' | 'isComputed' | 'isKept', boolean>): AskedField['source'] => {
	if (isList) {
		return 'lists';
	}

	return isComputed ? 'computed' : (isKept ? 'column' : 'record');
};

/**
All fields that a query can name.
*/
export const askedFields: readonly AskedField[] = itemFieldList.flatMap(field => askedField(field));

const byName = new Map<string, AskedField>();
for (const field of askedFields) {
	for (const name of field.names) {
		byName.set(name.toLowerCase(), field);
	}
}

/**
Case does not count.
*/
export const findAskedField = (name: string): AskedField | undefined => byName.get(name.toLowerCase());

export const askedNames: readonly string[] = askedFields.flatMap(({names}) => names);

/**
The field of a condition of a plan.
*/
export const requireAskedField = (name: string): AskedField => byName.get(name.toLowerCase())!;
