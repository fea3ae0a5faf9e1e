import {byPlace, shortText, type Field} from '../catalog/fields/field.js';
import {itemFields} from '../catalog/fields/item-fields.js';
import type {Item, ItemType} from '../catalog/types.js';
import type {ItemSummary, SortField} from './types.js';

const fields = Object.entries<Field<Item, ItemSummary>>(itemFields).map(([name, field]) => ({name, ...field}));

const textOf = ({name, type = 'text'}: typeof fields[number]) => (summary: ItemSummary) => shortText(type, summary[name as keyof ItemSummary]);

export type ListColumn = {
	name: string;
	heading: string;
	width: number;
	align: 'left' | 'right';
	sort: SortField | undefined;
	value: (item: ItemSummary) => string;
};

/**
The columns for items of a type, most important first.
*/
export const listColumns = (itemType: ItemType): ListColumn[] => fields
	.flatMap(field => {
		const {label, column, sort} = field;
		const place = column?.places[itemType];
		return column === undefined || place === undefined
			? []
			: [{
				place,
				name: field.name,
				heading: column.heading ?? label,
				width: column.width,
				align: column.align ?? 'left',
				sort: (column.sort ?? (sort === undefined ? undefined : sort.as ?? field.name)) as SortField | undefined,
				value: column.text ?? textOf(field),
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
