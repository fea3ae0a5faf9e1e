import {changeKinds} from '../catalog/kinds.js';
import type {ListKind} from '../catalog/types.js';
import {momentForms} from '../base/text/moments.js';
import {trashWord} from '../query/trash-word.js';
import {itemPresets} from './items/presets.js';
import {
	anyFormatFlag,
	defaultLimit,
	formatFlag,
	libraryFlag,
	typeFlag,
} from './flags.js';
import type {ReportCommand} from './report.js';

// Collections and playlists are asked for in the same way.
const listsCommand = (kind: ListKind): ReportCommand => ({
	name: `${kind}s`,
	summary: kind === 'collection' ? 'List collections, also smart ones, or the members of one' : 'List the video playlists of the server, or the members of one',
	arguments: '[NAME]',
	details: [`NAME is the title of a ${kind} or a part of it, its id or its ratingKey. With it, the members are listed in their order.`],
	examples: [
		[`reelcat ${kind}s`, `All ${kind}s, and how many items each has`],
		[`reelcat ${kind}s "${kind === 'collection' ? 'Silent Comedies' : 'Rainy Sunday'}"`, 'What is in one, in its order'],
	],
	...kind === 'collection' && {flags: {library: libraryFlag}},
	async answer(line, sources) {
		const {answerLists} = await import('./lists/lists-report.js');
		return answerLists(kind, line, sources);
	},
});

