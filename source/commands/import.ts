import {toldServer} from '../app/current-server.js';
import {AppError} from '../base/errors.js';
import type {Section, ServerInfo} from '../plex/types.js';
import {importJson} from '../reports/results/run-result.js';
import {importLibraries} from '../sync/sync.js';
import type {ImportResult} from '../sync/events.js';
import {importableSections, selectById, selectSections} from '../sync/select.js';
import {jsonLine} from '../base/text/json.js';
import {exitCodeOfImport} from './exit-codes.js';
import type {CommandContext} from './command.js';
import {runHeadless} from './headless-run.js';
import {createRunOutput} from './run-output.js';

export const runImportCommand = async (context: CommandContext): Promise<number> => {
	const result = await importHeadless(context, context.input);
	if (context.flags.boolean('json') === true) {
		await context.io.out(jsonLine(importJson(result)));
	}

	return exitCodeOfImport(result);
};

/**
Imports with progress lines on stderr. The summary goes to stdout, unless that is for JSON.

@throws AppError before the import starts; later failures are in the result
*/
export const importHeadless = async (context: CommandContext, names: readonly string[]): Promise<ImportResult> => {
	const {session, io, flags} = context;
	const isJson = flags.boolean('json') === true;
	const output = createRunOutput(io, ({type}, told) => !isJson && (type === 'library-finished' || type === 'run-finished') ? told : undefined);
	const running = runHeadless({...context, io: output.io}, {
		hint: 'Wait until it has ended, or end it, and import again.',
		isLoadedFirst: true,
		isBig: () => true,
		serverFor: async header => toldServer(session, header, names),
		onEvent: output.onEvent,
	}, async parts => {
		const chosen = session.settings().chosenLibraries(parts.server.id);
		const sections = pickSections(await parts.plex.sections(), names, {isAll: flags.boolean('all') === true, chosen, server: parts.server});
		return importLibraries({...parts, targets: sections.map(section => ({section}))});
	});
	try {
		return await running;
	} finally {
		// The catalogue does not stay locked for as long as somebody takes to read.
		await output.end();
	}
};

const pickSections = (sections: readonly Section[], names: readonly string[], {isAll, chosen = [], server}: {isAll: boolean; chosen: readonly string[] | undefined; server: ServerInfo}): Section[] => {
	if (isAll && names.length > 0) {
		throw new AppError('usage', '--all and library names exclude each other.');
	}

	if (names.length > 0) {
		return selectSections(sections, names, server);
	}

	return isAll || chosen.length === 0 ? importableSections(sections) : selectById(sections, chosen).map(({section}) => section);
};
