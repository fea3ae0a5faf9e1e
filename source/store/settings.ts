import {randomUUID} from 'node:crypto';
import Conf from 'conf';
import {AppError, errorCode} from '../base/errors.js';

/**
Preferences only: nothing in here is secret, and nothing is lost when it is.
*/
export type Settings = {
	/**
	Made once per installation; Plex shows it among the authorised devices.
	*/
	clientIdentifier: () => string;
	server: () => StoredServer | undefined;
	setServer: (server: StoredServer) => void;
	/**
	None is the one that is meant without a name.
	*/
	forgetServer: () => void;
	/**
	Library ids that were ticked, per server; `undefined` before the first choice.
	*/
	chosenLibraries: (serverId: string) => string[] | undefined;
	setChosenLibraries: (serverId: string, libraryIds: readonly string[]) => void;
	/**
	`undefined` where the usual pace is good enough.
	*/
	fullSyncDays: () => number | undefined;
	setFullSyncDays: (days: number) => void;
	/**
	What is said of the daemon, as it stands in the file, which is read anew each time; `readWatchSettings` checks it.
	*/
	watch: () => unknown;
};

type StoredServer = {
	id: string;
	name: string;
	url: string;
};

type StoredSettings = {
	clientIdentifier?: string;
	server?: StoredServer;
	fullSyncDays?: number;
	watch?: unknown;
	chosenLibraries?: Array<{serverId: string; libraryIds: string[]}>;
};

/**
@throws AppError 'not-writable' when the folder cannot be used, 'damaged' when the file does not parse.
*/
export const openSettings = (folder: string): Settings => {
	const conf = guarded(folder, () => new Conf<StoredSettings>({
		cwd: folder,
		configName: 'settings',
		configFileMode: 0o600,
		// A choice is worth a question before it is dropped: a damaged file is reported, not emptied.
		clearInvalidConfig: false,
		accessPropertiesByDotNotation: false,
	}));

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
			// The file may be edited by hand.
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
