import {toldServer} from '../app/current-server.js';
import {joinCatalog} from '../app/join-catalog.js';
import {AppError} from '../base/errors.js';
import {once} from '../base/once.js';
import {librariesReport} from '../reports/libraries/libraries-report.js';
import {libraryRows} from '../sync/library-record.js';
import {selectSections} from '../sync/select.js';
import {libraryForms, type Command} from './command.js';
import {printData} from './report-command.js';

export const librariesCommand: Command = {
	name: 'libraries',
	summary: 'List the libraries of the server and what the catalogue has of them',
	arguments: '[LIBRARY…]',
	details: [
		'It asks the current server. With --choose, the named libraries are the ones that "import" and the app take from it from now on.',
		libraryForms,
	],
	examples: [
		['reelcat libraries', 'What the server and the catalogue have'],
		['reelcat libraries --choose Films Series', 'Take these two from now on'],
	],
	flags: {
		choose: {type: 'boolean', help: 'Remember the named libraries as the ones to import'},
	},
	async run(context) {
		const {input, flags, session, signal} = context;
		const isChoosing = flags.boolean('choose') === true;
		if (!isChoosing && input.length > 0) {
			throw new AppError('usage', '"reelcat libraries" takes names only with --choose.');
		}

		const store = await session.openStore({access: 'read'});
		try {
			await store.prove();
			const told = isChoosing ? await toldServer(session, store.header(), input) : undefined;
			const connected = await session.connect({signal, ...told !== undefined && {server: told}});
			const {plex, server} = await joinCatalog(session, connected, {
				catalog: {header: store.header, load: store.load}, signal, say: context.io.say,
			});
			if (isChoosing) {
				const chosen = selectSections(await plex.sections(), input, server);
				session.settings().setChosenLibraries(server.id, chosen.map(({id}) => id));
			}

			const header = store.header();
			const libraries = await libraryRows(plex, header, session.settings().chosenLibraries(server.id), once(async () => {
				await store.load();
				return store;
			}));
			return await printData(context, librariesReport, {server, libraries, isOneOfSeveral: header.libraries.some(({serverId}) => serverId !== server.id)});
		} finally {
			await store.close();
		}
	},
};
