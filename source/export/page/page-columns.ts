import {numbersBelow} from '../../base/columns/cells.js';
import {clean} from '../../base/text/clean.js';
import {compareText} from '../../base/text/compare.js';
import {displayWidth} from '../../base/text/width.js';
import {readField, type DetailResolver} from '../../catalog/fields/field.js';
import {itemFieldList, itemFields} from '../../catalog/fields/item-fields.js';
import type {Item, ItemType} from '../../catalog/types.js';
import {personIdsOf} from '../../catalog/item.js';
import {itemTypes} from '../../catalog/kinds.js';
import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import {keptLanguageName} from '../../catalog/media-words.js';
import {facets, type Facet} from '../../query/facets.js';
import type {ItemRow} from '../../query/item-columns.js';
import {writtenCounts} from '../../query/language/value-terms.js';
import {
	listColumns,
	searchedNames,
	sortChoices,
	type ListColumn,
	type SortChoice,
} from '../../query/list-fields.js';
import {findAskedField} from '../../query/language/asked-fields.js';
import {detailResolver} from '../../query/related.js';
import {
	createSlices,
	eachInSlices,
	mapInSlices,
	sortInSlices,
	type Slices,
} from '../../query/slices.js';
import type {ItemDetail, ItemSummary} from '../../query/types.js';
import type {ExportRow} from '../export-columns.js';
import type {FixedColumn} from '../format.js';
import {createTextCodes} from './text-codes.js';
import {
	typePlace,
	type CodedLists,
	type PageColumn,
	type PageData,
	type PageSort,
} from './page-data.js';

type PageField = Pick<ListColumn, 'name' | 'heading' | 'align' | 'sort'> & {value: (item: ItemSummary) => string};

// A text that is longer is cut.
const widestCells = 24;

/**
People, and a list of texts for each filter that needs the record of an item.
*/
export type PageLists = {people: CodedLists; sides: Array<[name: string, lists: CodedLists]>};

/**
Gathers what a page reads at once and what is only in the records, item by item.
*/
export const createPageLists = () => {
	const people = codedLists();
	const sides = recordSides.map(side => ({...side, lists: codedLists()}));
	return {
		/**
		An item whose record is gone has none.
		*/
		add(detail: ItemDetail | undefined) {
			const resolver = detail && detailResolver(detail);
			people.add(detail === undefined ? [] : personIdsOf(detail.item).flatMap(id => resolver!.person(id)?.name ?? []));
			for (const {values, lists} of sides) {
				lists.add(detail === undefined ? [] : values(detail.item, resolver!));
			}
		},
		data: (): PageLists => ({people: people.lists, sides: sides.map(({name, lists: {lists}}) => [name, lists])}),
	};
};

type PageColumns = {
	add: (row: Pick<ExportRow, 'item' | 'names' | 'titleOf'>) => void;
	data: (lists: PageLists, others: Pick<PageData, 'notes' | 'blockSize' | 'revision' | 'pictured'>) => Promise<PageData>;
};

/**
Gathers the rest of what a page reads at once, item by item. Texts are made one clean line.
*/
export const createPageColumns = (): PageColumns => {
	const ids: string[] = [];
	const titles: string[] = [];
	const subtitles: string[] = [];
	const searched: string[] = [];
	const types: number[] = [];
	const seasons: string[] = [];
	const shows: string[] = [];
	const libraries = new Map<string, string>();
	const [badges, states] = [codedLists(), codedLists()];
	const sides = summarySides.map(side => ({...side, lists: codedLists()}));
	const orders = sortChoices.map(choice => ({choice, readers: choice.values.length === 0 ? [sortKey] : choice.values, values: [] as SortValue[]}));
	const columns = columnNames.map(name => ({...pageColumn(name), table: createTextCodes(clean), codes: [] as number[]}));
	return {
		add({item, names, titleOf}) {
			ids.push(item.id);
			types.push(typePlace(item.type));
			titles.push(clean(item.editionTitle === undefined ? item.title : `${item.title} (${item.editionTitle})`));
			subtitles.push(subtitleOf(item, titleOf));
			seasons.push(item.seasonId ?? '');
			shows.push(item.showId ?? '');
			const words = searchedBesides.map(name => item[name]);
			searched.push(clean(words.filter(word => word !== undefined).join(' ')));
			libraries.set(item.libraryId, libraryTitle(names, item));
			badges.add(textsOf(badgeColumns, item));
			states.add(textsOf(stateColumns, item));
			for (const {lists, values} of sides) {
				lists.add(values(item, names));
			}

			for (const {choice, readers, values} of orders) {
				const isSorted = choice.levels.includes(item.type);
				values.push(...readers.map(read => isSorted ? read(item) : undefined));
			}

			for (const {byType, table, codes} of columns) {
				const text = cellText(byType.get(item.type), item);
				codes.push(table.code(text));
			}
		},
		async data({people, sides: listed}, others) {
			const slices = createSlices();
			const parents = await parentsOf({ids, seasons, shows}, slices);
			const order = await pageSorts(orders, slices);
			const gathered = new Map([...listed, ...sides.map(({name, lists}) => [name, lists.lists] as const)]);
			const widths: number[] = [];
			for (const {table} of columns) {
				widths.push(widthFor(table.texts));
				await slices.pause();
			}

			return {
				libraries: libraries.values().toArray(),
				ids,
				types,
				titles,
				subtitles,
				parents,
				searched,
				people,
				badges: badges.lists,
				states: states.lists,
				// One library alone needs no filter.
				facets: allSides.map(({name, label}) => ({name, label, ...gathered.get(name)!})).filter(({name, texts}) => texts.length > (name === librarySide.name ? 1 : 0)),
				sorts: order,
				columns: columns.map(({name, byType, places, table, codes}, column): PageColumn => {
					const {heading, align, sort} = byType.values().next().value!;
					return {
						name, heading, isNumeric: align === 'right', width: widths[column]!, sort: sort ?? '', places, texts: table.texts, codes,
					};
				}),
				...others,
			};
		},
	};
};

