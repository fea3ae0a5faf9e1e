import {showEarlyScreen, type EarlyScreen} from '../../ui/output/early-screen.js';
import type {Command, CommandContext} from '../command.js';

// A name, or an IPv6 address.
const hostPattern = /^(?:[\p{Letter}\p{Number}\-_]+\.)*[\p{Letter}\p{Number}\-_]+$|^\[?(?=[^:]*:[^:]*:)[\p{ASCII_Hex_Digit}.:]+\]?$/v;

export const appCommand: Command = {
	name: '',
	summary: 'Open the app',
	examples: [
		['reelcat --demo', 'Look around in an invented library'],
		['reelcat --watch --interval 30m --quiet-hours 18:00-23:30', 'Keep the catalogue in step'],
	],
	flags: {
		watch: {type: 'boolean', help: 'Keep the catalogue in step: a dashboard, or log lines without a terminal'},
		interval: {type: 'string', value: 'TIME', help: 'Watch: how often each library is compared, 15m or a cron expression'},
		fullEvery: {type: 'string', value: 'TIME', help: 'Watch: how often everything is compared, 7d or a cron expression'},
		audit: {type: 'boolean', help: 'Watch: after each full comparison, compare every field with the server'},
		quietHours: {type: 'string', value: 'HOURS', help: 'Watch: no scheduled work in these hours, for instance 18:00-23:30'},
		library: {
			type: 'string', value: 'NAME', isMultiple: true, help: 'Watch: only this library; may be given several times',
		},
		api: {
			type: 'string', value: 'HOST:PORT', hasNegation: true, help: 'Watch: where its API listens (127.0.0.1:32480), or unix:/PATH; --no-api: none',
		},
		apiHost: {
			type: 'string', value: 'NAME', isMultiple: true, form: {pattern: hostPattern, name: 'a host name, without a port or a path'}, help: 'Watch: another host name that the API answers to, as behind a proxy',
		},
		publicPage: {type: 'boolean', help: 'Watch: show the page of the catalogue without the token of the API'},
	},
	async run(context) {
		if (!context.io.isInteractive || context.io.isScreenReader) {
			context.io.onNotice(context.io.say);
			return runApp(context);
		}

		const screen = showEarlyScreen(context.io);
		context.io.onNotice(screen.say);
		try {
			return await runApp(context, screen);
		} finally {
			screen.leave();
		}
	},
};

const runApp = async (context: CommandContext, screen?: EarlyScreen) => {
	const {runAppCommand} = await import('../app.js');
	return runAppCommand(context, screen);
};
