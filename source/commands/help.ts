import type {Flags} from '../base/flags.js';
import {plainPaint, type Paint} from '../base/text/style.js';
import {exitCodes} from './exit-codes.js';
import type {Command} from './command.js';
import {globalFlags, kebab} from './parse.js';

export const flagLabel = (name: string, flag: Flags[string]) => [
	flag.shortFlag === undefined ? '' : `-${flag.shortFlag}, `,
	`--${kebab(name)}`,
	flag.value === undefined ? '' : ` ${flag.value}`,
].join('');

// Two columns, the first as wide as its widest cell.
const columns = (rows: ReadonlyArray<readonly [string, string]>, paint: Paint): string[] => {
	const width = Math.max(...rows.map(([left]) => left.length));
	return rows.map(([left, right]) => `  ${paint('accent', left)}${' '.repeat(width - left.length)}  ${right}`);
};

export const usageLine = ({name, arguments: rest}: Command) => ['reelcat', name, rest].filter(part => part !== undefined && part !== '').join(' ');

const flagRows = (flags: Flags) => Object.entries(flags).map(([name, flag]) => [flagLabel(name, flag), flag.help] as const);

/**
Writes the help for all of reelcat, or for one command.
*/
export const helpText = (commands: readonly Command[], command?: Command, paint: Paint = plainPaint): string => {
	const part = (heading: string, rows: ReadonlyArray<readonly [string, string]>) => ['', paint('strong', heading), ...columns(rows, paint)];
	if (command !== undefined && command.name !== '') {
		// A flag of the command may have the name of a global flag, and then means more here.
		const globals = Object.fromEntries(Object.entries(globalFlags).filter(([name]) => !Object.hasOwn(command.flags ?? {}, name)));
		return [
			command.summary,
			'',
			paint('strong', 'Usage'),
			`  $ ${usageLine(command)}`,
			...(command.details === undefined ? [] : ['', ...command.details]),
			...part('Examples', command.examples),
			...(command.flags === undefined ? [] : part('Options', flagRows(command.flags))),
			...part('Global options', flagRows(globals)),
			'',
		].join('\n');
	}

	return [
		'reelcat keeps a complete, provable, living copy of what a Plex Media Server holds.',
		...part('Usage', commands.map(entry => [usageLine(entry), entry.summary])),
		...part('Options without a command', flagRows(commands.find(({name}) => name === '')?.flags ?? {})),
		...part('Global options', flagRows(globalFlags)),
		...part('Environment', [
			['PLEX_URL, PLEX_TOKEN', 'Server and token; they win over stored ones and are never stored'],
			['HTTPS_PROXY, NO_PROXY', 'A proxy (HTTP_PROXY for http), and the hosts that need none'],
			['REELCAT_CONFIG_DIR', 'Folder of the settings'],
			['REELCAT_DATA_DIR', 'Folder of the catalogue'],
			['REELCAT_STATE_DIR', 'Folder of the logs'],
			['REELCAT_NO_DISCOVERY', 'Do not look for servers in this network'],
			['NO_COLOR', 'No colours'],
			['INK_SCREEN_READER', '"true" for output that screen readers can follow'],
		]),
		...part('Exit codes', Object.values(exitCodes).map(({code, meaning}) => [String(code).padStart(3), meaning])),
		'',
		'"reelcat help COMMAND" tells more about a command, with examples.',
		'',
	].join('\n');
};
