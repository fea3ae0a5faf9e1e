import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Session} from '../app/session.js';
import type {CommandHelp, ParsedFlags} from '../base/flags.js';
import {jsonLine} from '../base/text/json.js';
import type {Paint, TextTone} from '../base/text/style.js';
import type {TableOptions} from '../reports/printers/table.js';

/**
A parsed command line, and everything that its command may use. No command touches `process`.
*/
export type CommandContext = {
	input: readonly string[];
	flags: ParsedFlags;
	io: CommandIo;
	signal: AbortSignal;
	session: Session;
	version: string;
};

export type CommandIo = {
	env: NodeJS.ProcessEnv;
	stdin: NodeJS.ReadStream;
	stdout: NodeJS.WriteStream;
	stderr: NodeJS.WriteStream;
	// Writes data to stdout. Resolves when the reader has taken it, so that a slow pipe never fills the memory.
	out: (data: string | Uint8Array) => Promise<void>;
	// Whether somebody may still read stdout, as the last write has shown.
	isRead: () => boolean;
	// Writes a line of progress, or a message, to stderr; with a tone it gets the colour of what it means.
	say: (line: string, tone?: TextTone) => void;
	// Gives what is written to stdout its colours, if it may have any.
	paint: Paint;
	// The same for stderr.
	paintMessages: Paint;
	// Runs `action` when the process goes on after Ctrl-Z. The returned function undoes this.
	onContinue: (action: () => void) => () => void;
	// Writes a line of data to stdout, and does not wait until it is read.
	log: (line: string) => void;
	// Replaces what SIGHUP does, which is to end the process. The returned function undoes this.
	onHangUp: (action: () => void) => () => void;
	// Gets the notices of the session while the app has the terminal.
	onNotice: (action: (sentence: string) => void) => void;
	// Both ends are a terminal, of whatever kind.
	isTerminal: boolean;
	// Both ends are a terminal that can show screens.
	isInteractive: boolean;
	isColor: boolean;
	// The console of Linux, whose fonts lack most signs.
	isConsole: boolean;
	// Somebody listens to lines instead of looking at a screen.
	isScreenReader: boolean;
	// The locale is not UTF-8.
	isAscii: boolean;
	// Width of the terminal on stdout.
	columns: number | undefined;
	// Stops the process as Ctrl-Z does in a shell. Resolves when it goes on.
	suspend: () => Promise<void>;
	// Has the size of the terminal on stdout read again.
	readSize: () => Promise<void>;
	// Runs `action` when the window of the terminal has changed, before anything else hears of it. The returned function undoes this.
	onWindowChange: (action: () => void) => () => void;
	// Runs `action` before a bug is reported and the process ends. The returned function undoes this.
	onBug: (action: () => void) => () => void;
	// Runs `action` when the process is stopped by Ctrl-Z, and when it ends in the middle of its work: on a bug or a second signal. The returned function undoes this.
	onEnd: (action: () => void) => () => void;
};

export type Command = CommandHelp & {
	/**
	All its work is for whoever reads its output, so it ends at once when nobody does any more.
	*/
	endsWithReader?: boolean;
	/**
	@returns the exit code
	@throws AppError
	*/
	run: (context: CommandContext) => Promise<number>;
};

/**
How a library is named on a command line that changes something, for the help.
*/
export const libraryForms = 'A LIBRARY is a title (case does not count), a key or a uuid, of the current server. Films@Barn is the library Films of the server Barn, which may also be named by the beginning of its id; Films#3 is the one with the key 3, where a server has two of that title.';

/**
What to say of a catalogue that has no items. The folder of the demo is there once somebody has looked at it.
*/
export const emptyText = ({isDemo, folders}: Pick<Session, 'isDemo' | 'folders'>): string => {
	const isDemoElsewhere = !isDemo() && existsSync(path.join(folders().data, 'demo'));
	return `The catalogue is empty. Import something first: reelcat import${isDemo() ? ' --demo' : ''}${isDemoElsewhere ? ' (the demo library is listed by "reelcat ls --demo")' : ''}`;
};

/**
Prints `text`, or with `--json` the object `json` on one line.
*/
export const print = async ({flags, io}: Pick<CommandContext, 'flags' | 'io'>, json: Readonly<Record<string, unknown>>, text: string): Promise<void> =>
	io.out(flags.boolean('json') === true ? jsonLine({schema: 1, ...json}) : text);

/**
How a table is printed: as wide as the terminal if there is one, and in its colours.
*/
export const tableLook = ({columns, paint}: CommandIo): TableOptions => ({paint, ...columns !== undefined && {columns}});
