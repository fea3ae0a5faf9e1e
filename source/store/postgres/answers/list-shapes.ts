import {hash} from 'node:crypto';
import {readField, type NamedField, type Resolver} from '../../../catalog/fields/field.js';
import {itemFieldList} from '../../../catalog/fields/item-fields.js';
import type {Item, MediaFile} from '../../../catalog/types.js';
import {comparable} from '../../../query/engine/row-tests.js';
import {haystackOf} from '../../../query/haystack.js';
import {askedFields, type AskedField} from '../../../query/language/asked-fields.js';
import {choiceForm, searchForm} from '../../../query/language/text-tests.js';
import {keptFields, summarize} from '../../../query/summary.js';
import type {ItemSummary} from '../../../query/types.js';
import {
	rowOf,
	snakeCase,
	type Column,
	type ReadableRow,
	type Shape,
} from '../readable/shape.js';
import {
	joinedTexts,
	orderedText,
	readOrdered,
	storedWords,
} from './stored-texts.js';

/**
What the rows of an item are made of. The meaning of each field is that of the index in memory: its summary, its lists and its readers.
*/
export type AskedItem = {item: Item; summary: ItemSummary; resolver: Resolver};

export const askedItem = (item: Item, fileOf: (id: string) => MediaFile | undefined): AskedItem => ({
	item,
	// Made when the first column asks, because what is wrong in a record must leave the other columns as they are.
	get summary() {
		const summary = summarize(item, id => fileOf(id)?.sizeBytes);
		Object.defineProperty(this, 'summary', {value: summary});
		return summary;
	},
	resolver: {name: () => undefined, file: fileOf},
});

const valueOf = ({field, name, source, of}: AskedField, {item, summary, resolver}: AskedItem): unknown => {
	if (source === 'computed') {
		return (of as (summary: unknown) => number | undefined)(summary);
	}

	return source === 'column' ? summary[name as keyof ItemSummary] : readField(field, item, resolver);
};

const textKinds: ReadonlySet<string> = new Set(['text', 'choice', 'names', 'language', 'id', 'library', 'server', 'show']);

/**
Fields that are compared as numbers or are yes or no: amounts, times as seconds, dates as days, resolutions by their lines.
*/
export const isNumberField = ({kind}: AskedField): boolean => !textKinds.has(kind);

const sharedNames = new Set(keptFields.filter(({isShared}) => isShared === true).map(({name}) => name));

/**
Fields with a text that many items share. Conditions on them are judged once for each text that there is.
*/
export const isSharedText = (field: AskedField): boolean => !isNumberField(field) && field.source === 'column' && field.kind !== 'show' && sharedNames.has(field.name);

/**
Texts of which nearly every item has its own. `record` fields are in `list_texts`, so that a look at all rows takes less.
*/
export const isOwnText = (field: AskedField): boolean => ['text', 'choice'].includes(field.kind) && field.source !== 'lists' && !isSharedText(field);

export const columnOf = (name: string): string => snakeCase(name);

const wordsColumnOf = (name: string): string => `${snakeCase(name)}_words`;

/**
The column in which parts of an own text are looked for: with marked words, or of a choice with nothing but its letters.
*/
export const soughtColumnOf = ({name, kind}: AskedField): string => kind === 'choice' ? `${columnOf(name)}_choice` : wordsColumnOf(name);

const readNumber = (field: AskedField, source: AskedItem): unknown => {
	const value = valueOf(field, source);
	const isKnown = value !== undefined && value !== '';
	// A resolution that is known and cannot be compared is NaN.
	return isKnown ? comparable(field, value) ?? (field.kind === 'resolution' ? NaN : undefined) : undefined;
};

const numberColumn = (field: AskedField): Column<AskedItem> => {
	const isFlag = field.kind === 'flag';
	return {
		type: isFlag ? 'boolean' : 'double precision',
		comment: isFlag ? field.description : `${field.description}; as it is compared`,
		of: source => isFlag ? valueOf(field, source) : readNumber(field, source),
	};
};

