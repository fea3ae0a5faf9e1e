import {AppError} from '../base/errors.js';
import {keepIndexOf} from '../app/index-loader.js';
import {normalize} from '../plex/normalize/normalize.js';
import type {Section} from '../plex/types.js';
import {importJson} from '../reports/results/import-result.js';
import {readOnlyReason} from '../app/read-only-reason.js';
import {createTextProgress} from '../reports/results/text-progress.js';
import {openIndexCache} from '../store/index-cache.js';
import {withRunLog, type LoggedRun} from '../app/open-run-log.js';
import {importLibraries} from '../sync/import.js';
import type {ImportResult, SyncEvent} from '../sync/events.js';
import {importableSections, selectSections} from '../sync/select.js';
import {jsonLine} from '../base/text/json.js';
import {exitCodeOfImport} from './exit-codes.js';
import {headlessLogging, type Command, type CommandContext} from './command.js';
import {keepDailyBackup} from './daily-backup.js';

export const importCommand: Command = {
	name: 'import',
	summary: 'Import libraries into the catalogue',
	arguments: '[LIBRARY…]',
	details: [
		'A LIBRARY is a title (case does not count), a key or a uuid. Without one, the libraries ticked in the app are imported, or all movie and show libraries where none were ticked.',
	],
	flags: {
		all: {type: 'boolean', help: 'All movie and show libraries'},
	},
	async run(context) {
		const result = await importHeadless(context, context.input);
		if (context.flags.boolean('json') === true) {
			await context.io.out(jsonLine(importJson(result)));
		}

		return exitCodeOfImport(result);
	},
};

/**
Import with progress lines on stderr, and the summary on stdout unless that is for JSON.

@throws AppError before the import starts; after that everything is in the result.
*/
export const importHeadless = async (context: CommandContext, names: readonly string[]): Promise<ImportResult> =>
	withRunLog(context.session, headlessLogging(context), async logged => importLogged(context, names, logged));

const importLogged = async ({session, io, flags, signal}: CommandContext, names: readonly string[], {log, run}: LoggedRun): Promise<ImportResult> => {
	const store = await session.openStore();
	let isImported = false;
	try {
		if (store.mode === 'reader') {
			throw new AppError('locked', readOnlyReason(store.holder), {hint: 'Wait until it has ended, or end it, and import again.'});
		}

		const progress = createTextProgress();
		const isJson = flags.boolean('json') === true;
		const summary: string[] = [];
		const report = (event: SyncEvent) => {
			log.onEvent(event);
			const lines = progress(event, performance.now());
			if (!isJson && (event.type === 'library-finished' || event.type === 'run-finished')) {
				summary.push(...lines);
			} else {
				for (const line of lines) {
					io.say(line);
				}
			}
		};

		await store.load();
		const {plex, server, viewer} = await session.connect({onRequest: report, signal});
		const sections = pickSections(await plex.sections(), names, {
			isAll: flags.boolean('all') === true,
			chosen: session.settings().chosenLibraries(server.id),
		});
		const result = await importLibraries({
			plex,
			server,
			viewer,
			store,
			normalize,
			targets: sections.map(section => ({section})),
			run,
			report,
			signal,
		});
		await io.out(summary.map(line => `${line}\n`).join(''));
		isImported = true;
		await keepDailyBackup(store, io);
		return result;
	} finally {
		await store.close();
		if (isImported) {
			// Now, so that the app and the other commands need not wait for it at their next start.
			await keepIndexOf(openIndexCache(session.folders().data), store);
		}

		if (store.notice !== undefined) {
			io.say(store.notice);
		}
	}
};

const pickSections = (sections: readonly Section[], names: readonly string[], {isAll, chosen}: {isAll: boolean; chosen: readonly string[] | undefined}): Section[] => {
	if (isAll && names.length > 0) {
		throw new AppError('usage', '--all and library names exclude each other.');
	}

	if (names.length > 0) {
		return selectSections(sections, names);
	}

	const importable = importableSections(sections);
	const ticked = importable.filter(({id}) => chosen?.includes(id) === true);
	return isAll || ticked.length === 0 ? importable : ticked;
};
