/* eslint-disable no-template-curly-in-string -- a shell expands them */
import type {Flag} from '../base/flags.js';
import type {Command} from './command.js';
import type {shells} from './words.js';
import {globalFlags, kebab} from './parse.js';

export type Shell = typeof shells[number];

type Option = {name: string; help: string; type: Flag['type']; shortFlag: string | undefined; values: readonly string[]; takesFile: boolean};

/**
What may stand behind a command; the one without a name is the command line before a command.
*/
type Place = {name: string; words: ReadonlyArray<readonly [word: string, purpose: string]>; takesFile: boolean; options: Option[]};

const optionsOf = (flags: Readonly<Record<string, Flag>>): Option[] => Object.entries(flags).map(([name, {help, type, shortFlag, value, values = []}]) => ({
	name: kebab(name), help, type, shortFlag, values, takesFile: value === 'FILE',
}));

const placesOf = (commands: readonly Command[]): Place[] => commands.map(({name, arguments: rest, words = [], flags}) => ({
	name,
	words: name === '' ? commands.filter(command => command.name !== '').map(command => [command.name, command.summary]) : words.map(word => [word, '']),
	takesFile: rest === '[FILE]',
	options: optionsOf({...globalFlags, ...flags}),
}));

const quote = (text: string) => `'${text.replaceAll('\'', String.raw`'\''`)}'`;

const hasValue = ({type}: Option) => type !== 'boolean';

const formsOf = ({name, shortFlag}: Option) => [`--${name}`, ...shortFlag === undefined ? [] : [`-${shortFlag}`]];

// All shells find the command in the same way; bash and zsh then what may come next, too.
const optionsWithValue = (places: readonly Place[], form: (option: string) => string = option => option) =>
	[...new Set(places.flatMap(({options}) => options.filter(option => hasValue(option)).flatMap(option => formsOf(option).map(written => form(written)))))].join('|');

const valueCases = (places: readonly Place[], {give, files}: {give: (values: readonly string[]) => string; files: string}) => places.flatMap(({name, options}) => options
	.filter(option => option.values.length > 0 || option.takesFile)
	.map(option => `\t\t(${formsOf(option).map(written => quote(`${name} ${written}`)).join('|')}) ${option.takesFile ? files : give(option.values)} ;;`));

const bashScript = (places: readonly Place[]) => [
	'_reelcat() {',
	'\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= found= index',
	'\t[[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}',
	'\t[[ $current == = ]] && current=',
	'\tfor ((index = 1; index < COMP_CWORD; index++)); do',
	'\t\tcase ${COMP_WORDS[index]} in',
	`\t\t(${optionsWithValue(places)}) [[ \${COMP_WORDS[index+1]} == = ]] && ((index++)); ((index++)) ;;`,
	'\t\t(-*) ;;',
	'\t\t(*) command=${COMP_WORDS[index]}; break ;;',
	'\t\tesac',
	'\tdone',
	'\tcase "$command $previous" in',
	...valueCases(places, {give: values => `found=${quote(values.join(' '))}`, files: 'compopt -o default; return'}),
	`\t\t(${optionsWithValue(places, option => `*' ${option}'`)}) return ;;`,
	'\t\t(*) case "$command ${current:0:1}" in',
	...places.flatMap(({name, words, takesFile, options}) => [
		`\t\t\t(${quote(`${name} -`)}) found=${quote(options.map(option => `--${option.name}`).join(' '))} ;;`,
		...takesFile ? [`\t\t\t(${quote(`${name} `)}*) compopt -o default; return ;;`] : [],
		...words.length === 0 ? [] : [`\t\t\t(${quote(`${name} `)}*) found=${quote(words.map(([word]) => word).join(' '))} ;;`],
	]),
	'\t\tesac ;;',
	'\tesac',
	'\tCOMPREPLY=($(compgen -W "$found" -- "$current"))',
	'}',
	'',
	'complete -F _reelcat reelcat',
];

const zshEntry = (word: string, purpose: string) => quote(`${word}:${purpose.replaceAll(':', String.raw`\:`)}`);

