import {byPlace, shortText, type Field} from '../catalog/fields/field.js';
import {itemFields} from '../catalog/fields/item-fields.js';
import type {Item, ItemType} from '../catalog/types.js';
import {itemColumn, type ItemRow} from './item-columns.js';
import {findAskedField} from './language/asked-fields.js';
import type {ItemSummary, SortField} from './types.js';

const fields = Object.entries<Field<Item, ItemSummary>>(itemFields).map(([name, field]) => ({name, ...field}));

const textOf = ({name, type = 'text'}: typeof fields[number]) => (summary: ItemSummary) => shortText({type}, summary[name as keyof ItemSummary]);

export type ListColumn = {
	/**
	The name of the field.
	*/
	name: string;
	/**
	The name that people type, as for `reelcat ls --columns`.
	*/
	typed: string;
	heading: string;
	align: 'left' | 'right';
	sort: SortField | undefined;
	isKey: boolean;
	isCut: boolean;
	isRecordNeeded: boolean;
	/**
	Its place among the columns that lists show unless a person chooses others.
	*/
	place: number | undefined;
	text: (row: ItemRow) => string;
};

// The title is always there, and the state is a mark before it.
const alwaysShown: ReadonlySet<string> = new Set(['title', 'state']);

const columnsByType = new Map<ItemType, readonly ListColumn[]>();

/**
All columns that a list of items of a type can have: first those that it shows by itself, most important first, then one for each other field of the query language. Every frame asks for them, so they are made once.
*/
export const listColumns = (itemType: ItemType): readonly ListColumn[] => {
	const known = columnsByType.get(itemType) ?? columnsFor(itemType);
	columnsByType.set(itemType, known);
	return known;
};

const columnsFor = (itemType: ItemType): ListColumn[] => fields
	.flatMap(field => {
		const {label, column, sort} = field;
		const asked = findAskedField(field.name);
		const place = column?.places[itemType];
		if (alwaysShown.has(field.name) || (asked === undefined && place === undefined)) {
			return [];
		}

		const own = asked && itemColumn(asked.names[0]!, asked);
		const ownText = column && (column.text ?? textOf(field));
		return [{
			place,
			name: field.name,
			typed: own?.name ?? field.name,
			heading: column?.heading ?? label,
			align: column === undefined ? own!.align : column.align ?? 'left',
			sort: (column?.sort ?? (sort?.types.includes(itemType) === true ? sort.as ?? field.name : undefined)) as SortField | undefined,
			isKey: field.isKey === true,
			isCut: own?.isCut ?? false,
			isRecordNeeded: ownText === undefined && own?.isRecordNeeded === true,
			text: ownText === undefined ? own!.text : ({item}: ItemRow) => ownText(item),
		}];
	})
	.toSorted((left, right) => byPlace(left, right));

/**
The columns of the table that `reelcat ls` prints.
*/
export const tableColumns = fields
	.flatMap(field => field.table === undefined
		? []
		: [{
			...field.table,
			name: field.name,
			isKey: field.isKey === true,
			heading: field.table.heading ?? field.label,
			value: field.table.text ?? textOf(field),
		}])
	.toSorted((left, right) => byPlace(left, right));

/**
The names of the fields in `reelcat ls --json`, in their order.
*/
export const listedNames = fields
	.filter(({listed}) => listed !== undefined)
	.toSorted((left, right) => byPlace(left.listed, right.listed))
	.map(({name}) => name as keyof ItemSummary);

export type SortChoice = {
	field: SortField;
	label: string;
	levels: readonly ItemType[];
	startsDescending: boolean;
	values: ReadonlyArray<(item: ItemSummary) => string | number | undefined>;
};

/**
What lists can be sorted by, in the order of the menu.
*/
export const sortChoices: readonly SortChoice[] = fields
	.flatMap(({name, label, sort}) => sort === undefined
		? []
		: [{
			place: sort.place,
			field: (sort.as ?? name) as SortField,
			label: sort.label ?? label,
			levels: sort.types,
			startsDescending: sort.startsDescending === true,
			values: sort.values,
		}])
	.toSorted((left, right) => byPlace(left, right));

/**
The fields that the filter of a list searches.
*/
export const searchedNames = fields.filter(field => field.isSearched === true && field.kept !== undefined).map(({name}) => name as keyof ItemSummary);

/**
An item as `reelcat ls --json` and the API give it.
*/
export const listedItem = (item: ItemSummary): Record<string, unknown> => Object.fromEntries(listedNames.map(name => [name, item[name]]));
