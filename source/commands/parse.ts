import meow from 'meow';
import {AppError} from '../base/errors.js';
import type {Flags, ParsedFlags} from '../base/flags.js';
import type {Command} from './command.js';

export const globalFlags = {
	demo: {type: 'boolean', help: 'Use the built-in demo server and a catalogue of its own'},
	url: {type: 'string', value: 'URL', help: 'Address of the Plex server; else PLEX_URL, else the one connected last'},
	server: {type: 'string', value: 'NAME', help: 'Which of the known servers: name, address or beginning of the id'},
	tokenFile: {type: 'string', value: 'FILE', help: 'Read the Plex token from a file; else PLEX_TOKEN, else the stored one'},
	concurrency: {type: 'number', value: 'N', help: 'Requests to the server at the same time (default: 1 to 4, as the server allows)'},
	json: {type: 'boolean', help: 'Print one JSON object (see docs/cli.md) where there is output to parse'},
	verbose: {type: 'boolean', help: 'Log pages and commits of an import or sync, too, and show its log on stderr'},
	color: {type: 'boolean', help: '--no-color: use no colours; NO_COLOR does the same'},
	help: {type: 'boolean', shortFlag: 'h', help: 'Show help'},
	version: {type: 'boolean', help: 'Show the version'},
} as const satisfies Flags;

export type ParsedCommandLine = {
	command: Command;
	input: string[];
	flags: ParsedFlags;
};

/**
Finds the command, its arguments and its flags. Flags may stand before or after the command.

@throws AppError 'usage'
*/
export const parseCommandLine = (commands: readonly Command[], argv: readonly string[], importMeta: ImportMeta): ParsedCommandLine => {
	const allFlags: Flags = Object.assign({}, ...commands.map(({flags}) => flags), globalFlags) as Flags;
	const multiple = new Set(commands.flatMap(({flags = {}}) => Object.entries(flags).filter(([, flag]) => flag.isMultiple === true).map(([name]) => name)));
	const parsed = meow({
		importMeta,
		argv,
		autoHelp: false,
		autoVersion: false,
		booleanDefault: undefined,
		// Unknown flags are found below, with the command in the message; meow would end the process itself.
		allowUnknownFlags: true,
		// Several commands may have a flag of the same name, and the command is known only later.
		flags: Object.fromEntries(Object.entries(allFlags).map(([name, {type, shortFlag, isMultiple}]) => [name, {type, ...(shortFlag !== undefined && {shortFlag}), ...((isMultiple === true || multiple.has(name)) && {isMultiple: true})}])),
	});

	const [name = '', ...rest] = parsed.input;
	const command = commands.find(entry => entry.name === name);
	if (command === undefined) {
		throw new AppError('usage', `There is no command "${name}".`, {hint: `There is: ${commands.map(entry => entry.name).filter(Boolean).join(', ')}. "reelcat --help" tells more.`});
	}

	const allowed = new Set([...Object.keys(globalFlags), ...Object.keys(command.flags ?? {})]);
	const values = parsed.flags as Record<string, unknown>;
	const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
	const unknown = Object.keys(values).find(flag => isGiven(values[flag]) && !allowed.has(flag));
	if (unknown !== undefined) {
		throw new AppError('usage', unknownFlag(unknown, name, allFlags), {
			hint: `"${['reelcat', name, '--help'].filter(Boolean).join(' ')}" lists the options.`,
		});
	}

	const known = new Map(Object.entries({...allFlags, ...command.flags}));
	for (const [flag, value] of Object.entries(values)) {
		requireUsable(flag, value, known.get(flag));
	}

	const read = <Type>(flag: string, type: string) => {
		const value: unknown = [values[flag]].flat()[0];
		return typeof value === type ? value as Type : undefined;
	};

	return {
		command,
		input: rest,
		flags: {
			boolean: flag => read<boolean>(flag, 'boolean'),
			string: flag => read<string>(flag, 'string'),
			number: flag => read<number>(flag, 'number'),
			strings: flag => Array.isArray(values[flag]) ? values[flag] as string[] : [],
		},
	};
};

export const kebab = (name: string): string => name.replaceAll(/[A-Z]/gv, letter => `-${letter.toLowerCase()}`);

const unknownFlag = (flag: string, name: string, allFlags: Flags) => {
	const shown = `${flag.length === 1 ? '-' : '--'}${kebab(flag)}`;
	if (flag === 'token') {
		return 'There is no --token, because argument lists can be read by everyone on the machine. Use PLEX_TOKEN or --token-file.';
	}

	return Object.hasOwn(allFlags, flag)
		? `The option ${shown} does not belong to ${name === '' ? 'reelcat without a command' : `"${name}"`}.`
		: `There is no option ${shown}.`;
};

const requireUsable = (flag: string, value: unknown, definition: Flags[string] | undefined) => {
	const isUsable = value === undefined
		|| (value === false && definition?.hasNegation === true)
		|| (Array.isArray(value) && value.every(part => part !== '') && (value.length < 2 || definition?.isMultiple === true))
		|| (definition?.type === 'boolean' && typeof value === 'boolean')
		|| (definition?.type === 'string' && typeof value === 'string' && (value !== '' || definition.isValueOptional === true))
		|| (definition?.type === 'number' && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
	if (!isUsable) {
		throw new AppError('usage', `The option --${kebab(flag)} needs ${definition?.type === 'number' ? 'a whole number' : 'one value'}.`);
	}
};
