import {pushAll} from '../../base/push-all.js';
import {changeKinds} from '../../catalog/kinds.js';
import {type ChangeKind} from '../../catalog/history.js';
import {isItemId, tombstoneId} from '../../catalog/identity.js';
import {instantOf} from '../../catalog/values.js';
import {createLibraryNames, type LibraryNames} from '../../catalog/library-names.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import {AppError} from '../../base/errors.js';
import type {ParsedFlags} from '../../base/flags.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, formatInstant, plural} from '../../base/text/format.js';
import {readMoment} from '../../base/text/moments.js';
import {plainPaint, type TextTone} from '../../base/text/style.js';
import {nextTurn} from '../../base/turns.js';
import {
	changeWords,
	countChanges,
	type ChangeGroup,
	type ChangesOptions,
} from '../../history/changes.js';
import type {ChangeRow} from '../../history/change-row.js';
import type {PastMatcher} from '../../history/replay.js';
import {changesLine, kindWord, signedKindWord} from '../../history/changes-line.js';
import {loadChanges, type HistoryNote, type Period} from '../../history/load-changes.js';
import {loadRuns} from '../../history/runs.js';
import {withServerColumn} from '../printers/server-column.js';
import {
	leftOutLine,
	screenCells,
	tableWithRest,
	tonedCells,
	type ReportColumn,
	type TableOptions,
} from '../printers/table.js';
import {changeTones} from '../printers/tones.js';
import {
	oneOf,
	readPastMoment,
	readType,
} from '../read-flags.js';
import {defaultLimit} from '../flags.js';
import {
	ask,
	type CatalogSources,
	type ScreenReport,
	type ReportCommand,
} from '../report.js';
import {headingRow, sentenceRow, type ReportRow} from '../report-row.js';
import {pickRun} from '../run/run-report.js';
import {timelineReport} from '../timeline/timeline-report.js';
import {changesJson, diffJsonSchema, type LibraryChanges} from './changes-json.js';

/**
The changes of the last days, of one run, or of a period; of a kind, `limit` is the greatest number of lines. With a query, only those of items that it finds.
*/
type ChangesQuestion = {days: number; query?: string} | {runId: string; query?: string} | {period: Period; filter: ChangesOptions; limit: number; matching?: PastMatcher | undefined};

type Changes = {
	question: ChangesQuestion;
	period: Period;
	libraries: LibraryChanges[];
	names: LibraryNames;
	hasChanges: boolean;
	hasLibraries: boolean;
	/**
	The number of changes on each of the last 30 days; absent for a single run.
	*/
	daily?: number[];
};

type Row = ChangeRow & Pick<ChangeGroup, 'kind'>;

const columns: ReadonlyArray<ReportColumn<Row>> = [
	{
		heading: 'What', cell: row => kindWord(row.kind), tone: row => changeTones[row.kind], screen: {width: 12, cell: row => signedKindWord(row.kind)},
	},
	{heading: 'When', cell: row => formatInstant(row.at), screen: {width: 16, minColumns: 60}},
	{
		heading: 'Title', isFlexible: true, cell: row => row.title, screen: {width: {share: 2}},
	},
	{
		heading: 'Before → after', isFlexible: true, position: 'parts', cell: row => changeWords(row, row.kind), screen: {width: {share: 3}, isBelow: true},
	},
	{heading: 'Id', cell: row => row.itemId, tone: () => 'dim'},
];

const rowsPerTurn = 300;

