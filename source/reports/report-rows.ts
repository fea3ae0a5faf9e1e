import type {Item} from '../catalog/types.js';
import {type TimelineRow, countChanges} from '../history/changes.js';
import {lostTotals, type LostItem} from '../history/lost-items.js';
import type {ListedRun, RunStatus} from '../history/runs.js';
import {resolutionName} from '../catalog/quality.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatInstant,
	plural,
} from '../base/text/format.js';
import {changesLine, kindWord} from '../history/changes-line.js';
import {changeWords, noteWords, type LibraryChanges} from './changes-text.js';
import {lostTitle} from './lost-table.js';
import type {ReportRow} from './report-row.js';
import {runText} from './run-text.js';
import {hasEnded, statusWord} from './run-words.js';

/**
What | When | Title | Before → after, library by library, in portions: there may be tens of thousands.
*/
export function * changesRows(libraries: readonly LibraryChanges[], portion = 300): Generator<ReportRow[]> {
	for (const {id, title, groups, notes} of libraries) {
		yield [
			{
				id, cells: [`${title.trim()}: ${changesLine(countChanges(groups))}`], isHeading: true, opens: {name: 'library', libraryId: id},
			},
			...notes.map((note, index): ReportRow => ({
				id: `${id} ${index}`, cells: [`  ${noteWords(note)}`], isHeading: true, tone: 'dim',
			})),
		];
		for (const {kind, rows} of groups) {
			for (let start = 0; start < rows.length; start += portion) {
				yield rows.slice(start, start + portion).map((row, index): ReportRow => ({
					// An item may have two changes of one kind.
					id: `${id} ${kind} ${start + index} ${row.itemId}`,
					cells: [kindWord(kind), formatInstant(row.at), row.title, changeWords(row, kind)],
					kind: kindWord(kind),
					opens: {name: 'timeline', itemId: row.itemId},
				}));
			}
		}
	}
}

export type TimelineSubject = {
	item: Item | undefined;
	/**
	When the first import of its library ended.
	*/
	begunAt: string | undefined;
};

/**
When | What | Before → after, newest first. `rows` are those of one item.
*/
export const timelineRows = (rows: readonly TimelineRow[], {item, begunAt}: TimelineSubject): ReportRow[] => [
	item === undefined
		? {
			id: 'gone', cells: ['No longer in the catalogue.'], isHeading: true, tone: 'warn',
		}
		: {
			id: 'item', cells: [item.missingSince === undefined ? 'In the catalogue.' : `Gone from the server since ${formatInstant(item.missingSince)}, and held.`], isHeading: true, opens: {name: 'detail', itemId: item.id},
		},
	...rows.map((row, index): ReportRow => ({
		id: String(index),
		cells: [formatInstant(row.at), kindWord(row.kind), changeWords(row, row.kind)],
		kind: kindWord(row.kind),
		opens: {name: 'run', runId: row.runId},
	})),
	...rows.length === 0 ? [{id: 'nothing', cells: ['Nothing has happened to it since it was imported.'], isHeading: true}] : [],
	...begunAt === undefined
		? []
		: [{
			id: 'begun', cells: [`Nothing is known before ${formatInstant(begunAt)}, the first import of its library.`], isHeading: true, tone: 'dim' as const,
		}],
];

const statusTone: Readonly<Partial<Record<RunStatus, ReportRow['tone']>>> = {
	partly: 'warn', failed: 'bad', cancelled: 'dim', interrupted: 'warn',
};

/**
When | Command | Result | Took | Changes | Problems, newest first.
*/
export const runsRows = (runs: readonly ListedRun[]): ReportRow[] => runs.map(run => {
	const tone = statusTone[run.status];
	return {
		id: run.id,
		cells: [
			formatInstant(run.startedAt),
			run.command,
			statusWord[run.status],
			hasEnded(run) ? formatDurationMs(run.durationMs) : '',
			hasEnded(run) ? changeCell(run) : '',
			run.problemCount === 0 ? '' : formatCount(run.problemCount),
		],
		...tone !== undefined && {tone},
		kind: run.command,
		opens: {name: 'run', runId: run.id},
	};
});

const changeCell = ({changes, totals: {imported}}: ListedRun) => Object.keys(changes).length === 0 && imported > 0
	? `${formatCount(imported)} imported`
	: changesLine(changes);

/**
All that is known of a run, line by line; its changes and its log open from the first ones.
*/
export const runRows = (run: ListedRun): ReportRow[] => [
	{id: 'changes', cells: ['Changes of this run'], opens: {name: 'changes', runId: run.id}},
	...run.log === undefined ? [] : [{id: 'log', cells: ['Log of this run'], opens: {name: 'log' as const, runId: run.id}}],
	{id: 'blank', cells: [''], isHeading: true},
	...runText(run).map((text, index): ReportRow => ({
		id: String(index), cells: [text], ...text !== '' && {opens: {name: 'text', title: 'Line', text}},
	})),
];

/**
A line of a log may be longer than any screen: it opens whole.
*/
export const logRows = (lines: readonly string[]): ReportRow[] => lines.map((text, index) => ({
	id: String(index), cells: [text], opens: {name: 'text', title: `Line ${index + 1}`, text},
}));

/**
Type | Title | Year | Quality | Size | Since, library by library. `items` are what is gone from the server and held.
*/
export const heldRows = (items: readonly LostItem[], titleOf: (libraryId: string) => string | undefined): ReportRow[] => {
	const byLibrary = Map.groupBy(items, ({libraryId}) => libraryId);
	return Array.from(byLibrary, ([libraryId, held]): ReportRow[] => {
		const {files, sizeBytes} = lostTotals(held);
		return [
			{
				id: libraryId,
				cells: [`${(titleOf(libraryId) ?? libraryId).trim()}: ${plural(held.length, 'item')}, ${plural(files, 'file')}, ${formatBytes(sizeBytes)}`],
				isHeading: true,
				opens: {name: 'library', libraryId},
			},
			...held.map((item): ReportRow => ({
				id: item.itemId,
				cells: [
					item.type,
					lostTitle(item),
					item.year === undefined ? '' : String(item.year),
					item.resolution === undefined ? '' : resolutionName(item.resolution),
					item.files.length === 0 ? '' : formatBytes(lostTotals([item]).sizeBytes),
					formatInstant(item.at),
				],
				kind: item.type,
				opens: {name: 'detail', itemId: item.itemId},
			})),
		];
	}).flat();
};
