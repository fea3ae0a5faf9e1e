import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import type {Item} from '../../catalog/types.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {formatInstant} from '../../base/text/format.js';
import {plainPaint} from '../../base/text/style.js';
import {changeParts, changeWords, type TimelineRow} from '../../history/changes.js';
import {kindWord} from '../../history/changes-line.js';
import {loadTimeline} from '../../history/load-changes.js';
import {timelineJson} from '../changes/changes-json.js';
import {reportTable, screenCells, type ReportColumn} from '../printers/table.js';
import {changeTones} from '../printers/tones.js';
import type {ScreenReport} from '../report.js';
import {headingRow, type ReportRow} from '../report-row.js';

type TimelineQuestion = {
	itemId: string;
	since?: string | undefined;
	/**
	Whether to throw 'not-found' if neither the catalogue nor its history has the item.
	*/
	isRequired?: boolean;
};

type Timeline = Awaited<ReturnType<typeof loadTimeline>> & {
	itemId: string;
	/**
	The item in the catalogue; undefined if it is no longer there.
	*/
	item: Item | undefined;
	names: LibraryNames;
};

type Row = TimelineRow & {words: string; isMore: boolean};

const columns: ReadonlyArray<ReportColumn<Row>> = [
	{heading: 'When', cell: row => row.isMore ? '' : formatInstant(row.at), screen: {width: 16}},
	{
		heading: 'What', cell: row => row.isMore ? '' : kindWord(row.kind), tone: row => changeTones[row.kind], screen: {width: 10},
	},
	{
		heading: 'Before → after', isFlexible: true, position: 'parts', cell: row => row.words, screen: {width: {share: 1}},
	},
	{heading: 'Run', cell: row => row.isMore ? '' : row.runId, tone: () => 'dim'},
];

/**
Everything that happened to one item, newest first. On the command line it is `diff ITEM`, see `changesReport`.
*/
export const timelineReport: ScreenReport<TimelineQuestion, Timeline> = {
	async load({itemId, since, isRequired = false}, sources) {
		const store = await sources.store();
		const timeline = await loadTimeline(store, itemId, since);
		const [record] = await store.getMany([itemId]);
		const item = record?.kind === 'item' ? record : undefined;
		if (isRequired && item === undefined && timeline.rows.length === 0) {
			throw new AppError('not-found', `Neither the catalogue nor its history has an item ${clean(itemId)}.`, {hint: '"reelcat ls" and "reelcat lost" print the ids.'});
		}

		return {
			...timeline, itemId, item, names: createLibraryNames(store.header()),
		};
	},
	text({itemId, item, rows, begun, names}, options) {
		const {title, libraryId} = (rows[0] ?? item)!;
		const begunAt = begun.get(libraryId);
		return [
			(options.paint ?? plainPaint)('strong', `${clean(title)} (${itemId})${names.hasSeveralServers ? `, ${names.placed(libraryId) ?? libraryId}` : ''}`),
			...(rows.length === 0 ? ['Nothing has happened to it.'] : reportTable(columns, options.columns === undefined ? rows.map(row => onOneLine(row)) : rows.flatMap(row => onLines(row)), options)),
			begunAt === undefined ? 'The history of its library has not begun yet.' : `Nothing is known before ${formatInstant(begunAt)}.`,
		];
	},
	json: ({itemId, item, rows, names}) => timelineJson({...(rows[0] ?? item)!, itemId, ...names.serverOf((rows[0] ?? item)!.libraryId)}, rows),
	screen: {
		crumb: 'Timeline',
		keysTitle: 'Keys of a timeline',
		place: 'in a timeline',
		key: {keys: ['t'], label: 'timeline', help: 'All that happened to this item'},
		kinds: 'hidden',
		columns,
		rows({item, rows, begun}) {
			const begunAt = begun.get(item?.libraryId ?? rows[0]?.libraryId ?? '');
			return [
				placeRow(item),
				...rows.flatMap(row => onLines(row)).map((row, index): ReportRow => ({
					id: String(index),
					cells: screenCells(columns, row),
					kind: kindWord(row.kind),
					opens: {name: 'run', runId: row.runId},
				})),
				...rows.length === 0 ? [headingRow('nothing', 'Nothing has happened to it since it was imported.')] : [],
				...begunAt === undefined ? [] : [headingRow('begun', `Nothing is known before ${formatInstant(begunAt)}, the first import of its library.`, {tone: 'dim'})],
			];
		},
	},
};

const onOneLine = (row: TimelineRow): Row => ({...row, words: changeWords(row, row.kind), isMore: false});

// Where there is little room, each change of a field has a line of its own.
const onLines = (row: TimelineRow): Row[] => {
	const [first = '', ...rest] = changeParts(row, row.kind);
	return [first, ...rest].map((words, index) => ({...row, words, isMore: index > 0}));
};

const placeRow = (item: Item | undefined): ReportRow => {
	if (item === undefined) {
		return headingRow('gone', 'No longer in the catalogue.', {tone: 'warn'});
	}

	const {id, missingSince} = item;
	const text = missingSince === undefined ? 'In the catalogue.' : `Gone from the server since ${formatInstant(missingSince)}, and held.`;
	return headingRow('item', text, {opens: {name: 'detail', itemId: id}});
};
