import {exportOrder} from '../export/order.js';
import {exportRecord} from '../export/record.js';
import {loadDetail} from '../query/related.js';
import {libraryFlag, oneOf} from '../reports/read-flags.js';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';
import {pieceLength, withSources} from './report-command.js';

const exportFormats = ['ndjson'];

export const exportCommand: Command = {
	name: 'export',
	summary: 'Write the catalogue to stdout, one JSON object per line',
	details: ['The record is a public format: docs/schema/export-record.schema.json. The same catalogue gives the same bytes.'],
	examples: [
		['reelcat export > all.ndjson', 'Everything'],
		['reelcat export --library Films | jq -r .title', 'The titles of one library'],
	],
	flags: {
		format: {
			type: 'string', value: 'ndjson', values: exportFormats, help: 'Format (ndjson)',
		},
		library: libraryFlag,
	},
	async run(context) {
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
	},
};
