import type {Command} from '../command.js';
import {shells} from '../words.js';

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
		async run(context) {
			const {runHelpCommand} = await import('../learn.js');
			return runHelpCommand(context, all());
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
		async run(context) {
			const {runCompletionCommand} = await import('../learn.js');
			return runCompletionCommand(context, all());
		},
	};

	return [helpCommand, completionCommand];
};
