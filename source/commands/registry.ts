import {reportCommands} from '../reports/registry.js';
import type {Command} from './command.js';
import {acceptCommand} from './accept.js';
import {appCommand} from './app.js';
import {backupCommand, restoreCommand} from './backup.js';
import {demoServerCommand} from './demo-server.js';
import {exportCommand} from './export.js';
import {importCommand} from './import.js';
import {doctorCommand} from './doctor.js';
import {loginCommand, logoutCommand} from './login.js';
import {connectCommand, serversCommand} from './servers.js';
import {learnCommands} from './learn.js';
import {librariesCommand} from './libraries.js';
import {apiCommand} from './api.js';
import {jobsCommand} from './jobs.js';
import {refreshCommand} from './refresh.js';
import {repairCommand} from './repair.js';
import {reportCommand} from './report-command.js';
import {notifyCommand} from './notify.js';
import {healthcheckCommand} from './healthcheck.js';
import {serviceCommand} from './service.js';
import {statusCommand} from './status.js';
import {syncCommand} from './sync.js';

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
	...reportCommands.map(command => reportCommand(command)),
	exportCommand,
	backupCommand,
	restoreCommand,
	repairCommand,
	demoServerCommand,
];

/**
All commands, in the order of the help. The first one has no name and opens the app.
*/
export const commands: readonly Command[] = [...workCommands, ...learnCommands(workCommands)];
