import {libraryForms, type Command} from '../command.js';

export const importCommand: Command = {
	name: 'import',
	summary: 'Import libraries into the catalogue',
	arguments: '[LIBRARY…]',
	details: [
		'Without a LIBRARY, the libraries of the current server that were ticked in the app are imported, or all its movie and show libraries where none were ticked.',
		libraryForms,
	],
	examples: [
		['reelcat import Films "TV Shows"', 'Two libraries'],
		['reelcat import --all --json', 'Everything, with a result for a script'],
	],
	flags: {
		all: {type: 'boolean', help: 'All movie and show libraries'},
	},
	async run(context) {
		const {runImportCommand} = await import('../import.js');
		return runImportCommand(context);
	},
};

export const syncCommand: Command = {
	name: 'sync',
	summary: 'Bring the catalogue in step with the server',
	arguments: '[LIBRARY…]',
	details: [
		'Without a LIBRARY, all libraries of the current server that are in the catalogue are brought in step, or those ticked in the app where nothing was imported yet.',
		libraryForms,
		'A library that has not changed costs nothing. What the server no longer lists is removed only when it is certain; when much is gone at once it is held until "reelcat accept".',
	],
	examples: [
		['reelcat sync Films', 'One library'],
		['reelcat sync --full --dry-run', 'Compare everything, and change nothing'],
	],
	flags: {
		full: {type: 'boolean', help: 'Compare everything, whatever the server says has changed'},
		fullEvery: {type: 'string', value: 'DAYS', help: 'From now on, compare everything at least every DAYS days (default 7)'},
		dryRun: {type: 'boolean', help: 'Show what would change, and change nothing'},
	},
	async run(context) {
		const {runSyncCommand} = await import('../sync.js');
		return runSyncCommand(context);
	},
};

export const refreshCommand: Command = {
	name: 'refresh',
	summary: 'Have the daemon compare libraries now; without one, sync them here',
	arguments: '[LIBRARY…]',
	details: ['A LIBRARY is named as for "reelcat sync". A daemon watches one server, and libraries of another one are refused. With --wait it ends when the work has ended, and when some of it was not done, with 1 or the code of a fault that a person must mend first.'],
	examples: [
		['reelcat refresh Films --wait', 'Compare a library, and wait for the end'],
		['reelcat refresh --full', 'Compare everything'],
	],
	flags: {
		full: {type: 'boolean', help: 'Compare everything, whatever the server says has changed'},
		wait: {type: 'boolean', help: 'Wait until it is done'},
	},
	async run(context) {
		const {runRefreshCommand} = await import('../refresh.js');
		return runRefreshCommand(context);
	},
};

export const acceptCommand: Command = {
	name: 'accept',
	summary: 'Remove items that were held back because many were gone at once',
	arguments: '[LIBRARY…]',
	details: [
		'Without a LIBRARY, all held items of the current server are removed. They stay in the history and in "reelcat lost", and reelcat recognises them when they come back.',
		`${libraryForms} The server itself is not asked.`,
	],
	examples: [
		['reelcat accept', 'Accept all that is held'],
		['reelcat accept Films', 'Accept what is held of one library'],
	],
	async run(context) {
		const {runAcceptCommand} = await import('../accept.js');
		return runAcceptCommand(context);
	},
};
