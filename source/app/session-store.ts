import {existsSync} from 'node:fs';
import path from 'node:path';
import type {OpenCatalogOptions, OpenedCatalog} from '../store/catalog-context.js';
import type {Folders} from '../store/folders.js';
import {openCatalog} from '../store/open-catalog.js';
import {databaseFolder, readStoreAddress, type StoreAddress} from '../store/postgres/address.js';
import type {Settings} from '../store/settings.js';

/**
Where the catalogue of a session lies, and how it is opened.
*/
export type SessionStore = {
	/**
	The folders of this catalogue. What belongs to one catalogue, such as its backups and its daemon, is kept apart from what belongs to another.
	*/
	folders: () => Folders;
	/**
	The database that has the catalogue; undefined where it is a document in the data folder, as that of the demo always is.

	@throws AppError 'usage'
	*/
	storeAddress: () => StoreAddress | undefined;
	openStore: (options?: Pick<OpenCatalogOptions, 'seed' | 'access' | 'onDamaged' | 'restoreFrom' | 'startsAnew'>) => Promise<OpenedCatalog>;
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
	settings: () => Settings;
	keepSecret: (secret: string | undefined) => void;
};

export const createSessionStore = ({
	env, store, isDemo, ownFolders, settings, keepSecret,
}: SessionStoreOptions): SessionStore => {
	// Without a file there is no setting, and whoever only reads makes none.
	const setting = () => existsSync(path.join(ownFolders().config, 'settings.json')) ? settings().store() : undefined;

	const storeAddress = () => {
		const text = isDemo() ? undefined : nonEmpty(store) ?? nonEmpty(env['REELCAT_STORE']) ?? nonEmpty(setting());
		return text === undefined ? undefined : readStoreAddress(text);
	};

	const folders = () => {
		const own = ownFolders();
		const address = storeAddress();
		return address === undefined ? own : {...own, data: path.join(own.data, 'databases', databaseFolder(address))};
	};

	return {
		folders,
		storeAddress,
		async openStore(options = {}) {
			const address = storeAddress();
			const folder = folders().data;
			if (address === undefined) {
				return openCatalog({folder, ...options});
			}

			const [{openPostgresCatalog}, {givenStorePassword}] = await Promise.all([import('../store/postgres/postgres-catalog.js'), import('../store/postgres/password.js')]);
			const password = async () => {
				const secret = await givenStorePassword(env);
				keepSecret(secret);
				return secret;
			};

			return openPostgresCatalog({folder, login: {address, password}, ...options});
		},
	};
};

const nonEmpty = (value: string | undefined) => value === undefined || value.trim() === '' ? undefined : value.trim();
