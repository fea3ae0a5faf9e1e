import type {RunLogging} from '../app/run-engine.js';
import type {Session} from '../app/session.js';

/**
meow's flag definition plus its line in the help.
*/
export type Flag = {
	type: 'string' | 'boolean' | 'number';
	shortFlag?: string;
	help: string;
	/**
	What stands for the value in the help, for instance `N`.
	*/
	value?: string;
	/**
	The flag says something without its value, too; it is then the empty text.
	*/
	isValueOptional?: boolean;
	/**
	May be given several times, see `ParsedFlags.strings`.
	*/
	isMultiple?: boolean;
	/**
	A flag with a value that also has a `--no-` form, which `ParsedFlags.boolean` tells as false.
	*/
	hasNegation?: boolean;
};

export type Flags = Readonly<Record<string, Flag>>;

/**
A command line that has been parsed, and the world it runs in. No command touches `process`.
*/
export type CommandContext = {
	input: readonly string[];
	flags: ParsedFlags;
	io: CommandIo;
	signal: AbortSignal;
	session: Session;
	version: string;
};

export type ParsedFlags = {
	boolean: (name: string) => boolean | undefined;
	string: (name: string) => string | undefined;
	number: (name: string) => number | undefined;
	/**
	Of a flag that may be given several times; empty when it is not.
	*/
	strings: (name: string) => readonly string[];
};

export type CommandIo = {
	env: NodeJS.ProcessEnv;
	stdin: NodeJS.ReadStream;
	stdout: NodeJS.WriteStream;
	stderr: NodeJS.WriteStream;
	/**
	Data. Resolves when the reader has taken it, so that a slow pipe never fills the memory.
	*/
	out: (text: string) => Promise<void>;
	/**
	Progress and messages, a line each.
	*/
	say: (line: string) => void;
	/**
	Data that comes when it comes, a line each; nobody waits until it is read.
	*/
	log: (line: string) => void;
	/**
	SIGHUP does this instead of ending the process; the function that is returned takes it back.
	*/
	onHangUp: (action: () => void) => () => void;
	/**
	Both ends are a terminal that can show screens.
	*/
	isInteractive: boolean;
	isColor: boolean;
	/**
	The locale is not UTF-8.
	*/
	isAscii: boolean;
	/**
	Of a terminal on stdout.
	*/
	columns: number | undefined;
	/**
	Stop the process as the shell's Ctrl-Z does; resolves when it goes on.
	*/
	suspend: () => Promise<void>;
	/**
	Do this before a bug is reported and the process ends; the function that is returned takes it back.
	*/
	onBug: (action: () => void) => () => void;
};

export type Command = {
	name: string;
	summary: string;
	/**
	What follows the name, for instance `[LIBRARY…]`.
	*/
	arguments?: string;
	details?: readonly string[];
	flags?: Flags;
	/**
	@returns the exit code
	@throws AppError
	*/
	run: (context: CommandContext) => Promise<number>;
};

/**
How a command does an import or a sync: what it logs, where its messages go, what ends it.
*/
export const headlessRun = ({flags, io, version, signal}: CommandContext): {logging: RunLogging; say: (line: string) => void; signal: AbortSignal} => {
	const isVerbose = flags.boolean('verbose') === true;
	return {
		logging: {
			version, isVerbose, onFault: io.say, ...(isVerbose && {mirror: io.say}),
		},
		say: io.say,
		signal,
	};
};

/**
For tables: the width of the terminal, if there is one.
*/
export const tableWidth = ({columns}: CommandIo): {columns?: number} => columns === undefined ? {} : {columns};
