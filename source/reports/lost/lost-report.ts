import * as z from 'zod';
import {heldWords} from '../../catalog/library.js';
import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import {itemTypes} from '../../catalog/kinds.js';
import {externalIdsSchema, heldReasons, removalReasons} from '../../catalog/schema.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import type {HeldReason} from '../../catalog/types.js';
import {defined} from '../../catalog/values.js';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDate,
	formatInstant,
	plural,
} from '../../base/text/format.js';
import {plainPaint, type TextTone} from '../../base/text/style.js';
import {
	absenceReasons,
	loadHeld,
	loadShowTitles,
	loadTombstones,
	loadUnavailable,
	lostItems,
	lostTotals,
	type LoadedLosses,
	type LostFilter,
	type LostItem,
	type PlayedElsewhere,
} from '../../history/lost-items.js';
import type {PastMatcher} from '../../history/replay.js';
import {resolutionName} from '../../catalog/quality.js';
import {
	countSchema,
	csvTable,
	jsonSchema,
	pickFields,
	type CsvColumn,
} from '../printers/data.js';
import {serverFieldsOfReport, withServerColumn} from '../printers/server-column.js';
import {reportTable, type ReportColumn} from '../printers/table.js';
import {pictureTone} from '../printers/tones.js';
import {
	readPastMoment,
	readType,
} from '../read-flags.js';
import {
	ask,
	type CatalogSources,
	type ReportDefinition,
	type ReportCommand,
} from '../report.js';

/**
The items that were removed, those that are missing and held, or those that the server lists in its trash or without a file.
*/
type LostSort = 'removed' | 'held' | 'trash';

export type LostQuestion = Omit<LostFilter, 'ids'> & {which: LostSort; matching?: PastMatcher | undefined};

export type Losses = {
	which: LostSort;
	items: LostItem[];
	/**
	Gone as well, but other items play their files now.
	*/
	elsewhere: PlayedElsewhere[];
	names: LibraryNames;
	libraryTitle: (id: string) => string | undefined;
	/**
	Why the removals of a library wait; empty for what was removed.
	*/
	heldReason: (libraryId: string) => HeldReason | undefined;
};

const reasons: Readonly<Record<LostItem['reason'], string>> = {
	gone: 'gone from the server',
	accepted: 'removal accepted',
	'library-gone': 'library gone',
	'left-library': 'left the library',
	held: 'missing, held',
	trash: 'in the trash',
	'no-file': 'file not found',
};

const reasonTones: Readonly<Record<LostItem['reason'], TextTone>> = {
	gone: 'bad', accepted: 'bad', 'library-gone': 'bad', 'left-library': 'bad', held: 'warn', trash: 'warn', 'no-file': 'warn',
};

const loaders: Readonly<Record<LostSort, (store: CatalogStore) => Promise<LoadedLosses>>> = {
	removed: loadTombstones, held: loadHeld, trash: loadUnavailable,
};

/**
What is said where no file is lost, if nothing is listed at all, and if other items play the files.
*/
const nothingWords: Readonly<Record<LostSort, readonly [nothing: string, noFile: string]>> = {
	removed: ['Nothing was lost.', 'Nothing was lost.'],
	held: ['Nothing is missing.', 'No file is missing.'],
	trash: ['Nothing is unavailable.', 'No file is unavailable.'],
};

/**
Shared with the Held screen.
*/
export const lostColumns: ReadonlyArray<ReportColumn<LostItem>> = [
	{heading: 'When', cell: item => item.at === undefined ? '' : formatDate(item.at)},
	{heading: 'Type', cell: item => item.type, screen: {width: 7}},
	{
		heading: 'Title', isFlexible: true, cell: item => titleOf(item), screen: {width: {share: 1}},
	},
	{
		heading: 'Year', align: 'right', cell: item => item.year?.toString(), screen: {width: 4, minColumns: 60},
	},
	{
		heading: 'Quality',
		tone: pictureTone,
		cell: item => [resolutionOf(item), item.hdr].filter(part => part !== undefined).join(' '),
		screen: {width: 8, minColumns: 80, cell: item => resolutionOf(item)},
	},
	{heading: 'With', cell: item => withWords(item)},
	{heading: 'Files', align: 'right', cell: item => item.files.length === 0 ? '' : formatCount(item.files.length)},
	{
		heading: 'Size',
		align: 'right',
		cell: item => item.files.length === 0 ? '' : formatBytes(sizeOf(item)),
		screen: {width: 9},
	},
	{heading: 'Why', cell: item => reasons[item.reason], tone: item => reasonTones[item.reason]},
	{heading: 'Ids', isFlexible: true, cell: ({ids}) => [...ids.imdb, ...ids.tmdb.map(id => `tmdb:${id}`), ...ids.tvdb.map(id => `tvdb:${id}`), ...(ids.other ?? []).map(({source, id}) => `${source}:${id}`)].join(' ')},
	{
		heading: 'File', isFlexible: true, position: 'middle', cell: item => item.files.length === 1 ? item.files[0]!.path : '',
	},
	{heading: 'Id', cell: item => item.itemId, tone: () => 'dim'},
	{
		heading: 'Gone since', isOnlyOnScreen: true, cell: item => item.at === undefined ? '' : formatInstant(item.at), screen: {width: 16, minColumns: 70},
	},
];