type Families = Record<'ids' | 'seasons' | 'shows', readonly string[]>;

/**
The row of the season of each row, or else of its show; -1 where neither is on the page.
*/
const parentsOf = async ({ids, seasons, shows}: Families, slices: Slices): Promise<number[]> => {
	const all = numbersBelow(ids.length);
	const rows = new Map<string, number>();
	await eachInSlices(all, row => {
		rows.set(ids[row]!, row);
	}, slices);
	return mapInSlices(all, row => rows.get(seasons[row]!) ?? rows.get(shows[row]!) ?? -1, slices);
};

type SortValue = string | number | undefined;

// The title has no values of its own: lists are sorted by the sort key.
const sortKey = (summary: ItemSummary): SortValue => summary.sortKey;

// Values of all items are in one array: an array for each item would take many times the memory.
type Order = {choice: SortChoice; readers: ReadonlyArray<(summary: ItemSummary) => SortValue>; values: readonly SortValue[]};

const pageSorts = async (orders: readonly Order[], slices: Slices): Promise<PageSort[]> => {
	const sorts: PageSort[] = [];
	for (const {choice: {field, label, levels, startsDescending}, readers, values} of orders) {
		sorts.push({
			name: field, label, types: levels.map(type => typePlace(type)), startsDescending, ranks: await ranksOf(values, readers.length, slices),
		});
	}

	return sorts;
};

const ranksOf = async (values: readonly SortValue[], size: number, slices: Slices): Promise<number[]> => {
	const all = numbersBelow(values.length / size);
	const compare = (one: number, other: number): number => {
		let order = 0;
		for (let place = 0; order === 0 && place < size; place++) {
			order = compareValues(values[(one * size) + place], values[(other * size) + place]);
		}

		return order;
	};

	const known = await mapInSlices(all, row => values.slice(row * size, (row + 1) * size).some(value => value !== undefined) ? row : undefined, slices);
	const ranks = Array.from({length: all.length}, () => -1);
	const sorted = await sortInSlices(Int32Array.from(known), compare, slices);
	let rank = -1;
	let before: number | undefined;
	await eachInSlices(sorted, row => {
		rank += before !== undefined && compare(before, row) === 0 ? 0 : 1;
		ranks[row] = rank;
		before = row;
	}, slices);
	return ranks;
};

const compareValues = (one: SortValue, other: SortValue): number => {
	if (one === other) {
		return 0;
	}

	if (one === undefined || other === undefined) {
		return one === undefined ? 1 : -1;
	}

	return typeof one === 'number' && typeof other === 'number' ? one - other : compareText(String(one), String(other));
};

const noCodes: number[] = [];

/**
Most lists have one text or none. Each such list is one array, however many items have it.
*/
const codedLists = () => {
	const table = createTextCodes(clean);
	const lists: CodedLists = {texts: table.texts, codes: []};
	const singles: number[][] = [];
	return {
		lists,
		add(texts: Iterable<string>) {
			const codes = [...new Set(Array.from(texts, text => table.code(text)))];
			const [first] = codes;
			lists.codes.push(first === undefined ? noCodes : (codes.length === 1 ? singles[first] ??= codes : codes));
		},
	};
};

const searchedBesides = searchedNames.filter(name => name !== 'title');

// The columns of a list read nothing else than the item.
const nothingElse = {detail: undefined, names: createLibraryNames({servers: [], libraries: []}), titleOf: () => undefined};
const rowOfSummary = (item: ItemSummary): ItemRow => ({item, ...nothingElse});

