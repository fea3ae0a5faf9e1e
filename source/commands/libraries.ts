import {AppError} from '../base/errors.js';
import {librariesTable} from '../reports/libraries-table.js';
import {libraryRows} from '../sync/library-record.js';
import {selectSections} from '../sync/select.js';
import {jsonLine} from '../base/text/json.js';
import {tableWidth, type Command} from './command.js';

export const librariesCommand: Command = {
	name: 'libraries',
	summary: 'List the libraries of the server and what the catalogue has of them',
	arguments: '[LIBRARY…]',
	details: ['With --choose, the named libraries are the ones that "import" and the app take from now on.'],
	flags: {
		choose: {type: 'boolean', help: 'Remember the named libraries as the ones to import'},
	},
	async run({input, flags, session, io, signal}) {
		const isChoosing = flags.boolean('choose') === true;
		if (!isChoosing && input.length > 0) {
			throw new AppError('usage', '"reelcat libraries" takes names only with --choose.');
		}

		const {plex, server} = await session.connect({signal});
		if (isChoosing) {
			const chosen = selectSections(await plex.sections(), input);
			session.settings().setChosenLibraries(server.id, chosen.map(({id}) => id));
		}

		const store = await session.openStore({access: 'read'});
		try {
			const rows = await libraryRows(plex, store.header(), session.settings().chosenLibraries(server.id));
			await io.out(flags.boolean('json') === true
				? jsonLine({schema: 1, server: {id: server.id, name: server.name}, libraries: rows})
				: `${librariesTable(rows, tableWidth(io)).join('\n')}\n`);
		} finally {
			await store.close();
		}

		return 0;
	},
};
