import type {Flags} from '../../base/flags.js';
import {exportFormats} from '../../export/formats/registry.js';
import {rowLevels} from '../../export/levels.js';
import {libraryFlag} from '../../reports/flags.js';
import type {Command} from '../command.js';
import {exportActions, queryActions, storeActions} from '../words.js';

const requestFlags = {
	format: {
		type: 'string', value: 'FORMAT', values: exportFormats, help: `${exportFormats.join(', ')} (default ndjson)`,
	},
	output: {
		type: 'string', shortFlag: 'o', value: 'FILE', help: 'Write into a file, or for nfo into a folder',
	},
	columns: {type: 'string', value: 'NAMES', help: 'Columns, with commas between them'},
	rows: {
		type: 'string', value: 'LEVEL', values: rowLevels, help: 'A row for each item, version or file (default item)',
	},
	separator: {type: 'string', value: 'TEXT', help: 'Between several values in a cell (default "; ")'},
	excel: {type: 'boolean', help: 'A byte order mark and CRLF, as Excel wants them'},
	paths: {type: 'boolean', help: 'In html, also where files lie; in m3u, paths in place of addresses, as Kodi wants them'},
	posters: {type: 'boolean', help: 'With the posters of films and shows from the server, in html'},
	beside: {type: 'boolean', help: 'For nfo: the folder of -o holds the media; write beside them'},
	overwrite: {type: 'boolean', help: 'For nfo: also replace files that reelcat did not write'},
	artwork: {type: 'boolean', help: 'For nfo: also posters and backgrounds, which the server is asked for'},
	library: libraryFlag,
} as const satisfies Flags;

export const exportCommand: Command = {
	name: 'export',
	endsWithReader: true,
	summary: 'Write the catalogue as NDJSON, JSON, CSV and other formats',
	arguments: '[QUERY]',
	details: [
		'With QUERY, only what matches it (docs/query.md). The order stays that of an export, unless the query has sort: or limit:. The same catalogue gives the same bytes.',
		'Without -o the export goes to stdout. A file appears under its name only when it is whole; the extension says the format where --format does not.',
		'Columns are named as in a query and as in the export record, and version.NAME and file.NAME in rows of versions and files; "all" is all of them. --explain lists the formats, and with --format, -o FILE or --profile the columns of one and the fields that they come from (docs/export.md).',
		'The format nfo writes a folder: a new one appears when it is whole, and in one that is there each file does. A file that reelcat did not write, or that was changed since, stays unless --overwrite is given.',
		'The record of ndjson and json is a public format: docs/schema/export-record.schema.json.',
	],
	examples: [
		['reelcat export > all.ndjson', 'Everything'],
		['reelcat export --library Films "res:4k added:<30d" -o new.csv --excel', 'What came to one library in 4K, for Excel'],
	],
	flags: {
		...requestFlags,
		profile: {type: 'string', value: 'NAME', help: 'A saved export (reelcat exports); options given here win over its own'},
		explain: {type: 'boolean', help: 'Tell which columns a format has'},
	},
	async run(context) {
		const {runExportCommand} = await import('../export.js');
		return runExportCommand(context);
	},
};

export const exportsCommand: Command = {
	name: 'exports',
	summary: 'List, save and remove saved exports',
	arguments: '[ACTION NAME]',
	words: exportActions,
	details: [
		'ACTION is save, with a name, the options of "reelcat export" and its QUERY behind the name; remove, with a name; or list, which is also what happens without arguments.',
		'"reelcat export --profile NAME" makes the export. Options that are given there win, and a query narrows the saved one. What is wrong is not saved; an export of the same name is replaced. The file is kept with its whole path.',
		'With --every, "reelcat --watch" makes the export again whenever its file is older than that. They are kept in settings.json in the settings folder.',
	],
	examples: [
		['reelcat exports save weekly --format xlsx -o library.xlsx', 'Keep an export'],
		['reelcat exports save page -o page.html --every "0 5 * * *"', 'Let the daemon make a page every morning'],
	],
	flags: {...requestFlags, every: {type: 'string', value: 'TIME', help: 'How often "reelcat --watch" makes it, 7d or a cron expression'}},
	async run(context) {
		const {runExportsCommand} = await import('../exports.js');
		return runExportsCommand(context);
	},
};

export const queriesCommand: Command = {
	name: 'queries',
	summary: 'List, save, remove and watch saved queries',
	arguments: '[ACTION NAME]',
	words: queryActions,
	details: [
		'ACTION is save, with a name and a QUERY behind it; remove, watch or unwatch, with a name; or list, which is also what happens without arguments.',
		'A saved query is part of any other one as @NAME: in "ls", "export" and the app. A name has small letters, digits and hyphens. A query that is wrong is not saved; one of the same name is replaced.',
		'"watch" makes a standing query of one: while "reelcat --watch" runs, it tells what enters and leaves the result, in its news and through the channels of "reelcat notify". It takes no limit:. "unwatch" ends that.',
		'They are kept in settings.json in the settings folder.',
	],
	examples: [
		['reelcat queries save unseen-4k "res:4k watched:no"', 'Keep a query'],
		['reelcat queries watch unseen-4k', 'Be told what enters and leaves it'],
	],
	async run(context) {
		const {runQueriesCommand} = await import('../queries.js');
		return runQueriesCommand(context);
	},
};