// What a list of the app shows by itself. The state is a mark there, and a column here.
const standardColumns = (type: ItemType): PageField[] => {
	const {state} = itemFields;
	const mark = {
		name: 'state', heading: state.label, align: 'left', sort: undefined, value: (item: ItemSummary) => state.column.text(item),
	} as const;
	const shown = listColumns(type).filter(({place}) => place !== undefined).map(({text, ...column}) => ({...column, value: (item: ItemSummary) => text(rowOfSummary(item))}));
	return [...shown, mark];
};

const columnNames = [...new Set(itemTypes.flatMap(type => standardColumns(type).map(({name}) => name)))];

// Days are those of UTC, so that the page is the same wherever it is made.
const cellText = (column: PageField | undefined, summary: ItemSummary): string => {
	if (column === undefined) {
		return '';
	}

	return instantNames.has(column.name) ? String(summary[column.name as keyof ItemSummary] ?? '').slice(0, dayLength) : column.value(summary);
};

const dayLength = 10;
const instantNames: ReadonlySet<string> = new Set(itemFieldList.filter(({type}) => type === 'instant').map(({name}) => name));

const pageColumn = (name: string) => {
	const lists = itemTypes.map(type => standardColumns(type));
	const places = lists.map(list => list.findIndex(column => column.name === name));
	const byType = new Map(itemTypes.flatMap((type, index) => places[index] === -1 ? [] : [[type, lists[index]![places[index]!]!] as const]));
	return {name, places, byType};
};

// What a tile says in its corner: the fields that say it in few letters in the lists of the app.
const badgeColumns = standardColumns('movie').filter(({name}) => ['resolution', 'hdr'].includes(name));
const stateColumns = standardColumns('movie').filter(({name}) => name === 'state');

const widthFor = (texts: readonly string[]): number => {
	let widest = 0;
	for (const text of texts) {
		widest = Math.max(widest, displayWidth(text));
	}

	return Math.min(widestCells, widest);
};

const textsOf = (columns: readonly PageField[], summary: ItemSummary) => columns.map(column => column.value(summary)).filter(text => text !== '');

type Side<Values> = {name: string; label: string; values: Values};

// Libraries of several servers often have one title.
const libraryTitle = (names: LibraryNames, {libraryId}: Pick<ItemSummary, 'libraryId'>): string => names.printed(libraryId) ?? clean(libraryId).trim();

const librarySide: Side<(item: ItemSummary, names: LibraryNames) => string[]> = {
	name: 'library', label: findAskedField('library')!.label, values: (item, names) => [libraryTitle(names, item)],
};

const yearsOfDecade = 10;

const facetTexts = ({field, isDecade}: Facet, value: unknown): Iterable<string> => {
	const values = (Array.isArray(value) ? value : [value]).filter(one => one !== undefined) as ReadonlyArray<string | number | boolean>;
	if (isDecade) {
		return values.map(year => decadeOf(Number(year)));
	}

	return field.kind === 'language'
		? values.map(language => keptLanguageName(String(language)))
		: writtenCounts(field, values.map(one => ({value: one, count: 1}))).keys();
};

const sideOf = <Values>({label, field}: Facet, values: Values): Side<Values> => ({name: field.names[0]!, label, values});
const isKept = ({field}: Facet) => field.field.kept !== undefined;

const summarySides = [librarySide, ...facets.filter(facet => isKept(facet)).map(facet => sideOf(facet, (item: ItemSummary) => facetTexts(facet, item[facet.field.name as keyof ItemSummary])))];
const recordSides = facets.filter(facet => !isKept(facet)).map(facet => sideOf(facet, (item: Item, resolver: DetailResolver): Iterable<string> => {
	const value = readField(facet.field.field, item, resolver);
	return facet.field.kind === 'names' && Array.isArray(value) ? value.map(id => resolver.name(String(id)) ?? String(id)) : facetTexts(facet, value);
}));
const allSides = [librarySide, ...facets.map(facet => sideOf(facet, undefined))];

const decadeOf = (year: number) => {
	const from = Math.floor(year / yearsOfDecade) * yearsOfDecade;
	return `${from}–${from + yearsOfDecade - 1}`;
};

/**
What the page is made of, for those who ask.
*/
export const pageFields: readonly FixedColumn[] = [
	...allSides.map(({name, label}) => ({name: label, from: findAskedField(name)!.name, about: 'A filter'})),
	...columnNames.map(name => ({name: pageColumn(name).byType.values().next().value!.heading, from: name, about: 'A column of the list'})),
	...sortChoices.map(({field, label}) => ({name: label, from: field, about: 'An order'})),
];

const subtitleOf = (item: ItemSummary, titleOf: ExportRow['titleOf']): string => {
	const {type, showId, year} = item;
	const parts = type === 'episode' || type === 'season' ? [showId === undefined ? undefined : titleOf(showId), itemFields.number.table.text(item)] : [year?.toString()];
	return clean(parts.filter(part => part !== undefined && part !== '').join(' · '));
};
