import {exportOrder} from '../export/order.js';
import {exportRecord} from '../export/record.js';
import {loadDetail} from '../query/related.js';
import {oneOf} from '../reports/read-flags.js';
import {jsonLine} from '../base/text/json.js';
import type {CommandContext} from './command.js';
import {pieceLength, withSources} from './report-command.js';
import {exportFormats} from './words.js';

export const runExportCommand = async (context: CommandContext): Promise<number> => {
	const {flags, io, signal} = context;
	oneOf(flags.string('format') ?? 'ndjson', exportFormats, name => `There is no export format "${name}".`);

	return withSources(context, async sources => {
		const index = await sources.index();
		const store = await sources.store();
		const libraries = await sources.pickLibraries(flags.string('library'));
		let piece = '';
		for await (const id of exportOrder(index, store.header(), {libraryIds: libraries.map(library => library.id), signal})) {
			const detail = await loadDetail(store, index, id);
			if (detail !== undefined) {
				piece += jsonLine(exportRecord(detail));
			}

			if (!(piece.length >= pieceLength)) {
				continue;
			}

			await io.out(piece);
			piece = '';
			signal.throwIfAborted();
		}

		await io.out(piece);
		return 0;
	});
};
