import {reportCommands} from '../reports/commands.js';
import type {Command} from './command.js';
import {appCommand} from './entries/app.js';
import {
	acceptCommand,
	importCommand,
	refreshCommand,
	syncCommand,
} from './entries/runs.js';
import {
	backupCommand,
	demoServerCommand,
	exportCommand,
	exportsCommand,
	queriesCommand,
	repairCommand,
	restoreCommand,
	storeCommand,
} from './entries/catalog.js';
import {
	apiCommand,
	healthcheckCommand,
	jobsCommand,
	notifyCommand,
	serviceCommand,
	statusCommand,
} from './entries/daemon.js';
import {learnCommands} from './entries/learn.js';
import {
	connectCommand,
	doctorCommand,
	librariesCommand,
	loginCommand,
	logoutCommand,
	serversCommand,
} from './entries/servers.js';

const workCommands: readonly Command[] = [
	appCommand,
	loginCommand,
	logoutCommand,
	serversCommand,
	doctorCommand,
	connectCommand,
	librariesCommand,
	importCommand,
	syncCommand,
	refreshCommand,
	statusCommand,
	jobsCommand,
	notifyCommand,
	serviceCommand,
	healthcheckCommand,
	apiCommand,
	acceptCommand,
	...reportCommands.map(({answer, ...help}): Command => ({
		...help,
		// Scripts want the exit code of a check, however much of it they read.
		endsWithReader: help.name !== 'verify',
		async run(context) {
			const {runReportCommand} = await import('./report-command.js');
			return runReportCommand(context, answer, help.flags);
		},
	})),
	exportCommand,
	exportsCommand,
	queriesCommand,
	backupCommand,
	restoreCommand,
	repairCommand,
	storeCommand,
	demoServerCommand,
];

/**
All commands, in the order of the help. The first one has no name and opens the app. What they do is loaded when one of them runs.
*/
export const commands: readonly Command[] = [...workCommands, ...learnCommands(workCommands)];
