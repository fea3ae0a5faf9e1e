import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {printed, readField, shortText} from '../catalog/fields/field.js';
import type {LibraryNames} from '../catalog/library-names.js';
import {keptLanguageName} from '../catalog/media-words.js';
import {resolutionName} from '../catalog/quality.js';
import {askedNames, findAskedField, type AskedField} from './language/asked-fields.js';
import {detailResolver} from './related.js';
import type {ItemDetail, ItemSummary} from './types.js';

/**
What a chosen column reads. `detail` is there if any of the columns needs the record.
*/
export type ItemRow = {
	item: ItemSummary;
	detail: ItemDetail | undefined;
	names: LibraryNames;
	titleOf: (id: string) => string | undefined;
};

export type ItemColumn = {
	/**
	As it was asked for.
	*/
	name: string;
	heading: string;
	align: 'left' | 'right';
	asked: AskedField;
	isTitle: boolean;
	isKey: boolean;
	/**
	Words, which may be cut; half a number or half a date says something else.
	*/
	isCut: boolean;
	isRecordNeeded: boolean;
	/**
	For programs: numbers in the unit of the field, lists as lists.
	*/
	value: (row: ItemRow) => unknown;
	/**
	For people.
	*/
	text: (row: ItemRow) => string;
};

const rightKinds: ReadonlySet<string> = new Set(['number', 'bytes', 'duration', 'bitrate', 'resolution']);

/**
Finds the columns with these names, which are those of the query language.

@throws {AppError} 'usage' for a name of no field
*/
export const itemColumns = (names: readonly string[]): ItemColumn[] => names.map(name => {
	const asked = findAskedField(name);
	if (asked === undefined) {
		throw new AppError('usage', `There is no column "${clean(name)}".`, {hint: orNearest(name, askedNames, 'docs/fields.md lists the fields.')});
	}

	return itemColumn(name, asked);
});

/**
The column of a field.
*/
export const itemColumn = (name: string, asked: AskedField): ItemColumn => {
	const {field, kind, source, of} = asked;
	// Asked for by its name in records, it is the id that records have.
	const isId = hasNameAndId(asked) && name.toLowerCase() === asked.name.toLowerCase();
	const column = {
		name, asked, heading: isId ? `${asked.label} id` : asked.label, align: rightKinds.has(kind) ? 'right' : 'left', isTitle: asked.name === 'title', isKey: field.isKey === true, isCut: !isId && field.isKey !== true && wordKinds.has(kind),
	} as const;
	const named = (isId ? idValues : namedValues)[kind];
	if (named !== undefined) {
		return {
			...column, isRecordNeeded: false, value: named, text: row => named(row) ?? '',
		};
	}

	if (source === 'computed') {
		const compute = (item: ItemSummary) => (of as (summary: ItemSummary) => number | undefined)(item);
		return {
			...column, isRecordNeeded: false, value: ({item}) => compute(item), text: ({item}) => compute(item)?.toFixed(1) ?? '',
		};
	}

	if (source === 'column') {
		const read = ({item}: ItemRow) => item[asked.name as keyof ItemSummary];
		return {
			...column,
			isRecordNeeded: false,
			value: read,
			text(row) {
				const value = read(row);
				return kind === 'resolution' && typeof value === 'string' ? resolutionName(value) : shortText(field, value);
			},
		};
	}

	const read = ({detail}: ItemRow): unknown => {
		if (detail === undefined) {
			return undefined;
		}

		const resolver = detailResolver(detail);
		const ids = kind === 'names' ? field.asked!.list?.of(detail.item) : undefined;
		return ids === undefined ? readField(field, detail.item, resolver) : ids.map(id => resolver.name(String(id)) ?? id);
	};

	return {
		...column,
		isRecordNeeded: true,
		value: kind === 'language' ? row => languageNames(read(row)) : read,
		text(row) {
			const value = read(row);
			const isOfNames = kind === 'names' && Array.isArray(value);
			return isOfNames ? value.join(', ') : (row.detail && printed(field, value, detailResolver(row.detail))) ?? '';
		},
	};
};

const languageNames = (value: unknown) => Array.isArray(value) ? value.map(entry => keptLanguageName(String(entry))) : value;

const wordKinds: ReadonlySet<string> = new Set(['text', 'names', 'choice', 'language', 'library', 'server', 'show']);

/**
Whether what a field refers to is asked for by its name or by its id.
*/
export const hasNameAndId = ({kind}: Pick<AskedField, 'kind'>): boolean => idValues[kind] !== undefined;

const idValues: typeof namedValues = {
	library: ({item}) => item.libraryId,
	server: ({item, names}) => names.serverOf(item.libraryId).serverId,
	show: ({item}) => item.showId,
};

const namedValues: Partial<Record<AskedField['kind'], (row: ItemRow) => string | undefined>> = {
	library: ({item: {libraryId}, names}) => names.placed(libraryId),
	server({item: {libraryId}, names}) {
		const {serverId} = names.serverOf(libraryId);
		return serverId === undefined ? undefined : names.serverName(serverId) ?? serverId;
	},
	show: ({item: {showId}, titleOf}) => showId === undefined ? undefined : titleOf(showId),
};
