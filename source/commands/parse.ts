import {AppError} from '../base/errors.js';
import type {Flag, Flags, ParsedFlags} from '../base/flags.js';
import {clean} from '../base/text/clean.js';
import {nearest, orNearest} from '../base/text/nearest.js';
import type {Command} from './command.js';

export const globalFlags = {
	demo: {type: 'boolean', help: 'Use the built-in demo server and a catalogue of its own'},
	url: {type: 'string', value: 'URL', help: 'Address of the Plex server; else PLEX_URL, else the one connected last'},
	server: {type: 'string', value: 'NAME', help: 'Which of the known servers: name, address or beginning of the id'},
	tokenFile: {type: 'string', value: 'FILE', help: 'Read the Plex token from a file; else PLEX_TOKEN, else the stored one'},
	store: {type: 'string', value: 'ADDRESS', help: 'The PostgreSQL database that has the catalogue (docs/postgres.md)'},
	concurrency: {
		type: 'number', value: 'N', min: 1, help: 'Requests to the server at the same time (default: 1 to 4, as the server allows)',
	},
	json: {type: 'boolean', help: 'Print one JSON object (see docs/cli.md) where there is output to parse'},
	verbose: {type: 'boolean', help: 'Log pages and commits of an import or sync, too, and show its log on stderr'},
	color: {type: 'boolean', help: 'Colours in a pipe, too, as with FORCE_COLOR; --no-color: none, as with NO_COLOR'},
	help: {type: 'boolean', shortFlag: 'h', help: 'Show help'},
	version: {type: 'boolean', help: 'Show the version'},
} as const satisfies Flags;

const foreignToDemo: ReadonlyArray<keyof typeof globalFlags> = ['url', 'tokenFile'];

// What other programs call it, where no name here is near.
const otherNames: ReadonlyMap<string, string> = new Map([
	['watch', '--watch'],
	['daemon', '--watch'],
	['serve', '--watch --api'],
	['demo', '--demo'],
	['search', 'ls'],
	['find', 'ls'],
	['query', 'ls'],
	['list', 'ls'],
	['history', 'diff'],
	['changes', 'diff'],
	['update', 'sync'],
	['scan', 'sync'],
	['info', 'show'],
	['stats', 'libraries'],
	['dump', 'export'],
	['check', 'verify'],
]);

export type ParsedCommandLine = {
	command: Command;
	input: string[];
	flags: ParsedFlags;
};

/**
An option as it was written: `value` is undefined where none was, and false for a `--no-` form.
*/
type WrittenOption = {flag: string; value: string | false | undefined};
type KnownFlags = ReadonlyMap<string, Flag>;

/**
Finds the command, its arguments and its flags. Flags may stand before or after the command.

@throws AppError 'usage'
*/
export const parseCommandLine = (commands: readonly Command[], argv: readonly string[]): ParsedCommandLine => {
	const allFlags: KnownFlags = new Map([...commands.map(({flags}) => flags ?? {}), globalFlags].flatMap(flags => Object.entries<Flag>(flags)));
	const {options, input} = readArguments(argv, allFlags);
	const [name = '', ...rest] = input;
	const command = commands.find(entry => entry.name === name);
	const hint = `"${['reelcat', command?.name, '--help'].filter(Boolean).join(' ')}" lists the options.`;
	// Before anything else: what follows an unknown option may be its value.
	const unknown = options.find(({flag}) => !allFlags.has(flag));
	if (unknown !== undefined) {
		const isQuery = unknown.flag.startsWith('-') && command !== undefined && (command.arguments?.includes('QUERY') === true || ['queries', 'exports'].includes(command.name));
		throw new AppError('usage', unknownFlag(unknown.flag), {hint: orNearestOption(unknown.flag, {...globalFlags, ...command?.flags}, isQuery ? `${hint} A query that begins with a minus stands behind --, for instance -- "-genre:drama".` : hint)});
	}

	if (command === undefined) {
		const names = commands.map(entry => entry.name).filter(Boolean);
		const other = otherNames.get(name);
		const known = '"reelcat --help" lists the commands.';
		throw new AppError('usage', `There is no command "${clean(name)}".`, {
			hint: other === undefined
				? orNearest(name, names, nearest(name, names) === undefined ? `There is: ${names.join(', ')}. "reelcat --help" tells more.` : known)
				: `Did you mean "reelcat ${other}"? ${known}`,
		});
	}

	const ownFlags: KnownFlags = new Map(Object.entries<Flag>({...globalFlags, ...command.flags}));
	const given = Map.groupBy(options, ({flag}) => flag);
	for (const [flag, written] of given) {
		const definition = ownFlags.get(flag);
		const fault = definition === undefined
			? `The option --${kebab(flag)} does not belong to ${name === '' ? 'reelcat without a command' : `"${name}"`}.`
			: faultOf(`--${kebab(flag)}`, definition, written.map(({value}) => value));
		if (fault !== undefined) {
			throw new AppError('usage', fault, {hint: definition === undefined && flag === 'library' ? hintOfLibrary(command, hint) : hint});
		}
	}

	const foreign = given.has('demo') ? foreignToDemo.find(flag => given.has(flag)) : undefined;
	if (foreign !== undefined) {
		throw new AppError('usage', `The option --${kebab(foreign)} does not go with --demo, which has a server of its own.`, {hint: 'Leave one of the two out.'});
	}

	const valuesOf = (flag: string) => (given.get(flag) ?? []).map(({value}) => typedValue(allFlags.get(flag)!, value));
	const read = <Type>(flag: string, type: string) => {
		const [value, ...others] = valuesOf(flag);
		return typeof value === type && others.length === 0 ? value as Type : undefined;
	};

	return {
		command,
		input: rest,
		flags: {
			boolean: flag => read<boolean>(flag, 'boolean'),
			string: flag => read<string>(flag, 'string'),
			number: flag => read<number>(flag, 'number'),
			strings: flag => valuesOf(flag) as string[],
		},
	};
};

