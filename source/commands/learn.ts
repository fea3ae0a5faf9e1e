import {AppError} from '../base/errors.js';
import {oneOf} from '../reports/read-flags.js';
import type {Command} from './command.js';
import {completionScript, shells} from './completion-scripts.js';
import {helpText} from './help.js';

/**
The commands about the other commands.
*/
export const learnCommands = (others: readonly Command[]): Command[] => {
	const all = () => [...others, helpCommand, completionCommand];

	const helpCommand: Command = {
		name: 'help',
		summary: 'Show help, or all about one command',
		arguments: '[COMMAND]',
		words: [...others.map(({name}) => name).filter(Boolean), 'completion'],
		examples: [
			['reelcat help', 'What there is'],
			['reelcat help sync', 'All about one command'],
		],
		async run({input, io}) {
			const [name, ...rest] = input;
			if (rest.length > 0) {
				throw new AppError('usage', 'Name one command.', {hint: 'For instance: reelcat help sync'});
			}

			const known = all().map(command => command.name).filter(Boolean);
			const named = name === undefined ? undefined : oneOf(name, known, wrong => `There is no command "${wrong}".`);
			await io.out(helpText(all(), all().find(command => command.name === named), io.paint));
			return 0;
		},
	};

	const completionCommand: Command = {
		name: 'completion',
		summary: 'Print the script for completion in a shell',
		arguments: 'SHELL',
		words: shells,
		details: [
			`SHELL is ${shells.slice(0, -1).join(', ')} or ${shells.at(-1)!}. The script completes commands, options and their values with Tab. It starts no program.`,
			'In bash and zsh, put the line of the example into ~/.bashrc or, after compinit, into ~/.zshrc. In fish: reelcat completion fish > ~/.config/fish/completions/reelcat.fish',
		],
		examples: [
			['source <(reelcat completion bash)', 'In ~/.bashrc; and likewise for zsh'],
			['reelcat completion fish | source', 'For this session of fish'],
		],
		async run({input, io}) {
			const [shell, ...rest] = input;
			if (shell === undefined || rest.length > 0) {
				throw new AppError('usage', 'Name one shell.', {hint: `There is: ${shells.join(', ')}.`});
			}

			await io.out(completionScript(oneOf(shell, shells, wrong => `There is no completion for "${wrong}".`), all()));
			return 0;
		},
	};

	return [helpCommand, completionCommand];
};
