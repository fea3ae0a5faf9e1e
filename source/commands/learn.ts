import {AppError} from '../base/errors.js';
import {oneOf} from '../reports/read-flags.js';
import type {Command, CommandContext} from './command.js';
import {completionScript} from './completion-scripts.js';
import {helpText} from './help.js';
import {shells} from './words.js';

export const runHelpCommand = async ({input, io}: CommandContext, commands: readonly Command[]): Promise<number> => {
	const [name, ...rest] = input;
	if (rest.length > 0) {
		throw new AppError('usage', 'Name one command.', {hint: 'For instance: reelcat help sync'});
	}

	const known = commands.map(command => command.name).filter(Boolean);
	const named = name === undefined ? undefined : oneOf(name, known, wrong => `There is no command "${wrong}".`);
	await io.out(helpText(commands, commands.find(command => command.name === named), io.paint));
	return 0;
};

export const runCompletionCommand = async ({input, io}: CommandContext, commands: readonly Command[]): Promise<number> => {
	const [shell, ...rest] = input;
	if (shell === undefined || rest.length > 0) {
		throw new AppError('usage', 'Name one shell.', {hint: `There is: ${shells.join(', ')}.`});
	}

	await io.out(completionScript(oneOf(shell, shells, wrong => `There is no completion for "${wrong}".`), commands));
	return 0;
};
