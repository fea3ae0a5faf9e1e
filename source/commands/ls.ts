import {itemTypes} from '../catalog/schema.js';
import type {ItemType, Library} from '../catalog/types.js';
import {exportOrder} from '../export/order.js';
import {listedNames} from '../query/list-fields.js';
import type {CatalogIndex, ItemSummary} from '../query/types.js';
import {itemsTable} from '../reports/items-table.js';
import {rewindIndex} from '../history/rewind-index.js';
import {clean} from '../base/text/clean.js';
import {formatInstant} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import {momentForms} from '../base/text/moment.js';
import {tableWidth, type Command, type CommandIo} from './command.js';
import {requireMoment} from './moment.js';
import {withReading, type Reading} from './open-reading.js';
import {pickLibraries} from './pick-libraries.js';
import {readType} from './read-type.js';

export const lsCommand: Command = {
	name: 'ls',
	summary: 'List and search the catalogue',
	arguments: '[TEXT]',
	details: [
		'Every word of TEXT must occur in title, edition or year; case and accents do not count. Without TEXT and --type, movies and shows are listed.',
		`With --at, the list as it was then, as far as the history goes back. ${momentForms}.`,
	],
	flags: {
		library: {type: 'string', value: 'LIBRARY', help: 'One library only: title, key or uuid'},
		type: {type: 'string', value: 'TYPE', help: 'movie, show, season or episode'},
		limit: {type: 'number', value: 'N', help: 'At most N rows'},
		at: {type: 'string', value: 'MOMENT', help: 'As it was at a date, or so long ago'},
	},
	async run(context) {
		const {input, flags, io, signal} = context;
		const type = readType(flags);
		const at = flags.string('at');
		const instant = at === undefined ? undefined : requireMoment('at', at, new Date());
		return withReading(context, async reading => {
			if (instant !== undefined) {
				await rewind(reading, io, instant);
			}

			const rows = await listItems(reading, {
				libraries: await pickLibraries(context, reading.store.header(), flags.string('library')),
				type,
				text: input.length === 0 ? undefined : input.join(' '),
				limit: flags.number('limit'),
				signal,
			});
			await (flags.boolean('json') === true
				? io.out(jsonLine({schema: 1, items: rows.map(row => listedItem(row))}))
				: printItems(io, reading, rows));
			return 0;
		});
	},
};

const rewind = async ({store, index}: Reading, io: CommandIo, instant: string) => {
	const {unknownIds} = await rewindIndex(index, store, instant);
	for (const {id, title} of store.header().libraries) {
		if (unknownIds.includes(id)) {
			io.say(`${clean(title.trim())} is left out: nothing is known of it at ${formatInstant(instant)}.`);
		}
	}
};

/**
A terminal gets lines that fit, a pipe gets them whole.
*/
export const printItems = async (io: CommandIo, {index}: Reading, rows: readonly ItemSummary[]): Promise<void> => {
	if (rows.length === 0) {
		return;
	}

	const titleOf = (id: string) => index.get(id)?.title;
	for (const line of itemsTable(rows, {titleOf, ...tableWidth(io)})) {
		await io.out(`${line}\n`);
	}
};

export type ListOptions = {
	type?: ItemType | undefined;
	text?: string | undefined;
	libraries: readonly Library[];
	limit?: number | undefined;
	signal: AbortSignal;
};

/**
Library by library in the order of an export: movies; shows with their seasons and episodes. With a text, library by library and type by type.
*/
export const listItems = async ({store, index}: Reading, {libraries, type, text, limit = Infinity, signal}: ListOptions): Promise<ItemSummary[]> => {
	const types = type === undefined ? undefined : [type];
	const ids = text === undefined
		? exportOrder(index, store.header(), {libraryIds: libraries.map(({id}) => id), types: types ?? ['movie', 'show'], signal})
		: matches(index, {
			libraries, types: types ?? itemTypes, text, signal,
		});
	const rows: ItemSummary[] = [];
	for await (const id of ids) {
		if (rows.length >= limit) {
			break;
		}

		rows.push(index.get(id)!);
	}

	return rows;
};

type MatchOptions = {
	libraries: readonly Library[];
	types: readonly ItemType[];
	text: string;
	signal: AbortSignal;
};

async function * matches(index: CatalogIndex, {libraries, types, text, signal}: MatchOptions): AsyncGenerator<string> {
	for (const {id: libraryId} of libraries) {
		for (const type of types) {
			yield * await index.list({libraryId, type, text}, {signal});
		}
	}
}

/**
The documented object of `ls --json`: a short form of the export record.
*/
const listedItem = (item: ItemSummary) => Object.fromEntries(listedNames.map(name => [name, item[name]]));
