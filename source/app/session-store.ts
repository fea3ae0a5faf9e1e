import path from 'node:path';
import type {OpenCatalogOptions, OpenedCatalog} from '../store/catalog-context.js';
import type {Folders} from '../store/folders.js';
import type {CatalogPlace} from '../store/copy/copy-ends.js';
import {openCatalog} from '../store/open-catalog.js';
import {databaseFolder, readStoreAddress, type StoreAddress} from '../store/postgres/address.js';
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
	The database that has the catalogue; undefined where it is a document in the data folder, as that of the demo always is.

	@throws AppError 'usage'
	*/
	storeAddress: () => StoreAddress | undefined;
	/**
	Where the catalogue of an address lies, or without one the document: what this machine keeps for it, and how to log in.
	*/
	storePlace: (address: StoreAddress | undefined) => CatalogPlace;
	openStore: (options?: Pick<OpenCatalogOptions, 'seed' | 'access' | 'writesFor' | 'onDamaged' | 'restoreFrom' | 'startsAnew'>) => Promise<OpenedCatalog>;
};

type SessionStoreOptions = {
	env: NodeJS.ProcessEnv;
	/**
	The address on the command line.
	*/
	store?: string;
	isDemo: () => boolean;
	/**
	The folders of the user, or of the demo, whatever the store is.
	*/
	ownFolders: () => Folders;
	keepSecret: (secret: string | undefined) => void;
};

export const createSessionStore = ({
	env, store, isDemo, ownFolders, keepSecret,
}: SessionStoreOptions): SessionStore => {
	// An open catalogue must not move when somebody edits the setting.
	let known: {address: StoreAddress | undefined} | undefined;
	const readAddress = () => {
		const text = nonEmpty(store) ?? nonEmpty(env['REELCAT_STORE']) ?? nonEmpty(readStoreSetting(ownFolders().config));
		return text === undefined ? undefined : readStoreAddress(text);
	};

	const storeAddress = () => {
		if (isDemo()) {
			return undefined;
		}

		known ??= {address: readAddress()};
		return known.address;
	};

	const passwordFor = (address: StoreAddress) => async () => {
		const {storePassword} = await import('../store/postgres/password.js');
		const secret = await storePassword(env, address);
		keepSecret(secret);
		return secret;
	};

	const storePlace: SessionStore['storePlace'] = address => {
		const {data} = ownFolders();
		return address === undefined
			? {folder: data, login: undefined}
			: {folder: path.join(data, 'databases', databaseFolder(address)), login: {address, password: passwordFor(address)}};
	};

	return {
		ownFolders,
		folders: () => ({...ownFolders(), data: storePlace(storeAddress()).folder}),
		storeAddress,
		storePlace,
		async openStore(options = {}) {
			const {folder, login} = storePlace(storeAddress());
			if (login === undefined) {
				return openCatalog({folder, ...options});
			}

			const {openPostgresCatalog} = await import('../store/postgres/postgres-catalog.js');
			return openPostgresCatalog({folder, login, ...options});
		},
	};
};

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