/**
A text as it was written, which the database sorts as the index in memory does.
*/
const orderedColumn = (comment: string, of: (source: AskedItem) => unknown): Column<AskedItem> => ({
	type: 'text',
	comment,
	rest: 'COLLATE "C"',
	of(source) {
		const value = of(source);
		return typeof value === 'string' ? orderedText(value) : undefined;
	},
});

const sharedColumn = (field: AskedField): Column<AskedItem> => orderedColumn(field.description, source => valueOf(field, source));

const soughtForm = ({kind}: AskedField, text: string) => kind === 'choice' ? choiceForm(text) : storedWords(searchForm(text));

const soughtColumn = (field: AskedField): Column<AskedItem> => ({
	type: 'text',
	comment: `${field.description}; as it is searched`,
	rest: 'COLLATE "C"',
	of(source) {
		const value = valueOf(field, source);
		const texts = [value].flat().filter(text => typeof text === 'string' && text !== '').map(text => soughtForm(field, text as string));
		return field.name === 'path' ? joinedTexts(texts) : texts[0];
	},
});

const isOfPeople = ({asked}: NamedField<Item>) => asked!.list!.block === 'people';

const listFields = itemFieldList.filter(({asked}) => asked?.list !== undefined);
const peopleFields = listFields.filter(field => isOfPeople(field));
const otherLists = listFields.filter(field => !isOfPeople(field));

/**
The column of a list.
*/
export const listColumnOf = (name: string): string => name === 'cast' ? 'actors' : snakeCase(name);

const listColumn = ({description, asked}: (typeof listFields)[number]): Column<AskedItem> => ({
	type: asked!.list!.block === 'ids' ? 'bigint[]' : 'text[]',
	comment: `${description}; ids of tags, languages, or numbers`,
	of({item}) {
		const values = asked!.list!.of(item);
		return values.length === 0 ? undefined : values;
	},
});

/**
Who it is stands in `item_people`.
*/
const countColumn = ({description, asked}: (typeof listFields)[number]): Column<AskedItem> => ({
	type: 'integer', comment: `How many there are: ${description}`, of: ({item}) => asked!.list!.of(item).length,
});

const columnsOf = (fields: readonly AskedField[], nameOf: (field: AskedField) => string, make: (field: AskedField) => Column<AskedItem>) => Object.fromEntries(fields.map(field => [nameOf(field), make(field)]));

const bareColumn = (comment: string, of: (source: AskedItem) => unknown): Column<AskedItem> => ({
	type: 'id', comment, of,
});

// The library has its own column.
const sharedFields = askedFields.filter(field => isSharedText(field) && field.kind !== 'library');
const ownFields = askedFields.filter(field => isOwnText(field));

/**
Whether the words of an own text stand in `list_rows`.
*/
export const isInRow = ({source, kind}: AskedField): boolean => source === 'column' && kind !== 'choice';

export const listRowShape: Shape<AskedItem> = {
	name: 'list_rows',
	comment: 'What queries ask of an item, in the form in which it is compared. Only reelcat reads it',
	key: ['id'],
	columns: {
		id: bareColumn('The id of the item', ({item}) => item.id),
		library_id: bareColumn('Its library', ({item}) => item.libraryId),
		show_id: bareColumn('Its show', ({item}) => item.showId),
		season_id: bareColumn('Its season', ({item}) => item.seasonId),
		sort_key: orderedColumn('The title as lists sort it', ({summary}) => summary.sortKey),
		haystack: {
			type: 'text', comment: 'The title and the other texts in which words are looked for, with marks at the ends of words', rest: 'COLLATE "C" NOT NULL', of: ({summary}) => storedWords(haystackOf(summary)),
		},
		original_title: orderedColumn('The original title', ({summary}) => summary.originalTitle),
		rating_key: orderedColumn('The ratingKey', ({summary}) => summary.ratingKey),
		...columnsOf(sharedFields, ({name}) => columnOf(name), sharedColumn),
		...columnsOf(ownFields.filter(field => isInRow(field) && field.name !== 'title'), soughtColumnOf, soughtColumn),
		...columnsOf(askedFields.filter(field => isNumberField(field)), ({name}) => columnOf(name), numberColumn),
		...Object.fromEntries(otherLists.map(field => [listColumnOf(field.name), listColumn(field)])),
		...Object.fromEntries(peopleFields.map(field => [listColumnOf(field.name), countColumn(field)])),
	},
	indexes: {
		// A title may be longer than what an index can hold.
		list_rows_by_title: 'ON list_rows ((left(sort_key, 100)))',
		list_rows_by_year: 'ON list_rows (year)',
		list_rows_by_size: 'ON list_rows (size_bytes DESC NULLS LAST)',
		list_rows_by_addition: 'ON list_rows (added_at DESC NULLS LAST)',
		list_rows_of_show: 'ON list_rows (show_id) WHERE show_id IS NOT NULL',
		list_rows_of_season: 'ON list_rows (season_id) WHERE season_id IS NOT NULL',
		list_rows_by_key: 'ON list_rows USING hash (rating_key)',
		list_rows_by_type: 'ON list_rows (type, library_id)',
		list_rows_by_list: `ON list_rows USING gin (${otherLists.filter(({asked}) => asked!.list!.block !== 'languages').map(({name}) => listColumnOf(name)).join(', ')})`,
		list_rows_by_language: 'ON list_rows USING gin (audio_languages, subtitle_languages)',
	},
};