export const changesReport: ScreenReport<ChangesQuestion, Changes> = {
	schema: diffJsonSchema,
	async load(question, sources) {
		const store = await sources.store();
		const period = await periodOf(question, sources);
		const {groups, notes} = await loadChanges(store, period, 'filter' in question ? {...question.filter, matching: question.matching} : {matching: await matcherOf(question, sources)});
		const {libraries} = store.header();
		const names = createLibraryNames(store.header());
		return {
			question,
			period,
			names,
			hasChanges: groups.length > 0,
			hasLibraries: libraries.length > 0,
			...'days' in question && {daily: await dailyChanges(store, sources.now())},
			libraries: byLibrary(groups, notes, {names, titleOf: id => libraries.find(library => library.id === id)?.title ?? playlistsTitle(names, id)}),
		};
	},
	text({question, period, libraries, names, hasChanges, hasLibraries}, options) {
		const lines = libraryLines(libraries, {names, limit: 'limit' in question ? question.limit : Infinity}, options);
		if (hasChanges) {
			return lines;
		}

		const since = hasLibraries ? `No changes between ${formatInstant(period.since)} and ${formatInstant(period.until)}.` : 'The catalogue has no library, so no changes are known.';
		const none = period.runId === undefined ? since : 'That run found no changes.';
		return [none, ...(lines.length === 0 ? [] : ['', ...lines])];
	},
	json: ({libraries, period}) => changesJson(libraries, period),
	screen: {
		crumb: 'Changes',
		keysTitle: 'Keys of the changes',
		place: 'among the changes',
		key: {keys: ['C'], label: 'changes', help: 'What has changed on the server; after a sync and for a run, what it found'},
		kinds: 'shown',
		columns,
		async rows({question, libraries, hasChanges, daily}) {
			const none = noneWords(question);
			const rows: ReportRow[] = [
				...daily === undefined ? [] : [headingRow('daily', 'The last 30 days', {tone: 'dim', amounts: daily})],
				...hasChanges ? [] : [sentenceRow(none)],
			];
			for (const {id, placed, groups, notes} of libraries) {
				const heading = summaryLine(placed, groups);
				rows.push(
					headingRow(id, heading, {opens: {name: 'library', libraryId: id}, isFoldable: true}),
					...notes.map((note, index) => headingRow(`${id} ${index}`, `  ${noteWords(note)}`, {tone: 'dim'})),
				);
				for (const {kind, rows: changed} of groups) {
					for (const [index, row] of changed.entries()) {
						// The index is part of the id, because an item may have two changes of one kind.
						const rowId = `${id} ${kind} ${index} ${row.itemId}`;
						rows.push({
							id: rowId, cells: screenCells(columns, {...row, kind}), kind: kindWord(kind), change: signOf(kind), opens: isListKind(row.type) ? {name: 'members', listId: row.itemId, title: row.title} : {name: 'timeline', itemId: row.itemId},
						});
						// There may be tens of thousands of rows.
						if (rows.length % rowsPerTurn === 0) {
							await nextTurn();
						}
					}
				}
			}

			return rows;
		},
	},
};

export const answerChanges: ReportCommand['answer'] = async ({input, flags}, sources) => {
	const text = input.join(' ').trim();
	const type = readType(flags);
	const kinds = readKinds(flags);
	const store = await sources.store();
	if (text !== '' && await isItem(text, store)) {
		return ask(timelineReport, {itemId: text, since: readPastMoment(flags, 'since', sources.now()), isRequired: true}, sources);
	}

	const libraryIds = await sources.pickLibraryIds(flags.string('library'));
	const isOfServer = flags.string('library') === undefined && libraryIds !== undefined;
	const serverIds = isOfServer ? store.header().libraries.filter(({id}) => libraryIds.includes(id)).map(({serverId}) => serverId) : [];
	const period = await readPeriod(store, flags, sources.now());
	return ask(changesReport, {
		period,
		filter: {
			libraryIds, serverIds, type, kinds, isAll: flags.boolean('all') === true,
		},
		limit: flags.number('limit') ?? defaultLimit,
		matching: text === '' ? undefined : await sources.matcher(text, flags.string('until') === undefined ? undefined : period.until),
	}, sources);
};

