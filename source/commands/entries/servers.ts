import {libraryForms, type Command} from '../command.js';
import {serverActions} from '../words.js';

export const loginCommand: Command = {
	name: 'login',
	summary: 'Sign in with Plex and find the servers of the account',
	details: [
		'Shows a short code for https://plex.tv/link, and a link with a QR code; either will do, on any device. An expired code is renewed three times.',
		'The account and its servers are kept in a file that only you can read, or with --keychain in the keychain of the system; without a keychain, as often over SSH, in a container and in cron, --keychain is refused before you are asked. With --json each step is one object on a line; when nobody reads on, the code that was told can still be entered, and no other one is asked for.',
	],
	examples: [
		['reelcat login', 'Sign in'],
		['reelcat login --keychain', 'Sign in, with the tokens in the keychain'],
	],
	flags: {
		keychain: {type: 'boolean', help: 'Keep tokens in the keychain of the system'},
	},
	async run(context) {
		const {runLoginCommand} = await import('../login.js');
		return runLoginCommand(context);
	},
};

export const logoutCommand: Command = {
	name: 'logout',
	summary: 'Sign out, and forget the account and its servers',
	details: ['reelcat revokes the sign-in at plex.tv if it can be reached. The catalogue stays.'],
	examples: [
		['reelcat logout', 'Sign out'],
		['reelcat logout --json', 'The same for a script'],
	],
	async run(context) {
		const {runLogoutCommand} = await import('../login.js');
		return runLogoutCommand(context);
	},
};

export const serversCommand: Command = {
	name: 'servers',
	summary: 'List, add, choose and forget Plex servers',
	arguments: '[ACTION NAME]',
	words: serverActions,
	details: [
		'ACTION is add, with a URL, or use, remove, merge or separate, with the name of a server.',
		'Without arguments: the servers that are known, and with --find also those of the account as they are now and those that answer in this network.',
		'"add" connects a server by its address; a certificate that this machine does not trust is shown and must be accepted, by hand or with --accept SHA256, and is then the only one that this server may show.',
		'"remove" forgets address and token; the catalogue keeps its libraries.',
		'"merge" says that the server of this connection is the server NAME of the catalogue, installed anew under another machineIdentifier: all ids and the history are kept. "separate" says that it is another server with the same libraries, such as one that was set up from a copy.',
	],
	examples: [
		['reelcat servers --find', 'Look for servers'],
		['reelcat servers use Attic', 'Take Attic as the current one'],
	],
	flags: {
		find: {type: 'boolean', help: 'Ask plex.tv and this network, too'},
		accept: {type: 'string', value: 'SHA256', help: 'Accept the certificate with this fingerprint'},
	},
	async run(context) {
		const {runServersCommand} = await import('../servers.js');
		return runServersCommand(context);
	},
};

export const doctorCommand: Command = {
	name: 'doctor',
	summary: 'Check the way to the server, and say what is wrong',
	details: ['It checks each link and says what to do: version, terminal, time zone, folders, keys, disk, catalogue, notifications, queries, proxy, plex.tv, server, name, port, certificate, identity, token, libraries, clock. It ends with 1 when something failed.'],
	examples: [
		['reelcat doctor', 'Check the way to the current server'],
		['reelcat doctor --server Attic --json', 'Check another one, for a script'],
	],
	async run(context) {
		const {runDoctorCommand} = await import('../doctor.js');
		return runDoctorCommand(context);
	},
};

export const connectCommand: Command = {
	name: 'connect',
	summary: 'Check a Plex server and remember it',
	arguments: '[URL]',
	details: [
		'The token is taken from --token-file, else PLEX_TOKEN. From a file it is stored (mode 0600), from the environment it is not.',
	],
	examples: [
		['reelcat connect nas --token-file token.txt', 'Keep address and token'],
		['reelcat connect https://plex.example:32400', 'With the token in PLEX_TOKEN'],
	],
	async run(context) {
		const {runConnectCommand} = await import('../servers.js');
		return runConnectCommand(context);
	},
};

export const librariesCommand: Command = {
	name: 'libraries',
	summary: 'List the libraries of the server and what the catalogue has of them',
	arguments: '[LIBRARY…]',
	details: [
		'It asks the current server. With --choose, the named libraries are the ones that "import" and the app take from it from now on.',
		libraryForms,
	],
	examples: [
		['reelcat libraries', 'What the server and the catalogue have'],
		['reelcat libraries --choose Films Series', 'Take these two from now on'],
	],
	flags: {
		choose: {type: 'boolean', help: 'Remember the named libraries as the ones to import'},
	},
	async run(context) {
		const {runLibrariesCommand} = await import('../libraries.js');
		return runLibrariesCommand(context);
	},
};
