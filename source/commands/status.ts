import {findDaemon} from '../app/daemon-link.js';
import {formatInstant} from '../base/text/format.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import {statusLines} from '../reports/status-text.js';
import {tableLines} from '../reports/table.js';
import {tableWidth, type Command, type CommandContext} from './command.js';

export const statusCommand: Command = {
	name: 'status',
	summary: 'How the daemon is, or the catalogue where none runs',
	details: ['Ends with 0 also where no daemon runs; "reelcat healthcheck" is the one that fails then.'],
	async run(context) {
		const {session, io, flags} = context;
		const isJson = flags.boolean('json') === true;
		const link = await findDaemon(session, io.env);
		if (link?.client === undefined) {
			await tellCatalogue(context, link?.file.pid);
			return 0;
		}

		try {
			const status = await link.client.status();
			await io.out(isJson ? jsonLine(status) : statusLines(status, tableWidth(io)).map(line => `${line}\n`).join(''));
			return 0;
		} finally {
			link.client.close();
		}
	},
};

/**
Without an API, or without a daemon, only the files can tell.
*/
const tellCatalogue = async ({session, io, flags}: CommandContext, pid: number | undefined) => {
	const store = await session.openStore({access: 'read'});
	try {
		const {libraries, revision} = store.header();
		if (flags.boolean('json') === true) {
			await io.out(jsonLine({
				schema: 1,
				isWatched: pid !== undefined,
				revision,
				libraries: libraries.map(({id, title, counts, sync}) => ({
					id, title, counts, lookedAt: sync?.lookedAt, sweptAt: sync?.sweptAt, fullAt: sync?.fullAt, held: sync?.held?.items ?? 0,
				})),
			}));
			return;
		}

		await io.out(`${pid === undefined ? 'No daemon runs. Start one with: reelcat --watch' : `A daemon runs (process ${pid}), without an API to ask it.`}\n`);
		const lines = tableLines([
			{heading: 'Library', isFlexible: true}, {heading: 'Items', align: 'right'}, {heading: 'Last looked at'}, {heading: 'Last in full'}, {heading: 'Held', align: 'right'},
		], libraries.map(({title, counts, sync}) => [
			clean(title).trim(),
			String(counts.movie + counts.show + counts.season + counts.episode),
			sync === undefined ? 'never completely' : formatInstant(sync.lookedAt),
			sync === undefined ? '' : formatInstant(sync.fullAt),
			String(sync?.held?.items ?? 0),
		]), tableWidth(io));
		await io.out(libraries.length === 0 ? '' : `\n${lines.map(line => `${line}\n`).join('')}`);
	} finally {
		await store.close();
	}
};
