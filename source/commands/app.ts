import {AppError} from '../errors.js';
import type {Command, CommandContext} from './command.js';

export const appCommand: Command = {
	name: '',
	summary: 'Open the app',
	async run(context) {
		const {io, session} = context;
		if (io.isInteractive) {
			return openApp(context);
		}

		if (session.isDemo()) {
			const {demoTour} = await import('./demo-tour.js');
			return demoTour(context);
		}

		throw new AppError('usage', 'The app needs a terminal on both ends.', {
			hint: 'In a pipe or from cron use a command, for instance "reelcat import" or "reelcat ls"; "reelcat --help" lists them.',
		});
	},
};

const openApp = async ({io, session, version, signal, flags}: CommandContext) => {
	const [{openAppServices}, {runApp}, {createSupportsHyperlinks: hasLinks}] = await Promise.all([import('../app-services.js'), import('../ui/run-app.js'), import('supports-hyperlinks')]);
	const services = await openAppServices(session, version, {isVerbose: flags.boolean('verbose') === true});
	try {
		const {exitCode} = await runApp(services, {
			stdin: io.stdin,
			stdout: io.stdout,
			stderr: io.stderr,
			isColor: io.isColor,
			isAscii: io.isAscii,
			hasLinks: hasLinks(io.stdout),
			isScreenReader: io.env['INK_SCREEN_READER'] === 'true',
			isSlowLink: io.env['SSH_CONNECTION'] !== undefined,
			suspend: io.suspend,
			onBug: io.onBug,
			signal,
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
