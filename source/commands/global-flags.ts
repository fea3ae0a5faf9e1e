import type {Flags} from '../base/flags.js';

export const globalFlags = {
	demo: {type: 'boolean', help: 'Use the built-in demo server and a catalogue of its own'},
	url: {type: 'string', value: 'URL', help: 'Address of the Plex server; else PLEX_URL, else the one connected last'},
	server: {type: 'string', value: 'NAME', help: 'Which of the known servers: name, address or beginning of the id'},
	tokenFile: {type: 'string', value: 'FILE', help: 'Read the Plex token from a file; else PLEX_TOKEN, else the stored one'},
	concurrency: {type: 'number', value: 'N', help: 'Requests to the server at the same time (default: 1 to 4, as it bears)'},
	json: {type: 'boolean', help: 'Print one JSON object (see docs/cli.md) where there is output to parse'},
	verbose: {type: 'boolean', help: 'Log pages and commits of an import or sync, too, and show its log on stderr'},
	color: {type: 'boolean', help: '--no-color: use no colours; NO_COLOR does the same'},
	help: {type: 'boolean', shortFlag: 'h', help: 'Show help'},
	version: {type: 'boolean', help: 'Show the version'},
} as const satisfies Flags;
