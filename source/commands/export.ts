import {exportOrder} from '../export/order.js';
import {exportRecord} from '../export/record.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogHeader} from '../catalog/types.js';
import {compileQuery} from '../query/language/compile.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {planWithin} from '../query/plan-within.js';
import {recordValues} from '../query/record-values.js';
import {loadDetail} from '../query/related.js';
import type {CatalogIndex} from '../query/types.js';
import {oneOf} from '../reports/read-flags.js';
import {jsonLine} from '../base/text/json.js';
import type {CommandContext} from './command.js';
import {pieceLength, withSources} from './report-command.js';
import {exportFormats} from './words.js';

export const runExportCommand = async (context: CommandContext): Promise<number> => {
	const {flags, io, signal, input} = context;
	oneOf(flags.string('format') ?? 'ndjson', exportFormats, name => `There is no export format "${name}".`);

	return withSources(context, async sources => {
		const index = await sources.index();
		const store = await sources.store();
		const libraries = await sources.pickLibraries(flags.string('library'));
		let piece = '';
		const header = store.header();
		const libraryIds = libraries.map(library => library.id);
		const query = input.join(' ');
		const ids = query === ''
			? exportOrder(index, header, {libraryIds, signal})
			: await queriedIds(index, {
				query, libraryIds, header, store, world: await sources.queryWorld(), signal,
			});
		for await (const id of ids) {
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

type QueriedExport = {
	query: string;
	libraryIds: readonly string[];
	header: CatalogHeader;
	store: Pick<CatalogStore, 'getMany'>;
	world: QueryWorld;
	signal: AbortSignal;
};

const queriedIds = async (index: CatalogIndex, {query, libraryIds, header, store, world, signal}: QueriedExport): Promise<AsyncIterable<string> | string[]> => {
	const plan = await compileQuery(query, world);
	const ids = await index.list({plan: planWithin(plan, {libraryIds})}, {signal, readValues: recordValues(store)});
	return plan.sort.length > 0 || plan.limit !== undefined ? ids : onlyOf(exportOrder(index, header, {libraryIds, signal}), new Set(ids));
};

async function * onlyOf(ids: AsyncIterable<string>, wanted: ReadonlySet<string>): AsyncGenerator<string> {
	for await (const id of ids) {
		if (wanted.has(id)) {
			yield id;
		}
	}
}
