import {Buffer} from 'node:buffer';
import process from 'node:process';
import {parseCommandLine} from '../../source/commands/parse.js';
import {commands} from '../../source/commands/registry.js';
import type {CommandContext} from '../../source/commands/command.js';
import {createSession} from '../../source/app/session.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {plainPaint} from '../../source/base/text/style.js';

export type Ran = {exitCode: number; stdout: string; stderr: string};

export type RunCommandOptions = {
	columns?: number;
	home?: string;
	env?: Record<string, string>;
	signal?: AbortSignal;
	/**
	Runs between the opening of the catalogue and its first use.
	*/
	afterOpen?: () => Promise<void>;
};

/**
Runs a command in this process, with a store that is filled already, or with the catalogue in a data folder.
*/
export const runCommand = async (catalog: CatalogStore | string, argv: readonly string[], {columns, home = '/nowhere', env = {}, signal = new AbortController().signal, afterOpen}: RunCommandOptions = {}): Promise<Ran> => {
	const {command, input, flags} = parseCommandLine(commands, argv);
	const printed: Uint8Array[] = [];
	let stderr = '';
	const server = flags.string('server');
	const session = createSession({
		...server !== undefined && {server},
		env: {...env, ...typeof catalog === 'string' && {REELCAT_DATA_DIR: catalog}}, homeFolder: home, version: '0', isDemo: false,
	});
	const context: CommandContext = {
		input,
		flags,
		io: {
			env: {},
			stdin: process.stdin,
			stdout: process.stdout,
			stderr: process.stderr,
			isRead: () => true,
			async out(data) {
				printed.push(Buffer.from(data));
			},
			say(line) {
				stderr += `${line}\n`;
			},
			log(line) {
				printed.push(Buffer.from(line));
			},
			onHangUp: () => () => {/* nobody hangs up */},
			onNotice() {/* none comes */},
			isTerminal: false,
			isInteractive: false,
			isScreenReader: false,
			isConsole: false,
			isColor: false,
			paint: plainPaint,
			paintMessages: plainPaint,
			onContinue: () => () => {/* nobody stops it */},
			isAscii: false,
			columns,
			async suspend() {/* there is no shell */},
			async readSize() {/* there is no size */},
			onWindowChange: () => () => {/* there is no window */},
			onBug: () => () => {/* nothing is shown that a bug could spoil */},
			onEnd: () => () => {/* nothing is left on a screen */},
		},
		signal,
		// The store outlives the command, so that the next one can use it.
		session: {
			...session,
			async openStore(options) {
				const opened = typeof catalog === 'string' ? await session.openStore(options) : openedStore(catalog);
				await afterOpen?.();
				return opened;
			},
		},
		version: '0',
	};
	try {
		const exitCode = await command.run(context);
		return {exitCode, stdout: Buffer.concat(printed).toString(), stderr};
	} finally {
		await session.close();
	}
};

const openedStore = (catalog: CatalogStore & Partial<Pick<OpenedCatalog, 'kept'>>): OpenedCatalog => ({
	kept: () => undefined,
	...catalog,
	async close() {/* stays open */},
	async backup() {
		throw new TypeError('A store in memory has no backups.');
	},
	backupIfDue: async () => undefined,
	async prove() {/* there are no files */},
});
