import path from 'node:path';
import {AppError, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {Keychain} from '../servers/keychain.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../store/catalog-context.js';
import type {Folders} from '../store/folders.js';
import type {CatalogPlace} from '../store/copy/copy-ends.js';
import {openCatalog} from '../store/open-catalog.js';
import {databaseFolder, readStoreAddress, type StoreAddress} from '../store/postgres/address.js';
import type {PostgresOptions} from '../store/postgres/postgres-catalog.js';
import {readStoreSetting} from '../store/settings.js';

/**
Where the catalogue of a session lies, and how it is opened.
*/
export type SessionStore = {
	/**
	The folders of this catalogue. What belongs to one catalogue, such as its backups and its daemon, is kept apart from what belongs to another.
	*/
	folders: () => Folders;
	/**
	The folders of the user, or of the demo, whatever the store is. That of a catalogue in a database lies below its data folder.
	*/
	ownFolders: () => Folders;
	/**
	The database that has the catalogue; undefined where it is a document in the data folder.

	@throws AppError 'usage'
	*/
	storeAddress: () => StoreAddress | undefined;
	/**
	Where the catalogue of an address lies, or without one the document: what this machine keeps for it, and how to log in.
	*/
	storePlace: (address: StoreAddress | undefined) => CatalogPlace;
	/**
	The password of a database in the keychain of the system. `keep` tries it first.

	@throws AppError `not-writable` if the keychain does not answer, and of the login
	*/
	storeSecret: (address: StoreAddress) => Promise<{prove: () => Promise<void>; keep: (password: string) => Promise<void>; forget: () => Promise<void>}>;
	openStore: (options?: Pick<OpenCatalogOptions, 'seed' | 'access' | 'isForHeader' | 'writesFor' | 'onDamaged' | 'restoreFrom' | 'startsAnew'> & Pick<PostgresOptions, 'readsIfRefused'>) => Promise<OpenedCatalog>;
};

type SessionStoreOptions = {
	env: NodeJS.ProcessEnv;
	/**
	The address on the command line.
	*/
	store?: string;
	/**
	The same if the session began with the demo, which does not use what the variable or the setting names: that is the real catalogue.
	*/
	demoStore?: string | undefined;
	isDemo: () => boolean;
	/**
	The folders of the user, or of the demo, whatever the store is.
	*/
	ownFolders: () => Folders;
	keepSecret: (secret: string | undefined) => void;
	/**
	Ends any question to a database while a catalogue is opened, and those of a reader at any time.
	*/
	stop?: AbortSignal;
	keychain: () => Promise<Keychain>;
};

export const createSessionStore = ({
	env, store, isDemo, demoStore, ownFolders, keepSecret, stop, keychain,
}: SessionStoreOptions): SessionStore => {
	// An open catalogue must not move when somebody edits the setting.
	let known: {address: StoreAddress | undefined; isOfDemo: boolean} | undefined;
	const readAddress = () => {
		const text = isDemo() ? nonEmpty(demoStore) : nonEmpty(store) ?? nonEmpty(env['REELCAT_STORE']) ?? nonEmpty(readStoreSetting(ownFolders().config));
		return text === undefined ? undefined : readStoreAddress(text);
	};

	const storeAddress = () => {
		if (known?.isOfDemo !== isDemo()) {
			known = {address: readAddress(), isOfDemo: isDemo()};
		}

		return known.address;
	};

	const fromKeychain = async (address: StoreAddress): Promise<string | undefined> => {
		try {
			const {get} = await keychain();
			return await get(keychainName(address));
		} catch (error) {
			// Most machines without a screen have no keychain; the database then says that it wants a password.
			if (!isAppError(error, 'not-writable')) {
				throw error;
			}

			return undefined;
		}
	};

	const passwordFor = (address: StoreAddress) => async () => {
		const {storePassword} = await import('../store/postgres/password.js');
		const secret = await storePassword(env, address) ?? await fromKeychain(address);
		keepSecret(secret);
		return secret;
	};

	const storePlace: SessionStore['storePlace'] = address => {
		const {data} = ownFolders();
		return address === undefined
			? {folder: data, login: undefined}
			: {folder: path.join(data, 'databases', databaseFolder(address)), login: {address, password: passwordFor(address), stop}};
	};

	return {
		ownFolders,
		folders: () => ({...ownFolders(), data: storePlace(storeAddress()).folder}),
		storeAddress,
		storePlace,
		async storeSecret(address) {
			const name = keychainName(address);
			const {prove, set, delete: forget} = await keychain();
			return {
				prove,
				async keep(password) {
					keepSecret(password);
					const {requireLogin} = await import('../store/postgres/connections.js');
					await requireLogin({address, password: async () => password, stop});
					await set(name, password);
				},
				forget: async () => forget(name),
			};
		},
		async openStore(options = {}) {
			const {folder, login} = storePlace(storeAddress());
			if (login === undefined) {
				return openCatalog({folder, ...options});
			}

			const {openPostgresCatalog} = await import('../store/postgres/postgres-catalog.js');
			return openPostgresCatalog({
				folder, login, ...isDemo() && {judgeServers: await demoJudge(login.address)}, ...options,
			});
		},
	};
};

// The demo never mixes with a real catalogue.
const demoJudge = async ({text}: StoreAddress): Promise<PostgresOptions['judgeServers']> => {
	const {demoMachineIdentifier} = await import('../demo/server.js');
	return servers => {
		const stranger = servers.find(({id}) => id !== demoMachineIdentifier());
		if (stranger !== undefined) {
			throw new AppError('usage', `The catalogue in the database ${text} has the server "${clean(stranger.name)}", and the demo needs one of its own.`, {
				hint: 'Name another schema: add ?schema=demo to the address, or &schema=demo if it has a question mark.',
			});
		}
	};
};

const keychainName = ({user, host, port, database}: StoreAddress) => `store ${user}@${host}:${port}/${database}`;

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