/**
Tells options and their values from the other arguments. Packages that do this take half as long as a short command, or drop values that are empty or repeated, so that nobody could check them.
*/
const readArguments = (argv: readonly string[], flags: KnownFlags): {options: WrittenOption[]; input: string[]} => {
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	const options: WrittenOption[] = [];
	const input: string[] = [];
	for (let index = 0; index < end; index++) {
		const argument = argv[index]!;
		if (!/^-./v.test(argument)) {
			input.push(argument);
			continue;
		}

		const {dashes, written, value} = /^(?<dashes>--?)(?<written>[^=]*)(?:=(?<value>.*))?$/sv.exec(argument)!.groups as {dashes: string; written: string; value?: string};
		const flag = dashes === '-' ? [...flags].find(([, {shortFlag}]) => shortFlag === written)?.[0] ?? argument : camel(written);
		const positive = camel(written.replace(/^no-/v, ''));
		if (value === undefined && isNegation(flags, flag, positive)) {
			options.push({flag: positive, value: false});
			continue;
		}

		const next = index + 1 < end ? argv[index + 1] : undefined;
		const {type, mayBeginWithMinus = false} = flags.get(flag) ?? {type: undefined};
		const canTakeNext = value === undefined && type !== undefined && type !== 'boolean';
		const hasNext = canTakeNext && next !== undefined && (mayBeginWithMinus ? !next.startsWith('--') : !/^-\D/v.test(next));
		options.push({flag, value: hasNext ? next : value});
		index += hasNext ? 1 : 0;
	}

	return {options, input: [...input, ...argv.slice(end + 1)]};
};

// What is given has been checked.
const typedValue = ({type}: Flag, value: WrittenOption['value']): string | number | boolean => {
	if (value === false || type === 'boolean') {
		return value !== false;
	}

	return type === 'number' ? Number(value) : value ?? '';
};

const isNegation = (flags: KnownFlags, flag: string, positive: string) => {
	const negated = flag === positive || flags.has(flag) ? undefined : flags.get(positive);
	return negated?.type === 'boolean' || negated?.hasNegation === true;
};

const faultOf = (option: string, {type, isMultiple, isValueOptional, min = 0, max = Infinity, form}: Flag, values: ReadonlyArray<WrittenOption['value']>): string | undefined => {
	if (isMultiple !== true && values.length > 1) {
		return type === 'boolean' ? `The option ${option} may be given only once.` : `The option ${option} needs one value, but was given ${values.length} times.`;
	}

	// The `--no-` form has been recognised only where there is one.
	const written = values.filter(value => value !== false);
	if (type === 'boolean') {
		return written.some(value => value !== undefined) ? `The option ${option} takes no value.` : undefined;
	}

	if (type === 'number') {
		const isNumber = written.every(value => /^\d{1,15}$/v.test(value ?? '') && Number(value) >= min && Number(value) <= max);
		return isNumber ? undefined : `The option ${option} needs a whole number${min === 0 ? '' : ` from ${min} on`}${max === Infinity ? '' : ` up to ${max}`}.`;
	}

	if (written.some(value => value === undefined ? isValueOptional !== true : value.trim() === '')) {
		return `The option ${option} needs one value.`;
	}

	return form === undefined || written.every(value => form.pattern.test(value ?? '')) ? undefined : `The option ${option} needs ${form.name}.`;
};

const orNearestOption = (flag: string, flags: Flags, hint: string): string =>
	orNearest(`--${kebab(flag)}`, Object.keys(flags).map(known => `--${kebab(known)}`), hint);

const camel = (name: string) => name.replaceAll(/-(?<letter>[a-z])/gv, (_, letter: string) => letter.toUpperCase());

// Some commands take libraries as arguments, and people try the option of the others.
const hintOfLibrary = ({name, arguments: taken}: Command, hint: string) => taken?.includes('LIBRARY') === true
	? `Name libraries without an option, for instance: reelcat ${name}${name === 'libraries' ? ' --choose' : ''} Films`
	: hint;

export const kebab = (name: string): string => name.replaceAll(/[A-Z]/gv, letter => `-${letter.toLowerCase()}`);

const unknownFlag = (flag: string) => flag === 'token'
	? 'There is no --token, because argument lists can be read by everyone on the machine. Use PLEX_TOKEN or --token-file.'
	: `There is no option ${clean(flag.startsWith('-') ? flag : `--${kebab(flag)}`)}.`;
