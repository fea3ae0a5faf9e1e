import {stringify} from 'csv-stringify/sync';
import {lostTotals, type LostItem} from '../history/lost-items.js';
import {resolutionName} from '../catalog/quality.js';
import {clean} from '../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDate,
	plural,
} from '../base/text/format.js';
import {tableLines, type TableColumn, type TableOptions} from './table.js';

type TitleOf = (libraryId: string) => string | undefined;

const reasons: Readonly<Record<LostItem['reason'], string>> = {
	gone: 'gone from the server',
	accepted: 'removal accepted',
	'library-gone': 'library gone',
	'left-library': 'left the library',
	held: 'missing, held',
};

const columns: readonly TableColumn[] = [
	{heading: 'When'},
	{heading: 'Type'},
	{heading: 'Title', isFlexible: true},
	{heading: 'Year', align: 'right'},
	{heading: 'Quality'},
	{heading: 'With'},
	{heading: 'Files', align: 'right'},
	{heading: 'Size', align: 'right'},
	{heading: 'Why'},
	{heading: 'Ids', isFlexible: true},
	{heading: 'File', isFlexible: true, position: 'middle'},
	{heading: 'Id'},
];

/**
The lines of `reelcat lost`, without the columns that are empty in every row; the last one sums up.
*/
export const lostTable = (items: readonly LostItem[], options: TableOptions = {}): string[] => {
	const rows = items.map(item => row(item));
	const filled = columns.map((_, index) => index).filter(index => rows.some(cells => cells[index] !== ''));
	const shown = tableLines(filled.map(index => columns[index]!), rows.map(cells => filled.map(index => cells[index]!)), options);
	return [...shown, lostLine(items)];
};

const row = (item: LostItem): string[] => [
	formatDate(item.at),
	item.type,
	lostTitle(item),
	item.year === undefined ? '' : String(item.year),
	[item.resolution === undefined ? undefined : resolutionName(item.resolution), item.hdr].filter(part => part !== undefined).join(' '),
	withWords(item),
	item.files.length === 0 ? '' : formatCount(item.files.length),
	item.files.length === 0 ? '' : formatBytes(sizeOf(item)),
	reasons[item.reason],
	idWords(item),
	item.files.length === 1 ? item.files[0]!.path ?? '' : '',
	item.itemId,
];

const pad = (number: number) => String(number).padStart(2, '0');

/**
With the show and the numbers of an episode.
*/
export const lostTitle = ({show, title, seasonNumber, episodeNumber}: LostItem) => {
	const number = [seasonNumber === undefined ? '' : `S${pad(seasonNumber)}`, episodeNumber === undefined ? '' : `E${pad(episodeNumber)}`].join('');
	return [show, number, title].filter(part => part !== undefined && part !== '').join(' ');
};

const withWords = ({seasons, episodes}: Pick<LostItem, 'seasons' | 'episodes'>) => [
	...(seasons === 0 ? [] : [plural(seasons, 'season')]),
	...(episodes === 0 ? [] : [plural(episodes, 'episode')]),
].join(', ');

const idWords = ({ids}: LostItem) => [
	...ids.imdb,
	...ids.tmdb.map(id => `tmdb:${id}`),
	...ids.tvdb.map(id => `tvdb:${id}`),
].join(' ');

const sizeOf = ({files}: LostItem) => {
	let sum = 0;
	for (const {sizeBytes = 0} of files) {
		sum += sizeBytes;
	}

	return sum;
};

/**
@example
```
lostLine(items); //=> '12 items with 40 episodes, 52 files, 120.4 GB'
```
*/
export const lostLine = (items: readonly LostItem[]): string => {
	const totals = lostTotals(items);
	const below = withWords(totals);
	return `${plural(totals.items, 'item')}${below === '' ? '' : ` with ${below}`}, ${plural(totals.files, 'file')}, ${formatBytes(totals.sizeBytes)}`;
};

const csvColumns = [
	'removedAt',
	'type',
	'show',
	'seasonNumber',
	'episodeNumber',
	'title',
	'year',
	'resolution',
	'hdr',
	'seasons',
	'episodes',
	'files',
	'sizeBytes',
	'reason',
	'imdb',
	'tmdb',
	'tvdb',
	'library',
	'paths',
	'id',
] as const;

/**
One line per item, with a heading. Cells that a spreadsheet would take for a formula are disarmed.
*/
export const lostCsv = (items: readonly LostItem[], titleOf: TitleOf): string => stringify(items.map(item => csvRow(item, titleOf)), {
	header: true, columns: [...csvColumns], escape_formulas: true, // eslint-disable-line @typescript-eslint/naming-convention -- the name is the library's
});

const csvRow = (item: LostItem, titleOf: TitleOf): Record<typeof csvColumns[number], string | number | undefined> => ({
	removedAt: item.at,
	type: item.type,
	show: cell(item.show),
	seasonNumber: item.seasonNumber,
	episodeNumber: item.episodeNumber,
	title: cell(item.title),
	year: item.year,
	resolution: cell(item.resolution),
	hdr: cell(item.hdr),
	seasons: item.seasons,
	episodes: item.episodes,
	files: item.files.length,
	sizeBytes: sizeOf(item),
	reason: item.reason,
	imdb: cell(item.ids.imdb.join(' ')),
	tmdb: cell(item.ids.tmdb.join(' ')),
	tvdb: cell(item.ids.tvdb.join(' ')),
	library: cell(titleOf(item.libraryId)),
	paths: cell(item.files.map(({path}) => path).filter(path => path !== undefined).join(' | ')),
	id: item.itemId,
});

const cell = (text: string | undefined) => text === undefined ? undefined : clean(text);
