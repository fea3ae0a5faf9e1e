import * as z from 'zod';
import {AppError, isAppError} from '../base/errors.js';
import {type FileSystem} from '../base/file-system.js';
import {createKeptFile} from '../base/kept-file.js';
import {clean} from '../base/text/clean.js';
import {withoutKeychain, type Keychain} from './keychain.js';

const urlSchema = z.string().refine(url => URL.canParse(url));

const serverSchema = z.object({
	/**
	machineIdentifier
	*/
	id: z.string(),
	name: z.string().optional(),
	url: urlSchema,
	others: z.array(urlSchema).optional(),
	token: z.string().optional(),
	/**
	The token is in the keychain of the system, not in this file.
	*/
	isInKeychain: z.boolean().optional(),
	/**
	Found with the account that is signed in: the account can tell its addresses and give another token.
	*/
	isOfAccount: z.boolean().optional(),
	pin: z.object({fingerprint: z.string(), certificate: z.string()}).optional(),
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

const firstServerSchema = z.object({id: z.string(), url: urlSchema, token: z.string()});
const firstVersionSchema = z.object({
	format: z.literal('reelcat-credentials'),
	version: z.literal(1),
	servers: z.array(firstServerSchema),
}).transform(({servers}): Stored => ({servers}));

const storedSchema = z.union([
	firstVersionSchema,
	credentialsSchema.transform(({account, servers}): Stored => ({...account !== undefined && {account}, servers})),
]);

type Stored = Pick<z.infer<typeof credentialsSchema>, 'account' | 'servers'>;
/**
Why the token of an entry is missing, if the keychain does not give it.
*/
type TokenFault = {tokenFault?: AppError};
export type ServerCredentials = Omit<z.infer<typeof serverSchema>, 'isInKeychain'> & TokenFault;
type StoredAccount = Omit<z.infer<typeof accountSchema>, 'isInKeychain'> & TokenFault;

/**
The known servers, the account that is signed in, and their tokens, in a file that only its owner may read.
*/
export type Credentials = {
	account: () => StoredAccount | undefined;
	setAccount: (account: StoredAccount | undefined) => Promise<void>;
	servers: () => ServerCredentials[];
	server: (id: string) => ServerCredentials | undefined;
	put: (server: Partial<ServerCredentials> & Pick<ServerCredentials, 'id' | 'url'>) => Promise<void>;
	delete: (serverId: string) => Promise<void>;
};

type Secret = {token?: string | undefined; isInKeychain?: boolean | undefined};

type CredentialsOptions = {
	fs?: FileSystem;
	keychain?: Keychain;
	/**
	Put new tokens into the keychain. Tokens that are in it stay there in any case, while it gives them.
	*/
	isForKeychain?: boolean;
};

/**
@throws {AppError} `damaged` if the file does not hold credentials; it is never emptied silently. `not-writable` if new tokens belong into a keychain that keeps nothing.
*/
export const openCredentials = async (file: string, {fs, keychain = withoutKeychain, isForKeychain = false}: CredentialsOptions = {}): Promise<Credentials> => {
	const kept = createKeptFile<Stored>(file, {
		schema: storedSchema,
		toText: stored => `${JSON.stringify({format: 'reelcat-credentials', version: 2, ...stored} satisfies z.infer<typeof credentialsSchema>, undefined, '\t')}\n`,
		// The reason is left out: it could say something about the token.
		damaged: () => new AppError('damaged', `${file}, which holds the tokens, cannot be read.`, {
			hint: 'Move it away and connect to the server again, or give the token with PLEX_TOKEN.',
		}),
		makesFolder: true,
		...fs !== undefined && {fs},
	});
	const tokens = new Map<string, string>();
	const faults = new Map<string, AppError>();
	const reveal = async (stored: Stored) => {
		const found = await Promise.all(keyed(stored).map(async ([key, {isInKeychain, ...entry}]) => {
			const known = entry.token ?? (isInKeychain === true ? await takeFromKeychain(keychain, key, entry) : undefined);
			return [key, known] as const;
		}));
		tokens.clear();
		faults.clear();
		for (const [key, known] of found) {
			// One server of several must not stop the others, nor a token that is given.
			if (known instanceof AppError) {
				faults.set(key, known);
			} else if (known !== undefined) {
				tokens.set(key, known);
			}
		}

		return stored;
	};

	let current = await reveal(await kept.read() ?? noServers);
	if (isForKeychain) {
		await keychain.prove();
	}

	let turn: Promise<unknown> = Promise.resolve();
	// One change after the other, so that an older state never replaces a newer one.
	const change = async (update: (current: Stored) => Stored | Promise<Stored>) => {
		const mine = turn.catch(() => undefined).then(async () => {
			current = await reveal(await kept.change(async stored => update(stored ?? noServers)));
		});
		turn = mine;
		await mine;
	};

	/**
	Put the token of an entry into the keychain if it belongs there. Returns the entry for the file.
	*/
	const hide = async <Entry extends Secret>(key: string, {tokenFault: _, ...written}: Entry & TokenFault): Promise<Entry> => {
		const {token, isInKeychain, ...rest} = written;
		if (token === undefined) {
			// The two that are taken out are optional in every entry.
			return written as unknown as Entry;
		}

		if (!isForKeychain && (isInKeychain !== true || faults.has(key))) {
			return {...rest, token} as unknown as Entry;
		}

		await keychain.set(key, token);
		return {...rest, isInKeychain: true} as unknown as Entry;
	};

	// A keychain that gives nothing cannot be asked to forget it either.
	const takeOut = async (key: string) => {
		try {
			await keychain.delete(key);
		} catch (error) {
			if (!isAppError(error) || !faults.has(key)) {
				throw error;
			}
		}
	};

	const shown = <Entry extends Secret>(key: string, {isInKeychain: _, ...entry}: Entry): Omit<Entry, 'isInKeychain'> & TokenFault => {
		const [token, tokenFault] = [tokens.get(key), faults.get(key)];
		return {...entry, ...token !== undefined && {token}, ...tokenFault !== undefined && {tokenFault}};
	};

	return {
		account: () => current.account && shown('account', current.account),
		async setAccount(account) {
			if (account === undefined && current.account?.isInKeychain === true) {
				await takeOut('account');
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
				await takeOut(serverId);
			}

			await change(({account, servers}) => ({...account !== undefined && {account}, servers: servers.filter(({id}) => id !== serverId)}));
		},
	};
};

/**
Stands in for credentials that cannot be read where they are not needed. It is empty, and keeps nothing.
*/
export const unreadableCredentials = (error: AppError): Credentials => {
	const refuse = async () => {
		throw error;
	};

	return {
		account: () => undefined, servers: () => [], server: () => undefined, setAccount: refuse, put: refuse, delete: refuse,
	};
};

const takeFromKeychain = async (keychain: Keychain, key: string, {name, title, url}: {name?: string | undefined; title?: string; url?: string}): Promise<string | AppError> => {
	const fault = (reason: string) => new AppError('unauthorized', `${reason} It should have the token of ${clean(name ?? title ?? url ?? key)}.`, {
		hint: 'Sign in again with "reelcat login", or give the token with PLEX_TOKEN or --token-file. Over SSH, in a container and in cron there is often no keychain.',
	});
	try {
		return await keychain.get(key) ?? fault('The keychain of this system no longer has a token of reelcat.');
	} catch (error) {
		if (isAppError(error, 'not-writable')) {
			return fault(error.message);
		}

		throw error;
	}
};

const noServers: Stored = {servers: []};

const keyed = ({account, servers}: Stored): Array<[key: string, entry: Secret & {name?: string | undefined; title?: string; url?: string}]> => [
	...account === undefined ? [] : [['account', account] as [string, typeof account]],
	...servers.map((server): [string, typeof server] => [server.id, server]),
];