/**
Whether a text is the id of an item that is there or gone, or looks like one.
*/
const isItem = async (text: string, store: Pick<CatalogStore, 'getMany'>): Promise<boolean> => {
	if (isItemId(text)) {
		return true;
	}

	const [record] = [...await store.getMany([text], {kind: 'item'}), ...await store.getMany([tombstoneId(text)], {kind: 'tombstone'})];
	return record !== undefined;
};

const signs: ReadonlyMap<TextTone | undefined, ReportRow['change']> = new Map([['good', 'added'], ['bad', 'removed'], ['accent', 'upgraded']]);

const signOf = (kind: ChangeKind): ReportRow['change'] => signs.get(changeTones[kind]) ?? 'changed';

const matcherOf = async ({query}: {query?: string}, {matcher}: Pick<CatalogSources, 'matcher'>) => query === undefined ? undefined : matcher(query);

const noneWords = (question: ChangesQuestion): string => {
	if ('query' in question && question.query !== undefined) {
		return 'No changes match this query.';
	}

	return 'days' in question ? `Nothing has changed in ${plural(question.days, 'day')}, as far as the syncs have seen.` : 'This run found no changes.';
};

const dayMs = 86_400_000;
const shownDays = 30;

/**
Counts the changes of each day, oldest first. The last day ends now.
*/
const dailyChanges = async (store: Pick<CatalogStore, 'history'>, now: Date): Promise<number[]> => {
	const fromMs = now.getTime() - (shownDays * dayMs);
	const counts = Array.from({length: shownDays}, () => 0);
	for await (const events of store.history({since: instantOf(new Date(fromMs))})) {
		for (const event of events) {
			const day = Math.floor((Date.parse(event.at) - fromMs) / dayMs);
			if (('itemId' in event || 'listId' in event) && event.kind !== 'refreshed' && event.kind !== 'viewer' && day >= 0 && day < shownDays) {
				counts[day]!++;
			}
		}
	}

	return counts;
};

const periodOf = async (question: ChangesQuestion, {now, runs}: CatalogSources): Promise<Period> => {
	if ('period' in question) {
		return question.period;
	}

	const nowMs = now().getTime();
	const until = instantOf(new Date(nowMs + 1000));
	if ('days' in question) {
		return {since: instantOf(new Date(nowMs - (question.days * dayMs))), until};
	}

	const {runId} = question;
	const known = await runs();
	// A sync that found nothing has no record, and old records are dropped; the history still has their changes.
	const since = known.find(({id}) => id === runId)?.startedAt ?? instantOf(new Date(nowMs - (365 * dayMs)));
	return {since, until, runId};
};

/**
Groups by library, in the order of their titles. Libraries without changes and notes are left out.
*/
const byLibrary = (groups: readonly ChangeGroup[], notes: readonly HistoryNote[], {names, titleOf}: {names: LibraryNames; titleOf: (id: string) => string | undefined}): LibraryChanges[] => {
	const ids = new Set([...groups, ...notes].map(({libraryId}) => libraryId));
	return Array.from(ids, id => ({
		id,
		title: titleOf(id) ?? id,
		...names.serverOf(id),
		printed: names.printed(id) ?? titleOf(id) ?? id,
		placed: names.placed(id) ?? titleOf(id) ?? id,
		groups: groups.filter(({libraryId}) => libraryId === id),
		notes: notes.filter(({libraryId}) => libraryId === id),
	})).toSorted((left, right) => `${left.title} ${left.placed}`.localeCompare(`${right.title} ${right.placed}`, 'en'));
};

const isListKind = (type: ChangeRow['type']) => type === 'collection' || type === 'playlist';

/**
Playlists belong to a server and not to one of its libraries.
*/
const playlistsTitle = ({hasSeveralServers, serverName}: LibraryNames, id: string): string | undefined => {
	const name = serverName(id);
	if (name === undefined) {
		return undefined;
	}

	return hasSeveralServers ? `Playlists of ${name}` : 'Playlists';
};

