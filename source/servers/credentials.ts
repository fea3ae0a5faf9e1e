import path from 'node:path';
import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {durableWrite} from '../store/durable-write.js';
import {guarded, ifExists} from '../store/file-error.js';
import {nodeFileSystem, type FileSystem} from '../store/file-system.js';
import {withoutKeychain, type Keychain} from './keychain.js';

const firstServerSchema = z.object({id: z.string(), url: z.string(), token: z.string()});
const firstVersion = z.object({
	format: z.literal('reelcat-credentials'),
	version: z.literal(1),
	servers: z.array(firstServerSchema),
});

const pinSchema = z.object({fingerprint: z.string(), certificate: z.string()});

const serverSchema = z.object({
	/**
	machineIdentifier
	*/
	id: z.string(),
	name: z.string().optional(),
	/**
	The address that worked last.
	*/
	url: z.string(),
	/**
	Addresses to try when that one fails.
	*/
	others: z.array(z.string()).optional(),
	token: z.string().optional(),
	/**
	The token is in the keychain of the system.
	*/
	isInKeychain: z.boolean().optional(),
	/**
	The signed-in account can tell where this server is and issue another token for it.
	*/
	isOfAccount: z.boolean().optional(),
	pin: pinSchema.optional(),
});

const accountSchema = z.object({
	uuid: z.string(),
	title: z.string(),
	token: z.string().optional(),
	isInKeychain: z.boolean().optional(),
});

const credentialsSchema = z.object({
	format: z.literal('reelcat-credentials'),
	version: z.literal(2),
	account: accountSchema.optional(),
	servers: z.array(serverSchema),
});

type Stored = Pick<z.infer<typeof credentialsSchema>, 'account' | 'servers'>;
export type ServerCredentials = Omit<z.infer<typeof serverSchema>, 'isInKeychain'>;
type StoredAccount = Omit<z.infer<typeof accountSchema>, 'isInKeychain'>;

/**
The known servers, the signed-in account and their tokens, in a file that only its owner may read.
*/
export type Credentials = {
	account: () => StoredAccount | undefined;
	/**
	Undefined signs out and keeps the servers.
	*/
	setAccount: (account: StoredAccount | undefined) => Promise<void>;
	servers: () => ServerCredentials[];
	server: (id: string) => ServerCredentials | undefined;
	/**
	Adds a server, or changes the given fields of a known one.
	*/
	put: (server: Partial<ServerCredentials> & Pick<ServerCredentials, 'id' | 'url'>) => Promise<void>;
	delete: (serverId: string) => Promise<void>;
};

type CredentialsOptions = {
	fs?: FileSystem;
	keychain?: Keychain;
	/**
	New tokens go into the keychain. Tokens that are already there stay there.
	*/
	isForKeychain?: boolean;
};

/**
@throws {AppError} `damaged` when the file cannot be parsed: it is never emptied silently. `disk-full` and `not-writable` keep the old file.
*/
export const openCredentials = async (file: string, {fs = nodeFileSystem, keychain = withoutKeychain, isForKeychain = false}: CredentialsOptions = {}): Promise<Credentials> => {
	const tokens = new Map<string, string>();
	const reveal = async (stored: Stored) => {
		for (const [key, {token, isInKeychain}] of keyed(stored)) {
			const known = token ?? (isInKeychain === true ? await keychain.get(key) : undefined);
			if (known === undefined) {
				tokens.delete(key);
			} else {
				tokens.set(key, known);
			}
		}

		return stored;
	};

	let current = await reveal(await read(file, fs));
	let turn: Promise<unknown> = Promise.resolve();

	// The file is read again before each write, because another reelcat may have added a server.
	const change = async (next: (current: Stored) => Stored | Promise<Stored>) => {
		const run = async () => {
			const changed = await next(await read(file, fs));
			const document: z.infer<typeof credentialsSchema> = {format: 'reelcat-credentials', version: 2, ...changed};
			await guarded(path.dirname(file), 'made', async () => fs.mkdir(path.dirname(file), {recursive: true, mode: 0o700}));
			await durableWrite(file, [`${JSON.stringify(document, undefined, '\t')}\n`], {fs, mode: 0o600});
			current = await reveal(changed);
		};

		const mine = turn.catch(() => undefined).then(run);
		turn = mine;
		await mine;
	};

	/**
	Moves the token into the keychain and returns the rest of the entry for the file.
	*/
	const hide = async <Entry extends {token?: string | undefined; isInKeychain?: boolean | undefined}>(key: string, entry: Entry): Promise<Entry> => {
		const {token, ...rest} = entry;
		if (token === undefined || (!isForKeychain && entry.isInKeychain !== true)) {
			return entry;
		}

		await keychain.set(key, token);
		// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the token is optional in every entry
		return {...rest, isInKeychain: true} as Entry;
	};

	const shown = <Entry extends {token?: string | undefined; isInKeychain?: boolean | undefined}>(key: string, {isInKeychain: _, ...entry}: Entry): Omit<Entry, 'isInKeychain'> => {
		const token = tokens.get(key);
		return token === undefined ? entry : {...entry, token};
	};

	return {
		account: () => current.account && shown('account', current.account),
		async setAccount(account) {
			if (account === undefined && current.account?.isInKeychain === true) {
				await keychain.delete('account');
			}

			await change(async ({servers, account: before}) => ({
				servers,
				...account !== undefined && {account: await hide('account', {...account, ...before?.isInKeychain === true && {isInKeychain: true}})},
			}));
		},
		servers: () => current.servers.map(server => shown(server.id, server)),
		server(id) {
			const server = current.servers.find(known => known.id === id);
			return server && shown(id, server);
		},
		async put(server) {
			await change(async ({account, servers}) => {
				const known = servers.find(({id}) => id === server.id);
				const entry = await hide(server.id, {...known, ...server});
				return {...account !== undefined && {account}, servers: [...servers.filter(({id}) => id !== server.id), entry]};
			});
		},
		async delete(serverId) {
			if (current.servers.some(({id, isInKeychain}) => id === serverId && isInKeychain === true)) {
				await keychain.delete(serverId);
			}

			await change(({account, servers}) => ({...account !== undefined && {account}, servers: servers.filter(({id}) => id !== serverId)}));
		},
	};
};

const keyed = ({account, servers}: Stored): Array<[key: string, entry: {token?: string | undefined; isInKeychain?: boolean | undefined}]> => [
	...account === undefined ? [] : [['account', account] as [string, typeof account]],
	...servers.map((server): [string, typeof server] => [server.id, server]),
];

const read = async (file: string, fs: FileSystem): Promise<Stored> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return {servers: []};
	}

	try {
		return parse(await handle.readFile('utf8'), file);
	} finally {
		await handle.close();
	}
});

const parse = (text: string, file: string): Stored => {
	try {
		const json: unknown = JSON.parse(text);
		const first = firstVersion.safeParse(json);
		if (first.success) {
			return {servers: first.data.servers};
		}

		const {account, servers} = credentialsSchema.parse(json);
		return {...account !== undefined && {account}, servers};
	} catch {
		// The cause may quote the text, and with it a token.
		throw new AppError('damaged', `${file}, which holds the tokens, cannot be read.`, {
			hint: 'Move it away and connect to the server again, or give the token with PLEX_TOKEN.',
		});
	}
};
