import {createGrowingIndex} from '../app/growing-index.js';
import {keepForNextStart, totalItems} from '../app/index-loader.js';
import {performRun, requireWriter, type Engine} from '../app/run-engine.js';
import {once} from '../base/once.js';
import {errorMessage, requireAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import type {CommandContext} from './command.js';

type HeadlessRunOptions = {
	// What to do if another process writes.
	hint: string;
	onEvent: (event: SyncEvent) => void;
	// Whether to read the records before the server is asked; otherwise the engine loads them when it needs them.
	isLoadedFirst: boolean;
	// Whether so much has changed that storing the index now makes the next start quicker.
	isBig: (result: ImportResult) => boolean;
	// The server that the command line tells beside the options, if it does.
	serverFor: (header: CatalogHeader) => Promise<string | undefined>;
};

/**
Does one import or sync without a screen, from the lock to the backup of the day.

@throws AppError before the engine starts; later failures are in the result
*/
export const runHeadless = async (context: CommandContext, {hint, onEvent, isLoadedFirst, isBig, serverFor}: HeadlessRunOptions, engine: Engine): Promise<ImportResult> => {
	const {session, io, signal} = context;
	let store: OpenedCatalog | undefined;
	let growing: ReturnType<typeof createGrowingIndex> | undefined;
	let hasGrown = false;
	try {
		return await performRun(session, {
			logging: runLogging(context),
			signal,
			isDryRun: context.flags.boolean('dryRun') === true,
			hint,
			async open({log}) {
				const report = (event: SyncEvent) => {
					log.onEvent(event);
					onEvent(event);
				};

				// Which server it is turns out when it answers.
				const opening = session.openStore({writesFor: async () => []});
				loadWhileOpening();
				const opened = await opening;
				store = opened;
				requireWriter(opened, hint);
				// Only beside a document is an index kept.
				growing = opened.seed !== undefined && totalItems(opened) === 0 ? createGrowingIndex(opened) : undefined;
				const load = once(async () => opened.load());
				if (isLoadedFirst) {
					await load();
				}

				const server = await serverFor(opened.header());
				return {
					store: opened, load, report, connected: await session.connect({onRequest: report, signal, ...server !== undefined && {server}}),
				};
			},
		}, async parts => {
			const result = await engine(parts);
			// A run that found nothing to do has read no records, and must not say that all is well with a catalogue that cannot be read.
			await parts.store.prove();
			hasGrown = isBig(result);
			// The index is saved while the disk is waited for.
			await Promise.all([makeDailyBackup(parts.store, io.say), growing?.save()]);
			return result;
		});
	} finally {
		if (store !== undefined) {
			// After a few changes, rewriting the document would be most of the work.
			await store.close({isQuick: !hasGrown});
			await keepIndex(session.folders().data, store, growing);

			if (store.notice !== undefined) {
				io.say(store.notice);
			}
		}
	}
};

// An index that did not grow with the run is made by whoever reads first.
const keepIndex = async (folder: string, store: OpenedCatalog, growing: ReturnType<typeof createGrowingIndex> | undefined): Promise<void> => {
	const columns = await growing?.save();
	if (growing === undefined || columns !== undefined) {
		await keepForNextStart(folder, store, columns && (async () => columns));
	}
};

// They are needed next, and the disk is waited for meanwhile.
const loadWhileOpening = () => {
	void import('../plex/client.js');
	void import('../plex/normalize/normalize.js');
};

const runLogging = ({flags, io, version}: CommandContext) => {
	const isVerbose = flags.boolean('verbose') === true;
	return {
		version, isVerbose, onFault: io.say, mirror: isVerbose ? io.say : undefined,
	};
};

// A disk without room for the backup must not undo what was done.
const makeDailyBackup = async (store: OpenedCatalog, say: (line: string) => void): Promise<void> => {
	try {
		await store.backupIfDue();
	} catch (error) {
		requireAppError(error);

		say(`No backup could be made: ${clean(errorMessage(error))}`);
	}
};