const libraryLines = (libraries: readonly LibraryChanges[], {names, limit}: {names: LibraryNames; limit: number}, options: TableOptions): string[] => {
	const {paint = plainPaint} = options;
	const lines: string[] = [];
	const leftOut = new Set<string>();
	let isCut = false;
	for (const {id, printed, groups, notes} of libraries) {
		const shown = withServerColumn(columns, names, () => id);
		const table = tableWithRest(shown, groups.flatMap(group => groupCells(group, shown, limit)), options);
		if (groups.length > 0) {
			isCut ||= table.hasCutParts;
			for (const heading of table.leftOut) {
				leftOut.add(heading);
			}
		}

		pushAll(lines, [
			...(lines.length === 0 ? [] : ['']),
			paint('strong', summaryLine(printed, groups)),
			...notes.map(note => paint(note.kind === 'held' ? 'warn' : 'dim', `  ${noteWords(note)}`)),
			...(groups.length === 0 ? [] : table.lines),
		]);
	}

	return [
		...lines,
		...leftOutLine([...leftOut], options),
		...isCut ? [paint('dim', '"reelcat diff ID" shows what is cut; +2 means two more.')] : [],
	];
};

const summaryLine = (title: string, groups: readonly ChangeGroup[]) => `${title}: ${changesLine(countChanges(groups))}`;

const groupCells = ({kind, rows}: ChangeGroup, columnsShown: ReadonlyArray<ReportColumn<Row>>, limit: number) => {
	const shown = rows.slice(0, limit).map(row => tonedCells(columnsShown, {...row, kind}));
	return rows.length > limit ? [...shown, [kindWord(kind), '', `and ${formatCount(rows.length - limit)} more (--limit)`]] : shown;
};

const noteKinds: Readonly<Record<HistoryNote['kind'], (note: HistoryNote) => string>> = {
	'unknown-before': ({at = ''}) => `Nothing is known before ${formatInstant(at)}, its first import.`,
	gap: ({from = '', to = ''}) => `reelcat did not look between ${formatInstant(from)} and ${formatInstant(to)}, so only the result is known for that time.`,
	held: ({at = '', items = 0}) => `At ${formatInstant(at)} the removal of ${plural(items, 'item')} was held back. "reelcat lost --held" lists what still waits.`,
	'made-anew': ({at = ''}) => `At ${formatInstant(at)} it was found made anew on the server; its items were recognised, and their ids and history are kept.`,
	unknown: () => 'Its history has not begun yet.',
};

const noteWords = (note: HistoryNote) => noteKinds[note.kind](note);

const readKinds = (flags: ParsedFlags): ChangeKind[] | undefined => flags.string('kind')?.split(',')
	.map(kind => oneOf(kind.trim(), changeKinds, name => `There is no kind of change "${name}".`));

/**
@throws AppError 'usage'
*/
const readPeriod = async (store: CatalogStore, flags: ParsedFlags, now: Date): Promise<Period> => {
	const since = flags.string('since');
	// The current second belongs to the period.
	const end = instantOf(new Date(now.getTime() + 1000));
	if (since !== undefined && readMoment(since, now) === undefined) {
		if (flags.string('until') !== undefined) {
			throw new AppError('usage', '--until goes with a moment, not with a run.', {hint: 'All changes of a run are shown.'});
		}

		const {id, startedAt} = pickRun(await loadRuns(store), since, () => new AppError('usage', since === 'latest' ? 'No run has been recorded yet.' : `"${clean(since)}" is neither a moment nor the beginning of the id of a run.`, {
			hint: 'A moment is a duration such as 7d or a date such as 2026-05-01.',
		}));
		return {since: startedAt, until: end, runId: id};
	}

	const period = {since: readPastMoment(flags, 'since', now) ?? readMoment('7d', now)!, until: readPastMoment(flags, 'until', now) ?? end};
	if (period.since >= period.until) {
		throw new AppError('usage', '--until names a moment before --since.');
	}

	return period;
};
