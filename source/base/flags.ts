/**
A flag, with its line for the help. `commands/parse.ts` checks what is given by it.
*/
export type Flag = {
	type: 'string' | 'boolean' | 'number';
	shortFlag?: string;
	help: string;
	// What stands for the value in the help, for instance `N`.
	value?: string;
	// The flag may be given without a value; it is then the empty text.
	isValueOptional?: boolean;
	// The flag may be given several times, see `ParsedFlags.strings`.
	isMultiple?: boolean;
	// A flag with a value that also has a `--no-` form, for which `ParsedFlags.boolean` returns false.
	hasNegation?: boolean;
	// Bounds of a number; 0 when `min` is absent.
	min?: number;
	max?: number;
	// The values that there are, for completion in a shell.
	values?: readonly string[];
	// The value may begin with a minus.
	mayBeginWithMinus?: true;
	// What a value must look like; `name` says it, as in "needs a host name".
	form?: {pattern: RegExp; name: string};
};

export type Flags = Readonly<Record<string, Flag>>;

/**
A command line as people write it, and what it is for.
*/
type Example = readonly [line: string, purpose: string];

/**
What the help tells of a command. The flags are also what the parser accepts.
*/
export type CommandHelp = {
	name: string;
	summary: string;
	// What follows the name, for instance `[LIBRARY…]`.
	arguments?: string;
	// What the first argument may be where it is one of a few words, for completion in a shell.
	words?: readonly string[];
	details?: readonly string[];
	examples: readonly [Example, Example];
	flags?: Flags;
};

export type ParsedFlags = {
	boolean: (name: string) => boolean | undefined;
	string: (name: string) => string | undefined;
	number: (name: string) => number | undefined;
	// All values of a flag that may be given several times.
	strings: (name: string) => readonly string[];
};