const lostFileSchema = z.object({path: z.string().optional(), sizeBytes: countSchema.optional(), optimized: z.boolean().optional().meta({description: 'A copy that Plex made; it is in no total'})});

const lostItemSchema = z.object({
	itemId: z.string(),
	type: z.enum(itemTypes),
	title: z.string(),
	show: z.string().optional(),
	seasonNumber: z.int().optional(),
	episodeNumber: z.int().optional(),
	year: z.int().optional(),
	ids: externalIdsSchema(),
	libraryId: z.string(),
	library: z.string().optional(),
	...serverFieldsOfReport,
	at: z.iso.datetime().optional().meta({description: 'When it was removed; of what is held or in the trash, since when. Only of a file that the server cannot find it is not known'}),
	reason: z.enum([...removalReasons, ...absenceReasons]),
	resolution: z.string().optional(),
	hdr: z.string().optional(),
	seasons: countSchema.meta({description: 'Lost with a show'}),
	episodes: countSchema.meta({description: 'Lost with a show or season'}),
	files: z.array(lostFileSchema).meta({description: 'Those that no item of the server plays any more, with those of what was lost with it'}),
});

const playerSchema = z.object({
	itemId: z.string().meta({description: 'Of an episode, the id of its show'}),
	title: z.string(),
	libraryId: z.string(),
	library: z.string().optional(),
});

const elsewhereSchema = lostItemSchema.extend({
	files: z.array(lostFileSchema).meta({description: 'None of them is lost'}),
	players: z.array(playerSchema).meta({description: 'Which items play its files now'}),
});

const heldLibrarySchema = z.object({libraryId: z.string(), library: z.string().optional(), reason: z.enum(heldReasons)});

export const lostJsonSchema = jsonSchema('lost', {
	held: z.boolean().meta({description: 'Whether these are missing and held, not removed'}),
	trash: z.boolean().meta({description: 'Whether these are in the trash of the server or without a file, not removed'}),
	heldLibraries: z.array(heldLibrarySchema).optional().meta({description: 'With `held`: of what too much is gone at once'}),
	items: z.array(lostItemSchema).meta({description: 'Latest first'}),
	totals: z.object({
		items: countSchema, seasons: countSchema, episodes: countSchema, files: countSchema, sizeBytes: countSchema,
	}),
	elsewhere: z.array(elsewhereSchema).meta({description: 'Gone as well, but all its files are still played; in no total'}),
});

const lostJson = (item: LostItem, {libraryTitle, names}: Pick<Losses, 'libraryTitle' | 'names'>) => pickFields(lostItemSchema, {
	...item, library: libraryTitle(item.libraryId), ...names.serverOf(item.libraryId), files: item.files.map(file => pickFields(lostFileSchema, item.copies.has(file.id) ? {...file, optimized: true} : file)),
});

const csvFields = ['type', 'show', 'seasonNumber', 'episodeNumber', 'title', 'year', 'resolution', 'hdr', 'seasons', 'episodes'] as const;

const csvColumnsOf = ({libraryTitle, names}: Pick<Losses, 'libraryTitle' | 'names'>): ReadonlyArray<CsvColumn<LostItem>> => [
	['removedAt', item => item.at],
	...csvFields.map((name): CsvColumn<LostItem> => [name, item => item[name]]),
	['files', item => item.files.length],
	['sizeBytes', item => sizeOf(item)],
	['reason', item => item.reason],
	...(['imdb', 'tmdb', 'tvdb'] as const).map((name): CsvColumn<LostItem> => [name, item => item.ids[name].join(' ')]),
	['library', item => libraryTitle(item.libraryId)],
	['paths', item => item.files.map(({path}) => path).filter(path => path !== undefined).join(' | ')],
	['id', item => item.itemId],
	...names.hasSeveralServers ? [['server', ({libraryId}: LostItem) => names.serverOf(libraryId).server] as const] : [],
];

