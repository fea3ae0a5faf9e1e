import type {ChangeKind} from '../catalog/history.js';
import {changeKinds} from '../catalog/history-schema.js';
import type {ItemType} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {
	loadChanges,
	loadTimeline,
	type Period,
} from '../history/load-changes.js';
import {changesJson, timelineJson} from '../reports/changes-json.js';
import {byLibrary, changesText, timelineText} from '../reports/changes-text.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {clean} from '../base/text/clean.js';
import {formatInstant} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import {momentForms, readMoment} from '../base/text/moment.js';
import {
	tableWidth,
	type Command,
	type CommandContext,
	type ParsedFlags,
} from './command.js';
import {requireMoment} from './moment.js';
import {withStore} from './open-reading.js';
import {pickLibraryIds} from './pick-libraries.js';
import {pickRun} from './pick-run.js';
import {readType} from './read-type.js';

const defaultLimit = 20;

export const diffCommand: Command = {
	name: 'diff',
	summary: 'Show what has changed on the server, as the syncs found it',
	arguments: '[ITEM]',
	details: [
		'With ITEM, a catalogue id, everything that ever happened to that item.',
		`SINCE and UNTIL: ${momentForms}; dates are of the local time zone. SINCE may also be the beginning of the id of a run, or "latest": then what that run found.`,
		`KIND: ${changeKinds.join(', ')}; several with commas between them.`,
		'Several changes of one item are told as one; what ended as it began is not told. What Plex does by itself (refreshed) and the marks of another user (viewer) are told with --all only.',
	],
	flags: {
		since: {type: 'string', value: 'SINCE', help: 'From then on (default 7d)'},
		until: {type: 'string', value: 'UNTIL', help: 'Up to then (default now)'},
		library: {type: 'string', value: 'LIBRARY', help: 'One library only: title, key or uuid'},
		type: {type: 'string', value: 'TYPE', help: 'movie, show, season or episode'},
		kind: {type: 'string', value: 'KIND', help: 'These kinds of change only'},
		all: {type: 'boolean', help: 'With what Plex does by itself and the marks of other users'},
		limit: {type: 'number', value: 'N', help: `At most N lines per kind (default ${defaultLimit})`},
	},
	async run(context) {
		const {input, flags} = context;
		const [itemId] = input;
		if (input.length > 1) {
			throw new AppError('usage', 'Name one item, or none.', {hint: '"reelcat ls" prints the ids.'});
		}

		const type = readType(flags);
		const kinds = readKinds(flags);
		return withStore(context, async store => itemId === undefined
			? printChanges(context, store, {type, kinds})
			: printTimeline(context, store, itemId));
	},
};

const readKinds = (flags: ParsedFlags): ChangeKind[] | undefined => {
	const isKind = (name: string): name is ChangeKind => (changeKinds as readonly string[]).includes(name);
	const names = flags.string('kind')?.split(',').map(name => name.trim());
	const unknown = names?.find(name => !isKind(name));
	if (unknown !== undefined) {
		throw new AppError('usage', `There is no kind of change "${clean(unknown)}".`, {hint: `There is: ${changeKinds.join(', ')}.`});
	}

	return names?.filter(name => isKind(name));
};

const printChanges = async (context: CommandContext, store: CatalogStore, {type, kinds}: {type: ItemType | undefined; kinds: ChangeKind[] | undefined}) => {
	const {flags, io} = context;
	const header = store.header();
	const libraryIds = await pickLibraryIds(context, header, flags.string('library'));
	const period = await readPeriod(store, flags, new Date());
	const {groups, notes} = await loadChanges(store, period, {
		libraryIds, type, kinds, isAll: flags.boolean('all') === true,
	});
	const libraries = byLibrary(groups, notes, id => header.libraries.find(library => library.id === id)?.title);
	if (flags.boolean('json') === true) {
		await io.out(jsonLine(changesJson(libraries, period)));
		return 0;
	}

	const lines = changesText(libraries, {limit: flags.number('limit') ?? defaultLimit, ...tableWidth(io)});
	if (groups.length === 0) {
		const none = period.runId === undefined ? `No changes between ${formatInstant(period.since)} and ${formatInstant(period.until)}.` : 'That run found no changes.';
		lines.unshift(none, ...(lines.length === 0 ? [] : ['']));
	}

	await io.out(`${lines.join('\n')}\n`);
	return 0;
};

/**
@throws AppError 'usage'
*/
const readPeriod = async (store: CatalogStore, flags: ParsedFlags, now: Date): Promise<Period> => {
	const since = flags.string('since') ?? '7d';
	const until = flags.string('until');
	// The second that is still going on belongs to the period.
	const end = new Date(now.getTime() + 1000).toISOString().slice(0, 19);
	if (readMoment(since, now) === undefined) {
		if (until !== undefined) {
			throw new AppError('usage', '--until goes with a moment, not with a run.', {hint: 'The changes of a run are all told.'});
		}

		const {id, startedAt} = await pickRun(store, since);
		return {since: startedAt, until: `${end}Z`, runId: id};
	}

	const period = {since: requireMoment('since', since, now), until: until === undefined ? `${end}Z` : requireMoment('until', until, now)};
	if (period.since >= period.until) {
		throw new AppError('usage', '--until names a moment before --since.');
	}

	return period;
};

const printTimeline = async ({flags, io}: CommandContext, store: CatalogStore, itemId: string) => {
	const since = flags.string('since');
	const {rows, begun} = await loadTimeline(store, itemId, since === undefined ? undefined : requireMoment('since', since, new Date()));
	const record = await store.get(itemId);
	const item = rows[0] ?? (record?.kind === 'item' ? {...record, itemId} : undefined);
	if (item === undefined) {
		throw new AppError('not-found', `Neither the catalogue nor its history has an item ${clean(itemId)}.`, {hint: '"reelcat ls" and "reelcat lost" print the ids.'});
	}

	if (flags.boolean('json') === true) {
		await io.out(jsonLine(timelineJson({...item, itemId}, rows)));
		return 0;
	}

	const beganAt = begun.get(item.libraryId);
	await io.out(`${[
		`${clean(item.title)} (${itemId})`,
		...(rows.length === 0 ? ['Nothing has happened to it.'] : timelineText(rows, tableWidth(io))),
		beganAt === undefined ? 'The history of its library has not begun yet.' : `Nothing is known before ${formatInstant(beganAt)}.`,
	].join('\n')}\n`);
	return 0;
};
