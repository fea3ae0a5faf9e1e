import {AppError} from '../base/errors.js';
import type {ParsedFlags} from '../base/flags.js';
import {itemsReport} from '../reports/items/items-report.js';
import {clipboardWay} from '../ui/output/clipboard.js';
import type {EarlyScreen} from '../ui/output/early-screen.js';
import {colorDepth, terminalColors} from '../ui/theme/terminal-colors.js';
import {tableLook, type CommandContext} from './command.js';
import {exitCodeOfImport} from './exit-codes.js';
import {importHeadless} from './import.js';
import {withSources} from './report-command.js';

/**
In a terminal it opens the app, on the screen that may be there already.
*/
export const runAppCommand = async (context: CommandContext, earlyScreen?: EarlyScreen): Promise<number> => {
	const {io, session, flags} = context;
	requireWatch(flags);
	if (flags.boolean('watch') === true && !io.isInteractive) {
		const {watchHeadless} = await import('./watch.js');
		return watchHeadless(context);
	}

	if (io.isInteractive) {
		return openApp(context, earlyScreen);
	}

	if (session.isDemo()) {
		return demoTour(context);
	}

	throw new AppError('usage', io.isTerminal ? 'The app needs a terminal that can show screens, but TERM says that this one cannot.' : 'The app needs a terminal for input and output.', {
		hint: io.isTerminal ? 'Set TERM to the kind of terminal that this is, such as xterm, or use a command, for instance "reelcat import" or "reelcat ls"; "reelcat --help" lists them.' : 'In a pipe or from cron use a command, for instance "reelcat import" or "reelcat ls"; "reelcat --help" lists them.',
	});
};

const tourRows = 8;

// Without a terminal the demo imports everything and lists some of the movies.
const demoTour = async (context: CommandContext): Promise<number> => {
	const result = await importHeadless(context, []);
	await withSources(context, async sources => {
		const items = await itemsReport.load({type: 'movie', limit: tourRows}, sources);
		await context.io.out(['', ...itemsReport.text(items, tableLook(context.io))].map(line => `${line}\n`).join(''));
	});
	return exitCodeOfImport(result);
};

const requireWatch = (flags: ParsedFlags) => {
	const isAny = ['interval', 'fullEvery', 'quietHours', 'api'].some(name => flags.string(name) !== undefined)
		|| ['audit', 'api', 'publicPage'].some(name => flags.boolean(name) !== undefined)
		|| ['library', 'apiHost'].some(name => flags.strings(name).length > 0);
	if (isAny && flags.boolean('watch') !== true) {
		throw new AppError('usage', '--interval, --full-every, --audit, --quiet-hours, --library, --api, --api-host and --public-page are options of the daemon.', {hint: 'Add --watch, or name a command: "reelcat sync NAME" syncs one library.'});
	}
};

const openApp = async ({io, session, version, signal, flags}: CommandContext, earlyScreen?: EarlyScreen) => {
	const [{openAppServices}, {runApp}, {paintAtLeast}, {createSupportsHyperlinks: hasLinks}, {watchFlagsOf, apiFlagsOf, ownProgram}] = await Promise.all([import('../app/app-services.js'), import('../ui/run-app.js'), import('../ui/theme/paint.js'), import('supports-hyperlinks'), import('./watch.js')]);
	paintAtLeast(colorDepth(io.env));
	const services = await openAppServices(session, version, {
		isVerbose: flags.boolean('verbose') === true,
		env: io.env,
		...(flags.boolean('watch') === true && {
			watch: {
				flags: watchFlagsOf(flags),
				api: apiFlagsOf(flags, io.env),
				own: ownProgram(flags, io.env),
				terminal: {
					env: io.env,
					write(text: string) {
						io.stdout.write(text);
					},
				},
			},
		}),
	});
	try {
		const {exitCode} = await runApp(services, {
			...io,
			...terminalColors(io.env),
			hasLinks: hasLinks(io.stdout),
			// A multiplexer gives the mark no cell, whatever terminal it runs in.
			isMlterm: io.env['MLTERM'] !== undefined && io.env['TMUX'] === undefined && io.env['STY'] === undefined,
			isVim: io.env['VIM_TERMINAL'] !== undefined || io.env['NVIM'] !== undefined,
			clipboard: clipboardWay(io.env),
			isSlowLink: io.env['SSH_CONNECTION'] !== undefined,
			signal,
			earlyScreen,
		});
		return exitCode;
	} finally {
		const told = services.notice();
		await services.close();
		const notice = services.notice();
		if (notice !== undefined && notice !== told) {
			io.say(notice);
		}
	}
};
