import type {ItemType} from '../catalog/types.js';
import {findAskedField} from './language/asked-fields.js';
import {listColumns, type ListColumn} from './list-fields.js';

/**
A column that a person chose, by a name of its field. Without `width`, in terminal cells, it is as wide as its content.
*/
export type ChosenColumn = {name: string; width?: number | undefined};

const views = {
	movie: 'movies', show: 'shows', season: 'seasons', episode: 'episodes',
} as const satisfies Record<ItemType, string>;

/**
The columns of each list after its title, in their order. A list without a choice has its standard columns.
*/
export type ColumnChoices = Readonly<Partial<Record<typeof views[ItemType], readonly ChosenColumn[] | undefined>>>;

export const standardColumns = (level: ItemType): ListColumn[] => listColumns(level).filter(({place}) => place !== undefined);

export type WideColumn = {column: ListColumn; width: number | undefined};

const kept = new WeakMap<ColumnChoices, Map<ItemType, readonly WideColumn[]>>();

/**
The columns of a list, with the widths that were chosen. Names that mean nothing are left out. They are made once, because every key and every frame asks for them.
*/
export const columnsOf = (level: ItemType, choices: ColumnChoices): readonly WideColumn[] => {
	const known = kept.get(choices) ?? new Map<ItemType, readonly WideColumn[]>();
	kept.set(choices, known);
	const columns = known.get(level) ?? makeColumns(level, choices);
	known.set(level, columns);
	return columns;
};

const makeColumns = (level: ItemType, choices: ColumnChoices): WideColumn[] => {
	const chosen = choices[views[level]];
	if (chosen === undefined) {
		return standardColumns(level).map(column => ({column, width: undefined}));
	}

	const columns = new Map(listColumns(level).map(column => [column.name, column]));
	return chosen.flatMap(({name, width}) => {
		const column = columns.get(fieldName(name));
		// A name that is there twice counts once.
		columns.delete(fieldName(name));
		return column === undefined ? [] : [{column, width}];
	});
};

const fieldName = (name: string) => findAskedField(name)?.name ?? name;

const knownTest = (level: ItemType) => {
	const names = new Set(listColumns(level).map(({name}) => name));
	return ({name}: ChosenColumn) => names.has(fieldName(name));
};

/**
Other columns for a list; undefined means the standard ones. What was chosen under a name that means nothing here, as by a later version, is kept.
*/
export const withColumns = (choices: ColumnChoices, level: ItemType, columns: readonly ChosenColumn[] | undefined): ColumnChoices => {
	const isOfList = knownTest(level);
	const unknown = (choices[views[level]] ?? []).filter(column => !isOfList(column));
	const isStandard = columns === undefined || JSON.stringify(columns) === JSON.stringify(standardColumns(level).map(({typed}) => ({name: typed})));
	return {...choices, [views[level]]: isStandard && unknown.length === 0 ? undefined : [...columns ?? standardColumns(level).map(({typed}) => ({name: typed})), ...unknown]};
};

/**
The choices of settings that may be of an earlier version, which kept only the `hidden` columns of all lists.
*/
export const readColumnChoices = (stored: ColumnChoices | undefined, hidden: readonly string[] = []): ColumnChoices => {
	let choices = stored ?? {};
	if (hidden.length === 0) {
		return choices;
	}

	for (const [level, view] of Object.entries(views) as Array<[ItemType, typeof views[ItemType]]>) {
		const standard = standardColumns(level);
		if (choices[view] === undefined && standard.some(({name}) => hidden.includes(name))) {
			choices = withColumns(choices, level, standard.filter(({name}) => !hidden.includes(name)).map(({typed}) => ({name: typed})));
		}
	}

	return choices;
};

/**
Names in the choices that no column has, each with its list.
*/
export const unknownColumns = (choices: ColumnChoices): Array<{view: string; name: string}> =>
	(Object.entries(views) as Array<[ItemType, typeof views[ItemType]]>).flatMap(([level, view]) => {
		const isOfList = knownTest(level);
		return (choices[view] ?? []).filter(column => !isOfList(column)).map(({name}) => ({view, name}));
	});
