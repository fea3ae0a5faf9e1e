import {clean} from '../../base/text/clean.js';
import {formatCount, formatInstant} from '../../base/text/format.js';
import {plainPaint, type TextTone} from '../../base/text/style.js';
import type {LibraryRow} from '../../sync/library-record.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import type {Presentation} from '../report.js';

const columns: ReadonlyArray<ReportColumn<LibraryRow>> = [
	{heading: '', cell: row => row.isChosen ? '*' : '', tone: () => 'accent'},
	{heading: 'Key', align: 'right', cell: row => row.key},
	{heading: 'Library', isFlexible: true, cell: row => row.title},
	{heading: 'Type', isFlexible: true, cell: row => typeText(row)},
	{heading: 'On server', align: 'right', cell: row => row.serverCount === undefined ? '–' : formatCount(row.serverCount)},
	{heading: 'Imported', align: 'right', cell: row => row.disabledReason === undefined ? formatCount(row.catalogCount) : '–'},
	{
		heading: 'Last import', isFlexible: true, cell: row => row.disabledReason ?? lastImport(row), tone: row => importTone(row),
	},
];

// The scanner tells something only where it is another one, as for home videos.
const usualScanners = new Set(['Plex Movie', 'Plex TV Series', 'Plex Movie Scanner', 'Plex Series Scanner']);

const typeText = ({type, scanner, hidden = 0}: LibraryRow) => [
	type,
	...scanner === undefined || usualScanners.has(scanner) ? [] : [scanner],
	...hidden === 0 ? [] : [hidden === 1 ? 'not on the home screen' : 'hidden'],
].join(', ');

type Listed = {
	server: {id: string; name: string};
	libraries: readonly LibraryRow[];
	/**
	Whether the catalogue has another server, so that the table tells which one this is.
	*/
	isOneOfSeveral: boolean;
};

/**
The libraries of a server, as `reelcat libraries` lists them.
*/
export const librariesReport: Presentation<Listed> = {
	text: ({server, libraries, isOneOfSeveral}, {paint = plainPaint, ...options}) => [
		...reportTable(isOneOfSeveral ? [...columns, {heading: 'Server', isFlexible: true, cell: () => server.name}] : columns, libraries, {...options, paint}),
		...libraries.flatMap(({title, surplus}) => surplus === undefined ? [] : [paint('warn', `${clean(title).trim()}: ${surplus}`)]),
	],
	json: ({server: {id, name}, libraries}) => ({schema: 1, server: {id, name}, libraries}),
};

const importTone = ({disabledReason, lastImport: last}: LibraryRow): TextTone | undefined =>
	disabledReason !== undefined || last === undefined ? 'dim' : (last.complete && last.failed === 0 ? undefined : 'warn');

const lastImport = ({lastImport: last}: LibraryRow) => {
	if (last === undefined) {
		return 'never';
	}

	const faults = last.failed === 0 ? [] : [`${formatCount(last.failed)} failed`];
	return [formatInstant(last.finishedAt), ...(last.complete ? [] : ['incomplete']), ...faults].join(', ');
};