export const listTextShape: Shape<AskedItem> = {
	name: 'list_texts',
	comment: 'The long texts of items in the form in which queries look for words. Only reelcat reads it',
	key: ['id'],
	columns: {
		id: bareColumn('The id of the item', ({item}) => item.id),
		...columnsOf(ownFields.filter(field => !isInRow(field)), soughtColumnOf, soughtColumn),
	},
};

export type ListName = {kind: string; id: string; name: string};

// That of a damaged record may be anything.
const nameText = (name: unknown) => typeof name === 'string' ? name : '';

/**
The kind of a name is `person` or `tag`, `language`, or the name of a field whose texts are shared.
*/
export const listNameShape: Shape<ListName> = {
	name: 'list_names',
	comment: 'The names of people and tags and the texts that many items share, in which queries look for words. Only reelcat reads it',
	key: ['kind', 'id'],
	columns: {
		kind: {type: 'id', comment: 'person, tag, language, or the field that has the text', of: ({kind}) => kind},
		id: {type: 'id', comment: 'The id of the person or tag; of texts, the text itself or its digest', of: ({id}) => id},
		name: {
			type: 'text', comment: 'The name', rest: 'COLLATE "C" NOT NULL', of: ({name}) => orderedText(nameText(name)),
		},
		words: {
			type: 'text', comment: 'The name as it is searched, with marks at the ends of words', rest: 'COLLATE "C" NOT NULL', of: ({name}) => storedWords(searchForm(nameText(name))),
		},
	},
	indexes: {
		list_names_by_words: 'ON list_names USING hash (words)',
	},
};

export const listShapes: ReadonlyArray<Shape<never>> = [listRowShape, listTextShape, listNameShape];

export const rowOfItem = (source: AskedItem): ReadableRow => {
	const row = rowOf(listRowShape.columns, source);
	// Of a damaged record it may be impossible to make.
	row['haystack'] ??= '';
	return row;
};

export const textsOfItem = (source: AskedItem): ReadableRow => rowOf(listTextShape.columns, source);

const languageFields = listFields.filter(({asked}) => asked!.list!.block === 'languages');

// An index has no room for longer ones, and a key is never empty.
const longestKey = 200;

const sharedName = (kind: string, text: string): ListName => ({kind, id: text === '' || text.length > longestKey ? hash('sha256', text) : text, name: text});

/**
The texts of an item that others share.
*/
export const sharedNamesOf = (row: ReadableRow): ListName[] => [
	...sharedFields.flatMap(({name}) => {
		const text = row[columnOf(name)];
		return typeof text === 'string' ? [sharedName(name, readOrdered(text))] : [];
	}),
	...languageFields.flatMap(({name}) => (row[listColumnOf(name)] as string[] | undefined ?? []).map(text => sharedName('language', text))),
];
