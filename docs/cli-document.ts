import type {Flags} from '../source/base/flags.js';
import type {Command} from '../source/commands/command.js';
import {flagLabel, usageLine} from '../source/commands/help.js';
import {globalFlags} from '../source/commands/parse.js';
import {commands} from '../source/commands/registry.js';
import {exitCodes} from '../source/commands/exit-codes.js';
import {listedNames} from '../source/query/list-fields.js';

const flagTable = (flags: Flags) => [
	'| Option | |',
	'|---|---|',
	...Object.entries(flags).map(([name, flag]) => `| \`${flagLabel(name, flag)}\` | ${flag.help} |`),
];

const exampleLines = ({examples}: Command) => {
	const width = Math.max(...examples.map(([line]) => line.length));
	return examples.map(([line, purpose]) => `${line.padEnd(width)}  # ${purpose}`);
};

const section = (command: Command) => [
	`### \`${usageLine(command)}\``,
	'',
	`${command.summary}.`,
	...(command.details ?? []).flatMap(detail => ['', detail]),
	'',
	'```sh',
	...exampleLines(command),
	'```',
	...(command.flags === undefined ? [] : ['', ...flagTable(command.flags)]),
	'',
];

/**
`docs/cli.md`: the commands, their options and the exit codes, from the tables that the command line is parsed with.
*/
export const cliDocument = (): string => [
	'# The command line',
	'',
	'Made from the code by `npm run docs`; do not edit.',
	'',
	'Data goes to stdout, progress and messages to stderr. A pipe gets no escape codes. A reader that closes it early ends `export` and the commands that only show something, quietly and with 0; every other command, also `verify`, does its work to its end, and its exit code is that of the work. Options may stand before or after the command.',
	'',
	'A table fits into the width of a terminal; in a file or a pipe its cells are whole. `COLUMNS` is not read there: where a shell exports it, text would be lost without a word. So long lines wrap under `watch reelcat runs`. `watch --color "script -qec \'reelcat runs\' /dev/null"` gives the command a terminal as wide as that of `watch` (tried with procps 4.0.2, whose `--no-wrap` leaves out the line behind each one that fits, and util-linux 2.38).',
	'',
	'## Commands',
	'',
	...commands.flatMap(command => section(command)),
	'## Options of every command',
	'',
	...flagTable(globalFlags),
	'',
	'There is no `--token`: argument lists can be read by everyone on the machine.',
	'',
	'## Exit codes',
	'',
	'| Code | Meaning |',
	'|---|---|',
	...Object.values(exitCodes).map(({code, meaning}) => `| ${code} | ${meaning} |`),
	'',
	'An import or sync that kept something before the server failed is "partly done" (3). What ends all work until a person mends it decides even then: a disk that takes no more is always 8, a damaged catalogue 7, a refused token 4.',
	'',
	'## `--json`',
	'',
	'One object per command, with `schema: 1`. Fields may be added; those that are there keep their meaning. An error before there is a result gives `{schema, ok: false, error: {code, message, hint}}`.',
	'',
	'| Command | Object |',
	'|---|---|',
	'| `import` | `{schema, ok, libraries: [{id, title, expected, imported, unchanged, failed, skipped, durationMs}], errors: [{library, ratingKey, title, stage, code, message, hint}], requests, bytes}`, see [schema/import-result.schema.json](schema/import-result.schema.json). `library` is the id of a library; `stage` is list, detail, normalize or save |',
	'| `runs` | `{schema, runs: [{id, command, status, startedAt, finishedAt, durationMs, requests, receivedBytes, totals, changes, held, libraries, problems, problemCount, log}]}`, newest first, see [schema/runs-result.schema.json](schema/runs-result.schema.json); `runs RUN` gives one. `runs RUN --log --json` gives the lines of the log, each an object with `level`, `time` and `msg` |',
	'| `libraries` | `{schema, server: {id, name}, libraries: [{id, key, title, type, scanner, hidden, disabledReason, isChosen, serverCount, catalogCount, lastImport, surplus}]}`; `surplus` is a sentence about what the catalogue has and the server does not list |',
	`| \`ls\` | \`{schema, items: [{${listedNames.join(', ')}, serverId, server}]}\` |`,
	'| `diff` | `{schema, since, until, run, libraries: [{id, title, counts, notes, changes: [{kind, itemId, type, title, at, runId, reason, fields: [{name, before, after}]}]}]}`; `diff ITEM`: `{schema, itemId, type, title, events}`; see [schema/diff-result.schema.json](schema/diff-result.schema.json) |',
	'| `lost` | `{schema, held, items: [{itemId, type, title, show, year, ids, library, at, reason, resolution, seasons, episodes, files: [{path, sizeBytes}], …}], totals}`, see [schema/lost-result.schema.json](schema/lost-result.schema.json) |',
	'| `verify` | `{schema, ok, revision, records, events, tombstones, held, problems, server: {id, name, compared, differences}}`, see [schema/verify-result.schema.json](schema/verify-result.schema.json) |',
	'| `show` | The export record, with `schema: 2`, see [schema/export-record.schema.json](schema/export-record.schema.json) |',
	'| `connect` | `{schema, ok, server: {id, name, version, url}}` |',
	'| `store` | `{schema, kind, place, revision, schemaVersion, servers, libraries, records, events, bytes: {catalogue, history}, writers: [{pid, host, startedAt, servers: [{id, name}], mayHaveEnded}]}`; `mayHaveEnded` is there on a standby server of PostgreSQL, which does not know who has ended |',
	'| `demo-server` | `{schema, url, token}` |',
	'',
].join('\n');