export const lostReport: ReportDefinition<LostQuestion, Losses, Pick<CatalogSources, 'store'>> = {
	schema: lostJsonSchema,
	async load({which, matching, ...filter}, sources) {
		const store = await sources.store();
		const losses = await loaders[which](store);
		const {libraries} = store.header();
		return {
			which,
			...lostItems(losses, {...filter, ids: await matching?.(losses.losses)}, await loadShowTitles(store, losses)),
			names: createLibraryNames(store.header()),
			libraryTitle: id => libraries.find(library => library.id === id)?.title,
			heldReason: id => which === 'held' ? libraries.find(library => library.id === id)?.sync?.held?.reason : undefined,
		};
	},
	text({which, items, elsewhere, names, heldReason}, options) {
		return [
			...items.length === 0 ? [nothingWords[which][elsewhere.length === 0 ? 0 : 1]] : [...reportTable(withServerColumn(lostColumns, names, ({libraryId}) => libraryId), items, {...options, isSparse: true}), (options.paint ?? plainPaint)('strong', totalsLine(items))],
			...elsewhere.slice(0, elsewhereShown).map(item => elsewhereLine(item, names)),
			...elsewhere.length > elsewhereShown ? [`${plural(elsewhere.length - elsewhereShown, 'more item')} lost no file either; --json lists all of them.`] : [],
			...heldLibrariesOf([...items, ...elsewhere], heldReason).map(({libraryId, reason}) => `${names.placed(libraryId) ?? libraryId}: ${heldWords[reason]}`),
		];
	},
	json: ({items, elsewhere, which, heldReason, ...titles}) => ({
		schema: 1,
		held: which === 'held',
		trash: which === 'trash',
		...which === 'held' && {heldLibraries: heldLibrariesOf([...items, ...elsewhere], heldReason).map(library => defined({...library, library: titles.libraryTitle(library.libraryId)}))},
		items: items.map(item => lostJson(item, titles)),
		totals: lostTotals(items),
		elsewhere: elsewhere.map(item => ({
			...lostJson(item, titles),
			players: item.players.map(player => pickFields(playerSchema, {...player, library: titles.libraryTitle(player.libraryId)})),
		})),
	}),
	csv: ({items, ...titles}) => csvTable(csvColumnsOf(titles), items),
	remark: ({items}, form) => form === 'csv' ? totalsLine(items) : undefined,
};

export const answerLost: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const [isHeld, isTrash] = [flags.boolean('held') === true, flags.boolean('trash') === true];
	if (isHeld && isTrash) {
		throw new AppError('usage', '--held and --trash ask for two lists.', {hint: 'Give one of them at a time.'});
	}

	const query = input.join(' ').trim();
	return ask(lostReport, {
		type: readType(flags),
		which: isHeld ? 'held' : (isTrash ? 'trash' : 'removed'),
		libraryIds: await sources.pickLibraryIds(flags.string('library')),
		since: readPastMoment(flags, 'since', sources.now()),
		matching: query === '' ? undefined : await sources.matcher(query),
	}, sources);
};

const heldLibrariesOf = (items: readonly LostItem[], heldReason: Losses['heldReason']) =>
	[...new Set(items.map(({libraryId}) => libraryId))].flatMap(libraryId => {
		const reason = heldReason(libraryId);
		return reason === undefined ? [] : [{libraryId, reason}];
	});

const elsewhereShown = 20;

/**
@example
```
elsewhereLine(heron, names); //=> 'Heron is gone, but its file is played by Heron (Films) now.'
```
*/
export const elsewhereLine = (item: PlayedElsewhere, names: Pick<LibraryNames, 'placed'>): string => {
	const [first, ...others] = item.players.map(({title, libraryId}) => `${nameText(title)} (${names.placed(libraryId) ?? libraryId})`);
	const players = others.length === 0 ? first! : `${first!} and ${plural(others.length, 'other item')}`;
	return `${nameText(titleOf(item))} is ${item.reason === 'trash' ? 'in the trash' : 'gone'}, but ${item.files.length === 1 ? 'its file is' : 'its files are'} played by ${players} now.`;
};

const nameText = (text: string) => clean(text).trim();

const pad = (number: number) => String(number).padStart(2, '0');

/**
The title, with the show and the numbers of an episode.
*/
const titleOf = ({show, title, seasonNumber, episodeNumber}: LostItem) => {
	const number = [seasonNumber === undefined ? '' : `S${pad(seasonNumber)}`, episodeNumber === undefined ? '' : `E${pad(episodeNumber)}`].join('');
	return [show, number, title].filter(part => part !== undefined && part !== '').join(' ');
};

const resolutionOf = ({resolution}: LostItem) => resolution === undefined ? undefined : resolutionName(resolution);

const withWords = ({seasons, episodes}: Pick<LostItem, 'seasons' | 'episodes'>) => [
	...(seasons === 0 ? [] : [plural(seasons, 'season')]),
	...(episodes === 0 ? [] : [plural(episodes, 'episode')]),
].join(', ');

const sizeOf = (item: LostItem) => lostTotals([item]).sizeBytes;

/**
@example
```
totalsLine(items); //=> '12 items with 40 episodes, 52 files, 120.4 GB'
```
*/
const totalsLine = (items: readonly LostItem[]): string => {
	const totals = lostTotals(items);
	const below = withWords(totals);
	return `${plural(totals.items, 'item')}${below === '' ? '' : ` with ${below}`}, ${plural(totals.files, 'file')}, ${formatBytes(totals.sizeBytes)}`;
};
