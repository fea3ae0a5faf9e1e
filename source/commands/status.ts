import {namedServerId} from '../app/current-server.js';
import {askNamedDaemon} from '../app/daemon-link.js';
import {createLibraryNames} from '../catalog/library-names.js';
import {statusReport, unwatchedReport} from '../reports/daemon/daemon-reports.js';
import type {CommandContext} from './command.js';
import {printData} from './report-command.js';

export const runStatusCommand = async (context: CommandContext): Promise<number> => {
	const {file, answer, otherServer} = await askNamedDaemon(context.session, context.io.env, async client => client.status());
	return answer === undefined ? tellCatalogue(context, file?.pid, otherServer) : printData(context, statusReport, answer);
};

// Reads the files of the catalogue, where no daemon runs, the daemon has no API, or it watches another server.
const tellCatalogue = async (context: CommandContext, pid: number | undefined, otherServer: string | undefined): Promise<number> => {
	const store = await context.session.openStore({access: 'read', isForHeader: true});
	try {
		await store.prove();
		const {libraries: all, servers, revision} = store.header();
		const serverId = await namedServerId(context.session, store.header());
		const libraries = all.filter(library => serverId === undefined || library.serverId === serverId);
		return await printData(context, unwatchedReport, {
			pid, otherServer, revision, libraries, writers: await store.writers?.() ?? [], names: createLibraryNames({libraries: all, servers}),
		});
	} finally {
		await store.close();
	}
};
