import {toldServer} from '../app/current-server.js';
import {AppError} from '../base/errors.js';
import {syncedLibraryLines, syncJson, syncLines} from '../reports/results/run-result.js';
import type {ImportResult} from '../sync/events.js';
import {selectSections, syncableSections} from '../sync/select.js';
import {paceOf} from '../sync/plan.js';
import {syncLibraries} from '../sync/sync.js';
import {exitCodeOfImport} from './exit-codes.js';
import {
	print,
	type CommandContext,
} from './command.js';
import {runHeadless} from './headless-run.js';
import {createRunOutput} from './run-output.js';

export const runSyncCommand = async (context: CommandContext): Promise<number> => {
	const fullEvery = readDays(context.flags.string('fullEvery'));
	const isDryRun = context.flags.boolean('dryRun') === true;
	if (fullEvery !== undefined && !isDryRun) {
		const writer = await context.session.settings().writer();
		writer.setFullSyncDays(fullEvery);
	}

	const toldIds = new Set<string>();
	const result = await syncHeadless(context, {isDryRun, toldIds, fullEvery: fullEvery ?? context.session.settings().fullSyncDays()});
	await print(context, syncJson(result, {isDryRun}), syncLines(result, {isDryRun, paint: context.io.paint, toldIds}).map(line => `${line}\n`).join(''));
	return exitCodeOfImport(result, {isDryRun});
};

// Reads `7` or `7d`.
const readDays = (text: string | undefined): number | undefined => {
	const days = text === undefined ? undefined : Number(/^(?<days>\d{1,5})d?$/v.exec(text.trim())?.groups?.['days']);
	if (days !== undefined && !(days > 0)) {
		throw new AppError('usage', '--full-every needs a number of days above 0.');
	}

	return days;
};

// `toldIds` gets the ids of the libraries whose results were told on the way.
const syncHeadless = async (context: CommandContext, {isDryRun, toldIds, fullEvery}: {isDryRun: boolean; toldIds: Set<string>; fullEvery: number | undefined}): Promise<ImportResult> => {
	const {session, io, flags, input} = context;
	const isJson = flags.boolean('json') === true;
	const output = createRunOutput(io, (event, _, isAtOnce) => {
		if (isAtOnce && !isJson && event.type === 'library-finished') {
			toldIds.add(event.result.id);
			return syncedLibraryLines(event.result, io.paint);
		}

		// The beginning is told library by library, and the end by the summary.
		return ['run-started', 'library-finished', 'run-finished'].includes(event.type) ? [] : undefined;
	});
	return runHeadless({...context, io: output.io}, {
		hint: 'If that is a daemon, "reelcat refresh" asks it to sync; otherwise wait until it has ended.',
		isLoadedFirst: false,
		serverFor: async header => toldServer(session, header, input),
		// A library was imported for the first time.
		isBig: result => result.libraries.some(library => library.sync === undefined && library.imported > 0),
		onEvent: output.onEvent,
	}, async parts => {
		const {plex, server, store} = parts;
		const all = await plex.sections();
		return syncLibraries({
			...parts,
			sections: input.length > 0
				? selectSections(all, input, server)
				: syncableSections(all, store.header().libraries, {serverId: server.id, chosen: session.settings().chosenLibraries(server.id)}),
			isEverything: input.length === 0,
			isFull: flags.boolean('full') === true,
			isDryRun,
			pace: paceOf(fullEvery),
		});
	});
};