export const backupCommand: Command = {
	name: 'backup',
	summary: 'Make a verified backup of the catalogue, or list those there are',
	details: [
		'reelcat makes one itself once a day when something has changed, and before the format of the catalogue changes. It keeps the 3 newest, one a day for 7 days and one a week for 4 weeks.',
		'--check reads a backup wholly and checks every record, as a restore would, and changes nothing. It ends with 1 if a backup is not in order or there is none. With --watch, every backup is checked once a week.',
	],
	examples: [
		['reelcat backup --check', 'Prove that the newest one can be restored'],
		['reelcat backup --list', 'Which there are'],
	],
	flags: {
		list: {type: 'boolean', help: 'List the backups, newest first, and check each'},
		check: {type: 'boolean', help: 'Prove that the newest backup can be restored'},
		readData: {type: 'boolean', help: 'With --check: prove it of every backup'},
	},
	async run(context) {
		const {runBackupCommand} = await import('../backup.js');
		return runBackupCommand(context);
	},
};

export const restoreCommand: Command = {
	name: 'restore',
	summary: 'Replace the catalogue with a backup',
	arguments: '[FILE]',
	details: [
		'Without a FILE, the newest backup that can be read. The catalogue as it is now is set aside, never deleted; a sync then brings the restored one up to date.',
		'Until the backup is read, checked and written as a whole, nothing is changed. With --empty, an empty catalogue is put there instead: for a folder that has lost its catalogue, and where you want to begin anew. History files and backups stay.',
	],
	examples: [
		['reelcat restore', 'Take the newest backup, after a question'],
		['reelcat restore --empty --yes', 'Begin anew, without a question'],
	],
	flags: {
		empty: {type: 'boolean', help: 'Begin anew with an empty catalogue'},
		yes: {type: 'boolean', help: 'Do not ask'},
	},
	async run(context) {
		const {runRestoreCommand} = await import('../backup.js');
		return runRestoreCommand(context);
	},
};

export const repairCommand: Command = {
	name: 'repair',
	summary: 'Put a damaged catalogue in order with what its own files have',
	details: [
		'Without --yes it says what is wrong and what it would do, changes nothing, and ends with 1 if there is something to repair.',
		'With --yes it reads what can be read of document, journal and history, drops references to what is not there, puts placeholders in for missing parents, counts anew, and writes the history with new checksums. Copies of what was there before stay beside it; nothing is deleted. Afterwards "reelcat verify" is in order.',
		'What is lost is only on the server: --from-server then reads every detail of the libraries anew, as an import does.',
	],
	examples: [
		['reelcat repair', 'Show what would be done'],
		['reelcat repair --yes', 'Do it'],
	],
	flags: {
		yes: {type: 'boolean', help: 'Do it'},
		fromServer: {type: 'boolean', help: 'With --yes: afterwards read all details of the libraries anew'},
	},
	async run(context) {
		const {runRepairCommand} = await import('../repair.js');
		return runRepairCommand(context);
	},
};

export const storeCommand: Command = {
	name: 'store',
	summary: 'Say where the catalogue lies, or copy it to another place',
	arguments: '[ACTION]',
	words: storeActions,
	details: [
		'Without a word: the folder of the document or the address of the database, its revision, what it holds, its size, and who writes at the moment.',
		'"migrate" copies the catalogue from where it is now (--store, REELCAT_STORE, the setting, else the document in the data folder) to the place that --to names: the address of a PostgreSQL database, or "document". Records, their order, the history and the revision come over exactly; both sides are read and compared one by one, and the copy is checked. The place must be empty.',
		'While it copies, nobody else may write to the catalogue (exit code 6). The old place is not changed, and no setting is: at the end it says how to use the new place. Backups are not copied.',
		'A copy that is cut short is no catalogue for any other command. The same command goes on where it ended, or begins anew where the catalogue has changed since.',
		'"password" asks for the password of the database, or reads it from the input, tries it, and keeps it in the keychain of the system. Files, credentials and variables with a password go before it.',
	],
	examples: [
		['reelcat store migrate --to postgres://reelcat@db.example/media --dry-run', 'What would be copied, and how long that takes'],
		['reelcat --store postgres://reelcat@db.example/media store migrate --to document', 'Back into the data folder'],
	],
	flags: {
		to: {type: 'string', value: 'PLACE', help: 'With migrate: the address of a database, or "document"'},
		dryRun: {type: 'boolean', help: 'With migrate: only look, and change nothing'},
		forget: {type: 'boolean', help: 'With password: remove it from the keychain'},
	},
	async run(context) {
		const {runStoreCommand} = await import('../store.js');
		return runStoreCommand(context);
	},
};

export const demoServerCommand: Command = {
	name: 'demo-server',
	endsWithReader: true,
	summary: 'Run the demo Plex server in the foreground',
	details: ['Prints its address and token, and runs until Ctrl-C. It listens on this machine only.'],
	examples: [
		['reelcat demo-server --port 32499', 'On a port that you know'],
		['reelcat demo-server --movies 50000 --latency 200', 'A large and slow one'],
	],
	flags: {
		port: {
			type: 'number', value: 'N', max: 65_535, help: 'Port (default: a free one)',
		},
		movies: {type: 'number', value: 'N', help: 'How many movies (default 200)'},
		shows: {type: 'number', value: 'N', help: 'How many shows (default 20)'},
		latency: {type: 'number', value: 'MS', help: 'Milliseconds before each answer (default 0)'},
	},
	async run(context) {
		const {runDemoServerCommand} = await import('../demo-server.js');
		return runDemoServerCommand(context);
	},
};