const zshScript = (places: readonly Place[]) => [
	'#compdef reelcat',
	'_reelcat() {',
	'\tlocal command= previous=${words[CURRENT-1]} index',
	'\tlocal -a found',
	'\tif [[ $PREFIX == --*=* ]]; then previous=${PREFIX%%=*}; compset -P \'*=\'; fi',
	'\tfor ((index = 2; index < CURRENT; index++)); do',
	'\t\tcase ${words[index]} in',
	`\t\t(${optionsWithValue(places)}) ((index++)) ;;`,
	'\t\t(-*) ;;',
	'\t\t(*) command=${words[index]}; break ;;',
	'\t\tesac',
	'\tdone',
	'\tcase "$command $previous" in',
	...valueCases(places, {give: values => `found=(${values.join(' ')})`, files: '_files; return'}),
	`\t\t(${optionsWithValue(places, option => `*' ${option}'`)}) return ;;`,
	'\t\t(*) case "$command ${PREFIX[1]}" in',
	...places.flatMap(({name, words, takesFile, options}) => [
		`\t\t\t(${quote(`${name} -`)}) found=(${options.map(option => zshEntry(`--${option.name}`, option.help)).join(' ')}) ;;`,
		...takesFile ? [`\t\t\t(${quote(`${name} `)}*) _files; return ;;`] : [],
		...words.length === 0 ? [] : [`\t\t\t(${quote(`${name} `)}*) found=(${words.map(([word, purpose]) => zshEntry(word, purpose)).join(' ')}) ;;`],
	]),
	'\t\tesac ;;',
	'\tesac',
	'\t_describe reelcat found',
	'}',
	'',
	'# As a file of $fpath it is the function itself; sourced, it announces it.',
	'if [[ $funcstack[1] == _reelcat ]]; then _reelcat "$@"; else compdef _reelcat reelcat; fi',
];

const fishQuote = (text: string) => `'${text.replaceAll(/['\\]/gv, String.raw`\$&`)}'`;

const fishOption = (option: Option) => [
	`-l ${option.name}`,
	...option.shortFlag === undefined ? [] : [`-s ${option.shortFlag}`],
	...hasValue(option) ? [option.takesFile ? '-r -F' : '-x'] : [],
	...option.values.length === 0 ? [] : [`-a ${fishQuote(option.values.join(' '))}`],
	`-d ${fishQuote(option.help)}`,
].join(' ');

const globalOptions = optionsOf(globalFlags);
const globalNames = new Set(globalOptions.map(({name}) => name));

const fishScript = (places: readonly Place[]) => [
	'# Whether a command is the one of the line. What fish brings for it takes the value of an option for the command.',
	'function __reelcat_is',
	'\tset -l command \'\'',
	'\tset -l is_value no',
	'\tfor word in (commandline -opc)[2..]',
	'\t\tif test $is_value = yes',
	'\t\t\tset is_value no',
	'\t\telse if contains -- $word $__reelcat_with_value',
	'\t\t\tset is_value yes',
	'\t\telse if not string match -q -- \'-*\' $word',
	'\t\t\tset command $word',
	'\t\t\tbreak',
	'\t\tend',
	'\tend',
	'\ttest "$command" = "$argv[1]"',
	'end',
	'',
	`set -g __reelcat_with_value ${optionsWithValue(places).replaceAll('|', ' ')}`,
	'complete -c reelcat -f',
	...globalOptions.map(option => `complete -c reelcat ${fishOption(option)}`),
	...places.flatMap(({name, words, takesFile, options}) => {
		const here = `complete -c reelcat -n ${fishQuote(`__reelcat_is ${name}`.trimEnd())}`;
		return [
			...words.map(([word, purpose]) => `${here} -a ${word}${purpose === '' ? '' : ` -d ${fishQuote(purpose)}`}`),
			...takesFile ? [`${here} -F`] : [],
			...options.filter(option => !globalNames.has(option.name)).map(option => `${here} ${fishOption(option)}`),
		];
	}),
];

const scripts = {bash: bashScript, zsh: zshScript, fish: fishScript} satisfies Record<Shell, unknown>;

/**
Writes the script with which a shell completes command lines of reelcat. It knows commands, options and values that are always the same, and starts nothing.
*/
export const completionScript = (shell: Shell, commands: readonly Command[]): string => `${scripts[shell](placesOf(commands)).join('\n')}\n`;
