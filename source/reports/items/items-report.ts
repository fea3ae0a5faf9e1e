import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import type {ItemType, Library} from '../../catalog/types.js';
import type {ParsedFlags} from '../../base/flags.js';
import {
	formatBytes,
	formatDurationMs,
	formatInstant,
	plural,
} from '../../base/text/format.js';
import {jsonLine} from '../../base/text/json.js';
import type {TextTone} from '../../base/text/style.js';
import {exportOrder, sortedLibraryIds} from '../../export/order.js';
import {rewindIndex} from '../../history/rewind-index.js';
import {itemColumns, type ItemColumn, type ItemRow} from '../../query/item-columns.js';
import {trashWord} from '../../query/trash-word.js';
import {listedItem, tableColumns} from '../../query/list-fields.js';
import {compileQuery} from '../../query/language/compile.js';
import {orMeant} from '../../query/language/meant.js';
import type {Plan} from '../../query/language/plan.js';
import {parseQuery} from '../../query/language/parser.js';
import {planWithin} from '../../query/plan-within.js';
import {recordValues} from '../../query/record-values.js';
import {loadDetail} from '../../query/related.js';
import {createSlices} from '../../query/slices.js';
import {sumPlayed, type Totals} from '../../query/totals.js';
import type {CatalogIndex, ItemDetail, ItemSummary} from '../../query/types.js';
import {csvTable, type CsvColumn} from '../printers/data.js';
import {withServerColumn} from '../printers/server-column.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import {pictureTone} from '../printers/tones.js';
import {
	oneOf,
	readPastMoment,
	readType,
} from '../read-flags.js';
import {
	ask,
	type ReportCommand,
	type ReportDefinition,
	type ReportSources,
} from '../report.js';
import {itemPresets} from './presets.js';

/**
Without a query and `type`, movies and shows are listed. `at` asks for the catalogue as it was at that moment. Without `columns`, the table and the JSON have those that they always had.
*/
type ItemsQuestion = {
	library?: string | undefined;
	type?: ItemType | undefined;
	query?: string | undefined;
	limit?: number | undefined;
	at?: string | undefined;
	columns?: readonly ItemColumn[] | undefined;
};

// Whatever is listed, its rows are found by these. Of the other fields, most lists need few.
const readFields = ['id', 'type', 'libraryId'] as const;

const typesOfList: readonly ItemType[] = ['movie', 'show'];

type TitleOf = (id: string) => string | undefined;

type Row = {item: ItemSummary; titleOf: TitleOf};

type Listed = {
	items: ItemSummary[];
	titleOf: TitleOf;
	names: LibraryNames;
	columns?: readonly ItemColumn[] | undefined;
	/**
	Of the records, if a column needs them, in the order of the items.
	*/
	details?: ReadonlyArray<ItemDetail | undefined> | undefined;
	totals?: Totals;
	query?: string | undefined;
};

const columnTones = new Map<string, (item: ItemSummary) => TextTone | undefined>([
	['id', () => 'dim'],
	['resolution', pictureTone],
	['missing', () => 'warn'],
]);

const columns: ReadonlyArray<ReportColumn<Row>> = tableColumns.map(({name, value, ...column}) => ({
	...column,
	isMain: name === 'title',
	cell: ({item, titleOf}) => value(item, titleOf),
	tone: ({item}) => columnTones.get(name)?.(item),
}));

type ItemsSources = Pick<ReportSources, 'index' | 'answers' | 'header' | 'store' | 'records' | 'queryWorld' | 'pickLibraries' | 'say' | 'signal'>;

export const itemsReport: ReportDefinition<ItemsQuestion, Listed, ItemsSources> = {
	async load({at, library, ...question}, sources) {
		const {index, found} = await answered({at, library, ...question}, sources) ?? {index: await sources.index(readFields)};
		const header = await sources.header();
		const names = createLibraryNames(header);
		let {records} = sources;
		if (at !== undefined) {
			const {unknownIds, records: past} = await rewindIndex(index, await sources.store(), at);
			records = async () => past;
			for (const {id} of header.libraries) {
				if (unknownIds.includes(id)) {
					sources.say(`${names.placed(id)!} is left out: nothing is known of it at ${formatInstant(at)}.`);
				}
			}
		}

		const libraries = await sources.pickLibraries(library);
		const {limit = Infinity, columns: chosen} = question;
		const items: ItemSummary[] = [];
		for await (const id of found ?? idsOf(index, libraries, question, {...sources, records})) {
			if (items.length >= limit) {
				break;
			}

			items.push(index.late(id)!);
		}

		const details = chosen?.some(({isRecordNeeded}) => isRecordNeeded) ? await readDetails(items, index, {...sources, records}) : undefined;
		return {
			items, names, titleOf: id => index.value(id, 'title'), columns: chosen, details, totals: await sumPlayed(items, index, createSlices(sources.signal)), query: question.query,
		};
	},
	text(listed, options) {
		const {items, titleOf, names, columns: chosen} = listed;
		if (items.length === 0) {
			return [];
		}

		if (chosen !== undefined) {
			const main = Math.max(0, chosen.findIndex(({isTitle}) => isTitle));
			const wanted = chosen.map(({heading, align, text, isKey, isCut}, index): ReportColumn<ItemRow> => ({
				heading, align, cell: text, isKey, isMain: index === main, isFlexible: isCut,
			}));
			return reportTable(wanted, rowsOf(listed), {...options, hasCsv: true});
		}

		return reportTable(withServerColumn(columns, names, ({item}) => item.libraryId), items.map(item => ({item, titleOf})), {...options, isSparse: true});
	},
	json: listed => ({schema: 1, items: jsonItems(listed)}),
	csv: listed => csvTable(csvColumnsOf(listed), rowsOf(listed)),
	others: {
		ndjson: listed => jsonItems(listed).map(item => jsonLine(item)).join(''),
	},
	remark({items, totals, query}, form) {
		if (items.length === 0) {
			return query === undefined ? undefined : `Nothing matches${orMeant(query)}`;
		}

		return form === 'table' && totals !== undefined ? totalsLine(items.length, totals) : undefined;
	},
};

