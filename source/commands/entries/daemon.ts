import {defaultLimit} from '../../reports/flags.js';
import {jobActions} from '../../watch/kinds.js';
import {channelKinds} from '../../watch/notify/channel-kinds.js';
import type {Command} from '../command.js';
import {notifyActions, serviceActions} from '../words.js';

export const statusCommand: Command = {
	name: 'status',
	summary: 'Show how the daemon or the catalogue is doing',
	details: [
		'It ends with 0 even when no daemon is running; "reelcat healthcheck" fails then.',
		'With --server, it shows the daemon only if that watches this server, and otherwise what the catalogue has of the server.',
	],
	examples: [
		['reelcat status', 'How it is going'],
		['reelcat status --json | jq .', 'The same for a script'],
	],
	async run(context) {
		const {runStatusCommand} = await import('../status.js');
		return runStatusCommand(context);
	},
};

export const jobsCommand: Command = {
	name: 'jobs',
	summary: 'List the jobs of the daemon, or control one',
	arguments: '[ACTION JOB]',
	words: jobActions,
	details: [
		`ACTION is one of ${jobActions.join(', ')}; JOB is an id or the beginning of one.`,
		'Without a daemon, the queue that the last one left is shown and changed; the next one begins with it. With --server, only jobs of this server are meant.',
	],
	examples: [
		['reelcat jobs --limit 5', 'What there is to do, and the last five'],
		['reelcat jobs retry 1a2b3c4d', 'Try one again'],
	],
	flags: {
		limit: {type: 'number', value: 'N', help: `At most N jobs that have ended (default ${defaultLimit})`},
	},
	async run(context) {
		const {runJobsCommand} = await import('../jobs.js');
		return runJobsCommand(context);
	},
};

export const notifyCommand: Command = {
	name: 'notify',
	summary: 'Test and list the notification channels',
	arguments: '[ACTION NAME]',
	words: notifyActions,
	details: [
		'ACTION is test, with the name of a channel or without, list, or example, with a kind of channel.',
		'"test" sends a notice through every channel, or through the named one, and reports the result. It ends with 0 when all accepted it, 3 when some did, 1 when none did.',
		'"list" shows the channels that notify.json in the settings folder describes.',
		`"example" prints such a file for a kind: ${channelKinds.slice(0, -1).join(', ')} or ${channelKinds.at(-1)!}.`,
		'docs/notifications.md describes who is notified of what, and when.',
	],
	examples: [
		['reelcat notify example ntfy', 'What notify.json looks like for ntfy'],
		['reelcat notify test', 'Send a notice through every channel'],
	],
	async run(context) {
		const {runNotifyCommand} = await import('../notify.js');
		return runNotifyCommand(context);
	},
};

export const serviceCommand: Command = {
	name: 'service',
	summary: 'Let systemd keep "reelcat --watch" running',
	arguments: 'ACTION…',
	words: serviceActions,
	details: [
		'"install" writes a systemd user unit and enables it, "remove" stops and removes it.',
		'"show" prints the unit and writes nothing.',
		'What follows -- are options of "reelcat --watch". --demo, --url, --server, --store, --token-file and --concurrency hold for the service, too.',
	],
	examples: [
		['reelcat service install --now', 'Install and start it'],
		['reelcat service install -- --interval 30m', 'With an option of the daemon'],
	],
	flags: {
		credential: {type: 'string', value: 'FILE', help: 'Hand the Plex token in FILE to the service as a credential'},
		now: {type: 'boolean', help: 'With install: start it, too'},
		force: {type: 'boolean', help: 'Replace or remove a unit that reelcat did not write'},
	},
	async run(context) {
		const {runServiceCommand} = await import('../service.js');
		return runServiceCommand(context);
	},
};

export const healthcheckCommand: Command = {
	name: 'healthcheck',
	summary: 'Report by the exit code whether the daemon is healthy',
	details: ['Exit code 0 when "reelcat --watch" runs for this catalogue (with --server: for this server) and answers, 1 otherwise.',
		'For containers and monitoring.'],
	examples: [
		['reelcat healthcheck', 'Say how the daemon is'],
		['reelcat healthcheck --json', 'The same for a script'],
	],
	async run(context) {
		const {runHealthcheckCommand} = await import('../healthcheck.js');
		return runHealthcheckCommand(context);
	},
};

export const apiCommand: Command = {
	name: 'api',
	summary: 'Print the token of the HTTP API of the daemon',
	arguments: 'token',
	words: ['token'],
	details: ['It is created when it is first needed and kept in the data folder, readable by your user only. REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE takes precedence. docs/api.md describes the API.'],
	examples: [
		['reelcat api token', 'Print the token'],
		['reelcat api token --rotate', 'Make a new one, for instance after it was seen by others'],
	],
	flags: {
		rotate: {type: 'boolean', help: 'Create a new one; a running daemon uses it after a restart'},
	},
	async run(context) {
		const {runApiCommand} = await import('../api.js');
		return runApiCommand(context);
	},
};
