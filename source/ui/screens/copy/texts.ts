import {clean, cleanLines} from '../../../base/text/clean.js';
import type {Item} from '../../../catalog/types.js';
import {webAddressOf} from '../../../catalog/web-address.js';
import type {ItemDetail} from '../../../query/types.js';
import {isTooLongToCopy, mostCopiedBytes} from '../../output/clipboard.js';
import type {UiServices} from '../../services.js';
import {titleOf} from '../browse/table.js';
import type {Subject} from './subject.js';

/**
What can be copied of items or rows.
*/
export type CopyKind = 'title' | 'path' | 'ids' | 'record' | 'row' | 'address';

export type CopyChoice = {kind: CopyKind; key: string; label: string; one: string; many: string};

const choices: readonly CopyChoice[] = [
	{
		kind: 'title', key: 't', label: 'Title', one: 'the title', many: 'the titles',
	},
	{
		kind: 'path', key: 'p', label: 'Path of the file', one: 'the path', many: 'the paths',
	},
	{
		kind: 'ids', key: 'i', label: 'Ids', one: 'the ids', many: 'the ids',
	},
	{
		kind: 'record', key: 'r', label: 'Record, as JSON', one: 'the record', many: 'the records',
	},
	{
		kind: 'address', key: 'a', label: 'Address in Plex Web', one: 'the address', many: 'the addresses',
	},
	{
		kind: 'row', key: 'w', label: 'Row, as text', one: 'the row', many: 'the rows',
	},
];

export const copyChoices = ({itemIds, rowTexts}: Subject): readonly CopyChoice[] =>
	choices.filter(({kind}) => (kind === 'row' ? rowTexts : itemIds).length > 0);

/**
Each path once, also of an item in several files.
*/
const pathsOf = ({files}: Pick<ItemDetail, 'files'>): string[] =>
	[...new Set(files.values().map(({path}) => path).filter(path => path !== undefined))].map(path => clean(path));

/**
One id a line, with what it is called.
*/
export const idLines = ({id, ratingKey, guid, ids: {imdb, tmdb, tvdb, other = []}}: Item): string[] => [
	['reelcat', id] as const,
	...ratingKey === undefined ? [] : [['ratingKey', ratingKey] as const],
	...guid === undefined ? [] : [['guid', guid] as const],
	...imdb.map(value => ['imdb', value] as const),
	...tmdb.map(value => ['tmdb', value] as const),
	...tvdb.map(value => ['tvdb', value] as const),
	...other.map(({source, id: value}) => [source, value] as const),
].map(([name, value]) => clean(`${name} ${value}`));

type Sources = Pick<UiServices, 'index' | 'detail' | 'header' | 'itemTools'>;

const partsOf = async (kind: CopyKind, id: string, {index, detail, header}: Sources): Promise<string[]> => {
	const summary = index.get(id);
	if (summary === undefined) {
		return [];
	}

	if (kind === 'title') {
		return [clean(titleOf(summary))];
	}

	if (kind === 'address') {
		return [webAddressOf(header(), summary) ?? []].flat();
	}

	const found = await detail(id);
	return found === undefined ? [] : (kind === 'path' ? pathsOf(found) : idLines(found.item));
};

/**
The text to copy, cleaned of everything that a terminal or a shell might obey. Undefined if it is longer than a terminal takes.
*/
export const copiedText = async (kind: CopyKind, {itemIds, rowTexts}: Subject, sources: Sources): Promise<string | undefined> => {
	if (kind === 'record') {
		const records = await sources.itemTools.records(itemIds, mostCopiedBytes);
		return records === undefined ? undefined : withinBound(cleanLines(records.trimEnd()));
	}

	if (kind === 'row') {
		return withinBound(rowTexts.join('\n'));
	}

	let text = '';
	for (const id of itemIds) {
		const parts = await partsOf(kind, id, sources);
		text += parts.map(part => `${part}\n`).join('');
		if (text.length > mostCopiedBytes) {
			return undefined;
		}
	}

	return withinBound(text.trimEnd());
};

const withinBound = (text: string) => isTooLongToCopy(text) ? undefined : text;
