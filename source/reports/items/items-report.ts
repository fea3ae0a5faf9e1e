import {itemTypes} from '../../catalog/kinds.js';
import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import type {ItemType, Library} from '../../catalog/types.js';
import {formatInstant} from '../../base/text/format.js';
import type {TextTone} from '../../base/text/style.js';
import {exportOrder} from '../../export/order.js';
import {rewindIndex} from '../../history/rewind-index.js';
import {trashWord} from '../../query/trash-word.js';
import {listedNames, tableColumns} from '../../query/list-fields.js';
import type {CatalogIndex, ItemSummary} from '../../query/types.js';
import {withServerColumn} from '../printers/server-column.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import {pictureTone} from '../printers/tones.js';
import {
	readPastMoment,
	readType,
} from '../read-flags.js';
import {
	ask,
	type ReportDefinition,
	type ReportSources,
	type ReportCommand,
} from '../report.js';

/**
Without `text` and `type`, movies and shows are listed. `at` asks for the catalogue as it was at that moment.
*/
type ItemsQuestion = {
	library?: string | undefined;
	type?: ItemType | undefined;
	text?: string | undefined;
	limit?: number | undefined;
	at?: string | undefined;
};

type TitleOf = (id: string) => string | undefined;

type Row = {item: ItemSummary; titleOf: TitleOf};

type Listed = {items: ItemSummary[]; titleOf: TitleOf; names: LibraryNames};

const columnTones = new Map<string, (item: ItemSummary) => TextTone | undefined>([
	['id', () => 'dim'],
	['resolution', pictureTone],
	['missing', () => 'warn'],
]);

const columns: ReadonlyArray<ReportColumn<Row>> = tableColumns.map(({name, value, ...column}) => ({
	...column,
	cell: ({item, titleOf}) => value(item, titleOf),
	tone: ({item}) => columnTones.get(name)?.(item),
}));

export const itemsReport: ReportDefinition<ItemsQuestion, Listed, Pick<ReportSources, 'index' | 'header' | 'store' | 'pickLibraries' | 'say' | 'signal'>> = {
	async load({at, library, ...question}, sources) {
		const index = await sources.index();
		const header = await sources.header();
		const names = createLibraryNames(header);
		if (at !== undefined) {
			const {unknownIds} = await rewindIndex(index, await sources.store(), at);
			for (const {id} of header.libraries) {
				if (unknownIds.includes(id)) {
					sources.say(`${names.placed(id)!} is left out: nothing is known of it at ${formatInstant(at)}.`);
				}
			}
		}

		const libraries = await sources.pickLibraries(library);
		const {limit = Infinity} = question;
		const items: ItemSummary[] = [];
		for await (const id of idsOf(index, libraries, question, sources.signal)) {
			if (items.length >= limit) {
				break;
			}

			items.push(index.get(id)!);
		}

		return {items, names, titleOf: id => index.value(id, 'title')};
	},
	text({items, titleOf, names}, options) {
		return items.length === 0 ? [] : reportTable(withServerColumn(columns, names, ({item}) => item.libraryId), items.map(item => ({item, titleOf})), {...options, isSparse: true});
	},
	json: ({items, names}) => ({schema: 1, items: items.map(item => ({...Object.fromEntries(listedNames.map(name => [name, item[name]])), ...names.serverOf(item.libraryId)}))}),
};

export const answerItems: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const words = [...input, ...flags.boolean('trash') === true ? [trashWord] : []];
	return ask(itemsReport, {
		type: readType(flags),
		at: readPastMoment(flags, 'at', sources.now()),
		library: flags.string('library'),
		text: words.length === 0 ? undefined : words.join(' '),
		limit: flags.number('limit'),
	}, sources);
};

/**
Yields the ids in the order of an export: library by library, movies first, then each show with its seasons and episodes. With a text, it goes library by library and type by type.
*/
async function * idsOf(index: CatalogIndex, libraries: readonly Library[], {type, text}: ItemsQuestion, signal: AbortSignal): AsyncGenerator<string> {
	if (text === undefined) {
		yield * exportOrder(index, {libraries: [...libraries]}, {types: type === undefined ? ['movie', 'show'] : [type], signal});
		return;
	}

	for (const {id: libraryId} of libraries) {
		for (const wanted of type === undefined ? itemTypes : [type]) {
			yield * await index.list({libraryId, type: wanted, text}, {signal});
		}
	}
}
