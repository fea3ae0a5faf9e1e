import {AppError} from '../../base/errors.js';
import {clean, cleanLines} from '../../base/text/clean.js';
import {isItemId} from '../../catalog/identity.js';
import {webAddressOf} from '../../catalog/web-address.js';
import {plainPaint, type Paint} from '../../base/text/style.js';
import {formatCount} from '../../base/text/format.js';
import {displayWidth, fit} from '../../base/text/width.js';
import {exportRecord} from '../../export/record.js';
import {compileQuery} from '../../query/language/compile.js';
import {orMeant} from '../../query/language/meant.js';
import type {Plan} from '../../query/language/plan.js';
import {planWithin} from '../../query/plan-within.js';
import {fold} from '../../query/fold.js';
import {printedValue} from '../../query/language/value-terms.js';
import {recordValues} from '../../query/record-values.js';
import {detailSections, type DetailOptions} from '../../query/detail-sections.js';
import {loadDetail} from '../../query/related.js';
import type {CatalogIndex, ItemDetail} from '../../query/types.js';
import {
	ask,
	type ReportAnswers,
	type ReportCommand,
	type ReportDefinition,
	type ReportSources,
} from '../report.js';

type ShownItem = {detail: ItemDetail} & DetailOptions;

// Of other items, no more is told.
const readFields = ['id', 'libraryId', 'ratingKey', 'type', 'title', 'showId', 'seasonId', 'seasonNumber', 'episodeNumber', 'fileIds'] as const;

// Most queries need few of the other fields.
const queriedFields = ['id'] as const;

const isNumber = (text: string) => /^\d+$/v.test(text);
const isName = (text: string) => isNumber(text) || isItemId(text);

