import {toldServer} from '../app/current-server.js';
import {joinCatalog} from '../app/join-catalog.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {once} from '../base/once.js';
import {librariesReport} from '../reports/libraries/libraries-report.js';
import {libraryRows} from '../sync/library-record.js';
import {selectSections} from '../sync/select.js';
import type {CommandContext} from './command.js';
import {printData} from './report-command.js';

export const runLibrariesCommand = async (context: CommandContext): Promise<number> => {
	const {input, flags, session, signal} = context;
	const isChoosing = flags.boolean('choose') === true;
	if (!isChoosing && input.length > 0) {
		throw new AppError('usage', '"reelcat libraries" takes names only with --choose.', {hint: `"reelcat ls --library ${clean(input[0]!)}" lists what is in a library.`});
	}

	const store = await session.openStore({access: 'read', isForHeader: true});
	try {
		await store.prove();
		const told = isChoosing ? await toldServer(session, store.header(), input) : undefined;
		const connected = await session.connect({signal, ...told !== undefined && {server: told}});
		const {plex, server} = await joinCatalog(session, connected, {
			catalog: {header: store.header, load: store.load}, signal, say: context.io.say,
		});
		if (isChoosing) {
			const chosen = selectSections(await plex.sections(), input, server);
			const writer = await session.settings().writer();
			writer.setChosenLibraries(server.id, chosen.map(({id}) => id));
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
};