/**
The commands of the reports, in the order of the help. What they do is loaded when one of them runs.
*/
export const reportCommands: readonly ReportCommand[] = [
	{
		name: 'runs',
		summary: 'List what was imported and synced, and when',
		arguments: '[RUN]',
		details: [
			'With RUN, the beginning of an id or "latest", everything about one run: its libraries, notes and problems. The newest 500 runs are remembered.',
			'A run that was killed is listed as interrupted. With --log and --json the log comes as it is in the file, one JSON object per line.',
		],
		examples: [
			['reelcat runs --limit 5', 'The last five'],
			['reelcat runs latest --log', 'Every request of the last one'],
		],
		flags: {
			limit: {
				type: 'number', value: 'N', min: 1, help: `At most N runs (default ${defaultLimit})`,
			},
			log: {type: 'boolean', help: 'Print the log of RUN'},
		},
		async answer(line, sources) {
			const {answerRuns} = await import('./runs/runs-report.js');
			return answerRuns(line, sources);
		},
	},
	{
		name: 'ls',
		summary: 'List and search the catalogue',
		arguments: '[QUERY]',
		details: [
			'Every word of QUERY must occur in a title, an edition, a year, or the name of a person, a genre or a collection; case and accents do not count. The best matches come first. Without QUERY and --type, movies and shows are listed.',
			'QUERY can ask more: res:4k -has:hdr size:>50GB, (genre:drama OR genre:comedy) year:1990..1999, added:<30d sort:-size limit:10. docs/query.md tells all. Put it in quotes, so that the shell leaves it alone.',
			`--columns are fields of the query language. --preset NAME chooses columns and an order: ${itemPresets.entries().map(([name, {about}]) => `${name} (${about})`).toArray().join(', ')}.`,
			`With --trash, or ${trashWord} in QUERY, only what the server lists in its trash or without a file.`,
			`With --at, the list as it was then, as far as the history goes back. MOMENT is ${momentForms}.`,
		],
		examples: [
			['reelcat ls --type episode pilot', 'Episodes with a word in the title'],
			['reelcat ls "res:4k missing:hdr size:>50GB" --columns title,size,audio --sort -size', 'What is large in 4K without HDR'],
		],
		flags: {
			library: libraryFlag,
			type: typeFlag,
			limit: {
				type: 'number', value: 'N', min: 1, help: 'At most N rows',
			},
			columns: {type: 'string', value: 'FIELDS', help: 'Columns, with commas between them, for instance title,year,size,audio'},
			sort: {
				type: 'string', value: 'FIELDS', mayBeginWithMinus: true, help: 'Order, for instance -size,title',
			},
			preset: {
				type: 'string', value: 'NAME', values: itemPresets.keys().toArray(), help: 'Columns and order for a purpose',
			},
			format: anyFormatFlag,
			trash: {type: 'boolean', help: 'Only what is in the trash of the server or lacks a file'},
			at: {type: 'string', value: 'MOMENT', help: 'As it was at a date, or so long ago'},
		},
		async answer(line, sources) {
			const {answerItems} = await import('./items/items-report.js');
			return answerItems(line, sources);
		},
	},
	{
		name: 'show',
		summary: 'Show everything about one item',
		arguments: 'ID|QUERY',
		details: [
			'ID is the catalogue id that "ls" prints, or a ratingKey where only one item has it. A number alone is always a ratingKey.',
			'QUERY is a query that finds one item (docs/query.md). If it finds several, the first ones are named with their ids.',
			'With --open, its page in Plex Web is opened and nothing else is shown. Where no browser can be opened, as over SSH, its address is printed. No token is in it.',
		],
		examples: [
			['reelcat show i0123456789abcdef', 'By the id of the catalogue'],
			['reelcat show nosferatu 1922 --json | jq .versions', 'By a query, and only its versions'],
		],
		flags: {
			open: {type: 'boolean', help: 'Open its page in Plex Web, or print the address of the page'},
		},
		async answer(line, sources) {
			const {answerItem} = await import('./item/item-report.js');
			return answerItem(line, sources);
		},
	},
	listsCommand('collection'),
	listsCommand('playlist'),
	{
		name: 'diff',
		summary: 'Show what has changed on the server, as the syncs found it',
		arguments: '[ITEM|QUERY]',
		details: [
			'With ITEM, a catalogue id, everything that ever happened to that item. With QUERY (docs/query.md), only changes of items that it finds; what is gone is taken as it was.',
			`SINCE and UNTIL are ${momentForms}; dates are of the local time zone. SINCE may also be the beginning of the id of a run, or "latest": then what that run found.`,
			`KIND: ${changeKinds.join(', ')}; separate several with commas.`,
			'Several changes of one item are shown as one; changes that cancel out are left out. What Plex does by itself (refreshed) and the marks of another user (viewer) are shown with --all only.',
		],
		examples: [
			['reelcat diff --since 2026-05-01 --kind upgraded,removed "res:4k"', 'Two kinds of change since a date, of what is in 4K'],
			['reelcat diff --since latest', 'What the last run found'],
		],
		flags: {
			since: {type: 'string', value: 'SINCE', help: 'Start of the period (default 7d)'},
			until: {type: 'string', value: 'UNTIL', help: 'End of the period (default now)'},
			library: libraryFlag,
			type: typeFlag,
			kind: {
				type: 'string', value: 'KIND', values: changeKinds, help: 'Only these kinds of change',
			},
			all: {type: 'boolean', help: 'Include what Plex does by itself and the marks of other users'},
			limit: {type: 'number', value: 'N', help: `At most N lines per kind (default ${defaultLimit})`},
		},
		async answer(line, sources) {
			const {answerChanges} = await import('./changes/changes-report.js');
			return answerChanges(line, sources);
		},
	},
	{
		name: 'lost',
		summary: 'List what the server has lost, with ids, files and sizes',
		arguments: '[QUERY]',
		details: [
			'With QUERY (docs/query.md), only what it finds among what is gone, as it was.',
			'A show or season that was lost with everything in it is one line with counts; with --type each item of that type is listed.',
			'A file is lost when no item of its server plays it any more. Items that are gone without losing a file are told below the list, with the items that play their files now.',
			`SINCE is ${momentForms}.`,
			'With --held, the items that the server no longer lists and whose removal waits to be accepted. With --trash, those that it still lists, but in its trash or without a file.',
		],
		examples: [
			['reelcat lost --since 4w "res:4k genre:drama"', 'What is gone since four weeks, of one kind'],
			['reelcat lost --format csv > lost.csv', 'Everything, for a spreadsheet'],
		],
		flags: {
			since: {type: 'string', value: 'SINCE', help: 'Only what was lost since then'},
			library: libraryFlag,
			type: typeFlag,
			held: {type: 'boolean', help: 'List the held items instead'},
			trash: {type: 'boolean', help: 'List what is unavailable instead'},
			format: formatFlag,
		},
		async answer(line, sources) {
			const {answerLost} = await import('./lost/lost-report.js');
			return answerLost(line, sources);
		},
	},
	{
		name: 'verify',
		summary: 'Check the catalogue, and compare it with the server',
		details: ['It checks the shape of every record, references, counts, every line of the history with its checksum, and the history against the catalogue. It ends with 0 when everything is in order, otherwise with 1, also when there is no catalogue, or with 7 when the document or its journal is damaged, and changes nothing.'],
		examples: [
			['reelcat verify', 'Check the files of the catalogue'],
			['reelcat verify --server', 'Compare it with the current server, too'],
		],
		flags: {
			server: {
				type: 'string', value: '[NAME]', isValueOptional: true, help: 'Also read every imported item from the server and compare',
			},
		},
		async answer(line, sources) {
			const {answerVerify} = await import('./verify/verify-report.js');
			return answerVerify(line, sources);
		},
	},
];