// A text with one of these asks for more than a name can.
const isOnlyQuery = (text: string) => /[\s"\(\):@]/v.test(text);

/**
Everything about one item. `id` is its id, a ratingKey that no other item has, or a query that finds nothing else.
*/
export const itemReport: ReportDefinition<{id: string}, ShownItem> = {
	async load({id}, sources) {
		const answers = await sources.answers();
		const named = answers === undefined ? await sources.index(isOnlyQuery(id) ? queriedFields : readFields) : undefined;
		const all = named?.find(id) ?? await answers!.find(id);
		const known = named ?? await answers!.indexOf(all);
		// Who has the index has read enough of the catalogue to know its header.
		const libraryIds = await sources.pickLibraryIds(undefined);
		const found = libraryIds === undefined ? all : all.filter(one => libraryIds.includes(known.value(one, 'libraryId') ?? ''));
		if (found.length > 1) {
			throw new AppError('usage', `${found.length} items have the ratingKey ${clean(id)}.`, {
				hint: `Name one of these ids: ${found.join(', ')}.`,
			});
		}

		const [first] = found;
		const {index, itemId} = first === undefined && !isName(id)
			? await queriedItem(id, sources, answers)
			: {index: known, itemId: first};
		const detail = itemId === undefined ? undefined : await loadDetail(await sources.records(), index, itemId);
		if (detail === undefined) {
			throw new AppError('not-found', isOnlyQuery(id) ? `Nothing matches${orMeant(id)}` : `There is no item ${clean(id)} in the catalogue.`, {
				hint: isNumber(id) ? `A number alone is a ratingKey; a title is asked for with "title:=${id}".` : '"reelcat ls" prints the ids.',
			});
		}

		return {detail, titleOf: other => index.value(other, 'title')};
	},
	text: (item, {paint = plainPaint}) => itemLines(item, paint),
	json: ({detail}) => exportRecord(detail),
};

const mostNamed = 5;

/**
@throws {QueryError}
@throws AppError 'usage' if the query finds several items
*/
const queriedItem = async (query: string, sources: ReportSources, answers: ReportAnswers | undefined) => {
	const {index, ids, total} = answers === undefined ? await listed(query, sources) : await answered(query, sources, answers);
	if (total > 1) {
		const named = ids.slice(0, mostNamed).map(id => {
			const {type, title, year} = index.get(id)!;
			return `${id} (${[type, clean(title).trim(), year].filter(part => part !== undefined).join(' ')})`;
		});
		// The best match comes first.
		const wholeTitle = fold(index.get(ids[0]!)!.title) === fold(query) ? ` (the whole title: title:=${printedValue(query)})` : '';
		throw new AppError('usage', `${formatCount(total)} items match.`, {
			hint: `Name one of these ids, or ask for less${wholeTitle}: ${named.join(', ')}${total > mostNamed ? ' …' : '.'}`,
		});
	}

	return {index, itemId: ids[0]};
};

type Queried = {index: CatalogIndex; ids: readonly string[]; total: number};

const planOf = async (query: string, {queryWorld, pickLibraryIds}: Pick<ReportSources, 'queryWorld' | 'pickLibraryIds'>): Promise<Plan> =>
	planWithin(await compileQuery(query, await queryWorld()), {libraryIds: await pickLibraryIds(undefined)});

const listed = async (query: string, {index: indexOf, queryWorld, pickLibraryIds, records, signal}: ReportSources): Promise<Queried> => {
	const index = await indexOf(queriedFields);
	const plan = await planOf(query, {queryWorld, pickLibraryIds});
	const ids = await index.list({plan}, {signal, readValues: async (wanted, field) => recordValues(await records())(wanted, field)});
	return {index, ids, total: ids.length};
};

const answered = async (query: string, {queryWorld, pickLibraryIds, signal}: ReportSources, answers: ReportAnswers): Promise<Queried> => {
	const plan = await planOf(query, {queryWorld, pickLibraryIds});
	const {ids, total} = await answers.list({plan}, {signal, limit: mostNamed});
	return {index: await answers.indexOf(ids), ids, total};
};

type Opening = {title: string; address: string; reason: string | undefined};

// What was asked for is the page, so only an address that could not be opened is data.
const openingReport: ReportDefinition<{id: string}, Opening> = {
	async load(question, sources) {
		const {detail: {item}} = await itemReport.load(question, sources);
		const address = webAddressOf(await sources.header(), item);
		if (address === undefined) {
			throw new AppError('not-found', `The server does not list "${clean(item.title)}" now, so Plex Web has no page of it.`, {
				hint: 'Without --open, "reelcat show" tells what the catalogue has of it.',
			});
		}

		return {title: item.title, address, reason: await sources.openAddress(address)};
	},
	text: ({address, reason}) => reason === undefined ? [] : [address],
	json: ({address, reason}) => ({schema: 1, address, opened: reason === undefined}),
	remark: ({title, reason}) => reason === undefined ? `Opened in Plex Web: "${clean(title)}".` : `${reason}; this is its address in Plex Web.`,
};

const showOne = async (id: string, sources: ReportSources) => ask(itemReport, {id}, sources);
const openOne = async (id: string, sources: ReportSources) => ask(openingReport, {id}, sources);

export const answerItem: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const id = input.join(' ').trim();
	if (id === '') {
		throw new AppError('usage', 'Name one item.', {hint: '"reelcat ls" prints the ids.'});
	}

	const answer = flags.boolean('open') === true ? openOne : showOne;
	return answer(id, sources);
};

const widestLabel = 24;

/**
Nothing is cut: a long summary is one long line, which the terminal or the reader wraps.
*/
const itemLines = ({detail, ...options}: ShownItem, paint: Paint): string[] => {
	const lines: string[] = [];
	for (const {heading, fields} of detailSections(detail, options)) {
		const rows = fields.map(({label, value}) => ({label: clean(label), value: cleanLines(value).split('\n')}));
		const width = Math.min(widestLabel, Math.max(...rows.map(({label}) => displayWidth(label))));
		lines.push(...(lines.length === 0 ? [] : ['']), paint('strong', heading));
		for (const {label, value} of rows) {
			for (const [index, line] of value.entries()) {
				lines.push(`  ${index === 0 ? padLabel(label, width) : ' '.repeat(width)}  ${line}`.trimEnd());
			}
		}
	}

	return lines;
};

// A longer label, such as the name of an actor, is not cut; it moves its value to the right.
const padLabel = (label: string, width: number) => displayWidth(label) > width ? label : fit(label, width);
