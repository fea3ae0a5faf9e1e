import type {ItemType} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {
	loadHeld,
	loadShowTitles,
	loadTombstones,
	lostItems,
} from '../history/lost-items.js';
import {lostJson} from '../reports/lost-json.js';
import {lostCsv, lostLine, lostTable} from '../reports/lost-table.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import {momentForms} from '../base/text/moment.js';
import {tableWidth, type Command, type CommandContext} from './command.js';
import {requireMoment} from './moment.js';
import {withStore} from './open-reading.js';
import {pickLibraryIds} from './pick-libraries.js';
import {readType} from './read-type.js';

export const lostCommand: Command = {
	name: 'lost',
	summary: 'List what the server has lost, with ids, files and sizes',
	details: [
		'A show or season that went with all that was below it is one line with counts; with --type each item of that type is told.',
		`SINCE: ${momentForms}.`,
		'With --held, what the server no longer lists but the catalogue holds on to, until someone accepts the removal.',
	],
	flags: {
		since: {type: 'string', value: 'SINCE', help: 'Only what was lost since then'},
		library: {type: 'string', value: 'LIBRARY', help: 'One library only: title, key or uuid'},
		type: {type: 'string', value: 'TYPE', help: 'movie, show, season or episode'},
		held: {type: 'boolean', help: 'What is missing and held instead'},
		format: {type: 'string', value: 'FORMAT', help: 'table or csv (default table)'},
	},
	async run(context) {
		const {flags} = context;
		const format = flags.string('format') ?? 'table';
		if (format !== 'table' && format !== 'csv') {
			throw new AppError('usage', `There is no format "${clean(format)}" for this list.`, {hint: 'There is: table, csv.'});
		}

		const type = readType(flags);
		return withStore(context, async store => printLost(context, store, {format, type}));
	},
};

const printLost = async (context: CommandContext, store: CatalogStore, {format, type}: {format: 'table' | 'csv'; type: ItemType | undefined}) => {
	const {flags, io} = context;
	const header = store.header();
	const since = flags.string('since');
	const isHeld = flags.boolean('held') === true;
	const losses = isHeld ? await loadHeld(store) : await loadTombstones(store);
	const items = lostItems(losses, {
		libraryIds: await pickLibraryIds(context, header, flags.string('library')),
		type,
		since: since === undefined ? undefined : requireMoment('since', since, new Date()),
	}, await loadShowTitles(store, losses));
	const libraryTitle = (id: string) => header.libraries.find(library => library.id === id)?.title;
	if (flags.boolean('json') === true) {
		await io.out(jsonLine(lostJson(items, {isHeld, libraryTitle})));
	} else if (format === 'csv') {
		await io.out(lostCsv(items, libraryTitle));
		io.say(lostLine(items));
	} else if (items.length === 0) {
		await io.out(isHeld ? 'Nothing is missing.\n' : 'Nothing was lost.\n');
	} else {
		await io.out(`${lostTable(items, tableWidth(io)).join('\n')}\n`);
	}

	return 0;
};
