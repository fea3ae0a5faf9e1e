import {randomUUID} from 'node:crypto';
import Conf from 'conf';
import {AppError, errorCode} from '../base/errors.js';
import {makeOwnFolderSync} from '../base/own-folder.js';

/**
Preferences only: nothing here is secret, and losing it does no harm.
*/
export type Settings = {
	/**
	Made once for each installation; Plex shows it in the list of authorised devices.
	*/
	clientIdentifier: () => string;
	/**
	The server that is meant if none is named.
	*/
	server: () => StoredServer | undefined;
	setServer: (server: StoredServer) => void;
	forgetServer: () => void;
	/**
	Ids of the libraries that were ticked; `undefined` before the first choice.
	*/
	chosenLibraries: (serverId: string) => string[] | undefined;
	setChosenLibraries: (serverId: string, libraryIds: readonly string[]) => void;
	/**
	Days between two full syncs; `undefined` for the default.
	*/
	fullSyncDays: () => number | undefined;
	setFullSyncDays: (days: number) => void;
	/**
	The settings of the daemon, unchecked, read from the file each time; `readWatchSettings` checks them.
	*/
	watch: () => unknown;
};

type StoredServer = Record<'id' | 'name' | 'url', string>;

type StoredSettings = {
	clientIdentifier?: string;
	server?: StoredServer;
	fullSyncDays?: number;
	watch?: unknown;
	chosenLibraries?: Array<{serverId: string; libraryIds: string[]}>;
};

/**
@throws {AppError} `not-writable` if the folder cannot be used, `damaged` if the file is not JSON.
*/
export const openSettings = (folder: string): Settings => {
	const conf = guarded(folder, () => {
		// Conf would make the folder with the mode that the umask leaves.
		makeOwnFolderSync(folder);
		return new Conf<StoredSettings>({
			cwd: folder,
			configName: 'settings',
			configFileMode: 0o600,
			// Report a damaged file instead of emptying it.
			clearInvalidConfig: false,
			accessPropertiesByDotNotation: false,
		});
	});

	const set = (change: Partial<StoredSettings>) => {
		guarded(folder, () => {
			conf.set(change);
		});
	};

	return {
		clientIdentifier() {
			const known = conf.get('clientIdentifier');
			if (known !== undefined) {
				return known;
			}

			const fresh = randomUUID();
			set({clientIdentifier: fresh});
			return fresh;
		},
		server: () => conf.get('server'),
		setServer(server) {
			set({server});
		},
		forgetServer() {
			guarded(folder, () => {
				conf.delete('server');
			});
		},
		chosenLibraries: serverId => conf.get('chosenLibraries')?.find(choice => choice.serverId === serverId)?.libraryIds,
		setChosenLibraries(serverId, libraryIds) {
			const others = (conf.get('chosenLibraries') ?? []).filter(choice => choice.serverId !== serverId);
			set({chosenLibraries: [...others, {serverId, libraryIds: [...libraryIds]}]});
		},
		fullSyncDays() {
			const days: unknown = conf.get('fullSyncDays');
			// Someone may have edited the file by hand.
			return typeof days === 'number' && days > 0 ? days : undefined;
		},
		setFullSyncDays(days) {
			set({fullSyncDays: days});
		},
		watch: () => guarded(folder, () => conf.get('watch')),
	};
};

const guarded = <Value>(folder: string, action: () => Value): Value => {
	try {
		return action();
	} catch (error) {
		if (error instanceof SyntaxError) {
			throw new AppError('damaged', `The settings in ${folder} cannot be read.`, {
				hint: 'Correct or remove settings.json there. It holds preferences only, no catalogue and no token.',
				cause: error,
			});
		}

		const code = errorCode(error);
		throw new AppError(code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'not-writable', `The settings folder ${folder} cannot be written${code === undefined ? '' : ` (${code})`}.`, {
			hint: 'Make it writable, or set REELCAT_CONFIG_DIR to a folder that is.',
			cause: error,
		});
	}
};