export const answerItems: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const preset = readPreset(flags);
	const names = flags.string('columns')?.split(',').map(name => name.trim()) ?? preset?.columns ?? (['csv', 'tsv'].includes(flags.string('format') ?? '') ? csvNames : undefined);
	const text = [...input, ...flags.boolean('trash') === true ? [trashWord] : []].join(' ');
	const sort = flags.string('sort') ?? (parseQuery(text).sort === undefined ? preset?.sort : undefined);
	const query = [...text === '' ? [] : [text], ...sort === undefined ? [] : [`sort:${sort}`]].join(' ');
	return ask(itemsReport, {
		type: readType(flags),
		at: readPastMoment(flags, 'at', sources.now()),
		library: flags.string('library'),
		query: query === '' ? undefined : query,
		limit: flags.number('limit'),
		columns: names && itemColumns(names),
	}, sources);
};

const csvNames = ['id', 'type', 'library', 'show', 'season', 'episode', 'title', 'edition', 'year', 'released', 'len', 'res', 'hdr', 'size'];

const readPreset = (flags: ParsedFlags) => {
	const name = flags.string('preset');
	return name === undefined ? undefined : itemPresets.get(oneOf(name, itemPresets.keys().toArray(), wrong => `There is no preset "${wrong}".`));
};

const rowsOf = ({items, details, names, titleOf}: Listed): ItemRow[] => items.map((item, index) => ({
	item, detail: details?.[index], names, titleOf,
}));

const jsonItems = (listed: Listed): ReadonlyArray<Record<string, unknown>> => {
	const {items, names, columns: chosen} = listed;
	return chosen === undefined
		? items.map(item => ({...listedItem(item), ...names.serverOf(item.libraryId)}))
		: rowsOf(listed).map(row => Object.fromEntries(chosen.map(({name, value}) => [name, value(row)])));
};

const csvColumnsOf = ({columns: chosen = []}: Listed): ReadonlyArray<CsvColumn<ItemRow>> => chosen.map(({name, value, text}) => [name, row => {
	const cell = value(row);
	return (typeof cell === 'number') || (typeof cell === 'string') ? cell : text(row);
}]);

const totalsLine = (count: number, {sizeBytes, durationMs}: Totals): string => [
	plural(count, 'item'),
	...sizeBytes === 0 ? [] : [formatBytes(sizeBytes)],
	...durationMs === 0 ? [] : [formatDurationMs(durationMs)],
].join(', ');

const readDetails = async (items: readonly ItemSummary[], index: CatalogIndex, {records, signal}: Pick<ReportSources, 'records' | 'signal'>) => {
	const store = await records();
	const details: Array<ItemDetail | undefined> = [];
	for (const {id} of items) {
		signal.throwIfAborted();
		details.push(await loadDetail(store, index, id));
	}

	return details;
};

/**
What is found, and an index of it, if the store itself answers. It knows no earlier moment.
*/
const answered = async ({at, library, query, type, limit}: ItemsQuestion, sources: ItemsSources): Promise<{index: CatalogIndex; found: readonly string[]} | undefined> => {
	const answers = at === undefined ? await sources.answers() : undefined;
	if (answers === undefined) {
		return undefined;
	}

	const libraries = await sources.pickLibraries(library);
	const foundBy = async (text: string) => {
		const plan = asked(await compileQuery(text, await sources.queryWorld()), {libraries, type, limit});
		const {ids} = await answers.list({plan}, {signal: sources.signal});
		return ids;
	};

	const ids = await (query === undefined
		? answers.exported({libraryIds: sortedLibraryIds(libraries), types: type === undefined ? typesOfList : [type], limit})
		: foundBy(query));
	const index = await answers.indexOf(ids);
	// An item may have been removed since.
	return {index, found: ids.filter(id => index.value(id, 'type') !== undefined)};
};

/**
The plan within libraries and types: without a condition or a type, movies and shows.
*/
const asked = (plan: Plan, {libraries, type, limit}: {libraries: readonly Library[]; type: ItemType | undefined; limit?: number | undefined}): Plan => planWithin(plan, {
	libraryIds: libraries.map(({id}) => id), types: type === undefined ? (plan.where.kind === 'always' ? typesOfList : undefined) : [type], limit,
});

/**
Yields the ids in the order of an export: library by library, movies first, then each show with its seasons and episodes. With a query they come in its order.
*/
async function * idsOf(index: CatalogIndex, libraries: readonly Library[], {type, query}: ItemsQuestion, {queryWorld, records, signal}: Pick<ReportSources, 'queryWorld' | 'records' | 'signal'>): AsyncGenerator<string> {
	if (query === undefined) {
		for await (const ids of exportOrder(index, {libraries: [...libraries]}, {types: type === undefined ? typesOfList : [type], signal})) {
			yield * ids;
		}

		return;
	}

	const plan = await compileQuery(query, await queryWorld());
	yield * await index.glance({plan: asked(plan, {libraries, type})}, {signal, readValues: async (ids, field) => recordValues(await records())(ids, field)});
}
